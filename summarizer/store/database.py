"""A store opened: SQLite by path, PostgreSQL by URL, one code path behind both.

What goes wrong in the database is told as StoreError in the user's words; whoever writes does so in
one transaction, whole or not at all.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from summarizer.errors import SettingsError, StoreError
from summarizer.store.locks import Locks
from summarizer.store.migrations import migrate

__all__ = ["Database", "default_store", "open_store", "url_of"]

PATIENCE = 30
"""Seconds that a writer waits for another one."""


class Database:
    """The engine behind the store, and what differs between its two kinds."""

    def __init__(self, engine: Engine, locks: Locks, url: str) -> None:
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
    def begin(self) -> Iterator[Connection]:
        """One transaction. Raises StoreError."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that writes nothing, and waits for no writer. Raises StoreError."""
        with (
            self._told(),
            self.engine.connect().execution_options(reads=True) as connection,
            connection.begin(),
        ):
            yield connection

    def reach(self) -> None:
        """Waits until it can be written. Raises StoreError when another program locks it, or its
        server does not answer."""
        with self.begin():
            pass

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.is_file else postgresql.insert(table)

    def check(self) -> list[str]:
        """What is wrong with the store itself; empty when it is sound."""
        with self.begin() as connection:
            if not self.is_file:
                connection.execute(sql("SELECT 1"))
                return []
            found = connection.execute(sql("PRAGMA integrity_check(20)")).scalars().all()
        return [str(line) for line in found if line != "ok"]

    def settle(self) -> None:
        """Moves what was written into the one file, as far as nobody is reading it."""
        if self.is_file:
            with self._told(), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Gives connections and locks back."""
        self.locks.close()
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self.failure(error) from error

    def failure(self, error: SQLAlchemyError) -> StoreError:
        """The one line that says what a user can do."""
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        what, hint = next(
            ((what, hint) for sign, what, hint in _SIGNS if sign in said.lower()),
            (f"cannot be used: {said.strip().splitlines()[0]}", ""),
        )
        return StoreError(what, subject=self.name, hint=hint)


_SIGNS = (
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


def url_of(named: str) -> str:
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
    url = url_of(named)
    try:
        parsed = make_url(url)
        engine = _file(parsed.database or "", url, create) if _is_file(url) else _server(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError("is no address of a store", subject="--store") from error
    database = Database(engine, Locks(engine), url)
    try:
        with database.begin() as connection:
            if not database.is_file:  # two that begin at once
                connection.execute(sql("SELECT pg_advisory_xact_lock(7236451)"))
            migrate(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database


def _is_file(url: str) -> bool:
    return url.startswith("sqlite")


def _file(path: str, url: str, create: bool) -> Engine:
    file = Path(path)
    if not file.exists():
        if not create:
            raise StoreError(
                "there is no store yet", subject=path, hint="summarizer digest run makes one"
            )
        _make(file)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make(file: Path) -> None:
    """An empty file that only its owner can read."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"cannot be made: {error.strerror}", subject=str(file)) from error


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    """Transactions are begun by `_begin`, not by the driver's guess at each statement."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "PRAGMA synchronous = FULL"
    )  # what was told to be sent must outlive the power
    with suppress(sqlite3.OperationalError):  # somebody else is just setting it
        connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    """A writer waits at its beginning, and never fails for having read before it wrote."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _server(url: str) -> Engine:
    keepalive: dict[str, Any] = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "connect_timeout": 10,
    }
    return create_engine(url, connect_args=keepalive, pool_pre_ping=True)
