"""The tables of the store, and the migrations that create and change them.

Instants are ISO 8601 in UTC to the microsecond, of one length, so that text order is time order.
A released migration is never changed; a new one is added at the end.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    TypeDecorator,
    delete,
    insert,
    inspect,
    select,
    text,
)

from summarizer.errors import StoreError

METADATA = MetaData()


class _Encoded(TypeDecorator[Any]):
    """Text, as two functions encode and decode it. What is empty is NULL, and ``empty`` again."""

    impl = Text
    cache_ok = True

    def __init__(
        self, encode: Callable[[Any], str], decode: Callable[[str], object], empty: object = None
    ) -> None:
        super().__init__()
        self.encode, self.decode, self.empty = encode, decode, empty

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return self.encode(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return self.decode(value) if value else self.empty


def encode_instant(when: datetime) -> str:
    """The instant as it is stored.

    >>> encode_instant(datetime(2026, 11, 21, 7, tzinfo=UTC))
    '2026-11-21T07:00:00.000000+00:00'
    """
    return when.astimezone(UTC).isoformat(timespec="microseconds")


INSTANT = _Encoded(encode_instant, datetime.fromisoformat)
_DAY = _Encoded(date.isoformat, date.fromisoformat)
_OPTIONAL_TEXT = _Encoded(str, str, empty="")


def _key_column(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text_column(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _instant_column(name: str) -> Column[datetime]:
    return Column(name, INSTANT, nullable=False)


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
    _instant_column("kept"),
    Column("kind", Text),
    Column("layout", Text),
)

article_stem_table = Table(
    "article_stems",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("article", Text, ForeignKey("articles.id", ondelete="CASCADE"), unique=True),
    _text_column("stems"),
)
"""The content stems of each article that was searched, in order; see `article_search`."""

digest_table = Table(
    "digests",
    METADATA,
    _key_column("name"),
    _text_column("path"),
    _text_column("config"),
    _instant_column("registered"),
    Column("last_due", INSTANT),
)

source_table = Table(
    "sources",
    METADATA,
    _key_column("digest"),
    _key_column("source"),
    _text_column("state"),
    _instant_column("read"),
    _counter_column("failures"),
    Column("problem", _OPTIONAL_TEXT),
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
    _instant_column("arrived"),
    Index("inbox_edition", "digest", "edition"),
)
"""Articles that a digest has read; ``edition`` is None until one claims them."""

story_table = Table(
    "stories",
    METADATA,
    _key_column("digest"),
    _key_column("id"),
    _text_column("title"),
    Column("first", _DAY, nullable=False),
    Column("last", _DAY, nullable=False),
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
    Column("article", _OPTIONAL_TEXT),
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
    _instant_column("due"),
    _instant_column("opened"),
    Column("finished", INSTANT),
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

step_start_table = Table(
    "step_starts",
    METADATA,
    _key_column("edition"),
    _key_column("step"),
    _counter_column("number"),
    _instant_column("first"),
)
"""Starts of an edition's steps that have not ended in an orderly way."""

ended_session_table = Table(
    "ended_sessions",
    METADATA,
    _key_column("sha256"),
    _instant_column("ends"),
)
"""Browser sessions of the service that were signed out before their time."""

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
    Column("owner", _OPTIONAL_TEXT),
    Column("reply", _OPTIONAL_TEXT),
    Column("problem", _OPTIONAL_TEXT),
    _instant_column("changed"),
    _instant_column("retry"),
    Index("deliveries_state", "state"),
)

briefing_table = Table(
    "briefings",
    METADATA,
    _key_column("id"),
    _text_column("title"),
    _instant_column("created"),
    _text_column("briefing"),
    _text_column("words"),
    Column("digest", _OPTIONAL_TEXT),
    Column("edition", _OPTIONAL_TEXT),
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
    Column("result", _OPTIONAL_TEXT),
    Column("problem", _OPTIONAL_TEXT),
    Column("cancelled", Integer, key="cancelling", nullable=False, server_default=text("0")),
    _instant_column("created"),
    _instant_column("changed"),
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
    _instant_column("at"),
    _text_column("kind"),
    _text_column("data"),
)

idempotency_table = Table(
    "idempotency",
    METADATA,
    _key_column("key"),
    _text_column("fingerprint"),
    _text_column("job"),
    _instant_column("created"),
)


Stored = TypeVar("Stored")


def from_row(kind: Callable[..., Stored], row: Row[Any]) -> Stored:
    """A value of a dataclass from the columns that have the names of its fields."""
    names = (field.name for field in fields(kind))  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names})


def decode_stored(decode: Callable[[str], Stored], text: str, subject: str) -> Stored:
    """The value of a stored JSON text. Raises StoreError when this version cannot read it."""
    try:
        return decode(text)
    except ValueError as error:
        raise StoreError(
            "was stored by another version", subject=subject, hint="update summarizer"
        ) from error


def _add_article_column(name: str) -> Callable[[Connection], None]:
    """A migration that adds a text of an article, which a store that was just created has."""

    def add(connection: Connection) -> None:
        columns = {column["name"] for column in inspect(connection).get_columns("articles")}
        if name not in columns:
            connection.execute(text(f"ALTER TABLE articles ADD COLUMN {name} TEXT"))

    return add


_FTS5_STATEMENTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS article_index USING fts5(stems, content='article_stems',"
    " content_rowid='number', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER IF NOT EXISTS article_stems_added AFTER INSERT ON article_stems BEGIN"
    " INSERT INTO article_index(rowid, stems) VALUES (new.number, new.stems); END",
    "CREATE TRIGGER IF NOT EXISTS article_stems_removed AFTER DELETE ON article_stems BEGIN"
    " INSERT INTO article_index(article_index, rowid, stems)"
    " VALUES ('delete', old.number, old.stems); END",
)
_TSVECTOR_STATEMENTS = (
    "ALTER TABLE article_stems ADD COLUMN IF NOT EXISTS terms tsvector"
    " GENERATED ALWAYS AS (array_to_tsvector(string_to_array(stems, ' '))) STORED",
    "CREATE INDEX IF NOT EXISTS article_stems_terms ON article_stems USING gin (terms)",
)


def _add_article_index(connection: Connection) -> None:
    """Adds the index of the articles' words, which is filled when it is first searched."""
    article_stem_table.create(connection, checkfirst=True)
    is_file = connection.dialect.name == "sqlite"
    for statement in _FTS5_STATEMENTS if is_file else _TSVECTOR_STATEMENTS:
        connection.execute(text(statement))


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    METADATA.create_all,
    _add_article_column("kind"),
    METADATA.create_all,  # creates the tables that are missing: step_starts
    _add_article_index,
    _add_article_column("layout"),
    METADATA.create_all,  # ended_sessions
)

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
