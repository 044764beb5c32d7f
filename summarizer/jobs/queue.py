"""The queue of briefings to write: jobs are accepted, queued, watched, cancelled, never lost.

    accept     store.jobs     the job and its articles are stored before the request is answered
    fetch      [step]         pages named by URL become snapshots of the job
    write      [step]         the chain; each step and call is an event
    end                       done with the briefing's id, failed with one line, or cancelled

`JobQueue.settle` queues a job that was accepted but never queued because its process died, and
ends a job whose workflow broke.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from summarizer.errors import SourceError, SummarizerError
from summarizer.jobs.engine import (
    ACTIVE_STATES,
    StepRunner,
    Workflow,
    WorkflowEngine,
    WorkflowQueue,
    WorkItem,
)
from summarizer.models.config import ModelConfig
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.store import jobs
from summarizer.store.database import Database
from summarizer.writing.prompting import ChainOpener, open_chain

if TYPE_CHECKING:
    from summarizer.models.middleware import ModelCall
    from summarizer.sources.files import FetchPage

T = TypeVar("T")

BRIEFING_QUEUE = WorkflowQueue("briefs", 2)
"""Where jobs wait, and how many one process writes at a time."""

CANCEL_CHECK_SECONDS = 1.0
"""Seconds between two checks for a cancellation."""

Clock = Callable[[], datetime]


class Cancelled(SummarizerError):
    """The job was cancelled."""


@dataclass(frozen=True, slots=True)
class BriefingRequest:
    """How to make a briefing of a job's articles, and the pages to add to them; of a feed, OPML
    file or sitemap the newest ``most``."""

    settings: Settings = field(default_factory=Settings)
    model: ModelConfig = field(default_factory=ModelConfig)
    urls: tuple[str, ...] = ()
    allow_private: bool = False
    most: int = 20

    def pack(self) -> str:
        """The JSON that the job stores."""
        packed = {
            "settings": asdict(self.settings),
            "model": self.model.pack(),
            "urls": self.urls,
            "allow_private": self.allow_private,
            "most": self.most,
        }
        return json.dumps(packed, default=str)

    @classmethod
    def unpack(cls, packed: str) -> "BriefingRequest":
        """The inverse of `pack`; also reads what version 0.1 stored."""
        fields = json.loads(packed)
        settings = fields["settings"]
        since = settings["since"] and date.fromisoformat(settings["since"])
        nli = Path(settings["nli"]) if settings.get("nli") else None
        return cls(
            Settings(**settings | {"since": since, "nli": nli}),
            ModelConfig.unpack(fields["model"] if "model" in fields else fields["wanted"]),
            tuple(fields["urls"]),
            fields["allow_private"],
            fields.get("most", 20),
        )


class JobQueue:
    """Accepts and cancels jobs. The engine must know `briefing_workflow` and BRIEFING_QUEUE."""

    def __init__(self, database: Database, engine: WorkflowEngine, clock: Clock) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock

    def submit(
        self,
        request: BriefingRequest,
        articles: Sequence[Article],
        key: str = "",
        fingerprint: str = "",
    ) -> jobs.Job:
        """The job, stored and queued; for a ``key`` used before, the earlier job.

        Raises StoreError when the key was used with another ``fingerprint``.
        """
        now = self._clock()
        new = jobs.Job(f"j-{uuid4().hex[:12]}", "brief", "queued", request.pack(), now, now)
        accepted = jobs.accept_job(self._database, new, articles, key, fingerprint)
        if accepted.id == new.id:
            self._add_state_event(new.id, state="queued")
        self._queue(accepted)
        return accepted

    def cancel(self, name: str) -> jobs.Job | None:
        """The job, cancelled if it waits, and asked to stop if it runs; None if there is none."""
        before = jobs.find_job(self._database, name)
        after = jobs.request_cancellation(self._database, name, self._clock())
        if before and after and before.state == "queued" and after.state == "cancelled":
            self._add_state_event(name, state="cancelled")
            self._engine.cancel(name)
        return after

    def settle(self) -> int:
        """The number of jobs queued or adopted: those accepted and never queued, and those that
        dead processes left. Ends the jobs whose workflow broke. To be called regularly."""
        taken = self._engine.adopt("j-")
        for job in jobs.jobs_in_states(self._database, "queued", "running"):
            state = self._engine.state(job.id)
            if not state:
                self._queue(job)
                taken += 1
            elif state not in ACTIVE_STATES:
                now, problem = self._clock(), "it ended unexpectedly"
                if jobs.set_job_state(self._database, job.id, "failed", now, problem=problem):
                    self._add_state_event(job.id, state="failed", problem=problem)
        return taken

    def _queue(self, job: jobs.Job) -> None:
        if job.state not in jobs.ENDED_STATES:
            self._engine.enqueue(BRIEFING_QUEUE.name, "brief", job.id, WorkItem(job.id))

    def _add_state_event(self, name: str, **data: str) -> None:
        jobs.add_job_event(self._database, name, "state", data, self._clock())


def briefing_workflow(
    database: Database,
    clock: Clock,
    *,
    chain_opener: ChainOpener = open_chain,
    fetch: "FetchPage | None" = None,
) -> Workflow:
    """The workflow of one job, which its argument names. ``fetch`` is for tests."""

    def body(steps: StepRunner, name: str) -> str:
        watch = _JobProgress(database, name, clock)
        try:
            steps.run("begin", watch.begin)
            unreadable = steps.run(
                "fetch", partial(_fetch_pages, database, name, clock, watch, fetch)
            )
            made = steps.run(
                "write", partial(_write_briefing, database, name, unreadable, watch, chain_opener)
            )
        except Cancelled:
            watch.end("cancelled")
        except SummarizerError as error:
            watch.end("failed", problem=str(error))
        else:
            watch.end("done", result=made)
        return name

    return Workflow("brief", body, BRIEFING_QUEUE.name)


class _JobProgress:
    """Stores a job's events, and raises Cancelled after a cancellation."""

    def __init__(self, database: Database, name: str, clock: Clock) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._looked: datetime | None = None

    def begin(self) -> str:
        """Running from now on. Raises Cancelled."""
        self._stop_if_asked()
        jobs.set_job_state(self._database, self._name, "running", self._clock())
        self.add_event("state", state="running")
        return ""

    def end(self, state: jobs.JobState, *, result: str = "", problem: str = "") -> None:
        """Stores how the job ended, once."""
        now = self._clock()
        if jobs.set_job_state(
            self._database, self._name, state, now, result=result, problem=problem
        ):
            event = {"state": state, "result": result, "problem": problem}
            self.add_event("state", **{key: value for key, value in event.items() if value})

    def add_event(self, kind: str, **data: object) -> None:
        """Stores one event."""
        jobs.add_job_event(self._database, self._name, kind, data, self._clock())

    def track(self, step: str, items: Sequence[T], /) -> Iterable[T]:
        """The items, with an event for the step they belong to. Raises Cancelled."""
        self.add_event("step", step=step, items=len(items))

        def watched() -> Iterator[T]:
            for item in items:
                self.raise_if_cancelled()
                yield item

        return watched()

    def on_call(self, call: "ModelCall") -> None:
        """Stores a call of a model, with the totals so far. Raises Cancelled."""
        usage = call.usage
        self.add_event(
            "call",
            step=call.step,
            model=call.model,
            calls=usage.calls,
            cached=usage.cached,
            cost_usd=round(usage.cost_usd, 6),
            unpriced=usage.unpriced,
            failure=call.failure,
        )
        self.raise_if_cancelled()

    def raise_if_cancelled(self) -> None:
        """Raises Cancelled after a cancellation; checks at most once in CANCEL_CHECK_SECONDS."""
        now = self._clock()
        if self._looked is None or (now - self._looked).total_seconds() >= CANCEL_CHECK_SECONDS:
            self._looked = now
            self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        job = jobs.find_job(self._database, self._name)
        if job is None or job.cancelling or job.state == "cancelled":
            raise Cancelled("was cancelled", subject=self._name)


