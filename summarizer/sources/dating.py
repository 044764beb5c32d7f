"""When an article was published, from what it says itself when its page does not tell.

Cascade, each step only if the one before found nothing: the page's data; a dateline; the latest
day that the text mentions as past. A day without a year ("Nov. 14") is read against the latest day
that the article, else the whole collection, names in full.
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

__all__ = ["LAG", "certainly_before", "settle"]

LAG = timedelta(days=45)
"""How long after the latest day that its text mentions an article may well have been written."""

AHEAD = timedelta(days=7)
"""How far a day without a year may lie behind the latest known one and still be of that year."""

_PLANNED = re.compile(
    r"\b(?:by|until|till|before|from|next|will|on or before|due|through)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_EARLIEST = 1990


class _Day(NamedTuple):
    mention: Mention
    source: PublishedFrom

    @property
    def full(self) -> date | None:
        """The day, when the text names its year too."""
        period = resolve(self.mention, None)
        return period.last if period and self.mention.year else None


def settle(
    articles: Sequence[Article], furniture: Mapping[str, Sequence[Furniture]]
) -> list[Article]:
    """The articles, each with the date that can be known for it and where it is from."""
    undated = {a.id: _days(a, furniture[a.id]) for a in articles if a.published is None}
    known = [a.published for a in articles if a.published]
    named = [day.full for days in undated.values() for day in days if day.full]
    latest = max(known or named, default=None)
    return [
        replace(article, published=found[0], published_from=found[1])
        if article.id in undated and (found := _published(undated[article.id], latest))
        else article
        for article in articles
    ]


def certainly_before(article: Article, since: date) -> bool:
    """Whether the article is older than that, even if its date is only a lower bound."""
    if article.published is None:
        return False
    return article.published + (LAG if article.written is None else timedelta()) < since


def _days(article: Article, furniture: Sequence[Furniture]) -> list[_Day]:
    """Days with month and day of month, in datelines, else in the article or its teasers."""
    datelines = [item.span for item in furniture if item.kind == "dateline"]
    foreign = [
        item.span for item in furniture if item.kind in ("foreign", "instruction", "copyright")
    ]
    days = [
        _Day(mention, "dateline" if _within(mention.span, datelines) else "text")
        for mention in mentions(article.text)
        if mention.month and mention.day and not _within(mention.span, foreign)
        if not _PLANNED.search(article.text, max(0, mention.span.start - 24), mention.span.start)
    ]
    return [day for day in days if day.full is None or day.full.year >= _EARLIEST]


def _within(span: Span, walls: Sequence[Span]) -> bool:
    return any(inside(span, wall) for wall in walls)


def _published(days: Sequence[_Day], latest: date | None) -> tuple[date, PublishedFrom] | None:
    """The dateline, else the latest day mentioned."""
    own = max((day.full for day in days if day.full), default=latest)
    for source in ("dateline", "text"):
        found = [when for day in days if day.source == source and (when := _dated(day, own))]
        if found:
            return (min(found) if source == "dateline" else max(found)), source
    return None


def _dated(day: _Day, latest: date | None) -> date | None:
    """The day in full: its own year, else the last one that is not after ``latest``."""
    if day.full or latest is None:
        return day.full
    for year in (latest.year + 1, latest.year, latest.year - 1):
        period = resolve(day.mention._replace(year=year), None)
        if period and period.last <= latest + AHEAD:
            return period.last
    return None
