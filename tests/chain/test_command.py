"""The command with a model, from one end to the other, against a server on this machine."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.briefings import Briefing
from summarizer.cli.main import main
from summarizer.rendering.interchange import parse
from tests.articles import SEEDS, seeds
from tests.chain.authors import plain, responding, step_of
from tests.chain.recording import MODEL, RECORDING
from tests.models.server import Server, serve

WRITER = "openai/gpt-4o-mini"
SECRET = "sk-local-0123456789"  # noqa: S105
CALLS = 7
"""Five sources and two stories."""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serve() as server:
        server.respond = responding(plain)
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    monkeypatch.chdir(SEEDS.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("SUMMARIZER_API_KEY", SECRET)
    running.seen.clear()
    return running


def command(server: Server, *more: str) -> list[str]:
    asked = ["brief", "seeds", "--model", WRITER, "--api-base", f"{server.url}/v1"]
    return [*asked, "--format", "json", *more]


def run(server: Server, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[Briefing, str]:
    assert main(command(server, *more)) == 0
    shown = capsys.readouterr()
    return parse(shown.out), shown.err


def test_the_model_writes_the_briefing(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    briefing, said = run(server, capsys)
    assert said == "", "progress is for terminals"
    assert briefing.writer == WRITER
    assert briefing.report.model_calls == len(server.seen) == CALLS
    assert (briefing.report.cost_usd or 0) > 0
    plans = {(done.step, done.plan) for done in briefing.activities if done.agent == WRITER}
    assert {step for step, _ in plans} == {"facts", "write"}
    assert all(re.fullmatch("[0-9a-f]{64}", plan or "") for _, plan in plans)


def test_the_second_run_asks_nothing_and_says_the_same(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = run(server, capsys)
    second, _ = run(server, capsys)
    assert len(server.seen) == CALLS
    assert second.stories == first.stories
    assert (second.report.model_calls, second.report.cached_calls) == (0, CALLS)
    assert second.report.cost_usd == 0


def test_a_new_article_is_the_only_one_that_is_read(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(server, capsys)
    server.seen.clear()
    (tmp_path / "new.txt").write_text(
        "The council of Bern adopted a budget of two billion francs on Monday evening.\n"
        "The mayor of Bern, Anna Keller, welcomed the vote of the council as a relief.\n",
        encoding="utf-8",
    )
    assert main(["brief", str(tmp_path / "new.txt"), *command(server)[1:]]) == 0
    assert [step_of(seen) for seen in server.seen].count("facts") == 1
    capsys.readouterr()


def test_without_the_cache_every_run_asks(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for _ in range(2):
        run(server, capsys, "--no-cache")
    assert len(server.seen) == 2 * CALLS
    assert list(tmp_path.iterdir()) == []


def test_a_warm_run_loads_no_litellm(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    run(server, capsys)
    assert not loads_litellm(*command(server))


def test_a_replay_loads_no_litellm() -> None:
    assert not loads_litellm("brief", "seeds", "--model", MODEL, "--replay", str(RECORDING))


def loads_litellm(*arguments: str) -> bool:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "summarizer", *arguments],
        cwd=SEEDS.parent, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = (line.rpartition("|")[2].strip() for line in ran.stderr.splitlines())
    loaded = {name.partition(".")[0] for name in names}  # a part that is loaded is enough
    assert "summarizer" in loaded
    return not loaded.isdisjoint({"litellm", "openai", "tenacity"})


def test_a_recorded_run_is_replayed_byte_for_byte_without_key_or_server(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "run.jsonl")
    first, _ = run(server, capsys, "--record", file)
    server.seen.clear()
    assert SECRET not in Path(file).read_text(encoding="utf-8")
    again, _ = run(server, capsys, "--replay", file)
    assert server.seen == []
    assert again.model_dump(exclude={"created"}) == first.model_dump(exclude={"created"})


def test_a_request_that_was_not_recorded_is_one_line(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["brief", "seeds", "--model", MODEL, "--replay", str(RECORDING), "--focus", "soybeans"]
    assert main(asked) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert "record the run anew" in line
    assert server.seen == []


def test_what_the_budget_leaves_is_written_without_the_model(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing, _ = run(server, capsys, "--max-tokens", "1")
    assert server.seen == []
    assert {sentence.method for sentence in briefing.told()} == {"extracted"}
    assert any("--max-tokens" in found.detail for found in briefing.findings)


def test_a_price_that_nobody_knows_cannot_be_bounded(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = command(server, "--max-cost", "1")
    assert main([arg.replace(WRITER, "openai/unheard-of") for arg in asked]) == 2
    assert "--max-tokens bounds any model" in capsys.readouterr().err


def test_one_line_is_logged_per_call_and_holds_no_secret(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = run(server, capsys, "--verbose")
    rows = [json.loads(line) for line in said.splitlines()]
    assert len(rows) == CALLS
    assert {row["step"] for row in rows} == {"facts", "write"}
    keys = {"step", "model", "seconds", "tokens_in", "tokens_out", "cost_usd", "cached"}
    assert all(row.keys() == keys for row in rows)
    assert SECRET not in said
    assert not any(word in said for article in seeds() for word in article.text.split()[:5])


def test_prompts_of_ones_own_are_used_and_checked(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "prompts"
    mine.mkdir()
    ours = (SEEDS.parent / "prompts" / "facts.md").read_text(encoding="utf-8")
    (mine / "facts.md").write_text(ours.replace("# User\n", "# User\nMind the gap.\n"), "utf-8")
    run(server, capsys, "--prompts", str(mine))
    assert any("Mind the gap." in str(seen.body) for seen in server.seen)
    (mine / "facts.md").write_text(ours.replace("$article", "$artikel"), "utf-8")
    assert main(command(server, "--prompts", str(mine))) == 2
    assert "$artikel is used, but not declared" in capsys.readouterr().err


def test_a_language_must_be_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(server, "--language", "klingon")) == 2
    assert "--language" in capsys.readouterr().err
