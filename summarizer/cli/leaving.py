"""How a process ends that is not waited for: Ctrl-C was pressed, or what it works on is gone."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import NoReturn

from summarizer.cli import INTERRUPTED
from summarizer.errors import SummarizerError

__all__ = ["leave", "watched"]

PAUSE = 10.0
"""Seconds between two looks."""


def leave(what: str) -> NoReturn:
    """Ends the process and says what has become of its work."""
    _end(f"interrupted; {what}", INTERRUPTED)


@contextmanager
def watched(look: Callable[[], object]) -> Iterator[None]:
    """Ends the process in the block, as a kill would, once ``look`` raises a SummarizerError.

    For work that loses nothing by it, and may wait without end for what ``look`` looks at.
    """
    over = Event()

    def watch() -> None:
        while not over.wait(PAUSE):
            try:
                look()
            except SummarizerError as error:
                if not over.is_set():
                    _end(str(error), error.exit_code)

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _end(line: str, code: int) -> NoReturn:
    sys.stderr.write(f"summarizer: {line}\n")
    # Calls of a model that are under way would hold up the end until they are answered.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
