"""The places a digest reads -> what is new in each of them since the last time.

places
| expand      an OPML file stands for the feeds it names
| list        what the place lists, fetched anew if it changed
| choose      entries that are unknown, or worded anew, and not too old
| read        the whole article: the entry's text, else the page behind its link, else its teaser
-> one Reading per place, never an exception
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from summarizer.errors import ExtractionError, FeedError, FetchError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.courtesy import Courtesy, interleave
from summarizer.sources.entries import Entry, Listing, newest
from summarizer.sources.extract import Extracted, host
from summarizer.sources.feeds import read_feed
from summarizer.sources.fetch import Limits, fetch, normalise
from summarizer.sources.files import page_article, read
from summarizer.sources.outlines import read_opml, read_sitemap
from summarizer.sources.pages import Page
from summarizer.sources.places import Place, Reading, State

__all__ = ["expand", "read_places"]

T = TypeVar("T")
R = TypeVar("R")
Fetch = Callable[..., Page]
"""`summarizer.sources.fetch.fetch`, or what stands in for it."""

LISTS = Limits(kind="feed")
SITEMAPS = 20
"""Sitemaps read of one index: the latest."""

TEASER = 200
"""Code points from which on a teaser stands for an article that nobody may read."""

REMEMBERED = 400
"""Keys kept of a place, at least; four times what it lists, if that is more."""

_GONE = frozenset({401, 402, 403, 404, 405, 410, 451})
_QUIET = timedelta(days=3)
_SLOW = 5
"""Nothing new for this many times the usual gap, and for days, is called stale."""


class _Listed(NamedTuple):
    """What a place lists: ``chosen`` are the entries to be read, ``held`` the articles that came
    with the list, by the id of their entry."""

    place: Place
    before: State
    after: State
    listing: Listing = Listing()
    error: SourceError | None = None
    unchanged: bool = False
    chosen: tuple[Entry, ...] = ()
    old: tuple[Entry, ...] = ()
    held: Mapping[str, Article] = {}
    problems: tuple[SourceError, ...] = ()


class _Told(NamedTuple):
    """An entry that was read, or why not; it is ``settled`` unless the next time may be better."""

    entry: Entry
    article: Article | None
    problem: SourceError | None = None
    settled: bool = True


class _Validators:
    """Those of one place, in the form of the pages that a fetch remembers."""

    def __init__(self, state: State) -> None:
        self.state = state

    def load(self, url: str) -> Page | None:
        kept = self.state
        tags = (kept.etag or None, kept.last_modified or None)
        return Page(kept.url or url, b"", "", None, *tags, fetched="cache") if any(tags) else None

    def keep(self, url: str, page: Page) -> None:  # noqa: ARG002 - all of them are one place's
        tags = (page.etag or "", page.last_modified or "")
        self.state = replace(self.state, url=page.url, etag=tags[0], last_modified=tags[1])


def expand(
    places: Sequence[Place], *, allow_private: bool = False, fetch: Fetch = fetch
) -> Iterator[Place | SourceError]:
    """The places to read, each once and in their order."""
    seen: set[Place] = set()
    for place in places:
        opml = place.kind == "opml"
        for found in (
            _feeds(place, partial(fetch, allow_private=allow_private)) if opml else [place]
        ):
            if isinstance(found, SourceError) or found not in seen:
                yield found
            if isinstance(found, Place):
                seen.add(found)


def _feeds(outline: Place, fetch: Fetch) -> Iterator[Place | SourceError]:
    try:
        for address in read_opml(_content(outline.location, fetch)):
            try:
                yield Place("feed", normalise(address))
            except FetchError as error:
                yield error
    except SourceError as error:
        yield _about(error, outline)


def _content(location: str, fetch: Fetch) -> bytes:
    if "://" in location:
        return fetch(location, limits=LISTS).content
    try:
        return Path(location).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"cannot be read: {why}") from None


def read_places(
    wanted: Sequence[tuple[Place, State]],
    *,
    now: datetime,
    since: date,
    allow_private: bool = False,
    at_once: int = 16,
    fetch: Fetch = fetch,
) -> Iterator[Reading]:
    """What is new in each place, in their order; entries from before ``since`` are not read.

    At most ``at_once`` requests are under way, few of them to one host. A state is to be kept
    together with the articles that came with it.
    """
    door = Courtesy(partial(fetch, allow_private=allow_private))
    with _pool(at_once) as pool:
        listing = partial(_listed, fetch=door, now=now, since=since)
        lists = _in_turn(pool, listing, wanted, [place.location for place, _ in wanted])
        asked = [(one, entry) for one in lists for entry in one.chosen]
        reading = partial(_read, fetch=door)
        told = iter(_in_turn(pool, reading, asked, [entry.url or "" for _, entry in asked]))
    for one in lists:
        yield _reading(one, list(islice(told, len(one.chosen))), now)


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads; what was not begun when the block is left by an error is not begun any more."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="source")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _in_turn(
    pool: ThreadPoolExecutor, run: Callable[[T], R], items: Sequence[T], where: Sequence[str]
) -> list[R]:
    """The results in the order of the items, which are begun in turn by host."""
    begun = {at: pool.submit(run, items[at]) for at in interleave(where)}
    return [begun[at].result() for at in range(len(items))]


def _listed(wanted: tuple[Place, State], *, fetch: Fetch, now: datetime, since: date) -> _Listed:
    """What the place lists, and what of it is to be read."""
    place, state = wanted
    try:
        listed = _LISTERS[place.kind](place, state, fetch, now)
    except SourceError as error:
        return _Listed(place, state, state, error=_about(error, place))
    unknown = [each for each in listed.listing.entries if not _known(each, state.seen)]
    old = [each for each in unknown if _old(each, state.seen, since)]
    chosen = tuple(each for each in unknown if each not in old)
    return listed._replace(chosen=chosen, old=tuple(old))


def _known(entry: Entry, seen: Mapping[str, str]) -> bool:
    """Whether the same was said before: under one of its keys, or by a text of some length."""
    said = entry.fingerprint
    if any(seen.get(key) == said for key in entry.keys):
        return True
    return len(entry.text) >= TEASER and said in seen.values()


def _old(entry: Entry, seen: Mapping[str, str], since: date) -> bool:
    """Whether it is met for the first time, and comes too late."""
    first = not any(key in seen for key in entry.keys)
    return first and entry.published is not None and entry.published.date() < since


def _list_feed(place: Place, state: State, fetch: Fetch, now: datetime) -> _Listed:
    page, after = _ask(place, state, fetch, LISTS)
    if page is None:
        return _Listed(place, state, after, unchanged=True)
    listing = read_feed(page.content, place.location, now=now, charset=page.charset)
    return _Listed(place, state, after, listing, problems=_noted(listing, place))


def _list_sitemap(place: Place, state: State, fetch: Fetch, now: datetime) -> _Listed:
    page, after = _ask(place, state, fetch, LISTS)
    if page is None:
        return _Listed(place, state, after, unchanged=True)
    listing = read_sitemap(page.content, now)
    if not listing.deeper:
        return _Listed(place, state, after, listing, problems=_noted(listing, place))
    entries, problems = list(listing.entries), list(_noted(listing, place))
    for address in listing.deeper[:SITEMAPS]:
        try:
            entries += read_sitemap(fetch(address, limits=LISTS).content, now).entries
        except SourceError as error:
            error.subject = error.subject or address
            problems.append(error)
    whole = Listing(entries=tuple(newest(entries)))
    return _Listed(place, state, _unvalidated(after), whole, problems=tuple(problems))


def _list_page(place: Place, state: State, fetch: Fetch, now: datetime) -> _Listed:  # noqa: ARG001
    page, after = _ask(place, state, fetch, Limits())
    if page is None:
        return _Listed(place, state, after, unchanged=True)
    return _held(place, state, after, [page_article(page, place.location)])


def _list_folder(place: Place, state: State, fetch: Fetch, now: datetime) -> _Listed:  # noqa: ARG001
    outcomes = list(read([place.location]))
    articles = [each for each in outcomes if isinstance(each, Article)]
    problems = tuple(each for each in outcomes if isinstance(each, SourceError))
    if problems and not articles:
        raise problems[0]
    return _held(place, state, state, articles)._replace(problems=problems)


_LISTERS: Mapping[str, Callable[[Place, State, Fetch, datetime], _Listed]] = {
    "feed": _list_feed,
    "sitemap": _list_sitemap,
    "url": _list_page,
    "folder": _list_folder,
}


def _ask(place: Place, state: State, fetch: Fetch, limits: Limits) -> tuple[Page | None, State]:
    """The page, None if it is the one that was read before; and the validators to come."""
    remembered = _Validators(state)
    page = fetch(place.location, limits=limits, pages=remembered)
    body = sha256(page.content).hexdigest()
    if page.fetched == "cache" or body == state.body:
        return None, remembered.state
    return page, replace(remembered.state, body=body)


def _held(place: Place, state: State, after: State, articles: Sequence[Article]) -> _Listed:
    """The list of articles that are here already."""
    entries = tuple(
        Entry(one.location, None, one.title, one.text, _midnight(one.published)) for one in articles
    )
    held = {one.location: one for one in articles}
    return _Listed(place, state, after, Listing(entries=entries), held=held)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _noted(listing: Listing, place: Place) -> tuple[SourceError, ...]:
    return tuple(FeedError(what, subject=place.location) for what in listing.problems)


def _read(asked: tuple[_Listed, Entry], fetch: Fetch) -> _Told:
    """1. the article that came with the list; 2. the entry's text, if it is whole or there is no
    page of its own; 3. the page; 4. the teaser, if the page will never be read."""
    listed, entry = asked
    if entry.id in listed.held:
        return _Told(entry, listed.held[entry.id])
    if entry.whole or entry.shared or entry.url is None:
        return _Told(entry, _own(listed, entry))
    try:
        article = page_article(fetch(entry.url), entry.url)
    except SourceError as error:
        error.subject = error.subject or entry.url
        return _refused(listed, entry, error)
    if len(article.text) < len(entry.text):
        return _Told(entry, _own(listed, entry))
    day = entry.published.date() if entry.published else None
    return _Told(
        entry,
        replace(
            article,
            title=article.title or entry.title,
            published=article.published or day,
            published_from="page" if article.published or day else None,
        ),
    )


def _own(listed: _Listed, entry: Entry) -> Article:
    """The article that the feed itself holds; without a link it is named by its key."""
    place = listed.place.location
    told = Extracted(
        entry.text or entry.title or "",
        entry.title,
        listed.listing.title or host(place),
        entry.published.date() if entry.published else None,
    )
    own = f"{place.partition('#')[0]}#{quote(entry.id or entry.fingerprint, safe='')}"
    return told.at(url=entry.url or own)


def _refused(listed: _Listed, entry: Entry, error: SourceError) -> _Told:
    """A page that will not come tomorrow either is settled, with its teaser or without."""
    final = isinstance(error, ExtractionError) or getattr(error, "status", None) in _GONE
    if not final or len(entry.text) < TEASER:
        return _Told(entry, None, error, settled=final)
    error.message = f"{error.message}; its teaser is read instead"
    return _Told(entry, _own(listed, entry), error)


def _reading(listed: _Listed, told: Sequence[_Told], now: datetime) -> Reading:
    failed = [each for each in told if not each.settled]
    skipped = {each.entry for each in failed}
    known = [each for each in listed.listing.entries if each not in skipped]
    after = listed.after if not failed else _unvalidated(listed.after)
    state = _remember(after, known, fresh=any(each.article for each in told), now=now)
    if listed.error:
        state = listed.before
    return Reading(
        listed.place,
        tuple(each.article for each in told if each.article),
        state,
        listed.error,
        (*listed.problems, *(each.problem for each in told if each.problem)),
        entries=len(listed.listing.entries),
        old=len(listed.old),
        unchanged=listed.unchanged,
        stale=listed.place.kind in ("feed", "sitemap") and _stale(state, now),
    )


def _unvalidated(state: State) -> State:
    """The next time all of it is sent again, because something in it is still to be read."""
    return replace(state, etag="", last_modified="", body="")


def _remember(state: State, entries: Sequence[Entry], *, fresh: bool, now: datetime) -> State:
    """The state with these entries known, the longest unheard of forgotten."""
    listed = {key: entry.fingerprint for entry in entries for key in entry.keys}
    seen = {key: said for key, said in state.seen.items() if key not in listed} | listed
    most = max(REMEMBERED, 4 * len(listed))
    dates = sorted({entry.published for entry in entries if entry.published}, reverse=True)
    gaps = [(later - earlier) / timedelta(days=1) for later, earlier in pairwise(dates)]
    last = now if fresh or not dates else dates[0]
    return replace(
        state,
        seen=dict(list(seen.items())[-most:]),
        newest=last.isoformat() if fresh or not state.newest else state.newest,
        pace=round(median(gaps), 3) if gaps else state.pace,
    )


def _stale(state: State, now: datetime) -> bool:
    if not state.newest:
        return False
    silence = now - datetime.fromisoformat(state.newest)
    return silence > max(_QUIET, timedelta(days=_SLOW * state.pace))


def _about(error: SourceError, place: Place) -> SourceError:
    error.subject = error.subject or place.location
    return error
