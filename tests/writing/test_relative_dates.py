"""A relative day means the same under the date of the story as in its source, or says its day."""

from datetime import date

import pytest

from summarizer.text.dates import find_dates
from summarizer.writing.relative_dates import misread_mentions, with_calendar_days

SATURDAY, WEDNESDAY = date(2025, 11, 22), date(2025, 11, 26)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It sank yesterday off Mirel.", "It sank yesterday (21 Nov) off Mirel."),
        ("Today, the mayor quit.", "Today (22 Nov), the mayor quit."),
        ("He spoke after Saturday's vote.", "He spoke after Saturday's vote."),
        ("He spoke on Thursday.", "He spoke on Thursday."),
        ("He will speak next Monday.", "He will speak next Monday (24 Nov)."),
        ("He quit after yesterday's vote.", "He quit after yesterday's (21 Nov) vote."),
        ("“We will sail tomorrow,” he said.", "“We will sail tomorrow,” he said."),
        ("He quit on 3 May and in 2019.", "He quit on 3 May and in 2019."),
        ("He quit two days earlier.", "He quit two days earlier."),
    ],
)
def test_a_day_that_the_storys_date_would_change_is_named(text: str, told: str) -> None:
    assert with_calendar_days(text, SATURDAY, WEDNESDAY, "en") == told


def test_a_weekday_of_an_earlier_week_is_named() -> None:
    told = with_calendar_days("It sank on Monday.", date(2025, 11, 12), WEDNESDAY, "en")
    assert told == "It sank on Monday (10 Nov)."


def test_the_year_is_named_where_it_is_another() -> None:
    told = with_calendar_days("It sank yesterday.", date(2026, 1, 1), date(2026, 1, 9), "en")
    assert told == "It sank yesterday (31 Dec 2025)."


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Die Fähre sank gestern.", "de", "Die Fähre sank gestern (21. Nov.)."),
        ("Паром затонул вчера.", "ru", "Паром затонул вчера (21 нояб.)."),
        ("渡轮昨天沉没。", "zh", "渡轮昨天 (11月21日)沉没。"),
        ("The ferry sank yesterday.", "xx", "The ferry sank yesterday (21 Nov)."),
    ],
)
def test_the_day_is_written_as_the_language_does(text: str, language: str, told: str) -> None:
    assert with_calendar_days(text, SATURDAY, WEDNESDAY, language) == told


def test_nothing_is_added_where_the_days_agree_or_are_not_known() -> None:
    for published, story in ((SATURDAY, SATURDAY), (None, SATURDAY), (SATURDAY, None)):
        assert with_calendar_days("It sank yesterday.", published, story, "en").endswith("day.")


def test_an_undated_source_leaves_its_relative_days_open() -> None:
    mentions = find_dates("It sank yesterday, and on 3 May 2019.")
    assert [day for _, day in misread_mentions(mentions, None, WEDNESDAY)] == [None]
