"""Briefings that were asked for one by one: the jobs that write them, and the briefings themselves.

A job is accepted once it stands here; what runs it may come and go. Its events are numbered from 1,
so that whoever watches can go on where the connection broke.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from summarizer.briefings import Briefing
from summarizer.errors import StoreError
from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.snapshots import keep_articles, load_articles
from summarizer.store.tables import (
    briefings,
    idempotency,
    instant,
    job_articles,
    job_events,
    jobs,
    stamp,
)

__all__ = [
    "ENDED",
    "Event",
    "Job",
    "JobState",
    "Listed",
    "accept",
    "add_event",
    "add_source",
    "ask_to_cancel",
    "count_jobs",
    "delete_briefing",
    "delete_job",
    "edition_of",
    "events",
    "find_idempotent",
    "has_briefing",
    "job",
    "job_sources",
    "jobs_in",
    "keep_briefing",
    "list_briefings",
    "load_briefing",
    "move",
]

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ENDED: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``request`` and ``result`` are JSON; ``result`` of a briefing is its id.

    ``cancelling``: somebody asked to stop it; it is cancelled as soon as it hears of it.
    """

    id: str
    kind: str
    state: JobState
    request: str
    created: datetime
    changed: datetime
    result: str = ""
    problem: str = ""
    cancelling: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a job. ``data``: a JSON object."""

    number: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A briefing as a list shows it. ``edition`` and ``digest`` are empty for one that was asked
    for by itself."""

    id: str
    title: str
    created: datetime
    digest: str = ""
    edition: str = ""


def accept(
    database: Database,
    asked: Job,
    articles: Sequence[Article],
    key: str = "",
    fingerprint: str = "",
) -> Job:
    """Keeps the job with the articles that it is to read.

    A second job under the same idempotency ``key`` is the first one. Raises StoreError when its
    ``fingerprint`` is another.
    """
    keep_articles(database, articles, asked.created)
    places = [{"job": asked.id, "article": each.id, "place": n} for n, each in enumerate(articles)]
    try:
        with database.begin() as connection:
            if key:
                row = {"key": key, "fingerprint": fingerprint, "job": asked.id}
                connection.execute(
                    idempotency.insert().values(row | {"created": stamp(asked.created)})
                )
            connection.execute(
                jobs.insert().values(
                    id=asked.id,
                    kind=asked.kind,
                    state=asked.state,
                    request=asked.request,
                    created=stamp(asked.created),
                    changed=stamp(asked.created),
                )
            )
            if places:
                connection.execute(database.insert(job_articles).on_conflict_do_nothing(), places)
    except StoreError as error:
        if not (key and isinstance(error.__cause__, IntegrityError)):
            raise
        first = find_idempotent(database, key, fingerprint)
        if first is None:
            raise
        return first
    return asked


def find_idempotent(database: Database, key: str, fingerprint: str) -> Job | None:
    """The job that was accepted under this key. Raises StoreError if it was another request."""
    with database.read() as connection:
        row = connection.execute(select(idempotency).where(idempotency.c.key == key)).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise StoreError("was used for another request", subject="Idempotency-Key")
    return job(database, row.job)


def job(database: Database, name: str) -> Job | None:
    """The job of this id."""
    with database.read() as connection:
        row = connection.execute(select(jobs).where(jobs.c.id == name)).one_or_none()
    return _job(row) if row else None


def jobs_in(database: Database, *states: JobState, limit: int = 1000) -> Sequence[Job]:
    """The jobs in one of these states, the oldest first."""
    asked = select(jobs).where(jobs.c.state.in_(states)).order_by(jobs.c.created).limit(limit)
    with database.read() as connection:
        return [_job(row) for row in connection.execute(asked)]


def count_jobs(database: Database) -> Mapping[JobState, int]:
    """How many jobs are in each state."""
    asked = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    with database.read() as connection:
        return {cast("JobState", state): number for state, number in connection.execute(asked)}


def job_sources(database: Database, name: str) -> list[Article]:
    """The articles that the job is to read, in the order in which they were given."""
    asked = select(job_articles.c.article).where(job_articles.c.job == name)
    with database.read() as connection:
        ids = connection.execute(asked.order_by(job_articles.c.place)).scalars().all()
    return load_articles(database, ids)


def add_source(database: Database, name: str, article: Article, now: datetime) -> None:
    """One article more for the job to read."""
    keep_articles(database, [article], now)
    with database.begin() as connection:
        following = (
            select(func.coalesce(func.max(job_articles.c.place), -1) + 1)
            .where(job_articles.c.job == name)
            .scalar_subquery()
        )
        asked = database.insert(job_articles).values(job=name, article=article.id, place=following)
        connection.execute(asked.on_conflict_do_nothing())


