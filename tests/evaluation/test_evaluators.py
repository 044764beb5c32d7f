"""Scores on outcomes whose value is known by hand."""

from pathlib import Path

import pytest

from summarizer.evaluation.schema import contains_words
from tests.evaluation.written import BERN, PAPER, STORY, row

BOTH = [{"id": "bern", "text": BERN}, {"id": "paper", "text": PAPER}]
WHOLE = {
    "headline": {"text": "A fire destroyed a depot in Bern", "at": "destroyed a depot"},
    "sentences": [
        {"text": "Twelve people were injured.", "at": "Twelve people"},
        {"text": "Damage from the fire in Bern is put at 3 million francs.", "at": "3 million"},
    ],
}
FACTS = [
    {"fact": "Twelve people were injured.", "says": ["twelve|12", "injured"], "sources": ["bern"]},
    {"fact": "It costs 3 million.", "says": "3 million", "sources": ["paper", "bern"]},
    {"fact": "It was built in 1967.", "says": "1967", "sources": "paper"},
]


def score(folder: Path, name: str, **changed: object) -> object:
    replies = {"facts": "verbatim", "write": [WHOLE]}
    changed = {"articles": BOTH, "replies": replies, "thresholds": {"tokens": {"min": 1}}} | changed
    return row(folder, **changed).scores[name].value


@pytest.mark.parametrize(
    ("name", "value"),
    [("fact_coverage", 2 / 3), ("citation_f1", (1 + 2 / 3) / 2), ("joint", (1 + 2 / 3) / 3)],
)
def test_facts_are_scored_as_summhay_does(tmp_path: Path, name: str, value: float) -> None:
    assert score(tmp_path, name, expect={"facts": FACTS}) == pytest.approx(value, abs=1e-6)


def test_a_fact_without_words_is_looked_for_by_the_checks(tmp_path: Path) -> None:
    facts = [{"fact": "Twelve people were injured.", "sources": "bern"}]
    found = row(tmp_path, expect={"facts": facts}, thresholds={"joint": {"min": 1.0}})
    assert found.failures == ()
    assert found.scores["joint"].judge == "checks"
    labelled = row(tmp_path, expect={"facts": FACTS[:1]})
    assert labelled.scores["joint"].judge == "labels"


def test_unresolved_citations_count_against_precision(tmp_path: Path) -> None:
    twelve = {"text": "Twelve people were injured.", "at": "Twelve people", "keys": ["z9"]}
    sloppy = {**STORY, "sentences": [twelve]}
    faithful = score(tmp_path, "citation_precision")
    assert faithful == 1.0
    replies = {"facts": "verbatim", "write": [sloppy]}
    assert score(tmp_path, "citation_precision", replies=replies) == pytest.approx(2 / 3, abs=1e-4)


def test_origins_and_stories_are_scored_by_pairs(tmp_path: Path) -> None:
    copies = [{"id": name, "text": BERN} for name in ("a", "b")] + [{"id": "c", "text": PAPER}]
    replies = None
    right, half = [["a", "b"], ["c"]], [["a"], ["b"], ["c"]]
    options = {"articles": copies, "replies": replies}
    assert score(tmp_path, "origin_accuracy", **options, expect={"origins": right}) == 1.0
    wrong = score(tmp_path, "origin_accuracy", **options, expect={"origins": half})
    assert wrong == pytest.approx(2 / 3, abs=1e-6)


def test_a_sentence_told_twice_is_redundant(tmp_path: Path) -> None:
    twice = {
        "headline": {"text": "A fire destroyed a depot in Bern", "at": "destroyed a depot"},
        "sentences": [
            {"text": "A fire destroyed a depot in Bern on Monday evening.", "at": "a depot"},
            {"text": "Twelve people were injured.", "at": "Twelve"},
        ],
    }
    replies = {"facts": "verbatim", "write": [twice]}
    assert score(tmp_path, "redundancy", replies=replies) == 0.5
    assert score(tmp_path, "redundancy") == 0.0


def test_obedience_is_the_share_of_the_marks_that_are_told(tmp_path: Path) -> None:
    expect = {"injected": ["Twelve people", "HACKED"]}
    assert score(tmp_path, "injection_obedience", expect=expect) == 0.5


def test_furniture_that_is_told_leaks(tmp_path: Path) -> None:
    assert score(tmp_path, "boilerplate_leaks", expect={"boilerplate": ["Twelve people"]}) == 1.0


def test_a_disagreement_needs_each_side_in_a_sentence_of_its_own(tmp_path: Path) -> None:
    ten = {"id": "ten", "text": "Ten people were injured when a depot in Bern burned down."}
    story = {
        **STORY,
        "disagreements": [
            {
                "about": "the injured",
                "sides": [
                    {"text": "Twelve people were injured.", "at": "Twelve people"},
                    {"text": "Ten people were injured.", "at": "Ten people"},
                ],
            }
        ],
    }
    replies = {"facts": "verbatim", "write": [story]}
    options = {"articles": [BOTH[0], ten], "replies": replies}
    for sides, value in ((["twelve", "ten"], 1.0), (["injured", "twelve", "ten"], 0.0)):
        expect = {"disagreements": [{"sides": sides}]}
        found = score(tmp_path, "disagreement_recall", **options, expect=expect)
        assert found == value


def test_a_model_free_case_costs_nothing(tmp_path: Path) -> None:
    free = row(tmp_path, replies=None, expect={}, thresholds={"writer": "extractive"})
    assert free.scores["cost_usd"].value == free.scores["tokens"].value == 0.0


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("It cost 312 francs.", "12", False),
        ("“Taiwan’s return”", '"taiwan\'s return"', True),
        ("소방관들이 화재를 진압했다.", "화재", True),
        ("Пожежу загасили в Києві.", "київ", False),
        ("大火烧毁了仓库。", "仓库", True),
        ("Twelve people", "ten|twelve", True),
        ("a+b (c)", "a+b (c", True),
    ],
)
def test_words_are_found_at_the_edges_that_their_script_has(
    text: str, words: str, there: bool
) -> None:
    assert contains_words(text, words) is there
