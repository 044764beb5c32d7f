"""An open store, SQLite by path or PostgreSQL by URL, and the named locks of its processes.

Errors of the database and of lock files are raised as StoreError with a hint; every write is
one transaction.

A lock is held by one process at a time and freed when that process dies: for SQLite it is a
locked file in a folder next to the store, for PostgreSQL an advisory lock of a connection. A
process that can acquire the lock of another one knows that the other has died. A locked file
also holds a mark in shared memory: writing it costs no system call, and it survives the
process, but not the machine; so the mark includes the boot's id.
"""

import fcntl
import mmap
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from threading import RLock
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Row,
    Select,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from summarizer.errors import SettingsError, StoreError
from summarizer.store.schema import migrate_schema

MARK_BYTES = 128
"""Length of a mark: the boot's id, a space, the word."""

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")

LOCK_TIMEOUT_SECONDS = 30
"""How long a writer waits for another writer."""


class ProcessLocks:
    """The named locks that this process holds."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._handles: dict[str, int] = {}
        self._pages: dict[str, mmap.mmap] = {}
        self._connection: Connection | None = None
        self._mutex = RLock()

    def acquire(self, name: str) -> bool:
        """Whether the lock was free; it is held from now on. Raises StoreError."""
        with self._mutex, self._database.store_errors():
            if name in self._handles:
                return False
            if not self._database.is_file:
                handle = 0 if self._query("SELECT pg_try_advisory_lock(:key)", name) else None
            elif (handle := _lock_file(self._file(name))) is not None:
                os.ftruncate(handle, MARK_BYTES)
                self._pages[name] = mmap.mmap(handle, MARK_BYTES)
                self.set_mark(name, "")
            if handle is not None:
                self._handles[name] = handle
            return handle is not None

    def release(self, name: str) -> None:
        """Frees a lock; one that is not held is no error. Raises StoreError."""
        with self._mutex, self._database.store_errors():
            handle = self._handles.pop(name, None)
            if handle is not None and self._database.is_file:
                self._pages.pop(name).close()
                self._file(name).unlink(missing_ok=True)
                os.close(handle)
            elif handle is not None:
                self._query("SELECT pg_advisory_unlock(:key)", name)

    def set_mark(self, name: str, word: str) -> None:
        """Writes a word that outlives this process into a lock that it holds."""
        page = self._pages.get(name)
        if page is not None:
            page[:MARK_BYTES] = _mark_content(word)

    def has_mark(self, name: str, word: str) -> bool | None:
        """Whether the holder's last mark was this word; None when that cannot be known."""
        if not self._database.is_file or not _boot_id():
            return None
        with suppress(OSError):
            content = self._file(name).read_bytes()[:MARK_BYTES]
            if content.startswith(_boot_id().encode() + b" "):
                return content == _mark_content(word)
        return None

    @contextmanager
    def try_lock(self, name: str) -> Iterator[bool]:
        """Holds the lock during the block, if it is free. Raises StoreError."""
        acquired = self.acquire(name)
        try:
            yield acquired
        finally:
            if acquired:
                self.release(name)

    def close(self) -> None:
        """Frees all locks."""
        for name in list(self._handles):
            self.release(name)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _file(self, name: str) -> Path:
        store = Path(self._database.engine.url.database or ".")
        folder = store.parent / f".{store.name}.locks"
        return folder / sha256(name.encode()).hexdigest()[:32]

    def _query(self, statement: str, name: str) -> bool:
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        if self._connection is None or self._connection.invalidated:
            connection = self._database.engine.connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return bool(self._connection.execute(sql(statement), {"key": key}).scalar())


def _lock_file(file: Path) -> int | None:
    """The handle of the file, now locked; None if another process holds it."""
    while True:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        # Between the open and the lock, the last holder may have removed the file: then this
        # process has locked a file that no other one will find.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), file.stat()):
                return handle
        os.close(handle)


def _mark_content(word: str) -> bytes:
    return f"{_boot_id()} {word}".encode()[:MARK_BYTES].ljust(MARK_BYTES)


def _boot_id() -> str:
    """The id of this start of the machine; empty where the system does not provide one."""
    with suppress(OSError):
        return BOOT_ID_FILE.read_text(encoding="ascii").strip()
    return ""


_PERMISSIONS_HINT = "check the permissions of its files and of their folder"
_FAILURE_MESSAGES = (
    ("disk is full", "the disk is full", "free some space and try again; nothing was lost"),
    ("no space left", "the disk is full", "free some space and try again; nothing was lost"),
    ("disk i/o error", "the disk cannot be written", "check that it is connected and not full"),
    ("is locked", "is locked by another program", "close that program and try again"),
    ("readonly database", "cannot be written", _PERMISSIONS_HINT),
    ("permission denied", "cannot be written", _PERMISSIONS_HINT),
    ("read-only file", "cannot be written", "its disk is mounted read-only"),
    ("unable to open", "cannot be opened", "check that its folder exists and is writable"),
    ("not a database", "is not a store", "name another file"),
    ("malformed", "is damaged", "restore it from your backup"),
    ("password authentication", "refuses the user or password", ""),
    ("connection refused", "does not answer", "check that the server is running"),
    ("does not exist", "does not exist", "create the database first"),
)


