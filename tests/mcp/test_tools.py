"""The tools as an assistant uses them: through the official client, over stdio and over HTTP."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
import httpx2
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from summarizer.mcp.answers import MAX_ANSWER_CHARS
from summarizer.store.database import Database, open_store
from summarizer.store.editions import RegisteredDigest, open_edition, register_digest
from summarizer.store.story_history import StoryFact, StoryRecord, save_edition
from summarizer.web.service import ServiceConfig
from summarizer.web.tokens import single_token
from tests.editions import edition
from tests.web.served import Served, served

FIRE = {
    "title": "Fire in Bern",
    "text": "A fire destroyed a railway depot in Bern on Monday evening, police said. Twelve "
    "people were injured, two of them seriously. The depot was built in 1967 by the railway "
    "company.",
}
DRAFT = "The depot was built in 1967 by the railway company [1]. Nineteen people were injured [1]."
TOKEN = "t" * 32
TOOLS = {"check_claims", "brief", "ask", "search_editions", "get_edition", "story"}
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)

T = TypeVar("T")
Connect = Callable[[], AbstractAsyncContextManager[Client]]


class Answer(NamedTuple):
    failed: bool
    text: str
    value: Mapping[str, Any]


def run(answer: Coroutine[Any, Any, T]) -> T:
    """What it returns. In a thread of its own: litellm leaves a loop in the main one, which
    `asyncio.run` would drop there unclosed."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answer).result()


def call(connect: Connect, tool: str, **arguments: object) -> Answer:
    """What one call of a tool returns."""

    async def ask() -> Answer:
        async with connect() as client:
            result: Any = await client.call_tool(tool, arguments)
            text = "".join(getattr(each, "text", "") for each in result.content)
            return Answer(bool(result.is_error), text, result.structured_content or {})

    return run(asyncio.wait_for(ask(), timeout=60))


def over_stdio(store: str, *options: str) -> Connect:
    """A client of ``summarizer mcp``, started anew for each connection."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    command = ["-m", "summarizer", "mcp", "--store", store, *options]
    server = StdioServerParameters(command=sys.executable, args=command, env=environment)
    return lambda: Client(stdio_client(server))


def over_http(service: Served) -> Connect:
    """A client of the service's /mcp, with its token."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[Client]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            address = f"{service.base}/mcp"
            async with Client(streamable_http_client(address, http_client=http)) as client:
                yield client

    return connect


def fill(database: Database) -> None:
    """Stores one edition, whose second story is known from before."""
    register_digest(database, RegisteredDigest("world", "world.toml", "{}"), NOW)
    record = open_edition(database, "world", NOW, NOW)
    made = edition(id=record.id, number=record.number, due=NOW, created=NOW)
    story = StoryRecord("t-0123456789ab", "Call", NOW.date(), NOW.date(), 1, ("a-1",))
    told = StoryFact(story.id, "Trump and Xi spoke by phone.", "en", told=True)
    assert save_edition(database, made, [story], [told], NOW)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = str(tmp_path_factory.mktemp("store") / "store.db")
    with closing(open_store(file)) as database:
        fill(database)
    return file


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    config = ServiceConfig(mcp=True, tokens=single_token(TOKEN), max_body_bytes=200_000)
    with served(tmp_path_factory.mktemp("service"), config) as running:
        fill(running.service.database)
        yield running


@pytest.fixture(scope="module", params=["stdio", "http"])
def connect(request: pytest.FixtureRequest, store: str, service: Served) -> Connect:
    return over_stdio(store) if request.param == "stdio" else over_http(service)


def test_all_tools_are_read_only(connect: Connect) -> None:
    async def ask() -> dict[str, Any]:
        async with connect() as client:
            listed: Any = await client.list_tools()
            return {each.name: each.annotations.read_only_hint for each in listed.tools}

    assert run(ask()) == dict.fromkeys(TOOLS, True)


def test_claims_are_checked(connect: Connect) -> None:
    answer = call(connect, "check_claims", text=DRAFT, sources=[FIRE])
    assert not answer.failed, answer.text
    assert [each["verdict"] for each in answer.value["claims"]] == ["supported", "contradicted"]
    right = answer.value["claims"][0]["evidence"][0]
    assert right["source"] == "Fire in Bern"
    assert FIRE["text"][right["start"] : right["end"]] == right["quote"]
    assert answer.value["cut"] == ""


def test_a_briefing_cites_its_sources(connect: Connect) -> None:
    answer = call(connect, "brief", sources=[FIRE], words=60)
    assert not answer.failed, answer.text
    sentences = [each for story in answer.value["stories"] for each in story["sentences"]]
    assert sentences
    assert all(each["evidence"] for each in sentences)


