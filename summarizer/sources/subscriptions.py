"""What is new in each subscribed source since the last run.

sources
| expand      an OPML file is replaced by the feeds it names
| list        the entries of the source, downloaded again only if they changed
| choose      entries that are unknown or reworded, and not too old
| read        the whole article: the text of the entry, else the linked page, else the teaser
-> one SourceReading for each source, never an exception
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.documents import require_docs
from summarizer.sources.extract import ExtractedText, outlet_host
from summarizer.sources.feeds import Entry
from summarizer.sources.fetch import Page, fetch, normalise_url
from summarizer.sources.files import article_from_page
from summarizer.sources.formats import detect_list
from summarizer.sources.lists import (
    FEED_LIMITS,
    FetchFunction,
    ListedSource,
    as_source_error,
    list_new_entries,
    read_opml,
    with_source_location,
)
from summarizer.sources.publication_date import certainly_before
from summarizer.sources.rate_limit import RateLimitedFetch, interleave_hosts
from summarizer.sources.retries import failed_state, find_pending, is_overdue, updated_pending
from summarizer.sources.robots import RobotsFetch
from summarizer.sources.source_state import (
    SourceReading,
    SourceState,
    SubscribedSource,
    UnreadEntry,
)
from summarizer.text.sentences import final_mark, split_sentences

T = TypeVar("T")
R = TypeVar("R")
MIN_REMEMBERED_KEYS = 400
"""Keys of entries that are stored of a source: this many, or four times those that it lists."""

_PERMANENT_STATUSES = frozenset({404, 405, 410})
_BLOCKED_STATUSES = frozenset({401, 402, 403, 451})
"""A block may be lifted: such a page is tried again for days."""

_MIN_STALE_TIME = timedelta(days=3)
_STALE_GAP_FACTOR = 5
"""A source is stale after this many times its usual gap, and _MIN_STALE_TIME."""


class _EntryReading(NamedTuple):
    """The article of an entry or the problem with it. One that is not ``settled`` is read again the
    next time."""

    entry: Entry
    article: Article | None
    problem: SourceError | None = None
    settled: bool = True
    old: bool = False
    """Its page is older than the entries that are read, though the list gives a new date."""


def expand_sources(
    sources: Sequence[SubscribedSource],
    *,
    allow_private: bool = False,
    fetch: FetchFunction = fetch,
) -> Iterator[SubscribedSource | SourceError]:
    """The sources, each once and in their order, with the feeds of an OPML file in its place."""
    seen: set[SubscribedSource] = set()
    opml_feeds = partial(_opml_feeds, fetch=partial(fetch, allow_private=allow_private))
    for source in sources:
        for expanded in opml_feeds(source) if source.kind == "opml" else [source]:
            if isinstance(expanded, SourceError):
                yield expanded
            elif expanded not in seen:
                seen.add(expanded)
                yield expanded


def _opml_feeds(
    outline: SubscribedSource, fetch: FetchFunction
) -> Iterator[SubscribedSource | SourceError]:
    try:
        for url in read_opml(_location_bytes(outline.location, fetch)):
            try:
                yield SubscribedSource("feed", normalise_url(url))
            except FetchError as error:
                yield error
    except SourceError as error:
        yield with_source_location(error, outline)


def _location_bytes(location: str, fetch: FetchFunction) -> bytes:
    if "://" in location:
        return fetch(location, limits=FEED_LIMITS).content
    try:
        return Path(location).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"cannot be read: {reason}") from None


def read_sources(  # noqa: PLR0913  # what may be read, and how
    wanted: Sequence[tuple[SubscribedSource, SourceState]],
    *,
    now: datetime,
    since: date,
    allow_private: bool = False,
    at_once: int = 16,
    most: int | None = None,
    fetch: FetchFunction = fetch,
) -> Iterator[SourceReading]:
    """What is new in each source, in their order; new entries from before ``since`` are not read,
    and with ``most`` only that many of all sources together, the newest.

    At most ``at_once`` requests are concurrent, few of them to one host. Entries' pages that a
    robots.txt excludes are not read. The state of a reading must be stored together with its
    articles.
    """
    limited_fetch = RateLimitedFetch(partial(fetch, allow_private=allow_private))
    with _thread_pool(at_once) as pool:
        list_entries = partial(list_new_entries, fetch=limited_fetch, now=now, since=since)
        urls = [source.location for source, _ in wanted]
        lists = _run_by_host(pool, list_entries, wanted, urls)
        if most is not None:
            lists = _newest_of_all(lists, most)
        chosen = [(listed, entry) for listed in lists for entry in listed.chosen]
        read_entry = partial(_read_entry, fetch=RobotsFetch(limited_fetch), since=since, now=now)
        urls = [entry.url or "" for _, entry in chosen]
        readings = iter(_run_by_host(pool, read_entry, chosen, urls))
    for listed in lists:
        yield _source_reading(listed, list(islice(readings, len(listed.chosen))), now)


def _newest_of_all(lists: Sequence[ListedSource], most: int) -> list[ListedSource]:
    """The lists with the newest entries chosen; undated ones come last, in their order."""
    undated = datetime.min.replace(tzinfo=UTC)
    ranked = sorted(
        ((number, entry) for number, listed in enumerate(lists) for entry in listed.chosen),
        key=lambda pair: pair[1].published or undated,
        reverse=True,
    )
    newest = set(ranked[:most])
    return [
        listed._replace(chosen=tuple(each for each in listed.chosen if (number, each) in newest))
        for number, listed in enumerate(lists)
    ]


DEFAULT_MOST = 20
"""Articles that are read of a feed, OPML file or sitemap that is named as a source."""


def read_listed(
    location: str,
    content: bytes,
    *,
    now: datetime,
    most: int = DEFAULT_MOST,
    allow_private: bool = False,
    fetch: FetchFunction = fetch,
) -> Iterator[Article | SourceError]:
    """The newest articles that a feed, OPML file or sitemap lists, and what could not be read.

    ``content``: that of ``location``, a URL or path, which is not fetched again. An error at the
    end says how many more it lists.
    """
    require_docs("a feed")

    def fetch_others(url: str, **options: Any) -> Page:
        return Page(url, content) if url == location else fetch(url, **options)

    kind = detect_list(content) or "feed"
    named = SubscribedSource(kind, location)
    sources = [named] if kind != "opml" else []
    for each in _opml_feeds(named, fetch_others) if kind == "opml" else ():
        if isinstance(each, SubscribedSource):
            sources.append(each)
        else:
            yield with_source_location(each, named)
    readings = read_sources(
        [(source, SourceState()) for source in dict.fromkeys(sources)],
        now=now,
        since=date.min,
        allow_private=allow_private,
        most=most,
        fetch=fetch_others,
    )
    listed = read = 0
    for reading in readings:
        yield from reading.articles
        yield from filter(None, (reading.error, *reading.problems))
        listed += reading.entries
        read += len(reading.articles)
    if listed > most:
        yield SourceError(
            f"lists {listed:,} articles; the newest {most} were read",
            subject=location,
            hint="--most N reads more",
        )


def list_sources(
    sources: Sequence[SubscribedSource],
    *,
    now: datetime,
    allow_private: bool = False,
    fetch: FetchFunction = fetch,
) -> Iterator[SourceReading]:
    """The number of entries of each source, in their order; no entry is read."""
    limited_fetch = RateLimitedFetch(partial(fetch, allow_private=allow_private))
    with _thread_pool(16) as pool:
        list_entries = partial(list_new_entries, fetch=limited_fetch, now=now, since=date.max)
        wanted = [(source, SourceState()) for source in sources]
        lists = _run_by_host(pool, list_entries, wanted, [source.location for source in sources])
    for listed in lists:
        yield _source_reading(listed._replace(chosen=()), [], now)


@contextmanager
def _thread_pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that cancels the calls that have not started when an error ends the block."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="source")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _run_by_host(
    pool: ThreadPoolExecutor, run: Callable[[T], R], items: Sequence[T], urls: Sequence[str]
) -> list[R]:
    """The results in the order of the items, which are started in turn by host."""
    started = {index: pool.submit(run, items[index]) for index in interleave_hosts(urls)}
    return [started[index].result() for index in range(len(items))]


def _read_entry(
    chosen: tuple[ListedSource, Entry], fetch: FetchFunction, since: date, now: datetime
) -> _EntryReading:
    """The article that came with the list; else the entry's text, if it is whole or has no page of
    its own; else the page; else the teaser, if the page can never be read."""
    listed, entry = chosen
    if entry.id in listed.articles_by_entry:
        return _EntryReading(entry, listed.articles_by_entry[entry.id])
    if entry.whole or entry.shared or entry.url is None:
        return _EntryReading(entry, _article_from_entry(listed, entry))
    try:
        article = article_from_page(fetch(entry.url), entry.url)
    except Exception as error:  # noqa: BLE001 - a digest's source loop: no entry ends the run
        failure = as_source_error(error)
        failure.subject = failure.subject or entry.url
        return _unread_entry(listed, entry, failure, now)
    fresh = entry.published is None or entry.published.date() >= since
    if fresh and certainly_before(article, since):
        return _EntryReading(entry, None, old=True)
    if len(article.text) < len(entry.text):
        return _EntryReading(entry, _article_from_entry(listed, entry))
    article = replace(article, title=article.title or entry.title)
    if entry.published and article.published_from != "page":
        article = replace(article, published=_entry_date(entry), published_from="feed")
    return _EntryReading(entry, article)


def _entry_date(entry: Entry) -> date | datetime | None:
    """The time of the entry; its day, if the time is the midnight of a date without one."""
    midnight = entry.published is not None and entry.published.time() == time()
    return entry.published.date() if entry.published and midnight else entry.published


def _article_from_entry(listed: ListedSource, entry: Entry) -> Article:
    """The article in the list itself. Without a link its URL is the list's with a fragment."""
    location = listed.source.location
    extracted = ExtractedText(
        entry.text or entry.title or "",
        entry.title,
        listed.listing.title or outlet_host(location),
        _entry_date(entry),
        published_from="feed",
    )
    key = entry.id or entry.fingerprint
    if entry.url is None and "://" not in location:
        return extracted.to_article(path=location, key=key)
    fragment = quote(key, safe="")
    return extracted.to_article(url=entry.url or f"{location.partition('#')[0]}#{fragment}")


