"""A fetch function that limits concurrent requests, spacing and retries for each host."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from threading import Lock, Semaphore
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import FetchError
from summarizer.sources.fetch import Page

__all__ = ["RateLimitedFetch", "interleave_hosts"]

MAX_REQUESTS_PER_HOST, MIN_REQUEST_INTERVAL_S = 2, 0.1
"""Requests under way to one host, and seconds between two beginnings."""

MAX_UNANSWERED = 3
"""Requests in a row that a host may leave unanswered before it is not asked any more."""

_BUSY_STATUSES = (429, 503)


@dataclass(slots=True)
class _HostState:
    gate: Semaphore
    next: float = 0.0
    unanswered: int = 0
    away_until: float = 0.0
    lock: Lock = field(default_factory=Lock)


class RateLimitedFetch:
    """A fetch that waits its turn at each host, and leaves alone one that asks for it.

    Raises what ``fetch`` raises, and FetchError for a request that was not made.
    """

    def __init__(
        self,
        fetch: Callable[..., Page],
        *,
        at_once: int = MAX_REQUESTS_PER_HOST,
        pause: float = MIN_REQUEST_INTERVAL_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._fetch, self._pause, self._clock, self._sleep = fetch, pause, clock, sleep
        self._hosts: defaultdict[str, _HostState] = defaultdict(
            lambda: _HostState(Semaphore(at_once))
        )
        self._lock = Lock()

    def __call__(self, url: str, **options: Any) -> Page:
        """The page, when it is this request's turn."""
        with self._lock:
            host = self._hosts[_host_name(url)]
        with self._turn(host, url):
            return self._fetch(url, **options)

    @contextmanager
    def _turn(self, host: _HostState, url: str) -> Iterator[None]:
        with host.gate:
            self._wait(host, url)
            try:
                yield
            except FetchError as error:
                self._note(host, error)
                raise
            host.unanswered = 0

    def _wait(self, host: _HostState, url: str) -> None:
        with host.lock:
            now = self._clock()
            if host.away_until > now:
                left = f"{host.away_until - now:.0f} s"
                raise FetchError(f"was not asked: {_host_name(url)} wants no request for {left}")
            if host.unanswered >= MAX_UNANSWERED:
                raise FetchError(
                    f"was not asked: {_host_name(url)} failed {MAX_UNANSWERED} times in a row"
                )
            start = max(now, host.next)
            host.next = start + self._pause
        if start > now:
            self._sleep(start - now)

    def _note(self, host: _HostState, error: FetchError) -> None:
        with host.lock:
            host.unanswered = host.unanswered + 1 if error.status is None else 0
            if error.status in _BUSY_STATUSES:
                host.away_until = self._clock() + (error.retry_after or 60.0)


def interleave_hosts(urls: Sequence[str]) -> list[int]:
    """Their places in turn by host, so that no host holds up a pool of threads.

    >>> interleave_hosts(["http://a.example/1", "http://a.example/2", "http://b.example/"])
    [0, 2, 1]
    """
    by_host: dict[str, list[int]] = {}
    for at, url in enumerate(urls):
        by_host.setdefault(_host_name(url), []).append(at)
    return [at for at in chain(*zip_longest(*by_host.values())) if at is not None]


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
