"""Verdicts of the rules: what they support, what they object to, and what they leave open."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefing import FindingKind
from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import MIN_LIKELY_SUPPORT, Claim, Judgement, Passage
from summarizer.checking.verdict import CHECKS, find_issues, judge_claim
from summarizer.text.framing import find_frames
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span
from tests.checking.held import FIRE, hold

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
DAY = date(2025, 11, 25)


def judged(claim: str, *passages: str) -> Judgement:
    return judge_claim(
        Claim(claim, published=DAY), [Passage(text, published=DAY) for text in passages]
    )


OBJECTED: list[tuple[FindingKind, str, str, str]] = [
    ("number", "The storm killed 90 people.", "The storm killed 9,000 people.", "90"),
    ("number", "The storm killed 24 people.", "The storm hit Cebu, France 24 reported.", "24"),
    ("number", "Sales rose 5 percentage points.", "Sales rose 5%.", "5 percentage points"),
    ("number", "It costs €2,500.", "It costs $2,500.", "€2,500"),
    ("number", "Ten years of talks followed.", "A year of talks followed.", "Ten years"),
    ("number", "It will cost $80 million.", "It will cost $90 to $100 million.", "$80 million"),
    ("date", "They spoke on Nov 14.", "They spoke on Nov 24.", "Nov 14"),
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
    ("negation", "The deal came before the summit.", "The deal came after the summit.", "before"),
    ("negation", "More than 50 soldiers died.", "Less than 50 soldiers died.", "More"),
    ("negation", "The minister will resign.", "The minister will not resign.", "not"),
    ("negation", "Brussels did rule out talks.", "Brussels did not rule out talks.", "not"),
    ("number", "It has 14 stores, 7 more.", "It grew from 9 to 14 stores.", "7"),
    ("number", "He got a third of the 40 votes.", "He got 20 of the 40 votes.", "a third"),
    ("name", "Iran said so.", "Iran\nInternational said so.", "Iran"),
    ("number", "三十艘船沉没。", "三艘船沉没。", "三十"),
    ("artefact", "The talks <script>x()</script> resume.", "The talks resume.", "<script>"),
    ("artefact", "Let me check the sources again.", "Exports rose.", "Let me check"),
    ("artefact", "Wait, the source says otherwise.", "Exports rose.", "Wait, the source"),
    ("artefact", "As an AI language model, I hold no view.", "None.", "As an AI language model"),
    ("artefact", "<think>Exports</think> rose.", "Exports rose.", "<think>"),
    ("artefact", "Exports rose [S1, S2].", "Exports rose.", "[S1, S2]"),
    ("artefact", "Exports **rose**.", "Exports rose.", "**"),
    ("artefact", "Exports rose, see https://example.org/a.", "Exports rose.", "https:/"),
    ("artefact", '{"text": "Exports rose."}', "Exports rose.", '{"text":'),
]


@pytest.mark.parametrize(("kind", "claim", "passage", "words"), OBJECTED)
def test_objects_to_the_words_that_the_passage_does_not_carry(
    kind: FindingKind, claim: str, passage: str, words: str
) -> None:
    judgement = judged(claim, passage)
    assert words in [issue.words for issue in judgement.issues if issue.kind == kind]
    assert judgement.verdict in ("unsupported", "contradicted")


UNSUPPORTED_BUT_HARD_TO_SEE: list[tuple[str, str]] = [
    ("They spoke on Tuesday.", "They spoke on Nov 24."),
    ("The method was efficient.", "The method was inefficient."),
    ("The rate went from 5% to 7%.", "The rate went from 7% to 5%."),
    ("On Friday Japan accused China of lying.", "On Friday China accused Japan of lying."),
    ("The guards accused the owner of theft.", "On Friday the owner accused the guards of theft."),
    (
        "Finance Minister Ola Dahl presented the plan.",
        "Finance Minister Eva Berg presented the plan. Her predecessor, Ola Dahl, had left.",
    ),
    ("Prices have risen since May.", "Since May, prices for bread fell."),
    (
        "In Lund, Sweden, Bergen has built up a reputation.",
        "In Bergen, Sweden, Lund has built up a reputation.",
    ),
    ("Two firefighters were killed.", "Two firefighters were treated."),
    ("The blast was harmless.", "The blast destroyed two houses."),
    ("Nine in ten are old.", "Eight in ten are old."),
    ("It closed in 2020.", "It opened in 2018 and closed a year later."),
    ("“It is late,” Bessent said.", "“It is late,” Lutnick said."),
    ("Talks had stalled, according to Reuters.", "Talks had stalled, according to Bloomberg."),
]


@pytest.mark.parametrize(("claim", "passage"), UNSUPPORTED_BUT_HARD_TO_SEE)
def test_does_not_support_what_only_a_reader_can_refute(claim: str, passage: str) -> None:
    assert judged(claim, passage).verdict != "supported"


OTHER_WORDS: list[tuple[str, str]] = [
    ("One hundred percent agreed.", "100% agreed."),
    ("About 5,000 came.", "Some 4,987 came."),
    ("Ten years of talks followed.", "A decade of talks followed."),
    ("Twelve months later it failed.", "A year later it failed."),
    ("The plan was one vote short.", "The plan failed by a single vote."),
    ("The two leaders agreed.", "Xi and Trump agreed."),
    ("Between $90 million and $95 million.", "From $90 million to $95 million."),
    ("Sales rose on the previous year.", "Sales rose on last year."),
    ("A booster came one year later.", "A booster came after a year."),
    ("They spoke in November.", "They spoke on Nov 14."),
    ("They spoke on Monday.", "They spoke on November 24."),
    ("The Commerce Department agreed.", "The department of commerce agreed."),
    ("Chinese exports rose.", "Exports from China rose."),
    ("Children in Africa die of it.", "Many African children die of it."),
    ("The workers' leaders met the bosses' side.", "The two sides met."),
    ("He said the deal is 'done'.", "“The deal is done,” he said."),
    ("Profits did not fall.", "Profits rose."),
    ("The minister denied the charge.", "The minister did not accept the charge."),
    ("The rate went from 5% to 7%.", "The rate went to 7% from 5%."),
    ("China was accused by Japan.", "Japan accused China."),
    ("At most 90 people may attend.", "No more than 90 people may attend."),
    (
        "Whether she will be offered another term is open.",
        "The party has not said whether she will be offered another term.",
    ),
    (
        "Economists at the bank had not expected a cut before May.",
        "Economists at the bank had expected the board to wait until May.",
    ),
    ("China met with Japan.", "Japan met with China."),
    ("The owner was accused by the guards.", "The guards accused the owner."),
    ("No offer had been as good.", "It was the best offer the firm had made."),
    ("No fewer than 40 talks over old maps failed.", "Over 40 talks on maps failed."),
    ("They do not expect a deal before May.", "They expect a deal in May."),
    ("She did not say what a new hall costs.", "She left open what a new hall costs."),
    ("What is left of the hall will be sold.", "What remains of the hall is sold."),
    ("Traffic was stopped.", "Cars had to wait."),
    ("Nobody was hurt.", "There were no injuries."),
    ("Un barco se hundió.", "El barco se hundió."),
    ("The tax was cut by half.", "The tax was halved."),
    ("A custom of 150 years ended.", "It ended a custom of a century and a half."),
    ("The share fell by 14 percentage points.", "It fell from 95% to 81%."),
    ("The two sides parted on Friday.", "Talks broke off on Friday."),
    ("Teams will start on Monday.", "From Monday, teams travel."),
    (
        "Eva Berg, who represents Dahl, said he was glad.",
        "Dahl's lawyer, Eva Berg, said that he was glad.",
    ),
    ("“It is late,” Lutnick said.", "“It is late,” Howard Lutnick said. Bessent left."),
    ("Ukraine said it shot down drones.", "Ukrainian forces shot down drones, Kyiv said."),
    ("Nine in ten are old.", "90 percent are old."),
    ("It cuts a fifth of each crew.", "It cuts one sailor in five from each crew."),
    ("Half of the 40 voted for it.", "Of the 40 members 20 voted for it."),
    ("Profit fell by a third.", "Profit fell to 12 million euros from 18 million."),
    ("There are 14 packs, five more than before.", "The packs grew from 9 to 14."),
    ("About 1,700 people, 400 of them guests.", "It cut off 1,300 people and 400 guests."),
    ("It was planned at $80m.", "It cost 90 million dollars, 10 million more than planned."),
    ("The seat costs more than twice as much.", "The price rose from 90 to 210 dollars."),
    ("Removal costs half as much.", "Repair costs twice as much."),
    ("He got four and a half years.", "He got four years and six months."),
    ("The state pays $1.2bn.", "The state pays 300 million dollars of the 1.2 billion."),
    ("It stood idle for nine years.", "It has stood idle since 2016."),
    ("It rained for 48 hours.", "It rained for two days."),
    ("Three years ago it paid a fine.", "It paid a fine in 2022."),
    ("It closed in 2019.", "It opened in 2018 and closed a year later."),
    ("Two years earlier it had closed.", "It closed in 2023."),
    ("Brussels left talks open.", "Brussels did not rule out talks."),
    ("The ministry promised nothing.", "The ministry made no promise."),
    ("He had to give up at the wall.", "He dropped out at the wall."),
    ("A path that men guard is not given up.", "Nobody abandons a path men guard."),
    ("Support for the Greens fell.", "The Greens are weaker than before."),
    ("Ex-banker Ada Holm left.", "Ada Holm, once a banker, left."),
    ("Two men were killed.", "The fire claimed the lives of two men."),
]


@pytest.mark.parametrize(("claim", "passage"), OTHER_WORDS)
def test_does_not_object_to_the_same_in_other_words(claim: str, passage: str) -> None:
    assert judged(claim, passage).verdict in ("supported", "unverified")


def test_tells_the_nearest_thing_in_the_passage() -> None:
    (issue,) = find_issues(Claim("The storm killed 90."), [Passage("The storm killed 9,000.")])
    assert issue.detail == "90 not in the cited passages; there: 9,000"


def test_shows_what_is_there_instead_of_a_name() -> None:
    claim = Claim("On Friday, Angela Merkel met Emmanuel Macron in Sochi.")
    cited = [Passage("On Friday, Angela Merkel met Vladimir Putin in Sochi.")]
    (issue,) = find_issues(claim, cited, only=["names"])
    assert issue.detail == "Emmanuel Macron not in the cited passages; there: Vladimir Putin"
    assert judge_claim(claim, cited).verdict == "contradicted"


def test_leaves_little_support_where_a_check_found_a_problem() -> None:
    told = "At least 40 people died on {} when a bus plunged into a ravine in Peru."
    judgement = judge_claim(Claim(told.format("Friday")), [Passage(told.format("Tuesday"))])
    assert judgement.support < MIN_LIKELY_SUPPORT


def test_all_citations_together_carry_a_claim() -> None:
    halves = ("Exports rose 5%.", "Imports fell 3%.")
    claim = "Exports rose 5% and imports fell 3%."
    assert judged(claim, *halves).issues == ()
    assert [issue.words for issue in judged(claim, halves[0]).issues] == ["3%"]


def test_runs_only_the_checks_asked_for() -> None:
    claim, cited = Claim("Japan sold 90 [S1]."), [Passage("China bought 70.")]
    assert {issue.kind for issue in find_issues(claim, cited)} >= {"name", "number", "artefact"}
    assert {issue.kind for issue in find_issues(claim, cited, only=["numbers"])} == {"number"}
    assert find_issues(claim, cited, only=()) == ()


def test_the_aliases_given_license_a_short_name() -> None:
    claim, cited = Claim("On Monday, Bessent left."), [Passage("On Monday, the minister left.")]
    assert "name" in {issue.kind for issue in find_issues(claim, cited)}
    assert find_issues(claim, [Passage("On Monday, Scott Bessent left.")]) == ()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_supports_every_sentence_by_its_own_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spans = split_sentences(text)
    for at, ((start, end), frame) in enumerate(zip(spans, find_frames(text, spans), strict=True)):
        chunk = text[spans[max(0, at - 2)].start : spans[min(len(spans), at + 3) - 1].end]
        # In its passage, a sentence inside a quotation is no longer the source's own.
        for evidence in (text[start:end],) if frame else (text[start:end], chunk):
            judgement = judge_claim(
                Claim(text[start:end], published=DAY), [Passage(evidence, published=DAY)]
            )
            assert (judgement.verdict, judgement.issues) == ("supported", ()), text[start:end]


def test_says_contradicted_where_the_passage_says_another_thing_in_that_place() -> None:
    passage = Passage("Exports rose 5% in October.")
    assert judge_claim(Claim("Exports rose 8% in October."), [passage]).verdict == "contradicted"
    assert judge_claim(Claim("Exports fell 5% in October."), [passage]).verdict == "contradicted"
    assert (
        judge_claim(Claim("Exports rose 5% in November."), [passage]).support < MIN_LIKELY_SUPPORT
    )
    assert judge_claim(Claim("A dog bit 8 postmen in Leeds."), [passage]).verdict == "unsupported"


def test_is_at_most_unverified_across_languages() -> None:
    ukrainian = Passage("Експорт зріс на 5% у жовтні.", language="uk")
    assert judge_claim(Claim("Exports rose 5% in October."), [ukrainian]).verdict == "unverified"
    wrong = judge_claim(Claim("Exports rose 8% in October."), [ukrainian])
    assert [issue.words for issue in wrong.issues] == ["8%"]
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


def test_lists_every_check_once() -> None:
    names = ["numbers", "dates", "artefacts", "names", "quotations", "frames", "changes"]
    names += ["status", "coverage"]
    assert list(CHECKS) == names


def test_a_checker_of_another_language_judges_anew() -> None:
    held = hold(FIRE)
    text = "A fire destroyed a depot in Bern on Monday evening, police said."
    chunk = held.evidence.chunks[0]
    cited = [CitedSpan(chunk, Span(chunk.start, chunk.end))]
    assert held.examiner.judge(text, cited).verdict == "supported"
    assert replace(held.examiner, language="de").judge(text, cited).verdict == "unsupported"
    assert held.examiner.judge(text, cited).verdict == "supported"


def test_a_capital_may_stand_in_the_place_of_its_country() -> None:
    said = "said that the new tax will be paid by tourists alone from the first of May."
    passage = [Passage(f"In Lisbon, the Ministry of Finance {said}")]
    found = judge_claim(Claim(f"Portugal's Ministry of Finance {said}"), passage)
    assert [issue for issue in found.issues if issue.kind == "name"] == []
    found = judge_claim(Claim(f"Spain's Ministry of Finance {said}"), passage)
    assert "name" in {issue.kind for issue in found.issues}


def test_a_number_is_read_in_the_language_of_the_claim() -> None:
    claim = Claim("Murieron trece personas.", "es")
    judgement = judge_claim(claim, [Passage("Murieron tres personas.", "es")])
    assert next((issue.kind, issue.words) for issue in judgement.issues) == ("number", "trece")
    assert judgement.verdict == "unsupported"


def test_a_soft_issue_is_a_doubt_in_a_language_whose_soft_checks_were_not_measured() -> None:
    passage = "Министр Ладыгина подтвердила закрытие фабрики в Дубровке."
    claim = Claim("Министр Орлова подтвердила закрытие фабрики в Дубровке.", "ru")
    judgement = judge_claim(claim, [Passage(passage, "ru")])
    assert judgement.verdict == "unverified"
    assert {issue.severity for issue in judgement.issues} == {"doubt"}


def test_a_number_that_an_ending_may_say_is_a_doubt() -> None:
    passages = [Passage("وسيبقى الخط مغلقاً لمدة أسبوعين.", "ar")]
    two, five = (
        judge_claim(Claim(f"سيبقى الخط مغلقاً لمدة {n} أسابيع.", "ar"), passages) for n in (2, 5)
    )
    assert (two.verdict, five.verdict) == ("unverified", "unsupported")
