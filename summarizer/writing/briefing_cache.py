"""A complete briefing from the cache: same articles, same settings, same program.

The key covers everything that determines a briefing: the articles, the settings, the models and
their endpoint, the prompts, the program and the installed libraries. Clock, budget, limits and
retries are not part of it. A briefing with a failed model step is not kept, so that another run may
succeed.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import summarizer
from summarizer.briefing import Activity, Briefing
from summarizer.errors import SettingsError, SourceError
from summarizer.models.cache import CompletionCache
from summarizer.rendering.json import parse_briefing, to_json
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.writing.prompting import Chain


@dataclass(frozen=True, slots=True)
class BriefingCacheEntry:
    """The place of one briefing among the kept answers. ``texts``: source id -> snapshot."""

    answers: CompletionCache
    key: str
    texts: Mapping[str, str]

    def load(self, now: datetime) -> Briefing | None:
        """The briefing as the chain would make it again from kept answers alone, stamped ``now``;
        None if there is none, or what is there is no briefing of these texts."""
        row = self.answers.get_text(self.key)
        try:
            known = parse_briefing(row) if row else None
        except SettingsError:
            return None
        return _replay(known, now) if known and self._quotes(known) else None

    def _quotes(self, briefing: Briefing) -> bool:
        """Whether every passage stands in its snapshot at its place."""
        return all(
            self.texts.get(chunk.source, "")[chunk.start : chunk.end] == chunk.text
            for chunk in briefing.chunks
        )

    def store(self, briefing: Briefing) -> None:
        """Keeps it, unless a model failed at a part of it."""
        if not any(finding.kind in ("model", "unwritten") for finding in briefing.findings):
            self.answers.put_text(self.key, to_json(briefing))


def briefing_fingerprint(
    articles: Sequence[Article],
    unreadable: Sequence[SourceError],
    settings: Settings,
    chain: Chain,
) -> str:
    """sha256 of all that decides the briefing, in hex."""
    asked = [chain.name, chain.judge_name, chain.language, [each.hash for each in chain.prompts]]
    missed = [(error.subject, error.message) for error in unreadable]
    read = [astuple(article) for article in articles]
    program = list(_file_states(_program_files()))
    reader = list(_file_states(_folder_files(settings.nli) if settings.nli else ()))
    decisive = [program, reader, asked, chain.endpoint, astuple(settings), missed, read]
    return sha256(json.dumps(decisive, default=str).encode()).hexdigest()


def _program_files() -> Iterator[Path]:
    """The files of this package, the interpreter, and where libraries are installed. A library that
    is added, taken out or renewed changes its folder."""
    yield from _folder_files(Path(summarizer.__file__).parent)
    yield Path(sys.executable)
    beside = find_spec("litellm")
    if beside and beside.origin:
        yield Path(beside.origin).parents[1]


def _file_states(paths: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of change of each."""
    for path in paths:
        with suppress(OSError):  # a file that went away meanwhile
            found = path.stat()
            yield str(path), found.st_size, found.st_mtime_ns


def _folder_files(folder: Path) -> Iterator[Path]:
    """The files below a folder; of a file, those beside it."""
    folder = folder.parent if folder.is_file() else folder
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(place, name) for name in sorted(names))


def _replay(briefing: Briefing, now: datetime) -> Briefing:
    """The briefing with every call of a model answered from what is kept."""
    activities = tuple(map(_as_cached, briefing.activities))
    calls = sum(activity.cached for activity in activities)
    report = briefing.report.model_copy(
        update={"model_calls": 0, "cached_calls": calls, "cost_usd": 0.0 if calls else None}
    )
    anew = {"created": now, "activities": activities, "report": report}
    made = briefing.model_copy(update=anew)
    return made.model_copy(update={"id": made.identity()})


def _as_cached(activity: Activity) -> Activity:
    """An answer of a model as the cache gives it; only they have a plan."""
    if activity.plan is None:
        return activity
    return activity.model_copy(update={"cached": True, "cost_usd": 0.0, "seconds": 0.0})
