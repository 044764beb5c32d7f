import pytest

from summarizer.writing.contradictions import find_opposites, harm_counts
from tests.articles import article
from tests.writing.test_extractive import telling

LEAD = "A fire broke out in a warehouse in Berlin on Monday."


def shown(one: str, other: str, lead: str = LEAD) -> list[tuple[str, str]]:
    source = telling(article(f"{lead} {one}", "one"), article(f"{lead} {other}", "other"))
    said = [item for held in source.statements.values() for item in held]
    return [(found.here.casefold(), found.there.casefold()) for found in find_opposites(said, "en")]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            "Nobody was hurt in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
            ("nobody", "twelve"),
        ),
        (
            "At least 46 people were killed in the fire, officials said.",
            "The death toll from the fire rose to 162, officials said.",
            ("162", "46"),
        ),
        (
            "The court acquitted Brandt of fraud on Thursday.",
            "Brandt was convicted of fraud by the court on Thursday.",
            ("acquitted", "convicted"),
        ),
        (
            "The talks in Geneva ended without a deal on fishing rights.",
            "A deal on fishing rights was signed in Geneva on Tuesday.",
            ("not deal", "deal"),
        ),
    ],
)
def test_of_two_outcomes_only_one_can_be_right(
    one: str, other: str, words: tuple[str, str]
) -> None:
    assert [set(found) for found in shown(one, other)] == [set(words)]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            "Nobody else was hurt in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
            "the others",
        ),
        (
            "Nobody was killed in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
            "the injured live",
        ),
        (
            "The court acquitted Brandt of tax evasion on Thursday.",
            "Brandt was convicted of fraud by the court on Thursday.",
            "two charges",
        ),
        (
            "The hiker was found alive on Sunday after three days of searching.",
            "A hiker was found dead in the same valley in May.",
            "another time",
        ),
        (
            "The companies could agree on a merger, a person said.",
            "The companies did not agree on a merger, a spokeswoman said.",
            "nothing is settled",
        ),
    ],
)
def test_what_both_can_be_right_about_is_not_shown(one: str, other: str, why: str) -> None:
    assert shown(one, other) == [], why


def test_one_source_does_not_contradict_itself() -> None:
    text = f"{LEAD} Nobody was hurt in the fire. Twelve people were injured in the fire."
    source = telling(article(text, "one"), article(f"{LEAD} Police closed the road.", "other"))
    assert (
        list(find_opposites([item for held in source.statements.values() for item in held], "en"))
        == []
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No injuries were reported.", [("hurt", 0)]),
        ("There were no casualties.", [("dead", 0), ("hurt", 0)]),
        ("Two more people were killed.", []),
        ("Police were not killed by 12 men.", []),
    ],
)
def test_how_many_were_harmed(text: str, found: list[tuple[str, float]]) -> None:
    assert [(each.kind, each.low) for each in harm_counts(text)] == found
