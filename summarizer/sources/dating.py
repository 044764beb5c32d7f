"""When an article was published, from what it says itself when its page does not tell.

Cascade, each step only if the one before found nothing: the page's data; a dateline; the latest
day that the text mentions as past, unless it names a later year too. A day without a year
("Nov. 14") is read against the latest day that the article names in full, else that the pages and
datelines of the collection do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from summarizer.sources.articles import Article, Furniture, PublishedFrom
from summarizer.text.dates import Mention, mentions
from summarizer.text.periods import resolve
from summarizer.text.selectors import Span, inside
from summarizer.text.sentence_ends import STOPS

__all__ = ["LAG", "certainly_before", "settle"]

LAG = timedelta(days=45)
"""How long after the latest day that its text mentions an article may well have been written:
up to there, two articles may be about one event. It dates nothing."""

AHEAD = timedelta(days=7)
"""How far a day without a year may lie behind the latest known one and still be of that year."""

_UNTIL = re.compile(
    r"\b(?:by|until|till|before|from|next|due|through)\s+(?:the\s+)?$", re.IGNORECASE
)
_PLANNED = re.compile(
    r"\b(?:will|shall|(?:is|are) to|expected|scheduled|planned|set to|upcoming|deadline"
    r"|wird|werden|soll|será|prévu|sera|ожида\w+|будет|будут|відбудеться|заплан\w+)\b"
    r"|将|將|预计|預計|예정",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"[{STOPS};,，،]\s|\n")
REACH = 160
"""Code points around a day in which its clause is looked for."""
_EARLIEST = 1990


class _Day(NamedTuple):
    mention: Mention
    source: PublishedFrom

    @property
    def full(self) -> date | None:
        """The day, when the text names its month and year too."""
        whole = self.mention.year and self.mention.month and self.mention.day
        period = resolve(self.mention, None) if whole else None
        return period.last if period else None


def settle(
    articles: Sequence[Article], furniture: Mapping[str, Sequence[Furniture]]
) -> list[Article]:
    """The articles, each with the date that can be known for it and where it is from."""
    undated = {a.id: _days(a, furniture[a.id]) for a in articles if a.published is None}
    latest = _anchor(articles, undated)
    return [
        replace(article, published=found[0], published_from=found[1])
        if article.id in undated and (found := _published(undated[article.id], latest))
        else article
        for article in articles
    ]


def _anchor(articles: Sequence[Article], undated: Mapping[str, Sequence[_Day]]) -> date | None:
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
    return article.written is not None and article.written < since


def _days(article: Article, furniture: Sequence[Furniture]) -> list[_Day]:
    """Days and years that are named, in datelines, else in the article or its teasers."""
    datelines = [item.span for item in furniture if item.kind == "dateline"]
    foreign = [
        item.span for item in furniture if item.kind in ("foreign", "instruction", "copyright")
    ]
    days = [
        _Day(mention, "dateline" if _within(mention.span, datelines) else "text")
        for mention in mentions(article.text)
        if (mention.day or mention.year) and not _within(mention.span, foreign)
        if _within(mention.span, datelines) or not _planned(article.text, mention.span)
    ]
    return [day for day in days if (day.mention.year or _EARLIEST) >= _EARLIEST]


def _planned(text: str, day: Span) -> bool:
    """Whether the clause speaks of that day as one to come."""
    before = _CLAUSE.split(text[max(0, day.start - REACH) : day.start])[-1]
    after = _CLAUSE.split(text[day.end : day.end + REACH])[0]
    return bool(_UNTIL.search(before) or _PLANNED.search(f"{before} {after}"))


def _within(span: Span, walls: Sequence[Span]) -> bool:
    return any(inside(span, wall) for wall in walls)


def _published(days: Sequence[_Day], latest: date | None) -> tuple[date, PublishedFrom] | None:
    """The dateline, else the latest day mentioned."""
    own = max((day.full for day in days if day.full), default=latest)
    datelines = [when for day in days if day.source == "dateline" and (when := _dated(day, own))]
    if datelines:
        return min(datelines), "dateline"
    told = [when for day in days if day.source == "text" and (when := _dated(day, own))]
    years = [day.mention.year for day in days if day.mention.year]
    if told and max(told).year >= max(years, default=0):
        return max(told), "text"
    return None


def _dated(day: _Day, latest: date | None) -> date | None:
    """The day in full: its own year, else the last one that is not after ``latest``."""
    if day.full or latest is None or not (day.mention.month and day.mention.day):
        return day.full
    for year in (latest.year + 1, latest.year, latest.year - 1):
        period = resolve(day.mention._replace(year=year), None)
        if period and period.last <= latest + AHEAD:
            return period.last
    return None
