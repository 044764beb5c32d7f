"""What the readers of a digest already know: its stories, their articles, their sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from summarizer.edition import Edition
from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.jobs import insert_briefing
from summarizer.store.schema import (
    article_table,
    edition_table,
    fact_table,
    from_row,
    story_article_table,
    story_table,
)

STORY_LIFETIME_DAYS = 14
"""Days without news after which a story is over: what comes later is a new story."""


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story across days. ``told``: the number of its editions; ``articles``: the ids of all its
    articles, the newest last; ``pending``: those that no edition has used."""

    id: str
    title: str
    first: date
    last: date
    told: int = 0
    articles: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryFact:
    """One sentence of a story: of an edition if ``told``, else of one of its articles."""

    story: str
    text: str
    language: str
    told: bool
    article: str = ""


@dataclass(frozen=True, slots=True)
class StoryHistory:
    """Stories by id, and the sentences of those that an edition had."""

    stories: Mapping[str, StoryRecord] = field(default_factory=dict)
    facts: Sequence[StoryFact] = ()


def load_story_history(database: Database, digest: str, since: date, untold: date) -> StoryHistory:
    """The stories with news since then, and their sentences; those that no edition had only with
    news since the day ``untold``."""
    recent = (
        story_table.c.digest == digest,
        story_table.c.last >= since,
        (story_table.c.told > 0) | (story_table.c.last >= untold),
    )
    article_query = (
        select(story_article_table)
        .join(
            story_table,
            (story_table.c.digest == digest) & (story_table.c.id == story_article_table.c.story),
        )
        .join(article_table, article_table.c.id == story_article_table.c.article)
        .where(story_article_table.c.digest == digest, *recent)
        .order_by(article_table.c.published, article_table.c.kept, article_table.c.id)
    )
    fact_query = (
        select(fact_table)
        .join(
            story_table,
            (story_table.c.digest == digest) & (story_table.c.id == fact_table.c.story),
        )
        .where(fact_table.c.digest == digest, *recent)
        .order_by(fact_table.c.edition, fact_table.c.number)
    )
    with database.transaction() as connection:
        stories = connection.execute(
            select(story_table).where(*recent).order_by(story_table.c.id)
        ).all()
        articles: dict[str, list[Row[Any]]] = {row.id: [] for row in stories}
        for row in connection.execute(article_query):
            articles[row.story].append(row)
        facts = [from_row(StoryFact, row) for row in connection.execute(fact_query)]
    return StoryHistory({row.id: _story_from_row(row, articles[row.id]) for row in stories}, facts)


def _story_from_row(row: Row[Any], articles: Sequence[Row[Any]]) -> StoryRecord:
    return StoryRecord(
        row.id,
        row.title,
        row.first,
        row.last,
        row.told,
        tuple(each.article for each in articles),
        tuple(each.article for each in articles if not each.edition),
    )


def save_edition(
    database: Database,
    edition: Edition,
    stories: Sequence[StoryRecord],
    facts: Sequence[StoryFact],
    now: datetime,
) -> bool:
    """Stores the written edition together with all that it adds to the digest's history.

    An edition is written once: returns False, and changes nothing, if it is written already.
    """
    report = edition.briefing.report if edition.briefing else None
    rows = [
        {"edition": edition.id, "number": number, "digest": edition.digest, **asdict(fact)}
        for number, fact in enumerate(facts)
    ]
    with database.transaction() as connection:
        written = connection.execute(
            update(edition_table)
            .where(edition_table.c.id == edition.id, edition_table.c.edition.is_(None))
            .values(
                edition=edition.model_dump_json(),
                kind=edition.kind,
                cost_usd=report.cost_usd if report else None,
            )
        )
        if written.rowcount != 1:
            return False
        _save_stories(database, connection, edition, stories)
        if rows:
            connection.execute(fact_table.insert(), rows)
        if edition.briefing:
            insert_briefing(database, connection, edition.briefing, now, edition)
    return True


def _save_stories(
    database: Database, connection: Connection, edition: Edition, stories: Sequence[StoryRecord]
) -> None:
    columns = ("id", "title", "first", "last", "told")
    story_rows = [
        {"digest": edition.digest} | {name: getattr(story, name) for name in columns}
        for story in stories
    ]
    article_rows = [
        {
            "digest": edition.digest,
            "article": article,
            "story": story.id,
            "edition": "" if article in story.pending else edition.id,
        }
        for story in stories
        for article in story.articles
    ]
    database.insert_rows(connection, story_table, story_rows, replace=True)
    database.insert_rows(connection, story_article_table, article_rows, replace=True)


def find_story(database: Database, name: str) -> tuple[str, StoryRecord]:
    """The digest and the story of this id. Raises StoreError."""
    with database.transaction() as connection:
        row = connection.execute(select(story_table).where(story_table.c.id == name)).first()
        if row is None:
            raise StoreError("no story has this id", subject=name, hint="see digest show")
        articles = connection.execute(
            select(story_article_table)
            .where(story_article_table.c.digest == row.digest, story_article_table.c.story == name)
            .order_by(story_article_table.c.article)
        ).all()
    return row.digest, _story_from_row(row, articles)


def story_facts(database: Database, story: str) -> Sequence[tuple[str, StoryFact]]:
    """All sentences of a story, each with the id of its edition, in the order of the editions."""
    query = (
        select(fact_table)
        .join(edition_table, edition_table.c.id == fact_table.c.edition)
        .where(fact_table.c.story == story)
        .order_by(edition_table.c.due, fact_table.c.number)
    )
    return [(row.edition, from_row(StoryFact, row)) for row in database.fetch_all(query)]


def delete_old_stories(database: Database, digest: str, before: date, untold: date) -> int:
    """Deletes stories that ended before then, and those that no edition had and that ended before
    the day ``untold``; returns how many."""
    old = (
        story_table.c.digest == digest,
        (story_table.c.last < before) | ((story_table.c.told == 0) & (story_table.c.last < untold)),
    )
    with database.transaction() as connection:
        ids = select(story_table.c.id).where(*old).scalar_subquery()
        connection.execute(
            delete(story_article_table).where(
                story_article_table.c.digest == digest, story_article_table.c.story.in_(ids)
            )
        )
        return connection.execute(delete(story_table).where(*old)).rowcount
