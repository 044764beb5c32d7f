"""The ledger of deliveries: one row for each edition and recipient, and nothing is sent without it.

    prepared ──claim──> sending ──commit──> committing ──> sent
       ^                   │                    ├──> failed   (refused for now: tried again later)
       └──── owner died ───┘                    ├──> refused  (for good)
                                                └──> unknown  (nobody answered: held, told, never
                                                              repeated unless somebody asks)

A row in ``sending`` has not passed the point of no return, so the death of its owner puts it back.
One in ``committing`` may have: it becomes unknown, unless its kind of delivery can be repeated
without harm, or its owner left no mark that it went on to the very call that sends. Nothing can
tell a mail that was accepted from one that was not, when the power fails between the last byte and
the answer; so the doubt is kept as small as it can be, and is told.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Row, select, update

from summarizer.errors import StoreError
from summarizer.sources.articles import digest
from summarizer.store.database import Database
from summarizer.store.tables import deliveries, instant, stamp

__all__ = [
    "Entry",
    "State",
    "claim",
    "commit",
    "drop",
    "entries",
    "held",
    "in_doubt",
    "lock",
    "outstanding",
    "prepare",
    "reclaim",
    "record",
    "reopen",
    "withdraw",
]

State = Literal[
    "prepared", "sending", "committing", "sent", "failed", "refused", "unknown", "withdrawn"
]

PAUSES = (0, 60, 300, 900, 3600)
"""Seconds before the next try after 1, 2, 3... failed ones; the last one stands for all others."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery as the ledger has it. ``retry``: not before then."""

    edition: str
    recipient: str
    digest: str
    delivery: str
    payload: bytes
    state: State
    attempts: int = 0
    owner: str = ""
    reply: str = ""
    problem: str = ""
    changed: datetime | None = None
    retry: datetime | None = None


def prepare(database: Database, prepared: Sequence[Entry], now: datetime) -> None:
    """Enters what is to be sent; what is entered already stays as it is."""
    rows = [
        {
            "edition": each.edition,
            "recipient": each.recipient,
            "digest": each.digest,
            "delivery": each.delivery,
            "payload": each.payload,
            "state": "prepared",
            "changed": stamp(now),
            "retry": stamp(now),
        }
        for each in prepared
    ]
    with database.begin() as connection:
        if rows:
            connection.execute(database.insert(deliveries).on_conflict_do_nothing(), rows)


def entries(database: Database, edition: str) -> Sequence[Entry]:
    """All deliveries of an edition."""
    asked = select(deliveries).where(deliveries.c.edition == edition)
    with database.begin() as connection:
        rows = connection.execute(asked.order_by(deliveries.c.recipient)).all()
    return [_entry(row) for row in rows]


def outstanding(database: Database, now: datetime | None = None, name: str = "") -> Sequence[Entry]:
    """What is still to be sent, the oldest first; with ``now`` only what may be tried by then."""
    asked = select(deliveries).where(deliveries.c.state.in_(("prepared", "failed")))
    if name:
        asked = asked.where(deliveries.c.digest == name)
    if now:
        asked = asked.where(deliveries.c.retry <= stamp(now))
    with database.begin() as connection:
        rows = connection.execute(asked.order_by(deliveries.c.changed, deliveries.c.recipient))
        return [_entry(row) for row in rows]


def held(database: Database, name: str) -> Sequence[Entry]:
    """What is not sent by itself any more: refused, or in doubt."""
    asked = select(deliveries).where(
        deliveries.c.digest == name, deliveries.c.state.in_(("unknown", "refused"))
    )
    with database.begin() as connection:
        return [_entry(row) for row in connection.execute(asked.order_by(deliveries.c.changed))]


def claim(database: Database, entry: Entry, owner: str, now: datetime) -> bool:
    """Whether this worker, and nobody else, sends it now."""
    return _move(database, entry, ("prepared", "failed"), "sending", now, owner=owner)


def commit(database: Database, entry: Entry, owner: str, now: datetime) -> None:
    """The point of no return is next. Raises StoreError if the delivery is not this worker's."""
    if not _move(database, entry, ("sending",), "committing", now, owner=owner, held=owner):
        raise StoreError("is not this worker's to send any more", subject=entry.recipient)
    database.locks.mark(lock(owner), _word(entry))  # nothing may stand between this and the send


