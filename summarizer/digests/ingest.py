"""The first half of a run: reads every source once, stores what is new, counts what failed.

Sources are read in batches; each batch is a checkpoint that any worker may take. All sources
of one host are in one batch, so that its reader can limit the requests to that host.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.digests.context import RunContext, stored_config
from summarizer.edition import SourceCounts, SourceFailure
from summarizer.errors import SourceError
from summarizer.jobs.engine import WorkflowQueue, WorkItem
from summarizer.sources.publication_date import mark_future_dates
from summarizer.sources.source_state import SourceState, SubscribedSource
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

BATCH_CONCURRENCY = 16
"""Concurrent requests of one batch."""


class BatchCounts(NamedTuple):
    """Entries of one batch that were too old, those that could not be read, and those dated in the
    future."""

    old: int = 0
    refused: int = 0
    future: int = 0


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
    return json.dumps(BatchCounts(old, refused, future))


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
    )