def move(
    database: Database,
    name: str,
    state: JobState,
    now: datetime,
    *,
    result: str = "",
    problem: str = "",
) -> bool:
    """Whether the job is in ``state`` now; one that has ended stays as it ended."""
    with database.begin() as connection:
        moved = connection.execute(
            update(jobs)
            .where(jobs.c.id == name, jobs.c.state.not_in(ENDED))
            .values(state=state, changed=stamp(now), result=result, problem=problem)
        )
        return moved.rowcount == 1


def ask_to_cancel(database: Database, name: str, now: datetime) -> Job | None:
    """The job, which is to stop: at once if it has not begun."""
    with database.begin() as connection:
        mine = jobs.c.id == name
        connection.execute(
            update(jobs)
            .where(mine, jobs.c.state == "queued")
            .values(state="cancelled", changed=stamp(now))
        )
        connection.execute(update(jobs).where(mine, jobs.c.state == "running").values(cancelled=1))
    return job(database, name)


def delete_job(database: Database, name: str) -> bool:
    """Forgets a job that has ended, with its events; whether there was one."""
    with database.begin() as connection:
        gone = connection.execute(
            delete(jobs).where(jobs.c.id == name, jobs.c.state.in_(ENDED))
        ).rowcount
        if gone:
            for table in (job_events, job_articles, idempotency):
                connection.execute(delete(table).where(table.c.job == name))
    return bool(gone)


def add_event(
    database: Database, name: str, kind: str, data: Mapping[str, object], now: datetime
) -> None:
    """One event more, under the next number."""
    with database.begin() as connection:
        following = (
            select(func.coalesce(func.max(job_events.c.number), 0) + 1)
            .where(job_events.c.job == name)
            .scalar_subquery()
        )
        row = {"job": name, "at": stamp(now), "kind": kind}
        told = json.dumps(dict(data), ensure_ascii=False)
        connection.execute(job_events.insert().values(number=following, data=told, **row))


def events(database: Database, name: str, after: int = 0) -> Sequence[Event]:
    """The job's events behind number ``after``, in order."""
    asked = select(job_events).where(job_events.c.job == name, job_events.c.number > after)
    with database.read() as connection:
        rows = connection.execute(asked.order_by(job_events.c.number)).all()
    return [Event(row.number, instant(row.at), row.kind, json.loads(row.data)) for row in rows]


def keep_briefing(database: Database, briefing: Briefing, now: datetime) -> None:
    """Keeps a briefing that was asked for by itself."""
    words = "\n".join([briefing.title, *(sentence.text for sentence in briefing.told())])
    with database.begin() as connection:
        connection.execute(
            database.insert(briefings)
            .values(
                id=briefing.id,
                title=briefing.title,
                created=stamp(now),
                briefing=briefing.model_dump_json(),
                words=words.lower(),
            )
            .on_conflict_do_nothing()
        )


def load_briefing(database: Database, name: str) -> Briefing | None:
    """The briefing of this id."""
    with database.read() as connection:
        found = connection.execute(
            select(briefings.c.briefing).where(briefings.c.id == name)
        ).scalar()
    return Briefing.model_validate_json(found) if found else None


def has_briefing(database: Database, name: str) -> bool:
    """Whether there is a briefing of this id."""
    asked = select(briefings.c.id).where(briefings.c.id == name)
    with database.read() as connection:
        return connection.execute(asked).first() is not None


def edition_of(database: Database, name: str) -> str:
    """The edition of a digest that the briefing of this id was written for; empty without one."""
    asked = select(briefings.c.edition).where(briefings.c.id == name)
    with database.read() as connection:
        return connection.execute(asked).scalar() or ""


def list_briefings(
    database: Database, query: str = "", *, limit: int = 50, offset: int = 0
) -> Sequence[Listed]:
    """The briefings, digests' editions among them, that hold every word of ``query``; the newest
    first."""
    columns = (briefings.c[name] for name in ("id", "title", "created", "digest", "edition"))
    asked = select(*columns).order_by(briefings.c.created.desc(), briefings.c.id)
    for word in query.lower().split():
        asked = asked.where(briefings.c.words.contains(word, autoescape=True))
    with database.read() as connection:
        rows = connection.execute(asked.limit(limit).offset(offset)).all()
    return [
        Listed(row.id, row.title, instant(row.created), row.digest or "", row.edition or "")
        for row in rows
    ]


def delete_briefing(database: Database, name: str) -> bool:
    """Whether there was a briefing of this id; a digest's memory of its edition stays."""
    with database.begin() as connection:
        return connection.execute(delete(briefings).where(briefings.c.id == name)).rowcount > 0


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        state=cast("JobState", row.state),
        request=row.request,
        created=instant(row.created),
        changed=instant(row.changed),
        result=row.result or "",
        problem=row.problem or "",
        cancelling=bool(row.cancelled),
    )
