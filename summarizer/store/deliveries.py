"""The ledger of deliveries: one row per edition and recipient; nothing is sent without its row.

    prepared ──claim──> sending ──commit──> committing ──> sent
       ^                   │                    ├──> failed   (temporary: retried later)
       └──── owner died ───┘                    ├──> refused  (permanent)
                                                └──> unknown  (no answer: held, reported, and
                                                              sent again only on request)

A row in ``sending`` has not passed the point of no return, so the death of its owner puts it
back. A row in ``committing`` may have: it becomes unknown, unless its kind of delivery can be
repeated without harm, or its owner left no mark that it reached the call that sends. When the
power fails between the last byte and the answer, nothing can distinguish an accepted mail from
a lost one; so this window is kept as small as possible, and what falls into it is reported.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, select, update

from summarizer.errors import StoreError
from summarizer.sources.articles import sha256_hex
from summarizer.store.database import Database, default_store
from summarizer.store.schema import delivery_table, from_row

DeliveryState = Literal[
    "prepared", "sending", "committing", "sent", "failed", "refused", "unknown", "withdrawn"
]

RETRY_PAUSES_SECONDS = (0, 60, 300, 900, 3600)
"""Pause before the next attempt, by the number of failed ones; the last one holds for all more."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the ledger. ``retry``: the earliest instant of the next attempt."""

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
    """Adds what is to be sent to the ledger; rows that exist already stay as they are."""
    rows = [
        asdict(entry) | {"state": "prepared", "changed": now, "retry": now} for entry in prepared
    ]
    with database.transaction() as connection:
        database.insert_rows(connection, delivery_table, rows)


def edition_deliveries(database: Database, edition: str) -> Sequence[LedgerEntry]:
    """All deliveries of an edition, by recipient."""
    query = select(delivery_table).where(delivery_table.c.edition == edition)
    return _load_entries(database, query.order_by(delivery_table.c.recipient))


def outstanding_deliveries(
    database: Database, now: datetime | None = None, name: str = ""
) -> Sequence[LedgerEntry]:
    """What is still to be sent, the oldest first; with ``now`` only what may be tried by then."""
    query = select(delivery_table).where(delivery_table.c.state.in_(("prepared", "failed")))
    if name:
        query = query.where(delivery_table.c.digest == name)
    if now:
        # An instant after the longest pause was stored by a clock that was wrong.
        latest = now + timedelta(seconds=RETRY_PAUSES_SECONDS[-1])
        query = query.where((delivery_table.c.retry <= now) | (delivery_table.c.retry > latest))
    return _load_entries(
        database, query.order_by(delivery_table.c.changed, delivery_table.c.recipient)
    )


def held_deliveries(database: Database, name: str) -> Sequence[LedgerEntry]:
    """What is only sent again on request: refused, or unknown, the oldest first."""
    query = select(delivery_table).where(
        delivery_table.c.digest == name, delivery_table.c.state.in_(("unknown", "refused"))
    )
    return _load_entries(database, query.order_by(delivery_table.c.changed))


def _load_entries(database: Database, query: Select[Any]) -> list[LedgerEntry]:
    return [from_row(LedgerEntry, row) for row in database.fetch_all(query)]


def claim_delivery(database: Database, entry: LedgerEntry, owner: str, now: datetime) -> bool:
    """Whether this worker, and no other one, sends the delivery now."""
    return _change_state(database, entry, ("prepared", "failed"), "sending", now, owner=owner)


def commit_delivery(database: Database, entry: LedgerEntry, owner: str, now: datetime) -> None:
    """Records that the point of no return is next. Raises StoreError if the delivery does not
    belong to this worker any more."""
    if not _change_state(database, entry, ("sending",), "committing", now, owner_is=owner):
        raise StoreError("is not this worker's to send any more", subject=entry.recipient)
    # The last thing before the send: a worker that died without this mark has sent nothing.
    database.locks.set_mark(worker_lock(owner), _delivery_mark(entry))


def record_outcome(
    database: Database,
    entry: LedgerEntry,
    state: DeliveryState,
    now: datetime,
    *,
    reply: str = "",
    problem: str = "",
) -> None:
    """Records how the attempt ended, and when the next one may follow."""
    attempts = entry.attempts + 1
    pause = timedelta(seconds=RETRY_PAUSES_SECONDS[min(attempts, len(RETRY_PAUSES_SECONDS) - 1)])
    _change_state(
        database,
        entry,
        ("sending", "committing"),
        state,
        now,
        attempts=attempts,
        reply=reply,
        problem=problem,
        retry=now + pause,
    )


