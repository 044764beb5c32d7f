"""Article snapshots, the only texts that citations point into, and what each source last gave."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, delete, select, update

from summarizer.sources.articles import Article, PublishedFrom
from summarizer.store.database import Database
from summarizer.store.schema import (
    article_table,
    briefing_table,
    decode_instant,
    encode_instant,
    inbox_table,
    job_article_table,
    source_table,
    story_article_table,
)

__all__ = [
    "SourceStatus",
    "SourceUpdate",
    "article_texts",
    "claim_inbox",
    "delete_old_articles",
    "load_articles",
    "save_articles",
    "save_source_updates",
    "source_states",
    "source_statuses",
]

MAX_QUERY_KEYS = 500
"""Keys in one question: PostgreSQL and SQLite both bound the variables of a statement."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How a source did when it was last read. ``failures``: readings in a row that failed."""

    source: str
    read: datetime
    failures: int = 0
    problem: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class SourceUpdate:
    """What one source said. ``state``: what is to be remembered of it, as text."""

    standing: SourceStatus
    state: str
    articles: Sequence[Article] = ()


def save_articles(database: Database, kept: Sequence[Article], now: datetime) -> None:
    """Keeps the snapshots; those that are kept already stay as they are."""
    with database.transaction() as connection:
        _insert_articles(database, connection, kept, now)


def _insert_articles(
    database: Database, connection: Connection, kept: Sequence[Article], now: datetime
) -> None:
    if kept:
        rows = [_article_row(article) | {"kept": encode_instant(now)} for article in kept]
        connection.execute(database.insert(article_table).on_conflict_do_nothing(), rows)


def save_source_updates(database: Database, digest: str, readings: Sequence[SourceUpdate]) -> None:
    """Keeps what sources said, all of it or nothing: their articles for the digest's next edition,
    and their states."""
    now = max((heard.standing.read for heard in readings), default=None)
    if now is None:
        return
    with database.transaction() as connection:
        _insert_articles(
            database, connection, [a for heard in readings for a in heard.articles], now
        )
        arrived = [
            {
                "digest": digest,
                "source": heard.standing.source,
                "article": article.id,
                "arrived": encode_instant(heard.standing.read),
            }
            for heard in readings
            for article in heard.articles
        ]
        if arrived:
            connection.execute(database.insert(inbox_table).on_conflict_do_nothing(), arrived)
        asked = database.insert(source_table)
        said = ("state", "read", "failures", "problem", "stale")
        connection.execute(
            asked.on_conflict_do_update(
                index_elements=["digest", "source"],
                set_={name: asked.excluded[name] for name in said},
            ),
            [_source_row(digest, heard) for heard in readings],
        )


def _source_row(digest: str, heard: SourceUpdate) -> dict[str, Any]:
    standing = heard.standing
    return {
        "digest": digest,
        "source": standing.source,
        "state": heard.state,
        "read": encode_instant(standing.read),
        "failures": standing.failures,
        "problem": standing.problem or None,
        "stale": standing.stale,
    }


def source_states(database: Database, digest: str) -> Mapping[str, str]:
    """What is remembered of each source of the digest, as it was kept."""
    with database.transaction() as connection:
        rows = connection.execute(
            select(source_table.c.source, source_table.c.state).where(
                source_table.c.digest == digest
            )
        )
        return {row.source: row.state for row in rows}


def source_statuses(database: Database, digest: str) -> Mapping[str, SourceStatus]:
    """How each source of the digest did when it was last read."""
    with database.transaction() as connection:
        rows = connection.execute(select(source_table).where(source_table.c.digest == digest)).all()
    return {
        row.source: SourceStatus(
            row.source, decode_instant(row.read), row.failures, row.problem or "", bool(row.stale)
        )
        for row in rows
    }


def claim_inbox(database: Database, digest: str, edition: str) -> list[Article]:
    """The articles of the edition: what nobody has taken up is its own from now on."""
    with database.transaction() as connection:
        connection.execute(
            update(inbox_table)
            .where(inbox_table.c.digest == digest, inbox_table.c.edition.is_(None))
            .values(edition=edition)
        )
        rows = connection.execute(
            select(article_table)
            .join(inbox_table, inbox_table.c.article == article_table.c.id)
            .where(inbox_table.c.digest == digest, inbox_table.c.edition == edition)
            .order_by(article_table.c.id)
        )
        return [_article_from_row(row) for row in rows]


def load_articles(database: Database, ids: Iterable[str]) -> list[Article]:
    """The snapshots of these ids that are kept, in their order."""
    wanted = list(dict.fromkeys(ids))
    with database.transaction() as connection:
        found = {
            row.id: _article_from_row(row)
            for row in _select_in_batches(connection, select(article_table), wanted)
        }
    return [found[name] for name in wanted if name in found]


def article_texts(database: Database, ids: Iterable[str]) -> Mapping[str, str]:
    """Source id -> its snapshot's text, of those that are kept."""
    wanted = list(dict.fromkeys(ids))
    with database.read_transaction() as connection:
        rows = _select_in_batches(
            connection, select(article_table.c.id, article_table.c.text), wanted
        )
        return {row.id: row.text for row in rows}


def _select_in_batches(
    connection: Connection, question: Select[Any], wanted: Sequence[str]
) -> Iterator[Row[Any]]:
    for at in range(0, len(wanted), MAX_QUERY_KEYS):
        part = wanted[at : at + MAX_QUERY_KEYS]
        yield from connection.execute(question.where(article_table.c.id.in_(part)))


def delete_old_articles(database: Database, digest: str, before: datetime) -> int:
    """Lets go of what the digest read before then, and of texts that nobody needs any more.

    Gives the number of articles that are gone.
    """
    with database.transaction() as connection:
        connection.execute(
            delete(inbox_table).where(
                inbox_table.c.digest == digest,
                inbox_table.c.arrived < encode_instant(before),
                inbox_table.c.edition.is_not(None),
            )
        )
        gone = connection.execute(
            delete(article_table).where(
                article_table.c.kept < encode_instant(before),
                article_table.c.id.not_in(select(inbox_table.c.article)),
                article_table.c.id.not_in(select(job_article_table.c.article)),
                article_table.c.id.not_in(select(story_article_table.c.article)),
            )
        )
        connection.execute(
            delete(briefing_table).where(
                briefing_table.c.digest == digest, briefing_table.c.created < encode_instant(before)
            )
        )
        return gone.rowcount


def _article_row(article: Article) -> dict[str, str | None]:
    return {
        "id": article.id,
        "sha256": article.sha256,
        "path": article.path,
        "url": article.url,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "published_from": article.published_from,
        "language": article.language,
        "key": article.collection_key,
        "text": article.text,
    }


def _article_from_row(row: Row[Any]) -> Article:
    return Article(
        text=row.text,
        path=row.path,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        published=date.fromisoformat(row.published) if row.published else None,
        published_from=cast("PublishedFrom | None", row.published_from),
        language=row.language,
        collection_key=row.key,
    )
