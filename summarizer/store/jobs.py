"""Jobs that write one briefing each, and the briefings themselves.

A job is accepted once it is stored here; the process that runs it may die. Its events are
numbered from 1, so that a listener can resume after a broken connection.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from summarizer.briefing import Briefing
from summarizer.errors import StoreError
from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.schema import (
    briefing_table,
    decode_instant,
    encode_instant,
    idempotency_table,
    job_article_table,
    job_event_table,
    job_table,
)
from summarizer.store.snapshots import load_articles, save_articles

__all__ = [
    "ENDED_STATES",
    "BriefingSummary",
    "Job",
    "JobEvent",
    "JobState",
    "accept_job",
    "add_job_event",
    "add_job_source",
    "briefing_edition_id",
    "count_jobs",
    "delete_briefing",
    "delete_job",
    "find_idempotent_job",
    "find_job",
    "has_briefing",
    "job_events",
    "job_sources",
    "jobs_in_states",
    "list_briefings",
    "load_briefing",
    "request_cancellation",
    "save_briefing",
    "set_job_state",
]

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ENDED_STATES: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


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
class JobEvent:
    """What happened to a job. ``data``: a JSON object."""

    number: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BriefingSummary:
    """A briefing as a list shows it. ``edition`` and ``digest`` are empty for one that was asked
    for by itself."""

    id: str
    title: str
    created: datetime
    digest: str = ""
    edition: str = ""


def accept_job(
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
    save_articles(database, articles, asked.created)
    places = [{"job": asked.id, "article": each.id, "place": n} for n, each in enumerate(articles)]
    try:
        with database.transaction() as connection:
            if key:
                row = {"key": key, "fingerprint": fingerprint, "job": asked.id}
                connection.execute(
                    idempotency_table.insert().values(
                        row | {"created": encode_instant(asked.created)}
                    )
                )
            connection.execute(
                job_table.insert().values(
                    id=asked.id,
                    kind=asked.kind,
                    state=asked.state,
                    request=asked.request,
                    created=encode_instant(asked.created),
                    changed=encode_instant(asked.created),
                )
            )
            if places:
                connection.execute(
                    database.insert(job_article_table).on_conflict_do_nothing(), places
                )
    except StoreError as error:
        if not (key and isinstance(error.__cause__, IntegrityError)):
            raise
        first = find_idempotent_job(database, key, fingerprint)
        if first is None:
            raise
        return first
    return asked


def find_idempotent_job(database: Database, key: str, fingerprint: str) -> Job | None:
    """The job that was accepted under this key. Raises StoreError if it was another request."""
    with database.read_transaction() as connection:
        row = connection.execute(
            select(idempotency_table).where(idempotency_table.c.key == key)
        ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise StoreError("was used for another request", subject="Idempotency-Key")
    return find_job(database, row.job)


def find_job(database: Database, name: str) -> Job | None:
    """The job of this id."""
    with database.read_transaction() as connection:
        row = connection.execute(select(job_table).where(job_table.c.id == name)).one_or_none()
    return _job_from_row(row) if row else None


def jobs_in_states(database: Database, *states: JobState, limit: int = 1000) -> Sequence[Job]:
    """The jobs in one of these states, the oldest first."""
    asked = (
        select(job_table)
        .where(job_table.c.state.in_(states))
        .order_by(job_table.c.created)
        .limit(limit)
    )
    with database.read_transaction() as connection:
        return [_job_from_row(row) for row in connection.execute(asked)]


def count_jobs(database: Database) -> Mapping[JobState, int]:
    """How many jobs are in each state."""
    asked = select(job_table.c.state, func.count()).group_by(job_table.c.state)
    with database.read_transaction() as connection:
        return {cast("JobState", state): number for state, number in connection.execute(asked)}


def job_sources(database: Database, name: str) -> list[Article]:
    """The articles that the job is to read, in the order in which they were given."""
    asked = select(job_article_table.c.article).where(job_article_table.c.job == name)
    with database.read_transaction() as connection:
        ids = connection.execute(asked.order_by(job_article_table.c.place)).scalars().all()
    return load_articles(database, ids)


def add_job_source(database: Database, name: str, article: Article, now: datetime) -> None:
    """One article more for the job to read."""
    save_articles(database, [article], now)
    with database.transaction() as connection:
        following = (
            select(func.coalesce(func.max(job_article_table.c.place), -1) + 1)
            .where(job_article_table.c.job == name)
            .scalar_subquery()
        )
        asked = database.insert(job_article_table).values(
            job=name, article=article.id, place=following
        )
        connection.execute(asked.on_conflict_do_nothing())


def set_job_state(
    database: Database,
    name: str,
    state: JobState,
    now: datetime,
    *,
    result: str = "",
    problem: str = "",
) -> bool:
    """Whether the job is in ``state`` now; one that has ended stays as it ended."""
    with database.transaction() as connection:
        moved = connection.execute(
            update(job_table)
            .where(job_table.c.id == name, job_table.c.state.not_in(ENDED_STATES))
            .values(state=state, changed=encode_instant(now), result=result, problem=problem)
        )
        return moved.rowcount == 1


def request_cancellation(database: Database, name: str, now: datetime) -> Job | None:
    """The job, which is to stop: at once if it has not begun."""
    with database.transaction() as connection:
        mine = job_table.c.id == name
        connection.execute(
            update(job_table)
            .where(mine, job_table.c.state == "queued")
            .values(state="cancelled", changed=encode_instant(now))
        )
        connection.execute(
            update(job_table).where(mine, job_table.c.state == "running").values(cancelled=1)
        )
    return find_job(database, name)


def delete_job(database: Database, name: str) -> bool:
    """Forgets a job that has ended, with its events; whether there was one."""
    with database.transaction() as connection:
        gone = connection.execute(
            delete(job_table).where(job_table.c.id == name, job_table.c.state.in_(ENDED_STATES))
        ).rowcount
        if gone:
            for table in (job_event_table, job_article_table, idempotency_table):
                connection.execute(delete(table).where(table.c.job == name))
    return bool(gone)


def add_job_event(
    database: Database, name: str, kind: str, data: Mapping[str, object], now: datetime
) -> None:
    """One event more, under the next number."""
    with database.transaction() as connection:
        following = (
            select(func.coalesce(func.max(job_event_table.c.number), 0) + 1)
            .where(job_event_table.c.job == name)
            .scalar_subquery()
        )
        row = {"job": name, "at": encode_instant(now), "kind": kind}
        told = json.dumps(dict(data), ensure_ascii=False)
        connection.execute(job_event_table.insert().values(number=following, data=told, **row))


def job_events(database: Database, name: str, after: int = 0) -> Sequence[JobEvent]:
    """The job's events behind number ``after``, in order."""
    asked = select(job_event_table).where(
        job_event_table.c.job == name, job_event_table.c.number > after
    )
    with database.read_transaction() as connection:
        rows = connection.execute(asked.order_by(job_event_table.c.number)).all()
    return [
        JobEvent(row.number, decode_instant(row.at), row.kind, json.loads(row.data)) for row in rows
    ]


