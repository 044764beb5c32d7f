"""A source of a digest, its state between two runs, and what one run read from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from summarizer.errors import SourceError
from summarizer.sources.articles import Article

__all__ = ["SourceKind", "SourceReading", "SourceState", "SubscribedSource"]

SourceKind = Literal["feed", "opml", "folder", "url", "sitemap"]


@dataclass(frozen=True, slots=True)
class SubscribedSource:
    """One thing to read, as the user named it: an address, or a path."""

    kind: SourceKind
    location: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a place from run to run.

    ``seen``: key of an entry -> fingerprint of what was said of it. ``url`` is where the
    validators are from, ``body`` the sha256 of what they validate. ``newest``: when something new
    was last there, in ISO 8601; ``pace``: the days that usually lie between two entries.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    body: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    newest: str = ""
    pace: float = 0.0

    def to_json(self) -> str:
        """As text, to be kept."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "SourceState":
        """What `pack` wrote; of damaged text, the empty state."""
        try:
            kept = cls(**json.loads(text))
            told = (kept.url, kept.etag, kept.last_modified, kept.body, kept.newest)
            sound = all(isinstance(each, str) for each in (*told, *kept.seen.values()))
            aware = not kept.newest or datetime.fromisoformat(kept.newest).tzinfo is not None
            return kept if sound and aware and isinstance(kept.pace, int | float) else cls()
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What one place had to say.

    ``error``: nothing could be read. ``problems``: what in it could not; an entry among them is
    tried again the next time. ``old``: entries met for the first time that are older than asked
    for. ``stale``: nothing new for much longer than it uses to take.
    """

    source: SubscribedSource
    articles: tuple[Article, ...] = ()
    state: SourceState = SourceState()
    error: SourceError | None = None
    problems: tuple[SourceError, ...] = ()
    entries: int = 0
    old: int = 0
    unchanged: bool = False
    stale: bool = False
