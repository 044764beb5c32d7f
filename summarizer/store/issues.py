"""Digests and their editions: which one is open, which one was the last, what each of them said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from summarizer.editions import Edition
from summarizer.errors import StoreError
from summarizer.sources.articles import digest as fingerprint
from summarizer.store.database import Database
from summarizer.store.tables import briefings, deliveries, digests, editions, facts, instant, stamp

__all__ = [
    "Issue",
    "Registered",
    "attempt_again",
    "edition_id",
    "find_edition",
    "finish",
    "forget_editions",
    "history",
    "issue",
    "last_due",
    "open_issue",
    "register",
    "registered",
]


@dataclass(frozen=True, slots=True)
class Registered:
    """A digest as the store knows it: its file, and what stood in it when it last ran."""

    name: str
    path: str
    config: str


@dataclass(frozen=True, slots=True)
class Issue:
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
    def run(self) -> str:
        """The id of the workflow that makes it."""
        return f"{self.id}.{self.attempt}"


def edition_id(name: str, due: datetime) -> str:
    """``e-`` and 12 hex digits of digest and due instant."""
    return "e-" + fingerprint(f"{name}\n{stamp(due)}")[:12]


def register(database: Database, known: Registered, now: datetime) -> None:
    """Keeps what the digest is now, so that any worker can run it."""
    told = {"path": known.path, "config": known.config}
    row = {"name": known.name, "registered": stamp(now), **told}
    with database.begin() as connection:
        connection.execute(
            database.insert(digests)
            .values(row)
            .on_conflict_do_update(index_elements=["name"], set_=told)
        )


def registered(database: Database, name: str) -> Registered | None:
    """The digest of this name, if the store knows it."""
    return next((each for each in _registered(database) if each.name == name), None)


def _registered(database: Database) -> Sequence[Registered]:
    with database.begin() as connection:
        rows = connection.execute(select(digests).order_by(digests.c.name)).all()
    return [Registered(row.name, row.path, row.config) for row in rows]


def last_due(database: Database, name: str) -> datetime | None:
    """The instant up to which the digest's schedule has been served; None for a new one.

    A digest that has never run is served from the moment it was registered.
    """
    with database.begin() as connection:
        row = connection.execute(select(digests).where(digests.c.name == name)).one_or_none()
    if row is None:
        return None
    return instant(row.last_due or row.registered)


def open_issue(database: Database, name: str, due: datetime, now: datetime) -> Issue:
    """The edition of the digest that is not finished yet; if there is none, the one for ``due``.

    Asked twice for one instant it gives one edition, finished or not.
    """
    with database.begin() as connection:
        connection.execute(
            update(digests)
            .where(digests.c.name == name)
            .values(last_due=func.coalesce(_later(database, stamp(due)), stamp(due)))
        )
        mine = editions.c.digest == name
        found = connection.execute(
            select(editions).where(mine, editions.c.finished.is_(None))
        ).one_or_none()
        if found is None:
            number = connection.execute(select(func.max(editions.c.number)).where(mine)).scalar()
            row = {
                "id": edition_id(name, due),
                "digest": name,
                "number": (number or 0) + 1,
                "due": stamp(due),
                "opened": stamp(now),
            }
            connection.execute(database.insert(editions).values(row).on_conflict_do_nothing())
            found = connection.execute(
                select(editions).where(mine, editions.c.finished.is_(None))
            ).one_or_none()
        if found is None:
            found = connection.execute(
                select(editions).where(editions.c.id == edition_id(name, due))
            ).one()
    return _issue(found)


def _later(database: Database, due: str) -> Any:
    """The later one of two instants: a run by hand may be newer than a missed hour."""
    latest = func.max if database.is_file else func.greatest
    return latest(digests.c.last_due, due)


def issue(database: Database, name: str) -> Issue:
    """The edition of this id. Raises StoreError."""
    with database.begin() as connection:
        row = connection.execute(select(editions).where(editions.c.id == name)).one_or_none()
    if row is None:
        raise StoreError("no edition has this id", subject=name, hint="see digest history")
    return _issue(row)


def find_edition(database: Database, wanted: str) -> Issue:
    """By id, by ``DIGEST/NUMBER``, or the last one of ``DIGEST``. Raises StoreError."""
    name, _, number = wanted.partition("/")
    if number and not number.isdecimal():
        raise StoreError("is no number of an edition", subject=wanted, hint="as in world/12")
    with database.begin() as connection:
        asked = select(editions).where(editions.c.edition.is_not(None))
        if number:
            asked = asked.where(editions.c.digest == name, editions.c.number == int(number))
        else:
            asked = asked.where((editions.c.id == name) | (editions.c.digest == name))
        row = connection.execute(asked.order_by(editions.c.number.desc())).first()
    if row is None:
        raise StoreError("no such edition", subject=wanted, hint="see digest history")
    return _issue(row)


def attempt_again(database: Database, name: str, failed: int) -> None:
    """The edition is tried by another workflow, as the one of the attempt ``failed`` gave up."""
    with database.begin() as connection:
        connection.execute(
            update(editions)
            .where(editions.c.id == name, editions.c.attempt == failed)
            .values(attempt=failed + 1)
        )


def finish(database: Database, name: str, now: datetime) -> None:
    """The edition is done: written, and each delivery sent or left to be tried again."""
    with database.begin() as connection:
        connection.execute(
            update(editions)
            .where(editions.c.id == name, editions.c.finished.is_(None))
            .values(finished=stamp(now))
        )


def history(database: Database, name: str = "", limit: int = 20) -> Sequence[Issue]:
    """The newest editions first, of one digest or of all."""
    asked = select(editions).order_by(editions.c.due.desc(), editions.c.id).limit(limit)
    if name:
        asked = asked.where(editions.c.digest == name)
    with database.begin() as connection:
        return [_issue(row) for row in connection.execute(asked)]


def forget_editions(database: Database, name: str, before: datetime) -> int:
    """Lets go of finished editions of before then, with their memory; gives how many."""
    with database.begin() as connection:
        old = (
            select(editions.c.id)
            .where(editions.c.digest == name, editions.c.finished < stamp(before))
            .scalar_subquery()
        )
        for table in (deliveries, facts, briefings):
            connection.execute(delete(table).where(table.c.edition.in_(old)))
        gone = connection.execute(
            delete(editions).where(editions.c.digest == name, editions.c.finished < stamp(before))
        )
        return gone.rowcount


def _issue(row: Row[Any]) -> Issue:
    return Issue(
        id=row.id,
        digest=row.digest,
        number=row.number,
        due=instant(row.due),
        opened=instant(row.opened),
        finished=instant(row.finished) if row.finished else None,
        attempt=row.attempt,
        edition=Edition.model_validate_json(row.edition) if row.edition else None,
    )
