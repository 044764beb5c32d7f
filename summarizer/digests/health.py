"""Whether each digest is well: what a monitor asks, and what somebody has to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from summarizer.digests.config import DigestConfig
from summarizer.digests.schedule import due, following, zone
from summarizer.digests.tools import config_of
from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.issues import Issue, history, last_due, names
from summarizer.store.ledger import held, outstanding
from summarizer.store.snapshots import standings

__all__ = ["Health", "examine"]

LATE = timedelta(hours=1)
"""After an hour of the schedule, until its missing edition is a problem."""

OFTEN = 3
"""Failures in a row after which a source is named."""

NAMED = 3
"""Sources and deliveries in trouble that are named, of each kind."""


@dataclass(frozen=True, slots=True)
class Health:
    """One digest's, or the store's own. ``lines``: all; ``problems``: what needs somebody."""

    name: str
    lines: tuple[str, ...]
    problems: tuple[str, ...]


def examine(database: Database, name: str, now: datetime) -> Sequence[Health]:
    """The store first, then the digest of this name, or all of them. Raises StoreError."""
    known = names(database)
    if name and name not in known:
        raise StoreError("no digest has this name", subject=name, hint="digest run FILE makes it")
    damage = tuple(database.check())
    store = Health("the store", damage or (database.name,), damage)
    return [store, *(_examine(database, each, now) for each in ([name] if name else known))]


def _examine(database: Database, name: str, now: datetime) -> Health:
    config = config_of(database, name)
    newest = history(database, name, limit=1)
    problems = [
        *_lateness(database, config, now),
        *_last(newest),
        *_deliveries(database, name),
    ]
    fine = []
    if newest:
        last = newest[0]
        kind = last.edition.kind if last.edition else "under way"
        fine.append(f"edition {last.number} of {last.due:%Y-%m-%d %H:%M}Z: {kind}")
    upcoming = following(config.schedule, config.timezone, now)
    fine.append(f"next {upcoming.astimezone(zone(config.timezone)):%Y-%m-%d %H:%M %Z}")
    failing = [s.source for s in standings(database, name).values() if s.failures >= OFTEN]
    if failing:
        fine.append(f"{len(failing)} sources fail again and again: {', '.join(failing[:NAMED])}")
    return Health(name, (*problems, *fine), tuple(problems))


def _lateness(database: Database, config: DigestConfig, now: datetime) -> list[str]:
    served = last_due(database, config.name)
    missed = due(config.schedule, config.timezone, served, now - LATE) if served else None
    return [f"the edition of {missed:%Y-%m-%d %H:%M %Z} is missing"] if missed else []


def _last(newest: Sequence[Issue]) -> list[str]:
    edition = newest[0].edition if newest else None
    return [edition.first_line] if edition and edition.kind == "failed" else []


def _deliveries(database: Database, name: str) -> list[str]:
    """The first ones that need somebody, each with what is to be done, and how many there are."""
    failed = [each for each in outstanding(database, name=name) if each.attempts]
    troubled = [*held(database, name), *failed]
    lines = [f"{each.recipient}: {each.problem}" for each in troubled[:NAMED]]
    more = len(troubled) - NAMED
    return [*lines, f"{more} more deliveries: digest history"] if more > 0 else lines
