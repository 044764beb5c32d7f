"""Outcomes of the checks: what is caught, what is let through, what is said about it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefing import FindingKind
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import CHECKS, MIN_SUPPORTED, find_issues, judge_claim
from summarizer.text.sentences import split_sentences

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
DAY = date(2025, 11, 25)


def found(claim: str, *passages: str, kind: FindingKind) -> list[str]:
    """The words that one check flags."""
    cited = [Passage(text, published=DAY) for text in passages]
    return [p.words for p in find_issues(Claim(claim, published=DAY), cited, only={kind})]


CAUGHT: list[tuple[FindingKind, str, str, str]] = [
    ("number", "The storm killed 90 people.", "The storm killed 9,000 people.", "90"),
    ("number", "The storm killed 24 people.", "The storm hit Cebu, France 24 reported.", "24"),
    ("number", "Sales rose 5 percentage points.", "Sales rose 5%.", "5 percentage points"),
    ("number", "It costs €2,500.", "It costs $2,500.", "€2,500"),
    ("number", "Ten years of talks followed.", "A year of talks followed.", "Ten years"),
    ("number", "It will cost $80 million.", "It will cost $90 to $100 million.", "$80 million"),
    ("date", "They spoke on Nov 14.", "They spoke on Nov 24.", "Nov 14"),
    ("date", "They spoke on Tuesday.", "They spoke on Nov 24.", "Tuesday"),
    ("name", "The strike hit Iran.", "Iran International reported a strike.", "Iran"),
    (
        "name",
        "Chancellor Olaf Scholz resigned.",
        "Chancellor Friedrich Merz resigned.",
        "Olaf Scholz",
    ),
    (
        "quote",
        "He called it “a historic deal”.",
        "He called it a truly great deal.",
        "a historic deal",
    ),
    ("negation", "Exports rose in October.", "Exports fell in October.", "rose"),
    ("negation", "The method was efficient.", "The method was inefficient.", "efficient"),
    ("negation", "The deal came before the summit.", "The deal came after the summit.", "before"),
    ("negation", "More than 50 soldiers died.", "Less than 50 soldiers died.", "more"),
    ("negation", "The rate went from 5% to 7%.", "The rate went from 7% to 5%.", "from 5 to 7"),
    (
        "negation",
        "The minister will resign.",
        "The minister will not resign.",
        "the minister will resign",
    ),
    (
        "negation",
        "On Friday Japan accused China of lying.",
        "On Friday China accused Japan of lying.",
        "japan accused china",
    ),
    (
        "negation",
        "The guards accused the owner of theft.",
        "On Friday the owner accused the guards of theft.",
        "guard accus owner",
    ),
    (
        "negation",
        "Finance Minister Ola Dahl presented the plan.",
        "Finance Minister Eva Berg presented the plan. Her predecessor, Ola Dahl, had left.",
        "finance minister Ola Dahl",
    ),
    ("negation", "Prices have risen since May.", "Since May, prices for bread fell.", "risen"),
    (
        "negation",
        "In Lund, Sweden, Bergen has built up a reputation.",
        "In Bergen, Sweden, Lund has built up a reputation.",
        "Lund",
    ),
    (
        "negation",
        "Brussels did rule out talks.",
        "Brussels did not rule out talks.",
        "brussels did rule",
    ),
    ("support", "Two firefighters were killed.", "Two firefighters were treated.", "killed"),
    ("support", "The blast was harmless.", "The blast destroyed two houses.", "harmless"),
    ("number", "It has 14 stores, 7 more.", "It grew from 9 to 14 stores.", "7"),
    ("number", "He got a third of the 40 votes.", "He got 20 of the 40 votes.", "a third"),
    ("number", "Nine in ten are old.", "Eight in ten are old.", "Nine in ten"),
    ("date", "It closed in 2020.", "It opened in 2018 and closed a year later.", "2020"),
    ("name", "Iran said so.", "Iran\nInternational said so.", "Iran"),
    ("number", "Murieron trece personas.", "Murieron tres personas.", "trece"),
    ("number", "三十艘船沉没。", "三艘船沉没。", "三十"),
    ("artefact", "The talks <script>x()</script> resume.", "The talks resume.", "<script>"),
    ("speaker", "“It is late,” Bessent said.", "“It is late,” Lutnick said.", "Bessent"),
    (
        "speaker",
        "Talks had stalled, according to Reuters.",
        "Talks had stalled, according to Bloomberg.",
        "Reuters",
    ),
    ("artefact", "Let me check the sources again.", "Exports rose.", "Let me check"),
    ("artefact", "Wait, the source says otherwise.", "Exports rose.", "Wait, the source"),
    ("artefact", "As an AI language model, I hold no view.", "None.", "As an AI language model"),
    ("artefact", "<think>Exports</think> rose.", "Exports rose.", "<think>"),
    ("artefact", "Exports rose [S1, S2].", "Exports rose.", "[S1, S2]"),
    ("artefact", "Exports **rose**.", "Exports rose.", "**"),
    ("artefact", "Exports rose, see https://example.org/a.", "Exports rose.", "https:/"),
    ("artefact", '{"text": "Exports rose."}', "Exports rose.", '{"text":'),
]


@pytest.mark.parametrize(("kind", "claim", "passage", "words"), CAUGHT)
def test_flags_the_words_that_the_passage_does_not_carry(
    kind: FindingKind, claim: str, passage: str, words: str
) -> None:
    assert found(claim, passage, kind=kind) == [words]


LET_THROUGH: list[tuple[FindingKind, str, str]] = [
    ("number", "One hundred percent agreed.", "100% agreed."),
    ("number", "About 5,000 came.", "Some 4,987 came."),
    ("number", "Ten years of talks followed.", "A decade of talks followed."),
    ("number", "Twelve months later it failed.", "A year later it failed."),
    ("number", "The plan was one vote short.", "The plan failed by a single vote."),
    ("number", "The two leaders agreed.", "Xi and Trump agreed."),
    ("number", "Between $90 million and $95 million.", "From $90 million to $95 million."),
    ("date", "Sales rose on the previous year.", "Sales rose on last year."),
    ("date", "A booster came one year later.", "A booster came after a year."),
    ("date", "They spoke in November.", "They spoke on Nov 14."),
    ("date", "They spoke on Monday.", "They spoke on November 24."),
    ("name", "The Commerce Department agreed.", "The department of commerce agreed."),
    ("name", "Chinese exports rose.", "Exports from China rose."),
    ("name", "Children in Africa die of it.", "Many African children die of it."),
    ("quote", "The workers' leaders met the bosses' side.", "The two sides met."),
    ("quote", "He said the deal is 'done'.", "“The deal is done,” he said."),
    ("negation", "Profits did not fall.", "Profits rose."),
    ("negation", "The minister denied the charge.", "The minister did not accept the charge."),
    ("negation", "The rate went from 5% to 7%.", "The rate went to 7% from 5%."),
    ("negation", "China was accused by Japan.", "Japan accused China."),
    ("negation", "At most 90 people may attend.", "No more than 90 people may attend."),
    (
        "negation",
        "Whether she will be offered another term is open.",
        "The party has not said whether she will be offered another term.",
    ),
    (
        "negation",
        "Economists at the bank had not expected a cut before May.",
        "Economists at the bank had expected the board to wait until May.",
    ),
    ("negation", "China met with Japan.", "Japan met with China."),
    ("negation", "The owner was accused by the guards.", "The guards accused the owner."),
    ("negation", "No offer had been as good.", "It was the best offer the firm had made."),
    ("negation", "No fewer than 40 talks over old maps failed.", "Over 40 talks on maps failed."),
    ("negation", "They do not expect a deal before May.", "They expect a deal in May."),
    ("negation", "She did not say what a new hall costs.", "She left open what a new hall costs."),
    ("negation", "What is left of the hall will be sold.", "What remains of the hall is sold."),
    ("name", "Traffic was stopped.", "Cars had to wait."),
    ("name", "Nobody was hurt.", "There were no injuries."),
    ("name", "Un barco se hundió.", "El barco se hundió."),
    ("number", "The tax was cut by half.", "The tax was halved."),
    ("number", "A custom of 150 years ended.", "It ended a custom of a century and a half."),
    ("number", "The share fell by 14 percentage points.", "It fell from 95% to 81%."),
    ("number", "The two sides parted on Friday.", "Talks broke off on Friday."),
    ("date", "Teams will start on Monday.", "From Monday, teams travel."),
    (
        "speaker",
        "Eva Berg, who represents Dahl, said he was glad.",
        "Dahl's lawyer, Eva Berg, said that he was glad.",
    ),
    ("speaker", "“It is late,” Lutnick said.", "“It is late,” Howard Lutnick said. Bessent left."),
    (
        "speaker",
        "Ukraine said it shot down drones.",
        "Ukrainian forces shot down drones, Kyiv said.",
    ),
    ("artefact", "“Let me be clear,” the minister said.", "Nothing."),
    ("artefact", "He [the minister] left at 5 (local time).", "Nothing."),
    ("number", "Nine in ten are old.", "90 percent are old."),
    ("number", "It cuts a fifth of each crew.", "It cuts one sailor in five from each crew."),
    ("number", "Half of the 40 voted for it.", "Of the 40 members 20 voted for it."),
    ("number", "Profit fell by a third.", "Profit fell to 12 million euros from 18 million."),
    ("number", "There are 14 packs, five more than before.", "The packs grew from 9 to 14."),
    (
        "number",
        "About 1,700 people, 400 of them guests.",
        "It cut off 1,300 people and 400 guests.",
    ),
    (
        "number",
        "It was planned at $80m.",
        "It cost 90 million dollars, 10 million more than planned.",
    ),
    ("number", "The seat costs more than twice as much.", "The price rose from 90 to 210 dollars."),
    ("number", "Removal costs half as much.", "Repair costs twice as much."),
    ("number", "He got four and a half years.", "He got four years and six months."),
    ("number", "The state pays $1.2bn.", "The state pays 300 million dollars of the 1.2 billion."),
    ("number", "It stood idle for nine years.", "It has stood idle since 2016."),
    ("number", "It rained for 48 hours.", "It rained for two days."),
    ("number", "Three years ago it paid a fine.", "It paid a fine in 2022."),
    ("date", "It closed in 2019.", "It opened in 2018 and closed a year later."),
    ("date", "Two years earlier it had closed.", "It closed in 2023."),
    ("negation", "Brussels left talks open.", "Brussels did not rule out talks."),
    ("negation", "The ministry promised nothing.", "The ministry made no promise."),
    ("negation", "He had to give up at the wall.", "He dropped out at the wall."),
    ("negation", "A path that men guard is not given up.", "Nobody abandons a path men guard."),
    ("name", "Support for the Greens fell.", "The Greens are weaker than before."),
    ("name", "Ex-banker Ada Holm left.", "Ada Holm, once a banker, left."),
    ("support", "Two men were killed.", "The fire claimed the lives of two men."),
]


@pytest.mark.parametrize(("kind", "claim", "passage"), LET_THROUGH)
def test_passes_what_says_the_same_in_other_words(
    kind: FindingKind, claim: str, passage: str
) -> None:
    assert found(claim, passage, kind=kind) == []


def test_tells_the_nearest_thing_in_the_passage() -> None:
    (problem,) = find_issues(Claim("The storm killed 90."), [Passage("The storm killed 9,000.")])
    assert problem.detail == "90 not in the cited passages; there: 9,000"


def test_tells_a_rival_that_the_claim_does_not_name_itself() -> None:
    claim = Claim("On Friday, Angela Merkel met Emmanuel Macron in Sochi.")
    cited = [Passage("On Friday, Angela Merkel met Vladimir Putin in Sochi.")]
    (problem,) = find_issues(claim, cited, only={"name"})
    assert problem.detail == "Emmanuel Macron not in the cited passages; there: Vladimir Putin"


def test_leaves_little_support_where_a_check_found_a_problem() -> None:
    told = "At least 40 people died on {} when a bus plunged into a ravine in Peru."
    judgement = judge_claim(Claim(told.format("Friday")), [Passage(told.format("Tuesday"))])
    assert judgement.support < MIN_SUPPORTED


def test_carries_a_claim_by_all_citations_together() -> None:
    halves = ("Exports rose 5%.", "Imports fell 3%.")
    claim = "Exports rose 5% and imports fell 3%."
    assert found(claim, *halves, kind="number") == []
    assert found(claim, halves[0], kind="number") == ["3%"]


def test_runs_only_the_checks_asked_for() -> None:
    claim, cited = Claim("Japan sold 90 [S1]."), [Passage("China bought 70.")]
    assert {problem.kind for problem in find_issues(claim, cited)} >= {"name", "number", "artefact"}
    assert {problem.kind for problem in find_issues(claim, cited, only={"number"})} == {"number"}
    assert find_issues(claim, cited, only=()) == ()


def test_reads_a_surname_by_the_aliases_given() -> None:
    claim, cited = Claim("On Monday, Scott Bessent left."), [Passage("On Monday, Bessent left.")]
    assert [problem.kind for problem in find_issues(claim, cited)] == ["name"]
    assert find_issues(claim, cited, aliases={"bessent": "scott bessent"}) == ()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_supports_every_sentence_by_its_own_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spans = split_sentences(text)
    for at, (start, end) in enumerate(spans):
        chunk = text[spans[max(0, at - 2)].start : spans[min(len(spans), at + 3) - 1].end]
        for evidence in (text[start:end], chunk):
            judgement = judge_claim(
                Claim(text[start:end], published=DAY), [Passage(evidence, published=DAY)]
            )
            assert (judgement.verdict, judgement.issues) == ("supported", ()), text[start:end]


def test_says_contradicted_where_the_passage_says_another_thing_in_that_place() -> None:
    passage = Passage("Exports rose 5% in October.")
    assert judge_claim(Claim("Exports rose 8% in October."), [passage]).verdict == "contradicted"
    assert judge_claim(Claim("Exports fell 5% in October."), [passage]).verdict == "contradicted"
    assert judge_claim(Claim("Exports rose 5% in November."), [passage]).support < MIN_SUPPORTED
    assert judge_claim(Claim("A dog bit 8 postmen in Leeds."), [passage]).verdict == "unsupported"


def test_is_at_most_partly_sure_across_languages() -> None:
    ukrainian = Passage("Експорт зріс на 5% у жовтні.", language="uk")
    assert judge_claim(Claim("Exports rose 5% in October."), [ukrainian]).verdict == "unverified"
    wrong = judge_claim(Claim("Exports rose 8% in October."), [ukrainian])
    assert [problem.words for problem in wrong.issues] == ["8%"]
    assert wrong.verdict == "unsupported"


def test_supports_nothing_without_a_citation() -> None:
    assert judge_claim(Claim("Exports rose."), []).verdict == "unsupported"


@given(st.text(), st.lists(st.text(), max_size=3), st.sampled_from(["en", "uk", "zh", "und"]))
def test_never_fails_whatever_the_text(claim: str, passages: list[str], language: str) -> None:
    judgement = judge_claim(Claim(claim, language), [Passage(text) for text in passages])
    assert 0 <= judgement.support <= 1


@given(st.sampled_from(["Exports fell 5%. ", "“It’s done,” Xi said. ", "not ", "[S1", "(", "“"]))
def test_takes_time_in_proportion_to_the_text(piece: str) -> None:
    hostile = piece * (20_000 // len(piece))
    assert judge_claim(Claim(hostile), [Passage("Exports fell 5%.")]).support <= 1


def test_has_a_check_for_each_kind_of_problem_with_words() -> None:
    words = {"number", "date", "name", "quote", "negation", "speaker", "support", "artefact"}
    assert set(CHECKS) == words
