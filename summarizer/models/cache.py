"""A cache of replies on disk. It never reads a pickle, whatever the database says.

diskcache unpickles whatever a row claims to be a pickle (CVE-2025-69872), and follows the file name
that a row gives. So `_safe_disk` stores text inside the database and nothing else, refuses rows of
any other kind, and touches no file.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from threading import Lock
from typing import Any

from summarizer.errors import MalformedCompletion, SettingsError
from summarizer.models.protocol import (
    Completion,
    CompletionRequest,
    LanguageModel,
    unpack_completion,
)

_logger = logging.getLogger(__name__)

MAX_CACHE_BYTES = 256_000_000
"""Bytes on disk: about 60,000 replies. The oldest are deleted first."""

MAX_ENTRY_CHARS = 4_000_000
"""Characters of one entry; a longer row was not written by this program."""


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """Where the cache is and how full. ``size`` and ``limit`` in bytes on disk."""

    folder: Path
    entries: int
    size: int
    limit: int


class CompletionCache:
    """Replies by key, in a folder that only its owner can read. Safe for threads and processes.

    A damaged database is moved to ``FOLDER.broken``; a full disk keeps nothing. ``log`` is called
    with one line on each. Raises SettingsError when the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        limit: int = MAX_CACHE_BYTES,
        log: Callable[[str], None] = _logger.warning,
    ) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.folder = folder or Path(home) / "summarizer" / "answers"
        self._limit = limit
        self._log = log
        self._warned: set[str] = set()
        self._lock = Lock()
        self._disk = self._open()

    def get(self, key: str) -> Completion | None:
        """The cached reply, or None. A row that holds no reply is deleted."""
        row = self.get_text(key)
        if row is None:
            return None
        with suppress(ValueError, RecursionError):
            return unpack_completion(json.loads(row))
        self._ignoring_failures(lambda: self._disk.delete(key))
        return None

    def put(self, key: str, completion: Completion) -> None:
        """Stores the reply until the space is needed."""
        self.put_text(key, json.dumps(completion.pack()))

    def get_text(self, key: str) -> str | None:
        """The text stored under the key, or None."""
        row: str | None = self._ignoring_failures(lambda: self._disk.get(key))
        return row

    def put_text(self, key: str, text: str) -> None:
        """Stores any other text; one that is too long is not stored."""
        if len(text) <= MAX_ENTRY_CHARS:
            self._ignoring_failures(lambda: self._disk.set(key, text))

    def stats(self) -> CacheInfo:
        """Where the cache is and how full."""
        entries = self._ignoring_failures(lambda: len(self._disk)) or 0
        size = self._ignoring_failures(self._disk.volume) or 0
        return CacheInfo(self.folder, entries, size, self._limit)

    def clear(self) -> int:
        """Deletes all entries and returns their number."""
        return self._ignoring_failures(self._disk.clear) or 0

    def close(self) -> None:
        """Closes the database."""
        self._disk.close()

    def _open(self) -> Any:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            return _open_database(self.folder, self._limit)
        except (OSError, sqlite3.OperationalError) as error:
            why = f"cannot hold the cache: {error}"
            hint = "--no-cache does without"
            raise SettingsError(why, subject=str(self.folder), hint=hint) from error
        except (sqlite3.DatabaseError, KeyError, TypeError, ValueError):
            self._set_aside()
            return _open_database(self.folder, self._limit)

    def _ignoring_failures(self, action: Callable[[], Any]) -> Any:
        """What the action returns, or None: a failure of the cache does not stop a run."""
        from diskcache import Timeout

        disk = self._disk
        try:
            return action()
        except _ForeignRow:
            return None
        except (Timeout, sqlite3.OperationalError) as error:
            self._warn_once(f"the cache does not work and is not used: {error}")
        except sqlite3.DatabaseError:
            with self._lock, suppress(OSError, sqlite3.Error):
                if self._disk is disk:  # else another thread has already replaced it
                    disk.close()
                    self._set_aside()
                    self._disk = _open_database(self.folder, self._limit)
        return None

    def _set_aside(self) -> None:
        broken = self.folder.with_name(f"{self.folder.name}.broken")
        rmtree(broken, ignore_errors=True)
        self.folder.rename(broken)
        self.folder.mkdir(mode=0o700)
        self._warn_once(f"the cache was damaged; a new one is used, and the old one is {broken}")

    def _warn_once(self, what: str) -> None:
        """Logs each message once, however many entries it concerns."""
        if what not in self._warned:
            self._warned.add(what)
            self._log(f"{self.folder}: {what}")


class _ForeignRow(Exception):
    """A row that this program did not write."""


def _open_database(folder: Path, limit: int) -> Any:
    import diskcache

    return diskcache.Cache(str(folder), disk=_safe_disk(), size_limit=limit, statistics=0)


def _safe_disk() -> type:
    """A disk that holds text and nothing else."""
    import diskcache

    class SafeDisk(diskcache.Disk):  # type: ignore[misc]
        def put(self, key: Any) -> tuple[str, bool]:
            return _checked_text(key), True

        def get(self, key: Any, raw: Any) -> str:
            return _checked_text(key if raw else None)

        def store(self, value: Any, *_: Any, **__: Any) -> tuple[int, int, None, str]:
            return 0, diskcache.core.MODE_RAW, None, _checked_text(value)

        def fetch(self, mode: int, filename: Any, value: Any, *_: Any) -> str:
            return _checked_text(
                value if mode == diskcache.core.MODE_RAW and not filename else None
            )

        def remove(self, file_path: Any) -> None:
            """Deletes nothing: this program stores no files."""

    return SafeDisk


def _checked_text(value: Any) -> str:
    if isinstance(value, str) and len(value) <= MAX_ENTRY_CHARS:
        return value
    raise _ForeignRow


class CachedModel:
    """Replies from the cache where it can.

    The key covers the endpoint and what `CompletionRequest.key` covers: model, messages, schema,
    bound on tokens, temperature. Step, plan, timeouts, retries, limits and budget change no reply
    and are not part of it. A reply that is empty, cut off or not the JSON that was requested is not
    cached, so that another try may succeed.
    """

    def __init__(self, inner: LanguageModel, cache: CompletionCache, *, endpoint: str = "") -> None:
        self._inner = inner
        self._cache = cache
        self._endpoint = endpoint

    def complete(self, request: CompletionRequest) -> Completion:
        """The reply; a cached one costs nothing and takes no time."""
        key = sha256(f"{self._endpoint}\n{request.key}".encode()).hexdigest()
        cached = self._cache.get(key)
        if cached is not None:
            return replace(cached, cached=True, cost_usd=0.0, seconds=0.0)
        completion = self._inner.complete(request)
        if _is_worth_caching(request, completion):
            self._cache.put(key, completion)
        return completion


def _is_worth_caching(request: CompletionRequest, completion: Completion) -> bool:
    if completion.finish != "stop" or not completion.text.strip():
        return False
    if request.schema is None:
        return True
    from summarizer.models.structured_output import parse_json_object

    try:
        return bool(parse_json_object(completion))
    except MalformedCompletion:
        return False
