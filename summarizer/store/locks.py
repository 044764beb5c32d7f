"""Names that only one process holds at a time, given back by its death at the latest.

Behind SQLite a name is a locked file beside the store, behind PostgreSQL an advisory lock of a
connection: the operating system and the server free them when the process is killed. So whoever
can take the name of another process knows that it is gone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

__all__ = ["Locks"]


class Locks:
    """The names that this process holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_file = engine.dialect.name == "sqlite"
        self._held: dict[str, int] = {}
        self._connection: Connection | None = None
        self._one_at_a_time = RLock()

    def take(self, name: str) -> bool:
        """Whether the name was free, and is this process's from now on."""
        with self._one_at_a_time:
            if name in self._held:
                return False
            handle = self._take_file(name) if self._is_file else self._take_advisory(name)
            if handle is not None:
                self._held[name] = handle
            return handle is not None

    def give(self, name: str) -> None:
        """Gives a name back."""
        with self._one_at_a_time:
            handle = self._held.pop(name, None)
            if handle is not None and self._is_file:
                with suppress(FileNotFoundError):
                    self._file(name).unlink()
                os.close(handle)
            elif handle is not None:
                self._ask("SELECT pg_advisory_unlock(:key)", name)

    @contextmanager
    def tried(self, name: str) -> Iterator[bool]:
        """Holds the name for the block, if it is free."""
        taken = self.take(name)
        try:
            yield taken
        finally:
            if taken:
                self.give(name)

    def close(self) -> None:
        """Gives all names back."""
        for name in list(self._held):
            self.give(name)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take_advisory(self, name: str) -> int | None:
        return 0 if self._ask("SELECT pg_try_advisory_lock(:key)", name) else None

    def _take_file(self, name: str) -> int | None:
        file = self._file(name)
        while True:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return None
            if _still_there(handle, file):  # else its last holder removed it in between
                return handle
            os.close(handle)

    def _file(self, name: str) -> Path:
        store = Path(self._engine.url.database or ".")
        folder = store.parent / f".{store.name}.locks"
        return folder / sha256(name.encode()).hexdigest()[:32]

    def _ask(self, question: str, name: str) -> bool:
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        if self._connection is None or self._connection.invalidated:
            kept = self._engine.connect()
            self._connection = kept.execution_options(isolation_level="AUTOCOMMIT")
        return bool(self._connection.execute(sql(question), {"key": key}).scalar())


def _still_there(handle: int, file: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), file.stat())
    return False