def reclaim_deliveries(
    database: Database,
    is_dead: Callable[[str], bool],
    is_repeatable: Callable[[LedgerEntry], bool],
    now: datetime,
) -> Sequence[LedgerEntry]:
    """Settles what dead workers left unfinished; returns the deliveries that became unknown.

    ``is_dead``: whether the worker of this name has died.
    """
    query = select(delivery_table).where(delivery_table.c.state.in_(("sending", "committing")))
    entries = _load_entries(database, query)
    # Read the marks before asking who is dead: that question acquires the lock, and so clears it.
    marked = {
        entry: database.locks.has_mark(worker_lock(entry.owner), _delivery_mark(entry))
        for entry in entries
    }
    dead = {owner for owner in {entry.owner for entry in entries} if is_dead(owner)}
    unknown = []
    for entry in (entry for entry in entries if entry.owner in dead):
        unsent = entry.state == "sending" or marked[entry] is False
        safe = unsent or is_repeatable(entry)
        state: DeliveryState = "prepared" if safe else "unknown"
        problem = (
            ""
            if safe
            else f"the worker died before it stored the answer; {resend_hint(database, entry)}"
        )
        changed = _change_state(
            database, entry, (entry.state,), state, now, owner_is=entry.owner, problem=problem
        )
        if changed and not safe:
            unknown.append(replace(entry, state=state, problem=problem))
    return unknown


def resend_hint(database: Database, entry: LedgerEntry) -> str:
    """What the user can do about a delivery that may or may not have arrived; the command can be
    typed as it is, but for the password of a database server."""
    command = f"summarizer digest resend {entry.edition} --to {shlex.quote(entry.recipient)}"
    if database.name != default_store():
        command += f" --store {shlex.quote(database.name)}"
    return f"it may have arrived, and is sent again only by: {command}"


def worker_lock(worker: str) -> str:
    """The name of the lock that a worker holds as long as it lives."""
    return f"worker {worker}"


def _delivery_mark(entry: LedgerEntry) -> str:
    return sha256_hex(f"{entry.edition}\n{entry.recipient}")[:32]


def reopen_deliveries(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Prepares deliveries to be sent again on request, sent ones included; returns how many."""
    return _change_states(
        database, edition, recipient, ("sending", "committing"),
        state="prepared", problem="", changed=now, retry=now,
    )  # fmt: skip


def abandon_deliveries(database: Database, edition: str, recipient: str, now: datetime) -> int:
    """Gives up deliveries that are not sent, on request; returns how many."""
    return _change_states(
        database, edition, recipient, ("sending", "committing", "sent"),
        state="withdrawn", problem="given up by hand", changed=now,
    )  # fmt: skip


def _change_states(
    database: Database,
    edition: str,
    recipient: str,
    excluded: Sequence[DeliveryState],
    **values: str | datetime,
) -> int:
    """Changes the edition's deliveries to ``recipient``, or all of them if that is empty, except
    those in an ``excluded`` state; returns how many."""
    statement = (
        update(delivery_table)
        .where(delivery_table.c.edition == edition, delivery_table.c.state.not_in(excluded))
        .values(**values)
    )
    if recipient:
        statement = statement.where(
            delivery_table.c.recipient.in_((recipient, f"email:{recipient}"))
        )
    return database.execute(statement)


def withdraw_delivery(database: Database, entry: LedgerEntry, reason: str, now: datetime) -> None:
    """Records that the delivery will not be sent: the digest's file does not name it any more."""
    _change_state(database, entry, ("prepared", "failed"), "withdrawn", now, problem=reason)


def _change_state(
    database: Database,
    entry: LedgerEntry,
    before: Sequence[DeliveryState],
    after: DeliveryState,
    now: datetime,
    *,
    owner_is: str = "",
    **values: str | int | datetime,
) -> bool:
    """Whether the row changed from one of ``before`` to ``after``. ``owner_is``: only if this
    worker owns it."""
    statement = (
        update(delivery_table)
        .where(
            delivery_table.c.edition == entry.edition,
            delivery_table.c.recipient == entry.recipient,
            delivery_table.c.state.in_(before),
        )
        .values(state=after, changed=now, **values)
    )
    if owner_is:
        statement = statement.where(delivery_table.c.owner == owner_is)
    return database.execute(statement) == 1
