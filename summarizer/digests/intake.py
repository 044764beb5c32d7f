"""The first half of a run: every source read once, what is new kept, each failure told.

Sources are read in batches, each a checkpoint of its own that any worker may take. All sources of
one host are in one batch, so that whoever reads it can be polite to that host.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from summarizer.digests.config import DigestConfig
from summarizer.digests.tools import Tools, config_of
from summarizer.editions import SourceFailure, Tally
from summarizer.errors import SourceError
from summarizer.jobs.engine import Part, Queue
from summarizer.sources.places import Place, Reading, State
from summarizer.store.issues import Issue, issue
from summarizer.store.snapshots import Heard, Standing, keep_readings, source_states, standings

__all__ = ["READING", "Counts", "batches", "counted", "plan", "read_batch"]

READING = Queue("reading", 3, per_key=1)
"""Where batches wait: a process reads three at a time, and all together one of each host."""

BATCH = 25
"""Sources of different hosts that are read as one step."""

AT_ONCE = 16
"""Requests under way for one batch."""


class Counts(NamedTuple):
    """What one batch listed: entries that were too old, and such that could not be read."""

    old: int = 0
    refused: int = 0


def plan(tools: Tools, edition: str) -> str:
    """The batches of the edition, as JSON. What cannot be expanded is a source that failed."""
    made = issue(tools.database, edition)
    config = config_of(tools.database, made.digest)
    from summarizer.sources.subscriptions import expand

    found = list(expand(config.sources, allow_private=config.allow_private))
    failed = [_failed(made, each) for each in found if isinstance(each, SourceError)]
    keep_readings(tools.database, made.digest, failed)
    places = [each for each in found if isinstance(each, Place)]
    return json.dumps([[(p.kind, p.location) for p in batch] for batch in _batched(places)])


def batches(planned: str, edition: str) -> list[Part]:
    """The batches of a plan as pieces of work, held apart by host."""
    return [
        Part(json.dumps([edition, batch]), _key(batch, number))
        for number, batch in enumerate(json.loads(planned))
    ]


def _key(batch: Sequence[Sequence[str]], number: int) -> str:
    hosts = {_host(location) for _, location in batch}
    return hosts.pop() if len(hosts) == 1 else f"mixed {number}"


def _batched(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Hosts stay whole; small ones share a batch."""
    hosts: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        hosts[_host(place.location)].append(place)
    shared: list[Place] = []
    for group in hosts.values():
        if len(group) >= BATCH:
            yield group
            continue
        shared += group
        if len(shared) >= BATCH:
            yield shared
            shared = []
    if shared:
        yield shared


def _host(location: str) -> str:
    return urlsplit(location).hostname or "" if "://" in location else ""


def read_batch(tools: Tools, argument: str) -> str:
    """Reads the places of one batch and keeps what each of them said; gives `Counts` as JSON."""
    from summarizer.sources.subscriptions import read_places

    edition, pairs = json.loads(argument)
    made = issue(tools.database, edition)
    config = config_of(tools.database, made.digest)
    states = source_states(tools.database, made.digest)
    before = standings(tools.database, made.digest)
    wanted = [(Place(*pair), _state(states, Place(*pair))) for pair in pairs]
    readings = list(
        read_places(
            wanted,
            now=made.opened,
            since=made.due.date() - timedelta(days=config.max_age_days),
            allow_private=config.allow_private,
            at_once=AT_ONCE,
        )
    )
    heard = [_heard(reading, made, before) for reading in readings]
    keep_readings(tools.database, made.digest, heard)
    refused = sum(len(reading.problems) for reading in readings)
    return json.dumps(Counts(sum(reading.old for reading in readings), refused))


def _state(states: Mapping[str, str], place: Place) -> State:
    kept = states.get(_source(place))
    return State.unpack(kept) if kept else State()


def _source(place: Place) -> str:
    return f"{place.kind} {place.location}"


def _heard(reading: Reading, made: Issue, before: Mapping[str, Standing]) -> Heard:
    source = _source(reading.place)
    failures = before[source].failures if source in before else 0
    standing = Standing(
        source,
        made.opened,
        failures + 1 if reading.error else 0,
        reading.error.message if reading.error else "",
        reading.stale,
    )
    return Heard(standing, reading.state.pack(), reading.articles)


def _failed(made: Issue, error: SourceError) -> Heard:
    standing = Standing(f"opml {error.subject}", made.opened, 1, error.message)
    return Heard(standing, State().pack())


def counted(
    tools: Tools, config: DigestConfig, made: Issue, said: Sequence[str], articles: int
) -> Tally:
    """The sources of this edition in numbers; ``said``: what `read_batch` gave."""
    read = [
        standing
        for standing in standings(tools.database, config.name).values()
        if standing.read == made.opened
    ]
    counts = [Counts(*json.loads(each)) for each in said]
    return Tally(
        sources=len(read),
        read=sum(not standing.problem for standing in read),
        failed=tuple(
            SourceFailure(source=_shown(standing.source), why=standing.problem)
            for standing in sorted(read, key=lambda s: s.source)
            if standing.problem
        ),
        stale=tuple(sorted(_shown(standing.source) for standing in read if standing.stale)),
        entries_refused=sum(each.refused for each in counts),
        articles_new=articles,
        articles_old=sum(each.old for each in counts),
    )


def _shown(source: str) -> str:
    return source.partition(" ")[2]
