"""The tables, as they stand in the newest version of the store.

Instants are ISO 8601 in UTC to the microsecond, of one length, so that text order is time order.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

__all__ = [
    "METADATA",
    "articles",
    "briefings",
    "deliveries",
    "digests",
    "editions",
    "facts",
    "idempotency",
    "inbox",
    "instant",
    "job_articles",
    "job_events",
    "jobs",
    "sources",
    "stamp",
    "stories",
    "story_articles",
    "version",
]

METADATA = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _said(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


version = Table("store_version", METADATA, Column("version", Integer, primary_key=True))

articles = Table(
    "articles",
    METADATA,
    _key("id"),
    _said("sha256"),
    Column("path", Text),
    Column("url", Text),
    Column("title", Text),
    Column("publisher", Text),
    Column("published", Text),
    Column("published_from", Text),
    _said("language"),
    Column("key", Text),
    _said("text"),
    _said("kept"),
)

digests = Table(
    "digests",
    METADATA,
    _key("name"),
    _said("path"),
    _said("config"),
    _said("registered"),
    Column("last_due", Text),
)

sources = Table(
    "sources",
    METADATA,
    _key("digest"),
    _key("source"),
    _said("state"),
    _said("read"),
    Column("read_well", Text),
    _count("failures"),
    Column("problem", Text),
    Column("stale", Boolean, nullable=False, server_default=text("false")),
)
"""What is remembered of each source, and how its last reading ended."""

inbox = Table(
    "inbox",
    METADATA,
    _key("digest"),
    _key("article"),
    _said("source"),
    Column("edition", Text),
    _said("arrived"),
    Index("inbox_edition", "digest", "edition"),
)
"""Articles that a digest has read; ``edition`` is None until one takes them up."""

stories = Table(
    "stories",
    METADATA,
    _key("digest"),
    _key("id"),
    _said("title"),
    _said("first"),
    _said("last"),
    _count("told"),
)
"""What a digest has found so far. ``first`` and ``last``: days; ``told``: in how many editions."""

story_articles = Table(
    "story_articles",
    METADATA,
    _key("digest"),
    _key("article"),
    _said("story"),
    _said("edition"),
    Index("story_articles_story", "digest", "story"),
)

facts = Table(
    "facts",
    METADATA,
    _key("edition"),
    Column("number", Integer, primary_key=True),
    _said("digest"),
    _said("story"),
    _said("text"),
    _said("language"),
    Column("article", Text),
    Column("told", Boolean, nullable=False),
    Index("facts_story", "digest", "story"),
)
"""What an edition's stories said and what their sources said, sentence by sentence: the memory by
which a later edition knows what is new."""

editions = Table(
    "editions",
    METADATA,
    _key("id"),
    _said("digest"),
    Column("number", Integer, nullable=False),
    _said("due"),
    _said("opened"),
    Column("finished", Text),
    _count("attempt"),
    Column("kind", Text),
    Column("edition", Text),
    Column("cost_usd", Float),
    Index("editions_digest", "digest", "number"),
    Index(
        "editions_open",
        "digest",
        unique=True,
        sqlite_where=text("finished IS NULL"),
        postgresql_where=text("finished IS NULL"),
    ),
)
"""``edition``: the JSON of an `Edition`, once it is written. A digest has one open at a time."""

deliveries = Table(
    "deliveries",
    METADATA,
    _key("edition"),
    _key("recipient"),
    _said("digest"),
    _said("delivery"),
    Column("payload", LargeBinary, nullable=False),
    _said("state"),
    _count("attempts"),
    Column("owner", Text),
    Column("reply", Text),
    Column("problem", Text),
    _said("changed"),
    _said("retry"),
    Index("deliveries_state", "state"),
)

briefings = Table(
    "briefings",
    METADATA,
    _key("id"),
    _said("title"),
    _said("created"),
    _said("briefing"),
    _said("words"),
    Column("digest", Text),
    Column("edition", Text),
    Index("briefings_created", "created"),
)
"""``words``: what a search looks through, in lower case."""

jobs = Table(
    "jobs",
    METADATA,
    _key("id"),
    _said("kind"),
    _said("state"),
    _said("request"),
    Column("result", Text),
    Column("problem", Text),
    _count("cancelled"),
    _said("created"),
    _said("changed"),
    Index("jobs_state", "state"),
)

job_articles = Table(
    "job_articles",
    METADATA,
    _key("job"),
    _key("article"),
    Column("place", Integer, nullable=False),
)

job_events = Table(
    "job_events",
    METADATA,
    _key("job"),
    Column("number", Integer, primary_key=True),
    _said("at"),
    _said("kind"),
    _said("data"),
)

idempotency = Table(
    "idempotency",
    METADATA,
    _key("key"),
    _said("fingerprint"),
    _said("job"),
    _said("created"),
)


def stamp(when: datetime) -> str:
    """The instant as it is stored.

    >>> stamp(datetime(2026, 11, 21, 7, tzinfo=UTC))
    '2026-11-21T07:00:00.000000+00:00'
    """
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def instant(stored: str) -> datetime:
    """The instant that `stamp` stored."""
    return datetime.fromisoformat(stored)
