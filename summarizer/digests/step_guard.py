"""Steps that end the program, fail in unforeseen ways, or never end, do not stall a digest.

Each start of a step is counted in the store until the step has ended in an orderly way. One that
was started too often, or that takes too long, is replaced by what its caller does without it.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from typing import NamedTuple

from summarizer.digests.context import RunContext
from summarizer.errors import SummarizerError
from summarizer.store.step_starts import StepStarts, count_start, uncount_start

MAX_STARTS = 8
"""Starts of a step after which it is not started again: it may have been killed from outside."""

MAX_STARTS_OVER_DAYS = 3
"""The same for a step whose first start was on another day, as with a digest that runs daily."""

_OTHER_DAY = timedelta(hours=20)


class GuardedStep(NamedTuple):
    """A step of an edition: its name, the seconds that it may take, and how often it is started."""

    edition: str
    name: str
    seconds: float
    max_starts: int = MAX_STARTS


def run_guarded(
    context: RunContext,
    guarded: GuardedStep,
    step: Callable[[], str],
    without: Callable[[str], str] | None = None,
) -> str:
    """The step's result, or that of ``without``, which is given the reason.

    Without a replacement, a step that takes too long raises SummarizerError.
    """
    if without is None:
        return _run_within(step, guarded)
    edition, name = guarded.edition, guarded.name
    starts = count_start(context.database, edition, name, context.clock())
    if _too_often(starts, context.clock(), guarded.max_starts):
        return without(f"the program ended {starts.number - 1} times during this step")
    try:
        with context.database.store_errors():
            result = _run_within(step, guarded)
    except StepTimeout as timeout:
        return without(timeout.message)
    except SummarizerError:
        uncount_start(context.database, edition, name)
        raise
    except Exception as error:
        # A mistake of this program, which the next run would repeat: the start stays counted.
        raise SummarizerError(f"{name}: {type(error).__name__}: {error}") from error
    uncount_start(context.database, edition, name)
    return result


class StepTimeout(SummarizerError):
    """The step has not ended in time."""


def _too_often(starts: StepStarts, now: datetime, max_starts: int) -> bool:
    over_days = now - starts.first >= _OTHER_DAY and starts.number > MAX_STARTS_OVER_DAYS
    return over_days or starts.number > max_starts


def _run_within(step: Callable[[], str], guarded: GuardedStep) -> str:
    """The step's result. A step that is late goes on in a thread that the program does not wait
    for: Python cannot end it."""
    name, seconds = guarded.name, guarded.seconds
    result: Future[str] = Future()
    Thread(target=partial(_settle, result, step), name=f"step {name}", daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        if result.done():  # the step itself raised it
            raise
        minutes = f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} seconds"
        raise StepTimeout(f"the step took longer than {minutes}", subject=name) from None


def _settle(result: "Future[str]", step: Callable[[], str]) -> None:
    try:
        result.set_result(step())
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
        result.set_exception(error)
