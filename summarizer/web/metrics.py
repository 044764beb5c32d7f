"""The metrics of the service in Prometheus' text format (version 0.0.4)."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from summarizer import __version__
from summarizer.store.jobs import JobState
from summarizer.web.security import AsgiApp, AsgiMessage, AsgiReceive, AsgiScope, AsgiSend

__all__ = ["METRICS_MEDIA_TYPE", "RequestCounters", "RequestMetrics", "prometheus_text"]

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

RequestLabels = tuple[str, str, int]


class RequestCounters:
    """Requests of this process: how many, and how long they took together, by route."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number: Counter[RequestLabels] = Counter()
        self._seconds: Counter[RequestLabels] = Counter()

    def add(self, labels: RequestLabels, seconds: float) -> None:
        """One request more; ``labels``: method, route, status."""
        with self._lock:
            self._number[labels] += 1
            self._seconds[labels] += seconds  # type: ignore[assignment]  # a Counter adds floats too

    def snapshot(self) -> list[tuple[RequestLabels, int, float]]:
        """All of it as it is now."""
        with self._lock:
            return [(each, n, self._seconds[each]) for each, n in sorted(self._number.items())]


class RequestMetrics:
    """Counts every answer under the route that gave it; a path that leads nowhere is one route."""

    def __init__(self, app: AsgiApp, counters: RequestCounters) -> None:
        self.app = app
        self.counters = counters

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def seen(message: AsgiMessage) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            labels = (scope["method"], _route_path(scope), status)
            self.counters.add(labels, time.perf_counter() - begun)


def prometheus_text(counters: RequestCounters, jobs: Mapping[JobState, int], streams: int) -> str:
    """All figures as Prometheus reads them."""
    return "\n".join([*_metric_lines(counters, jobs, streams), ""])


def _metric_lines(
    counters: RequestCounters, jobs: Mapping[JobState, int], streams: int
) -> Iterator[str]:
    yield from _metric_header("summarizer_build_info", "gauge", "The version that answers.")
    yield f'summarizer_build_info{{version="{__version__}"}} 1'
    yield from _metric_header("summarizer_jobs", "gauge", "Jobs in the store by state.")
    for state in get_args(JobState):
        yield f'summarizer_jobs{{state="{state}"}} {jobs.get(state, 0)}'
    yield from _metric_header("summarizer_event_streams", "gauge", "Listeners of this process.")
    yield f"summarizer_event_streams {streams}"
    name = "summarizer_http_request_duration_seconds"
    yield from _metric_header(name, "summary", "Answers of this process.")
    for (method, route, status), number, seconds in counters.snapshot():
        labels = f'{{method="{method}",route="{route}",status="{status}"}}'
        yield f"{name}_count{labels} {number}"
        yield f"{name}_sum{labels} {seconds:.6f}"


def _metric_header(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _route_path(scope: AsgiScope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or "none")
