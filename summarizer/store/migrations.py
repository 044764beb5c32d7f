"""The store's versions, each a step from the one before; applied in one transaction.

A step that has been released is never changed: a new one is added at the end.
"""

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, inspect, select

from summarizer.errors import StoreError
from summarizer.store.tables import METADATA, version

__all__ = ["VERSION", "migrate"]

Step = Callable[[Connection], None]


def _first(connection: Connection) -> None:
    METADATA.create_all(connection)


STEPS: tuple[Step, ...] = (_first,)

VERSION = len(STEPS)


def migrate(connection: Connection, name: str) -> None:
    """Brings the store to VERSION. Raises StoreError for one that a newer program wrote."""
    found = _found(connection)
    if found > VERSION:
        raise StoreError(
            f"was written by a newer version (store {found}, this program knows {VERSION})",
            subject=name,
            hint="update summarizer, or name another store",
        )
    if found == VERSION:
        return
    for step in STEPS[found:]:
        step(connection)
    connection.execute(delete(version))
    connection.execute(insert(version).values(version=VERSION))


def _found(connection: Connection) -> int:
    if not inspect(connection).has_table(version.name):
        return 0
    return connection.execute(select(version.c.version)).scalar() or 0
