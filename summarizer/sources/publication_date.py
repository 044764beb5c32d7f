"""The publication date of an article that its page does not give, inferred from its text.

Each step is tried only if the one before found nothing: the data of the page; a dateline; the
latest day that the text mentions as past, unless the text also names a later year. A day without a
year ("Nov. 14") is resolved against the latest day that the article names in full, or else against
the latest day of the pages and datelines of the collection.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from summarizer.sources.articles import Article, Boilerplate, PublishedFrom
from summarizer.text.date_resolution import resolve_date
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.sentences import SENTENCE_TERMINALS
from summarizer.text.spans import inside

__all__ = ["MAX_WRITING_LAG", "certainly_before", "infer_publication_dates"]

MAX_WRITING_LAG = timedelta(days=45)
"""Usual limit of the time from the latest day that a text mentions to its publication. It is used
to compare the dates of two articles, not to date one."""

MAX_AHEAD_OF_LATEST = timedelta(days=7)
"""Time by which a day without a year may be after the latest known day and still be of its year."""

_DEADLINE_WORD = re.compile(rf"\b{pattern_of_all('deadline_words')}\s+(?:the\s+)?$", re.IGNORECASE)
_FUTURE_MARKER = re.compile(
    rf"\b{pattern_of_all('future_markers')}\b|{pattern_of_all('future_characters')}", re.IGNORECASE
)
_CLAUSE_END = re.compile(rf"[{SENTENCE_TERMINALS};,，،]\s|\n")
CLAUSE_WINDOW_CHARS = 160
"""Code points around a day in which its clause is searched."""
_EARLIEST_YEAR = 1990
_DATELESS_KINDS = {"foreign", "instruction", "copyright"}
"""Boilerplate whose dates say nothing about the article."""


class _MentionedDay(NamedTuple):
    mention: DateMention
    source: PublishedFrom

    @property
    def full(self) -> date | None:
        """The day, if the text also names its month and year."""
        complete = self.mention.year and self.mention.month and self.mention.day
        period = resolve_date(self.mention, None) if complete else None
        return period.last if period else None


def infer_publication_dates(
    articles: Sequence[Article], boilerplate: Mapping[str, Sequence[Boilerplate]]
) -> list[Article]:
    """The articles; those without a date have the inferred one and its origin, if there is any."""
    undated = {a.id: _mentioned_days(a, boilerplate[a.id]) for a in articles if a.published is None}
    latest = _latest_exact_date(articles, undated)
    dated = []
    for article in articles:
        inferred = _inferred_date(undated.get(article.id, ()), latest)
        if inferred:
            day, source = inferred
            dated.append(replace(article, published=day, published_from=source))
        else:
            dated.append(article)
    return dated


def _latest_exact_date(
    articles: Sequence[Article], undated: Mapping[str, Sequence[_MentionedDay]]
) -> date | None:
    """The latest exact day of pages and datelines; None if they span more than a year."""
    exact = [a.published for a in articles if a.published]
    exact += [
        day.full
        for days in undated.values()
        for day in days
        if day.full and day.source == "dateline"
    ]
    if not exact or max(exact) - min(exact) > timedelta(days=366):
        return None
    return max(exact)


def certainly_before(article: Article, since: date) -> bool:
    """Whether the article is known to be older than ``since``. An article with only a lower bound
    may have been written at any later time, so it is not."""
    return article.exact_date is not None and article.exact_date < since


def _mentioned_days(article: Article, boilerplate: Sequence[Boilerplate]) -> list[_MentionedDay]:
    """The days and years in datelines and in the article, without planned days and old years."""
    kind_at = [(item.span, item.kind) for item in boilerplate]
    days = []
    for mention in find_dates(article.text):
        kinds = {kind for span, kind in kind_at if inside(mention.span, span)}
        if kinds & _DATELESS_KINDS or not (mention.day or mention.year):
            continue
        if (mention.year or _EARLIEST_YEAR) < _EARLIEST_YEAR:
            continue
        if "dateline" in kinds:
            days.append(_MentionedDay(mention, "dateline"))
            continue
        (start, end), text = mention.span, article.text
        before = _CLAUSE_END.split(text[max(0, start - CLAUSE_WINDOW_CHARS) : start])[-1]
        after = _CLAUSE_END.split(text[end : end + CLAUSE_WINDOW_CHARS])[0]
        if not (_DEADLINE_WORD.search(before) or _FUTURE_MARKER.search(f"{before} {after}")):
            days.append(_MentionedDay(mention, "text"))
    return days


def _inferred_date(
    days: Sequence[_MentionedDay], latest: date | None
) -> tuple[date, PublishedFrom] | None:
    """The earliest dateline, else the latest day mentioned."""
    reference = max((day.full for day in days if day.full), default=latest)
    dates: dict[PublishedFrom, list[date]] = {"dateline": [], "text": []}
    for day in days:
        if complete := _complete_date(day, reference):
            dates[day.source].append(complete)
    if dates["dateline"]:
        return min(dates["dateline"]), "dateline"
    years = [day.mention.year for day in days if day.mention.year]
    if dates["text"] and max(dates["text"]).year >= max(years, default=0):
        return max(dates["text"]), "text"
    return None


def _complete_date(day: _MentionedDay, latest: date | None) -> date | None:
    """The day with its own year, else with the last year in which it is not after ``latest``."""
    if day.full or latest is None or not (day.mention.month and day.mention.day):
        return day.full
    for year in (latest.year + 1, latest.year, latest.year - 1):
        period = resolve_date(day.mention._replace(year=year), None)
        if period and period.last <= latest + MAX_AHEAD_OF_LATEST:
            return period.last
    return None
