"""What a digest's readers know already: its stories, their articles, and what was said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, delete, select, update

from summarizer.briefings import Briefing
from summarizer.editions import Edition
from summarizer.errors import StoreError
from summarizer.store.database import Database
from summarizer.store.tables import (
    articles,
    briefings,
    editions,
    facts,
    stamp,
    stories,
    story_articles,
)

__all__ = [
    "FOLLOWED",
    "Fact",
    "Memory",
    "StoryKept",
    "find_story",
    "forget_stories",
    "keep_edition",
    "remember",
    "story_facts",
]

FOLLOWED = 14
"""Days without a word after which a story is over: what comes then is another one."""


@dataclass(frozen=True, slots=True)
class StoryKept:
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

    stories: Mapping[str, StoryKept] = field(default_factory=dict)
    facts: Sequence[Fact] = ()


def remember(database: Database, digest: str, since: date, untold: date) -> Memory:
    """The stories that went on since then, and what was said of them; those that no edition has
    told only from the day ``untold`` on."""
    alive = (
        stories.c.digest == digest,
        stories.c.last >= since.isoformat(),
        (stories.c.told > 0) | (stories.c.last >= untold.isoformat()),
    )
    with database.begin() as connection:
        kept = connection.execute(select(stories).where(*alive).order_by(stories.c.id)).all()
        members: dict[str, list[tuple[str, str]]] = {row.id: [] for row in kept}
        asked = (
            select(story_articles)
            .join(stories, (stories.c.digest == digest) & (stories.c.id == story_articles.c.story))
            .join(articles, articles.c.id == story_articles.c.article)
            .where(story_articles.c.digest == digest, *alive)
            .order_by(articles.c.published, articles.c.kept, articles.c.id)
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
        _keep_stories(database, connection, edition, kept)
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


def _keep_stories(
    database: Database, connection: Connection, edition: Edition, kept: Sequence[StoryKept]
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
        (stories, ("digest", "id"), rows),
        (story_articles, ("digest", "article"), members),
    ):
        asked = database.insert(table)
        changed = {name: asked.excluded[name] for name in found[0] if name not in key}
        connection.execute(asked.on_conflict_do_update(index_elements=key, set_=changed), found)


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


def find_story(database: Database, name: str) -> tuple[str, StoryKept]:
    """The digest and the story of this id. Raises StoreError."""
    with database.begin() as connection:
        row = connection.execute(select(stories).where(stories.c.id == name)).first()
        if row is None:
            raise StoreError("no story has this id", subject=name, hint="see digest show")
        mine = (story_articles.c.digest == row.digest, story_articles.c.story == name)
        members = connection.execute(
            select(story_articles).where(*mine).order_by(story_articles.c.article)
        ).all()
    return row.digest, StoryKept(
        row.id,
        row.title,
        date.fromisoformat(row.first),
        date.fromisoformat(row.last),
        row.told,
        tuple(member.article for member in members),
        tuple(member.article for member in members if not member.edition),
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


def forget_stories(database: Database, digest: str, before: date, untold: date) -> int:
    """Lets go of stories that ended before then, or ``untold`` before that day; gives how many."""
    old = (
        stories.c.digest == digest,
        (stories.c.last < before.isoformat())
        | ((stories.c.told == 0) & (stories.c.last < untold.isoformat())),
    )
    with database.begin() as connection:
        gone = select(stories.c.id).where(*old).scalar_subquery()
        connection.execute(
            delete(story_articles).where(
                story_articles.c.digest == digest, story_articles.c.story.in_(gone)
            )
        )
        return connection.execute(delete(stories).where(*old)).rowcount
