"""Dates in news text: found, resolved against the day of writing, compared."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.dates import Mention, compatible, mentions, readings, resolve

TODAY = date(2025, 11, 25)  # a Tuesday


def said(text: str) -> list[str]:
    return [mention.text for mention in mentions(text)]


def only(text: str) -> Mention:
    (mention,) = mentions(text)
    return mention


def days(text: str, reference: date | None = TODAY) -> str | None:
    """The period of the only date in the text, as one day or first..last."""
    period = resolve(only(text), reference)
    if period is None:
        return None
    first, last = period.first.isoformat(), period.last.isoformat()
    return first if first == last else f"{first}..{last}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Nov 14, Trump said", "2025-11-14"),
        ("Nov. 14th", "2025-11-14"),
        ("on the 14th of this month", "2025-11-14"),
        ("14 November 2024", "2024-11-14"),
        ("NOVEMBER 14, 2024", "2024-11-14"),
        ("Monday, Nov. 24, 2025", "2025-11-24"),
        ("Oct. 30-31", "2025-10-30..2025-10-31"),
        ("14–16 November 2025", "2025-11-14..2025-11-16"),
        ("in November", "2025-11-01..2025-11-30"),
        ("in May", "2025-05-01..2025-05-31"),
        ("mid-March", "2025-03-01..2025-03-31"),
        ("April next year", "2026-04-01..2026-04-30"),
        ("last November", "2024-11-01..2024-11-30"),
        ("early 2025", "2025-01-01..2025-12-31"),
        ("in 1848", "1848-01-01..1848-12-31"),
        ("the 1990s", "1990-01-01..1999-12-31"),
        ("Q3 2025", "2025-07-01..2025-09-30"),
        ("the third quarter of 2024", "2024-07-01..2024-09-30"),
        ("2025-11-25T11:07:00Z", "2025-11-25"),
        ("2025/11/25 11:07 KST", "2025-11-25"),
        ("Taiwan17.11.25, 16:36", "2025-11-17"),
        ("11/25/2025", "2025-11-25"),
        ("25/11/2025", "2025-11-25"),
        ("on Monday", "2025-11-24"),
        ("on Tuesday", "2025-11-25"),
        ("last Tuesday", "2025-11-18"),
        ("next Tuesday", "2025-12-02"),
        ("they will meet on Friday", "2025-11-28"),
        ("yesterday", "2025-11-24"),
        ("last night", "2025-11-24"),
        ("this morning", "2025-11-25"),
        ("last week", "2025-11-17..2025-11-23"),
        ("last month", "2025-10-01..2025-10-31"),
        ("next year", "2026-01-01..2026-12-31"),
        ("this quarter", "2025-10-01..2025-12-31"),
        ("three weeks ago", "2025-10-27..2025-11-09"),
        ("by the end of this month", "2025-11-01..2025-11-30"),
        ("by month’s end", "2025-11-01..2025-11-30"),
        ("later in the year", "2025-01-01..2025-12-31"),
        ("le 1er mai", "2025-05-01"),
        ("14 de noviembre de 2025", "2025-11-14"),
        ("am 3. Oktober", "2025-10-03"),
        ("fin d'octobre 2025", "2025-10-01..2025-10-31"),
        ("14 novembre 2025", "2025-11-14"),
        ("14 de março de 2025", "2025-03-14"),
        ("14 maart", "2025-03-14"),
        ("14 листопада 2025 року", "2025-11-14"),
        ("14 ноября", "2025-11-14"),
        ("2025年11月25日", "2025-11-25"),
        ("11月14日", "2025-11-14"),
        ("24日", "2025-11-24"),
        ("2日", "2025-11-02"),
        ("昨天", "2025-11-24"),
        ("어제", "2025-11-24"),
        ("2025년 11월 25일", "2025-11-25"),
        ("周一", "2025-11-24"),
    ],
)
def test_a_date_stands_for_its_days(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2,025 people, 2025 people, $2025, versions 3.11.2 and 192.168.0.1",
        "The score was 3-1 at 11:07.",
        "He may march on. March was cold-hearted. May said no.",
        "over the last year and for 3日間",
        "Feb 30 and 31.02.2025 and 13/13/2025",
        "1848 men of 555-2034",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("text", ["two days earlier", "the next day", "the week before"])
def test_a_day_counted_from_another_day_stays_open(text: str) -> None:
    assert days(text) is None


@pytest.mark.parametrize("text", ["on Monday", "Nov 14", "last month", "24日"])
def test_without_a_day_of_writing_nothing_is_guessed(text: str) -> None:
    assert days(text, None) is None


def test_figures_that_can_be_read_both_ways_keep_both_readings() -> None:
    mention = only("11/12/2025")
    assert mention.ambiguous
    assert resolve(mention, TODAY) is None
    assert [p.first for p in readings(mention)] == [date(2025, 12, 11), date(2025, 11, 12)]
    assert compatible(only("Nov 12, 2025"), mention)
    assert compatible(only("11 December 2025"), mention)
    assert not compatible(only("Nov 13, 2025"), mention)


def test_a_year_beyond_the_calendar_is_not_resolved() -> None:
    assert days("9000 years ago") is None


def test_leap_days_are_sought_where_they_exist() -> None:
    assert days("Feb 29", date(2024, 3, 5)) == "2024-02-29"
    assert days("Feb 29", date(2026, 6, 1)) is None


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
    assert compatible(only(claim), only(source), TODAY, date(2025, 11, 24))


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
    assert not compatible(only(claim), only(source), TODAY, TODAY)


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
    assert compatible(only(claim), only(source)) is expected


@given(st.text(alphabet="Nov 14.,-/20Mayof25lastweekthis年月日\n'") | st.text())
def test_spans_are_true_ordered_and_apart(text: str) -> None:
    found = mentions(text)
    assert all(text[m.span.start : m.span.end] == m.text != "" for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_a_full_date_is_read_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%d.%m.%Y", "%Y年%m月%d日"):
        period = resolve(only(f"On {day.strftime(form)} it rained"))
        assert period == (day, day)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(-300, 40))
def test_a_day_without_a_year_is_found_from_near_by(reference: date, away: int) -> None:
    day = date.fromordinal(reference.toordinal() + away)
    text = day.strftime("%B %d")
    if text != "February 29":
        assert resolve(only(text), reference) == (day, day)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 6))
def test_a_bare_weekday_is_the_last_one(reference: date, back: int) -> None:
    day = date.fromordinal(reference.toordinal() - back)
    assert resolve(only(day.strftime("on %A")), reference) == (day, day)


@pytest.mark.parametrize("piece", ["2025-11-", "Monday, ", "2025年", ".", "14-", "a'", "10/"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    mentions(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 3
