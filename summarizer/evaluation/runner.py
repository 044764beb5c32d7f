"""Runs cases concurrently and yields their results in the order in which they finish.

With mocked models the work is computation, so it runs in processes; with a live model it is
waiting, so it runs in threads. A case that fails never stops the others.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError, SettingsError, SummarizerError
from summarizer.evaluation.outcomes import suite_prompts
from summarizer.evaluation.results import (
    CaseResult,
    evaluate_case,
    open_result_log,
    program_hash,
    result_key,
)
from summarizer.evaluation.suites import Case, Suite

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain

QUEUED_CASES_PER_WORKER = 4
"""Submitted cases for each worker: enough that none is idle, few enough that a thousand cases are
not all in memory."""

CONCURRENT_LIVE_CASES = 8
"""Concurrent cases of a live model: they wait for its answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """How a run is made."""

    name_filter: str = ""
    """Text in the ids of the cases to run."""
    limit: int | None = None
    """Run only the first so many cases."""
    repeat: int = 1
    max_workers: int | None = None
    """Concurrent cases; None for one for each core."""
    live: "Chain | None" = None
    """Writes in place of the cases' own writers."""
    nli: Path | None = None
    """Model that reads what the rules of the checks leave open."""
    run_dir: Path | None = None
    """Where results are kept."""

    @property
    def workers(self) -> int:
        """Concurrent cases."""
        # Not every system can say which of its cores this process may use.
        usable = getattr(os, "sched_getaffinity", None)
        cores = len(usable(0)) if usable else os.cpu_count() or 1
        return self.max_workers or (CONCURRENT_LIVE_CASES if self.live else cores)


def select_cases(suites: Sequence[Suite], plan: RunPlan) -> list[Case]:
    """The cases that the plan names. Raises SettingsError when there is none."""
    every = [case for suite in suites for case in suite.cases]
    named = [case for case in every if plan.name_filter in case.id]
    if not named:
        what = f"no case has {plan.name_filter!r} in its name"
        raise SettingsError(what, subject="--only", hint=f"for example {every[0].id}")
    if plan.live:
        named = [c for c in named if c.spec.live and c.spec.has_expectations(live=True)]
    if not named:
        raise SettingsError("none of these cases can be asked of a live model", subject="--model")
    return named[: plan.limit]


def run_cases(cases: Sequence[Case], plan: RunPlan) -> Iterator[CaseResult]:
    """The results as they finish, those of an unfinished run first.

    Raises ModelError when the first result of a live model is that it cannot be used at all.
    """
    live = plan.live
    writer = f"{live.name} {live.judge_name} {live.language}" if live else ""
    writer += f" {plan.nli}" if plan.nli else ""
    program = program_hash()
    jobs: dict[str, tuple[Case, int]] = {}
    for case in cases:
        prompts = [p.hash for p in (live.prompts if live else suite_prompts(case.prompts))]
        for attempt in range(plan.repeat):
            jobs[result_key(case, writer, prompts, program, attempt)] = case, attempt
    with open_result_log(plan.run_dir, jobs) as log:
        yield from log.resumed.values()
        answered = bool(log.resumed)
        for result in _results([job for job in jobs.items() if job[0] not in log.resumed], plan):
            if live and result.unusable and not answered:
                raise ModelError(result.unusable)
            answered = answered or not result.unusable
            log.append(result)
            yield result
        log.finish()


_Job = tuple[str, tuple[Case, int]]
"""Result key, case and attempt."""


def _results(jobs: Sequence[_Job], plan: RunPlan) -> Iterator[CaseResult]:
    work = partial(_result_of, live=plan.live, nli=plan.nli)
    if plan.workers == 1 or len(jobs) < 2:
        yield from map(work, jobs)
        return
    with _worker_pool(plan) as pool:
        yield from _as_completed(pool, work, jobs, QUEUED_CASES_PER_WORKER * plan.workers)


def _result_of(job: _Job, live: "Chain | None", nli: Path | None) -> CaseResult:
    key, (case, attempt) = job
    return evaluate_case(case, key, attempt=attempt, live=live, nli=nli)


@contextmanager
def _worker_pool(plan: RunPlan) -> Iterator[Executor]:
    pool: Executor
    if plan.live:
        pool = ThreadPoolExecutor(plan.workers, thread_name_prefix="case")
    else:
        forks = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if forks else None)
        pool = ProcessPoolExecutor(
            plan.workers,
            mp_context=context,
            initializer=signal.signal,  # Ctrl-C is for the parent alone
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )
    try:
        yield pool
    except BrokenProcessPool:
        hint = "--cases-at-once 1 shows in which case; with --run-dir the run goes on"
        raise SummarizerError("a process of the run has died", hint=hint) from None
    finally:
        pool.shutdown(wait=not plan.live, cancel_futures=True)


def _as_completed(
    pool: Executor, work: Callable[[_Job], CaseResult], jobs: Sequence[_Job], ahead: int
) -> Iterator[CaseResult]:
    """Results as they come, with at most ``ahead`` submitted."""
    left = iter(jobs)
    running: set[Future[CaseResult]] = {pool.submit(work, job) for job in islice(left, ahead)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {pool.submit(work, job) for job in islice(left, len(done))}
        for future in done:
            yield future.result()