def save_briefing(database: Database, briefing: Briefing, now: datetime) -> None:
    """Keeps a briefing that was asked for by itself."""
    words = "\n".join([briefing.title, *(sentence.text for sentence in briefing.all_sentences())])
    with database.transaction() as connection:
        connection.execute(
            database.insert(briefing_table)
            .values(
                id=briefing.id,
                title=briefing.title,
                created=encode_instant(now),
                briefing=briefing.model_dump_json(),
                words=words.lower(),
            )
            .on_conflict_do_nothing()
        )


def load_briefing(database: Database, name: str) -> Briefing | None:
    """The briefing of this id."""
    with database.read_transaction() as connection:
        found = connection.execute(
            select(briefing_table.c.briefing).where(briefing_table.c.id == name)
        ).scalar()
    return Briefing.model_validate_json(found) if found else None


def has_briefing(database: Database, name: str) -> bool:
    """Whether there is a briefing of this id."""
    asked = select(briefing_table.c.id).where(briefing_table.c.id == name)
    with database.read_transaction() as connection:
        return connection.execute(asked).first() is not None


def briefing_edition_id(database: Database, name: str) -> str:
    """The edition of a digest that the briefing of this id was written for; empty without one."""
    asked = select(briefing_table.c.edition).where(briefing_table.c.id == name)
    with database.read_transaction() as connection:
        return connection.execute(asked).scalar() or ""


def list_briefings(
    database: Database, query: str = "", *, limit: int = 50, offset: int = 0
) -> Sequence[BriefingSummary]:
    """The briefings, digests' editions among them, that hold every word of ``query``; the newest
    first."""
    columns = (briefing_table.c[name] for name in ("id", "title", "created", "digest", "edition"))
    asked = select(*columns).order_by(briefing_table.c.created.desc(), briefing_table.c.id)
    for word in query.lower().split():
        asked = asked.where(briefing_table.c.words.contains(word, autoescape=True))
    with database.read_transaction() as connection:
        rows = connection.execute(asked.limit(limit).offset(offset)).all()
    return [
        BriefingSummary(
            row.id, row.title, decode_instant(row.created), row.digest or "", row.edition or ""
        )
        for row in rows
    ]


def delete_briefing(database: Database, name: str) -> bool:
    """Whether there was a briefing of this id; a digest's memory of its edition stays."""
    with database.transaction() as connection:
        return (
            connection.execute(delete(briefing_table).where(briefing_table.c.id == name)).rowcount
            > 0
        )


def _job_from_row(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        state=cast("JobState", row.state),
        request=row.request,
        created=decode_instant(row.created),
        changed=decode_instant(row.changed),
        result=row.result or "",
        problem=row.problem or "",
        cancelling=bool(row.cancelled),
    )
