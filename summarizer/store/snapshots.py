"""Article snapshots, and what a digest has read: the only texts that citations point into."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, delete, select, update

from summarizer.sources.articles import Article, PublishedFrom
from summarizer.store.database import Database
from summarizer.store.tables import (
    articles,
    briefings,
    inbox,
    instant,
    job_articles,
    sources,
    stamp,
    story_articles,
)

__all__ = [
    "Heard",
    "Standing",
    "forget_articles",
    "keep_articles",
    "keep_readings",
    "load_articles",
    "source_states",
    "standings",
    "take_up",
    "texts",
]

MANY = 500
"""Keys in one question: PostgreSQL and SQLite both bound the variables of a statement."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source did when it was last read. ``failures``: readings in a row that failed."""

    source: str
    read: datetime
    failures: int = 0
    problem: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What one source said. ``state``: what is to be remembered of it, as text."""

    standing: Standing
    state: str
    articles: Sequence[Article] = ()


def keep_articles(database: Database, kept: Sequence[Article], now: datetime) -> None:
    """Keeps the snapshots; those that are kept already stay as they are."""
    with database.begin() as connection:
        _keep(database, connection, kept, now)


def _keep(
    database: Database, connection: Connection, kept: Sequence[Article], now: datetime
) -> None:
    if kept:
        rows = [_row(article) | {"kept": stamp(now)} for article in kept]
        connection.execute(database.insert(articles).on_conflict_do_nothing(), rows)


def keep_readings(database: Database, digest: str, readings: Sequence[Heard]) -> None:
    """Keeps what sources said, all of it or nothing: their articles for the digest's next edition,
    and their states."""
    now = max((heard.standing.read for heard in readings), default=None)
    if now is None:
        return
    with database.begin() as connection:
        _keep(database, connection, [a for heard in readings for a in heard.articles], now)
        arrived = [
            {
                "digest": digest,
                "source": heard.standing.source,
                "article": article.id,
                "arrived": stamp(heard.standing.read),
            }
            for heard in readings
            for article in heard.articles
        ]
        if arrived:
            connection.execute(database.insert(inbox).on_conflict_do_nothing(), arrived)
        asked = database.insert(sources)
        said = ("state", "read", "failures", "problem", "stale")
        connection.execute(
            asked.on_conflict_do_update(
                index_elements=["digest", "source"],
                set_={name: asked.excluded[name] for name in said},
            ),
            [_source_row(digest, heard) for heard in readings],
        )


def _source_row(digest: str, heard: Heard) -> dict[str, Any]:
    standing = heard.standing
    return {
        "digest": digest,
        "source": standing.source,
        "state": heard.state,
        "read": stamp(standing.read),
        "failures": standing.failures,
        "problem": standing.problem or None,
        "stale": standing.stale,
    }


def source_states(database: Database, digest: str) -> Mapping[str, str]:
    """What is remembered of each source of the digest, as it was kept."""
    with database.begin() as connection:
        rows = connection.execute(
            select(sources.c.source, sources.c.state).where(sources.c.digest == digest)
        )
        return {row.source: row.state for row in rows}


def standings(database: Database, digest: str) -> Mapping[str, Standing]:
    """How each source of the digest did when it was last read."""
    with database.begin() as connection:
        rows = connection.execute(select(sources).where(sources.c.digest == digest)).all()
    return {
        row.source: Standing(
            row.source, instant(row.read), row.failures, row.problem or "", bool(row.stale)
        )
        for row in rows
    }


def take_up(database: Database, digest: str, edition: str) -> list[Article]:
    """The articles of the edition: what nobody has taken up is its own from now on."""
    with database.begin() as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.digest == digest, inbox.c.edition.is_(None))
            .values(edition=edition)
        )
        rows = connection.execute(
            select(articles)
            .join(inbox, inbox.c.article == articles.c.id)
            .where(inbox.c.digest == digest, inbox.c.edition == edition)
            .order_by(articles.c.id)
        )
        return [_article(row) for row in rows]


def load_articles(database: Database, ids: Iterable[str]) -> list[Article]:
    """The snapshots of these ids that are kept, in their order."""
    wanted = list(dict.fromkeys(ids))
    with database.begin() as connection:
        found = {row.id: _article(row) for row in _in_parts(connection, select(articles), wanted)}
    return [found[name] for name in wanted if name in found]


def texts(database: Database, ids: Iterable[str]) -> Mapping[str, str]:
    """Source id -> its snapshot's text, of those that are kept."""
    wanted = list(dict.fromkeys(ids))
    with database.read() as connection:
        rows = _in_parts(connection, select(articles.c.id, articles.c.text), wanted)
        return {row.id: row.text for row in rows}


def _in_parts(
    connection: Connection, question: Select[Any], wanted: Sequence[str]
) -> Iterator[Row[Any]]:
    for at in range(0, len(wanted), MANY):
        part = wanted[at : at + MANY]
        yield from connection.execute(question.where(articles.c.id.in_(part)))


def forget_articles(database: Database, digest: str, before: datetime) -> int:
    """Lets go of what the digest read before then, and of texts that nobody needs any more.

    Gives the number of articles that are gone.
    """
    with database.begin() as connection:
        connection.execute(
            delete(inbox).where(
                inbox.c.digest == digest,
                inbox.c.arrived < stamp(before),
                inbox.c.edition.is_not(None),
            )
        )
        gone = connection.execute(
            delete(articles).where(
                articles.c.kept < stamp(before),
                articles.c.id.not_in(select(inbox.c.article)),
                articles.c.id.not_in(select(job_articles.c.article)),
                articles.c.id.not_in(select(story_articles.c.article)),
            )
        )
        connection.execute(
            delete(briefings).where(
                briefings.c.digest == digest, briefings.c.created < stamp(before)
            )
        )
        return gone.rowcount


def _row(article: Article) -> dict[str, str | None]:
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
        "key": article.key,
        "text": article.text,
    }


def _article(row: Row[Any]) -> Article:
    return Article(
        text=row.text,
        path=row.path,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        published=date.fromisoformat(row.published) if row.published else None,
        published_from=cast("PublishedFrom | None", row.published_from),
        language=row.language,
        key=row.key,
    )
