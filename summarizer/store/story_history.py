"""What the readers of a digest already know: its stories, their articles, their sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, delete, select, update

from summarizer.briefing import Briefing
from summarizer.edition import Edition
from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.schema import (
    article_table,
    briefing_table,
    edition_table,
    encode_instant,
    fact_table,
    story_article_table,
    story_table,
)

__all__ = [
    "STORY_LIFETIME_DAYS",
    "StoryFact",
    "StoryHistory",
    "StoryRecord",
    "delete_old_stories",
    "find_story",
    "load_story_history",
    "save_edition",
    "story_facts",
]

STORY_LIFETIME_DAYS = 14
"""Days without a word after which a story is over: what comes then is another one."""


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story across days. ``told``: in how many editions; ``articles``: the ids of all that were
    read of it, the newest last; ``pending``: those that no edition has taken into account."""

    id: str
    title: str
    first: date
    last: date
    told: int = 0
    articles: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryFact:
    """One sentence that an edition told, or that an article said of a story it told."""

    story: str
    text: str
    language: str
    told: bool
    article: str = ""


@dataclass(frozen=True, slots=True)
class StoryHistory:
    """Stories by id, and what is known of those that were told."""

    stories: Mapping[str, StoryRecord] = field(default_factory=dict)
    facts: Sequence[StoryFact] = ()


def load_story_history(database: Database, digest: str, since: date, untold: date) -> StoryHistory:
    """The stories that went on since then, and what was said of them; those that no edition has
    told only from the day ``untold`` on."""
    alive = (
        story_table.c.digest == digest,
        story_table.c.last >= since.isoformat(),
        (story_table.c.told > 0) | (story_table.c.last >= untold.isoformat()),
    )
    with database.transaction() as connection:
        kept = connection.execute(
            select(story_table).where(*alive).order_by(story_table.c.id)
        ).all()
        members: dict[str, list[tuple[str, str]]] = {row.id: [] for row in kept}
        asked = (
            select(story_article_table)
            .join(
                story_table,
                (story_table.c.digest == digest)
                & (story_table.c.id == story_article_table.c.story),
            )
            .join(article_table, article_table.c.id == story_article_table.c.article)
            .where(story_article_table.c.digest == digest, *alive)
            .order_by(article_table.c.published, article_table.c.kept, article_table.c.id)
        )
        for row in connection.execute(asked):
            members[row.story].append((row.article, row.edition))
        said = connection.execute(
            select(fact_table)
            .join(
                story_table,
                (story_table.c.digest == digest) & (story_table.c.id == fact_table.c.story),
            )
            .where(fact_table.c.digest == digest, *alive)
            .order_by(fact_table.c.edition, fact_table.c.number)
        ).all()
    return StoryHistory(
        {
            row.id: StoryRecord(
                row.id,
                row.title,
                date.fromisoformat(row.first),
                date.fromisoformat(row.last),
                row.told,
                tuple(article for article, _ in members[row.id]),
                tuple(article for article, edition in members[row.id] if not edition),
            )
            for row in kept
        },
        [StoryFact(row.story, row.text, row.language, row.told, row.article or "") for row in said],
    )


def save_edition(
    database: Database,
    edition: Edition,
    kept: Sequence[StoryRecord],
    said: Sequence[StoryFact],
    now: datetime,
) -> bool:
    """Keeps the edition as written, together with all it adds to the digest's memory.

    Whoever writes an edition first has written it: gives False, and changes nothing, if it is
    written already.
    """
    with database.transaction() as connection:
        report = edition.briefing.report if edition.briefing else None
        wrote = connection.execute(
            update(edition_table)
            .where(edition_table.c.id == edition.id, edition_table.c.edition.is_(None))
            .values(
                edition=edition.model_dump_json(),
                kind=edition.kind,
                cost_usd=report.cost_usd if report else None,
            )
        )
        if wrote.rowcount != 1:
            return False
        _save_stories(database, connection, edition, kept)
        rows = [
            {
                "edition": edition.id,
                "number": number,
                "digest": edition.digest,
                "story": each.story,
                "text": each.text,
                "language": each.language,
                "article": each.article or None,
                "told": each.told,
            }
            for number, each in enumerate(said)
        ]
        if rows:
            connection.execute(fact_table.insert(), rows)
        if edition.briefing:
            _insert_briefing(database, connection, edition, edition.briefing, now)
    return True


