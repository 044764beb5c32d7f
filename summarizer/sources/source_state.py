"""A source of a digest, its state between two runs, and what one run read from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from summarizer.errors import SourceError
from summarizer.sources.articles import Article

SourceKind = Literal["feed", "opml", "folder", "url", "sitemap", "mailbox"]


@dataclass(frozen=True, slots=True)
class SubscribedSource:
    """A source of a digest; ``location`` is the URL or path that the user gave."""

    kind: SourceKind
    location: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is stored of a source from run to run.

    ``seen``: key of an entry -> fingerprint of its words. ``url`` is the one that the validators
    are from, ``body`` the sha256 of the content that they validate, or the watermark of a mailbox.
    ``newest``: the time of the last new entry in ISO 8601; ``pace``: median of the days between two
    entries.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    newest: str = ""
    pace: float = 0.0

    def to_json(self) -> str:
        """The state as JSON text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "SourceState":
        """The state that `to_json` wrote; if ``text`` is damaged, the empty state."""
        try:
            state = cls(**json.loads(text))
            texts = (state.url, state.etag, state.last_modified, state.body, state.newest)
            valid = all(isinstance(each, str) for each in (*texts, *state.seen.values()))
            aware = not state.newest or datetime.fromisoformat(state.newest).tzinfo is not None
            return state if valid and aware and isinstance(state.pace, int | float) else cls()
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()


@dataclass(frozen=True, slots=True)
class SourceReading:
    """The result of reading one source.

    ``error``: the source could not be read. ``problems``: parts of it that could not; an entry
    among them is tried again the next time. ``old``: number of new entries that are too old, or
    whose pages are. ``future``: number of new entries whose date is after now.
    ``stale``: there has been nothing new for much longer than usual. ``newest``: the latest date
    that it lists.
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
