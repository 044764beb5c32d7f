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
from summarizer.text.sentences import SENTENCE_TERMINALS
from summarizer.text.spans import Span, inside

__all__ = ["MAX_WRITING_LAG", "certainly_before", "infer_publication_dates"]

MAX_WRITING_LAG = timedelta(days=45)
"""How long after the latest day that its text mentions an article may well have been written:
up to there, two articles may be about one event. It dates nothing."""

MAX_AHEAD_OF_LATEST = timedelta(days=7)
"""How far a day without a year may lie behind the latest known one and still be of that year."""

_DEADLINE_WORD = re.compile(
    r"\b(?:by|until|till|before|from|next|due|through)\s+(?:the\s+)?$", re.IGNORECASE
)
_FUTURE_MARKER = re.compile(
    r"\b(?:will|shall|(?:is|are) to|expected|scheduled|planned|set to|upcoming|deadline"
    r"|wird|werden|soll|será|prévu|sera|ожида\w+|будет|будут|відбудеться|заплан\w+)\b"
    r"|将|將|预计|預計|예정",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(rf"[{SENTENCE_TERMINALS};,，،]\s|\n")
CLAUSE_WINDOW_CHARS = 160
"""Code points around a day in which its clause is looked for."""
_EARLIEST_YEAR = 1990


class _MentionedDay(NamedTuple):
    mention: DateMention
    source: PublishedFrom

    @property
    def full(self) -> date | None:
        """The day, when the text names its month and year too."""
        whole = self.mention.year and self.mention.month and self.mention.day
        period = resolve_date(self.mention, None) if whole else None
        return period.last if period else None


def infer_publication_dates(
    articles: Sequence[Article], furniture: Mapping[str, Sequence[Boilerplate]]
) -> list[Article]:
    """The articles, each with the date that can be known for it and where it is from."""
    undated = {a.id: _mentioned_days(a, furniture[a.id]) for a in articles if a.published is None}
    latest = _latest_exact_date(articles, undated)
    return [
        replace(article, published=found[0], published_from=found[1])
        if article.id in undated and (found := _inferred_date(undated[article.id], latest))
        else article
        for article in articles
    ]


def _latest_exact_date(
    articles: Sequence[Article], undated: Mapping[str, Sequence[_MentionedDay]]
) -> date | None:
    """The latest day that pages and datelines name exactly, if they are of one year's run."""
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
    """Whether the article is known to be older than that. An article with only a lower bound may
    have been written at any time since, so a bound never makes it old."""
    return article.exact_date is not None and article.exact_date < since


def _mentioned_days(article: Article, furniture: Sequence[Boilerplate]) -> list[_MentionedDay]:
    """Days and years that are named, in datelines, else in the article or its teasers."""
    datelines = [item.span for item in furniture if item.kind == "dateline"]
    foreign = [
        item.span for item in furniture if item.kind in ("foreign", "instruction", "copyright")
    ]
    days = [
        _MentionedDay(mention, "dateline" if _is_within(mention.span, datelines) else "text")
        for mention in find_dates(article.text)
        if (mention.day or mention.year) and not _is_within(mention.span, foreign)
        if _is_within(mention.span, datelines) or not _is_planned(article.text, mention.span)
    ]
    return [day for day in days if (day.mention.year or _EARLIEST_YEAR) >= _EARLIEST_YEAR]


def _is_planned(text: str, day: Span) -> bool:
    """Whether the clause speaks of that day as one to come."""
    before = _CLAUSE_END.split(text[max(0, day.start - CLAUSE_WINDOW_CHARS) : day.start])[-1]
    after = _CLAUSE_END.split(text[day.end : day.end + CLAUSE_WINDOW_CHARS])[0]
    return bool(_DEADLINE_WORD.search(before) or _FUTURE_MARKER.search(f"{before} {after}"))


def _is_within(span: Span, walls: Sequence[Span]) -> bool:
    return any(inside(span, wall) for wall in walls)


def _inferred_date(
    days: Sequence[_MentionedDay], latest: date | None
) -> tuple[date, PublishedFrom] | None:
    """The dateline, else the latest day mentioned."""
    own = max((day.full for day in days if day.full), default=latest)
    datelines = [
        when for day in days if day.source == "dateline" and (when := _complete_date(day, own))
    ]
    if datelines:
        return min(datelines), "dateline"
    told = [when for day in days if day.source == "text" and (when := _complete_date(day, own))]
    years = [day.mention.year for day in days if day.mention.year]
    if told and max(told).year >= max(years, default=0):
        return max(told), "text"
    return None


def _complete_date(day: _MentionedDay, latest: date | None) -> date | None:
    """The day in full: its own year, else the last one that is not after ``latest``."""
    if day.full or latest is None or not (day.mention.month and day.mention.day):
        return day.full
    for year in (latest.year + 1, latest.year, latest.year - 1):
        period = resolve_date(day.mention._replace(year=year), None)
        if period and period.last <= latest + MAX_AHEAD_OF_LATEST:
            return period.last
    return None
