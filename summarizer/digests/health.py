"""Whether each digest is well, for a monitor; and `digest check`, which tries every source and
delivery without reading further or sending.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import stored_config
from summarizer.digests.schedule import latest_due_instant, next_instant, time_zone
from summarizer.errors import DeliveryError, SourceError, StoreError
from summarizer.sources.source_state import SourceReading, SubscribedSource
from summarizer.store.database import Database
from summarizer.store.deliveries import held_deliveries, outstanding_deliveries
from summarizer.store.editions import EditionRecord, digest_names, edition_history, last_due
from summarizer.store.snapshots import source_statuses

__all__ = ["DigestHealth", "TrialResult", "check_health", "try_config"]

LATE_AFTER = timedelta(hours=1)
"""After an hour of the schedule, until its missing edition is a problem."""

MIN_REPEATED_FAILURES = 3
"""Failures in a row after which a source is named."""

MAX_NAMED_PROBLEMS = 3
"""Sources and deliveries in trouble that are named, of each kind."""


@dataclass(frozen=True, slots=True)
class DigestHealth:
    """One digest's, or the store's own. ``lines``: all; ``problems``: what needs somebody."""

    name: str
    lines: tuple[str, ...]
    problems: tuple[str, ...]


def check_health(database: Database, name: str, now: datetime) -> Sequence[DigestHealth]:
    """The store first, then the digest of this name, or all of them. Raises StoreError."""
    known = digest_names(database)
    if name and name not in known:
        raise StoreError("no digest has this name", subject=name, hint="digest run FILE makes it")
    damage = tuple(database.integrity_errors())
    store = DigestHealth("the store", damage or (database.name,), damage)
    return [store, *(_digest_health(database, each, now) for each in ([name] if name else known))]


def _digest_health(database: Database, name: str, now: datetime) -> DigestHealth:
    config = stored_config(database, name)
    newest = edition_history(database, name, limit=1)
    problems = [
        *_missing_edition(database, config, now),
        *_last_failure(newest),
        *_delivery_problems(database, name),
    ]
    fine = []
    if newest:
        last = newest[0]
        kind = last.edition.kind if last.edition else "under way"
        fine.append(f"edition {last.number} of {last.due:%Y-%m-%d %H:%M}Z: {kind}")
    upcoming = next_instant(config.schedule, config.timezone, now)
    fine.append(f"next {upcoming.astimezone(time_zone(config.timezone)):%Y-%m-%d %H:%M %Z}")
    failing = [
        s.source
        for s in source_statuses(database, name).values()
        if s.failures >= MIN_REPEATED_FAILURES
    ]
    if failing:
        named = ", ".join(failing[:MAX_NAMED_PROBLEMS])
        fine.append(f"{len(failing)} sources fail again and again: {named}")
    return DigestHealth(name, (*problems, *fine), tuple(problems))


def _missing_edition(database: Database, config: DigestConfig, now: datetime) -> list[str]:
    served = last_due(database, config.name)
    missed = (
        latest_due_instant(config.schedule, config.timezone, served, now - LATE_AFTER)
        if served
        else None
    )
    return [f"the edition of {missed:%Y-%m-%d %H:%M %Z} is missing"] if missed else []


def _last_failure(newest: Sequence[EditionRecord]) -> list[str]:
    edition = newest[0].edition if newest else None
    return [edition.first_line] if edition and edition.kind == "failed" else []


def _delivery_problems(database: Database, name: str) -> list[str]:
    """The first ones that need somebody, each with what is to be done, and how many there are."""
    failed = [each for each in outstanding_deliveries(database, name=name) if each.attempts]
    troubled = [*held_deliveries(database, name), *failed]
    lines = [f"{each.recipient}: {each.problem}" for each in troubled[:MAX_NAMED_PROBLEMS]]
    more = len(troubled) - MAX_NAMED_PROBLEMS
    return [*lines, f"{more} more deliveries: digest history"] if more > 0 else lines


class TrialResult(NamedTuple):
    """One thing that was tried: schedule, feed, email, ...; its name; how it went."""

    what: str
    name: str
    ok: bool
    detail: str


def try_config(
    config: DigestConfig, *, environment: Mapping[str, str], now: datetime
) -> Iterator[TrialResult]:
    """One row for the schedule, then for each source and each delivery, in the file's order."""
    upcoming = next_instant(config.schedule, config.timezone, now).astimezone(
        time_zone(config.timezone)
    )
    yield TrialResult("schedule", config.schedule, True, f"next at {upcoming:%a %d %b %Y %H:%M %Z}")
    yield from _try_sources(config, now)
    yield from _try_deliveries(config, environment)


def _try_sources(config: DigestConfig, now: datetime) -> Iterator[TrialResult]:
    from summarizer.sources.subscriptions import expand_sources, list_sources

    places: list[SubscribedSource] = []
    for found in expand_sources(config.sources, allow_private=config.allow_private):
        if isinstance(found, SourceError):
            yield TrialResult("opml", found.subject, False, _message_without_subject(found))
        else:
            places.append(found)
    for reading in list_sources(places, now=now, allow_private=config.allow_private):
        yield _source_result(reading)


def _source_result(reading: SourceReading) -> TrialResult:
    place, error = reading.source, reading.error
    if error:
        return TrialResult(place.kind, place.location, False, _message_without_subject(error))
    number = reading.entries
    told = [f"{number} {'entry' if number == 1 else 'entries'}"]
    if reading.state.newest:
        told.append(f"the newest of {datetime.fromisoformat(reading.state.newest):%d %b %Y}")
    told += map(_message_without_subject, reading.problems)
    return TrialResult(place.kind, place.location, number > 0, "; ".join(told))


def _try_deliveries(config: DigestConfig, environment: Mapping[str, str]) -> Iterator[TrialResult]:
    from summarizer.digests.delivery import try_delivery

    for delivery in config.deliveries:
        try:
            yield TrialResult(
                delivery.kind, delivery.name, True, try_delivery(delivery, environment)
            )
        except DeliveryError as error:
            yield TrialResult(delivery.kind, delivery.name, False, _message_without_subject(error))


def _message_without_subject(error: SourceError | DeliveryError) -> str:
    """The line of an error whose subject the table shows already."""
    return f"{error.message} ({error.hint})" if error.hint else error.message