def record(
    database: Database,
    entry: Entry,
    state: State,
    now: datetime,
    *,
    reply: str = "",
    problem: str = "",
) -> None:
    """How the try ended."""
    attempts = entry.attempts + 1
    wait = timedelta(seconds=PAUSES[min(attempts, len(PAUSES) - 1)])
    retry = stamp(now + wait)
    _move(
        database,
        entry,
        ("sending", "committing"),
        state,
        now,
        attempts=attempts,
        reply=reply,
        problem=problem,
        retry=retry,
    )


def reclaim(
    database: Database,
    gone: Callable[[str], bool],
    repeatable: Callable[[Entry], bool],
    now: datetime,
) -> Sequence[Entry]:
    """Settles what dead workers left behind; gives the deliveries that are in doubt from now on.

    ``gone``: whether a worker of this name lives no more.
    """
    asked = select(deliveries).where(deliveries.c.state.in_(("sending", "committing")))
    with database.begin() as connection:
        left = [_entry(row) for row in connection.execute(asked)]
    passed = {entry: database.locks.marked(lock(entry.owner), _word(entry)) for entry in left}
    dead = {owner for owner in {entry.owner for entry in left} if gone(owner)}
    doubtful = []
    for entry in (entry for entry in left if entry.owner in dead):
        safe = entry.state == "sending" or passed[entry] is False or repeatable(entry)
        state: State = "prepared" if safe else "unknown"
        problem = "" if safe else f"the worker died before it kept the answer; {in_doubt(entry)}"
        moved = _move(
            database, entry, (entry.state,), state, now, held=entry.owner, problem=problem
        )
        if moved and not safe:
            doubtful.append(replace(entry, state=state, problem=problem))
    return doubtful


def in_doubt(entry: Entry) -> str:
    """What somebody can do about a delivery of which nobody knows whether it arrived."""
    again = f"summarizer digest resend {entry.edition} --to {shlex.quote(entry.recipient)}"
    return f"it may have arrived, and is only sent again by: {again}"


def lock(worker: str) -> str:
    """The name that a worker holds as long as it lives."""
    return f"worker {worker}"


def _word(entry: Entry) -> str:
    return digest(f"{entry.edition}\n{entry.recipient}")[:32]


def reopen(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Sends again what was sent, refused, held or failed, as somebody asked; gives how many."""
    told = {"state": "prepared", "problem": None, "changed": stamp(now), "retry": stamp(now)}
    return _turn(database, edition, recipient, ("sending", "committing"), told)


def drop(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Gives up what was refused, held or failed, as somebody asked; gives how many."""
    told = {"state": "withdrawn", "problem": "given up by hand", "changed": stamp(now)}
    return _turn(database, edition, recipient, ("sending", "committing", "sent"), told)


def _turn(
    database: Database,
    edition: str,
    recipient: str,
    kept: Sequence[State],
    told: Mapping[str, str | None],
) -> int:
    """Changes the edition's deliveries to ``recipient``, or to all of them if that is empty, but
    for those in a state of ``kept``."""
    asked = (
        update(deliveries)
        .where(deliveries.c.edition == edition)
        .where(deliveries.c.state.not_in(kept))
        .values(**told)
    )
    if recipient:
        asked = asked.where(deliveries.c.recipient.in_((recipient, f"email:{recipient}")))
    with database.begin() as connection:
        return connection.execute(asked).rowcount


def withdraw(database: Database, entry: Entry, why: str, now: datetime) -> None:
    """It is not sent any more: its delivery is gone from the digest's file."""
    _move(database, entry, ("prepared", "failed"), "withdrawn", now, problem=why)


def _move(
    database: Database,
    entry: Entry,
    before: Sequence[State],
    after: State,
    now: datetime,
    *,
    held: str = "",
    **told: str | int,
) -> bool:
    """Whether the row went from one of ``before`` to ``after``; with ``held``, only its owner's."""
    asked = (
        update(deliveries)
        .where(deliveries.c.edition == entry.edition, deliveries.c.recipient == entry.recipient)
        .where(deliveries.c.state.in_(before))
        .values(state=after, changed=stamp(now), **told)
    )
    if held:
        asked = asked.where(deliveries.c.owner == held)
    with database.begin() as connection:
        return connection.execute(asked).rowcount == 1


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        edition=row.edition,
        recipient=row.recipient,
        digest=row.digest,
        delivery=row.delivery,
        payload=row.payload,
        state=cast("State", row.state),
        attempts=row.attempts,
        owner=row.owner or "",
        reply=row.reply or "",
        problem=row.problem or "",
        changed=instant(row.changed),
        retry=instant(row.retry),
    )
