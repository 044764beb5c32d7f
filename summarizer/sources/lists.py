"""The entries that a subscribed source lists, downloaded again only if the list has changed.

A source is a feed, a sitemap, a page or a folder. OPML files and sitemaps are parsed here. If the
XML is broken, the part before the error is used. A document that declares entities is refused, as
neither format needs them: no entity bomb expands, and external entities are never fetched.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple, TypeVar

from summarizer.errors import FeedError, SourceError
from summarizer.sources.articles import Article, publication_instant
from summarizer.sources.documents import parse_xml
from summarizer.sources.extract import one_line
from summarizer.sources.feeds import Entry, Listing, newest_entries, parse_timestamp, read_feed
from summarizer.sources.fetch import FetchLimits, Page
from summarizer.sources.files import article_from_page, read_articles
from summarizer.sources.mailbox import read_mailbox_since
from summarizer.sources.retries import entries_to_retry, is_due
from summarizer.sources.source_state import SourceState, SubscribedSource

MAX_LIST_BYTES = 50_000_000
"""Decompressed bytes of one list: the limit of the sitemap protocol."""

_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_DATE_FIELDS = ("publication_date", "lastmod")


def read_opml(content: bytes) -> tuple[str, ...]:
    """The URLs of the feeds, each once, in their order. Raises FeedError if there is none."""
    reader, broken = _parse_with_repair(content, _OpmlFeeds)
    if not reader.feeds:
        raise FeedError(broken or "names no feed", hint="an OPML file names them as xmlUrl")
    return tuple(reader.feeds)


def read_sitemap(content: bytes, now: datetime) -> Listing:
    """The pages of a sitemap, or the sitemaps of an index, the latest first.

    Raises FeedError if ``content`` is neither.
    """
    rows, broken = _parse_with_repair(_decompress_list(content), _SitemapRows)
    if not (rows.pages or rows.lists):
        raise FeedError(broken or "names no page: is it a sitemap?")
    entries = [
        Entry(row["loc"], row["loc"], one_line(row.get("title")), published=_row_time(row, now))
        for row in rows.pages
    ]
    dated = [(_row_time(row, now), row["loc"]) for row in rows.lists]
    latest_first = sorted(dated, key=lambda pair: -(pair[0].timestamp() if pair[0] else 0))
    return Listing(
        entries=tuple(newest_entries(entries)),
        problems=(broken,) if broken else (),
        sitemaps=tuple(url for _, url in latest_first),
    )


class _OpmlFeeds:
    """The feeds of an OPML file. The text of its elements and their nesting are not used."""

    def __init__(self) -> None:
        self.feeds: dict[str, None] = {}

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        values = {key.lower(): value.strip() for key, value in attributes.items()}
        if name.lower() == "outline" and values.get("xmlurl"):
            self.feeds[values["xmlurl"]] = None

    def on_text(self, text: str) -> None: ...

    def on_end(self, name: str) -> None: ...


class _SitemapRows:
    """The rows of a sitemap, each as field name -> text."""

    def __init__(self) -> None:
        self.pages: list[dict[str, str]] = []
        self.lists: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._field = ""

    def on_start(self, name: str, _: Mapping[str, str]) -> None:
        self._field = name.rpartition(":")[2]
        if self._field in ("url", "sitemap"):
            self._row = {}

    def on_text(self, text: str) -> None:
        if self._row is not None and self._field in ("loc", "title", *_DATE_FIELDS):
            self._row[self._field] = self._row.get(self._field, "") + text

    def on_end(self, name: str) -> None:
        self._field = ""
        if self._row is not None and name in ("url", "sitemap"):
            row, self._row = {key: value.strip() for key, value in self._row.items()}, None
            if row.get("loc"):
                (self.pages if name == "url" else self.lists).append(row)


T = TypeVar("T", _OpmlFeeds, _SitemapRows)


def _row_time(row: Mapping[str, str], now: datetime) -> datetime | None:
    times = (parse_timestamp(row.get(name), now) for name in _DATE_FIELDS)
    return next((found for found in times if found), None)


def _decompress_list(content: bytes) -> bytes:
    """The content, decompressed if it is a gzip file, as sitemaps often are."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as stream:
            decompressed = stream.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise FeedError("is a damaged gzip file") from None
    if len(decompressed) > MAX_LIST_BYTES:
        raise FeedError(f"is larger than {MAX_LIST_BYTES // 1_000_000} MB")
    return decompressed


