"""Listening to a job: live, resumed, abandoned, cancelled."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from summarizer.models.config import ModelConfig
from summarizer.models.middleware import OnCall, WatchedModel
from summarizer.models.protocol import CompletionRequest
from summarizer.models.replay import ScriptedModel
from summarizer.web.service import ServiceConfig
from summarizer.writing.prompting import Chain, load_step_prompts
from tests.chain.authors import answering, plain
from tests.web.served import FIRE, Served, finished, served


class Gate:
    """A writer whose model answers only while the gate is open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.asked = threading.Event()

    @contextmanager
    def chain_opener(self, config: ModelConfig, tell: OnCall) -> Iterator[Chain | None]:
        def answer(request: CompletionRequest) -> str:
            self.asked.set()
            assert self.open.wait(20)
            return answering(plain)(request)

        model = WatchedModel(ScriptedModel(answer), tell)
        yield Chain(model=model, name=config.model or "test/model", prompts=load_step_prompts())


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def slow(tmp_path: Path, gate: Gate) -> Iterator[Served]:
    serving = ServiceConfig(max_streams=2, max_queued=2, at_once=1)
    with served(tmp_path, serving, chain_opener=gate.chain_opener) as running:
        yield running
        gate.open.set()


def heard(answer: httpx.Response) -> list[tuple[int, str, dict[str, object]]]:
    events = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            item = json.loads(lines["data"])
            assert (str(item["number"]), item["kind"]) == (lines["id"], lines["event"])
            events.append((item["number"], item["kind"], item["data"]))
    return events


def test_steps_calls_and_the_end_are_told_in_order(slow: Served, gate: Gate) -> None:
    gate.open.set()
    events = heard(slow.client.get(f"/api/v1/jobs/{slow.ask()}/events"))
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    states = [data["state"] for _, kind, data in events if kind == "state"]
    assert states == ["queued", "running", "done"]
    calls = [int(str(data["calls"])) for _, kind, data in events if kind == "call"]
    assert calls == [1]
    assert "Tracing origins" in [data["step"] for _, kind, data in events if kind == "step"]


def test_a_listener_that_comes_back_goes_on_where_it_was(slow: Served, gate: Gate) -> None:
    gate.open.set()
    job = slow.ask()
    address = f"/api/v1/jobs/{job}/events"
    whole = heard(slow.client.get(address))
    rest = heard(slow.client.get(address, headers={"Last-Event-ID": "3"}))
    assert rest == whole[3:]
    over = slow.client.get(address, headers={"Last-Event-ID": str(len(whole))})
    assert (over.status_code, over.content) == (204, b"")


def test_listeners_are_counted_and_one_that_leaves_makes_room(slow: Served, gate: Gate) -> None:
    address = f"/api/v1/jobs/{slow.ask()}/events"
    with slow.client.stream("GET", address) as first, slow.client.stream("GET", address) as second:
        assert (first.status_code, second.status_code) == (200, 200)
        reading = [first.iter_lines(), second.iter_lines()]
        assert all(next(lines) for lines in reading)
        refused = slow.client.get(address)
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
    end = time.monotonic() + 5
    while slow.service.stream_limit.open and time.monotonic() < end:
        time.sleep(0.05)
    assert slow.service.stream_limit.open == 0
    gate.open.set()
    assert heard(slow.client.get(address))[-1][2]["state"] == "done"


def test_a_running_job_is_cancelled(slow: Served, gate: Gate) -> None:
    job = slow.ask()
    assert gate.asked.wait(10)
    told = slow.client.post(f"/api/v1/jobs/{job}/cancel")
    assert (told.status_code, told.json()["cancelling"]) == (202, True)
    assert slow.client.delete(f"/api/v1/jobs/{job}").status_code == 409
    time.sleep(1.1)
    gate.open.set()
    assert finished(slow.client, job)["state"] == "cancelled"


def test_a_full_queue_is_told_with_a_time(slow: Served, gate: Gate) -> None:
    first = slow.ask()
    assert gate.asked.wait(10)
    assert slow.client.get(f"/api/v1/jobs/{first}").json()["state"] == "running"
    waiting = [slow.ask(title=f"no. {n}") for n in range(2)]
    refused = slow.client.post("/api/v1/briefings", json={"texts": [{"text": "More."}]})
    assert refused.status_code == 429
    assert refused.json()["type"].endswith("queue-full")
    assert int(refused.headers["retry-after"]) > 0
    cancelled = slow.client.post(f"/api/v1/jobs/{waiting[0]}/cancel").json()
    assert cancelled["state"] == "cancelled"
    gate.open.set()
    assert finished(slow.client, waiting[1])["state"] == "done"


def test_a_strict_briefing_prints_nothing_unverified(tmp_path: Path) -> None:
    first = "A fire destroyed a railway depot in Bern on Monday evening"

    @contextmanager
    def opener(config: ModelConfig, tell: OnCall) -> Iterator[Chain | None]:
        def answer(request: CompletionRequest) -> str:
            moved = "On Monday evening, a fire destroyed a railway depot in Bern"
            return answering(plain)(request).replace(first, moved)

        model = WatchedModel(ScriptedModel(answer), tell)
        yield Chain(model=model, name=config.model, prompts=load_step_prompts())

    serving = ServiceConfig(model=ModelConfig(model="test/model", judge_model="none"))
    with served(tmp_path, serving, chain_opener=opener) as running:
        form = {"text": [FIRE["text"]], "words": "80", "strict": "true"}
        sent = running.client.post("/new", data=form)
        job = finished(running.client, sent.headers["location"].rpartition("/")[2])
        verdicts = []
        for briefing in (running.briefing(), running.briefing(strict=True), job["briefing"]):
            story = running.client.get(f"/api/v1/briefings/{briefing}").json()["stories"][0]
            verdicts.append({each["verdict"] for each in story["sentences"]})
    assert "unverified" in verdicts[0]
    assert verdicts[1:] == [{"supported"}, {"supported"}]