def _has_whole_sentence(text: str) -> bool:
    """Whether a text of the list has a sentence that is not cut off."""
    sentences = (text[slice(*span)] for span in split_sentences(text, "und"))
    return any(
        final_mark(each) not in ("", "…") and not each.endswith("...") and len(each.split()) > 4
        for each in sentences
    )


def _unread_entry(
    listed: ListedSource, entry: Entry, error: SourceError, now: datetime
) -> _EntryReading:
    """The teaser or nothing. Not settled if the page may be there another time: a page that is
    blocked has its teaser read at once, as the entry may be gone when the block is."""
    status = getattr(error, "status", None)
    final = isinstance(error, ExtractionError) or status in _PERMANENT_STATUSES
    final = final or is_overdue(find_pending(listed.state_before, entry), now)
    if not (final or status in _BLOCKED_STATUSES) or not _has_whole_sentence(entry.text):
        return _EntryReading(entry, None, error, settled=final)
    error.message = f"{error.message}; its teaser is read instead"
    return _EntryReading(entry, _article_from_entry(listed, entry), error)


def _source_reading(
    listed: ListedSource, readings: Sequence[_EntryReading], now: datetime
) -> SourceReading:
    unread = tuple(
        UnreadEntry(
            each.entry.title or "",
            each.entry.url or "",
            each.problem.message,
            first=find_pending(listed.state_before, each.entry) is None,
            given_up=each.settled,
        )
        for each in readings
        if each.problem and not each.article
    )
    if listed.error:
        state = listed.state_before if listed.paused else failed_state(listed.state_before, now)
    else:
        state = _updated_state(listed, readings, now)
        given_up = sum(each.given_up for each in unread)
        state = replace(state, entries_given_up=state.entries_given_up + given_up)
    return SourceReading(
        listed.source,
        tuple(each.article for each in readings if each.article),
        state,
        listed.error,
        (*listed.problems, *(each.problem for each in readings if each.problem)),
        entries=len(listed.listing.entries),
        old=len(listed.old) + sum(each.old for each in readings),
        future=sum(entry.future for entry in listed.chosen),
        unchanged=listed.unchanged,
        newest=max((e.published for e in listed.listing.entries if e.published), default=None),
        stale=listed.source.kind in ("feed", "sitemap") and _is_stale(state, now),
        unread=unread,
        served=listed.served,
    )


