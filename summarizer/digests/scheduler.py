"""Runs digests on schedule until the process is stopped; several processes share the work.

Every worker does the same: it checks which instants have come, opens their editions (one
instant is one edition, whichever worker is first), takes editions and batches from the queues,
adopts the work of dead workers, and retries failed deliveries.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext
from summarizer.digests.dispatch import send_outstanding, settle_interrupted
from summarizer.digests.run import enqueue_edition
from summarizer.digests.schedule import latest_due_instant
from summarizer.errors import SummarizerError
from summarizer.jobs.engine import ACTIVE_STATES, WorkflowEngine
from summarizer.store.editions import MAX_AHEAD, last_due, unfinished_edition

TICK_SECONDS = 2.0
"""Seconds between two checks of the clock."""

RERUN_DELAY = timedelta(minutes=5)
"""Pause before an edition that failed is run again, times the number of failed runs."""


def missed_instant(context: RunContext, config: DigestConfig, now: datetime) -> datetime | None:
    """The latest instant of the schedule that has come and was not served; its edition replaces
    all that were missed before it."""
    served = last_due(context.database, config.name)
    if served is None:
        return None
    if served > now + MAX_AHEAD:  # stored by a clock that was ahead
        served = now - MAX_AHEAD
    return latest_due_instant(config.schedule, config.timezone, served, now)


def serve_digests(
    context: RunContext,
    engine: WorkflowEngine,
    configs: Sequence[DigestConfig],
    stopped: Callable[[], bool],
) -> None:
    """Serves the digests until ``stopped``. A failure is logged in one line, and tried again."""
    logged: set[str] = set()
    while not stopped():
        try:
            _serve_once(context, engine, configs)
            logged.clear()
        except SummarizerError as error:
            if str(error) not in logged:  # once, not every two seconds
                context.log(str(error))
            logged.add(str(error))
        context.sleep(TICK_SECONDS)


def _serve_once(
    context: RunContext, engine: WorkflowEngine, configs: Sequence[DigestConfig]
) -> None:
    # Before adopting: it removes the lock of a dead worker, and with it the mark of its last send.
    settle_interrupted(context, engine.is_dead)
    engine.adopt()
    for config in configs:
        instant = missed_instant(context, config, context.clock())
        if instant:
            record = enqueue_edition(context, engine, config, instant)
            if record.due == instant:
                context.log(f"{config.name}: edition {record.number} has begun")
        # An edition that was opened and never queued, or whose run failed a while ago.
        left = unfinished_edition(context.database, config.name)
        if (
            left
            and engine.state(left.workflow_id) not in ACTIVE_STATES
            and not (timedelta() <= context.clock() - left.opened < left.attempt * RERUN_DELAY)
        ):
            enqueue_edition(context, engine, config, left.due)
        send_outstanding(context, engine.name, config.name, due_only=True)
