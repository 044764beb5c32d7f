"""The second half of a run: what was written is made ready for each recipient, and sent once.

The ledger decides who sends what; nothing here keeps anything by itself. A delivery that fails is
tried again, a few times now and then by every later run; one that may have arrived is held.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from summarizer.digests.config import DigestConfig
from summarizer.digests.deliveries import Delivery
from summarizer.digests.tools import Tools, config_of
from summarizer.editions import Edition
from summarizer.errors import DeliveryError
from summarizer.store import ledger
from summarizer.store.issues import history
from summarizer.store.snapshots import texts

__all__ = ["alert", "prepare_all", "send_outstanding", "settle"]

SILENT = ("quiet", "failed")


def prepare_all(tools: Tools, config: DigestConfig, edition: Edition) -> int:
    """Enters the edition, and the alert if one is due, into the ledger; gives how many deliveries.

    A failed edition is always told; a quiet one if the digest wants the note.
    """
    entries: list[ledger.Entry] = []
    if edition.kind != "quiet" or config.quiet:
        chosen = [each for each in config.deliveries if not each.alerts_only]
        entries += _entries(tools, edition, chosen)
    warned = alert(tools, config, edition)
    if warned:
        chosen = [each for each in config.deliveries if each.name == config.alert]
        entries += _entries(tools, warned, chosen)
    ledger.prepare(tools.database, entries, edition.created)
    return len(entries)


def _entries(tools: Tools, edition: Edition, deliveries: Sequence[Delivery]) -> list[ledger.Entry]:
    from summarizer.digests.delivery import prepare

    cited = [source.id for source in edition.briefing.sources] if edition.briefing else []
    held = texts(tools.database, cited)
    mark = "alert " if edition.kind == "alert" else ""
    return [
        ledger.Entry(
            edition.id.removesuffix(".alert"),
            mark + made.recipient,
            edition.digest,
            made.delivery,
            made.payload,
            "prepared",
        )
        for delivery in deliveries
        for made in prepare(edition, delivery, held)
    ]


def alert(tools: Tools, config: DigestConfig, edition: Edition) -> Edition | None:
    """The note to the operator after so many quiet or failed editions in a row; None before."""
    if not config.alert or edition.kind not in SILENT:
        return None
    row = [edition.kind]
    for earlier in history(tools.database, config.name, limit=1000):
        if earlier.edition and earlier.number < edition.number:
            if earlier.edition.kind not in SILENT:
                break
            row.append(earlier.edition.kind)
    if len(row) % config.alert_after:
        return None
    first_line = (
        f"{edition.title} has had nothing to tell {len(row)} times in a row"
        f" ({row.count('failed')} failed, {row.count('quiet')} quiet)."
    )
    return edition.model_copy(
        update={"id": f"{edition.id}.alert", "kind": "alert", "first_line": first_line}
    )


def settle(tools: Tools, gone: Callable[[str], bool]) -> None:
    """What dead workers left half sent is put back, or held, which is said."""
    for entry in ledger.reclaim(tools.database, gone, partial(_repeatable, tools), tools.clock()):
        _tell(tools, entry, entry.problem)


def _repeatable(tools: Tools, entry: ledger.Entry) -> bool:
    from summarizer.digests.delivery import idempotent

    delivery = _delivery(config_of(tools.database, entry.digest), entry)
    return delivery is not None and idempotent(delivery)


def _delivery(config: DigestConfig, entry: ledger.Entry) -> Delivery | None:
    return next((each for each in config.deliveries if each.name == entry.delivery), None)


def send_outstanding(tools: Tools, owner: str, digest: str, *, due_only: bool = False) -> int:
    """Sends what the digest has not sent yet, oldest first; gives how many were sent.

    With ``due_only`` what failed before is left alone until its time.
    """
    sent = 0
    now = tools.clock() if due_only else None
    for entry in ledger.outstanding(tools.database, now, digest):
        sent += _send_patiently(tools, owner, entry, 0 if due_only else len(tools.pauses))
    return sent


def _send_patiently(tools: Tools, owner: str, entry: ledger.Entry, more: int) -> bool:
    """Whether it was sent, at once or at one of ``more`` further tries. What goes wrong is said
    once; by a worker that serves, only when it is not what went wrong the last time."""
    state, problem = _send(tools, owner, entry)
    for made, pause in enumerate(tools.pauses[:more], start=1):
        if state != "failed":
            break
        tools.sleep(pause)
        state, problem = _send(tools, owner, replace(entry, attempts=entry.attempts + made))
    if problem and (more or problem != entry.problem):
        _tell(tools, entry, problem)
    return state == "sent"


def _tell(tools: Tools, entry: ledger.Entry, problem: str) -> None:
    tools.say(f"{entry.digest}: {entry.recipient}: {problem}")


def _send(tools: Tools, owner: str, entry: ledger.Entry) -> tuple[ledger.State | None, str]:
    """How the try ended, and what went wrong; None if the delivery is another worker's, or is to
    nobody any more."""
    delivery = _delivery(config_of(tools.database, entry.digest), entry)
    if delivery is None:
        ledger.withdraw(tools.database, entry, "its delivery is gone", tools.clock())
        return None, ""
    if not ledger.claim(tools.database, entry, owner, tools.clock()):
        return None, ""
    state, reply, problem = _try(tools, owner, entry, delivery)
    ledger.record(tools.database, entry, state, tools.clock(), reply=reply, problem=problem)
    return state, problem


def _try(
    tools: Tools, owner: str, entry: ledger.Entry, delivery: Delivery
) -> tuple[ledger.State, str, str]:
    """(state, reply, problem) of one try."""
    from summarizer.digests.delivery import Prepared, send

    prepared = Prepared(entry.recipient.removeprefix("alert "), entry.delivery, entry.payload)
    try:
        reply = send(
            prepared,
            delivery,
            edition=entry.edition + (".alert" if entry.recipient.startswith("alert ") else ""),
            environment=tools.environment,
            commit=lambda: ledger.commit(tools.database, entry, owner, tools.clock()),
        )
    except DeliveryError as error:  # its subject is the recipient, who is named beside it
        if error.in_doubt:
            return "unknown", "", f"{error.message}; {ledger.in_doubt(entry)}"
        hint = f" ({error.hint})" if error.hint else ""
        return ("failed" if error.retryable else "refused"), "", f"{error.message}{hint}"
    return "sent", reply, ""
