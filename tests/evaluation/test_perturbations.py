from datetime import UTC, datetime

import pytest

from summarizer.briefing import Briefing
from summarizer.checking.claims import Claim, Passage
from summarizer.evaluation.detection import measure_detection
from summarizer.evaluation.labels import (
    SourceLibrary,
    SupportedSample,
    build_library,
    supported_samples,
)
from summarizer.evaluation.perturbations import (
    PERTURBATIONS,
    perturbation_candidates,
    twin_candidates,
)
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.text.lexicon import lexicon
from tests.articles import seeds

FIRE = (
    "Mayor Anna Keller said on Monday that 1,200 people fled the fire in Bern. Police"
    " chief Tom Brandt praised Anna Keller. Damage rose to 3 million francs, 5 percent more than in"
    " Thun. "
    "“The brigade worked very quickly,” Keller said."
)
SPORT = "Lucy Chen won the race in Oslo on Sunday, while heavy rain fell on the whole stadium."
LIBRARY = build_library({"a": Passage(FIRE), "b": Passage(SPORT)})


def sample(text: str) -> SupportedSample:
    return SupportedSample(Claim(text), (Passage(text),), ("a",))


def made(kind: str, text: str) -> list[str]:
    found = dict(perturbation_candidates(sample(text), LIBRARY))
    return [one.text for one in found[kind]]


def twins(kind: str, text: str) -> list[str]:
    return [one.text for one in dict(twin_candidates(sample(text), LIBRARY))[kind]]


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("number", "1,200 people fled.", "7,200 people fled."),
        ("number", "Twelve people fled.", "Nine people fled."),
        ("magnitude", "Damage of 3 million francs.", "Damage of 3 billion francs."),
        ("magnitude", "1,200 people fled.", "1,200,000 people fled."),
        ("magnitude", "The club signed 40 players.", "The club signed 400 players."),
        ("unit", "It rose by 5 percent.", "It rose by 5 percentage points."),
        ("unit", "It costs $90.", "It costs €90."),
        ("date", "It burnt on Monday.", "It burnt on Sunday."),
        ("date", "It burnt on 12 May 2025.", "It burnt on 12 April 2025."),
        ("name of the source", "Anna Keller fled.", "Tom Brandt fled."),
        ("name from elsewhere", "Anna Keller fled.", "Lucy Chen fled."),
        ("negation", "The fire was large.", "The fire was not large."),
        ("negation", "The fire was not large.", "The fire was large."),
        ("negation", "The council approved it.", "The council did not approve it."),
        ("antonym", "The council approved it.", "The council rejected it."),
        ("direction", "Damage rose.", "Damage fell."),
        ("direction", "It rose from 3 to 5 percent.", "It rose from 5 to 3 percent."),
        ("speaker", "Anna Keller said it burnt.", "Tom Brandt said it burnt."),
        (
            "swapped names",
            "Police said Tom Brandt praised Anna Keller.",
            "Police said Anna Keller praised Tom Brandt.",
        ),
        ("added clause", "It burnt.", "It burnt, while heavy rain fell on the whole stadium."),
    ],
)  # fmt: skip
def test_each_kind_makes_its_mistake(kind: str, text: str, wanted: str) -> None:
    assert wanted in made(kind, text)


def test_a_quoted_word_is_exchanged_inside_the_marks() -> None:
    texts = made("quoted word", "“The brigade worked very quickly,” Keller said.")
    assert texts
    assert all("“The " in text and text.endswith("” Keller said.") for text in texts)


def test_citations_are_moved_and_the_words_stay() -> None:
    held = sample("1,200 people fled the fire in Bern.")
    found = {kind: list(each) for kind, each in perturbation_candidates(held, LIBRARY)}
    assert {one.passages[0].text for one in found["wrong citation"]} == {SPORT}
    passages = [one.passages[0].text for one in found["wrong passage"]]
    assert "Police chief Tom Brandt praised Anna Keller." in passages
    assert not any("1,200" in text for text in passages)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "The council met."),
        ("swapped names", "Anna Keller and Tom Brandt met."),
        ("swapped names", "A talk between Anna Keller and Tom Brandt."),
        ("negation", "“It was large,” it says."),
        ("antonym", "The Strong Island burnt in Old Town."),
        ("quoted word", "Nothing is quoted."),
    ],
)
def test_what_would_be_no_certain_mistake_is_not_made(kind: str, text: str) -> None:
    assert made(kind, text) == []


