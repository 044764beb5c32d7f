"""An open store: SQLite by path or PostgreSQL by URL, and the named locks of its processes.

Errors of the database are raised as StoreError with a hint; every write is one transaction.

A lock is held by one process at a time and freed by its death: behind SQLite it is a locked
file beside the store, behind PostgreSQL an advisory lock of a connection. Whoever can take
the lock of another process knows that it has died. A locked file also carries a mark in
shared memory: writing it costs no system call, and it survives the process, but not the
machine; so the mark names the boot.
"""

import fcntl
import mmap
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from summarizer.errors import SettingsError, StoreError
from summarizer.store.schema import migrate_schema

__all__ = ["Database", "ProcessLocks", "default_store", "open_store", "store_url"]

MARK_BYTES = 128
"""Bytes of a mark: the boot's id, a space, the word."""

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")


class ProcessLocks:
    """The names that this process holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_file = engine.dialect.name == "sqlite"
        self._handles: dict[str, int] = {}
        self._pages: dict[str, mmap.mmap] = {}
        self._connection: Connection | None = None
        self._mutex = RLock()

    def acquire(self, name: str) -> bool:
        """Whether the name was free, and is this process's from now on."""
        with self._mutex:
            if name in self._handles:
                return False
            handle = self._acquire_file(name) if self._is_file else self._acquire_advisory(name)
            if handle is not None:
                self._handles[name] = handle
                if self._is_file:
                    self._pages[name] = _map_mark(handle)
            return handle is not None

    def release(self, name: str) -> None:
        """Gives a name back."""
        with self._mutex:
            handle = self._handles.pop(name, None)
            if handle is not None and self._is_file:
                self._pages.pop(name).close()
                with suppress(FileNotFoundError):
                    self._file(name).unlink()
                os.close(handle)
            elif handle is not None:
                self._query_lock("SELECT pg_advisory_unlock(:key)", name)

    def set_mark(self, name: str, word: str) -> None:
        """Leaves a word that outlives this process, beside a name that it holds."""
        page = self._pages.get(name)
        if page is not None:
            page[:MARK_BYTES] = _mark_content(word)

    def has_mark(self, name: str, word: str) -> bool | None:
        """Whether the holder's last mark was this word; None when nobody can know."""
        if not self._is_file or not _boot_id():
            return None
        with suppress(OSError):
            kept = self._file(name).read_bytes()[:MARK_BYTES]
            if kept.startswith(_boot_id().encode() + b" "):
                return kept == _mark_content(word)
        return None

    @contextmanager
    def try_lock(self, name: str) -> Iterator[bool]:
        """Holds the name for the block, if it is free."""
        taken = self.acquire(name)
        try:
            yield taken
        finally:
            if taken:
                self.release(name)

    def close(self) -> None:
        """Gives all names back."""
        for name in list(self._handles):
            self.release(name)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _acquire_advisory(self, name: str) -> int | None:
        return 0 if self._query_lock("SELECT pg_try_advisory_lock(:key)", name) else None

    def _acquire_file(self, name: str) -> int | None:
        file = self._file(name)
        while True:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return None
            if _is_same_file(handle, file):  # else its last holder removed it in between
                return handle
            os.close(handle)

    def _file(self, name: str) -> Path:
        store = Path(self._engine.url.database or ".")
        folder = store.parent / f".{store.name}.locks"
        return folder / sha256(name.encode()).hexdigest()[:32]

    def _query_lock(self, question: str, name: str) -> bool:
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        if self._connection is None or self._connection.invalidated:
            kept = self._engine.connect()
            self._connection = kept.execution_options(isolation_level="AUTOCOMMIT")
        return bool(self._connection.execute(sql(question), {"key": key}).scalar())


def _map_mark(handle: int) -> mmap.mmap:
    os.ftruncate(handle, MARK_BYTES)
    page = mmap.mmap(handle, MARK_BYTES)
    page[:MARK_BYTES] = _mark_content("")
    return page


def _mark_content(word: str) -> bytes:
    return f"{_boot_id()} {word}".encode()[:MARK_BYTES].ljust(MARK_BYTES)


@cache
def _boot_id() -> str:
    """This start of the machine; empty where the system does not tell."""
    with suppress(OSError):
        return BOOT_ID_FILE.read_text(encoding="ascii").strip()
    return ""


def _is_same_file(handle: int, file: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), file.stat())
    return False


LOCK_TIMEOUT_SECONDS = 30
"""Seconds that a writer waits for another one."""


