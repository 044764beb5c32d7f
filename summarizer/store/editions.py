"""Digests and their editions: the open one, the last one, what each contained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from summarizer.edition import Edition
from summarizer.errors import StoreError
from summarizer.sources.articles import sha256_hex as fingerprint
from summarizer.store.database import Database
from summarizer.store.schema import (
    briefing_table,
    decode_instant,
    delivery_table,
    digest_table,
    edition_table,
    encode_instant,
    fact_table,
)

__all__ = [
    "EditionRecord",
    "RegisteredDigest",
    "delete_old_editions",
    "digest_names",
    "edition_history",
    "edition_id",
    "find_digest",
    "find_edition",
    "finish_edition",
    "last_due",
    "load_edition",
    "open_edition",
    "register_digest",
    "start_attempt",
    "unfinished_edition",
]


@dataclass(frozen=True, slots=True)
class RegisteredDigest:
    """A digest as the store knows it: its file, and what stood in it when it last ran."""

    name: str
    path: str
    config: str


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """One edition's place in the life of its digest; ``edition`` is None until it is written."""

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
        """The id of the workflow that makes it."""
        return f"{self.id}.{self.attempt}"


def edition_id(name: str, due: datetime) -> str:
    """``e-`` and 12 hex digits of digest and due instant."""
    return "e-" + fingerprint(f"{name}\n{encode_instant(due)}")[:12]


def register_digest(database: Database, known: RegisteredDigest, now: datetime) -> None:
    """Keeps what the digest is now, so that any worker can run it."""
    told = {"path": known.path, "config": known.config}
    row = {"name": known.name, "registered": encode_instant(now), **told}
    with database.transaction() as connection:
        connection.execute(
            database.insert(digest_table)
            .values(row)
            .on_conflict_do_update(index_elements=["name"], set_=told)
        )


def find_digest(database: Database, name: str) -> RegisteredDigest | None:
    """The digest of this name, if the store knows it."""
    return next((each for each in _all_digests(database) if each.name == name), None)


def _all_digests(database: Database) -> Sequence[RegisteredDigest]:
    with database.transaction() as connection:
        rows = connection.execute(select(digest_table).order_by(digest_table.c.name)).all()
    return [RegisteredDigest(row.name, row.path, row.config) for row in rows]


def last_due(database: Database, name: str) -> datetime | None:
    """The instant up to which the digest's schedule has been served; None for a new one.

    A digest that has never run is served from the moment it was registered.
    """
    with database.transaction() as connection:
        row = connection.execute(
            select(digest_table).where(digest_table.c.name == name)
        ).one_or_none()
    if row is None:
        return None
    return decode_instant(row.last_due or row.registered)


def open_edition(database: Database, name: str, due: datetime, now: datetime) -> EditionRecord:
    """The edition of the digest that is not finished yet; if there is none, the one for ``due``,
    up to which the schedule is served from then on.

    Asked twice for one instant it gives one edition, finished or not.
    """
    with database.transaction() as connection:
        mine = edition_table.c.digest == name
        found = connection.execute(
            select(edition_table).where(mine, edition_table.c.finished.is_(None))
        ).one_or_none()
        if found is None:
            number = connection.execute(
                select(func.max(edition_table.c.number)).where(mine)
            ).scalar()
            row = {
                "id": edition_id(name, due),
                "digest": name,
                "number": (number or 0) + 1,
                "due": encode_instant(due),
                "opened": encode_instant(now),
            }
            connection.execute(database.insert(edition_table).values(row).on_conflict_do_nothing())
            connection.execute(
                update(digest_table)
                .where(digest_table.c.name == name)
                .values(last_due=_later_instant(database, encode_instant(due)))
            )
            found = connection.execute(
                select(edition_table).where(mine, edition_table.c.finished.is_(None))
            ).one_or_none()
        if found is None:
            found = connection.execute(
                select(edition_table).where(edition_table.c.id == edition_id(name, due))
            ).one()
    return _edition_from_row(found)


