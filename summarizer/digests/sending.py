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
from summarizer.errors import DeliveryError, SettingsError
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


def settle(tools: Tools, gone: Callable[[str], bool]) -> int:
    """What dead workers left half sent is put back, or held; gives how many are held."""
    return ledger.reclaim(tools.database, gone, partial(_repeatable, tools), tools.clock())


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
    """Whether it was sent, at once or at a further try."""
    for pause in (0.0, *tools.pauses[:more]):
        if pause:
            tools.sleep(pause)
        state = _send(tools, owner, entry)
        if state != "failed":
            return state == "sent"
        entry = replace(entry, attempts=entry.attempts + 1)
    return False


def _send(tools: Tools, owner: str, entry: ledger.Entry) -> ledger.State | None:
    """How the try ended; None if the delivery is another worker's, or is to nobody any more."""
    delivery = _delivery(config_of(tools.database, entry.digest), entry)
    if delivery is None:
        ledger.withdraw(tools.database, entry, "its delivery is gone", tools.clock())
        return None
    if not ledger.claim(tools.database, entry, owner, tools.clock()):
        return None
    state, reply, problem = _try(tools, owner, entry, delivery)
    ledger.record(tools.database, entry, state, tools.clock(), reply=reply, problem=problem)
    if problem:
        tools.say(f"{entry.digest}: {entry.recipient}: {problem}")
    return state


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
    except DeliveryError as error:
        if error.in_doubt:
            return "unknown", "", f"{error.message}; it may have arrived, and is not sent again"
        return ("failed" if error.retryable else "refused"), "", str(error)
    except SettingsError as error:  # a secret that is not set, which the next run may mend
        return "failed", "", str(error)
    return "sent", reply, ""
