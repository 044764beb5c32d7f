"""The process behind the service: killed with work under way, started again, and how it fails."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.web.served import FIRE, finished


@contextmanager
def process(store: Path | str, *more: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    command = [sys.executable, "-m", "summarizer", "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen([*command, *more], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            line = running.stderr.readline()
            address = re.search(r"http://\S+/", line)
            assert address, line
            with httpx.Client(base_url=address[0], timeout=20) as client:
                yield running, client
        finally:
            running.kill()


def test_no_job_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with process(store) as (running, client):
        asked = []
        for n in range(12):
            text = FIRE | {"title": f"Fire no. {n}"}
            answer = client.post("/api/v1/briefings", json={"texts": [text], "words": 60})
            assert answer.status_code == 202, answer.text
            asked.append(answer.json()["id"])
        running.send_signal(signal.SIGKILL)
        running.wait()
    with process(store) as (_, client):
        ended = [finished(client, job, 60) for job in asked]
        listed = client.get("/api/v1/briefings").json()["briefings"]
    assert {job["state"] for job in ended} == {"done"}
    assert len({job["briefing"] for job in ended}) == len(listed) == 12


def test_ctrl_c_ends_it_while_a_job_is_written_and_watched(tmp_path: Path) -> None:
    long = " ".join(f"The council of Bern voted for bridge no. {n}, it said." for n in range(9999))
    with process(tmp_path / "store.db") as (running, client):
        asked = client.post("/api/v1/briefings", json={"texts": [{"text": long}]}).json()
        with client.stream("GET", asked["links"]["events"]) as watched:
            lines = watched.iter_lines()
            assert any('"running"' in line for line in lines)
            begun = time.monotonic()
            running.send_signal(signal.SIGINT)
            assert '"done"' not in "".join(lines)
        assert running.wait(20) == 130
        assert time.monotonic() - begun < 10
        assert running.stderr is not None
        assert running.stderr.read().startswith("summarizer: stopped; ")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "summarizer", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = run("--port", port, "--store", str(tmp_path / "store.db"))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"summarizer: 127.0.0.1:{port}: cannot listen: ")
    assert refused.stderr.count("\n") == 1


def test_a_store_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(os.urandom(4096))
    refused = run("--port", "0", "--store", str(tmp_path / "store.db"))
    assert refused.returncode in (1, 2)
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr
