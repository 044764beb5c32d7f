"""The second half of a run: prepares the edition for each recipient and sends it once.

The ledger decides who sends what. A delivery that fails is retried, a few times now and then
by every later run; one that may have arrived is held.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext, stored_config
from summarizer.digests.delivery.config import Delivery
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.store import deliveries
from summarizer.store.editions import edition_history
from summarizer.store.snapshots import article_texts

__all__ = ["alert_edition", "prepare_edition_deliveries", "send_outstanding", "settle_interrupted"]

SILENT_KINDS = ("quiet", "failed")


def prepare_edition_deliveries(tools: RunContext, config: DigestConfig, edition: Edition) -> int:
    """Enters the edition, and the alert if one is due, into the ledger; gives how many deliveries.

    A failed edition is always told; a quiet one if the digest wants the note.
    """
    entries: list[deliveries.LedgerEntry] = []
    if edition.kind != "quiet" or config.quiet:
        chosen = [each for each in config.deliveries if not each.alerts_only]
        entries += _ledger_entries(tools, edition, chosen)
    warned = alert_edition(tools, config, edition)
    if warned:
        chosen = [each for each in config.deliveries if each.name == config.alert]
        entries += _ledger_entries(tools, warned, chosen)
    deliveries.enter_deliveries(tools.database, entries, edition.created)
    return len(entries)


def _ledger_entries(
    tools: RunContext, edition: Edition, chosen: Sequence[Delivery]
) -> list[deliveries.LedgerEntry]:
    from summarizer.digests.delivery import prepare_delivery

    cited = [source.id for source in edition.briefing.sources] if edition.briefing else []
    held = article_texts(tools.database, cited)
    mark = "alert " if edition.kind == "alert" else ""
    return [
        deliveries.LedgerEntry(
            edition.id.removesuffix(".alert"),
            mark + made.recipient,
            edition.digest,
            made.delivery,
            made.payload,
            "prepared",
        )
        for delivery in chosen
        for made in prepare_delivery(edition, delivery, held)
    ]


def alert_edition(tools: RunContext, config: DigestConfig, edition: Edition) -> Edition | None:
    """The note to the operator after so many quiet or failed editions in a row; None before."""
    if not config.alert or edition.kind not in SILENT_KINDS:
        return None
    row = [edition.kind]
    for earlier in edition_history(tools.database, config.name, limit=1000):
        if earlier.edition and earlier.number < edition.number:
            if earlier.edition.kind not in SILENT_KINDS:
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


def settle_interrupted(tools: RunContext, gone: Callable[[str], bool]) -> None:
    """What dead workers left half sent is put back, or held, which is said."""
    for entry in deliveries.reclaim_deliveries(
        tools.database, gone, partial(_is_repeatable, tools), tools.clock()
    ):
        _report_problem(tools, entry, entry.problem)


def _is_repeatable(tools: RunContext, entry: deliveries.LedgerEntry) -> bool:
    from summarizer.digests.delivery import is_idempotent

    delivery = _configured_delivery(stored_config(tools.database, entry.digest), entry)
    return delivery is not None and is_idempotent(delivery)


def _configured_delivery(config: DigestConfig, entry: deliveries.LedgerEntry) -> Delivery | None:
    return next((each for each in config.deliveries if each.name == entry.delivery), None)


def send_outstanding(tools: RunContext, owner: str, digest: str, *, due_only: bool = False) -> int:
    """Sends what the digest has not sent yet, oldest first; gives how many were sent.

    With ``due_only`` what failed before is left alone until its time.
    """
    sent = 0
    now = tools.clock() if due_only else None
    for entry in deliveries.outstanding_deliveries(tools.database, now, digest):
        sent += _send_with_retries(tools, owner, entry, 0 if due_only else len(tools.pauses))
    return sent


def _send_with_retries(
    tools: RunContext, owner: str, entry: deliveries.LedgerEntry, more: int
) -> bool:
    """Whether it was sent, at once or at one of ``more`` further tries. What goes wrong is said
    once; by a worker that serves, only when it is not what went wrong the last time."""
    state, problem = _send_entry(tools, owner, entry)
    for made, pause in enumerate(tools.pauses[:more], start=1):
        if state != "failed":
            break
        tools.sleep(pause)
        state, problem = _send_entry(tools, owner, replace(entry, attempts=entry.attempts + made))
    if problem and (more or problem != entry.problem):
        _report_problem(tools, entry, problem)
    return state == "sent"


def _report_problem(tools: RunContext, entry: deliveries.LedgerEntry, problem: str) -> None:
    tools.log(f"{entry.digest}: {entry.recipient}: {problem}")


def _send_entry(
    tools: RunContext, owner: str, entry: deliveries.LedgerEntry
) -> tuple[deliveries.DeliveryState | None, str]:
    """How the try ended, and what went wrong; None if the delivery is another worker's, or is to
    nobody any more."""
    delivery = _configured_delivery(stored_config(tools.database, entry.digest), entry)
    if delivery is None:
        deliveries.withdraw_delivery(tools.database, entry, "its delivery is gone", tools.clock())
        return None, ""
    if not deliveries.claim_delivery(tools.database, entry, owner, tools.clock()):
        return None, ""
    state, reply, problem = _attempt_delivery(tools, owner, entry, delivery)
    deliveries.record_outcome(
        tools.database, entry, state, tools.clock(), reply=reply, problem=problem
    )
    return state, problem


def _attempt_delivery(
    tools: RunContext, owner: str, entry: deliveries.LedgerEntry, delivery: Delivery
) -> tuple[deliveries.DeliveryState, str, str]:
    """(state, reply, problem) of one try."""
    from summarizer.digests.delivery import PreparedDelivery, send_delivery

    prepared = PreparedDelivery(
        entry.recipient.removeprefix("alert "), entry.delivery, entry.payload
    )
    try:
        reply = send_delivery(
            prepared,
            delivery,
            edition=entry.edition + (".alert" if entry.recipient.startswith("alert ") else ""),
            environment=tools.environment,
            commit=lambda: deliveries.commit_delivery(tools.database, entry, owner, tools.clock()),
        )
    except DeliveryError as error:  # its subject is the recipient, who is named beside it
        if error.in_doubt:
            return "unknown", "", f"{error.message}; {deliveries.resend_hint(entry)}"
        hint = f" ({error.hint})" if error.hint else ""
        return ("failed" if error.retryable else "refused"), "", f"{error.message}{hint}"
    return "sent", reply, ""
