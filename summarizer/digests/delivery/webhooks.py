"""Editions to a webhook: one POST with a stable idempotency key."""

import re
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer import __version__
from summarizer.digests.delivery.config import WebhookDelivery
from summarizer.digests.delivery.prepared import DeliveryAttempt, PreparedDelivery, read_secret
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.rendering.formats import render_document
from summarizer.sources.fetch import close_sockets_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_FINAL_STATUSES = frozenset({400, 404, 405, 410, 413, 415, 422})
"""Answers that do not change, however often the same is sent."""

_ERRNO_PREFIX = re.compile(r"^\[Errno -?\d+\]\s*")

_EXCHANGE_TIMEOUT_FACTOR = 4
"""Longest whole exchange, as a multiple of the longest silence."""

_MAX_ANSWER_BYTES = 2000
"""Bytes read of an answer."""


def prepare(
    edition: Edition, delivery: WebhookDelivery, _texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """The edition in the format that the service accepts."""
    payload = render_document(edition, delivery.shape).encode("utf-8", "backslashreplace")
    return (PreparedDelivery(f"webhook:{delivery.name}", delivery.name, payload),)


def send(attempt: DeliveryAttempt, delivery: WebhookDelivery) -> str:
    """The status of the answer. Raises DeliveryError."""
    committed: list[bool] = []

    def trace(event: str, info: dict[str, Any]) -> None:
        watch(event, info)
        if event.endswith("send_request_headers.started") and not committed:
            attempt.commit()
            committed.append(True)

    headers = {"Content-Type": "application/json", "Idempotency-Key": attempt.key}
    with (
        _webhook_client(delivery, attempt.environment) as (client, url, own),
        _transport_failures(delivery, lambda: bool(committed)),
        close_sockets_after(delivery.timeout * _EXCHANGE_TIMEOUT_FACTOR) as watch,
        client.stream(
            "POST", url, content=attempt.prepared.payload, headers=headers | own,
            extensions={"trace": trace},
        ) as response,
    ):  # fmt: skip
        return _answer_status(response, delivery)


def try_out(delivery: WebhookDelivery, environment: Mapping[str, str]) -> str:
    """The status of a HEAD request, which posts nothing. Raises DeliveryError."""
    with (
        _webhook_client(delivery, environment) as (client, url, own),
        _transport_failures(delivery),
        close_sockets_after(delivery.timeout * _EXCHANGE_TIMEOUT_FACTOR) as watch,
    ):
        status = client.head(url, headers=own, extensions={"trace": watch}).status_code
    if status in (401, 403, 404, 410) or status >= 500:
        raise DeliveryError(f"answers {status}", subject=delivery.name)
    return f"answers ({status} to HEAD)"


@contextmanager
def _webhook_client(
    delivery: WebhookDelivery, environment: Mapping[str, str]
) -> "Iterator[tuple[httpx.Client, httpx.URL, dict[str, str]]]":
    """A client, the address, and the headers that hold the token. No proxy, no redirects."""
    import httpx

    address = delivery.url or read_secret(delivery.url_env, environment, delivery.name)
    token = read_secret(delivery.token_env, environment, delivery.name)
    try:
        url = httpx.URL(address.strip())
        headers = {"Authorization": f"Bearer {token.strip()}"} if token else {}
        for value in headers.values():
            value.encode("ascii")
    except (httpx.InvalidURL, ValueError):
        what = f"{delivery.url_env or 'url'} or {delivery.token_env or 'token'} is malformed"
        raise DeliveryError(what, subject=delivery.name) from None
    if url.scheme not in ("http", "https") or not url.host:
        what = f"{delivery.url_env or 'url'} holds no http(s) address"
        raise DeliveryError(what, subject=delivery.name)
    agent = {"User-Agent": f"summarizer/{__version__}"}
    with httpx.Client(
        timeout=delivery.timeout, trust_env=False, headers=agent, follow_redirects=False
    ) as client:
        yield client, url, headers


@contextmanager
def _transport_failures(
    delivery: WebhookDelivery, committed: Callable[[], bool] = lambda: False
) -> "Iterator[None]":
    """Raises a failed exchange as an error without the address, which may be the secret itself."""
    import httpx

    try:
        yield
    except httpx.HTTPError as error:
        why = _ERRNO_PREFIX.sub("", " ".join(str(error).split()))[:120] or type(error).__name__
        in_doubt = committed()
        what = "the request was sent, but no answer came" if in_doubt else "cannot be reached"
        what = f"{what}: {why}"
        raise DeliveryError(what, subject=delivery.name, in_doubt=in_doubt) from error


def _answer_status(response: "httpx.Response", delivery: WebhookDelivery) -> str:
    status = f"{response.status_code} {response.reason_phrase}".strip()
    if response.is_success:
        return status
    wait = response.headers.get("retry-after", "").strip()
    raise DeliveryError(
        f"answered {status}{_answer_excerpt(response)}",
        subject=delivery.name,
        hint="give the address that it redirects to" if response.has_redirect_location else "",
        retryable=response.status_code not in _FINAL_STATUSES,
        retry_after=float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None,
    )


def _answer_excerpt(response: "httpx.Response") -> str:
    """The beginning of the answer, on one line."""
    import httpx

    try:
        beginning = next(response.iter_bytes(_MAX_ANSWER_BYTES), b"")
    except httpx.HTTPError:
        return ""
    text = "".join(c if c.isprintable() else " " for c in beginning.decode("utf-8", "replace"))
    return f": {' '.join(text.split())[:200]}" if text.strip() else ""
