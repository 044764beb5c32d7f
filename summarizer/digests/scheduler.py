"""Runs digests at their hours until the process is stopped; several processes share the work.

Every worker does the same: it checks which instants have come, opens their editions (one
instant is one edition, whoever comes first), takes editions and batches from the queues,
adopts the work of dead workers, and retries failed deliveries.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext
from summarizer.digests.dispatch import send_outstanding, settle_interrupted
from summarizer.digests.run import enqueue_edition
from summarizer.digests.schedule import latest_due_instant, next_instant, time_zone
from summarizer.errors import SummarizerError
from summarizer.jobs.engine import ACTIVE_STATES, WorkflowEngine
from summarizer.store.editions import last_due, unfinished_edition

__all__ = ["RERUN_DELAY", "TICK_SECONDS", "missed_instant", "next_local_instant", "serve_digests"]

TICK_SECONDS = 2.0
"""Seconds between two looks at the clock."""

RERUN_DELAY = timedelta(minutes=5)
"""Between two runs of an edition of which the first has failed, times the number of failures."""


def missed_instant(tools: RunContext, config: DigestConfig, now: datetime) -> datetime | None:
    """The latest instant of the schedule that has come and was not served: one edition stands for
    all that were missed before it."""
    served = last_due(tools.database, config.name)
    return latest_due_instant(config.schedule, config.timezone, served, now) if served else None


def next_local_instant(config: DigestConfig, now: datetime) -> datetime:
    """When the digest is due next, in its own time zone."""
    return next_instant(config.schedule, config.timezone, now).astimezone(
        time_zone(config.timezone)
    )


def serve_digests(
    tools: RunContext,
    engine: WorkflowEngine,
    configs: Sequence[DigestConfig],
    stopped: Callable[[], bool],
) -> None:
    """Serves the digests until ``stopped``. What fails is said in one line, and tried again."""
    said: set[str] = set()
    while not stopped():
        try:
            _serve_once(tools, engine, configs)
            said.clear()
        except SummarizerError as error:
            if str(error) not in said:  # once, not every other second
                tools.log(str(error))
            said.add(str(error))
        tools.sleep(TICK_SECONDS)


def _serve_once(tools: RunContext, engine: WorkflowEngine, configs: Sequence[DigestConfig]) -> None:
    settle_interrupted(tools, engine.is_dead)  # before the marks of the dead go with their names
    engine.adopt()
    for config in configs:
        now = tools.clock()
        instant = missed_instant(tools, config, now)
        if instant:
            made = enqueue_edition(tools, engine, config, instant)
            if made.due == instant:
                tools.log(f"{config.name}: edition {made.number} has begun")
        _resume_stalled(tools, engine, config)
        send_outstanding(tools, engine.name, config.name, due_only=True)


def _resume_stalled(tools: RunContext, engine: WorkflowEngine, config: DigestConfig) -> None:
    """An edition that was opened and never queued, or whose run gave up a while ago."""
    left = unfinished_edition(tools.database, config.name)
    if left is None or engine.state(left.workflow_id) in ACTIVE_STATES:
        return
    if tools.clock() - left.opened >= left.attempt * RERUN_DELAY:
        enqueue_edition(tools, engine, config, left.due)
