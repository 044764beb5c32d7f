"""Further processes beside this one, and signals that end both."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

__all__ = ["beside", "on_signals"]

GRACE = 10.0
"""Seconds that a worker has to end by itself; whatever it leaves under way is adopted."""


@contextmanager
def beside(workers: int, files: Sequence[Path], store: str) -> Iterator[None]:
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
            _end(worker)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    try:
        worker.wait(GRACE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and the service manager's TERM end the block's work in good order."""

    def hear(_number: int, _frame: FrameType | None) -> None:
        stop()

    asked = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, hear) for each in asked]
    try:
        yield
    finally:
        for each, handler in zip(asked, before, strict=True):
            signal.signal(each, handler)
