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
    PerturbationKind,
    perturbation_candidates,
)
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
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


def made(kind: PerturbationKind, text: str) -> list[str]:
    found = dict(perturbation_candidates(sample(text), LIBRARY))
    return [one.text for one in found[kind]]


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
        ("swapped names", "Tom Brandt praised Anna Keller.", "Anna Keller praised Tom Brandt."),
        ("added clause", "It burnt.", "It burnt, while heavy rain fell on the whole stadium."),
    ],
)  # fmt: skip
def test_each_kind_makes_its_mistake(kind: PerturbationKind, text: str, wanted: str) -> None:
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
def test_what_would_be_no_certain_mistake_is_not_made(kind: PerturbationKind, text: str) -> None:
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


def briefing() -> Briefing:
    now = datetime(2025, 11, 26, tzinfo=UTC)
    return create_briefing(seeds(), Settings(words=900), now=now)


def group() -> tuple[list[SupportedSample], SourceLibrary]:
    texts = {article.id: Passage(article.text) for article in seeds()}
    return list(supported_samples(briefing())), build_library(texts)


def test_a_report_of_the_seeds() -> None:
    held, library = group()
    report = measure_detection([(held, library)])
    assert [kind.kind for kind in report.kinds] == list(PERTURBATIONS)
    assert report.untouched.sentences == len(held) > 15
    assert report.untouched.flagged == 0
    by_kind = {kind.kind: kind for kind in report.kinds}
    for name in ("number", "date", "name from elsewhere", "quoted word", "wrong citation"):
        one = by_kind[name]
        assert one.made
        assert one.caught >= 0.9 * one.made, [missed.text for missed in one.missed]
    for one in report.kinds:
        assert len(one.missed) == one.made - one.caught
        assert (one.share is None) == (one.made == 0)
        assert sum(one.by.values()) >= one.caught


def test_the_seed_decides_which_mistakes_are_made() -> None:
    held, library = group()
    few = [(held[:4], library)]
    assert measure_detection(few, 1) == measure_detection(few, 1)
    drawn = [measure_detection(few, seed).kinds for seed in range(4)]
    assert len({str(one) for one in drawn}) > 1
