"""The metrics of the service in Prometheus' text format (version 0.0.4)."""

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from summarizer import __version__
from summarizer.store.jobs import JobState
from summarizer.web.security import (
    AsgiApp,
    AsgiLayer,
    AsgiMessage,
    AsgiReceive,
    AsgiScope,
    AsgiSend,
)

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

RequestLabels = tuple[str, str, int]


class RequestCounters:
    """The number and the total duration of this process's requests, by route."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number: Counter[RequestLabels] = Counter()
        self._seconds: Counter[RequestLabels] = Counter()

    def add(self, labels: RequestLabels, seconds: float) -> None:
        """Counts a request; ``labels``: method, route, status."""
        with self._lock:
            self._number[labels] += 1
            self._seconds[labels] += seconds  # type: ignore[assignment]  # a Counter adds floats too

    def snapshot(self) -> list[tuple[RequestLabels, int, float]]:
        """Labels, number and seconds of all, sorted by labels."""
        with self._lock:
            return [(each, n, self._seconds[each]) for each, n in sorted(self._number.items())]


class RequestMetrics(AsgiLayer):
    """Counts every response under its route; all paths without a route are one."""

    def __init__(self, app: AsgiApp, counters: RequestCounters) -> None:
        super().__init__(app)
        self.counters = counters

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def send_and_watch(message: AsgiMessage) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_watch)
        finally:
            route: Any = scope.get("route")
            path = str(getattr(route, "path", "") or "none")
            self.counters.add((scope["method"], path, status), time.perf_counter() - begun)


def prometheus_text(counters: RequestCounters, jobs: Mapping[JobState, int], streams: int) -> str:
    """All metrics in Prometheus' text format."""
    jobs_by_state = [(f'{{state="{state}"}}', jobs.get(state, 0)) for state in get_args(JobState)]
    durations: list[tuple[str, int | str]] = []
    for (method, route, status), number, seconds in counters.snapshot():
        labels = f'{{method="{method}",route="{route}",status="{status}"}}'
        durations += [(f"_count{labels}", number), (f"_sum{labels}", f"{seconds:.6f}")]
    build = [(f'{{version="{__version__}"}}', 1)]
    metrics: list[tuple[str, str, str, Sequence[tuple[str, int | str]]]] = [
        ("build_info", "gauge", "The version of this process.", build),
        ("jobs", "gauge", "Jobs in the store by state.", jobs_by_state),
        ("event_streams", "gauge", "Listeners of this process.", [("", streams)]),
        ("http_request_duration_seconds", "summary", "Responses of this process.", durations),
    ]
    lines = []
    for name, kind, description, samples in metrics:
        lines += [f"# HELP summarizer_{name} {description}", f"# TYPE summarizer_{name} {kind}"]
        lines += [f"summarizer_{name}{suffix} {value}" for suffix, value in samples]
    return "\n".join([*lines, ""])
