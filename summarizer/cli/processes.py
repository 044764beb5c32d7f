"""How this process ends early, the worker processes it starts, and the signals that stop them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import NoReturn

from summarizer.cli import INTERRUPTED_EXIT_CODE
from summarizer.errors import SummarizerError

WATCH_INTERVAL_SECONDS = 10.0
"""Seconds between two looks."""


def exit_interrupted(what: str) -> NoReturn:
    """Ends the process with one line on what became of its work."""
    _exit_now(f"interrupted; {what}", INTERRUPTED_EXIT_CODE)


@contextmanager
def exit_on_failure(look: Callable[[], object]) -> Iterator[None]:
    """Ends the process in the block, as a kill would, once ``look`` raises a SummarizerError.

    For work that loses nothing by it, and may wait without end for what ``look`` looks at.
    """
    over = Event()

    def watch() -> None:
        while not over.wait(WATCH_INTERVAL_SECONDS):
            try:
                look()
            except SummarizerError as error:
                if not over.is_set():
                    _exit_now(str(error), error.exit_code)

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _exit_now(line: str, code: int) -> NoReturn:
    sys.stderr.write(f"summarizer: {line}\n")
    # Calls of a model that are under way would hold up the end until they are answered.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


WORKER_GRACE_SECONDS = 10.0
"""Seconds that a worker gets to finish; others adopt what it leaves unfinished."""


@contextmanager
def extra_workers(workers: int, files: Sequence[Path], store: str) -> Iterator[None]:
    """As many further workers on the same digests, for as long as the block lasts."""
    command = [sys.executable, "-m", "summarizer", "digest", "start", *map(str, files)]
    command += ["--store", store] if store else []
    running = [subprocess.Popen(command) for _ in range(workers)]  # noqa: S603 - our own command
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            _wait_or_kill(worker)


def _wait_or_kill(worker: "subprocess.Popen[bytes]") -> None:
    try:
        worker.wait(WORKER_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


@contextmanager
def stop_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and the service manager's TERM end the block's work in good order."""

    def handler(_number: int, _frame: FrameType | None) -> None:
        stop()

    handled = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, handler) for each in handled]
    try:
        yield
    finally:
        for each, previous in zip(handled, before, strict=True):
            signal.signal(each, previous)
