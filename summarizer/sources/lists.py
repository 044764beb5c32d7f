"""The entries that a subscribed source lists, downloaded again only if the list has changed.

A source is a feed, a sitemap, a page or a folder. OPML files and sitemaps are parsed here. If the
XML is broken, the part before the error is used. Neither format declares entities: a document that
declares one is refused, so that no entity bomb expands, and external entities are never fetched.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple, NoReturn, TypeVar
from xml.parsers import expat

from summarizer.errors import FeedError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import one_line
from summarizer.sources.feeds import Entry, Listing, newest_entries, parse_timestamp, read_feed
from summarizer.sources.fetch import FetchLimits, Page
from summarizer.sources.files import article_from_page, read_articles
from summarizer.sources.source_state import SourceState, SubscribedSource

__all__ = [
    "FEED_LIMITS",
    "MIN_TEASER_CHARS",
    "FetchFunction",
    "ListedSource",
    "as_source_error",
    "list_new_entries",
    "read_opml",
    "read_sitemap",
    "with_source_location",
    "without_validators",
]

MAX_LIST_BYTES = 50_000_000
"""Bytes of one list, unpacked: what the sitemap protocol allows."""

_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_DATE_FIELDS = ("publication_date", "lastmod")


def read_opml(content: bytes) -> tuple[str, ...]:
    """The addresses of the feeds, each once, in their order. Raises FeedError if there is none."""
    outline, broken = _parse_with_repair(content, _OpmlFeeds)
    if not outline.feeds:
        raise FeedError(broken or "names no feed", hint="an OPML file names them as xmlUrl")
    return tuple(outline.feeds)


def read_sitemap(content: bytes, now: datetime) -> Listing:
    """The pages of a sitemap, or the sitemaps of an index in ``deeper``, the latest first.

    Raises FeedError for what is neither.
    """
    rows, broken = _parse_with_repair(_decompress_list(content), _SitemapRows)
    if not (rows.pages or rows.lists):
        raise FeedError(broken or "names no page: is it a sitemap?")
    dated = [(_row_time(row, now), row) for row in rows.lists]
    deeper = sorted(dated, key=lambda pair: -(pair[0].timestamp() if pair[0] else 0))
    return Listing(
        entries=tuple(newest_entries([_sitemap_entry(row, now) for row in rows.pages])),
        problems=(broken,) if broken else (),
        sitemaps=tuple(row["loc"] for _, row in deeper),
    )


class _OpmlFeeds:
    """The feeds of an OPML file."""

    def __init__(self) -> None:
        self.feeds: dict[str, None] = {}

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        if name.lower() == "outline" and named.get("xmlurl"):
            self.feeds[named["xmlurl"]] = None

    def said(self, text: str) -> None:
        """Its text is about the feeds."""

    def closed(self, name: str) -> None:
        """Groups of feeds are no matter."""


class _SitemapRows:
    """The rows of a sitemap: names of their fields -> what they say."""

    def __init__(self) -> None:
        self.pages: list[dict[str, str]] = []
        self.lists: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._field = ""

    def opened(self, name: str, _: Mapping[str, str]) -> None:
        self._field = name.rpartition(":")[2]
        if self._field in ("url", "sitemap"):
            self._row = {}

    def said(self, text: str) -> None:
        if self._row is not None and self._field in ("loc", "title", *_DATE_FIELDS):
            self._row[self._field] = self._row.get(self._field, "") + text

    def closed(self, name: str) -> None:
        self._field = ""
        if self._row is not None and name in ("url", "sitemap"):
            row, self._row = {key: value.strip() for key, value in self._row.items()}, None
            if row.get("loc"):
                (self.pages if name == "url" else self.lists).append(row)


T = TypeVar("T", _OpmlFeeds, _SitemapRows)


def _sitemap_entry(row: Mapping[str, str], now: datetime) -> Entry:
    return Entry(row["loc"], row["loc"], one_line(row.get("title")), published=_row_time(row, now))


def _row_time(row: Mapping[str, str], now: datetime) -> datetime | None:
    return next(
        (day for name in _DATE_FIELDS if (day := parse_timestamp(row.get(name), now))), None
    )


def _decompress_list(content: bytes) -> bytes:
    """Sitemaps are often files that are packed themselves."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as stream:
            unpacked = stream.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise FeedError("is a damaged gzip file") from None
    if len(unpacked) > MAX_LIST_BYTES:
        raise FeedError(f"is larger than {MAX_LIST_BYTES // 1_000_000} MB")
    return unpacked


