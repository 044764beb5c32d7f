"""Relative days ("yesterday", "on Monday") that mean another day under a story's date.

A source counts from the day of its publication, and the reader from the date of the story. Where
the two differ, another sentence is preferred; where such a sentence is used all the same, the
calendar day is put behind the words: "yesterday (24 Nov)".
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from summarizer.text.date_resolution import resolve_date
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.languages import short_day
from summarizer.text.quotes import blank_quotations

_POSSESSIVE = re.compile(r"['’]s\b")


def is_relative_day(mention: DateMention) -> bool:
    """Whether only the day of publication tells which day it is: a weekday, "yesterday"."""
    relative = mention.relative
    weekday = mention.weekday is not None and not (mention.day or mention.month)
    return weekday or (
        relative is not None and relative.unit == "day" and not relative.from_context
    )


def misread_mentions(
    mentions: Iterable[DateMention], published: date | None, story_day: date
) -> Iterator[tuple[DateMention, date | None]]:
    """The relative days that a reader would take for others, and the days that they mean; None if
    the day of publication is not known."""
    for mention in mentions:
        if not is_relative_day(mention):
            continue
        meant, read = resolve_date(mention, published), resolve_date(mention, story_day)
        if meant is None or meant != read:
            yield mention, meant and meant.first


def with_calendar_days(
    text: str, published: date | None, story_day: date | None, language: str
) -> str:
    """The text with the day behind each relative day that a reader would take for another, except
    inside quotations, which stay as they are.

    >>> with_calendar_days("It sank yesterday.", date(2025, 11, 24), date(2025, 11, 26), "en")
    'It sank yesterday (23 Nov).'
    """
    if story_day is None or published in (None, story_day):
        return text
    told = blank_quotations(text)
    for mention, day in reversed(list(misread_mentions(find_dates(text), published, story_day))):
        start, end = mention.span
        if day is None or told[start:end] != text[start:end]:
            continue
        if possessive := _POSSESSIVE.match(text, end):
            end = possessive.end()
        note = short_day(day, language, with_year=day.year != story_day.year)
        text = f"{text[:end]} ({note}){text[end:]}"
    return text