def _require_job(database: Database, name: str) -> jobs.Job:
    job = jobs.find_job(database, name)
    if job is None:
        raise Cancelled("was deleted", subject=name)
    return job


def _fetch_pages(
    database: Database, name: str, clock: Clock, watch: _JobProgress, fetch: "FetchPage | None"
) -> str:
    """Fetches the job's pages into it; returns the failures as JSON."""
    from summarizer.sources.fetch import fetch as usual
    from summarizer.sources.files import read_page
    from summarizer.sources.subscriptions import read_listed

    request = BriefingRequest.unpack(_require_job(database, name).request)
    if not request.urls:
        return "[]"
    fetch_page = fetch or partial(usual, allow_private=request.allow_private)
    read_list = partial(
        read_listed, now=clock(), most=request.most, allow_private=request.allow_private
    )
    failed: list[tuple[str, str]] = []
    for url in watch.track("Fetching pages", request.urls):
        for outcome in read_page(url, fetch_page, read_list):
            if isinstance(outcome, SourceError):
                failed.append((outcome.subject, outcome.message))
                watch.add_event("source", source=outcome.subject, problem=outcome.message)
            else:
                jobs.add_job_source(database, name, outcome, clock())
    return json.dumps(failed)


def _write_briefing(
    database: Database, name: str, unreadable: str, watch: _JobProgress, chain_opener: ChainOpener
) -> str:
    """Writes and stores the briefing; returns its id."""
    from summarizer.api import write_briefing

    job = _require_job(database, name)
    request = BriefingRequest.unpack(job.request)
    errors = [SourceError(what, subject=where) for where, what in json.loads(unreadable)]
    with chain_opener(request.model, watch.on_call) as chain:
        briefing = write_briefing(
            jobs.job_sources(database, name),
            request.settings,
            chain,
            now=job.created,
            unreadable=errors,
            track=watch.track,
        )
    jobs.save_briefing(database, briefing, briefing.created)
    return briefing.id
