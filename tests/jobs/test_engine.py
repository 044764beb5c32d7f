"""Durable workflows: each step once, whoever finishes what another process began."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from time import sleep

import pytest

from summarizer.errors import ModelUnavailable, StoreError, SummarizerError
from summarizer.jobs.engine import (
    JsonSerializer,
    StepRunner,
    Workflow,
    WorkflowEngine,
    WorkflowQueue,
    WorkItem,
)
from summarizer.store.database import Database, open_store
from tests import postgres

ROOT = Path(__file__).parent.parent.parent
HALVES = WorkflowQueue("halves", 2, concurrency_per_key=1)

DYING = """
import os, sys
from summarizer.store.database import open_store
from summarizer.jobs.engine import Workflow, WorkflowEngine
def body(steps, argument):
    steps.run("first", lambda: "one " + argument)
    os.kill(os.getpid(), 9)
with WorkflowEngine(open_store(sys.argv[1]), [Workflow("whole", body)]) as engine:
    engine.start("whole", "w-1", "begun")
    engine.wait("w-1")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "store.db")
        return
    with postgres.server() as address:
        yield address


@pytest.fixture
def database(store: str) -> Iterator[Database]:
    opened = open_store(store)
    yield opened
    opened.close()


def test_another_process_goes_on_behind_the_last_step(store: str, database: Database) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    died = subprocess.run(
        [sys.executable, "-c", DYING, store], env=environment, capture_output=True, check=False
    )
    assert died.returncode == -9, died.stderr.decode()
    ran: list[str] = []

    def step(name: str) -> str:
        ran.append(name)
        return name

    def body(steps: StepRunner, argument: str) -> str:
        first = steps.run("first", lambda: step("first"))
        second = steps.run("second", lambda: step("second"))
        return f"{first}, {second} of {argument}"

    with WorkflowEngine(database, [Workflow("whole", body)]) as engine:
        assert engine.adopt("other") == 0
        assert engine.adopt("w-") == 1
        assert engine.adopt("w-") == 0
        assert engine.wait("w-1") == "one begun, second of begun"
        assert engine.is_dead("nobody-1-abc")
        assert not engine.is_dead(engine.name)
    assert ran == ["second"]


def test_work_is_spread_and_comes_back_in_order(database: Database) -> None:
    half = Workflow("half", lambda steps, n: steps.run("half", lambda: str(int(n) // 2)), "halves")

    def body(steps: StepRunner, argument: str) -> str:
        parts = [WorkItem(str(n), f"key {n % 2}") for n in range(0, int(argument), 2)]
        return json.dumps(steps.run_parts(half, parts))

    with WorkflowEngine(database, [half, Workflow("whole", body)], [HALVES]) as engine:
        engine.start("whole", "w-1", "10")
        assert json.loads(engine.wait("w-1")) == ["0", "1", "2", "3", "4"]
        engine.start("whole", "w-1", "99")
        assert json.loads(engine.wait("w-1")) == ["0", "1", "2", "3", "4"], "one id runs once"
        assert engine.state("w-1") == "SUCCESS"
        assert engine.state("w-2") == ""


def test_an_engine_that_is_closed_leaves_what_waits_to_the_next(database: Database) -> None:
    half = Workflow("half", lambda steps, n: steps.run("half", lambda: n), "halves")
    ran: list[str] = []
    begun = Event()

    def slow() -> str:
        begun.set()
        sleep(0.3)
        ran.append("slow")
        return "slow"

    def body(steps: StepRunner, _argument: str) -> str:
        steps.run("slow", slow)
        return "".join(steps.run_parts(half, [WorkItem("1", "a"), WorkItem("2", "b")]))

    workflows = [half, Workflow("whole", body)]
    with WorkflowEngine(database, workflows, [HALVES], listen=[]) as engine:
        engine.start("whole", "w-1", "")
        assert begun.wait(10)
    assert ran == ["slow"], "the step under way ended before the engine was closed"
    with WorkflowEngine(database, workflows, [HALVES], listen=[]) as engine:
        assert engine.adopt("w-") == 1
        while engine.state("w-1/half/1") != "ENQUEUED":
            sleep(0.01)  # it waits for parts that nobody takes
    with WorkflowEngine(database, workflows, [HALVES]) as engine:
        assert engine.adopt("w-") == 1
        assert engine.wait("w-1") == "12"
    assert ran == ["slow"]
    assert not [thread for thread in enumerate_threads() if "ThreadPoolExecutor" in thread.name]


def test_a_failure_is_the_error_that_it_was(database: Database) -> None:
    def body(_steps: StepRunner, _argument: str) -> str:
        raise ModelUnavailable("does not answer", subject="a/b", hint="later")

    with WorkflowEngine(database, [Workflow("whole", body)]) as engine:
        engine.start("whole", "w-1", "")
        with pytest.raises(ModelUnavailable, match=r"a/b: does not answer \(later\)"):
            engine.wait("w-1")
    with WorkflowEngine(database, [Workflow("whole", body)]) as engine:
        with pytest.raises(ModelUnavailable, match="does not answer"):
            engine.wait("w-1")
        assert engine.state("w-1") == "ERROR"


def test_what_is_kept_is_json_and_runs_nothing() -> None:
    packing = JsonSerializer()
    kept = packing.serialize({"args": ["a"], "kwargs": {}})
    assert json.loads(kept) == packing.deserialize(kept) == {"args": ["a"], "kwargs": {}}
    back = packing.deserialize(packing.serialize(StoreError("is locked", subject="s")))
    assert (type(back), str(back)) == (StoreError, "s: is locked")
    foreign = packing.deserialize(packing.serialize(ValueError("bad")))
    assert (type(foreign), str(foreign)) == (SummarizerError, "ValueError: bad")
    with pytest.raises(TypeError, match="a set cannot be kept"):
        packing.serialize({1})


def test_nothing_is_said_to_the_terminal_and_nothing_pickled(
    database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    with WorkflowEngine(database, [Workflow("whole", lambda _, n: n)]) as engine:
        engine.start("whole", "w-1", "plain")
        assert engine.wait("w-1") == "plain"
    assert capfd.readouterr() == ("", "")
