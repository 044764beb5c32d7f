"""Progress on standard error: only on a terminal, only for work that takes a while."""

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

__all__ = ["track"]

T = TypeVar("T")

MANY = 50
"""Items below which a step is over before a bar could be read."""


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
