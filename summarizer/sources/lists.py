"""What a place lists, fetched anew only if it changed, and what of it is to be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import NamedTuple

from summarizer.errors import FeedError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.entries import Entry, Listing, newest
from summarizer.sources.feeds import read_feed
from summarizer.sources.fetch import Limits
from summarizer.sources.files import page_article, read
from summarizer.sources.outlines import read_sitemap
from summarizer.sources.pages import Page
from summarizer.sources.places import Place, State

__all__ = ["LISTS", "TEASER", "Fetch", "Listed", "about", "choose", "expected", "unvalidated"]

Fetch = Callable[..., Page]
"""`summarizer.sources.fetch.fetch`, or what stands in for it."""

LISTS = Limits(kind="feed", size=5_000_000)
"""Broken XML of the worst kind costs seconds a megabyte."""

MAPS = Limits(kind="feed", size=20_000_000)
SITEMAPS = 20
"""Sitemaps read of one index: the latest."""

TEASER = 200
"""Code points from which on a text tells an entry from others, or stands for its article."""


class Listed(NamedTuple):
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


def choose(wanted: tuple[Place, State], *, fetch: Fetch, now: datetime, since: date) -> Listed:
    """What the place lists, and what of it is to be read."""
    place, state = wanted
    try:
        listed = _LISTERS[place.kind](place, state, fetch, now)
    except Exception as error:  # noqa: BLE001 - a digest's source loop: no source ends the run
        return Listed(place, state, state, error=about(expected(error), place))
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


def _list_feed(place: Place, state: State, fetch: Fetch, now: datetime) -> Listed:
    page, after = _ask(place, state, fetch, LISTS)
    if page is None:
        return Listed(place, state, after, unchanged=True)
    listing = read_feed(page.content, place.location, now=now, charset=page.charset)
    return Listed(place, state, after, listing, problems=_noted(listing, place))


def _list_sitemap(place: Place, state: State, fetch: Fetch, now: datetime) -> Listed:
    page, after = _ask(place, state, fetch, MAPS)
    if page is None:
        return Listed(place, state, after, unchanged=True)
    listing = read_sitemap(page.content, now)
    if not listing.deeper:
        return Listed(place, state, after, listing, problems=_noted(listing, place))
    entries, problems = list(listing.entries), list(_noted(listing, place))
    for address in listing.deeper[:SITEMAPS]:
        try:
            entries += read_sitemap(fetch(address, limits=MAPS).content, now).entries
        except SourceError as error:
            error.subject = error.subject or address
            problems.append(error)
    whole = Listing(entries=tuple(newest(entries)))
    return Listed(place, state, unvalidated(after), whole, problems=tuple(problems))


def _list_page(place: Place, state: State, fetch: Fetch, now: datetime) -> Listed:  # noqa: ARG001
    page, after = _ask(place, state, fetch, Limits())
    if page is None:
        return Listed(place, state, after, unchanged=True)
    return _held(place, state, after, [page_article(page, place.location)])


def _list_folder(place: Place, state: State, fetch: Fetch, now: datetime) -> Listed:  # noqa: ARG001
    outcomes = list(read([place.location]))
    articles = [each for each in outcomes if isinstance(each, Article)]
    problems = tuple(each for each in outcomes if isinstance(each, SourceError))
    if problems and not articles:
        raise problems[0]
    return _held(place, state, state, articles)._replace(problems=problems)


_LISTERS: Mapping[str, Callable[[Place, State, Fetch, datetime], Listed]] = {
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


def _held(place: Place, state: State, after: State, articles: Sequence[Article]) -> Listed:
    """The list of articles that are here already."""
    entries = tuple(
        Entry(one.location, None, one.title, one.text, _midnight(one.published)) for one in articles
    )
    held = {one.location: one for one in articles}
    return Listed(place, state, after, Listing(entries=entries), held=held)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _noted(listing: Listing, place: Place) -> tuple[SourceError, ...]:
    return tuple(FeedError(what, subject=place.location) for what in listing.problems)


def unvalidated(state: State) -> State:
    """The next time all of it is sent again, because something in it is still to be read."""
    return replace(state, etag="", last_modified="", body="")


def expected(error: Exception) -> SourceError:
    """What no parser and no server should cause, as one more failure of its source."""
    if isinstance(error, SourceError):
        return error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return SourceError(f"could not be read ({what})")


def about(error: SourceError, place: Place) -> SourceError:
    error.subject = error.subject or place.location
    return error
