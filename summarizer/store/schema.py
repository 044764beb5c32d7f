"""The tables of the store, and the migrations that create and change them.

Instants are ISO 8601 in UTC to the microsecond, of one length, so that text order is time order.
A released migration is never changed; a new one is added at the end.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    text,
)

from summarizer.errors import StoreError

__all__ = [
    "METADATA",
    "SCHEMA_VERSION",
    "article_table",
    "briefing_table",
    "decode_instant",
    "decode_stored",
    "delivery_table",
    "digest_table",
    "edition_table",
    "encode_instant",
    "fact_table",
    "idempotency_table",
    "inbox_table",
    "job_article_table",
    "job_event_table",
    "job_table",
    "migrate_schema",
    "source_table",
    "story_article_table",
    "story_table",
    "version_table",
]

METADATA = MetaData()


def _key_column(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text_column(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _counter_column(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


version_table = Table("store_version", METADATA, Column("version", Integer, primary_key=True))

article_table = Table(
    "articles",
    METADATA,
    _key_column("id"),
    _text_column("sha256"),
    Column("path", Text),
    Column("url", Text),
    Column("title", Text),
    Column("publisher", Text),
    Column("published", Text),
    Column("published_from", Text),
    _text_column("language"),
    Column("key", Text),
    _text_column("text"),
    _text_column("kept"),
    Column("kind", Text),
)

digest_table = Table(
    "digests",
    METADATA,
    _key_column("name"),
    _text_column("path"),
    _text_column("config"),
    _text_column("registered"),
    Column("last_due", Text),
)

source_table = Table(
    "sources",
    METADATA,
    _key_column("digest"),
    _key_column("source"),
    _text_column("state"),
    _text_column("read"),
    _counter_column("failures"),
    Column("problem", Text),
    Column("stale", Boolean, nullable=False, server_default=text("false")),
)
"""The state of each source, and how its last reading went."""

inbox_table = Table(
    "inbox",
    METADATA,
    _key_column("digest"),
    _key_column("article"),
    _text_column("source"),
    Column("edition", Text),
    _text_column("arrived"),
    Index("inbox_edition", "digest", "edition"),
)
"""Articles that a digest has read; ``edition`` is None until one claims them."""

story_table = Table(
    "stories",
    METADATA,
    _key_column("digest"),
    _key_column("id"),
    _text_column("title"),
    _text_column("first"),
    _text_column("last"),
    _counter_column("told"),
)
"""The stories of a digest. ``first`` and ``last``: days; ``told``: the number of editions."""

story_article_table = Table(
    "story_articles",
    METADATA,
    _key_column("digest"),
    _key_column("article"),
    _text_column("story"),
    _text_column("edition"),
    Index("story_articles_story", "digest", "story"),
)

fact_table = Table(
    "facts",
    METADATA,
    _key_column("edition"),
    Column("number", Integer, primary_key=True),
    _text_column("digest"),
    _text_column("story"),
    _text_column("text"),
    _text_column("language"),
    Column("article", Text),
    Column("told", Boolean, nullable=False),
    Index("facts_story", "digest", "story"),
)
"""The sentences of an edition's stories and of their sources, from which a later edition knows what
is new."""

edition_table = Table(
    "editions",
    METADATA,
    _key_column("id"),
    _text_column("digest"),
    Column("number", Integer, nullable=False),
    _text_column("due"),
    _text_column("opened"),
    Column("finished", Text),
    _counter_column("attempt"),
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
"""``edition``: the JSON of an `Edition`, once written. A digest has one unfinished at a time."""

delivery_table = Table(
    "deliveries",
    METADATA,
    _key_column("edition"),
    _key_column("recipient"),
    _text_column("digest"),
    _text_column("delivery"),
    Column("payload", LargeBinary, nullable=False),
    _text_column("state"),
    _counter_column("attempts"),
    Column("owner", Text),
    Column("reply", Text),
    Column("problem", Text),
    _text_column("changed"),
    _text_column("retry"),
    Index("deliveries_state", "state"),
)

briefing_table = Table(
    "briefings",
    METADATA,
    _key_column("id"),
    _text_column("title"),
    _text_column("created"),
    _text_column("briefing"),
    _text_column("words"),
    Column("digest", Text),
    Column("edition", Text),
    Index("briefings_created", "created"),
)
"""``words``: the text that is searched, in lower case."""

job_table = Table(
    "jobs",
    METADATA,
    _key_column("id"),
    _text_column("kind"),
    _text_column("state"),
    _text_column("request"),
    Column("result", Text),
    Column("problem", Text),
    _counter_column("cancelled"),
    _text_column("created"),
    _text_column("changed"),
    Index("jobs_state", "state"),
)

job_article_table = Table(
    "job_articles",
    METADATA,
    _key_column("job"),
    _key_column("article"),
    Column("place", Integer, nullable=False),
)

job_event_table = Table(
    "job_events",
    METADATA,
    _key_column("job"),
    Column("number", Integer, primary_key=True),
    _text_column("at"),
    _text_column("kind"),
    _text_column("data"),
)

idempotency_table = Table(
    "idempotency",
    METADATA,
    _key_column("key"),
    _text_column("fingerprint"),
    _text_column("job"),
    _text_column("created"),
)


def encode_instant(when: datetime) -> str:
    """The instant as it is stored.

    >>> encode_instant(datetime(2026, 11, 21, 7, tzinfo=UTC))
    '2026-11-21T07:00:00.000000+00:00'
    """
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def decode_instant(stored: str) -> datetime:
    """The instant that `encode_instant` encoded."""
    return datetime.fromisoformat(stored)


Stored = TypeVar("Stored")


def decode_stored(decode: Callable[[str], Stored], text: str, subject: str) -> Stored:
    """The value of a stored JSON text. Raises StoreError when this version cannot read it."""
    try:
        return decode(text)
    except ValueError as error:
        raise StoreError(
            "was stored by another version", subject=subject, hint="update summarizer"
        ) from error


def _add_article_kind(connection: Connection) -> None:
    """Adds the kind of an article, which a store that was just created has."""
    columns = {column["name"] for column in inspect(connection).get_columns("articles")}
    if "kind" not in columns:
        connection.execute(text("ALTER TABLE articles ADD COLUMN kind TEXT"))


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (METADATA.create_all, _add_article_kind)

SCHEMA_VERSION = len(MIGRATIONS)


def migrate_schema(connection: Connection, name: str) -> None:
    """Brings the store to SCHEMA_VERSION.

    Raises StoreError for one that a newer program wrote, and for another program's SQLite file;
    both are left as they are.
    """
    tables = inspect(connection).get_table_names()
    version = 0
    if version_table.name in tables:
        version = connection.execute(select(version_table.c.version)).scalar() or 0
    elif tables and connection.dialect.name == "sqlite":
        raise StoreError(
            "is the database of another program", subject=name, hint="name another file"
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"was written by a newer version (schema {version}, this program knows up to"
            f" {SCHEMA_VERSION})",
            subject=name,
            hint="update summarizer, or name another store",
        )
    if version == SCHEMA_VERSION:
        return
    for migrate in MIGRATIONS[version:]:
        migrate(connection)
    connection.execute(delete(version_table))
    connection.execute(insert(version_table).values(version=SCHEMA_VERSION))
