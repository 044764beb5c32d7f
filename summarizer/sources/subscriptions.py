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
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import ExtractedText, outlet_host
from summarizer.sources.feeds import Entry
from summarizer.sources.fetch import fetch, normalise_url
from summarizer.sources.files import article_from_page
from summarizer.sources.lists import (
    FEED_LIMITS,
    MIN_TEASER_CHARS,
    FetchFunction,
    ListedSource,
    as_source_error,
    list_new_entries,
    read_opml,
    with_source_location,
    without_validators,
)
from summarizer.sources.rate_limit import RateLimitedFetch, interleave_hosts
from summarizer.sources.source_state import SourceReading, SourceState, SubscribedSource

__all__ = ["expand_sources", "list_sources", "read_sources"]

T = TypeVar("T")
R = TypeVar("R")
MIN_REMEMBERED_KEYS = 400
"""Keys kept of a place, at least; four times what it lists, if that is more."""

_PERMANENT_STATUSES = frozenset({401, 402, 403, 404, 405, 410, 451})
_MIN_STALE_TIME = timedelta(days=3)
_STALE_GAP_FACTOR = 5
"""Nothing new for this many times the usual gap, and for days, is called stale."""


class _EntryReading(NamedTuple):
    """An entry that was read, or why not; it is ``settled`` unless the next time may be better."""

    entry: Entry
    article: Article | None
    problem: SourceError | None = None
    settled: bool = True


def expand_sources(
    places: Sequence[SubscribedSource], *, allow_private: bool = False, fetch: FetchFunction = fetch
) -> Iterator[SubscribedSource | SourceError]:
    """The places to read, each once and in their order."""
    seen: set[SubscribedSource] = set()
    for place in places:
        opml = place.kind == "opml"
        for found in (
            _opml_feeds(place, partial(fetch, allow_private=allow_private)) if opml else [place]
        ):
            if isinstance(found, SourceError) or found not in seen:
                yield found
            if isinstance(found, SubscribedSource):
                seen.add(found)


def _opml_feeds(
    outline: SubscribedSource, fetch: FetchFunction
) -> Iterator[SubscribedSource | SourceError]:
    try:
        for address in read_opml(_location_bytes(outline.location, fetch)):
            try:
                yield SubscribedSource("feed", normalise_url(address))
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
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"cannot be read: {why}") from None


def read_sources(
    wanted: Sequence[tuple[SubscribedSource, SourceState]],
    *,
    now: datetime,
    since: date,
    allow_private: bool = False,
    at_once: int = 16,
    fetch: FetchFunction = fetch,
) -> Iterator[SourceReading]:
    """What is new in each place, in their order; entries from before ``since`` are not read.

    At most ``at_once`` requests are under way, few of them to one host. A state is to be kept
    together with the articles that came with it.
    """
    door = RateLimitedFetch(partial(fetch, allow_private=allow_private))
    with _thread_pool(at_once) as pool:
        listing = partial(list_new_entries, fetch=door, now=now, since=since)
        lists = _run_by_host(pool, listing, wanted, [place.location for place, _ in wanted])
        asked = [(one, entry) for one in lists for entry in one.chosen]
        reading = partial(_read_entry, fetch=door)
        told = iter(_run_by_host(pool, reading, asked, [entry.url or "" for _, entry in asked]))
    for one in lists:
        yield _source_reading(one, list(islice(told, len(one.chosen))), now)


def list_sources(
    places: Sequence[SubscribedSource],
    *,
    now: datetime,
    allow_private: bool = False,
    fetch: FetchFunction = fetch,
) -> Iterator[SourceReading]:
    """What each place lists, in their order; no entry of it is read."""
    door = RateLimitedFetch(partial(fetch, allow_private=allow_private))
    with _thread_pool(16) as pool:
        listing = partial(list_new_entries, fetch=door, now=now, since=date.max)
        wanted = [(place, SourceState()) for place in places]
        lists = _run_by_host(pool, listing, wanted, [place.location for place in places])
    for one in lists:
        yield _source_reading(one._replace(chosen=()), [], now)


@contextmanager
def _thread_pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads; what was not begun when the block is left by an error is not begun any more."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="source")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _run_by_host(
    pool: ThreadPoolExecutor, run: Callable[[T], R], items: Sequence[T], where: Sequence[str]
) -> list[R]:
    """The results in the order of the items, which are begun in turn by host."""
    begun = {at: pool.submit(run, items[at]) for at in interleave_hosts(where)}
    return [begun[at].result() for at in range(len(items))]


