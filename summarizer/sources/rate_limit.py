"""A fetch function that limits concurrent requests, spacing and retries for each host."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from threading import Lock, Semaphore
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import FetchError
from summarizer.sources.fetch import Page

MAX_REQUESTS_PER_HOST, MIN_REQUEST_INTERVAL_S = 2, 0.1
"""Concurrent requests to one host, and seconds between the starts of two requests."""

MAX_UNANSWERED = 3
"""Consecutive requests without a response after which a host gets no further request."""

_BUSY_STATUSES = (429, 503)
_BUSY_WAIT_S = 60.0
"""Pause after such a status, unless the response gives one."""
MAX_UNAVAILABLE = 2
"""Consecutive responses with status 503 and no pause after which a host gets one: a host may carry
feeds of many people, of which one fails."""


@dataclass(slots=True)
class _HostState:
    slots: Semaphore
    next_start: float = 0.0
    unanswered: int = 0
    unavailable: int = 0
    blocked_until: float = 0.0
    lock: Lock = field(default_factory=Lock)


class RateLimitedFetch:
    """A fetch function that spaces the requests to each host, and stops when a host asks for it.

    Raises what ``fetch`` raises, and FetchError for a request that is not sent.
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
        """The page of ``url``, after waiting for the turn of this request."""
        with self._lock:
            host = self._hosts[_host_name(url)]
        with host.slots:
            self._wait(host, url)
            try:
                page = self._fetch(url, **options)
            except FetchError as error:
                with host.lock:
                    host.unanswered = host.unanswered + 1 if error.status is None else 0
                    host.unavailable = host.unavailable + 1 if error.status == 503 else 0
                    alone = error.status == 503 and host.unavailable < MAX_UNAVAILABLE
                    if error.status in _BUSY_STATUSES and (error.retry_after or not alone):
                        wait = error.retry_after or _BUSY_WAIT_S
                        host.blocked_until = self._clock() + wait
                raise
            host.unanswered = host.unavailable = 0
            return page

    def _wait(self, host: _HostState, url: str) -> None:
        """Sleeps until the next request may start. Raises FetchError if none may."""
        with host.lock:
            now, name = self._clock(), _host_name(url)
            if host.blocked_until > now:
                seconds = f"{host.blocked_until - now:.0f} s"
                raise FetchError(f"was not requested: {name} asked for a pause of {seconds}")
            if host.unanswered >= MAX_UNANSWERED:
                times = f"{MAX_UNANSWERED} times in a row"
                raise FetchError(f"was not requested: {name} failed {times}")
            start = max(now, host.next_start)
            host.next_start = start + self._pause
        if start > now:
            self._sleep(start - now)


def interleave_hosts(urls: Sequence[str]) -> list[int]:
    """The positions of the URLs, in turn by host, so that no host holds up a pool of threads.

    >>> interleave_hosts(["http://a.example/1", "http://a.example/2", "http://b.example/"])
    [0, 2, 1]
    """
    by_host: dict[str, list[int]] = {}
    for index, url in enumerate(urls):
        by_host.setdefault(_host_name(url), []).append(index)
    return [index for index in chain(*zip_longest(*by_host.values())) if index is not None]


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
