import pytest

from summarizer.checking.citations import corroborate, has_word_substitution, lacks_predicate
from tests.checking.held import FIRE, hold

BASE = "The old {} of Harwick was told about it on Monday after a long debate in the chamber."


@pytest.mark.parametrize(
    ("one", "other"),
    [("teacher", "nurse"), ("stable", "critical"), ("mayor", "council"), ("will", "may")],
)
def test_another_word_in_the_same_place_says_something_else(one: str, other: str) -> None:
    assert has_word_substitution(BASE.format(one), BASE.format(other))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (BASE.format("big school"), BASE.format("large school")),
        (BASE.format("teacher"), BASE.format("teacher") + " He left."),
        (
            BASE.format("teacher"),
            "After a long debate the old teacher of Harwick was told about it.",
        ),
        (BASE.format("teacher"), BASE.format("teacher").replace("about it ", "")),
    ],
)
def test_near_sayings_another_order_and_less_do_not(claim: str, passage: str) -> None:
    assert not has_word_substitution(claim, passage)


@pytest.mark.parametrize(
    ("claim", "lacking"),
    [
        ("The fire in the railway depot in Bern on Monday evening was harmless.", True),
        ("The fire in the depot in Bern was destructive and the depot was destroyed.", True),
        ("The depot in Bern is the property of a railway.", True),
        ("The railway depot in Bern was destroyed on Monday evening.", False),
        ("The railway depot in Bern was completely wrecked on Monday evening.", False),
        ("A fire destroyed a depot.", False),
    ],
)
def test_what_something_is_must_be_said_there(claim: str, lacking: bool) -> None:
    passage = "A fire destroyed a railway depot in Bern on Monday evening, police in Bern said."
    assert lacks_predicate(claim, passage) is lacking


@pytest.mark.parametrize("word", ["delayed", "rejected", "photographed"])
def test_a_source_that_says_something_else_is_not_cited(word: str) -> None:
    claim = "The council of Bern approved the new stadium on Monday after a long debate."
    held = hold(claim, claim.replace("approved", word), FIRE)
    own = held.examiner.statements
    found = corroborate(
        claim, (), own, lambda item: held.examiner.judge(claim, [item]), held.examiner.language
    )
    assert [item.quote for item in found] == [claim]
