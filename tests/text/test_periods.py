"""The days a date stands for: resolved against the day of writing, compared."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.date_resolution import dates_compatible, possible_periods, resolve_date
from summarizer.text.dates import DateMention, find_dates

TODAY = date(2025, 11, 25)  # a Tuesday


def only(text: str) -> DateMention:
    (mention,) = find_dates(text)
    return mention


@pytest.mark.parametrize("text", ["two days earlier", "the next day", "the week before"])
def test_a_day_counted_from_another_day_stays_open(text: str) -> None:
    assert resolve_date(only(text), TODAY) is None


@pytest.mark.parametrize("text", ["on Monday", "Nov 14", "last month", "24日"])
def test_without_a_day_of_writing_nothing_is_guessed(text: str) -> None:
    assert resolve_date(only(text), None) is None


def test_figures_that_can_be_read_both_ways_keep_both_readings() -> None:
    mention = only("11/12/2025")
    assert mention.ambiguous
    assert resolve_date(mention, TODAY) is None
    assert [p.first for p in possible_periods(mention)] == [date(2025, 12, 11), date(2025, 11, 12)]
    assert dates_compatible(only("Nov 12, 2025"), mention)
    assert dates_compatible(only("11 December 2025"), mention)
    assert not dates_compatible(only("Nov 13, 2025"), mention)


def test_a_year_beyond_the_calendar_is_not_resolved() -> None:
    assert resolve_date(only("9000 years ago"), TODAY) is None


def test_leap_days_are_sought_where_they_exist() -> None:
    leap = date(2024, 2, 29)
    assert resolve_date(only("Feb 29"), date(2024, 3, 5)) == (leap, leap)
    assert resolve_date(only("Feb 29"), date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("in November", "Nov 14"),
        ("Nov 14", "the 14th of this month"),
        ("on Monday", "Nov 24"),
        ("in 2025", "Oct 30"),
        ("by the end of the month", "by month's end"),
        ("Oct 30", "three weeks ago"),
        ("in April next year", "in April"),
    ],
)
def test_dates_that_may_be_the_same(claim: str, source: str) -> None:
    assert dates_compatible(only(claim), only(source), TODAY, date(2025, 11, 24))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Nov 15", "Nov 14"),
        ("in October", "Nov 14"),
        ("last month", "this month"),
        ("2024", "Nov 14"),
    ],
)
def test_dates_that_differ(claim: str, source: str) -> None:
    assert not dates_compatible(only(claim), only(source), TODAY, TODAY)


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("Nov 14", "Nov 14", True),
        ("in November", "Nov 14", True),
        ("Nov 15", "Nov 14-16", True),
        ("Nov 14, 2025", "Nov 14", True),
        ("Nov 15", "Nov 14", False),
        ("on Monday", "on Monday", True),
        ("on Monday", "on Tuesday", False),
        ("on Monday", "Nov 24", False),
        ("two days earlier", "two days earlier", True),
        ("two days earlier", "two days later", False),
    ],
)
def test_unresolved_dates_are_compared_by_their_parts(
    claim: str, source: str, expected: bool
) -> None:
    assert dates_compatible(only(claim), only(source)) is expected


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(-300, 40))
def test_a_day_without_a_year_is_found_from_near_by(reference: date, away: int) -> None:
    day = date.fromordinal(reference.toordinal() + away)
    text = day.strftime("%B %d")
    if text != "February 29":
        assert resolve_date(only(text), reference) == (day, day)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 6))
def test_a_bare_weekday_is_the_last_one(reference: date, back: int) -> None:
    day = date.fromordinal(reference.toordinal() - back)
    assert resolve_date(only(day.strftime("on %A")), reference) == (day, day)
