"""One profile for all property tests: the same examples on every run, no clock. One server that
speaks the protocols of models, for all tests that ask one.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.models.server import SECRET, Answer, Server, serve

os.environ["SUMMARIZER_HISTORY"] = "off"  # the runs of tests are no one's

settings.register_profile("summarizer", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("summarizer")


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, asked nothing yet. No key is set but Anthropic's."""
    for name in list(os.environ):
        if name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    running.answers.clear()
    running.seen.clear()
    running.respond = lambda _: Answer()
    return running


@pytest.fixture
def reads_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every story is too large for one call."""
    monkeypatch.setattr("summarizer.writing.scheduler.fits_one_call", lambda _: False)
