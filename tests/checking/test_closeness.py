"""Words of a claim's own, and words that stand for others of their kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.paraphrase import SameKindSwap, find_same_kind_swaps, novel_words

ARREST = "Police arrested the mayor's wife on Monday, after a fire at the school."


def found(claim: str, *passages: str, language: str = "en") -> list[SameKindSwap]:
    said = [Passage(text, language) for text in passages or (ARREST,)]
    return list(find_same_kind_swaps(Claim(claim, language), said))


@pytest.mark.parametrize(
    ("claim", "exchanged"),
    [
        ("The mayor's brother was arrested.", [SameKindSwap("brother", "wife")]),
        ("A fire broke out at a hospital.", [SameKindSwap("hospital", "school")]),
        ("His brother burnt the church down.", [("brother", "wife"), ("church", "school")]),
    ],
)
def test_a_word_in_the_place_of_another_of_its_kind_is_seen(
    claim: str, exchanged: list[tuple[str, str]]
) -> None:
    assert found(claim) == exchanged


@pytest.mark.parametrize(
    "claim",
    [
        "The mayor's wife was arrested.",
        "The mayor's spouse was arrested on Monday.",
        "The mayor's wife and his brother were arrested.",  # not instead of her
        "A building burnt.",
    ],
)
def test_what_may_mean_the_same_is_not(claim: str) -> None:
    assert found(claim) == []


def test_it_is_enough_that_one_passage_has_the_word() -> None:
    assert found("The mayor's brother was arrested.", ARREST, "His brother was arrested too.") == []


def test_words_of_other_languages_have_no_kind() -> None:
    assert found("Der wife hat gesprochen.", "Der brother hat gesprochen.", language="de") == []


@given(st.text(alphabet="abfirstw ehocl.", max_size=60))
def test_nobody_exchanges_his_own_words(text: str) -> None:
    assert found(text, text) == []


def test_the_share_of_own_words() -> None:
    said = [Passage(ARREST, "en")]
    assert novel_words(Claim("Police arrested the mayor's wife.", "en"), said) == (0.0, ())
    share, words = novel_words(Claim("Police arrested a pirate.", "en"), said)
    assert 0 < share < 1
    assert words == ("pirate",)
