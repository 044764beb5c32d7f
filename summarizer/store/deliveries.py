"""The ledger of deliveries: one row for each edition and recipient; nothing is sent without it.

    prepared ──claim──> sending ──commit──> committing ──> sent
       ^                   │                    ├──> failed   (temporarily: retried later)
       └──── owner died ───┘                    ├──> refused  (permanently)
                                                └──> unknown  (no answer: held, reported, and
                                                              resent only on request)

A row in ``sending`` has not passed the point of no return, so the death of its owner puts it
back. A row in ``committing`` may have: it becomes unknown, unless its kind of delivery can be
repeated without harm, or its owner left no mark that it reached the call that sends. When the
power fails between the last byte and the answer, nothing can tell an accepted mail from a lost
one; so the doubt is kept as small as possible, and is reported.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Row, select, update

from summarizer.errors import StoreError
from summarizer.sources.articles import sha256_hex
from summarizer.store.database import Database
from summarizer.store.schema import decode_instant, delivery_table, encode_instant

__all__ = [
    "DeliveryState",
    "LedgerEntry",
    "abandon_deliveries",
    "claim_delivery",
    "commit_delivery",
    "edition_deliveries",
    "enter_deliveries",
    "held_deliveries",
    "outstanding_deliveries",
    "reclaim_deliveries",
    "record_outcome",
    "reopen_deliveries",
    "resend_hint",
    "withdraw_delivery",
    "worker_lock",
]

DeliveryState = Literal[
    "prepared", "sending", "committing", "sent", "failed", "refused", "unknown", "withdrawn"
]

RETRY_PAUSES_SECONDS = (0, 60, 300, 900, 3600)
"""Seconds before the next try after 1, 2, 3... failed ones; the last one stands for all others."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One delivery as the ledger has it. ``retry``: not before then."""

    edition: str
    recipient: str
    digest: str
    delivery: str
    payload: bytes
    state: DeliveryState
    attempts: int = 0
    owner: str = ""
    reply: str = ""
    problem: str = ""
    changed: datetime | None = None
    retry: datetime | None = None


def enter_deliveries(database: Database, prepared: Sequence[LedgerEntry], now: datetime) -> None:
    """Enters what is to be sent; what is entered already stays as it is."""
    rows = [
        {
            "edition": each.edition,
            "recipient": each.recipient,
            "digest": each.digest,
            "delivery": each.delivery,
            "payload": each.payload,
            "state": "prepared",
            "changed": encode_instant(now),
            "retry": encode_instant(now),
        }
        for each in prepared
    ]
    with database.transaction() as connection:
        if rows:
            connection.execute(database.insert(delivery_table).on_conflict_do_nothing(), rows)


def edition_deliveries(database: Database, edition: str) -> Sequence[LedgerEntry]:
    """All deliveries of an edition."""
    asked = select(delivery_table).where(delivery_table.c.edition == edition)
    with database.transaction() as connection:
        rows = connection.execute(asked.order_by(delivery_table.c.recipient)).all()
    return [_entry_from_row(row) for row in rows]


def outstanding_deliveries(
    database: Database, now: datetime | None = None, name: str = ""
) -> Sequence[LedgerEntry]:
    """What is still to be sent, the oldest first; with ``now`` only what may be tried by then."""
    asked = select(delivery_table).where(delivery_table.c.state.in_(("prepared", "failed")))
    if name:
        asked = asked.where(delivery_table.c.digest == name)
    if now:
        asked = asked.where(delivery_table.c.retry <= encode_instant(now))
    with database.transaction() as connection:
        rows = connection.execute(
            asked.order_by(delivery_table.c.changed, delivery_table.c.recipient)
        )
        return [_entry_from_row(row) for row in rows]


def held_deliveries(database: Database, name: str) -> Sequence[LedgerEntry]:
    """What is not sent by itself any more: refused, or in doubt."""
    asked = select(delivery_table).where(
        delivery_table.c.digest == name, delivery_table.c.state.in_(("unknown", "refused"))
    )
    with database.transaction() as connection:
        return [
            _entry_from_row(row)
            for row in connection.execute(asked.order_by(delivery_table.c.changed))
        ]


def claim_delivery(database: Database, entry: LedgerEntry, owner: str, now: datetime) -> bool:
    """Whether this worker, and nobody else, sends it now."""
    return _change_state(database, entry, ("prepared", "failed"), "sending", now, owner=owner)


def commit_delivery(database: Database, entry: LedgerEntry, owner: str, now: datetime) -> None:
    """The point of no return is next. Raises StoreError if the delivery is not this worker's."""
    if not _change_state(database, entry, ("sending",), "committing", now, owner=owner, held=owner):
        raise StoreError("is not this worker's to send any more", subject=entry.recipient)
    database.locks.set_mark(
        worker_lock(owner), _delivery_mark(entry)
    )  # nothing may stand between this and the send


