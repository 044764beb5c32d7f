"""What one recipient gets, and one attempt to send it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from summarizer.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class PreparedDelivery:
    """``recipient`` is its name in the ledger: ``email:ann@example.org``, ``file:/a/b.html``,
    ``webhook:NAME``, ``atom:/a/b.atom``; ``delivery`` that of the delivery; ``payload`` all that
    is sent."""

    recipient: str
    delivery: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt to send a payload; ``commit`` is called right before the point of no return."""

    prepared: PreparedDelivery
    edition: str
    environment: Mapping[str, str]
    commit: Callable[[], None]

    @property
    def target(self) -> str:
        """The recipient without its kind."""
        return self.prepared.recipient.partition(":")[2]

    @property
    def key(self) -> str:
        """The same for every attempt, so that a receiver recognizes a repetition."""
        return idempotency_key(self.edition, self.prepared.recipient)


def idempotency_key(edition: str, recipient: str) -> str:
    """32 hex digits of edition and recipient."""
    return sha256(f"{edition}\n{recipient}".encode()).hexdigest()[:32]


def read_secret(name: str | None, environment: Mapping[str, str], delivery: str) -> str:
    """The value of the environment variable; empty without a name. Raises DeliveryError."""
    if name is None:
        return ""
    if not environment.get(name):
        raise DeliveryError(
            f"the environment variable {name} is not set",
            subject=delivery,
            hint=f"put the secret there: export {name}=...",
        )
    return environment[name]
