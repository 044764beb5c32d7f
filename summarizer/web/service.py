"""The configuration of one service, and the state that its parts share."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from summarizer.models.config import ModelConfig
from summarizer.store.database import Database
from summarizer.web.metrics import RequestCounters
from summarizer.web.problems import Problem
from summarizer.web.tokens import FailedSignIns, Tokens

if TYPE_CHECKING:
    from summarizer.jobs.queue import JobQueue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """``hosts``: host names that are accepted; all if there are none. ``nli``: path of the model
    that reads what the rules of the checks leave open. ``mcp``: whether /mcp answers assistants.

    ``max_queued``: jobs that may wait; ``at_once``: jobs that this process runs at a time;
    ``max_streams``: event streams of this process.
    """

    model: ModelConfig = field(default_factory=ModelConfig)
    nli: Path | None = None
    tokens: Tokens = field(default_factory=Tokens)
    hosts: frozenset[str] = frozenset()
    allow_private: bool = False
    mcp: bool = False
    max_body_bytes: int = 10_000_000
    max_queued: int = 100
    at_once: int = 2
    max_streams: int = 64


class RecentCache(Generic[T]):
    """What was derived from the most recently used briefings, by id; a briefing never changes."""

    def __init__(self, max_entries: int) -> None:
        self._max_entries = max_entries
        self._lock = threading.Lock()
        self._values: OrderedDict[str, T] = OrderedDict()

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """The value under that name, made now if there is none."""
        with self._lock:
            cached = self._values.pop(name, None)
        value = make() if cached is None else cached
        with self._lock:
            self._values[name] = value
            while len(self._values) > self._max_entries:
                self._values.popitem(last=False)
        return value


class ConcurrencyLimit:
    """Slots for one kind of work. ``open``: those in use; ``is_stopping``: whether the process is
    about to stop."""

    def __init__(self, slots: int, kind: str, work: str) -> None:
        """``kind``: of the problem when all slots are in use; ``work``: named in its detail."""
        self.slots = slots
        self.open = 0
        self.is_stopping: Callable[[], bool] = lambda: False
        self._kind = kind
        self._work = work
        self._lock = threading.Lock()

    def raise_if_full(self) -> None:
        """Raises Problem when all slots are in use."""
        if self.open >= self.slots:
            detail = f"this process serves at most {self.slots} {self._work}; try again later"
            headers = {"Retry-After": "5"}
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, self._kind, detail, headers=headers)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Uses a slot during the block."""
        with self._lock:
            self.open += 1
        try:
            yield
        finally:
            with self._lock:
                self.open -= 1


def stream_limit(slots: int) -> ConcurrencyLimit:
    """Slots for event streams."""
    return ConcurrencyLimit(slots, "too-many-streams", "event streams")


@dataclass(frozen=True, slots=True)
class Service:
    """All that an endpoint needs."""

    config: ServiceConfig
    database: Database
    queue: "JobQueue"
    clock: Callable[[], datetime]
    counters: RequestCounters = field(default_factory=RequestCounters)
    stream_limit: ConcurrencyLimit = field(
        default_factory=lambda: stream_limit(ServiceConfig().max_streams)
    )
    check_limit: ConcurrencyLimit = field(
        default_factory=lambda: ConcurrencyLimit(2, "too-many-checks", "checks")
    )
    failed_sign_ins: FailedSignIns = field(default_factory=FailedSignIns)
    page_cache: RecentCache[bytes] = field(default_factory=lambda: RecentCache(64))
    glance_cache: RecentCache[str] = field(default_factory=lambda: RecentCache(2000))