def _later_instant(database: Database, due: str) -> Any:
    """The later one of two instants: a run by hand may be newer than a missed hour."""
    latest = func.max if database.is_file else func.greatest
    return latest(func.coalesce(digest_table.c.last_due, due), due)


def unfinished_edition(database: Database, name: str) -> EditionRecord | None:
    """The digest's edition that was begun and is not done."""
    asked = select(edition_table).where(
        edition_table.c.digest == name, edition_table.c.finished.is_(None)
    )
    with database.transaction() as connection:
        row = connection.execute(asked).one_or_none()
    return _edition_from_row(row) if row else None


def digest_names(database: Database) -> Sequence[str]:
    """The digests that the store knows."""
    return [each.name for each in _all_digests(database)]


def load_edition(database: Database, name: str) -> EditionRecord:
    """The edition of this id. Raises StoreError."""
    with database.transaction() as connection:
        row = connection.execute(
            select(edition_table).where(edition_table.c.id == name)
        ).one_or_none()
    if row is None:
        raise StoreError("no edition has this id", subject=name, hint="see digest history")
    return _edition_from_row(row)


def find_edition(database: Database, wanted: str) -> EditionRecord:
    """By id, by ``DIGEST/NUMBER``, or the last one of ``DIGEST``. Raises StoreError."""
    name, _, number = wanted.partition("/")
    if number and not number.isdecimal():
        raise StoreError("is no number of an edition", subject=wanted, hint="as in world/12")
    with database.transaction() as connection:
        asked = select(edition_table).where(edition_table.c.edition.is_not(None))
        if number:
            asked = asked.where(
                edition_table.c.digest == name, edition_table.c.number == int(number)
            )
        else:
            asked = asked.where((edition_table.c.id == name) | (edition_table.c.digest == name))
        row = connection.execute(asked.order_by(edition_table.c.number.desc())).first()
    if row is None:
        raise StoreError("no such edition", subject=wanted, hint="see digest history")
    return _edition_from_row(row)


def start_attempt(database: Database, name: str, failed: int) -> None:
    """The edition is tried by another workflow, as the one of the attempt ``failed`` gave up."""
    with database.transaction() as connection:
        connection.execute(
            update(edition_table)
            .where(edition_table.c.id == name, edition_table.c.attempt == failed)
            .values(attempt=failed + 1)
        )


def finish_edition(database: Database, name: str, now: datetime) -> None:
    """The edition is done: written, and each delivery sent or left to be tried again."""
    with database.transaction() as connection:
        connection.execute(
            update(edition_table)
            .where(edition_table.c.id == name, edition_table.c.finished.is_(None))
            .values(finished=encode_instant(now))
        )


def edition_history(database: Database, name: str = "", limit: int = 20) -> Sequence[EditionRecord]:
    """The newest editions first, of one digest or of all."""
    asked = (
        select(edition_table).order_by(edition_table.c.due.desc(), edition_table.c.id).limit(limit)
    )
    if name:
        asked = asked.where(edition_table.c.digest == name)
    with database.transaction() as connection:
        return [_edition_from_row(row) for row in connection.execute(asked)]


def delete_old_editions(database: Database, name: str, before: datetime) -> int:
    """Lets go of finished editions of before then, with their memory; gives how many."""
    with database.transaction() as connection:
        old = (
            select(edition_table.c.id)
            .where(
                edition_table.c.digest == name, edition_table.c.finished < encode_instant(before)
            )
            .scalar_subquery()
        )
        for table in (delivery_table, fact_table, briefing_table):
            connection.execute(delete(table).where(table.c.edition.in_(old)))
        gone = connection.execute(
            delete(edition_table).where(
                edition_table.c.digest == name, edition_table.c.finished < encode_instant(before)
            )
        )
        return gone.rowcount


def _edition_from_row(row: Row[Any]) -> EditionRecord:
    return EditionRecord(
        id=row.id,
        digest=row.digest,
        number=row.number,
        due=decode_instant(row.due),
        opened=decode_instant(row.opened),
        finished=decode_instant(row.finished) if row.finished else None,
        attempt=row.attempt,
        edition=Edition.model_validate_json(row.edition) if row.edition else None,
    )
