"""A source of a digest, its state between two runs, and what one run read from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from summarizer.errors import SourceError
from summarizer.sources.articles import Article

SourceKind = Literal["feed", "opml", "folder", "url", "sitemap", "mailbox"]


@dataclass(frozen=True, slots=True)
class SubscribedSource:
    """A source of a digest; ``location`` is the URL or path that the user gave."""

    kind: SourceKind
    location: str


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry whose page could not be read and is tried again from the instant ``retry`` on, also
    if the source does not list it any more. ``first``: the instant of the first attempt."""

    keys: tuple[str, ...]
    id: str
    url: str
    title: str
    text: str
    published: str
    first: str
    attempts: int
    retry: str
    reason: str

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "PendingEntry":
        """The entry of a parsed JSON object. Raises TypeError or ValueError if it is damaged."""
        entry = cls(**{**document, "keys": tuple(document["keys"])})
        texts = (*entry.keys, entry.id, entry.url, entry.title, entry.text, entry.reason)
        if not all(isinstance(each, str) for each in texts) or not isinstance(entry.attempts, int):
            raise TypeError("a field of a waiting entry has another type")
        for instant in filter(None, (entry.published, entry.first, entry.retry)):
            if datetime.fromisoformat(instant).tzinfo is None:
                raise ValueError("an instant without a zone")
        return entry


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is stored of a source from run to run.

    ``seen``: key of an entry -> fingerprint of its words. ``url`` is the one that the validators
    are from, ``body`` the sha256 of the content that they validate, or the watermark of a mailbox.
    ``newest``: the time of the last new entry in ISO 8601; ``pace``: median of the days between two
    entries. ``pending``: entries that could not be read yet. ``failures``: failed readings in a
    row, after some of which the source is not read before ``retry``. ``entries_read`` and
    ``entries_given_up`` count since the source is known.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    newest: str = ""
    pace: float = 0.0
    pending: tuple[PendingEntry, ...] = ()
    failures: int = 0
    retry: str = ""
    entries_read: int = 0
    entries_given_up: int = 0

    def to_json(self) -> str:
        """The state as JSON text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "SourceState":
        """The state that `to_json` wrote; if ``text`` is damaged, the empty state."""
        try:
            document = json.loads(text)
            pending = map(PendingEntry.from_document, document.get("pending", ()))
            state = cls(**{**document, "pending": tuple(pending)})
            texts = (state.url, state.etag, state.last_modified, state.body)
            valid = all(isinstance(each, str) for each in (*texts, *state.seen.values()))
            counts = (state.failures, state.entries_read, state.entries_given_up)
            valid &= all(isinstance(each, int) for each in counts)
            for instant in filter(None, (state.newest, state.retry)):
                valid &= datetime.fromisoformat(instant).tzinfo is not None
            return state if valid and isinstance(state.pace, int | float) else cls()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()


@dataclass(frozen=True, slots=True)
class UnreadEntry:
    """A new entry of which nothing could be read. ``first``: it was tried for the first time;
    ``given_up``: it is not tried again."""

    title: str
    url: str
    reason: str
    first: bool
    given_up: bool


@dataclass(frozen=True, slots=True)
class SourceReading:
    """The result of reading one source.

    ``error``: the source could not be read. ``problems``: parts of it that could not; an entry
    among them is tried again later. ``unread``: entries of which nothing could be read. ``old``:
    number of new entries that are too old, or whose pages are. ``future``: number of new entries
    whose date is after now. ``served``: the time of day on its server. ``stale``: there has been
    nothing new for much longer than usual. ``newest``: the latest date that it lists.
    """

    source: SubscribedSource
    articles: tuple[Article, ...] = ()
    state: SourceState = SourceState()
    error: SourceError | None = None
    problems: tuple[SourceError, ...] = ()
    entries: int = 0
    old: int = 0
    future: int = 0
    unchanged: bool = False
    stale: bool = False
    newest: datetime | None = None
    unread: tuple[UnreadEntry, ...] = ()
    served: datetime | None = None
