"""The publication date of an article that its source does not give, inferred from its text.

source                  data of the page, feed, mail: what `sources.page_dates` and readers found
| dateline              goes before the day in the URL or beside the title, and confirms an estimate
| bound                 only of an article without a date: the latest day that the text mentions as
                        past, unless the text also names a later year

A day without a year ("Nov. 14") is resolved against the latest day that the article names in full,
or else against the latest day of the sources and datelines of the collection.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from summarizer.sources.articles import (
    Article,
    Boilerplate,
    PublishedFrom,
    calendar_day,
    publication_instant,
)
from summarizer.sources.datelines import clock_time
from summarizer.text.date_resolution import resolve_date
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.lexicon import lexicon, pattern_of_all
from summarizer.text.sentences import SENTENCE_TERMINALS
from summarizer.text.spans import inside

MAX_CLOCK_SKEW = timedelta(hours=14)
"""Time by which a date may be after now: that of a local time without its zone, at most."""

MAX_WRITING_LAG = timedelta(days=45)
"""Usual limit of the time from the latest day that a text mentions to its publication. It is used
to compare the dates of two articles, not to date one."""

MAX_AHEAD_OF_LATEST = timedelta(days=7)
"""Time by which a day without a year may be after the latest known day and still be of its year."""

_DEADLINE_WORD = re.compile(rf"\b{pattern_of_all('deadline_words')}\s+(?:the\s+)?$", re.IGNORECASE)
_FUTURE_MARKER = re.compile(
    rf"\b{pattern_of_all('future_markers')}\b|{pattern_of_all('future_characters')}", re.IGNORECASE
)
_CLAUSE_END = re.compile(rf"[{SENTENCE_TERMINALS};,،]\s|[，。；！？、]|\n")
CLAUSE_WINDOW_CHARS = 160
"""Code points around a day in which its clause is searched."""
_EARLIEST_YEAR = 1990
_LESS_THAN_DATELINE = {"url", "visible", "estimate", "future"}
"""What a dateline goes before."""
_DATELESS_KINDS = {"foreign", "instruction", "copyright"}
"""Boilerplate whose dates say nothing about the article."""


class _MentionedDay(NamedTuple):
    mention: DateMention
    source: PublishedFrom
    clock: time | None = None

    @property
    def full(self) -> date | None:
        """The day, if the text also names its month and year."""
        complete = self.mention.year and self.mention.month and self.mention.day
        period = resolve_date(self.mention, None) if complete else None
        return period.last if period else None


def infer_publication_dates(
    articles: Sequence[Article],
    boilerplate: Mapping[str, Sequence[Boilerplate]],
    now: datetime | None = None,
) -> list[Article]:
    """The articles; those without a trusted date have the inferred one and its origin, if there is
    any. Dates after ``now`` are not used."""
    if now:
        articles = mark_future_dates(articles, now)
    undated = {
        a.id: _mentioned_days(a, boilerplate[a.id])
        for a in articles
        if a.published is None or a.published_from in _LESS_THAN_DATELINE
    }
    latest = _latest_exact_date(articles, undated)
    inferred = {source: _inferred_date(days, latest) for source, days in undated.items()}
    dated = []
    for article in articles:
        published, source = inferred.get(article.id, (None, None))
        better = article.published is None or (source == "dateline" and _agrees(article, published))
        if published and better and not (now and is_future(published, now)):
            dated.append(replace(article, published=published, published_from=source))
        else:
            dated.append(article)
    return dated


def _agrees(article: Article, dateline: date | datetime | None) -> bool:
    """Whether the dateline is not another day than the one that is estimated."""
    if article.published_from != "estimate" or not (article.day and dateline):
        return True
    return abs(calendar_day(dateline) - article.day) <= timedelta(days=1)


def mark_future_dates(articles: Sequence[Article], now: datetime) -> list[Article]:
    """The articles; the date of one that is dated after ``now`` is not to be relied on."""
    future = {a.id for a in articles if a.published and is_future(a.published, now)}
    return [replace(a, published_from="future") if a.id in future else a for a in articles]


def is_future(published: date | datetime, now: datetime) -> bool:
    """Whether it is after ``now`` in every time zone."""
    try:
        return publication_instant(published) > publication_instant(now) + MAX_CLOCK_SKEW
    except OverflowError:  # the first or last possible day, in another time zone
        return False


def _latest_exact_date(
    articles: Sequence[Article], undated: Mapping[str, Sequence[_MentionedDay]]
) -> date | None:
    """The latest exact day of pages and datelines; None if they span more than a year."""
    exact = [a.exact_date for a in articles if a.exact_date]
    exact += [
        day.full
        for days in undated.values()
        for day in days
        if day.full and day.source == "dateline"
    ]
    if not exact or max(exact) - min(exact) > timedelta(days=366):
        return None
    return max(exact)


def certainly_before(article: Article, since: date | datetime) -> bool:
    """Whether the article is known to be older than ``since``. An article with only a lower bound
    may have been written at any later time, so it is not; one of which only the day is known may
    have been written at the end of it."""
    if article.exact_date is None:
        return False
    published = article.published
    if isinstance(since, datetime):
        if isinstance(published, datetime) and published.tzinfo:
            return published < since
        since = since.date()
    return article.exact_date < since


def _mentioned_days(article: Article, boilerplate: Sequence[Boilerplate]) -> list[_MentionedDay]:
    """The days and years in datelines and in the article, without planned days and old years."""
    days, text = [], article.text
    words = lexicon(article.language)
    day_first = words.known and words.day_first
    for found in find_dates(text):
        mention = found._replace(ambiguous=found.ambiguous and not day_first)
        around = [item for item in boilerplate if inside(mention.span, item.span)]
        kinds = {item.kind for item in around}
        if kinds & _DATELESS_KINDS or not (mention.day or mention.year):
            continue
        if (mention.year or _EARLIEST_YEAR) < _EARLIEST_YEAR:
            continue
        if "dateline" in kinds:
            clock = clock_time(text[slice(*around[0].span)])
            days.append(_MentionedDay(mention, "dateline", clock))
            continue
        start, end = mention.span
        before = _CLAUSE_END.split(text[max(0, start - CLAUSE_WINDOW_CHARS) : start])[-1]
        after = _CLAUSE_END.split(text[end : end + CLAUSE_WINDOW_CHARS])[0]
        if not (_DEADLINE_WORD.search(before) or _FUTURE_MARKER.search(f"{before} {after}")):
            days.append(_MentionedDay(mention, "text"))
    return days


def _inferred_date(
    days: Sequence[_MentionedDay], latest: date | None
) -> tuple[date | datetime | None, PublishedFrom | None]:
    """The earliest dateline, with its time; else the latest day mentioned."""
    reference = max((day.full for day in days if day.full), default=latest)
    datelines: list[tuple[date, time | None]] = []
    mentioned: list[date] = []
    for day in days:
        # The year of a dateline is certain only from another source: what the text mentions may be
        # years older.
        if day.source == "dateline" and (complete := _complete_date(day, latest)):
            datelines.append((complete, day.clock))
        elif bound := _complete_date(day, reference):
            mentioned.append(bound)
    if datelines:
        first, clock = min(datelines, key=lambda pair: pair[0])
        return datetime.combine(first, clock) if clock else first, "dateline"
    years = [day.mention.year for day in days if day.mention.year]
    if mentioned and max(mentioned).year >= max(years, default=0):
        return max(mentioned), "text"
    return None, None


def _complete_date(day: _MentionedDay, latest: date | None) -> date | None:
    """The day with its own year, else with the last year in which it is not after ``latest``."""
    if day.full or latest is None or not (day.mention.month and day.mention.day):
        return day.full
    for year in (latest.year + 1, latest.year, latest.year - 1):
        period = resolve_date(day.mention._replace(year=year), None)
        if period and period.last <= latest + MAX_AHEAD_OF_LATEST:
            return period.last
    return None