def _parse_with_repair(content: bytes, made: type[T]) -> tuple[T, str]:
    """What the document says, and why it breaks off (empty if it does not).

    A broken one is read again with its bare ampersands mended, the commonest break of all.
    """
    for data in (content, _BARE_AMPERSAND.sub(b"&amp;", content)):
        reader = made()
        broken = _parse_xml(data, reader)
        if not broken:
            break
    return reader, broken


def _parse_xml(content: bytes, reader: _OpmlFeeds | _SitemapRows) -> str:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.opened
    parser.EndElementHandler = reader.closed
    parser.CharacterDataHandler = reader.said
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return f"is broken XML: {error}"
    except (ValueError, LookupError):
        return "is in an unknown encoding"
    return ""


def _refuse_entities(*_: object) -> NoReturn:
    raise FeedError("declares entities of its own, as bombs do")


FetchFunction = Callable[..., Page]
"""`summarizer.sources.fetch.fetch`, or what stands in for it."""

FEED_LIMITS = FetchLimits(kind="feed", size=5_000_000)
"""Broken XML of the worst kind costs seconds a megabyte."""

SITEMAP_LIMITS = FetchLimits(kind="feed", size=20_000_000)
MAX_SITEMAPS = 20
"""Sitemaps read of one index: the latest."""

MIN_TEASER_CHARS = 200
"""Code points from which on a text tells an entry from others, or stands for its article."""


class ListedSource(NamedTuple):
    """What a place lists: ``chosen`` are the entries to be read, ``articles_by_entry`` the articles
    that came with the list, by the id of their entry."""

    source: SubscribedSource
    state_before: SourceState
    state_after: SourceState
    listing: Listing = Listing()
    error: SourceError | None = None
    unchanged: bool = False
    chosen: tuple[Entry, ...] = ()
    old: tuple[Entry, ...] = ()
    articles_by_entry: Mapping[str, Article] = {}
    problems: tuple[SourceError, ...] = ()


class _RememberedValidators:
    """Those of one place, in the form of the pages that a fetch remembers."""

    def __init__(self, state: SourceState) -> None:
        self.state = state

    def load(self, url: str) -> Page | None:
        kept = self.state
        tags = (kept.etag or None, kept.last_modified or None)
        return Page(kept.url or url, b"", "", None, *tags, fetched="cache") if any(tags) else None

    def store(self, url: str, page: Page) -> None:  # noqa: ARG002 - all of them are one place's
        tags = (page.etag or "", page.last_modified or "")
        self.state = replace(self.state, url=page.url, etag=tags[0], last_modified=tags[1])


def list_new_entries(
    wanted: tuple[SubscribedSource, SourceState],
    *,
    fetch: FetchFunction,
    now: datetime,
    since: date,
) -> ListedSource:
    """What the place lists, and what of it is to be read."""
    place, state = wanted
    try:
        listed = _LISTERS[place.kind](place, state, fetch, now)
    except Exception as error:  # noqa: BLE001 - a digest's source loop: no source ends the run
        return ListedSource(
            place, state, state, error=with_source_location(as_source_error(error), place)
        )
    unknown = [each for each in listed.listing.entries if not _is_known(each, state.seen)]
    old = [each for each in unknown if _is_too_old(each, state.seen, since)]
    chosen = tuple(each for each in unknown if each not in old)
    return listed._replace(chosen=chosen, old=tuple(old))


def _is_known(entry: Entry, seen: Mapping[str, str]) -> bool:
    """Whether the same was said before: under one of its keys, or by a text of some length."""
    said = entry.fingerprint
    if any(seen.get(key) == said for key in entry.keys):
        return True
    return len(entry.text) >= MIN_TEASER_CHARS and said in seen.values()


def _is_too_old(entry: Entry, seen: Mapping[str, str], since: date) -> bool:
    """Whether it is met for the first time, and comes too late."""
    first = not any(key in seen for key in entry.keys)
    return first and entry.published is not None and entry.published.date() < since


