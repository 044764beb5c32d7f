"""Delivery of editions in two separate steps: prepare, which is pure, and send.

The ledger keeps what is prepared, and exactly that is sent. Sending calls ``commit`` right before
the point of no return: what fails earlier may be sent again; what fails later without an answer is
in doubt and may not.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from summarizer.digests.delivery.config import Delivery
from summarizer.digests.delivery.prepared import DeliveryAttempt, PreparedDelivery
from summarizer.edition import Edition

CHANNELS = {"file": "files", "email": "mail", "webhook": "webhooks", "atom": "atom"}
"""Kind of delivery -> its module, which is imported when it is used."""


class Channel(Protocol):
    """What the module of a channel defines."""

    def prepare(
        self, edition: Edition, delivery: Any, texts: Mapping[str, str]
    ) -> tuple[PreparedDelivery, ...]:
        """What each recipient gets; the same each time, and without a secret."""

    def send(self, attempt: DeliveryAttempt, delivery: Any) -> str:
        """The receiver's answer, in one line. Raises DeliveryError."""

    def try_out(self, delivery: Any, environment: Mapping[str, str]) -> str:
        """The outcome, in one line, of all that can be tried without sending. Raises
        DeliveryError."""


def _channel(delivery: Delivery) -> Channel:
    return cast("Channel", import_module(f"{__name__}.{CHANNELS[delivery.kind]}"))


def prepare_delivery(
    edition: Edition, delivery: Delivery, texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """What each recipient of the delivery gets.

    ``texts``: source id -> article snapshot, for the context of passages in HTML files.
    """
    return _channel(delivery).prepare(edition, delivery, texts)


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
    return _channel(delivery).send(attempt, delivery)


def try_delivery(delivery: Delivery, environment: Mapping[str, str]) -> str:
    """The outcome, in one line, of everything that can be tried without sending.

    Raises DeliveryError.
    """
    return _channel(delivery).try_out(delivery, environment)