def _parse_with_repair(content: bytes, reader_type: type[T]) -> tuple[T, str]:
    """The reader that has read the document, and the error in it (empty if there is none).

    A broken document is parsed again with its bare ampersands escaped, the most common error.
    """
    for data in (content, _BARE_AMPERSAND.sub(b"&amp;", content)):
        reader = reader_type()
        broken = parse_xml(data, reader, FeedError)
        if not broken:
            break
    return reader, broken


FetchFunction = Callable[..., Page]
"""`summarizer.sources.fetch.fetch` or a function with its parameters."""

FEED_LIMITS = FetchLimits(kind="feed", size=5_000_000)
"""The worst broken XML takes seconds for each megabyte."""

SITEMAP_LIMITS = FetchLimits(kind="feed", size=20_000_000)
MAX_SITEMAPS = 20
"""Sitemaps read of one index: the latest."""

MAX_CLOCK_DIFFERENCE = timedelta(days=1)
"""Difference from a server's clock above which one of the two is wrong."""

MIN_TEASER_CHARS = 200
"""Code points from which a text distinguishes an entry, and can replace its article."""


class ListedSource(NamedTuple):
    """The entries that a source lists, those ``chosen`` to be read, and those that are too ``old``.

    ``articles_by_entry``: the articles that came with the list, by entry id.
    """

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
    served: datetime | None = None
    """The time of day on its server."""
    paused: bool = False
    """It was not asked, as it failed too often."""


def is_clock_doubtful(now: datetime, served: datetime) -> bool:
    """Whether the clock and that of a server cannot both be right."""
    return abs(now - served) > MAX_CLOCK_DIFFERENCE


class _StateValidators:
    """A `PageStore` of the validators in a source's state: it holds no content."""

    def __init__(self, state: SourceState) -> None:
        self.state = state

    def load(self, url: str) -> Page | None:
        state = self.state
        tags = (state.etag or None, state.last_modified or None)
        return Page(state.url or url, b"", "", None, *tags, fetched="cache") if any(tags) else None

    def store(self, url: str, page: Page) -> None:  # noqa: ARG002 - all are of one source
        self.state = replace(
            self.state,
            url=page.url,
            etag=page.etag or "",
            last_modified=page.last_modified or "",
        )


def list_new_entries(
    wanted: tuple[SubscribedSource, SourceState],
    *,
    fetch: FetchFunction,
    now: datetime,
    since: date,
) -> ListedSource:
    """The entries that the source lists. Entries that are known, or new but older than ``since``,
    are not chosen."""
    source, state = wanted
    if not is_due(state.retry, now):
        failure = SourceError(
            f"failed {state.failures} times in a row, and is left alone until"
            f" {datetime.fromisoformat(state.retry):%d %b %H:%M} UTC",
            subject=source.location,
        )
        return ListedSource(source, state, state, error=failure, paused=True)
    try:
        if source.kind == "folder":
            listed = _list_folder(source, state)
        elif source.kind == "mailbox":
            reading = read_mailbox_since(source.location, state.body, since)
            after = replace(state, body=reading.watermark)
            listed = ListedSource(source, state, after, problems=reading.problems)
            listed = _with_articles(listed, reading.articles)
        else:
            listed = _list_download(source, state, fetch, now)
    except Exception as error:  # noqa: BLE001 - a digest's source loop: no source ends the run
        failure = with_source_location(as_source_error(error), source)
        return ListedSource(source, state, state, error=failure)
    entries_not_listed, waiting = entries_to_retry(state, listed.listing.entries, now)
    if listed.served and is_clock_doubtful(now, listed.served):
        since = min(since, listed.served.date() - (now.date() - since))
    chosen, old = entries_not_listed, []
    for entry in listed.listing.entries:
        if entry in waiting:
            continue
        words = entry.fingerprint
        if any(state.seen.get(key) == words for key in entry.keys) or (
            len(entry.text) >= MIN_TEASER_CHARS and words in state.seen.values()
        ):
            continue
        is_new = not any(key in state.seen for key in entry.keys)
        if is_new and entry.published is not None and entry.published.date() < since:
            old.append(entry)
        else:
            chosen.append(entry)
    return listed._replace(chosen=tuple(chosen), old=tuple(old))


