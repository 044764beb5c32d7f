"""A word in another's place, and a clause that nobody said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.paraphrase import check_wording, find_word_swaps
from summarizer.checking.verdict import MIN_SUPPORTED, judge_claim

TOLD = (
    "The museum in Utrecht said on Monday that a civilian court in London had upheld the"
    " strong claim of the owner after a hearing."
)


def swapped(claim: str, *passages: str) -> list[tuple[str, str]]:
    found = find_word_swaps(Claim(claim), [Passage(text) for text in passages])
    return [(swap.words, swap.source_words) for swap in found]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("civilian", "military"),
        ("strong", "weak"),
        ("after", "before"),
        ("owner", "thief"),
        ("museum", "library"),
    ],
)
def test_sees_one_word_in_the_place_of_another(word: str, other: str) -> None:
    assert swapped(TOLD.replace(word, other), TOLD) == [(other, word)]


def test_sees_two_names_that_changed_places() -> None:
    turned = TOLD.replace("Utrecht", "X").replace("London", "Utrecht").replace("X", "London")
    assert swapped(turned, TOLD) == [("london", "utrecht"), ("utrecht", "london")]


def test_sees_a_negation_put_in_or_left_out() -> None:
    told = "Most of the objects in the store were not shown to visitors last year."
    assert swapped(told.replace("not ", ""), told) == [("", "not")]
    assert swapped(told, told.replace("not ", "")) == [("not", "")]


@pytest.mark.parametrize(
    "claim",
    [
        TOLD,
        TOLD.replace("strong", "robust"),  # a near-saying
        TOLD.replace("owner", "owners"),
        "A London court sided with the owner, the museum in Utrecht said.",  # a paraphrase
    ],
)
def test_passes_what_says_the_same(claim: str) -> None:
    assert swapped(claim, TOLD) == []


def test_passes_a_word_that_another_passage_has_in_that_place() -> None:
    assert swapped(TOLD.replace("owner", "heirs"), TOLD, TOLD.replace("owner", "heirs")) == []


def test_names_the_clause_that_is_not_said() -> None:
    claim = TOLD.removesuffix(".") + ", while angry farmers blocked the motorway."
    (problem,) = check_wording(Claim(claim), [Passage(TOLD)], {})
    assert (problem.kind, problem.words, problem.detail) == (
        "support", "while angry farmers blocked the motorway", "not said in the cited passages"
    )  # fmt: skip
    assert judge_claim(Claim(claim), [Passage(TOLD)]).support < MIN_SUPPORTED


def test_passes_a_clause_that_tells_next_to_nothing() -> None:
    assert (
        list(check_wording(Claim(TOLD.removesuffix(".") + ", he said."), [Passage(TOLD)], {})) == []
    )


@given(st.text(), st.lists(st.text(), max_size=3))
def test_finds_nothing_against_a_text_itself(text: str, others: list[str]) -> None:
    assert list(check_wording(Claim(text), [Passage(text), *map(Passage, others)], {})) == []


def test_names_a_clause_hung_on_to_a_copied_one() -> None:
    claim = TOLD.removesuffix(".") + ", with a court ruling to quality standards."
    (problem,) = check_wording(Claim(claim), [Passage(TOLD)], {})
    assert problem.words == "with a court ruling to quality standards"
    paraphrase = "The museum in Utrecht lost in London, with a court ruling to quality standards."
    assert list(check_wording(Claim(paraphrase), [Passage(TOLD)], {})) == []
