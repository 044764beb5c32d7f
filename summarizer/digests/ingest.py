"""The first half of a run: reads every source once, keeps what is new, counts what failed.

Sources are read in batches; each batch is a checkpoint that any worker may take. All sources
of one host are in one batch, so that its reader can limit the requests to that host.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.digests.config import DigestConfig
from summarizer.digests.context import RunContext, stored_config
from summarizer.edition import SourceCounts, SourceFailure
from summarizer.errors import SourceError
from summarizer.jobs.engine import WorkflowQueue, WorkItem
from summarizer.sources.source_state import SourceReading, SourceState, SubscribedSource
from summarizer.store.editions import EditionRecord, load_edition
from summarizer.store.snapshots import (
    SourceStatus,
    SourceUpdate,
    save_source_updates,
    source_states,
    source_statuses,
)

__all__ = [
    "READING_QUEUE",
    "BatchCounts",
    "batch_items",
    "plan_batches",
    "read_batch",
    "tally_sources",
]

READING_QUEUE = WorkflowQueue("reading", 3, concurrency_per_key=1)
"""Where batches wait: a process reads three at a time, and all together one of each host."""

MAX_BATCH_SOURCES = 25
"""Sources of different hosts that are read as one step."""

BATCH_CONCURRENCY = 16
"""Requests under way for one batch."""


class BatchCounts(NamedTuple):
    """What one batch listed: entries that were too old, and such that could not be read."""

    old: int = 0
    refused: int = 0


def plan_batches(tools: RunContext, edition: str) -> str:
    """The batches of the edition, as JSON. What cannot be expanded is a source that failed."""
    made = load_edition(tools.database, edition)
    config = stored_config(tools.database, made.digest)
    from summarizer.sources.subscriptions import expand_sources

    found = list(expand_sources(config.sources, allow_private=config.allow_private))
    failed = [_failed_update(made, each) for each in found if isinstance(each, SourceError)]
    save_source_updates(tools.database, made.digest, failed)
    places = [each for each in found if isinstance(each, SubscribedSource)]
    return json.dumps([[(p.kind, p.location) for p in batch] for batch in _batches_by_host(places)])


def batch_items(planned: str, edition: str) -> list[WorkItem]:
    """The batches of a plan as pieces of work, held apart by host."""
    return [
        WorkItem(json.dumps([edition, batch]), _partition_key(batch, number))
        for number, batch in enumerate(json.loads(planned))
    ]


def _partition_key(batch: Sequence[Sequence[str]], number: int) -> str:
    hosts = {_host_of(location) for _, location in batch}
    return hosts.pop() if len(hosts) == 1 else f"mixed {number}"


def _batches_by_host(places: Sequence[SubscribedSource]) -> Iterator[list[SubscribedSource]]:
    """Hosts stay whole; small ones share a batch."""
    hosts: dict[str, list[SubscribedSource]] = defaultdict(list)
    for place in places:
        hosts[_host_of(place.location)].append(place)
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


def read_batch(tools: RunContext, argument: str) -> str:
    """Reads the places of one batch and keeps what they said; gives `BatchCounts` as JSON."""
    from summarizer.sources.subscriptions import read_sources

    edition, pairs = json.loads(argument)
    made = load_edition(tools.database, edition)
    config = stored_config(tools.database, made.digest)
    states = source_states(tools.database, made.digest)
    before = source_statuses(tools.database, made.digest)
    wanted = [
        (SubscribedSource(*pair), _stored_state(states, SubscribedSource(*pair))) for pair in pairs
    ]
    readings = list(
        read_sources(
            wanted,
            now=made.opened,
            since=made.due.date() - timedelta(days=config.max_age_days),
            allow_private=config.allow_private,
            at_once=BATCH_CONCURRENCY,
        )
    )
    heard = [_source_update(reading, made, before) for reading in readings]
    save_source_updates(tools.database, made.digest, heard)
    refused = sum(len(reading.problems) for reading in readings)
    return json.dumps(BatchCounts(sum(reading.old for reading in readings), refused))


def _stored_state(states: Mapping[str, str], place: SubscribedSource) -> SourceState:
    kept = states.get(_source_key(place))
    return SourceState.from_json(kept) if kept else SourceState()


def _source_key(place: SubscribedSource) -> str:
    return f"{place.kind} {place.location}"


def _source_update(
    reading: SourceReading, made: EditionRecord, before: Mapping[str, SourceStatus]
) -> SourceUpdate:
    source = _source_key(reading.source)
    failures = before[source].failures if source in before else 0
    standing = SourceStatus(
        source,
        made.opened,
        failures + 1 if reading.error else 0,
        reading.error.message if reading.error else "",
        reading.stale,
    )
    return SourceUpdate(standing, reading.state.to_json(), reading.articles)


def _failed_update(made: EditionRecord, error: SourceError) -> SourceUpdate:
    standing = SourceStatus(f"opml {error.subject}", made.opened, 1, error.message)
    return SourceUpdate(standing, SourceState().to_json())


def tally_sources(
    tools: RunContext, config: DigestConfig, made: EditionRecord, said: Sequence[str], articles: int
) -> SourceCounts:
    """The sources of this edition in numbers; ``said``: what `read_batch` gave."""
    read = [
        standing
        for standing in source_statuses(tools.database, config.name).values()
        if standing.read == made.opened
    ]
    counts = [BatchCounts(*json.loads(each)) for each in said]
    return SourceCounts(
        sources=len(read),
        read=sum(not standing.problem for standing in read),
        failed=tuple(
            SourceFailure(source=_source_label(standing.source), reason=standing.problem)
            for standing in sorted(read, key=lambda s: s.source)
            if standing.problem
        ),
        stale=tuple(sorted(_source_label(standing.source) for standing in read if standing.stale)),
        entries_refused=sum(each.refused for each in counts),
        articles_new=articles,
        articles_old=sum(each.old for each in counts),
    )


def _source_label(source: str) -> str:
    return source.partition(" ")[2]