def _list_folder(source: SubscribedSource, state: SourceState) -> ListedSource:
    results = list(read_articles([source.location]))
    problems = tuple(each for each in results if isinstance(each, SourceError))
    articles = [each for each in results if isinstance(each, Article)]
    if problems and not articles:
        raise problems[0]
    listed = ListedSource(source, state, state, problems=problems)
    return _with_articles(listed, articles)


def _list_download(
    source: SubscribedSource, state: SourceState, fetch: FetchFunction, now: datetime
) -> ListedSource:
    """The entries of a feed or sitemap, or the one page of a URL."""
    limits = {"feed": FEED_LIMITS, "sitemap": SITEMAP_LIMITS, "url": FetchLimits()}[source.kind]
    validators = _StateValidators(state)
    page = fetch(source.location, limits=limits, pages=validators)
    body = sha256(page.content).hexdigest()
    if page.fetched == "cache" or body == state.body:
        return ListedSource(source, state, validators.state, unchanged=True, served=page.served)
    listed = ListedSource(source, state, replace(validators.state, body=body), served=page.served)
    if page.served and is_clock_doubtful(now, page.served):
        now = max(now, page.served)  # a date between the two is none of the future
    if source.kind == "url":
        return _with_articles(listed, [article_from_page(page, source.location)])
    if source.kind == "feed":
        listing = read_feed(page.content, source.location, now=now, charset=page.charset)
    else:
        listing = read_sitemap(page.content, now)
    problems: list[SourceError] = [
        FeedError(problem, subject=source.location) for problem in listing.problems
    ]
    if not listing.sitemaps:
        return listed._replace(listing=listing, problems=tuple(problems))

    # The index may be unchanged while its sitemaps change, so it is read again the next time.
    entries = list(listing.entries)
    for url in listing.sitemaps[:MAX_SITEMAPS]:
        try:
            entries += read_sitemap(fetch(url, limits=SITEMAP_LIMITS).content, now).entries
        except SourceError as error:
            error.subject = error.subject or url
            problems.append(error)
    return listed._replace(
        state_after=without_validators(listed.state_after),
        listing=Listing(entries=tuple(newest_entries(entries))),
        problems=tuple(problems),
    )


def _with_articles(listed: ListedSource, articles: Sequence[Article]) -> ListedSource:
    """``listed`` with one entry for each of the articles, which need not be read again."""
    entries = []
    for one in articles:
        known = one.published is not None and one.exact_date is not None
        published = publication_instant(one.published) if one.published and known else None
        entries.append(Entry(one.location, None, one.title, one.text, published))
    return listed._replace(
        listing=Listing(entries=tuple(entries)),
        articles_by_entry={one.location: one for one in articles},
    )


def without_validators(state: SourceState) -> SourceState:
    """The state with which the next fetch downloads everything, because a part is still unread."""
    return replace(state, etag="", last_modified="", body="")


def as_source_error(error: Exception) -> SourceError:
    """The error itself if it is a SourceError; an unexpected one as a SourceError."""
    if isinstance(error, SourceError):
        return error
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return SourceError(f"could not be read ({reason})")


def with_source_location(error: SourceError, source: SubscribedSource) -> SourceError:
    """The error, its subject set to the source's location unless it has one."""
    error.subject = error.subject or source.location
    return error