def test_a_question_is_answered_from_stored_articles(connect: Connect) -> None:
    nothing = call(connect, "ask", question="How tall is the Eiffel Tower?")
    assert (nothing.failed, nothing.value["said"], nothing.value["stories"]) == (False, False, [])
    refused = call(connect, "ask", question=" ")
    assert refused.failed
    assert refused.text.endswith("question: is empty")


def test_editions_are_found_and_read(connect: Connect) -> None:
    found = call(connect, "search_editions", query="phone call with Xi Jinping")
    assert found.value["searched"] == 1, found.text
    assert found.value["hits"][0]["edition"] == "world/1"
    read = call(connect, "get_edition", edition="world/1")
    assert [each["id"] for each in read.value["stories"]] == ["st-november", "st-june"]
    assert read.value["first_line"].startswith("Incomplete")
    story = call(connect, "story", story="t-0123456789ab")
    assert story.value["sentences"][0]["text"] == "Trump and Xi spoke by phone."


@pytest.mark.parametrize(
    ("source", "cure"),
    [
        ({"path": "/etc/passwd"}, "this server reads no files (send the text, or"),
        ({"url": "http://127.0.0.1/"}, "this server fetches no web pages (send the text, or"),
        ({"text": " "}, "has no text"),
    ],
)
def test_files_and_pages_are_refused(source: dict[str, str], cure: str, connect: Connect) -> None:
    answer = call(connect, "check_claims", text=DRAFT, sources=[FIRE, source])
    assert answer.failed
    assert f"sources[2]: {cure}" in answer.text
    assert "\n" not in answer.text


def test_an_unknown_edition_is_one_line(connect: Connect) -> None:
    answer = call(connect, "get_edition", edition="mars/4")
    assert answer.failed
    assert answer.text.endswith("mars/4: no such edition (see digest history)")


def test_only_files_in_allowed_folders_are_read(tmp_path: Path) -> None:
    allowed, outside = tmp_path / "in", tmp_path / "out.txt"
    allowed.mkdir()
    (allowed / "fire.txt").write_text(FIRE["text"], encoding="utf-8")
    (allowed / "link.txt").symlink_to(outside)
    outside.write_text(FIRE["text"], encoding="utf-8")
    connect = over_stdio(str(tmp_path / "none.db"), "--allow-files", str(allowed))

    async def ask() -> list[tuple[bool, str]]:
        async with connect() as client:
            outcomes = []
            for name in ("in/fire.txt", "in/link.txt", "in/../out.txt", "in/none.txt", "in"):
                sources = [{"path": str(tmp_path / name)}]
                result: Any = await client.call_tool(
                    "check_claims", {"text": DRAFT, "sources": sources}
                )
                outcomes.append((bool(result.is_error), result.content[0].text))
            return outcomes

    (read, link, up, none, folder) = run(asyncio.wait_for(ask(), timeout=60))
    assert not read[0], read[1]
    for refused in (link, up):
        assert refused[1].endswith("is outside the folders that this server may read")
    for refused in (none, folder):
        assert refused[1].endswith("is not a file")


def test_a_long_answer_says_that_it_was_cut(store: str) -> None:
    draft = " ".join(f"Depot number {n} in Bern was destroyed by a fire [1]." for n in range(400))
    answer = call(over_stdio(store), "check_claims", text=draft, sources=[FIRE])
    assert answer.value["sentences"] == 400
    kept = len(answer.value["claims"])
    assert 20 < kept < 400
    assert answer.value["cut"].startswith(f"{kept} of 400 claims are in this answer")
    assert MAX_ANSWER_CHARS / 2 < len(answer.text) < 2 * MAX_ANSWER_CHARS


def test_50_megabytes_are_refused_in_one_line(store: str) -> None:
    answer = call(over_stdio(store), "check_claims", text="x" * 50_000_000, sources=[FIRE])
    assert answer.failed
    assert "has 50,000,000 characters; at most 100,000 are checked at once" in answer.text
    assert "\n" not in answer.text


def test_the_service_refuses_large_bodies_and_strangers(service: Served) -> None:
    address, token = f"{service.base}/mcp", {"Authorization": f"Bearer {TOKEN}"}
    large = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"x": "x" * 300_000}}
    assert httpx.post(address, json=large, headers=token).status_code == 413
    assert httpx.post(address, json={}).status_code == 401
    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers=token, timeout=5).status_code == 405