def record_outcome(
    database: Database,
    entry: LedgerEntry,
    state: DeliveryState,
    now: datetime,
    *,
    reply: str = "",
    problem: str = "",
) -> None:
    """How the try ended."""
    attempts = entry.attempts + 1
    wait = timedelta(seconds=RETRY_PAUSES_SECONDS[min(attempts, len(RETRY_PAUSES_SECONDS) - 1)])
    retry = encode_instant(now + wait)
    _change_state(
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


def reclaim_deliveries(
    database: Database,
    gone: Callable[[str], bool],
    repeatable: Callable[[LedgerEntry], bool],
    now: datetime,
) -> Sequence[LedgerEntry]:
    """Settles what dead workers left behind; gives the deliveries that are in doubt from now on.

    ``gone``: whether a worker of this name lives no more.
    """
    asked = select(delivery_table).where(delivery_table.c.state.in_(("sending", "committing")))
    with database.transaction() as connection:
        left = [_entry_from_row(row) for row in connection.execute(asked)]
    passed = {
        entry: database.locks.has_mark(worker_lock(entry.owner), _delivery_mark(entry))
        for entry in left
    }
    dead = {owner for owner in {entry.owner for entry in left} if gone(owner)}
    doubtful = []
    for entry in (entry for entry in left if entry.owner in dead):
        safe = entry.state == "sending" or passed[entry] is False or repeatable(entry)
        state: DeliveryState = "prepared" if safe else "unknown"
        problem = "" if safe else f"the worker died before it kept the answer; {resend_hint(entry)}"
        moved = _change_state(
            database, entry, (entry.state,), state, now, held=entry.owner, problem=problem
        )
        if moved and not safe:
            doubtful.append(replace(entry, state=state, problem=problem))
    return doubtful


def resend_hint(entry: LedgerEntry) -> str:
    """What somebody can do about a delivery of which nobody knows whether it arrived."""
    again = f"summarizer digest resend {entry.edition} --to {shlex.quote(entry.recipient)}"
    return f"it may have arrived, and is only sent again by: {again}"


def worker_lock(worker: str) -> str:
    """The name that a worker holds as long as it lives."""
    return f"worker {worker}"


def _delivery_mark(entry: LedgerEntry) -> str:
    return sha256_hex(f"{entry.edition}\n{entry.recipient}")[:32]


def reopen_deliveries(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Sends again what was sent, refused, held or failed, as somebody asked; gives how many."""
    told = {
        "state": "prepared",
        "problem": None,
        "changed": encode_instant(now),
        "retry": encode_instant(now),
    }
    return _change_states(database, edition, recipient, ("sending", "committing"), told)


def abandon_deliveries(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Gives up what was refused, held or failed, as somebody asked; gives how many."""
    told = {"state": "withdrawn", "problem": "given up by hand", "changed": encode_instant(now)}
    return _change_states(database, edition, recipient, ("sending", "committing", "sent"), told)


def _change_states(
    database: Database,
    edition: str,
    recipient: str,
    kept: Sequence[DeliveryState],
    told: Mapping[str, str | None],
) -> int:
    """Changes the edition's deliveries to ``recipient``, or to all of them if that is empty, but
    for those in a state of ``kept``."""
    asked = (
        update(delivery_table)
        .where(delivery_table.c.edition == edition)
        .where(delivery_table.c.state.not_in(kept))
        .values(**told)
    )
    if recipient:
        asked = asked.where(delivery_table.c.recipient.in_((recipient, f"email:{recipient}")))
    with database.transaction() as connection:
        return connection.execute(asked).rowcount


def withdraw_delivery(database: Database, entry: LedgerEntry, why: str, now: datetime) -> None:
    """It is not sent any more: its delivery is gone from the digest's file."""
    _change_state(database, entry, ("prepared", "failed"), "withdrawn", now, problem=why)


def _change_state(
    database: Database,
    entry: LedgerEntry,
    before: Sequence[DeliveryState],
    after: DeliveryState,
    now: datetime,
    *,
    held: str = "",
    **told: str | int,
) -> bool:
    """Whether the row went from one of ``before`` to ``after``; with ``held``, only its owner's."""
    asked = (
        update(delivery_table)
        .where(
            delivery_table.c.edition == entry.edition, delivery_table.c.recipient == entry.recipient
        )
        .where(delivery_table.c.state.in_(before))
        .values(state=after, changed=encode_instant(now), **told)
    )
    if held:
        asked = asked.where(delivery_table.c.owner == held)
    with database.transaction() as connection:
        return connection.execute(asked).rowcount == 1


def _entry_from_row(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        edition=row.edition,
        recipient=row.recipient,
        digest=row.digest,
        delivery=row.delivery,
        payload=row.payload,
        state=cast("DeliveryState", row.state),
        attempts=row.attempts,
        owner=row.owner or "",
        reply=row.reply or "",
        problem=row.problem or "",
        changed=decode_instant(row.changed),
        retry=decode_instant(row.retry),
    )
