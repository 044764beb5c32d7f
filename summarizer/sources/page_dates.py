"""The publication date of a web page, and how far it is to be trusted.

data of the page        meta, JSON-LD, microdata; trusted unless the page shows another day
| URL                   a full day in its path
| beside the title      the full day that stands nearest to the headline
| estimate              what contradicts the page, or htmldate's choice

Measured by ``benchmarks.quality.dates``: of the days in the data of a page that shows only other
days, most are wrong, and so is one in five of the days that stand elsewhere than beside the title.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.sources.articles import PublishedFrom, calendar_day
from summarizer.sources.text_nodes import HtmlTree, text_nodes
from summarizer.text.dates import DateMention, find_dates
from summarizer.text.sentences import ends_sentence
from summarizer.text.spans import Span

MAX_TITLE_DISTANCE_CHARS = 500
"""Code points of the visible text after the title in which the page's date is searched. Before the
title it is searched in half of them."""

MIN_HEADING_CHARS = 8
"""Code points of the shortest heading that identifies the article."""

MAX_DATE_LINE_CHARS = 160
"""Code points of a line that shows a date to readers; a longer one is a paragraph."""

MAX_VISIBLE_CHARS = 200_000

_ONE_DAY = timedelta(days=1)
"""Difference of two days that time zones explain."""

_DATE_META_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "date.published", "published_time", "publication_date", "publishdate", "publish-date",
    "publish_date", "pubdate", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "dcterms.issued", "dc.date.issued", "dcterms.created",
    "dcterms.date", "dc.date", "citation_publication_date", "date",
)  # fmt: skip
_JSON_LD_DATE = re.compile(r'"(?:datePublished|dateCreated)"\s*:\s*"([^"]{8,40})"')
_DATE_XPATHS = (
    './/*[@itemprop="datePublished"]/@datetime|.//*[@itemprop="datePublished"]/@content',
    ".//time[@pubdate]/@datetime",
)
_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([/_.-])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?!\d)", re.ASCII
)
_ISO_DATE = re.compile(r"\s*(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_UNIX_SECONDS = re.compile(r"1\d{9}")
_CLOCK_TIME = re.compile(
    r"[T\s,]{1,3}(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_PLACEHOLDER_DATES = {date(1, 1, 1), date(1970, 1, 1)}


_MARGINS = frozenset(("nav", "aside", "footer"))
"""Elements whose dates are those of other pages, or of the whole site."""


class PageDate(NamedTuple):
    """The date of a page and where it was found; both None if there is none."""

    published: date | datetime | None = None
    source: PublishedFrom | None = None


def parse_published(value: object) -> date | datetime | None:
    """The time of an ISO 8601 or RFC 2822 date in its own zone; the day, if that is all it gives.

    >>> parse_published("2025-11-25T23:30:00-05:00").isoformat()
    '2025-11-25T23:30:00-05:00'
    >>> parse_published("2025-11-25"), parse_published("soon")
    (datetime.date(2025, 11, 25), None)
    """
    if not isinstance(value, str):
        return None
    try:
        if _UNIX_SECONDS.fullmatch(value.strip()):
            return datetime.fromtimestamp(int(value), UTC)
        if iso := _ISO_DATE.match(value):
            day = date(int(iso[1]), int(iso[3]), int(iso[4]))
            published: date | datetime = _with_clock_time(day, value[iso.end() :])
        else:
            from email.utils import parsedate_to_datetime

            published = parsedate_to_datetime(value[:100])
        published.isoformat()
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return None if calendar_day(published) in _PLACEHOLDER_DATES else published


def _with_clock_time(day: date, rest: str) -> date | datetime:
    """The day with the time of day and the zone at the start of ``rest``, if there is one."""
    clock = _CLOCK_TIME.match(rest)
    if clock is None:
        return day
    hour, minute, second, zone = clock.groups()
    offset = None
    if zone and zone[0] in "+-":
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        offset = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
    elif zone:
        offset = UTC
    return datetime(
        day.year, day.month, day.day, int(hour), int(minute), int(second or 0), tzinfo=offset
    )


def url_day(url: str | None) -> date | None:
    """The day in the path of a URL; None if it names none or several.

    >>> url_day("https://news.example/2025/11/25/ferry-sinks")
    datetime.date(2025, 11, 25)
    """
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    days = set()
    for match in _URL_DAY.finditer(path):
        year, _, month, day, month2, day2 = match.groups()
        with suppress(ValueError):
            days.add(date(int(year), int(month or month2), int(day or day2)))
    return days.pop() if len(days) == 1 else None


def page_date(tree: HtmlTree, url: str | None, title: str | None, htmldate: str | None) -> PageDate:
    """The date of the page. ``htmldate``: the choice of that library, which trafilatura runs."""
    dates = map(parse_published, _stated_dates(tree))
    stated = next((published for published in dates if published), None)
    visible = _visible_text(tree)
    beside_title = _days_beside_title(tree, visible, title)
    if stated and _is_shown(calendar_day(stated), beside_title, visible):
        return PageDate(stated, "page")
    if day := url_day(url):
        return PageDate(day, "url")
    nearest = next(iter(beside_title)) if len(beside_title) == 1 else None
    if nearest and not stated:
        return PageDate(nearest, "visible")
    estimate = nearest or stated or parse_published(htmldate)
    return PageDate(estimate, "estimate" if estimate else None)


def _stated_dates(tree: HtmlTree) -> Iterator[str]:
    """Every publication date in the page's metadata, the most reliable first."""
    meta_content: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            meta_content.setdefault(meta.get(key, "").lower(), meta.get("content", ""))
    yield from (meta_content[name] for name in _DATE_META_NAMES if name in meta_content)
    for script in tree.iter("script"):
        if "json" in script.get("type", ""):
            yield from _JSON_LD_DATE.findall(script.text or "")
    for path in _DATE_XPATHS:
        yield from map(str, tree.xpath(path))


