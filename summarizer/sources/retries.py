"""When an entry that could not be read is tried again, when it is given up, and how long a source
that fails is left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from summarizer.sources.feeds import Entry
from summarizer.sources.source_state import PendingEntry, SourceState

MAX_RETRY_TIME = timedelta(days=5)
"""Time after which an entry that could never be read is given up. A block of a server lasts longer
than a day; after this time the news is old."""

MAX_PAUSE = timedelta(hours=20)
"""Longest pause: a daily run, which starts a few minutes earlier or later, is never skipped."""

MAX_PENDING_TEXT_CHARS = 600
"""Code points of the text of a waiting entry that are stored: a teaser."""

MIN_FAILURES_TO_PAUSE = 3
"""Failures of a source in a row from which it is left alone for a while."""


def retry_pause(attempts: int) -> timedelta:
    """The pause after this many failed attempts.

    >>> [str(retry_pause(attempts)) for attempts in (1, 2, 3, 9)]
    ['1:00:00', '4:00:00', '16:00:00', '20:00:00']
    """
    return min(timedelta(hours=4 ** min(attempts - 1, 5)), MAX_PAUSE)


def is_due(retry: str, now: datetime) -> bool:
    """Whether the instant has come; also if it is later than any pause, as after a wrong clock."""
    return not retry or not now < datetime.fromisoformat(retry) <= now + MAX_PAUSE


def is_overdue(pending: PendingEntry | None, now: datetime) -> bool:
    """Whether the entry is given up if it cannot be read now either."""
    if pending is None or pending.attempts < MIN_FAILURES_TO_PAUSE:
        return False
    return now - datetime.fromisoformat(pending.first) >= MAX_RETRY_TIME


def find_pending(state: SourceState, entry: Entry) -> PendingEntry | None:
    """What is stored of an entry that waits; None if it does not wait."""
    return next((each for each in state.pending if not set(entry.keys).isdisjoint(each.keys)), None)


def failed_state(state: SourceState, now: datetime) -> SourceState:
    """The state after one more failure of the source; after several, with a pause."""
    failures = state.failures + 1
    pauses = failures - MIN_FAILURES_TO_PAUSE + 1
    retry = (now + retry_pause(pauses)).isoformat() if pauses > 0 else ""
    return replace(state, failures=failures, retry=retry)


def entries_to_retry(
    state: SourceState, listed: Sequence[Entry], now: datetime
) -> tuple[list[Entry], set[Entry]]:
    """The waiting entries that are due and not listed any more, and the listed ones that wait."""
    listed_keys = {key: entry for entry in listed for key in entry.keys}
    gone, waiting = [], set()
    for pending in state.pending:
        current = next((listed_keys[key] for key in pending.keys if key in listed_keys), None)
        if current is None and is_due(pending.retry, now):
            published = datetime.fromisoformat(pending.published) if pending.published else None
            gone.append(
                Entry(pending.id, pending.url, pending.title or None, pending.text, published)
            )
        elif current is not None and not is_due(pending.retry, now):
            waiting.add(current)
    return gone, waiting


def updated_pending(
    state: SourceState, unread: Iterable[tuple[Entry, str]], read: Iterable[Entry], now: datetime
) -> tuple[PendingEntry, ...]:
    """What waits after a reading. ``unread``: entries with the reason; ``read``: those settled."""
    unread = list(unread)
    tried = {key for entry in (*read, *(entry for entry, _ in unread)) for key in entry.keys}
    kept = [each for each in state.pending if tried.isdisjoint(each.keys)]
    for entry, reason in unread:
        before = find_pending(state, entry)
        attempts = 1 + (before.attempts if before else 0)
        kept.append(
            PendingEntry(
                keys=entry.keys,
                id=entry.id,
                url=entry.url or "",
                title=entry.title or "",
                text=entry.text[:MAX_PENDING_TEXT_CHARS],
                published=entry.published.isoformat() if entry.published else "",
                first=before.first if before else now.isoformat(),
                attempts=attempts,
                retry=(now + retry_pause(attempts)).isoformat(),
                reason=reason,
            )
        )
    return tuple(kept)
