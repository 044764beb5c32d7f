"""The real service on a loopback port, for as long as a test needs it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx

from summarizer.web.server import http_server, open_service
from summarizer.web.service import Service, ServiceConfig
from summarizer.writing.prompting import ChainOpener, open_chain
from tests.articles import SEEDS

__all__ = ["FIRE", "Served", "finished", "seeds", "served"]

FIRE = {
    "text": "A fire destroyed a railway depot in Bern on Monday evening, police said. Twelve "
    "people were injured, two of them seriously. The depot was built in 1967 by the railway "
    "company.",
    "title": "Fire in Bern",
    "publisher": "Example Post",
    "published": "2026-11-17",
}


class Served(NamedTuple):
    base: str
    service: Service
    client: httpx.Client

    def ask(self, **asked: object) -> str:
        """Asks for a briefing; the job's id."""
        answer = self.client.post("/api/v1/briefings", json={"texts": [FIRE], "words": 60} | asked)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def briefing(self, **asked: object) -> str:
        """Asks for a briefing and waits for it; its id."""
        job = finished(self.client, self.ask(**asked))
        assert job["state"] == "done", job["problem"]
        return str(job["briefing"])


@contextmanager
def served(
    folder: Path,
    serving: ServiceConfig | None = None,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    chain_opener: ChainOpener = open_chain,
) -> Iterator[Served]:
    """The service over a store in ``folder``."""
    with open_service(
        str(folder / "store.db"),
        serving or ServiceConfig(),
        clock=clock,
        chain_opener=chain_opener,
        poll=0.05,
    ) as service:
        server, listener = http_server(service), socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=base, timeout=20) as client:
                yield Served(base, service, client)
        finally:
            server.should_exit = True
            thread.join()
            listener.close()


def finished(client: httpx.Client, job: str, seconds: float = 20) -> dict[str, object]:
    """The job once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found: dict[str, object] = client.get(f"/api/v1/jobs/{job}").json()
        if found["state"] in ("done", "failed", "cancelled"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{job} has not ended")


def seeds() -> list[dict[str, str]]:
    """The five seeds as texts of a request."""
    files = sorted(Path(SEEDS).glob("*.txt"))
    return [{"text": each.read_text(encoding="utf-8"), "name": each.name} for each in files]