def _visible_text(tree: HtmlTree) -> str:
    """The text of the body, one block a line, with the machine-readable day of each ``<time>``."""
    body = tree.find("body")
    nodes = text_nodes(tree if body is None else body, without=_MARGINS, with_times=True)
    lines = (" ".join(line.split()) for line in "".join(nodes).split("\n"))
    return "\n".join(filter(None, lines))[:MAX_VISIBLE_CHARS]


def _days_beside_title(tree: HtmlTree, visible: str, title: str | None) -> frozenset[date]:
    """The day nearest to the headline; both readings of one such as 11/12/2025."""
    names = " ".join(f"{title or ''} {tree.findtext('.//title') or ''}".split())
    one_line = visible.replace("\n", " ")
    for element in (each for level in ("h1", "h2") for each in tree.iter(level)):
        heading = " ".join(element.text_content().split())
        start = one_line.find(heading) if len(heading) >= MIN_HEADING_CHARS else -1
        if start < 0 or heading not in names:
            continue
        end = start + len(heading)
        first = max(0, start - MAX_TITLE_DISTANCE_CHARS // 2)
        near = []
        for span, days in _shown_days(visible, first, end + MAX_TITLE_DISTANCE_CHARS):
            # A day in the headline itself, which is what happened, has a negative distance.
            distance = max(span.start - end, 2 * (start - span.end))
            near += [(distance, days)] if distance >= 0 else []
        return min(near, key=lambda pair: pair[0])[1] if near else frozenset()
    return frozenset()


def _shown_days(
    visible: str, first: int = 0, last: int = MAX_VISIBLE_CHARS
) -> Iterator[tuple[Span, frozenset[date]]]:
    """The full days in this part of the text, outside sentences, which tell of other days."""
    for mention in find_dates(visible[first:last]):
        span = Span(first + mention.span.start, first + mention.span.end)
        start = visible.rfind("\n", 0, span.start) + 1
        end = visible.find("\n", span.end)
        line = visible[start : end if end >= 0 else len(visible)]
        apart = len(line) <= MAX_DATE_LINE_CHARS and not ends_sentence(line)
        if apart and (days := _full_days(mention)):
            yield span, days


def _full_days(mention: DateMention) -> frozenset[date]:
    """The days that a mention with day, month and year may mean."""
    if not (mention.year and mention.month and mention.day) or mention.relative:
        return frozenset()
    days = set()
    pairs = [(mention.month, mention.day)]
    for month, day in [*pairs, (mention.day, mention.month)] if mention.ambiguous else pairs:
        with suppress(ValueError):
            days.add(date(mention.year, month, day))
    return frozenset(days)


def _is_shown(stated: date, beside_title: frozenset[date], visible: str) -> bool:
    """Whether the page does not show its reader another day: beside the title or, where there is
    none, anywhere."""
    shown = beside_title or {day for _, days in _shown_days(visible) for day in days}
    return not shown or any(abs(day - stated) <= _ONE_DAY for day in shown)
