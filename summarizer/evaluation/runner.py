"""Cases in, rows out, many at a time, in the order in which they finish.

With mocked models the work is this machine's own, so it goes to processes; with a live model it
waits, so it goes to threads. One case that fails, or breaks, never stops the others.
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
from summarizer.evaluation.results import CaseResult, evaluate_case, open_result_log, result_key
from summarizer.evaluation.suites import Case, Suite

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain

__all__ = ["RunPlan", "run_cases", "select_cases"]

QUEUED_CASES_PER_WORKER = 4
"""Cases for each worker that wait to be begun: enough that none is idle, few enough that a
thousand cases are not all in memory."""


LIVE_CASES_AT_ONCE = 8
"""Cases of a live model that are under way at a time: they wait for its answers."""

CASES_PER_PROCESS = 100
"""Cases after which a process is replaced by a fresh one: what the checks remember of their texts
goes with it, so a thousand cases take no more memory than a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """How a run is made. ``name_filter``: words of a case's id; ``limit``: the first so many cases;
    ``live``: a chain in place of the cases' own writers; ``max_workers``: cases at a time, None for
    one a core; ``run_dir``: where rows are kept."""

    name_filter: str = ""
    limit: int | None = None
    repeat: int = 1
    max_workers: int | None = None
    live: "Chain | None" = None
    run_dir: Path | None = None

    @property
    def workers(self) -> int:
        """Cases that are worked on at a time."""
        return self.max_workers or (LIVE_CASES_AT_ONCE if self.live else _usable_cores())


def _usable_cores() -> int:
    """The cores that this process may use, where the system tells."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def select_cases(suites: Sequence[Suite], plan: RunPlan) -> list[Case]:
    """The cases that the plan names. Raises SettingsError when there is none."""
    every = [case for suite in suites for case in suite.cases]
    named = [case for case in every if plan.name_filter in case.id]
    if not named:
        what = f"no case has {plan.name_filter!r} in its name"
        raise SettingsError(what, subject="--only", hint=f"for example {every[0].id}")
    able = [case for case in named if not plan.live or _can_run_live(case)]
    if not able:
        raise SettingsError("none of these cases can be asked of a live model", subject="--model")
    return able[: plan.limit]


def _can_run_live(case: Case) -> bool:
    return case.spec.live and case.spec.has_expectations(live=True)


def run_cases(cases: Sequence[Case], plan: RunPlan) -> Iterator[CaseResult]:
    """The rows as they finish; those of an unfinished run first.

    Raises ModelError when the first answer of a live model is that it cannot be used at all.
    """
    jobs = {
        result_key(case, _writer_identity(plan), _prompt_hashes(case, plan), attempt): (
            case,
            attempt,
        )
        for case in cases
        for attempt in range(plan.repeat)
    }
    with open_result_log(plan.run_dir, jobs) as keeper:
        yield from keeper.resumed.values()
        answered = bool(keeper.resumed)
        waiting = [job for job in jobs.items() if job[0] not in keeper.resumed]
        for row in _results(waiting, plan):
            if plan.live and row.unusable and not answered:
                raise ModelError(row.unusable)
            answered = answered or not row.unusable
            keeper.append(row)
            yield row
        keeper.finish()


def _writer_identity(plan: RunPlan) -> str:
    live = plan.live
    return f"{live.name} {live.judge_name} {live.language}" if live else ""


def _prompt_hashes(case: Case, plan: RunPlan) -> Sequence[str]:
    prompts = plan.live.prompts if plan.live else suite_prompts(case.prompts)
    return [prompt.hash for prompt in prompts]


_KeyedCase = tuple[str, tuple[Case, int]]


def _results(jobs: Sequence[_KeyedCase], plan: RunPlan) -> Iterator[CaseResult]:
    work = partial(_result_of, live=plan.live)
    if plan.workers == 1 or len(jobs) < 2:
        yield from map(work, jobs)
        return
    size = len(jobs) if plan.live else CASES_PER_PROCESS * plan.workers
    for at in range(0, len(jobs), size):
        with _worker_pool(plan) as pool:
            yield from _as_completed(
                pool, work, jobs[at : at + size], QUEUED_CASES_PER_WORKER * plan.workers
            )


def _result_of(job: _KeyedCase, live: "Chain | None") -> CaseResult:
    name, (case, attempt) = job
    return evaluate_case(case, name, attempt=attempt, live=live)


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
    pool: Executor, work: Callable[[_KeyedCase], CaseResult], jobs: Sequence[_KeyedCase], ahead: int
) -> Iterator[CaseResult]:
    """Results as they come, with no more than ``ahead`` under way."""
    left = iter(jobs)
    running: set[Future[CaseResult]] = {pool.submit(work, job) for job in islice(left, ahead)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {pool.submit(work, job) for job in islice(left, len(done))}
        for future in done:
            yield future.result()
