"""Article snapshots, the only texts that citations point into, and the state of each source."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, delete, select, update

from summarizer.sources.articles import Article, ArticleKind, Boilerplate, Place, PublishedFrom
from summarizer.sources.page_dates import parse_published
from summarizer.store.database import Database
from summarizer.store.schema import (
    article_table,
    briefing_table,
    from_row,
    inbox_table,
    job_article_table,
    source_table,
    story_article_table,
)
from summarizer.text.spans import Span

MAX_QUERY_KEYS = 500
"""Keys in one query: PostgreSQL and SQLite both limit the variables of a statement."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How the last reading of a source went. ``failures``: failed readings in a row."""

    source: str
    read: datetime
    failures: int = 0
    problem: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class SourceUpdate:
    """What one reading of a source gave. ``state``: what the next reading needs, as text."""

    status: SourceStatus
    state: str
    articles: Sequence[Article] = ()


_ARTICLE_COLUMNS = (
    "id", "sha256", "path", "url", "title", "publisher", "published_from", "language", "text",
    "kind",
)  # fmt: skip


def save_articles(database: Database, articles: Sequence[Article], now: datetime) -> None:
    """Stores the snapshots; those that are stored already stay as they are."""
    with database.transaction() as connection:
        _insert_articles(database, connection, articles, now)


def _insert_articles(
    database: Database, connection: Connection, articles: Sequence[Article], now: datetime
) -> None:
    rows = [
        {name: getattr(article, name) for name in _ARTICLE_COLUMNS}
        | {
            "published": article.published.isoformat() if article.published else None,
            "key": article.collection_key,
            "layout": _layout_to_json(article),
            "kept": now,
        }
        for article in articles
    ]
    database.insert_rows(connection, article_table, rows)


def save_source_updates(database: Database, digest: str, updates: Sequence[SourceUpdate]) -> None:
    """Stores what sources gave, all of it or nothing: their articles for the digest's next
    edition, and their states."""
    if not updates:
        return
    now = max(each.status.read for each in updates)
    arrivals = [
        {
            "digest": digest,
            "source": each.status.source,
            "article": article.id,
            "arrived": each.status.read,
        }
        for each in updates
        for article in each.articles
    ]
    rows = [{"digest": digest, "state": each.state, **asdict(each.status)} for each in updates]
    with database.transaction() as connection:
        _insert_articles(database, connection, [a for each in updates for a in each.articles], now)
        database.insert_rows(connection, inbox_table, arrivals)
        database.insert_rows(connection, source_table, rows, replace=True)


def source_states(database: Database, digest: str) -> Mapping[str, str]:
    """Source -> its stored state, for each source of the digest."""
    query = select(source_table).where(source_table.c.digest == digest)
    return {row.source: row.state for row in database.fetch_all(query)}


def source_statuses(database: Database, digest: str) -> Mapping[str, SourceStatus]:
    """Source -> how its last reading went, for each source of the digest."""
    query = select(source_table).where(source_table.c.digest == digest)
    return {row.source: from_row(SourceStatus, row) for row in database.fetch_all(query)}


def claim_inbox(database: Database, digest: str, edition: str) -> list[Article]:
    """The articles of the edition: from now on, all that no other edition has claimed."""
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
    """The stored snapshots among these ids, in their order."""
    unique = list(dict.fromkeys(ids))
    with database.read_transaction() as connection:
        articles = {
            row.id: _article_from_row(row)
            for row in _select_in_batches(connection, select(article_table), unique)
        }
    return [articles[name] for name in unique if name in articles]


def article_texts(database: Database, ids: Iterable[str]) -> Mapping[str, str]:
    """Source id -> the text of its snapshot, for those that are stored."""
    query = select(article_table.c.id, article_table.c.text)
    with database.read_transaction() as connection:
        rows = _select_in_batches(connection, query, list(dict.fromkeys(ids)))
        return {row.id: row.text for row in rows}


def _select_in_batches(
    connection: Connection, query: Select[Any], ids: Sequence[str]
) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), MAX_QUERY_KEYS):
        batch = ids[start : start + MAX_QUERY_KEYS]
        yield from connection.execute(query.where(article_table.c.id.in_(batch)))


def delete_old_articles(database: Database, digest: str, before: datetime) -> int:
    """Deletes what the digest read before then, and texts that nothing refers to any more.

    Returns the number of articles deleted.
    """
    with database.transaction() as connection:
        connection.execute(
            delete(inbox_table).where(
                inbox_table.c.digest == digest,
                inbox_table.c.arrived < before,
                inbox_table.c.edition.is_not(None),
            )
        )
        deleted = connection.execute(
            delete(article_table).where(
                article_table.c.kept < before,
                article_table.c.id.not_in(select(inbox_table.c.article)),
                article_table.c.id.not_in(select(job_article_table.c.article)),
                article_table.c.id.not_in(select(story_article_table.c.article)),
            )
        )
        connection.execute(
            delete(briefing_table).where(
                briefing_table.c.digest == digest, briefing_table.c.created < before
            )
        )
        return deleted.rowcount


def _layout_to_json(article: Article) -> str | None:
    """The pages of a document and what its file sets aside; None for other articles."""
    if not (article.places or article.set_aside):
        return None
    aside = [(*each.span, each.kind, each.detail) for each in article.set_aside]
    return json.dumps([article.places, aside], separators=(",", ":"))


def _article_from_row(row: Row[Any]) -> Article:
    places, aside = json.loads(row.layout) if row.layout else ((), ())
    return Article(
        text=row.text,
        path=row.path,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        published=parse_published(row.published),
        published_from=cast("PublishedFrom | None", row.published_from),
        language=row.language,
        collection_key=row.key,
        kind=cast("ArticleKind | None", row.kind),
        places=tuple(Place(*each) for each in places),
        set_aside=tuple(
            Boilerplate(Span(start, end), kind, detail) for start, end, kind, detail in aside
        ),
    )