class Database:
    """The engine of the store, and what differs between its two kinds."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine = engine
        self.locks = ProcessLocks(self)
        self.url = url
        """With its password, so never printed; see ``name``."""

    @property
    def name(self) -> str:
        """The path, or the URL without its password."""
        path = self.engine.url.database if self.is_file else ""
        return path or self.engine.url.render_as_string(hide_password=True)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction. Raises StoreError."""
        with self.store_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """One transaction that only reads, and waits for no writer. Raises StoreError."""
        with (
            self.store_errors(),
            self.engine.connect().execution_options(reads=True) as connection,
            connection.begin(),
        ):
            yield connection

    def fetch_all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """All rows of a query; one read transaction. Raises StoreError."""
        with self.read_transaction() as connection:
            return connection.execute(query).all()

    def fetch_first(self, query: Select[Any]) -> Row[Any] | None:
        """The first row of a query, if any; one read transaction. Raises StoreError."""
        with self.read_transaction() as connection:
            return connection.execute(query.limit(1)).first()

    def execute(self, statement: Executable) -> int:
        """The number of rows that a statement changed; one transaction. Raises StoreError."""
        with self.transaction() as connection:
            return connection.execute(statement).rowcount

    def wait_writable(self) -> None:
        """Waits until the store can be written. Raises StoreError when another program keeps it
        locked, or its server does not answer."""
        with self.transaction():
            pass

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that has ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.is_file else postgresql.insert(table)

    def insert_rows(
        self,
        connection: Connection,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        replace: bool = False,
    ) -> None:
        """Inserts the rows; one whose key exists is left as it is, or replaced."""
        if not rows:
            return
        insert = self.insert(table)
        if replace:
            key = [column.name for column in table.primary_key]
            changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
            insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
        else:
            insert = insert.on_conflict_do_nothing()
        connection.execute(insert, rows)

    def integrity_errors(self) -> list[str]:
        """What is wrong with the store itself; empty when it is sound. Raises StoreError."""
        with self.transaction() as connection:
            if not self.is_file:
                connection.execute(sql("SELECT 1"))
                return []
            lines = connection.execute(sql("PRAGMA integrity_check(20)")).scalars().all()
        return [str(line) for line in lines if line != "ok"]

    def checkpoint(self) -> None:
        """Moves the write-ahead log of a SQLite store into its file, as far as readers allow."""
        if self.is_file:
            with self.store_errors(), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Closes the connections and frees the locks."""
        self.locks.close()
        self.engine.dispose()

    @contextmanager
    def store_errors(self) -> Iterator[None]:
        """Raises errors of the database or of its files during the block as StoreError."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise self.store_error(error) from error

    def store_error(self, error: SQLAlchemyError | OSError) -> StoreError:
        """The error as one line that says what the user can do."""
        text = str(error.orig if isinstance(error, DBAPIError) else error)
        message, hint = next(
            ((message, hint) for sign, message, hint in _FAILURE_MESSAGES if sign in text.lower()),
            ("cannot be used", text.strip().splitlines()[0]),
        )
        return StoreError(message, subject=self.name, hint=hint)


def default_store() -> str:
    """The path of the store unless one is named."""
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
    """The store, migrated to this version; a new one unless ``create`` is false.

    Raises SettingsError for what is not the address of a store, and StoreError when the store
    cannot be opened, is damaged, or was written by a newer version.
    """
    url = store_url(named)
    try:
        if url.startswith("sqlite"):
            engine = _sqlite_engine(make_url(url).database or "", url, create)
        else:
            engine = create_engine(
                url, connect_args=dict(_POSTGRESQL_ARGUMENTS), pool_pre_ping=True
            )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError("is not the address of a store", subject="--store") from error
    database = Database(engine, url)
    try:
        with database.transaction() as connection:
            if not database.is_file:  # two processes may open a new store at once
                connection.execute(sql("SELECT pg_advisory_xact_lock(7236451)"))
            migrate_schema(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database


_POSTGRESQL_ARGUMENTS: Mapping[str, int] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "connect_timeout": 10,
}


def _sqlite_engine(path: str, url: str, create: bool) -> Engine:
    """Raises StoreError when there is no file and none can be created."""
    file = Path(path)
    if not file.exists():
        if not create:
            hint = "`summarizer digest run FILE` creates one"
            raise StoreError("there is no store yet", subject=path, hint=hint)
        try:
            _create_file(file)
        except OSError as error:
            raise StoreError(f"cannot be created: {error.strerror}", subject=path) from error
    opened = file.stat()
    if opened.st_size == 0:  # a disk that lost it, or a name mistyped: no news of it may be lost
        hint = "restore it from your backup, or delete it to begin a new store"
        raise StoreError("is empty", subject=path, hint=hint)
    engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _configure_connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        _check_file(file, opened, reads=bool(reads))
        # A writer waits at its beginning, so that it never fails for having read before it wrote.
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _create_file(file: Path) -> None:
    """Creates the file of a store with all its tables at once, readable by its owner only, so that
    no process ever sees it empty. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    try:
        engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(name))
        with engine.begin() as connection:
            migrate_schema(connection, str(file))
        engine.dispose()
        with suppress(FileExistsError):  # another process has just created it
            os.link(name, file)
    finally:
        Path(name).unlink()


def _check_file(file: Path, opened: os.stat_result, *, reads: bool) -> None:
    """Raises StoreError when the file is not the one that was opened, whose connections would go
    on in a file that nobody finds any more; and for a write, when it was made read-only since."""
    try:
        now = file.stat()
    except FileNotFoundError:
        hint = "restore it from your backup, and start the program again"
        raise StoreError("was deleted", subject=str(file), hint=hint) from None
    if not os.path.samestat(now, opened):
        hint = "start the program again to use the new file"
        raise StoreError("was replaced", subject=str(file), hint=hint)
    if not reads and opened.st_mode & 0o222 and not now.st_mode & 0o222:
        raise StoreError("cannot be written", subject=str(file), hint=_PERMISSIONS_HINT)


def _configure_connection(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # else the driver guesses where a transaction begins
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a delivery's state must survive a power cut
    with suppress(sqlite3.OperationalError):  # another process is setting it at this moment
        connection.execute("PRAGMA journal_mode = WAL")
