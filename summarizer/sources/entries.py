"""What a feed or sitemap says of one article, and what identifies it from day to day."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from summarizer.sources.articles import digest
from summarizer.sources.extract import PARSER_FAILURES, read_date
from summarizer.text.sentence_ends import CLOSING, STOPS

__all__ = ["Entry", "Listing", "apart", "canonical", "instant", "newest"]

MOST = 200
"""Entries read of one feed; of a longer one the newest."""

_WHOLE = 1000
"""Code points from which on a text without a sign of being cut is taken for the whole article."""
_CUT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]"
    rf"|(?:\A|[\n{STOPS}{CLOSING}])\s*(?:read|learn|see) more"
    r"|\b(?:continue|keep) reading|weiterlesen|lire la suite|leer más|читати далі|читать далее)"
    r"\W{0,5}\Z",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|at_\w+|ns_\w+|xtor|cmpid|ocid|partner|rss",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)


@dataclass(frozen=True)
class Entry:
    """One entry. ``text`` is plain, one paragraph a line; ``url`` is http(s).

    ``shared``: its link is that of other entries too, so the page behind it is not its article.
    """

    id: str
    url: str | None = None
    title: str | None = None
    text: str = ""
    published: datetime | None = None
    shared: bool = False

    @property
    def whole(self) -> bool:
        """Whether the text looks like all of the article, not the beginning of it."""
        return len(self.text) >= _WHOLE and not _CUT.search(self.text[-60:])

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What may identify it: its own id and its link; without either, its words."""
        named = [f"id {self.id}"] if self.id else []
        if self.url and not self.shared:
            named.append(f"link {canonical(self.url)}")
        return tuple(digest(name)[:16] for name in named or [f"words {self.fingerprint}"])

    @cached_property
    def fingerprint(self) -> str:
        """The words of title and text, however they are spaced and marked up."""
        words = _WORDS.findall(f"{self.title or ''} {self.text}".casefold())
        return digest(" ".join(words))[:16]


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one feed or sitemap, and what in it could not be used."""

    title: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    deeper: tuple[str, ...] = ()
    """Further lists that this one names: the sitemaps of a sitemap index."""


def canonical(url: str) -> str:
    """The address without what does not choose the article: scheme, ``www.``, fragment, trackers.

    >>> canonical("http://www.a.example/b/?utm_source=rss&id=7#top")
    '//a.example/b?id=7'
    """
    try:
        parts = urlsplit(url)
        host = (parts.netloc or "").lower().removeprefix("www.")
    except ValueError:
        return url
    asked = [(k, v) for k, v in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(k)]
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(asked), ""))


def instant(value: object, now: datetime) -> datetime | None:
    """An ISO 8601 or RFC 2822 time, its own offset kept (UTC without one); of a day, its midnight.

    None for what is no time, lies ahead of ``now`` by days, or before there were feeds. What
    feedparser makes of other forms is not asked: it takes 2025年11月25日 for the first.
    """
    if not isinstance(value, str):
        return None
    found = _time(value.strip()[:100])
    if found is None and (day := read_date(value)):
        found = datetime.combine(day, time())
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return found if _EARLIEST <= found <= now + _AHEAD else None
    except OverflowError:  # the first or last day of all, in another zone
        return None


def _time(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    read = datetime.fromisoformat if value[:4].isdigit() else parsedate_to_datetime
    for form in (value, f"{value} 00:00:00 +0000"):
        with suppress(*PARSER_FAILURES):
            return read(form)
    return None


def newest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """At most `MOST` of them, in their order: the latest by date, undated ones by their place."""
    if len(entries) <= MOST:
        return entries
    latest = _EARLIEST + _AHEAD
    ranked = sorted(
        range(len(entries)), key=lambda at: entries[at].published or latest, reverse=True
    )
    return [entries[at] for at in sorted(ranked[:MOST])]


def apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Each entry once. An id or a link that several different entries carry identifies none."""
    once = {(entry.id, entry.url, entry.fingerprint): entry for entry in entries}.values()
    ids = Counter(entry.id for entry in once)
    links = Counter(entry.url and canonical(entry.url) for entry in once)
    for entry in once:
        own = entry.id if ids[entry.id] == 1 else ""
        shared = entry.url is not None and links[canonical(entry.url)] > 1
        same = own == entry.id and shared == entry.shared
        yield entry if same else replace(entry, id=own, shared=shared)
