"""Digests and their editions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, delete, func, literal, select, update

from summarizer.edition import Edition
from summarizer.errors import StoreError
from summarizer.sources.articles import sha256_hex
from summarizer.store.database import Database
from summarizer.store.schema import (
    INSTANT,
    briefing_table,
    decode_stored,
    delivery_table,
    digest_table,
    edition_table,
    encode_instant,
    fact_table,
    from_row,
)

MAX_AHEAD = timedelta(days=1)
"""Time by which a stored instant may be ahead of the clock; a later one was stored by a clock that
was wrong."""


@dataclass(frozen=True, slots=True)
class RegisteredDigest:
    """A digest in the store: the path of its file, and its last configuration as JSON."""

    name: str
    path: str
    config: str


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """The row of an edition; ``edition`` is None until it is written."""

    id: str
    digest: str
    number: int
    due: datetime
    opened: datetime
    finished: datetime | None
    attempt: int
    edition: Edition | None

    @property
    def workflow_id(self) -> str:
        """The id of the workflow that writes and sends it."""
        return f"{self.id}.{self.attempt}"


def edition_id(name: str, due: datetime) -> str:
    """``e-`` and 12 hex digits of digest and due instant."""
    return "e-" + sha256_hex(f"{name}\n{encode_instant(due)}")[:12]


def register_digest(database: Database, digest: RegisteredDigest, now: datetime) -> None:
    """Stores the digest's current configuration, so that any worker can run it."""
    values = {"path": digest.path, "config": digest.config}
    row = {"name": digest.name, "registered": now, **values}
    database.execute(
        database.insert(digest_table)
        .values(row)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


def find_digest(database: Database, name: str) -> RegisteredDigest | None:
    """The digest of this name, if the store has it."""
    row = database.fetch_first(select(digest_table).where(digest_table.c.name == name))
    return from_row(RegisteredDigest, row) if row else None


def digest_names(database: Database) -> Sequence[str]:
    """The names of all digests in the store, sorted."""
    query = select(digest_table.c.name).order_by(digest_table.c.name)
    return [row.name for row in database.fetch_all(query)]


def last_due(database: Database, name: str) -> datetime | None:
    """The instant up to which the digest's schedule has been served; None for an unknown digest.

    A digest that has never run counts as served until it was registered.
    """
    row = database.fetch_first(select(digest_table).where(digest_table.c.name == name))
    return row.last_due or row.registered if row else None


def open_edition(database: Database, name: str, due: datetime, now: datetime) -> EditionRecord:
    """The unfinished edition of the digest; if there is none, the one for ``due``, up to which the
    schedule then counts as served.

    Called twice for one instant it returns one edition, finished or not.
    """
    mine = edition_table.c.digest == name
    unfinished = select(edition_table).where(mine, edition_table.c.finished.is_(None))
    with database.transaction() as connection:
        row = connection.execute(unfinished).one_or_none()
        if row is None:
            number = connection.execute(
                select(func.max(edition_table.c.number)).where(mine)
            ).scalar()
            values = {
                "id": edition_id(name, due),
                "digest": name,
                "number": (number or 0) + 1,
                "due": due,
                "opened": now,
            }
            database.insert_rows(connection, edition_table, [values])
            # A run by hand may be later than a missed hour of the schedule: keep the later one,
            # unless a clock that was ahead has written it.
            this = literal(due, INSTANT)
            served, horizon = digest_table.c.last_due, literal(now + MAX_AHEAD, INSTANT)
            keeps = (served > this) & (served <= horizon)
            connection.execute(
                update(digest_table)
                .where(digest_table.c.name == name)
                .values(last_due=case((keeps, served), else_=this))
            )
            row = connection.execute(unfinished).one_or_none()
        if row is None:
            row = connection.execute(
                select(edition_table).where(edition_table.c.id == edition_id(name, due))
            ).one()
    return _edition_from_row(row)


def unfinished_edition(database: Database, name: str) -> EditionRecord | None:
    """The digest's edition that was opened and is not finished."""
    query = select(edition_table).where(
        edition_table.c.digest == name, edition_table.c.finished.is_(None)
    )
    row = database.fetch_first(query)
    return _edition_from_row(row) if row else None


def load_edition(database: Database, name: str) -> EditionRecord:
    """The edition of this id. Raises StoreError."""
    row = database.fetch_first(select(edition_table).where(edition_table.c.id == name))
    if row is None:
        raise StoreError("no edition has this id", subject=name, hint="see digest history")
    return _edition_from_row(row)


def find_edition(database: Database, wanted: str) -> EditionRecord:
    """The written edition of this id or ``DIGEST/NUMBER``, or the last one of ``DIGEST``.

    Raises StoreError.
    """
    name, _, number = wanted.partition("/")
    if number and not number.isdecimal():
        raise StoreError("is not the number of an edition", subject=wanted, hint="as in world/12")
    query = select(edition_table).where(edition_table.c.edition.is_not(None))
    if number:
        query = query.where(edition_table.c.digest == name, edition_table.c.number == int(number))
    else:
        query = query.where((edition_table.c.id == name) | (edition_table.c.digest == name))
    row = database.fetch_first(query.order_by(edition_table.c.number.desc()))
    if row is None:
        raise StoreError("no such edition", subject=wanted, hint="see digest history")
    return _edition_from_row(row)


def start_attempt(database: Database, name: str, failed: int) -> None:
    """Gives the edition to a new workflow, as the one of the attempt ``failed`` has ended."""
    database.execute(
        update(edition_table)
        .where(edition_table.c.id == name, edition_table.c.attempt == failed)
        .values(attempt=failed + 1)
    )


def finish_edition(database: Database, name: str, now: datetime) -> None:
    """Marks the edition as finished: written, and each delivery sent or left to be retried."""
    database.execute(
        update(edition_table)
        .where(edition_table.c.id == name, edition_table.c.finished.is_(None))
        .values(finished=now)
    )


def edition_history(database: Database, name: str = "", limit: int = 20) -> Sequence[EditionRecord]:
    """The newest editions first, of one digest or of all. Of one digest they are in the order of
    their numbers, which no clock changes."""
    newest = edition_table.c.number if name else edition_table.c.due
    query = select(edition_table).order_by(newest.desc(), edition_table.c.id).limit(limit)
    if name:
        query = query.where(edition_table.c.digest == name)
    return [_edition_from_row(row) for row in database.fetch_all(query)]


def newest_opened(database: Database, name: str, before: int) -> datetime | None:
    """When the digest's last edition before this number was opened; None if there is none."""
    query = select(edition_table.c.opened).where(
        edition_table.c.digest == name, edition_table.c.number < before
    )
    row = database.fetch_first(query.order_by(edition_table.c.number.desc()))
    return row.opened if row else None


def oldest_opened(database: Database, name: str) -> datetime | None:
    """When the oldest edition of the digest was opened; None if there is none."""
    query = select(edition_table.c.opened).where(edition_table.c.digest == name)
    row = database.fetch_first(query.order_by(edition_table.c.number))
    return row.opened if row else None


def delete_old_editions(database: Database, name: str, before: datetime) -> int:
    """Deletes editions that finished before then, with their facts, deliveries and briefings;
    returns how many editions."""
    young = edition_table.alias()
    # An edition after one that is kept is kept too: a clock that went back has dated it.
    first_kept = (
        select(func.min(young.c.number))
        .where(young.c.digest == name, young.c.finished.is_(None) | (young.c.finished >= before))
        .scalar_subquery()
    )
    old = (
        edition_table.c.digest == name,
        edition_table.c.finished < before,
        first_kept.is_(None) | (edition_table.c.number < first_kept),
    )
    with database.transaction() as connection:
        ids = select(edition_table.c.id).where(*old).scalar_subquery()
        for table in (delivery_table, fact_table, briefing_table):
            connection.execute(delete(table).where(table.c.edition.in_(ids)))
        return connection.execute(delete(edition_table).where(*old)).rowcount


def _edition_from_row(row: Row[Any]) -> EditionRecord:
    stored = row.edition and decode_stored(Edition.model_validate_json, row.edition, row.id)
    return replace(from_row(EditionRecord, row), edition=stored)
