"""Whether each digest is well, for a monitor; and `digest check`, which tries every source and
delivery without reading articles or sending anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import stored_config
from summarizer.digests.ingest import waiting_entries
from summarizer.digests.schedule import latest_due_instant, next_local_instant
from summarizer.errors import DeliveryError, SettingsError, SourceError, StoreError
from summarizer.rendering.labels import pluralize
from summarizer.store.database import Database
from summarizer.store.deliveries import held_deliveries, outstanding_deliveries
from summarizer.store.editions import digest_names, edition_history, last_due
from summarizer.store.snapshots import source_statuses

if TYPE_CHECKING:
    from summarizer.sources.source_state import SubscribedSource

LATE_AFTER = timedelta(hours=1)
"""Time after an instant of the schedule until its missing edition is a problem."""

MIN_REPEATED_FAILURES = 3
"""Failures in a row after which a source is named."""

MAX_NAMED_PROBLEMS = 3
"""Failing sources, and failing deliveries, that are named."""


@dataclass(frozen=True, slots=True)
class DigestHealth:
    """The state of a digest, or of the store. ``lines``: all of it; ``problems``: the lines that
    need attention."""

    name: str
    lines: tuple[str, ...]
    problems: tuple[str, ...]


def check_health(database: Database, name: str, now: datetime) -> Sequence[DigestHealth]:
    """The store first, then the digest of this name, or all of them. Raises StoreError."""
    names = digest_names(database)
    if name and name not in names:
        raise StoreError(
            "no digest has this name", subject=name, hint="`digest run FILE` creates it"
        )
    damage = tuple(database.integrity_errors())
    store = DigestHealth("the store", damage or (database.name,), damage)
    return [store, *(_digest_health(database, each, now) for each in ([name] if name else names))]


def _digest_health(database: Database, name: str, now: datetime) -> DigestHealth:
    config = stored_config(database, name)
    newest = next(iter(edition_history(database, name, limit=1)), None)
    edition = newest.edition if newest else None
    problems = []
    served = last_due(database, name)
    late = now - LATE_AFTER
    if served and (missed := latest_due_instant(config.schedule, config.timezone, served, late)):
        problems.append(f"the edition of {missed:%Y-%m-%d %H:%M %Z} is missing")
    if edition and edition.kind in ("degraded", "failed"):
        problems.append(edition.first_line)
    problems += _source_problems(database, name)
    problems += _delivery_problems(database, name)
    lines = []
    if newest:
        kind = edition.kind if edition else "under way"
        lines.append(f"edition {newest.number} of {newest.due:%Y-%m-%d %H:%M}Z: {kind}")
    upcoming = next_local_instant(config.schedule, config.timezone, now)
    lines.append(f"next {upcoming:%Y-%m-%d %H:%M %Z}")
    return DigestHealth(name, (*problems, *lines), tuple(problems))


def _source_problems(database: Database, name: str) -> Iterator[str]:
    """The sources that keep failing, and those of which entries could not be read yet."""
    statuses = source_statuses(database, name).values()
    failing = [
        f"{each.source} ({each.failures} times, {each.problem})"
        for each in statuses
        if each.failures >= MIN_REPEATED_FAILURES
    ]
    if failing:
        named = ", ".join(failing[:MAX_NAMED_PROBLEMS])
        yield f"{pluralize(len(failing), 'source')} failed again and again: {named}"
    waiting = waiting_entries(database, name)
    if waiting:
        count = sum(map(len, waiting.values()))
        named = ", ".join(
            f"{source} ({len(entries)}, {entries[-1].reason})"
            for source, entries in list(waiting.items())[:MAX_NAMED_PROBLEMS]
        )
        counted = "1 entry" if count == 1 else f"{count:,} entries"
        yield f"{counted} could not be read and will be tried again: {named}"


def _delivery_problems(database: Database, name: str) -> list[str]:
    """The first deliveries that need attention, each with what to do, and how many more there
    are."""
    failed = [each for each in outstanding_deliveries(database, name=name) if each.attempts]
    entries = [*held_deliveries(database, name), *failed]
    lines = [f"{each.recipient}: {each.problem}" for each in entries[:MAX_NAMED_PROBLEMS]]
    more = len(entries) - MAX_NAMED_PROBLEMS
    return [*lines, f"{more} more deliveries: see digest history"] if more > 0 else lines


class TrialResult(NamedTuple):
    """One thing that was tried: its kind (schedule, feed, email, ...), its name, how it went."""

    kind: str
    name: str
    ok: bool
    detail: str


def try_config(
    config: DigestConfig, *, environment: Mapping[str, str], now: datetime
) -> Iterator[TrialResult]:
    """One row for the schedule, then for each source and each delivery, in the file's order."""
    from summarizer.digests.delivery import try_delivery

    upcoming = next_local_instant(config.schedule, config.timezone, now)
    yield TrialResult("schedule", config.schedule, True, f"next at {upcoming:%a %d %b %Y %H:%M %Z}")
    yield from _try_sources(config, now)
    if config.nli:
        yield _try_nli(Path(config.nli))
    for delivery in config.deliveries:
        try:
            detail = try_delivery(delivery, environment)
            yield TrialResult(delivery.kind, delivery.name, True, detail)
        except DeliveryError as error:
            yield TrialResult(delivery.kind, delivery.name, False, _without_subject(error))


def _try_nli(path: Path) -> TrialResult:
    from summarizer.checking.entailment import open_entailment_model

    try:
        model = open_entailment_model(path)
    except SettingsError as error:
        return TrialResult("nli", str(path), False, error.message)
    detail = f"window of {model.window_tokens} tokens"
    if not (model.calibration and model.calibration.decides):
        detail += "; decides nothing (see `summarizer nli check`)"
    return TrialResult("nli", str(path), True, detail)


def _try_sources(config: DigestConfig, now: datetime) -> Iterator[TrialResult]:
    from summarizer.sources.subscriptions import expand_sources, list_sources

    sources: list[SubscribedSource] = []
    for each in expand_sources(config.sources, allow_private=config.allow_private):
        if isinstance(each, SourceError):
            yield TrialResult("opml", each.subject, False, _without_subject(each))
        else:
            sources.append(each)
    for reading in list_sources(sources, now=now, allow_private=config.allow_private):
        kind, location, count = reading.source.kind, reading.source.location, reading.entries
        if reading.error:
            yield TrialResult(kind, location, False, _without_subject(reading.error))
            continue
        details = [f"{count} {'entry' if count == 1 else 'entries'}"]
        if reading.newest:
            details.append(f"the newest of {reading.newest:%d %b %Y}")
        details += map(_without_subject, reading.problems)
        yield TrialResult(kind, location, count > 0, "; ".join(details))


def _without_subject(error: SourceError | DeliveryError) -> str:
    """The line of an error whose subject the table shows already."""
    return f"{error.message} ({error.hint})" if error.hint else error.message