def test_a_figure_that_the_evidence_gives_too_is_not_put_in() -> None:
    held = SupportedSample(Claim("3 people fled."), (Passage("3 people fled, 5 stayed."),), ("a",))
    texts = [one.text for one in dict(perturbation_candidates(held, LIBRARY))["number"]]
    assert "7 people fled." in texts
    assert "5 people fled." not in texts


def test_a_sentence_in_another_language_keeps_to_what_needs_no_words() -> None:
    held = SupportedSample(Claim("1.200 Menschen flohen.", "de"), (Passage("…", "de"),), ("a",))
    assert {kind for kind, _ in perturbation_candidates(held, LIBRARY)} == {
        "number", "date", "quoted word", "wrong citation", "wrong passage"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "mistake", "twin"),
    [
        ("hedge", "The roof may fall.", "The roof will fall.", "The roof might fall."),
        ("hedge", "It is believed to be safe.", "It is known to be safe.",
         "It is thought to be safe."),
        ("plan", "Bern plans to build a bridge.", "Bern has managed to build a bridge.",
         "Bern intends to build a bridge."),
        ("plan", "Keller refused to sign.", "Keller managed to sign.", "Keller would not sign."),
        ("office", "A former mayor spoke.", "A mayor spoke.", "An ex-mayor spoke."),
        ("office", "Acting President Keller spoke.", "President Keller spoke.",
         "Interim President Keller spoke."),
        ("scope", "Only 17 of the boats sank.", "All 17 of the boats sank.",
         "Just 17 of the boats sank."),
        ("scope", "Most students left.", "All students left.", "The majority of students left."),
        ("bound", "At least 40 people fled.", "At most 40 people fled.", "40 or more people fled."),
        ("bound", "More than $3 million is gone.", "Less than $3 million is gone.",
         "Over $3 million is gone."),
        ("cause", "Rain fell, and the river was closed.", "Rain fell because the river was closed.",
         "Rain fell; the river was closed."),
        ("order", "They met after the race.", "They met before the race.",
         "They met following the race."),
        ("comparison", "Bern is higher than Thun.", "Bern is lower than Thun.",
         "Bern is above Thun."),
        ("comparison", "It is one of the largest lakes.", "It is the largest of all lakes.",
         "It is among the largest lakes."),
        ("voice", "Anna Keller praised Tom Brandt.", "Anna Keller was praised by Tom Brandt.",
         "Tom Brandt was praised by Anna Keller."),
        ("voice", "The plan was rejected by the council on Monday.",
         "The plan rejected the council on Monday.", "The council rejected the plan on Monday."),
        ("hour", "It burnt at 8:40 p.m. on Monday.", "It burnt at 8:40 a.m. on Monday.",
         "It burnt at 8:40 pm on Monday."),
        ("hour", "It burnt at 10 a.m.", "It burnt at 10 p.m.", "It burnt at 10 am."),
        ("until or from", "It is closed until Monday.", "It is closed from Monday.",
         "It is closed till Monday."),
        ("until or from", "Pay by the end of May.", "Pay from the end of May.",
         "Pay no later than the end of May."),
        ("exaggeration", "Two men were hurt.", "Two men were killed.", "Two men were injured."),
    ],
)  # fmt: skip
def test_a_natural_mistake_and_its_faithful_twin(
    kind: str, text: str, mistake: str, twin: str
) -> None:
    assert mistake in made(kind, text)
    assert twin in twins(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "twin"),
    [
        ("number", "Half of the boats sank.", "50 percent of the boats sank."),
        ("magnitude", "It cost 3 million francs.", "It cost 3,000,000 francs."),
        ("magnitude", "It cost 2.5 million francs.", "It cost 2,500,000 francs."),
        ("unit", "It rose by 5 percent.", "It rose by 5%."),
        ("unit", "It cost $90 million.", "It cost 90 million dollars."),
        ("date", "It burnt on 12 May 2025.", "It burnt on May 12, 2025."),
        ("name of the source", "It left the U.S. in May.", "It left the United States in May."),
        ("negation", "It did not burn.", "It didn't burn."),
        ("direction", "Damage rose to 3 million.", "Damage climbed to 3 million."),
        ("antonym", "The race began.", "The race started."),
        ("speaker", "Rain fell, Anna Keller said.", "Rain fell, said Anna Keller."),
        ("speaker", "Anna Keller said the roof fell.",
         "According to Anna Keller, the roof fell."),
        ("quoted word", "“It burnt,” Keller said.", '"It burnt," Keller said.'),
    ],
)  # fmt: skip
def test_the_older_kinds_have_faithful_twins_too(kind: str, text: str, twin: str) -> None:
    assert twin in twins(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("hedge", "May Keller spoke."),
        ("hedge", "“The roof may fall,” she said."),
        ("plan", "She heard of the plan to build."),
        ("office", "He was acting on orders."),
        ("scope", "It has rained for the last few weeks."),
        ("bound", "It lasted over two weeks."),
        ("cause", "It burnt a day after the mayor was elected."),
        ("voice", "It was finished by Monday."),
        ("voice", "The council voted on Monday."),
        ("voice", "Anna Keller called the result a success."),
        ("voice", "Anna Keller praised Tom Brandt and promised more."),
        ("voice", "She praised Tom Brandt."),
        ("until or from", "Opened from Monday to Friday."),
        ("hour", "The programme ended."),
    ],
)
def test_where_words_mean_something_else_nothing_is_made(kind: str, text: str) -> None:
    assert made(kind, text) == []
    assert twins(kind, text) == []