def _updated_state(
    listed: ListedSource, readings: Sequence[_EntryReading], now: datetime
) -> SourceState:
    """The state with what was read and listed added to the entries seen; those listed longest ago
    are dropped, and those that wait are not seen yet."""
    state = listed.state_after
    unread = [(each.entry, each.problem.message) for each in readings
              if each.problem and not each.settled]  # fmt: skip
    pending = updated_pending(state, unread, [e.entry for e in readings if e.settled], now)
    waiting = {key for each in pending for key in each.keys}
    read = [each.entry for each in readings]
    entries = [
        entry
        for entry in dict.fromkeys((*listed.listing.entries, *read))
        if waiting.isdisjoint(entry.keys)
    ]
    known = {key: entry.fingerprint for entry in entries for key in entry.keys}
    seen = {key: words for key, words in state.seen.items() if key not in known} | known
    limit = max(MIN_REMEMBERED_KEYS, 4 * len(known))
    dates = sorted({entry.published for entry in entries if entry.published}, reverse=True)
    gaps = [(later - earlier) / timedelta(days=1) for later, earlier in pairwise(dates)]
    articles = sum(each.article is not None for each in readings)
    last = now if articles or not dates else dates[0]
    return replace(
        state,
        seen=dict(list(seen.items())[-limit:]),
        newest=last.isoformat() if articles or not state.newest else state.newest,
        pace=round(median(gaps), 3) if gaps else state.pace,
        pending=pending,
        failures=0,
        retry="",
        entries_read=state.entries_read + articles,
    )


def _is_stale(state: SourceState, now: datetime) -> bool:
    if not state.newest:
        return False
    silence = now - datetime.fromisoformat(state.newest)
    return silence > max(_MIN_STALE_TIME, timedelta(days=_STALE_GAP_FACTOR * state.pace))