def _read_entry(asked: tuple[ListedSource, Entry], fetch: FetchFunction) -> _EntryReading:
    """1. the article that came with the list; 2. the entry's text, if it is whole or there is no
    page of its own; 3. the page; 4. the teaser, if the page will never be read."""
    listed, entry = asked
    if entry.id in listed.articles_by_entry:
        return _EntryReading(entry, listed.articles_by_entry[entry.id])
    if entry.whole or entry.shared or entry.url is None:
        return _EntryReading(entry, _article_from_entry(listed, entry))
    try:
        article = article_from_page(fetch(entry.url), entry.url)
    except Exception as error:  # noqa: BLE001 - a digest's source loop: no entry ends the run
        failure = as_source_error(error)
        failure.subject = failure.subject or entry.url
        return _unread_entry(listed, entry, failure)
    if len(article.text) < len(entry.text):
        return _EntryReading(entry, _article_from_entry(listed, entry))
    day = entry.published.date() if entry.published else None
    return _EntryReading(
        entry,
        replace(
            article,
            title=article.title or entry.title,
            published=article.published or day,
            published_from="page" if article.published or day else None,
        ),
    )


def _article_from_entry(listed: ListedSource, entry: Entry) -> Article:
    """The article that the feed itself holds; without a link it is named by its key."""
    place = listed.source.location
    told = ExtractedText(
        entry.text or entry.title or "",
        entry.title,
        listed.listing.title or outlet_host(place),
        entry.published.date() if entry.published else None,
    )
    own = f"{place.partition('#')[0]}#{quote(entry.id or entry.fingerprint, safe='')}"
    return told.to_article(url=entry.url or own)


def _unread_entry(listed: ListedSource, entry: Entry, error: SourceError) -> _EntryReading:
    """A page that will not come tomorrow either is settled, with its teaser or without."""
    final = (
        isinstance(error, ExtractionError) or getattr(error, "status", None) in _PERMANENT_STATUSES
    )
    if not final or len(entry.text) < MIN_TEASER_CHARS:
        return _EntryReading(entry, None, error, settled=final)
    error.message = f"{error.message}; its teaser is read instead"
    return _EntryReading(entry, _article_from_entry(listed, entry), error)


def _source_reading(
    listed: ListedSource, told: Sequence[_EntryReading], now: datetime
) -> SourceReading:
    failed = [each for each in told if not each.settled]
    skipped = {each.entry for each in failed}
    known = [each for each in listed.listing.entries if each not in skipped]
    after = listed.state_after if not failed else without_validators(listed.state_after)
    state = _updated_state(after, known, fresh=any(each.article for each in told), now=now)
    if listed.error:
        state = listed.state_before
    return SourceReading(
        listed.source,
        tuple(each.article for each in told if each.article),
        state,
        listed.error,
        (*listed.problems, *(each.problem for each in told if each.problem)),
        entries=len(listed.listing.entries),
        old=len(listed.old),
        unchanged=listed.unchanged,
        stale=listed.source.kind in ("feed", "sitemap") and _is_stale(state, now),
    )


def _updated_state(
    state: SourceState, entries: Sequence[Entry], *, fresh: bool, now: datetime
) -> SourceState:
    """The state with these entries known, the longest unheard of forgotten."""
    listed = {key: entry.fingerprint for entry in entries for key in entry.keys}
    seen = {key: said for key, said in state.seen.items() if key not in listed} | listed
    most = max(MIN_REMEMBERED_KEYS, 4 * len(listed))
    dates = sorted({entry.published for entry in entries if entry.published}, reverse=True)
    gaps = [(later - earlier) / timedelta(days=1) for later, earlier in pairwise(dates)]
    last = now if fresh or not dates else dates[0]
    return replace(
        state,
        seen=dict(list(seen.items())[-most:]),
        newest=last.isoformat() if fresh or not state.newest else state.newest,
        pace=round(median(gaps), 3) if gaps else state.pace,
    )


def _is_stale(state: SourceState, now: datetime) -> bool:
    if not state.newest:
        return False
    silence = now - datetime.fromisoformat(state.newest)
    return silence > max(_MIN_STALE_TIME, timedelta(days=_STALE_GAP_FACTOR * state.pace))
