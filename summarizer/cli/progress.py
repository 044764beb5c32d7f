"""Progress on standard error: only on a terminal, only for work that takes a while."""

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from summarizer.models.port import Usage
    from summarizer.models.watched import Call

__all__ = ["Meter", "track"]

T = TypeVar("T")

MANY = 50
"""Items below which a step is over before a bar could be read."""

ASKED = {
    "facts": "Reading sources",
    "write": "Writing stories",
    "repair": "Mending sentences",
    "judge": "Judging sentences",
}
"""What a model is asked for, by the step of the chain. Steps overlap; the last call tells."""


def track(step: str, items: Iterable[T], /) -> Iterable[T]:
    """The same items, with a bar for ``step`` while they are worked through."""
    if not sys.stderr.isatty() or (isinstance(items, Sized) and len(items) < MANY):
        return items
    return _barred(step, items)


def _barred(step: str, items: Iterable[T]) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import Progress

    total = len(items) if isinstance(items, Sized) else None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(step, total=total)
        for item in items:
            yield item
            progress.advance(task)


class Meter:
    """Step, calls and cost so far, in one line that is written over; on a terminal only."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._seen = stream.isatty()

    def track(self, step: str, items: Iterable[T], /) -> Iterable[T]:
        """The same items, with the name of the step while they are worked through."""
        self._write(step)
        try:
            yield from items
        finally:
            self._write("")

    def hear(self, call: "Call") -> None:
        """Counts one call more."""
        self._write(f"{ASKED[call.step]} · {_bill(call.usage)}")

    def _write(self, line: str) -> None:
        if self._seen:
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()


def _bill(usage: "Usage") -> str:
    """``12 calls · 3 cached · $0.0123``; a cost that is known in part is at least that."""
    least = "at least " if usage.unpriced else ""
    cost = "cost unknown" if usage.unpriced == usage.calls > 0 else f"{least}${usage.cost_usd:.4f}"
    cached = [f"{usage.cached} cached"] if usage.cached else []
    return " · ".join([f"{usage.calls} call{'s' * (usage.calls != 1)}", *cached, cost])
