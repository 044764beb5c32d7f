"""What one command costs: time and peak memory, as the kernel accounts them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Cost", "Figure", "cost", "median"]

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of ``ru_maxrss``."""

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""As a user has it: byte code is kept from the first run on."""


class Figure(NamedTuple):
    """One measured value; ``limit`` is the most it may be."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def verdict(self) -> str:
        """``ok``, ``over``, or nothing where there is no limit."""
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "over"


class Cost(NamedTuple):
    """``wall`` and ``processor`` time in seconds, ``peak`` resident memory in MB (10**6 bytes)."""

    wall: float
    processor: float
    peak: float


def cost(command: Sequence[str | Path], cwd: Path) -> Cost:
    """One run, its output thrown away. Raises RuntimeError with its last words when it fails.

    A child's peak begins with its parent's size: whoever measures must stay small itself.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        said = child.stderr.read() if child.stderr else ""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if child.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))}: exit {child.returncode}\n{said[-2000:]}"
        )
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1e6)


def median(command: Sequence[str | Path], cwd: Path, runs: int = 5) -> Cost:
    """The medians of ``runs`` runs, after one that compiles and warms the disk's cache."""
    cost(command, cwd)
    spent = zip(*(cost(command, cwd) for _ in range(runs)), strict=True)
    return Cost(*map(statistics.median, spent))
