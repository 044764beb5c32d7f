"""What a digest's readers know already: its stories, their articles, and what was said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select, update

from summarizer.briefings import Briefing
from summarizer.editions import Edition
from summarizer.store.database import Database
from summarizer.store.tables import (
    briefings,
    editions,
    facts,
    stamp,
    stories,
    story_articles,
)

__all__ = [
    "Fact",
    "Memory",
    "StoryKept",
    "forget_stories",
    "keep_edition",
    "remember",
    "story_facts",
]


@dataclass(frozen=True, slots=True)
class StoryKept:
    """A story across days. ``told``: in how many editions; ``articles``: the ids of all that were
    read of it; ``pending``: those of which no edition has told yet."""

    id: str
    title: str
    first: date
    last: date
    told: int = 0
    articles: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence that an edition told, or that an article said of a story it told."""

    story: str
    text: str
    language: str
    told: bool
    article: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """Stories by id, and what is known of those that were told."""

    stories: Mapping[str, StoryKept]
    facts: Sequence[Fact]


def remember(database: Database, digest: str, since: date) -> Memory:
    """The stories that went on since then, and what was said of them."""
    alive = (stories.c.digest == digest, stories.c.last >= since.isoformat())
    with database.begin() as connection:
        kept = connection.execute(select(stories).where(*alive).order_by(stories.c.id)).all()
        members: dict[str, list[tuple[str, str]]] = {row.id: [] for row in kept}
        asked = (
            select(story_articles)
            .join(stories, (stories.c.digest == digest) & (stories.c.id == story_articles.c.story))
            .where(story_articles.c.digest == digest, *alive)
            .order_by(story_articles.c.article)
        )
        for row in connection.execute(asked):
            members[row.story].append((row.article, row.edition))
        said = connection.execute(
            select(facts)
            .join(stories, (stories.c.digest == digest) & (stories.c.id == facts.c.story))
            .where(facts.c.digest == digest, *alive)
            .order_by(facts.c.edition, facts.c.number)
        ).all()
    return Memory(
        {
            row.id: StoryKept(
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
        [Fact(row.story, row.text, row.language, row.told, row.article or "") for row in said],
    )


def keep_edition(
    database: Database,
    edition: Edition,
    kept: Sequence[StoryKept],
    said: Sequence[Fact],
    now: datetime,
) -> bool:
    """Keeps the edition as written, together with all it adds to the digest's memory.

    Whoever writes an edition first has written it: gives False, and changes nothing, if it is
    written already.
    """
    with database.begin() as connection:
        report = edition.briefing.report if edition.briefing else None
        wrote = connection.execute(
            update(editions)
            .where(editions.c.id == edition.id, editions.c.edition.is_(None))
            .values(
                edition=edition.model_dump_json(),
                kind=edition.kind,
                cost_usd=report.cost_usd if report else None,
            )
        )
        if wrote.rowcount != 1:
            return False
        for story in kept:
            _keep_story(database, connection, edition, story)
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
            connection.execute(facts.insert(), rows)
        if edition.briefing:
            _keep_briefing(database, connection, edition, edition.briefing, now)
    return True


def _keep_story(
    database: Database, connection: Connection, edition: Edition, story: StoryKept
) -> None:
    told = {
        "title": story.title,
        "last": story.last.isoformat(),
        "first": story.first.isoformat(),
        "told": story.told,
    }
    key = {"digest": edition.digest, "id": story.id}
    connection.execute(
        database.insert(stories)
        .values(key | told)
        .on_conflict_do_update(index_elements=["digest", "id"], set_=told)
    )
    pending = set(story.pending)
    rows = [
        {
            "digest": edition.digest,
            "article": article,
            "story": story.id,
            "edition": "" if article in pending else edition.id,
        }
        for article in story.articles
    ]
    if rows:
        asked = database.insert(story_articles)
        row = {"story": asked.excluded.story, "edition": asked.excluded.edition}
        connection.execute(
            asked.on_conflict_do_update(index_elements=["digest", "article"], set_=row), rows
        )


def _keep_briefing(
    database: Database,
    connection: Connection,
    edition: Edition,
    briefing: Briefing,
    now: datetime,
) -> None:
    words = "\n".join([briefing.title, *(sentence.text for sentence in briefing.told())])
    connection.execute(
        database.insert(briefings)
        .values(
            id=briefing.id,
            title=edition.title,
            created=stamp(now),
            briefing=briefing.model_dump_json(),
            words=words.lower(),
            digest=edition.digest,
            edition=edition.id,
        )
        .on_conflict_do_nothing()
    )


def story_facts(database: Database, story: str) -> Sequence[tuple[str, Fact]]:
    """All that was told or read of a story, with the edition's id, in the order of the editions."""
    asked = (
        select(facts, editions.c.number.label("edition_number"))
        .join(editions, editions.c.id == facts.c.edition)
        .where(facts.c.story == story)
        .order_by(editions.c.due, facts.c.number)
    )
    with database.begin() as connection:
        return [
            (row.edition, Fact(row.story, row.text, row.language, row.told, row.article or ""))
            for row in connection.execute(asked)
        ]


def forget_stories(database: Database, digest: str, before: date) -> int:
    """Lets go of stories that ended before then; gives how many."""
    old = (stories.c.digest == digest, stories.c.last < before.isoformat())
    with database.begin() as connection:
        gone = select(stories.c.id).where(*old).scalar_subquery()
        connection.execute(
            delete(story_articles).where(
                story_articles.c.digest == digest, story_articles.c.story.in_(gone)
            )
        )
        return connection.execute(delete(stories).where(*old)).rowcount
