"""The second half of a run: prepares the edition for each recipient and sends it once.

The ledger decides which worker sends what. A delivery that fails is retried a few times at once,
and then by every later run; one that may have arrived is held.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext, stored_config
from summarizer.digests.delivery.config import Delivery
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.store import deliveries
from summarizer.store.editions import edition_history
from summarizer.store.snapshots import article_texts

SILENT_KINDS = ("quiet", "failed")
"""Kinds of edition without a story."""


def prepare_edition_deliveries(context: RunContext, config: DigestConfig, edition: Edition) -> int:
    """Adds the edition, and the alert if one is due, to the ledger; returns how many deliveries.

    A failed edition is always sent; a quiet one if the digest is configured so.
    """
    entries: list[deliveries.LedgerEntry] = []
    if edition.kind != "quiet" or config.quiet:
        chosen = [each for each in config.deliveries if not each.alerts_only]
        entries += _ledger_entries(context, edition, chosen)
    alert = alert_edition(context, config, edition)
    if alert:
        chosen = [each for each in config.deliveries if each.name == config.alert]
        entries += _ledger_entries(context, alert, chosen)
    deliveries.enter_deliveries(context.database, entries, edition.created)
    return len(entries)


def _ledger_entries(
    context: RunContext, edition: Edition, chosen: Sequence[Delivery]
) -> list[deliveries.LedgerEntry]:
    from summarizer.digests.delivery import prepare_delivery

    sources = [source.id for source in edition.briefing.sources] if edition.briefing else []
    texts = article_texts(context.database, sources)
    prefix = "alert " if edition.kind == "alert" else ""
    return [
        deliveries.LedgerEntry(
            edition.id.removesuffix(".alert"),
            prefix + prepared.recipient,
            edition.digest,
            prepared.delivery,
            prepared.payload,
            "prepared",
        )
        for delivery in chosen
        for prepared in prepare_delivery(edition, delivery, texts)
    ]


def alert_edition(context: RunContext, config: DigestConfig, edition: Edition) -> Edition | None:
    """The note to the operator after each ``alert_after`` quiet or failed editions in a row; None
    if there are fewer."""
    if not config.alert or edition.kind not in SILENT_KINDS:
        return None
    kinds = [edition.kind]
    for earlier in edition_history(context.database, config.name, limit=1000):
        if earlier.edition and earlier.number < edition.number:
            if earlier.edition.kind not in SILENT_KINDS:
                break
            kinds.append(earlier.edition.kind)
    if len(kinds) % config.alert_after:
        return None
    first_line = (
        f"{edition.title} has had no news {len(kinds)} times in a row"
        f" ({kinds.count('failed')} failed, {kinds.count('quiet')} quiet)."
    )
    return edition.model_copy(
        update={"id": f"{edition.id}.alert", "kind": "alert", "first_line": first_line}
    )


def settle_interrupted(context: RunContext, is_dead: Callable[[str], bool]) -> None:
    """Returns or holds the deliveries that dead workers began; those held are logged."""

    def is_repeatable(entry: deliveries.LedgerEntry) -> bool:
        delivery = _configured_delivery(context, entry)
        return delivery is not None and delivery.idempotent

    for entry in deliveries.reclaim_deliveries(
        context.database, is_dead, is_repeatable, context.clock()
    ):
        _log_problem(context, entry, entry.problem)


def _configured_delivery(context: RunContext, entry: deliveries.LedgerEntry) -> Delivery | None:
    config = stored_config(context.database, entry.digest)
    return next((each for each in config.deliveries if each.name == entry.delivery), None)


def send_outstanding(
    context: RunContext, owner: str, digest: str, *, due_only: bool = False, edition: str = ""
) -> int:
    """Sends what the digest, or one edition of it, has not sent yet, the oldest first; returns how
    many were sent.

    With ``due_only`` what failed before is only sent when its pause is over, and once.
    """
    sent = 0
    now = context.clock() if due_only else None
    pauses = () if due_only else context.pauses
    for entry in deliveries.outstanding_deliveries(context.database, now, digest):
        if edition not in ("", entry.edition):
            continue
        state, problem = _send_entry(context, owner, entry)
        for attempt, pause in enumerate(pauses, start=1):
            if state != "failed":
                break
            context.sleep(pause)
            again = replace(entry, attempts=entry.attempts + attempt)
            state, problem = _send_entry(context, owner, again)
        # A serving worker retries for days: it logs a problem only when it is a new one.
        if problem and (not due_only or problem != entry.problem):
            _log_problem(context, entry, problem)
        sent += state == "sent"
    return sent


def _log_problem(context: RunContext, entry: deliveries.LedgerEntry, problem: str) -> None:
    context.log(f"{entry.digest}: {entry.recipient}: {problem}")


def _send_entry(
    context: RunContext, owner: str, entry: deliveries.LedgerEntry
) -> tuple[deliveries.DeliveryState | None, str]:
    """How the attempt ended, and its problem; None if the delivery is another worker's, or is not
    configured any more."""
    database, clock = context.database, context.clock
    delivery = _configured_delivery(context, entry)
    if delivery is None:
        reason = "the digest's file does not name its delivery any more"
        deliveries.withdraw_delivery(database, entry, reason, clock())
        return None, ""
    if not deliveries.claim_delivery(database, entry, owner, clock()):
        return None, ""
    state, reply, problem = _attempt_delivery(context, owner, entry, delivery)
    deliveries.record_outcome(database, entry, state, clock(), reply=reply, problem=problem)
    return state, problem


def _attempt_delivery(
    context: RunContext, owner: str, entry: deliveries.LedgerEntry, delivery: Delivery
) -> tuple[deliveries.DeliveryState, str, str]:
    """State, reply and problem of one attempt."""
    from summarizer.digests.delivery import send_delivery
    from summarizer.digests.delivery.prepared import PreparedDelivery

    is_alert = entry.recipient.startswith("alert ")
    prepared = PreparedDelivery(
        entry.recipient.removeprefix("alert "), entry.delivery, entry.payload
    )
    try:
        reply = send_delivery(
            prepared,
            delivery,
            edition=f"{entry.edition}.alert" if is_alert else entry.edition,
            environment=context.environment,
            commit=lambda: deliveries.commit_delivery(
                context.database, entry, owner, context.clock()
            ),
        )
    except DeliveryError as error:  # its subject is the recipient, which the ledger has already
        if error.in_doubt:
            hint = deliveries.resend_hint(context.database, entry)
            return "unknown", "", f"{error.message}; {hint}"
        hint = f" ({error.hint})" if error.hint else ""
        return ("failed" if error.retryable else "refused"), "", f"{error.message}{hint}"
    return "sent", reply, ""
