"""The support score: its order, its bounds, and that its weights say what reason says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.checking.claims import MIN_LIKELY_SUPPORT, Claim, Passage
from summarizer.checking.support import (
    SupportFeatures,
    load_weights,
    support_features,
    support_given_issues,
    support_probability,
)
from summarizer.checking.verdict import capped_support, find_issues

TOLD = "At least 40 people died on Tuesday when a bus plunged into a ravine in northern Peru."


def supported(claim: str, *passages: str) -> float:
    cited = [Passage(text) for text in passages]
    issues = find_issues(Claim(claim), cited)
    return capped_support(support_given_issues(Claim(claim), cited, issues), issues)


FAITHFUL = [
    ("At least 40 people were killed when a bus fell into a ravine in Peru.", TOLD),
    (
        "Parliament passed the budget after a long debate.",
        "Lawmakers approved the budget late on Wednesday after a long debate in parliament.",
    ),
    (
        "Police arrested a suspect in the shooting.",
        "A suspect in the shooting was taken into custody by police on Sunday.",
    ),
    (
        "Oil prices fell 3% to $70 a barrel.",
        "Oil prices dropped 3 percent to 70 dollars a barrel on Friday as supply fears eased.",
    ),
    (
        "Scientists found a new species of frog in Borneo.",
        "Researchers have discovered a previously unknown frog species on the island of Borneo.",
    ),
    (
        "Flights were cancelled because of heavy snow.",
        "Heavy snowfall forced airlines to cancel dozens of flights.",
    ),
]


@pytest.mark.parametrize(("claim", "passage"), FAITHFUL)
def test_supports_a_faithful_paraphrase(claim: str, passage: str) -> None:
    assert supported(claim, passage) >= MIN_LIKELY_SUPPORT


@pytest.mark.parametrize(
    "claim",
    [
        "At least 14 people died on Tuesday when a bus plunged into a ravine in northern Peru.",
        "At least 40 people died on Tuesday when a bus plunged into a ravine in northern Chile.",
        "At least 40 people died on Tuesday when a bus plunged into a ravine in southern Peru.",
        "The film festival opened with a comedy.",
    ],
)
def test_falls_below_the_threshold_when_one_thing_is_swapped(claim: str) -> None:
    assert supported(claim, TOLD) < MIN_LIKELY_SUPPORT


def test_finds_a_claim_in_any_of_several_passages() -> None:
    claim = "A bus fell into a ravine in Peru."
    assert supported(claim, "Oil prices fell.", TOLD) == pytest.approx(
        supported(claim, TOLD, "Oil prices fell."), abs=0.01
    )


def test_knows_nothing_without_words_or_evidence() -> None:
    assert supported("", TOLD) == supported("It was.", TOLD) == supported("Oil fell.") == 0


def measured(claim: str, passage: str) -> SupportFeatures:
    cited = [Passage(passage)]
    found = support_features(Claim(claim), cited, find_issues(Claim(claim), cited))
    assert found is not None
    return found


def test_a_name_weighs_more_than_letters_that_may_be_short_for_words() -> None:
    told = "The agency will hire forty engineers in spring."
    strange = measured("Brightwater will hire forty engineers in spring.", told)
    letters = measured("The BWA will hire forty engineers in spring.", told)
    assert strange.unnamed == letters.unnamed > 0
    assert strange.problems > letters.problems == 0


def test_knows_the_names_of_a_claim_without_capitals() -> None:
    told = "Police in Lisbon arrested two men."
    assert measured("police in lisbon arrested two men.", told).problems == 0
    assert measured("police in madrid arrested two men.", told).problems > 0
    assert supported("police in madrid arrested two men.", told) < MIN_LIKELY_SUPPORT


def test_another_figure_in_the_place_is_worse_than_none() -> None:
    rivalled = measured("The bus carried 41 people.", "The bus carried 40 people on Tuesday.")
    missing = measured("The bus carried 41 people.", "The bus carried people to the market.")
    assert rivalled.rivalled > missing.rivalled == 0
    assert rivalled.problems == missing.problems > 0


@given(
    st.lists(
        st.floats(0, 1),
        min_size=len(SupportFeatures._fields),
        max_size=len(SupportFeatures._fields),
    )
)
def test_never_falls_with_more_coverage_nor_rises_with_more_missing(values: list[float]) -> None:
    found = SupportFeatures(*values)
    for at, (name, value) in enumerate(found._asdict().items()):
        better = 1.0 if at < 2 else 0.0
        assert support_probability(
            found._replace(**{name: better}), load_weights()
        ) >= support_probability(found._replace(**{name: value}), load_weights())


@given(st.text(), st.text())
def test_measures_between_nought_and_one(claim: str, passage: str) -> None:
    cited = [Passage(passage)]
    found = support_features(Claim(claim), cited, find_issues(Claim(claim), cited))
    assert found is None or all(0 <= value <= 1 + 1e-9 for value in found)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Revenues rose 19% in Q2.", "In the second quarter revenues rose 19%."),
        (
            "We remove constant terms from CNN architectures.",
            "We remove constant terms from the architectures of CNNs.",
        ),
        (
            "Activists poured paint outside the London Russian embassy.",
            "Activists poured paint outside the Russian embassy in London.",
        ),
    ],
)
def test_a_quarter_a_plural_and_two_names_side_by_side_are_no_strange_names(
    claim: str, passage: str
) -> None:
    assert not find_issues(Claim(claim), [Passage(passage)])


@pytest.mark.parametrize("name", ["Paris Russian", "London Iranian"])
def test_of_two_names_side_by_side_both_must_stand_there(name: str) -> None:
    passage = Passage("Activists poured paint outside the Russian embassy in London.")
    (problem,) = find_issues(
        Claim(f"Activists poured paint outside the {name} embassy."), [passage]
    )
    assert problem.kind == "name"
