"""A briefing as a job: accepted, queued, watched, stopped, and found again after a restart."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summarizer.errors import FetchError, StoreError
from summarizer.jobs.engine import WorkflowEngine
from summarizer.jobs.queue import BRIEFING_QUEUE, BriefingRequest, JobQueue, briefing_workflow
from summarizer.models.config import ModelConfig
from summarizer.settings import Settings
from summarizer.sources.fetch import Page
from summarizer.store import jobs
from summarizer.store.database import Database, open_store
from tests.articles import seeds

ASKED = BriefingRequest(Settings(words=60))


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(str(tmp_path / "store.db"))
    yield opened
    opened.close()


@contextmanager
def desk(database: Database, **options: object) -> Iterator[tuple[JobQueue, WorkflowEngine]]:
    workflow = briefing_workflow(database, now, **options)  # type: ignore[arg-type]
    with WorkflowEngine(database, [workflow], [BRIEFING_QUEUE]) as engine:
        yield JobQueue(database, engine, now), engine


def states(database: Database, name: str) -> list[str]:
    return [e.data["state"] for e in jobs.job_events(database, name) if e.kind == "state"]


def test_a_job_becomes_a_briefing(database: Database) -> None:
    with desk(database) as (at, engine):
        job = at.submit(ASKED, seeds())
        engine.wait(job.id)
    done = jobs.find_job(database, job.id)
    assert done is not None
    assert (done.state, done.problem) == ("done", "")
    briefing = jobs.load_briefing(database, done.result)
    assert briefing is not None
    assert len(briefing.sources) == 5
    assert states(database, job.id) == ["queued", "running", "done"]
    numbers = [event.number for event in jobs.job_events(database, job.id)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [e.number for e in jobs.job_events(database, job.id, after=2)] == numbers[2:]
    assert [each.id for each in jobs.list_briefings(database, "briefing")] == [briefing.id]
    assert jobs.list_briefings(database, "nobody-says-this") == []


def test_one_key_is_one_job(database: Database) -> None:
    with desk(database) as (at, engine):
        first = at.submit(ASKED, seeds()[:1], "key", "f1")
        assert at.submit(ASKED, seeds()[:1], "key", "f1").id == first.id
        with pytest.raises(StoreError, match="used for another request"):
            at.submit(ASKED, seeds()[:2], "key", "f2")
        engine.wait(first.id)


def test_a_page_that_fails_is_told_and_the_rest_goes_on(database: Database) -> None:
    def fetch(url: str) -> Page:
        raise FetchError("answers 404", subject=url)

    with desk(database, fetch=fetch) as (at, engine):
        job = at.submit(BriefingRequest(Settings(words=60), urls=("https://e.org/x",)), seeds())
        engine.wait(job.id)
    problems = [e.data for e in jobs.job_events(database, job.id) if e.kind == "source"]
    assert problems == [{"source": "https://e.org/x", "problem": "answers 404"}]
    done = jobs.find_job(database, job.id)
    assert done is not None
    assert done.state == "done"


def test_nothing_to_tell_is_a_failed_job_in_one_line(database: Database) -> None:
    with desk(database) as (at, engine):
        job = at.submit(ASKED, [])
        engine.wait(job.id)
    done = jobs.find_job(database, job.id)
    assert done is not None
    assert done.state == "failed"
    assert "no article is left to read" in done.problem
    assert jobs.delete_job(database, job.id)
    assert jobs.job_events(database, job.id) == []


def test_a_running_job_can_be_stopped(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    @contextmanager
    def writer(_config: ModelConfig, _tell: object) -> Iterator[None]:
        begun.set()
        go_on.wait(20)
        yield None

    with desk(database, chain_opener=writer) as (at, engine):
        job = at.submit(ASKED, seeds())
        assert begun.wait(20)
        stopped = at.cancel(job.id)
        assert stopped is not None
        assert stopped.cancelling
        go_on.set()
        engine.wait(job.id)
    assert states(database, job.id) == ["queued", "running", "cancelled"]
    assert at.cancel("j-none") is None


def test_what_was_accepted_and_not_queued_is_queued_later(database: Database) -> None:
    lost = jobs.Job("j-lost", "brief", "queued", ASKED.pack(), now(), now())
    jobs.accept_job(database, lost, seeds()[:2])
    with desk(database) as (at, engine):
        assert at.settle() == 1
        engine.wait("j-lost")
        assert at.settle() == 0
    done = jobs.find_job(database, "j-lost")
    assert done is not None
    assert done.state == "done"
