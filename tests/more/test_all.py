"""Everything, as `pip install 'citably[all]'` makes it today, without the versions CI pins."""

import json
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.models.server import Answer, Server
from tests.more.environments import ROOT, Environment
from tests.web.served import FIRE

pytestmark = pytest.mark.more

SEEDS = ROOT / "seeds"

DIGEST = """
name = "world"
title = "World"
timezone = "UTC"
schedule = "0 6 * * *"

[sources]
folders = ["incoming"]

[[deliveries]]
kind = "file"
path = "edition.md"
"""

ASK_TOOL = """
import asyncio, sys
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

async def ask():
    server = StdioServerParameters(command=sys.argv[1], args=["mcp"])
    async with Client(stdio_client(server)) as client:
        source = {"text": "A fire destroyed a depot in Bern. Nobody was hurt."}
        arguments = {"text": "Nobody was hurt [1].", "sources": [source]}
        result = await client.call_tool("check_claims", arguments)
        print(result.structured_content["supported"])

asyncio.run(ask())
"""


def test_the_packages_agree_with_each_other(everything: Environment) -> None:
    ran = everything.pip_check()
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    "arguments",
    [("brief", SEEDS), ("stories", SEEDS), ("eval", "gate", "evals/suites"), ("cache", "info")],
    ids=lambda each: str(each[0]),
)
def test_a_command_works(arguments: tuple[str | Path, ...], everything: Environment) -> None:
    ran = everything.run(*arguments, cwd=ROOT)
    assert ran.code == 0, ran.err
    assert "Traceback" not in ran.err


def test_a_digest_is_made_and_delivered(everything: Environment, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "fire.txt").write_text(FIRE["text"], encoding="utf-8")
    (tmp_path / "world.toml").write_text(DIGEST, encoding="utf-8")
    checked = everything.run("digest", "check", "world.toml", cwd=tmp_path)
    assert checked.code == 0, checked.out + checked.err
    made = everything.run("digest", "run", "world.toml", cwd=tmp_path)
    assert made.code == 0, made.out + made.err
    assert "railway depot" in (tmp_path / "edition.md").read_text(encoding="utf-8")


def test_a_model_is_asked(everything: Environment, tmp_path: Path, server: Server) -> None:
    """The real litellm over loopback; what it says is no JSON, so the sources' words are taken."""
    server.respond = lambda _: Answer()
    ran = everything.run(
        "brief", SEEDS, "--model", "openai/some", "--api-base", f"{server.url}/v1", "--no-cache",
        "--concurrency", "2", cwd=tmp_path, SUMMARIZER_API_KEY="none",
    )  # fmt: skip
    assert server.seen, ran.err
    assert "Traceback" not in ran.err


def test_an_assistant_checks_a_claim(everything: Environment, tmp_path: Path) -> None:
    program = tmp_path / "ask.py"
    program.write_text(ASK_TOOL, encoding="utf-8")
    command = everything.folder / "bin" / "summarizer"
    ran = everything.script(
        f"import runpy, sys; sys.argv[1:] = [{str(command)!r}]; runpy.run_path({str(program)!r})",
        tmp_path,
    )
    assert (ran.code, ran.out.strip()) == (0, "1"), ran.err


def test_the_service_answers(everything: Environment, tmp_path: Path) -> None:
    program = str(everything.folder / "bin" / "summarizer")
    command = [program, "serve", "--port", "0", "--mcp", "--store", str(tmp_path / "store.db")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stderr
            line = serving.stderr.readline()
            address = line.partition("reading at ")[2].partition(",")[0]
            assert address, line
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                answer = httpx.get(f"{address}api/v1/health", timeout=30)
                if answer.status_code == 200:
                    break
            assert json.loads(answer.text)
            assert httpx.get(address, timeout=30).status_code == 200
            assert httpx.get(f"{address}mcp", timeout=30).status_code == 405
        finally:
            serving.terminate()
