"""The configuration of one service, and the state that its parts share."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, TypeVar

from summarizer.models.config import ModelConfig
from summarizer.store.database import Database
from summarizer.web.metrics import RequestCounters
from summarizer.web.problems import Problem
from summarizer.web.tokens import Tokens

if TYPE_CHECKING:
    from summarizer.jobs.queue import JobQueue

__all__ = ["ConcurrencyLimit", "RecentCache", "Service", "ServiceConfig", "stream_limit"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """``hosts``: names that are answered, all without any. Sizes in bytes.

    ``max_queued``: jobs that may wait; ``at_once``: jobs that this process writes at a time;
    ``max_streams``: listeners to events of this process.
    """

    model: ModelConfig = field(default_factory=ModelConfig)
    tokens: Tokens = field(default_factory=Tokens)
    hosts: frozenset[str] = frozenset()
    allow_private: bool = False
    max_body_bytes: int = 10_000_000
    max_queued: int = 100
    at_once: int = 2
    max_streams: int = 64


class RecentCache(Generic[T]):
    """What was made last of briefings, by id; a briefing never changes under its id."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[str, T] = OrderedDict()

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """What is held under that name, or is made now."""
        with self._lock:
            held = self._held.pop(name, None)
        found = make() if held is None else held
        with self._lock:
            self._held[name] = found
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return found


class ConcurrencyLimit:
    """How many do one thing at the moment. ``is_stopping``: whether the process is about to
    stop."""

    def __init__(self, most: int, kind: str, doing: str) -> None:
        """``kind`` of the problem when all places are taken; ``doing`` stands in its line."""
        self.most = most
        self.open = 0
        self.is_stopping: Callable[[], bool] = lambda: False
        self._kind = kind
        self._doing = doing
        self._lock = threading.Lock()

    def raise_if_full(self) -> None:
        """Raises Problem when all places are taken."""
        if self.open >= self.most:
            detail = f"{self.most} {self._doing} are enough for one process"
            headers = {"Retry-After": "5"}
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, self._kind, detail, headers=headers)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One place, for as long as the block lasts."""
        with self._lock:
            self.open += 1
        try:
            yield
        finally:
            with self._lock:
                self.open -= 1


def stream_limit(most: int) -> ConcurrencyLimit:
    """Places to listen to events."""
    return ConcurrencyLimit(most, "too-many-streams", "listeners")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that an endpoint works with."""

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
    page_cache: RecentCache[bytes] = field(default_factory=lambda: RecentCache(64))
    glance_cache: RecentCache[str] = field(default_factory=lambda: RecentCache(2000))