class Database:
    """The engine behind the store, and what differs between its two kinds."""

    def __init__(self, engine: Engine, locks: ProcessLocks, url: str) -> None:
        self.engine = engine
        self.locks = locks
        self.url = url
        """With its password: never to be printed; see ``name``."""

    @property
    def name(self) -> str:
        """The path, or the URL without its password."""
        return self.path or self.engine.url.render_as_string(hide_password=True)

    @property
    def path(self) -> str:
        """The file of a SQLite store; empty for PostgreSQL."""
        return (self.engine.url.database or "") if self.is_file else ""

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction. Raises StoreError."""
        with self._store_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """One transaction that writes nothing, and waits for no writer. Raises StoreError."""
        with (
            self._store_errors(),
            self.engine.connect().execution_options(reads=True) as connection,
            connection.begin(),
        ):
            yield connection

    def wait_writable(self) -> None:
        """Waits until it can be written. Raises StoreError when another program locks it, or its
        server does not answer."""
        with self.transaction():
            pass

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.is_file else postgresql.insert(table)

    def integrity_errors(self) -> list[str]:
        """What is wrong with the store itself; empty when it is sound."""
        with self.transaction() as connection:
            if not self.is_file:
                connection.execute(sql("SELECT 1"))
                return []
            found = connection.execute(sql("PRAGMA integrity_check(20)")).scalars().all()
        return [str(line) for line in found if line != "ok"]

    def checkpoint(self) -> None:
        """Moves what was written into the one file, as far as nobody is reading it."""
        if self.is_file:
            with self._store_errors(), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Gives connections and locks back."""
        self.locks.close()
        self.engine.dispose()

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self.store_error(error) from error

    def store_error(self, error: SQLAlchemyError) -> StoreError:
        """The one line that says what a user can do."""
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        what, hint = next(
            ((what, hint) for sign, what, hint in _FAILURE_MESSAGES if sign in said.lower()),
            (f"cannot be used: {said.strip().splitlines()[0]}", ""),
        )
        return StoreError(what, subject=self.name, hint=hint)


_FAILURE_MESSAGES = (
    ("disk is full", "the disk is full", "make room and run it again; nothing was lost"),
    ("no space left", "the disk is full", "make room and run it again; nothing was lost"),
    ("disk i/o error", "the disk cannot be written", "is it full, or gone?"),
    ("is locked", "is locked by another program", "close what holds it, then run it again"),
    ("readonly database", "cannot be written", "check the permissions of the file and its folder"),
    ("unable to open", "cannot be opened", "does its folder exist, and may it be written?"),
    ("not a database", "is no store", "name another file"),
    ("malformed", "is damaged", "restore the copy you keep of it"),
    ("password authentication", "refuses the user or password", ""),
    ("connection refused", "does not answer", "is the server running?"),
    ("does not exist", "does not exist", "create the database first"),
)


def default_store() -> str:
    """Where the store is unless somebody says otherwise."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return str(Path(home) / "summarizer" / "store.db")


def store_url(named: str) -> str:
    """The SQLAlchemy URL of a path or a PostgreSQL URL. Raises SettingsError."""
    scheme, separator, rest = named.partition("://")
    if not separator:
        return f"sqlite:///{Path(named).expanduser().absolute()}"
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return named
    raise SettingsError(
        f"no store has the scheme {scheme}", subject="--store", hint="a path, or postgresql://..."
    )


def open_store(named: str, *, create: bool = True) -> Database:
    """The store, brought to this version; a new one unless ``create`` is false.

    Raises StoreError when it cannot be opened, is damaged, or was written by a newer version.
    """
    url = store_url(named)
    try:
        parsed = make_url(url)
        engine = (
            _sqlite_engine(parsed.database or "", url, create)
            if _is_sqlite(url)
            else _postgresql_engine(url)
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError("is no address of a store", subject="--store") from error
    database = Database(engine, ProcessLocks(engine), url)
    try:
        with database.transaction() as connection:
            if not database.is_file:  # two that begin at once
                connection.execute(sql("SELECT pg_advisory_xact_lock(7236451)"))
            migrate_schema(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _sqlite_engine(path: str, url: str, create: bool) -> Engine:
    file = Path(path)
    if not file.exists():
        if not create:
            raise StoreError(
                "there is no store yet", subject=path, hint="summarizer digest run makes one"
            )
        _create_private_file(file)
    engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _configure_connection)
    event.listen(engine, "begin", _begin_transaction)
    return engine


def _create_private_file(file: Path) -> None:
    """An empty file that only its owner can read."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"cannot be made: {error.strerror}", subject=str(file)) from error


def _configure_connection(connection: sqlite3.Connection, _: object) -> None:
    """`_begin_transaction` begins transactions, not by the driver's guess at each statement."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "PRAGMA synchronous = FULL"
    )  # what was told to be sent must outlive the power
    with suppress(sqlite3.OperationalError):  # somebody else is just setting it
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_transaction(connection: Connection) -> None:
    """A writer waits at its beginning, and never fails for having read before it wrote."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql_engine(url: str) -> Engine:
    keepalive: dict[str, Any] = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "connect_timeout": 10,
    }
    return create_engine(url, connect_args=keepalive, pool_pre_ping=True)
