"""Several services over one PostgreSQL: one desk, whoever takes the request; and its outage."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import postgres
from tests.web.served import FIRE, finished
from tests.web.test_restart import process


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.server() as found:
        yield found


def ask(client: httpx.Client, n: int) -> str:
    body = {"texts": [FIRE | {"title": f"Fire no. {n}"}], "words": 60}
    answer = client.post("/api/v1/briefings", json=body, headers={"Idempotency-Key": f"k{n}"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def test_two_services_are_one_and_one_may_die(address: str) -> None:
    with process(address) as (first, one), process(address) as (_, other):
        job = ask(one, 0)
        assert ask(other, 0) == job
        told = other.get(f"/api/v1/jobs/{job}/events").text
        assert '"state":"done"' in told
        assert told == one.get(f"/api/v1/jobs/{job}/events").text
        briefing = finished(other, job)["briefing"]
        assert one.get(f"/briefings/{briefing}").text == other.get(f"/briefings/{briefing}").text
        asked = [ask(one, n) for n in range(1, 9)]
        first.send_signal(signal.SIGKILL)
        first.wait()
        ended = [finished(other, each, 60) for each in asked]
    assert {each["state"] for each in ended} == {"done"}
    assert len({each["briefing"] for each in ended}) == len(asked)


def control(address: str, *command: str) -> None:
    """Starts or stops the server behind ``address``."""
    home = Path(address.partition("host=")[2])
    user = {"user": home.owner(), "extra_groups": []} if os.geteuid() == 0 else {}
    options = f"-k {home} -c listen_addresses= -c fsync=off"
    called = [postgres.folder() / "pg_ctl", "-D", home / "data", "-w", "-o", options, *command]
    subprocess.run(called, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]


def test_a_store_that_is_away_is_said_and_waited_for(address: str) -> None:
    with process(address) as (running, client):
        job = ask(client, 100)
        control(address, "stop", "-m", "immediate")
        try:
            for path in ("/api/v1/health", f"/api/v1/jobs/{job}", "/"):
                away = client.get(path)
                assert away.status_code == 503, away.text
                assert "host=" not in away.text
            assert away.headers["retry-after"]
        finally:
            control(address, "start", "-l", "/dev/null")
        end = time.monotonic() + 20
        while client.get("/api/v1/health").status_code != 200 and time.monotonic() < end:
            time.sleep(0.1)
        assert finished(client, job, 60)["state"] == "done"
        assert finished(client, ask(client, 101), 60)["state"] == "done"
        running.kill()
        assert running.stderr is not None
        assert "Traceback" not in running.stderr.read()
