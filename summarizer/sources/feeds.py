"""The entries of a feed, and the keys that identify an entry from day to day.

RSS, Atom and RDF are parsed by feedparser, JSON Feed here. Whatever the feed contains, an entry has
plain text, and an http(s) link or none.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from html import unescape
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from summarizer.errors import ExtractionError, FeedError, FetchError
from summarizer.sources.articles import publication_instant, sha256_hex
from summarizer.sources.extract import (
    PARSER_FAILURES,
    declared_charset,
    decode_text,
    html_to_text,
    one_line,
    squeeze_lines,
)
from summarizer.sources.fetch import normalise_url
from summarizer.sources.page_dates import parse_published
from summarizer.sources.publication_date import is_future
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS

MAX_FEED_ENTRIES = 200
"""Entries that are read of one feed; of a longer one the newest."""

_MIN_WHOLE_ARTICLE_CHARS = 1000
"""Code points from which a text without a sign of truncation is taken for the whole article."""
_TRUNCATION_MARK = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]"
    rf"|(?:\A|[\n{SENTENCE_TERMINALS}{CLOSING_MARKS}])\s*(?:read|learn|see) more"
    rf"|{pattern_of_all('continue_reading')})"
    r"\W{0,5}\Z",
    re.IGNORECASE,
)
_TRACKING_PARAMETER = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|at_\w+|ns_\w+|xtor|cmpid|ocid|partner|rss",
    re.IGNORECASE,
)
_ALERT_LINK = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/url")
"""Where the links of Google Alerts lead; the page is a parameter of theirs."""
_WORDS = re.compile(r"\w+")
_EARLIEST_TIME = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One entry. ``text`` is plain, one paragraph a line; ``url`` is http(s).

    ``shared``: other entries have the same link, so its page is not the article of this one.
    ``future``: its date is after the day on which it was read, and is not used.
    """

    id: str
    url: str | None = None
    title: str | None = None
    text: str = ""
    published: datetime | None = None
    shared: bool = False
    future: bool = False

    @property
    def whole(self) -> bool:
        """Whether the text looks like the whole article, not only its beginning."""
        cut_off = _TRUNCATION_MARK.search(self.text[-60:])
        return len(self.text) >= _MIN_WHOLE_ARTICLE_CHARS and not cut_off

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Hashes of the id and the link; without either, of the words."""
        names = [f"id {self.id}"] if self.id else []
        if self.url and not self.shared:
            names.append(f"link {canonical_url(self.url)}")
        return tuple(sha256_hex(name)[:16] for name in names or [f"words {self.fingerprint}"])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the words of title and text, independent of spacing and punctuation."""
        words = _WORDS.findall(f"{self.title or ''} {self.text}".casefold())
        return sha256_hex(" ".join(words))[:16]


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one feed or sitemap, and the problems with it."""

    title: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    """URLs of the sitemaps, if this is a sitemap index."""


def canonical_url(url: str) -> str:
    """The URL without the parts that do not select the article: scheme, ``www.``, fragment and
    tracking parameters.

    >>> canonical_url("http://www.a.example/b/?utm_source=rss&id=7#top")
    '//a.example/b?id=7'
    """
    try:
        parts = urlsplit(url)
        host = (parts.netloc or "").lower().removeprefix("www.")
    except ValueError:
        return url
    query = [
        (k, v) for k, v in parse_qsl(parts.query, True) if not _TRACKING_PARAMETER.fullmatch(k)
    ]
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(query), ""))


def parse_timestamp(value: object, now: datetime) -> datetime | None:
    """An ISO 8601 or RFC 2822 time with its offset (UTC without one); for a day, its midnight.

    A time shortly after ``now`` is in another zone than it says: the result is ``now``. None if it
    is not a time, is later still, or is before there were feeds. Other forms are not left to
    feedparser, which reads 2025年11月25日 as the first of the month.
    """
    result = _parse_time(value)
    if result is None or result < _EARLIEST_TIME or is_future(result, now):
        return None
    return min(result, now)


def _parse_time(value: object) -> datetime | None:
    """The time, in UTC if it names no zone."""
    if not isinstance(value, str):
        return None
    # A day in the form of RFC 2822 is no date for the standard library.
    published = parse_published(value) or parse_published(f"{value.strip()} 00:00:00 +0000")
    return publication_instant(published) if published else None


def _is_future(value: object, now: datetime) -> bool:
    stated = _parse_time(value)
    return stated is not None and is_future(stated, now)


def newest_entries(entries: Sequence[Entry]) -> Sequence[Entry]:
    """At most `MAX_FEED_ENTRIES` in their order: the latest ones, then the first undated ones."""
    if len(entries) <= MAX_FEED_ENTRIES:
        return entries
    undated = _EARLIEST_TIME
    ranked = sorted(
        range(len(entries)), key=lambda index: entries[index].published or undated, reverse=True
    )
    return [entries[index] for index in sorted(ranked[:MAX_FEED_ENTRIES])]


def unique_entries(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Each entry once. An id or a link that several different entries have identifies none."""
    once = {(entry.id, entry.url, entry.fingerprint): entry for entry in entries}.values()
    ids = Counter(entry.id for entry in once)
    links = Counter(entry.url and canonical_url(entry.url) for entry in once)
    for entry in once:
        own = entry.id if ids[entry.id] == 1 else ""
        shared = entry.url is not None and links[canonical_url(entry.url)] > 1
        same = own == entry.id and shared == entry.shared
        yield entry if same else replace(entry, id=own, shared=shared)


