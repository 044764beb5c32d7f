"""The first half of a run: reads every source once, stores what is new, counts what failed.

Sources are read in batches; each batch is a checkpoint that any worker may take. All sources
of one host are in one batch, so that its reader can limit the requests to that host.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from summarizer.digests.context import RunContext, stored_config
from summarizer.digests.step_guard import GuardedStep, run_guarded
from summarizer.edition import SourceCounts, SourceFailure, UnreadArticle
from summarizer.errors import SourceError
from summarizer.jobs.engine import WorkflowQueue, WorkItem
from summarizer.sources.articles import Article, sha256_hex
from summarizer.sources.publication_date import mark_future_dates
from summarizer.sources.source_state import PendingEntry, SourceState, SubscribedSource
from summarizer.store.database import Database
from summarizer.store.editions import EditionRecord, load_edition
from summarizer.store.snapshots import (
    SourceStatus,
    SourceUpdate,
    save_source_updates,
    source_states,
    source_statuses,
)

READING_QUEUE = WorkflowQueue("reading", 3, concurrency_per_key=1)
"""Where batches wait: a process reads three at a time, all processes together one of each host."""

MAX_BATCH_SOURCES = 25
"""Sources of different hosts that are read as one step."""

BATCH_TIMEOUT_SECONDS, SOURCE_TIMEOUT_SECONDS = 1800.0, 600.0
"""Seconds after which a batch is read source by source, and a source alone is left out."""

MAX_SOURCE_STARTS = 2
"""Times that a source alone may end the program; before, it has done so with its batch."""

MAX_CLOCK_DIFFERENCE_DAYS = 1.0
"""Days by which this clock and those of most servers may differ."""

MAX_LISTED_UNREAD = 50
"""Articles that could not be read that an edition lists; all of them are counted."""

BATCH_CONCURRENCY = 16
"""Concurrent requests of one batch."""


class BatchCounts(NamedTuple):
    """Entries of one batch that were too old, those that could not be read, those dated in the
    future, and those of which nothing could be read, as the fields of `UnreadArticle`.

    ``clock``: days by which this machine's clock is ahead of that of each server.
    """

    old: int = 0
    refused: int = 0
    future: int = 0
    unread: Sequence[Mapping[str, str | bool]] = ()
    clock: Sequence[float] = ()


def plan_batches(context: RunContext, edition: str) -> str:
    """The batches of the edition, as JSON. A list that cannot be expanded is a failed source."""
    from summarizer.sources.subscriptions import expand_sources

    record = load_edition(context.database, edition)
    config = stored_config(context.database, record.digest)
    expanded = list(expand_sources(config.sources, allow_private=config.allow_private))
    failed = [
        SourceUpdate(
            SourceStatus(f"opml {error.subject}", record.opened, 1, error.message),
            SourceState().to_json(),
        )
        for error in expanded
        if isinstance(error, SourceError)
    ]
    save_source_updates(context.database, record.digest, failed)
    sources = [each for each in expanded if isinstance(each, SubscribedSource)]
    return json.dumps(
        [[(each.kind, each.location) for each in batch] for batch in _batches_by_host(sources)]
    )


def batch_items(planned: str, edition: str) -> list[WorkItem]:
    """The batches of a plan as work items; those of one host have the host as their key."""
    items = []
    for number, batch in enumerate(json.loads(planned)):
        hosts = {_host_of(location) for _, location in batch}
        key = hosts.pop() if len(hosts) == 1 else f"mixed {number}"
        items.append(WorkItem(json.dumps([edition, batch]), key))
    return items


def _batches_by_host(sources: Sequence[SubscribedSource]) -> Iterator[list[SubscribedSource]]:
    """The sources of one host stay together; small hosts share a batch."""
    hosts: dict[str, list[SubscribedSource]] = defaultdict(list)
    for source in sources:
        hosts[_host_of(source.location)].append(source)
    shared: list[SubscribedSource] = []
    for group in hosts.values():
        if len(group) >= MAX_BATCH_SOURCES:
            yield group
            continue
        shared += group
        if len(shared) >= MAX_BATCH_SOURCES:
            yield shared
            shared = []
    if shared:
        yield shared


def _host_of(location: str) -> str:
    return urlsplit(location).hostname or "" if "://" in location else ""


def read_guarded(context: RunContext, argument: str) -> str:
    """`read_batch`; one that ended the program, or takes too long, is read source by source, and
    a source that ends the program again and again is left out."""
    edition, batch = json.loads(argument)

    def read_singly(_reason: str) -> str:
        counts = [BatchCounts(*json.loads(read_alone(source))) for source in batch]
        return json.dumps(
            BatchCounts(
                sum(each.old for each in counts),
                sum(each.refused for each in counts),
                sum(each.future for each in counts),
                [entry for each in counts for entry in each.unread],
                [days for each in counts for days in each.clock],
            )
        )

    def read_alone(source: Any) -> str:
        single = json.dumps([edition, [source]])
        key = f"read {_source_key(SubscribedSource(*source))}"
        return run_guarded(
            context,
            GuardedStep(edition, key, SOURCE_TIMEOUT_SECONDS, MAX_SOURCE_STARTS),
            partial(read_batch, context, single),
            partial(_leave_out_source, context, edition, SubscribedSource(*source)),
        )

    seconds = max(BATCH_TIMEOUT_SECONDS, len(batch) * SOURCE_TIMEOUT_SECONDS / 4)
    return run_guarded(
        context,
        GuardedStep(edition, f"read {sha256_hex(argument)[:16]}", seconds, max_starts=1),
        partial(read_batch, context, argument),
        read_singly,
    )


def _leave_out_source(
    context: RunContext, edition: str, source: SubscribedSource, reason: str
) -> str:
    """Marks the source as failed, without reading it; nothing of its state changes."""
    record, key = load_edition(context.database, edition), _source_key(source)
    before = source_statuses(context.database, record.digest).get(key)
    state = source_states(context.database, record.digest).get(key, SourceState().to_json())
    failures = 1 + (before.failures if before else 0)
    status = SourceStatus(key, record.opened, failures, f"is left out: {reason}")
    save_source_updates(context.database, record.digest, [SourceUpdate(status, state)])
    return json.dumps(BatchCounts())


def read_batch(context: RunContext, argument: str) -> str:
    """Reads the sources of one batch and stores what they gave; returns `BatchCounts` as JSON."""
    from summarizer.sources.subscriptions import read_sources

    edition, batch = json.loads(argument)
    record = load_edition(context.database, edition)
    config = stored_config(context.database, record.digest)
    states = source_states(context.database, record.digest)
    before = source_statuses(context.database, record.digest)
    sources = [SubscribedSource(*pair) for pair in batch]
    readings = list(
        read_sources(
            [
                (source, SourceState.from_json(state) if state else SourceState())
                for source in sources
                for state in [states.get(_source_key(source))]
            ],
            now=record.opened,
            since=record.due.date() - timedelta(days=config.max_age_days),
            allow_private=config.allow_private,
            at_once=BATCH_CONCURRENCY,
        )
    )
    updates = []
    for reading in readings:
        key, error = _source_key(reading.source), reading.error
        failures = 1 + (before[key].failures if key in before else 0) if error else 0
        problem = error.message if error else ""
        status = SourceStatus(key, record.opened, failures, problem, reading.stale)
        articles = mark_future_dates(reading.articles, record.opened)
        updates.append(SourceUpdate(status, reading.state.to_json(), articles))
    save_source_updates(context.database, record.digest, updates)
    refused = sum(len(reading.problems) for reading in readings)
    old, future = sum(each.old for each in readings), sum(each.future for each in readings)
    unread = [
        UnreadArticle(
            source=reading.source.location,
            title=entry.title,
            url=entry.url,
            reason=entry.reason,
            given_up=entry.given_up,
        ).model_dump()
        for reading in readings
        for entry in reading.unread
        if entry.first or entry.given_up
    ]
    now = context.clock()
    clock = [(now - each.served) / timedelta(days=1) for each in readings if each.served]
    return json.dumps(BatchCounts(old, refused, future, unread, clock))


def _source_key(source: SubscribedSource) -> str:
    return f"{source.kind} {source.location}"


def tally_sources(
    context: RunContext, record: EditionRecord, batch_results: Sequence[str], articles: int
) -> SourceCounts:
    """The sources of this edition in numbers. ``batch_results``: what `read_batch` returned."""
    read = [
        status
        for status in source_statuses(context.database, record.digest).values()
        if status.read == record.opened
    ]
    location = {status.source: status.source.partition(" ")[2] for status in read}
    counts = [BatchCounts(*json.loads(each)) for each in batch_results]
    unread = [UnreadArticle.model_validate(entry) for each in counts for entry in each.unread]
    waiting = waiting_entries(context.database, record.digest)
    clock = median(days for each in counts for days in each.clock or [0.0])
    return SourceCounts(
        sources=len(read),
        read=sum(not status.problem for status in read),
        failed=tuple(
            SourceFailure(source=location[status.source], reason=status.problem)
            for status in sorted(read, key=lambda each: each.source)
            if status.problem
        ),
        stale=tuple(sorted(location[status.source] for status in read if status.stale)),
        entries_refused=sum(each.refused for each in counts),
        articles_new=articles,
        articles_old=sum(each.old for each in counts),
        articles_future=sum(each.future for each in counts),
        unread=tuple(unread[:MAX_LISTED_UNREAD]),
        articles_unread=len(unread),
        articles_waiting=sum(len(pending) for pending in waiting.values()),
        clock_days=round(clock, 1) if abs(clock) > MAX_CLOCK_DIFFERENCE_DAYS else 0.0,
    )


def without_articles(
    counts: SourceCounts, articles: Sequence[Article], reason: str
) -> SourceCounts:
    """The counts of an edition that cannot use its articles: they are named as unread."""
    unread = [
        UnreadArticle(
            source=each.location,
            title=each.title or "",
            url=each.url or "",
            reason=reason,
            given_up=True,
        )
        for each in articles[:MAX_LISTED_UNREAD]
    ]
    update = {
        "unread": (*unread, *counts.unread)[:MAX_LISTED_UNREAD],
        "articles_unread": counts.articles_unread + len(articles),
        "articles_new": 0,
    }
    return counts.model_copy(update=update)


def waiting_entries(database: Database, digest: str) -> Mapping[str, Sequence[PendingEntry]]:
    """Source -> the entries that could not be read and are tried again, where there are some."""
    states = source_states(database, digest).items()
    pending = {source: SourceState.from_json(state).pending for source, state in states}
    return {source: entries for source, entries in pending.items() if entries}
