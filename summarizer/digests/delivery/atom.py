"""An Atom feed of the newest editions, in one file."""

from collections.abc import Mapping
from pathlib import Path

from summarizer.digests.delivery import files
from summarizer.digests.delivery.config import AtomDelivery
from summarizer.digests.delivery.prepared import DeliveryAttempt, PreparedDelivery
from summarizer.edition import Edition
from summarizer.errors import DeliveryError
from summarizer.rendering.formats import render_document

try_out = files.try_out

_SEPARATOR = "\n"


def prepare(
    edition: Edition, delivery: AtomDelivery, _texts: Mapping[str, str]
) -> tuple[PreparedDelivery, ...]:
    """The edition as one entry, after the names of digest and feed."""
    head = f"{edition.digest}{_SEPARATOR}{' '.join(edition.title.split())}{_SEPARATOR}"
    payload = (head + render_document(edition, "atom")).encode("utf-8", "replace")
    return (PreparedDelivery(f"atom:{delivery.path}", delivery.name, payload),)


def send(attempt: DeliveryAttempt, delivery: AtomDelivery) -> str:
    """Merges the entry into the feed. Raises DeliveryError; the old feed is then still there."""
    from summarizer.rendering.atom import ForeignFeed, merge_feed

    path = Path(attempt.target)
    digest, title, new = attempt.prepared.payload.decode().split(_SEPARATOR, 2)
    with files.delivery_errors(attempt.target):
        old = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        try:
            feed = merge_feed(
                old, new, digest=digest, title=title, url=delivery.url, keep=delivery.keep
            )
        except ForeignFeed as error:
            hint = "move it away, or name another path"
            raise DeliveryError(str(error), subject=attempt.target, hint=hint) from None
        files.replace_file(feed.encode(), path, attempt.commit)
    return f"written, {feed.count('<entry>')} editions"
