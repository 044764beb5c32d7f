"""Each test of the store runs on both kinds of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from summarizer.store.database import Database, open_store, store_url
from tests import postgres


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    served: str = request.getfixturevalue("served")
    name = f"t{uuid4().hex[:12]}"
    engine = create_engine(store_url(served), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sql(f"CREATE DATABASE {name}"))
    engine.dispose()
    return served.replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(store: str) -> Iterator[Database]:
    opened = open_store(store)
    yield opened
    opened.close()
