"""Jobs that write one briefing each, and the briefings themselves.

A job is accepted once it is stored here; the process that runs it may die. The events of a job
are numbered from 1, so that a listener can resume after a broken connection.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from summarizer.briefing import Briefing
from summarizer.edition import Edition
from summarizer.errors import StoreError
from summarizer.sources.articles import Article
from summarizer.store.database import Database
from summarizer.store.schema import (
    briefing_table,
    decode_stored,
    from_row,
    idempotency_table,
    job_article_table,
    job_event_table,
    job_table,
)
from summarizer.store.snapshots import load_articles, save_articles

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ENDED_STATES: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """The row of a job. ``request``: JSON; ``result``: the id of its briefing.

    ``cancelling``: a cancellation was requested, and the job has not stopped yet.
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
    """One event of a job. ``data``: a JSON object."""

    number: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BriefingSummary:
    """A briefing as a list shows it. ``edition`` and ``digest`` are empty for the briefing of a
    job."""

    id: str
    title: str
    created: datetime
    digest: str = ""
    edition: str = ""


def accept_job(
    database: Database,
    job: Job,
    articles: Sequence[Article],
    key: str = "",
    fingerprint: str = "",
) -> Job:
    """Stores the job with the articles that it will read.

    Returns the first job if one was stored under the same idempotency ``key``. Raises StoreError
    when the ``fingerprint`` of that job was another.
    """
    save_articles(database, articles, job.created)
    places = [{"job": job.id, "article": each.id, "place": n} for n, each in enumerate(articles)]
    try:
        with database.transaction() as connection:
            if key:
                connection.execute(
                    idempotency_table.insert().values(
                        key=key, fingerprint=fingerprint, job=job.id, created=job.created
                    )
                )
            connection.execute(
                job_table.insert().values(asdict(job) | {"cancelling": int(job.cancelling)})
            )
            database.insert_rows(connection, job_article_table, places)
    except StoreError as error:
        if not (key and isinstance(error.__cause__, IntegrityError)):
            raise
        first = find_idempotent_job(database, key, fingerprint)
        if first is None:
            raise
        return first
    return job


def find_idempotent_job(database: Database, key: str, fingerprint: str) -> Job | None:
    """The job that was accepted under this key. Raises StoreError if it is for another request."""
    row = database.fetch_first(select(idempotency_table).where(idempotency_table.c.key == key))
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise StoreError("was used for another request", subject="Idempotency-Key")
    return find_job(database, row.job)


def find_job(database: Database, name: str) -> Job | None:
    """The job of this id, if there is one."""
    row = database.fetch_first(select(job_table).where(job_table.c.id == name))
    return _job_from_row(row) if row else None


def jobs_in_states(
    database: Database, *states: JobState, limit: int = 1000, newest: bool = False
) -> Sequence[Job]:
    """The jobs in one of these states, the oldest first, or the ``newest``."""
    created = job_table.c.created.desc() if newest else job_table.c.created
    query = select(job_table).where(job_table.c.state.in_(states)).order_by(created).limit(limit)
    return [_job_from_row(row) for row in database.fetch_all(query)]


def count_jobs(database: Database) -> Mapping[JobState, int]:
    """How many jobs are in each state."""
    query = select(job_table.c.state, func.count().label("number")).group_by(job_table.c.state)
    return {cast("JobState", row.state): row.number for row in database.fetch_all(query)}


def job_sources(database: Database, name: str) -> list[Article]:
    """The articles that the job will read, in the order in which they were given."""
    query = select(job_article_table.c.article).where(job_article_table.c.job == name)
    rows = database.fetch_all(query.order_by(job_article_table.c.place))
    return load_articles(database, [row.article for row in rows])


def add_job_source(database: Database, name: str, article: Article, now: datetime) -> None:
    """Adds an article to those that the job will read."""
    save_articles(database, [article], now)
    following = (
        select(func.coalesce(func.max(job_article_table.c.place), -1) + 1)
        .where(job_article_table.c.job == name)
        .scalar_subquery()
    )
    row = {"job": name, "article": article.id, "place": following}
    database.execute(database.insert(job_article_table).values(row).on_conflict_do_nothing())


def set_job_state(
    database: Database,
    name: str,
    state: JobState,
    now: datetime,
    *,
    result: str = "",
    problem: str = "",
) -> bool:
    """Whether the job was changed to ``state``; one that has ended stays as it ended."""
    changed = database.execute(
        update(job_table)
        .where(job_table.c.id == name, job_table.c.state.not_in(ENDED_STATES))
        .values(state=state, changed=now, result=result, problem=problem)
    )
    return changed == 1


