"""The bytes of a feed -> its entries: RSS, Atom and RDF through feedparser, JSON Feed.

Whatever the feed says, an entry holds plain text and an http(s) link, or none.
"""

import json
import re
from calendar import timegm
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from summarizer.errors import ExtractionError, FeedError, FetchError
from summarizer.sources.entries import MOST, Entry, Listing, apart, instant, newest
from summarizer.sources.extract import PARSER_FAILURES, decode, one_line, prose
from summarizer.sources.fetch import normalise

__all__ = ["read_feed"]

LONGEST_TEXT, LONGEST_TITLE = 500_000, 500
"""Code points of one entry's markup and title; what comes after them is cut."""

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
_OFFERED = re.compile(
    rb"""<link\b[^>]{0,400}\btype\s*=\s*["']?application/(?:rss|atom|feed)\+(?:xml|json)[^>]{0,400}>""",
    re.IGNORECASE,
)
_TARGET = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]{1,400})""", re.IGNORECASE)
_APPENDED = re.compile(r"\n?The post .{1,300} (?:appeared first on|first appeared on) .{1,200}\Z")

Parsed = Mapping[str, Any]
"""What feedparser or json made of an entry; nothing in it is trusted."""


def read_feed(content: bytes, url: str, *, now: datetime, charset: str | None = None) -> Listing:
    """The entries of the feed at ``url``, in its order; of a long one the newest.

    Raises FeedError for what is no feed.
    """
    if not content.strip():
        raise FeedError("is empty")
    if _PAGE.match(content):
        raise FeedError("is a web page, not a feed", hint=_offered(content, url))
    if _JSON.match(content):
        title, found, broken = _json_feed(content, url, now)
    else:
        title, found, broken = _xml_feed(content, url, now, charset)
    told = [entry for entry in found if entry.title or entry.text]
    entries = tuple(apart(newest(told)))
    return Listing(title, entries, tuple(_problems(broken, found, told)))


def _problems(broken: str, found: Sequence[Entry], told: Sequence[Entry]) -> Iterator[str]:
    if broken:
        yield f"{broken}; {len(told)} entries could be read"
    if not found:
        yield "holds no entries"
    if len(told) < len(found):
        yield f"{len(found) - len(told)} of {len(found)} entries say nothing"
    if len(told) > MOST:
        yield f"holds {len(told)} entries, of which the newest {MOST} are read"


def _offered(content: bytes, url: str) -> str:
    """Where the page says that its feed is."""
    link = _OFFERED.search(content, 0, 200_000)
    target = _TARGET.search(link[0]) if link else None
    address = target and _web(unescape(target[1].decode("utf-8", "replace")), url)
    return f"its feed is {address}" if address else ""


def _xml_feed(
    content: bytes, url: str, now: datetime, charset: str | None
) -> tuple[str | None, list[Entry], str]:
    import feedparser

    kind = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        parsed = feedparser.parse(
            BytesIO(content),  # a path or URL in bytes would be opened
            response_headers={"content-type": kind, "content-location": url},
            sanitize_html=False,  # nothing but text is kept; and that at a tenth of the time
            resolve_relative_uris=False,
        )
    except PARSER_FAILURES as error:
        raise FeedError("is no readable feed") from error
    entries = parsed.get("entries", [])
    amiss = parsed.get("bozo_exception")
    if not (parsed.get("version") or entries):
        raise FeedError(f"is no feed: {_reason(amiss)}" if amiss else "is no feed")
    serious = amiss is not None and not isinstance(
        amiss, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    )
    broken = f"is broken XML ({_reason(amiss)})" if serious else ""
    title = _title(parsed.get("feed", {}).get("title"))
    return title, [_xml_entry(entry, url, now) for entry in entries], broken


def _reason(error: object) -> str:
    return " ".join(str(error).removeprefix("<unknown>:").split())[:120]


def _xml_entry(entry: Parsed, url: str, now: datetime) -> Entry:
    texts = [part.get("value", "") for part in entry.get("content", ())]
    texts.append(entry.get("summary", ""))
    dates = (entry.get("published"), entry.get("updated"), entry.get("created"))
    parsed = (entry.get("published_parsed"), entry.get("updated_parsed"))
    return Entry(
        id=one_line(entry.get("id")) or "",
        url=_web(entry.get("link"), url),
        title=_title(entry.get("title")),
        text=_text(max(texts, key=len)),
        published=_first(instant(date, now) for date in dates)
        or _first(instant(_iso(moment), now) for moment in parsed),
    )


def _json_feed(content: bytes, url: str, now: datetime) -> tuple[str | None, list[Entry], str]:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        feed = json.loads(decode(content))
    except (ExtractionError, ValueError, RecursionError) as error:
        raise FeedError(f"is no JSON: {_reason(error)}") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedError("is no JSON Feed: it has no items")
    objects = [item for item in items if isinstance(item, dict)]
    odd = len(items) - len(objects)
    broken = f"has {odd} items that are no objects" if odd else ""
    return _title(feed.get("title")), [_json_entry(item, url, now) for item in objects], broken


def _json_entry(item: Parsed, url: str, now: datetime) -> Entry:
    texts = [item.get("content_html"), item.get("content_text"), item.get("summary")]
    text: str = _first(text for text in texts if isinstance(text, str) and text.strip()) or ""
    plain = text is item.get("content_text")
    key = item.get("id")
    return Entry(
        id=one_line(str(key)) or "" if isinstance(key, (str, int)) else "",
        url=_web(item.get("url"), url),
        title=_title(item.get("title")),
        text=_plain(text) if plain else _text(text),
        published=_first(
            instant(item.get(name), now) for name in ("date_published", "date_modified")
        ),
    )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _iso(moment: Any) -> str | None:
    """feedparser's reading of a date that is in no standard form, in UTC."""
    try:
        return datetime.fromtimestamp(timegm(moment), UTC).isoformat()
    except (*PARSER_FAILURES, OSError):
        return None


def _title(value: object) -> str | None:
    return one_line(prose(value[:LONGEST_TITLE])) if isinstance(value, str) else None


def _text(html: str) -> str:
    return _APPENDED.sub("", prose(html[:LONGEST_TEXT]))


def _plain(text: str) -> str:
    cut = text[:LONGEST_TEXT].encode("utf-8", "replace").decode()
    return "\n".join(filter(None, (" ".join(line.split()) for line in cut.splitlines())))


def _web(link: object, base: str) -> str | None:
    """The http(s) address that the link names."""
    try:
        return normalise(urljoin(base, link.strip())) if isinstance(link, str) and link else None
    except (FetchError, ValueError):
        return None