def test_every_row_of_the_lexicon_belongs_to_a_kind_and_makes_something() -> None:
    rows = lexicon("en").rewrites
    assert rows.keys() <= PERTURBATIONS.keys()
    assert all(mistake or twin for each in rows.values() for _, mistake, twin in each)
    assert all(PERTURBATIONS.keys() == dict(each).keys() for each in (
        perturbation_candidates(sample("It burnt."), LIBRARY),
        twin_candidates(sample("It burnt."), LIBRARY),
    ))  # fmt: skip


def test_no_twin_is_made_in_another_language() -> None:
    german = SupportedSample(Claim("Half of it.", "de"), (Passage("Half of it.", "de"),), ("a",))
    assert list(twin_candidates(german, LIBRARY)) == []


def briefing() -> Briefing:
    now = datetime(2025, 11, 26, tzinfo=UTC)
    return create_briefing(seeds(), Settings(focus="Trump Xi call", words=900), now=now)


def group() -> tuple[list[SupportedSample], SourceLibrary]:
    texts = {article.id: Passage(article.text) for article in seeds()}
    return list(supported_samples(briefing())), build_library(texts)


def test_a_report_of_the_seeds() -> None:
    held, library = group()
    report = measure_detection([(held, library)])
    assert [kind.kind for kind in report.kinds] == list(PERTURBATIONS)
    assert report.untouched.made == len(held) > 15
    assert report.untouched.flagged == 0
    by_kind = {kind.kind: kind for kind in report.kinds}
    for name in ("number", "name from elsewhere", "quoted word", "wrong citation"):
        one = by_kind[name].mistakes
        assert one.made
        assert one.flagged >= 0.9 * one.made
    assert sum(one.mistakes.supported for one in report.kinds) == 0
    assert sum(one.twins.flagged for one in report.kinds) == 0
    assert sum(one.twins.supported for one in report.kinds) > 10
    counts = [
        report.untouched,
        *(each for one in report.kinds for each in (one.mistakes, one.twins)),
    ]
    for one in counts:
        assert one.made == one.supported + one.unverified + one.flagged
        assert (one.supported_interval is None) == (one.made == 0)
        assert sum(one.by.values()) >= one.flagged


def test_the_columns_of_the_report_and_what_it_lists() -> None:
    """A passage that says something else than its sentence, so that each column is met."""
    told = SupportedSample(Claim("At least 40 men were hurt."), (Passage("40 men fled."),), ("a",))
    copied = sample("At least 40 men left the U.S. on Monday.")
    report = measure_detection([([told, copied], LIBRARY)])
    by_kind = {kind.kind: kind for kind in report.kinds}
    assert (report.untouched.supported, report.untouched.made) == (1, 2)
    assert by_kind["bound"].mistakes.made == by_kind["bound"].twins.made == 2
    assert by_kind["bound"].mistakes.supported == 0
    assert by_kind["name of the source"].twins.supported == 1
    for kind in report.kinds:
        assert len(kind.mistakes.misjudged) == kind.mistakes.supported
        assert len(kind.twins.misjudged) == kind.twins.flagged
    saved = report.model_dump_json()
    assert saved.startswith('{"schema":"summarizer/mutations/2"')


def test_the_seed_decides_which_mistakes_are_made() -> None:
    held, library = group()
    few = [(held[:4], library)]
    assert measure_detection(few, 1) == measure_detection(few, 1)
    drawn = [measure_detection(few, seed).kinds for seed in range(4)]
    assert len({str(one) for one in drawn}) > 1