MAX_ENTRY_TEXT_CHARS, MAX_ENTRY_TITLE_CHARS = 500_000, 500
"""Code points of one entry's markup and of its title; the rest is cut."""

_ENTITY_DECLARATION = re.compile(r"<!ENTITY\b[^>]{0,100000}>", re.IGNORECASE)
"""An entity declaration, as entity bombs need. It is searched in decoded text, so that no encoding
can hide it."""

_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_WEB_PAGE_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
_FEED_LINK = re.compile(
    rb"""<link\b[^>]{0,400}\btype\s*=\s*["']?application/(?:rss|atom|feed)\+(?:xml|json)[^>]{0,400}>""",
    re.IGNORECASE,
)
_HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]{1,400})""", re.IGNORECASE)
_WORDPRESS_FOOTER = re.compile(
    r"\n?The post .{1,300} (?:appeared first on|first appeared on) .{1,200}\Z"
)

_ENTRY_START = re.compile(r"<(?:item|entry)[\s>]")
_ENTRY_END = re.compile(r"</(?:item|entry)\s*>")

ParsedEntry = Mapping[str, Any]
"""An entry as feedparser or json parsed it; nothing in it is trusted."""


def read_feed(content: bytes, url: str, *, now: datetime, charset: str | None = None) -> Listing:
    """The entries of the feed at ``url``, in its order; of a long one the newest.

    Raises FeedError if ``content`` is not a feed.
    """
    if not content.strip():
        raise FeedError("is empty")
    if _WEB_PAGE_START.match(content):
        raise FeedError("is a web page, not a feed", hint=_advertised_feed_hint(content, url))
    if _JSON_START.match(content):
        title, parsed, broken = _parse_json_feed(content, url, now)
    else:
        title, parsed, broken = _parse_xml_feed(content, url, now, charset)
    full = [entry for entry in parsed if entry.title or entry.text or entry.url]
    problems = []
    if broken:
        problems.append(f"{broken}; {len(full)} entries could be read")
    if not parsed:
        problems.append("holds no entries")
    if len(full) < len(parsed):
        problems.append(f"{len(parsed) - len(full)} of {len(parsed)} entries are empty")
    if len(full) > MAX_FEED_ENTRIES:
        problems.append(f"holds {len(full)} entries; only the newest {MAX_FEED_ENTRIES} are read")
    return Listing(title, tuple(unique_entries(newest_entries(full))), tuple(problems))


def _advertised_feed_hint(content: bytes, url: str) -> str:
    """A hint with the URL of the feed that a web page links to; empty if it links to none."""
    link = _FEED_LINK.search(content, 0, 200_000)
    target = _HREF.search(link[0]) if link else None
    address = target and _web_url(unescape(target[1].decode("utf-8", "replace")), url)
    return f"its feed is {address}" if address else ""


def _parse_xml_feed(
    content: bytes, url: str, now: datetime, charset: str | None
) -> tuple[str | None, list[Entry], str]:
    import feedparser

    try:
        decoded = decode_text(content, charset, declared_charset(content))
    except ExtractionError as error:
        raise FeedError(f"is no feed: it {error.message}") from None
    text, entities = _ENTITY_DECLARATION.subn("", _first_entries(decoded.lstrip()))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),  # a string would be opened as a file or URL
            response_headers=headers,
            sanitize_html=False,  # only text is used, and this takes a tenth of the time
            resolve_relative_uris=False,
        )
    except PARSER_FAILURES as error:
        raise FeedError("is no readable feed") from error
    entries = parsed.get("entries", [])[: 10 * MAX_FEED_ENTRIES]
    flaw = parsed.get("bozo_exception")
    if not (parsed.get("version") or entries):
        raise FeedError(f"is no feed: {_parser_reason(flaw)}" if flaw else "is no feed")
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    serious = flaw is not None and not isinstance(flaw, harmless)
    broken = f"is broken XML ({_parser_reason(flaw)})" if serious else ""
    if entities:
        broken = "declares entities of its own, which are not expanded"
    title = _clean_title(parsed.get("feed", {}).get("title"))
    return title, [_entry_from_xml(dict(entry), url, now) for entry in entries], broken


def _first_entries(text: str) -> str:
    """The feed without its entries beyond ten times those that are read: feedparser takes 1 ms for
    each."""
    after = next(islice(_ENTRY_START.finditer(text), 10 * MAX_FEED_ENTRIES, None), None)
    if after is None:
        return text
    ends = list(_ENTRY_END.finditer(text, after.start()))
    return text[: after.start()] + text[ends[-1].end() :] if ends else text


def _parser_reason(error: object) -> str:
    return " ".join(str(error).removeprefix("<unknown>:").split())[:120]


def _entry_from_xml(entry: ParsedEntry, url: str, now: datetime) -> Entry:
    texts = [part.get("value", "") for part in entry.get("content", ())]
    texts.append(entry.get("summary", ""))
    dates = (entry.get("published"), entry.get("updated"), entry.get("created"))
    return Entry(
        id=one_line(entry.get("id")) or "",
        url=_web_url(entry.get("link"), url),
        title=_clean_title(entry.get("title")),
        text=_entry_text(max(texts, key=len)),
        published=_first_true(parse_timestamp(date, now) for date in dates),
        future=any(_is_future(date, now) for date in dates),
    )


def _parse_json_feed(
    content: bytes, url: str, now: datetime
) -> tuple[str | None, list[Entry], str]:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        feed = json.loads(decode_text(content))
    except (ExtractionError, ValueError, RecursionError) as error:
        raise FeedError(f"is no JSON: {_parser_reason(error)}") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedError("is no JSON Feed: it has no items")
    objects = [item for item in items if isinstance(item, dict)]
    skipped = len(items) - len(objects)
    broken = f"has {skipped} items that are no objects" if skipped else ""
    entries = [_entry_from_json(item, url, now) for item in objects]
    return _clean_title(feed.get("title")), entries, broken


def _entry_from_json(item: ParsedEntry, url: str, now: datetime) -> Entry:
    texts = [item.get("content_html"), item.get("content_text"), item.get("summary")]
    text: str = _first_true(text for text in texts if isinstance(text, str) and text.strip()) or ""
    if text is item.get("content_text"):
        plain = text[:MAX_ENTRY_TEXT_CHARS].encode("utf-8", "replace").decode()
        text = squeeze_lines(plain.splitlines())
    else:
        text = _entry_text(text)
    key = item.get("id")
    dates = (item.get("date_published"), item.get("date_modified"))
    return Entry(
        id=one_line(str(key)) or "" if isinstance(key, (str, int)) else "",
        url=_web_url(item.get("url") or item.get("external_url"), url),
        title=_clean_title(item.get("title")),
        text=text,
        published=_first_true(parse_timestamp(date, now) for date in dates),
        future=any(_is_future(date, now) for date in dates),
    )


def _first_true(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _clean_title(value: object) -> str | None:
    return one_line(html_to_text(value[:MAX_ENTRY_TITLE_CHARS])) if isinstance(value, str) else None


def _entry_text(html: str) -> str:
    return _WORDPRESS_FOOTER.sub("", html_to_text(html[:MAX_ENTRY_TEXT_CHARS]))


def _web_url(link: object, base: str) -> str | None:
    """The http(s) URL of a link on ``base``; None if it has none."""
    if not isinstance(link, str) or not link:
        return None
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        if _ALERT_LINK.fullmatch(f"{parts.netloc}{parts.path}"):
            query = dict(parse_qsl(parts.query))
            parts = urlsplit(query.get("url") or query.get("q") or "")
        return normalise_url(parts.geturl())
    except (FetchError, ValueError):
        return None