def _save_stories(
    database: Database, connection: Connection, edition: Edition, kept: Sequence[StoryRecord]
) -> None:
    if not kept:
        return
    rows = [
        {
            "digest": edition.digest,
            "id": story.id,
            "title": story.title,
            "first": story.first.isoformat(),
            "last": story.last.isoformat(),
            "told": story.told,
        }
        for story in kept
    ]
    members = [
        {
            "digest": edition.digest,
            "article": article,
            "story": story.id,
            "edition": "" if article in story.pending else edition.id,
        }
        for story in kept
        for article in story.articles
    ]
    for table, key, found in (
        (story_table, ("digest", "id"), rows),
        (story_article_table, ("digest", "article"), members),
    ):
        asked = database.insert(table)
        changed = {name: asked.excluded[name] for name in found[0] if name not in key}
        connection.execute(asked.on_conflict_do_update(index_elements=key, set_=changed), found)


def _insert_briefing(
    database: Database,
    connection: Connection,
    edition: Edition,
    briefing: Briefing,
    now: datetime,
) -> None:
    words = "\n".join([briefing.title, *(sentence.text for sentence in briefing.all_sentences())])
    connection.execute(
        database.insert(briefing_table)
        .values(
            id=briefing.id,
            title=edition.title,
            created=encode_instant(now),
            briefing=briefing.model_dump_json(),
            words=words.lower(),
            digest=edition.digest,
            edition=edition.id,
        )
        .on_conflict_do_nothing()
    )


def find_story(database: Database, name: str) -> tuple[str, StoryRecord]:
    """The digest and the story of this id. Raises StoreError."""
    with database.transaction() as connection:
        row = connection.execute(select(story_table).where(story_table.c.id == name)).first()
        if row is None:
            raise StoreError("no story has this id", subject=name, hint="see digest show")
        mine = (story_article_table.c.digest == row.digest, story_article_table.c.story == name)
        members = connection.execute(
            select(story_article_table).where(*mine).order_by(story_article_table.c.article)
        ).all()
    return row.digest, StoryRecord(
        row.id,
        row.title,
        date.fromisoformat(row.first),
        date.fromisoformat(row.last),
        row.told,
        tuple(member.article for member in members),
        tuple(member.article for member in members if not member.edition),
    )


def story_facts(database: Database, story: str) -> Sequence[tuple[str, StoryFact]]:
    """All that was told or read of a story, with the edition's id, in the order of the editions."""
    asked = (
        select(fact_table, edition_table.c.number.label("edition_number"))
        .join(edition_table, edition_table.c.id == fact_table.c.edition)
        .where(fact_table.c.story == story)
        .order_by(edition_table.c.due, fact_table.c.number)
    )
    with database.transaction() as connection:
        return [
            (row.edition, StoryFact(row.story, row.text, row.language, row.told, row.article or ""))
            for row in connection.execute(asked)
        ]


def delete_old_stories(database: Database, digest: str, before: date, untold: date) -> int:
    """Lets go of stories that ended before then, or ``untold`` before that day; gives how many."""
    old = (
        story_table.c.digest == digest,
        (story_table.c.last < before.isoformat())
        | ((story_table.c.told == 0) & (story_table.c.last < untold.isoformat())),
    )
    with database.transaction() as connection:
        gone = select(story_table.c.id).where(*old).scalar_subquery()
        connection.execute(
            delete(story_article_table).where(
                story_article_table.c.digest == digest, story_article_table.c.story.in_(gone)
            )
        )
        return connection.execute(delete(story_table).where(*old)).rowcount
