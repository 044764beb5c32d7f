"""What the service costs: ``python -m benchmarks.service``.

The page of a long briefing, reading under load, jobs through a kill, and the idle process. Each
figure stands beside its limit; the clients run on the same machine, so the rates are lower bounds.
"""

import http.client
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.measure import Figure
from summarizer.rendering.html import service_reading_page
from summarizer.sources.articles import Article
from summarizer.store import jobs
from summarizer.store.database import open_store
from summarizer.store.snapshots import save_articles
from tests.rendering.samples import large

RATE = 200
"""Requests a second that are sent."""

SECONDS = 10
CLIENTS = 2
JOBS = 50

TEXT = "A fire destroyed depot no. {n} in Bern on Monday evening, police said. Twelve were injured."


@contextmanager
def process(store: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The service as a user starts it, and where it answers."""
    command = [sys.executable, "-m", "summarizer", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        line = running.stderr.readline() if running.stderr else ""
        try:
            yield running, _found(r"(127\.0\.0\.1:\d+)", line)
        finally:
            running.kill()


def page(store: Path) -> tuple[str, list[Figure]]:
    """The long briefing is kept; its page's size, and the time to make it."""
    sample, texts = large()
    briefing = sample.model_copy(update={"id": sample.identity()})
    database = open_store(str(store))
    kept = {source.id: source for source in briefing.sources}
    articles = [
        Article(text, path=kept[name].path, url=kept[name].url) for name, text in texts.items()
    ]
    save_articles(database, articles, briefing.created)
    jobs.save_briefing(database, briefing, briefing.created)
    database.close()
    service_reading_page(briefing, texts)
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        said = service_reading_page(briefing, texts)
        times.append(time.perf_counter() - begun)
    return briefing.id, [
        Figure("page of 100 sentences and 40 sources", len(said.encode()) / 1000, "kB", 300),
        Figure("making that page, median of 10", statistics.median(times) * 1000, "ms", 50),
    ]


def ask(where: str, path: str, count: int, gap: float) -> list[float]:
    """Seconds of each request, sent every ``gap`` seconds on one kept connection; the wait for a
    late answer counts (no coordinated omission)."""
    connection = http.client.HTTPConnection(where)
    took = []
    begun = time.perf_counter()
    for n in range(count):
        due = begun + n * gap
        time.sleep(max(0.0, due - time.perf_counter()))
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        took.append(time.perf_counter() - due)
    return took


def load(where: str, path: str) -> Figure:
    """Reading at the rate, by clients in processes of their own; the page has been read before."""
    ask(where, path, 1, 0.0)
    gap = CLIENTS / RATE
    count = RATE * SECONDS // CLIENTS
    with ProcessPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(ask, where, path, count, gap) for _ in range(CLIENTS)]
        took = sorted(second for each in asked for second in each.result())
    ninety_nine = took[int(len(took) * 0.99)] * 1000
    return Figure(
        f"p99 of reading, {RATE} requests a second for {SECONDS} s", ninety_nine, "ms", 100
    )


def memory(running: "subprocess.Popen[str]") -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{running.pid}/status").read_text(encoding="utf-8")
    return int(_found(r"VmRSS:\s+(\d+) kB", status)) * 1024 / 1e6


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise RuntimeError(f"{pattern} does not stand in {text[:200]!r}")
    return found[1]


def killed(store: Path) -> Figure:
    """Jobs that were accepted, less those that ended after a kill and a new start."""
    with process(store) as (running, where), httpx.Client(base_url=f"http://{where}") as client:
        for n in range(JOBS):
            body = {"texts": [{"text": TEXT.format(n=n)}], "words": 60}
            client.post("/api/v1/briefings", json=body).raise_for_status()
        running.send_signal(signal.SIGKILL)
        running.wait()
    with process(store) as (_, where), httpx.Client(base_url=f"http://{where}") as client:
        end = time.monotonic() + 120
        while client.get("/api/v1/jobs").json()["jobs"] and time.monotonic() < end:
            time.sleep(0.2)
        done = len(client.get("/api/v1/jobs", params={"state": "done"}).json()["jobs"])
    return Figure(f"jobs of {JOBS} lost by SIGKILL and a new start", JOBS - done, "", 0)


def main() -> None:
    """Prints one row a figure."""
    with TemporaryDirectory() as folder:
        name, figures = page(Path(folder) / "read.db")
        with process(Path(folder) / "read.db") as (running, where):
            time.sleep(3)
            idle = memory(running)
            figures.append(load(where, f"/briefings/{name}"))
            figures.append(Figure("memory, idle", idle, "MB", 150))
        figures.append(killed(Path(folder) / "jobs.db"))
    for figure in figures:
        missed = "  MISSED" if figure.verdict == "over" else ""
        print(
            f"{figure.name:58} {figure.value:9.1f} {figure.unit:3} limit {figure.limit:g}{missed}"
        )


if __name__ == "__main__":
    main()
