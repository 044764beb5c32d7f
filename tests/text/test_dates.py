"""Dates in news text: found wherever they stand, in the words and figures of many languages."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.date_resolution import resolve_date
from summarizer.text.dates import DateMention, find_dates

TODAY = date(2025, 11, 25)  # a Tuesday


def said(text: str) -> list[str]:
    return [mention.text for mention in find_dates(text)]


def only(text: str) -> DateMention:
    (mention,) = find_dates(text)
    return mention


def days(text: str) -> str:
    """The period of the only date in the text, as one day or first..last."""
    period = resolve_date(only(text), TODAY)
    assert period is not None
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


@given(st.text(alphabet="Nov 14.,-/20Mayof25lastweekthis年月日\n'") | st.text())
def test_spans_are_true_ordered_and_apart(text: str) -> None:
    found = find_dates(text)
    assert all(text[m.span.start : m.span.end] == m.text != "" for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_a_full_date_is_read_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%d.%m.%Y", "%Y年%m月%d日"):
        period = resolve_date(only(f"On {day.strftime(form)} it rained"))
        assert period == (day, day)


@pytest.mark.parametrize("piece", ["2025-11-", "Monday, ", "2025年", ".", "14-", "a'", "10/"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    find_dates(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 3