def request_cancellation(database: Database, name: str, now: datetime) -> Job | None:
    """The job, cancelled if it was queued, and marked to be cancelled if it was running; None if
    there is none."""
    with database.transaction() as connection:
        mine = job_table.c.id == name
        connection.execute(
            update(job_table)
            .where(mine, job_table.c.state == "queued")
            .values(state="cancelled", changed=now)
        )
        connection.execute(
            update(job_table).where(mine, job_table.c.state == "running").values(cancelling=1)
        )
    return find_job(database, name)


def delete_job(database: Database, name: str) -> bool:
    """Deletes a job that has ended, with its events; whether there was one."""
    with database.transaction() as connection:
        deleted = connection.execute(
            delete(job_table).where(job_table.c.id == name, job_table.c.state.in_(ENDED_STATES))
        ).rowcount
        if deleted:
            for table in (job_event_table, job_article_table, idempotency_table):
                connection.execute(delete(table).where(table.c.job == name))
    return bool(deleted)


def add_job_event(
    database: Database, name: str, kind: str, data: Mapping[str, object], now: datetime
) -> None:
    """Stores an event under the next number."""
    following = (
        select(func.coalesce(func.max(job_event_table.c.number), 0) + 1)
        .where(job_event_table.c.job == name)
        .scalar_subquery()
    )
    row = {
        "job": name,
        "number": following,
        "at": now,
        "kind": kind,
        "data": json.dumps(dict(data), ensure_ascii=False),
    }
    database.execute(job_event_table.insert().values(row))


def job_events(database: Database, name: str, after: int = 0) -> Sequence[JobEvent]:
    """The job's events after number ``after``, in order."""
    query = select(job_event_table).where(
        job_event_table.c.job == name, job_event_table.c.number > after
    )
    return [
        JobEvent(row.number, row.at, row.kind, json.loads(row.data))
        for row in database.fetch_all(query.order_by(job_event_table.c.number))
    ]


def save_briefing(database: Database, briefing: Briefing, now: datetime) -> None:
    """Stores the briefing of a job; one that is stored already stays as it is."""
    with database.transaction() as connection:
        insert_briefing(database, connection, briefing, now)


def insert_briefing(
    database: Database,
    connection: Connection,
    briefing: Briefing,
    now: datetime,
    edition: Edition | None = None,
) -> None:
    """Stores a briefing within a transaction, as that of an edition if it belongs to one."""
    words = "\n".join([briefing.title, *(sentence.text for sentence in briefing.all_sentences())])
    row = {
        "id": briefing.id,
        "title": edition.title if edition else briefing.title,
        "created": now,
        "briefing": briefing.model_dump_json(),
        "words": words.lower(),
        "digest": edition.digest if edition else "",
        "edition": edition.id if edition else "",
    }
    database.insert_rows(connection, briefing_table, [row])


def load_briefing(database: Database, name: str) -> Briefing | None:
    """The briefing of this id, if there is one."""
    query = select(briefing_table.c.briefing).where(briefing_table.c.id == name)
    row = database.fetch_first(query)
    return decode_stored(Briefing.model_validate_json, row.briefing, name) if row else None


def has_briefing(database: Database, name: str) -> bool:
    """Whether there is a briefing of this id."""
    query = select(briefing_table.c.id).where(briefing_table.c.id == name)
    return database.fetch_first(query) is not None


def briefing_edition_id(database: Database, name: str) -> str:
    """The id of the edition that the briefing of this id belongs to; empty if to none."""
    query = select(briefing_table.c.edition).where(briefing_table.c.id == name)
    row = database.fetch_first(query)
    return row.edition if row else ""


def list_briefings(
    database: Database, text: str = "", *, limit: int = 50, offset: int = 0
) -> Sequence[BriefingSummary]:
    """The briefings that contain every word of ``text``, those of editions included, the newest
    first."""
    columns = (briefing_table.c[each.name] for each in fields(BriefingSummary))
    query = select(*columns).order_by(briefing_table.c.created.desc(), briefing_table.c.id)
    for word in text.lower().split():
        query = query.where(briefing_table.c.words.contains(word, autoescape=True))
    rows = database.fetch_all(query.limit(limit).offset(offset))
    return [from_row(BriefingSummary, row) for row in rows]


def delete_briefing(database: Database, name: str) -> bool:
    """Deletes the briefing of this id; whether there was one. What its digest knows stays."""
    return database.execute(delete(briefing_table).where(briefing_table.c.id == name)) > 0


def _job_from_row(row: Row[Any]) -> Job:
    return replace(from_row(Job, row), cancelling=bool(row.cancelling))
