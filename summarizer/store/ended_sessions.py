"""The browser sessions that ended before their time, because somebody signed out.

Sessions are signed and not stored; so what must be kept of one is that it does not count any more.
"""

from datetime import datetime

from sqlalchemy import delete, select

from summarizer.sources.articles import sha256_hex
from summarizer.store.database import Database
from summarizer.store.schema import ended_session_table


def end_session(database: Database, session: str, ends: datetime, now: datetime) -> None:
    """Ends the session, which would end by itself at ``ends``; forgets those that have."""
    row = {"sha256": sha256_hex(session), "ends": ends}
    with database.transaction() as connection:
        connection.execute(delete(ended_session_table).where(ended_session_table.c.ends < now))
        database.insert_rows(connection, ended_session_table, [row])


def has_ended(database: Database, session: str) -> bool:
    """Whether the session was ended before its time."""
    ended = ended_session_table.c.sha256
    return database.fetch_first(select(ended).where(ended == sha256_hex(session))) is not None
