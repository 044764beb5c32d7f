"""A briefing that was made before, found whole: the same articles told by the same means.

Its key holds everything that decides a briefing: the articles, the settings, who writes and judges
and where they are asked, the prompts, and the program itself with the libraries beside it. Clock,
budget, limits and patience decide nothing. What a model failed at is not kept, so that asking again
may help.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import summarizer
from summarizer.briefings import Activity, Briefing
from summarizer.errors import SettingsError, SourceError
from summarizer.models.cache import CompletionCache
from summarizer.rendering.interchange import parse, render
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.writing.chain import Chain

__all__ = ["Memory", "fingerprint"]


@dataclass(frozen=True, slots=True)
class Memory:
    """The place of one briefing among the kept answers. ``texts``: source id -> snapshot."""

    answers: CompletionCache
    key: str
    texts: Mapping[str, str]

    def find(self, now: datetime) -> Briefing | None:
        """The briefing as the chain would make it again from kept answers alone, stamped ``now``;
        None if there is none, or what is there is no briefing of these texts."""
        row = self.answers.read(self.key)
        try:
            known = parse(row) if row else None
        except SettingsError:
            return None
        return _again(known, now) if known and self._quotes(known) else None

    def _quotes(self, briefing: Briefing) -> bool:
        """Whether every passage stands in its snapshot at its place."""
        return all(
            self.texts.get(chunk.source, "")[chunk.start : chunk.end] == chunk.text
            for chunk in briefing.chunks
        )

    def keep(self, briefing: Briefing) -> None:
        """Keeps it, unless a model failed at a part of it."""
        if not any(finding.kind == "model" for finding in briefing.findings):
            self.answers.write(self.key, render(briefing))


def fingerprint(
    articles: Sequence[Article],
    unreadable: Sequence[SourceError],
    settings: Settings,
    chain: Chain,
    endpoint: str,
) -> str:
    """sha256 of all that decides the briefing, in hex."""
    asked = [chain.name, chain.judge_name, chain.language, [each.hash for each in chain.prompts]]
    missed = [(error.subject, error.message) for error in unreadable]
    read = [astuple(article) for article in articles]
    decisive = [list(_program()), asked, endpoint, astuple(settings), missed, read]
    return sha256(json.dumps(decisive, default=str).encode()).hexdigest()


def _program() -> Iterator[tuple[str, int, int]]:
    """The files of this package, the interpreter, and where libraries are installed: name, size and
    time of change. A library that is added, taken out or renewed changes its folder."""
    beside = find_spec("litellm")
    libraries = [Path(beside.origin).parents[1]] if beside and beside.origin else []
    for path in (*_files(Path(summarizer.__file__).parent), Path(sys.executable), *libraries):
        with suppress(OSError):  # a file that went away meanwhile
            found = path.stat()
            yield str(path), found.st_size, found.st_mtime_ns


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(place, name) for name in sorted(names))


def _again(briefing: Briefing, now: datetime) -> Briefing:
    """The briefing with every call of a model answered from what is kept."""
    activities = tuple(map(_cached, briefing.activities))
    calls = sum(activity.cached for activity in activities)
    report = briefing.report.model_copy(
        update={"model_calls": 0, "cached_calls": calls, "cost_usd": 0.0 if calls else None}
    )
    anew = {"created": now, "activities": activities, "report": report}
    made = briefing.model_copy(update=anew)
    return made.model_copy(update={"id": made.identity()})


def _cached(activity: Activity) -> Activity:
    """An answer of a model as the cache gives it; only they have a plan."""
    if activity.plan is None:
        return activity
    return activity.model_copy(update={"cached": True, "cost_usd": 0.0, "seconds": 0.0})
