"""Digests at their hours, for as long as the process lives; several processes share the work.

Every worker does the same: it looks which instants have come, opens their editions (one instant is
one edition, whoever looks first), takes editions and batches from the queues, adopts what dead
workers left, and tries again what could not be delivered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from summarizer.digests.config import DigestConfig
from summarizer.digests.run import begin
from summarizer.digests.schedule import due, following, zone
from summarizer.digests.sending import send_outstanding, settle
from summarizer.digests.tools import Tools
from summarizer.errors import SummarizerError
from summarizer.jobs.engine import UNDER_WAY, Engine
from summarizer.store.issues import last_due, unfinished

__all__ = ["PATIENCE", "TICK", "missed", "serve", "upcoming"]

TICK = 2.0
"""Seconds between two looks at the clock."""

PATIENCE = timedelta(minutes=5)
"""Between two runs of an edition of which the first has failed, times the number of failures."""


def missed(tools: Tools, config: DigestConfig, now: datetime) -> datetime | None:
    """The latest instant of the schedule that has come and was not served: one edition stands for
    all that were missed before it."""
    served = last_due(tools.database, config.name)
    return due(config.schedule, config.timezone, served, now) if served else None


def upcoming(config: DigestConfig, now: datetime) -> datetime:
    """When the digest is due next, in its own time zone."""
    return following(config.schedule, config.timezone, now).astimezone(zone(config.timezone))


def serve(
    tools: Tools, engine: Engine, configs: Sequence[DigestConfig], stopped: Callable[[], bool]
) -> None:
    """Serves the digests until ``stopped``. What fails is said in one line, and tried again."""
    said: set[str] = set()
    while not stopped():
        try:
            _look(tools, engine, configs)
            said.clear()
        except SummarizerError as error:
            if str(error) not in said:  # once, not every other second
                tools.say(str(error))
            said.add(str(error))
        tools.sleep(TICK)


def _look(tools: Tools, engine: Engine, configs: Sequence[DigestConfig]) -> None:
    settle(tools, engine.gone)  # before the marks of the dead go with their names
    engine.adopt()
    for config in configs:
        now = tools.clock()
        instant = missed(tools, config, now)
        if instant:
            made = begin(tools, engine, config, instant)
            if made.due == instant:
                tools.say(f"{config.name}: edition {made.number} has begun")
        _pick_up(tools, engine, config)
        send_outstanding(tools, engine.name, config.name, due_only=True)


def _pick_up(tools: Tools, engine: Engine, config: DigestConfig) -> None:
    """An edition that was opened and never queued, or whose run gave up a while ago."""
    left = unfinished(tools.database, config.name)
    if left is None or engine.state(left.run) in UNDER_WAY:
        return
    if tools.clock() - left.opened >= left.attempt * PATIENCE:
        begin(tools, engine, config, left.due)
