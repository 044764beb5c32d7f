"""Delivery of editions in two separate steps: prepare, which is pure, and send.

The ledger keeps what is prepared, and exactly that is sent. Sending calls ``commit`` right before
the point of no return: what fails earlier may be sent again; what fails later without an answer is
in doubt and may not.
"""

from collections.abc import Callable, Mapping

from summarizer.digests.delivery.config import (
    AtomDelivery,
    Delivery,
    EmailDelivery,
    FileDelivery,
    WebhookDelivery,
)
from summarizer.digests.delivery.prepared import DeliveryAttempt, PreparedDelivery
from summarizer.edition import Edition


def prepare_delivery(
    edition: Edition, delivery: Delivery, texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """What each recipient of the delivery gets; the same each time, and without a secret.

    ``texts``: source id -> article snapshot, for the context of passages in HTML files.
    """
    match delivery:
        case FileDelivery():
            from summarizer.digests.delivery import files

            return (files.prepare_file(edition, delivery, texts),)
        case AtomDelivery():
            from summarizer.digests.delivery import files

            return (files.prepare_atom(edition, delivery),)
        case EmailDelivery():
            from summarizer.digests.delivery import mail

            return mail.prepare_mail(edition, delivery)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return (webhooks.prepare_webhook(edition, delivery),)


def send_delivery(
    prepared: PreparedDelivery,
    delivery: Delivery,
    *,
    edition: str,
    environment: Mapping[str, str],
    commit: Callable[[], None],
) -> str:
    """The receiver's answer, in one line, to one payload that is sent once.

    ``commit`` is called once, right before the point of no return. Raises DeliveryError.
    """
    attempt = DeliveryAttempt(prepared, edition, environment, commit)
    match delivery:
        case FileDelivery():
            from summarizer.digests.delivery import files

            return files.send_file(attempt)
        case AtomDelivery():
            from summarizer.digests.delivery import files

            return files.send_atom(attempt, delivery)
        case EmailDelivery():
            from summarizer.digests.delivery import mail

            return mail.send_mail(attempt, delivery)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return webhooks.send_webhook(attempt, delivery)


def is_idempotent(delivery: Delivery) -> bool:
    """Whether sending twice leaves the same as sending once."""
    return isinstance(delivery, FileDelivery | AtomDelivery)


def try_delivery(delivery: Delivery, environment: Mapping[str, str]) -> str:
    """The outcome, in one line, of everything that can be tried without sending.

    Raises DeliveryError."""
    match delivery:
        case FileDelivery() | AtomDelivery():
            from summarizer.digests.delivery import files

            return files.try_file(delivery)
        case EmailDelivery():
            from summarizer.digests.delivery import mail

            return mail.try_mail(delivery, environment)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return webhooks.try_webhook(delivery, environment)
