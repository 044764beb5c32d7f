"""Which quantities are one, whatever their form, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.numbers import Quantity, find_quantities, quantity_matches


def one(text: str) -> Quantity:
    """The only quantity of the text."""
    (found,) = find_quantities(text)
    return found


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("about 5,000", "4,987"),
        ("nearly 50 people", "48 people"),
        ("more than 5,000", "4,987"),
        ("$1.2 billion", "1,200 million dollars"),
        ("$1.2 billion", "US$1.2bn"),
        ("one hundred percent", "100%"),
        ("100 per cent", "100 %"),
        ("a third of them", "one third"),
        ("a third of them", "33%"),
        ("half of them", "50 percent"),
        ("2-3 %", "between 2 and 3 percent"),
        ("dozens", "40"),
        ("tens of thousands", "30,000"),
        ("tens of thousands", "tens of thousands"),
        ("90", "90-day"),
        ("5 km", "5,000 metres"),
        ("8 km", "5 miles"),
        ("1.5 hours", "90 minutes"),
        ("1900 km", "1,900 kilometres"),
        ("25 basis points", "0.25 percentage points"),
        ("a 0.3% fall", "-0.3%"),
        ("3-1", "beaten 1-3"),
        ("three hundred", "三百人"),
        ("300 million dollars", "3억 달러"),
        ("the 21st", "the twenty-first"),
    ],
)
def test_one_quantity_in_two_forms_is_equal(claim: str, source: str) -> None:
    assert quantity_matches(one(claim), one(source))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("5,000", "about 4,987"),
        ("about 5,000", "5,600"),
        ("about 5,000", "5,400"),
        ("about 1,253", "1,301"),
        ("5 km", "5 kg"),
        ("5 km", "5"),
        ("5%", "5 percentage points"),
        ("5", "5%"),
        ("three", "the third"),
        ("$5", "€5"),
        ("5 hours", "5 days"),
        ("90 people", "9,000 people"),
        ("30,000", "tens of thousands"),
        ("dozens", "300"),
        ("2-3 %", "2-4 %"),
        ("12", "10-15"),
        ("3-1", "3-2"),
        ("-5°C", "5°C"),
        ("$1.2 billion", "$1.2 million"),
        ("half of them", "40%"),
    ],
)
def test_other_values_units_and_kinds_are_not_equal(claim: str, source: str) -> None:
    assert not quantity_matches(one(claim), one(source))


@given(st.integers(1, 999), st.integers(1, 999))
def test_different_exact_counts_are_never_equal(left: int, right: int) -> None:
    assert quantity_matches(one(f"{left} km"), one(f"{right} km")) == (left == right)