def _list_feed(
    place: SubscribedSource, state: SourceState, fetch: FetchFunction, now: datetime
) -> ListedSource:
    page, after = _fetch_if_changed(place, state, fetch, FEED_LIMITS)
    if page is None:
        return ListedSource(place, state, after, unchanged=True)
    listing = read_feed(page.content, place.location, now=now, charset=page.charset)
    return ListedSource(place, state, after, listing, problems=_listing_errors(listing, place))


def _list_sitemap(
    place: SubscribedSource, state: SourceState, fetch: FetchFunction, now: datetime
) -> ListedSource:
    page, after = _fetch_if_changed(place, state, fetch, SITEMAP_LIMITS)
    if page is None:
        return ListedSource(place, state, after, unchanged=True)
    listing = read_sitemap(page.content, now)
    if not listing.sitemaps:
        return ListedSource(place, state, after, listing, problems=_listing_errors(listing, place))
    entries, problems = list(listing.entries), list(_listing_errors(listing, place))
    for address in listing.sitemaps[:MAX_SITEMAPS]:
        try:
            entries += read_sitemap(fetch(address, limits=SITEMAP_LIMITS).content, now).entries
        except SourceError as error:
            error.subject = error.subject or address
            problems.append(error)
    whole = Listing(entries=tuple(newest_entries(entries)))
    return ListedSource(place, state, without_validators(after), whole, problems=tuple(problems))


def _list_page(
    place: SubscribedSource,
    state: SourceState,
    fetch: FetchFunction,
    now: datetime,  # noqa: ARG001
) -> ListedSource:
    page, after = _fetch_if_changed(place, state, fetch, FetchLimits())
    if page is None:
        return ListedSource(place, state, after, unchanged=True)
    return _listing_of_articles(place, state, after, [article_from_page(page, place.location)])


def _list_folder(
    place: SubscribedSource,
    state: SourceState,
    fetch: FetchFunction,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
) -> ListedSource:
    outcomes = list(read_articles([place.location]))
    articles = [each for each in outcomes if isinstance(each, Article)]
    problems = tuple(each for each in outcomes if isinstance(each, SourceError))
    if problems and not articles:
        raise problems[0]
    return _listing_of_articles(place, state, state, articles)._replace(problems=problems)


_LISTERS: Mapping[
    str, Callable[[SubscribedSource, SourceState, FetchFunction, datetime], ListedSource]
] = {
    "feed": _list_feed,
    "sitemap": _list_sitemap,
    "url": _list_page,
    "folder": _list_folder,
}


def _fetch_if_changed(
    place: SubscribedSource, state: SourceState, fetch: FetchFunction, limits: FetchLimits
) -> tuple[Page | None, SourceState]:
    """The page, None if it is the one that was read before; and the validators to come."""
    remembered = _RememberedValidators(state)
    page = fetch(place.location, limits=limits, pages=remembered)
    body = sha256(page.content).hexdigest()
    if page.fetched == "cache" or body == state.body:
        return None, remembered.state
    return page, replace(remembered.state, body=body)


def _listing_of_articles(
    place: SubscribedSource, state: SourceState, after: SourceState, articles: Sequence[Article]
) -> ListedSource:
    """The list of articles that are here already."""
    entries = tuple(
        Entry(one.location, None, one.title, one.text, _midnight(one.published)) for one in articles
    )
    held = {one.location: one for one in articles}
    return ListedSource(place, state, after, Listing(entries=entries), articles_by_entry=held)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _listing_errors(listing: Listing, place: SubscribedSource) -> tuple[SourceError, ...]:
    return tuple(FeedError(what, subject=place.location) for what in listing.problems)


def without_validators(state: SourceState) -> SourceState:
    """The next time all of it is sent again, because something in it is still to be read."""
    return replace(state, etag="", last_modified="", body="")


def as_source_error(error: Exception) -> SourceError:
    """What no parser and no server should cause, as one more failure of its source."""
    if isinstance(error, SourceError):
        return error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return SourceError(f"could not be read ({what})")


def with_source_location(error: SourceError, place: SubscribedSource) -> SourceError:
    error.subject = error.subject or place.location
    return error
