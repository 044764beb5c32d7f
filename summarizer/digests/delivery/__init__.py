"""Delivery of editions in two steps that never meet: prepare, which is pure, and send.

What is prepared is kept in the ledger; what is sent is exactly that. Sending says where the point
of no return lies, by calling ``commit`` right before it: what fails earlier may be sent again,
what fails later without an answer is in doubt and may not.
"""

from collections.abc import Callable, Mapping

from summarizer.digests.deliveries import (
    AtomDelivery,
    Delivery,
    EmailDelivery,
    FileDelivery,
    WebhookDelivery,
)
from summarizer.digests.delivery.prepared import Prepared, Sending
from summarizer.editions import Edition

__all__ = ["Prepared", "idempotent", "prepare", "send", "try_out"]


def prepare(edition: Edition, delivery: Delivery, texts: Mapping[str, str]) -> tuple[Prepared, ...]:
    """What each recipient of the delivery is to get; the same each time, and without a secret.

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

            return mail.prepare(edition, delivery)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return (webhooks.prepare(edition, delivery),)


def send(
    prepared: Prepared,
    delivery: Delivery,
    *,
    edition: str,
    environment: Mapping[str, str],
    commit: Callable[[], None],
) -> str:
    """Delivers one payload once; gives the receiver's answer in one line.

    ``commit`` is called once, right before the point of no return. Raises DeliveryError.
    """
    sending = Sending(prepared, edition, environment, commit)
    match delivery:
        case FileDelivery():
            from summarizer.digests.delivery import files

            return files.send_file(sending)
        case AtomDelivery():
            from summarizer.digests.delivery import files

            return files.send_atom(sending, delivery)
        case EmailDelivery():
            from summarizer.digests.delivery import mail

            return mail.send(sending, delivery)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return webhooks.send(sending, delivery)


def idempotent(delivery: Delivery) -> bool:
    """Whether sending twice leaves the same as sending once."""
    return isinstance(delivery, FileDelivery | AtomDelivery)


def try_out(delivery: Delivery, environment: Mapping[str, str]) -> str:
    """Goes as far as can be gone without sending; gives what was found. Raises DeliveryError."""
    match delivery:
        case FileDelivery() | AtomDelivery():
            from summarizer.digests.delivery import files

            return files.try_out(delivery)
        case EmailDelivery():
            from summarizer.digests.delivery import mail

            return mail.try_out(delivery, environment)
        case WebhookDelivery():
            from summarizer.digests.delivery import webhooks

            return webhooks.try_out(delivery, environment)
