"""The command with a model, from one end to the other, against a server on this machine."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.briefing import Briefing
from summarizer.cli.main import main
from summarizer.rendering.json import parse_briefing
from tests.articles import SEEDS, seeds
from tests.chain.authors import plain, responding, step_of
from tests.chain.recording import MODEL, RECORDING
from tests.models.server import Answer, Server

WRITER = "openai/gpt-4o-mini"
SECRET = "sk-local-0123456789"  # noqa: S105
CALLS = 3
"""Two stories and the synopsis."""


@pytest.fixture
def server(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    monkeypatch.chdir(SEEDS.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("SUMMARIZER_API_KEY", SECRET)
    server.respond = responding(plain)
    return server


def command(server: Server, *more: str) -> list[str]:
    asked = ["brief", "seeds", "--model", WRITER, "--api-base", f"{server.url}/v1"]
    return [*asked, "--format", "json", *more]


def run(
    server: Server, capsys: pytest.CaptureFixture[str], *more: str, code: int = 0
) -> tuple[Briefing, str]:
    assert main(command(server, *more)) == code
    shown = capsys.readouterr()
    return parse_briefing(shown.out), shown.err


def test_the_model_writes_the_briefing(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    briefing, said = run(server, capsys)
    assert said == "", "progress is for terminals"
    assert briefing.writer == WRITER
    assert briefing.report.model_calls == len(server.seen) == CALLS
    assert (briefing.report.cost_usd or 0) > 0
    plans = {(done.step, done.plan) for done in briefing.activities if done.agent == WRITER}
    assert {step for step, _ in plans} == {"write", "lead"}
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


@pytest.mark.usefixtures("reads_first")
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


def test_a_warm_run_loads_no_litellm_and_no_chain(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    run(server, capsys)
    assert loaded(*command(server, "--verbose")).isdisjoint(HEAVY)
    assert loaded(*command(server)).isdisjoint(HEAVY | {"tantivy", "summarizer.pipeline"})


def test_a_replay_loads_no_litellm() -> None:
    asked = ["brief", "seeds", "--model", MODEL, "--replay", str(RECORDING)]
    assert loaded(*asked).isdisjoint(HEAVY)


HEAVY = {"litellm", "openai", "tenacity"}


def loaded(*arguments: str) -> set[str]:
    """Every module that a run loads, and the package it is a part of: a part is enough."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "summarizer", *arguments],
        cwd=SEEDS.parent, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "summarizer.cli.brief" in names
    return names | {name.partition(".")[0] for name in names}


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
    briefing, said = run(server, capsys, "--max-tokens", "1", code=3)
    (notice,) = said.splitlines()
    assert notice.startswith("summarizer: All 2 stories are in the sources’ own sentences")
    assert server.seen == []
    assert {sentence.method for sentence in briefing.all_sentences()} == {"extracted"}
    assert any("max_tokens=" in found.detail for found in briefing.findings)


def test_a_price_that_nobody_knows_cannot_be_bounded(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = command(server, "--max-cost", "1")
    assert main([arg.replace(WRITER, "openai/unheard-of") for arg in asked]) == 2
    assert "a bound on tokens works for any model" in capsys.readouterr().err


def test_one_line_is_logged_per_call_and_holds_no_secret(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = run(server, capsys, "--verbose")
    rows = [json.loads(line) for line in said.splitlines()]
    assert len(rows) == CALLS
    assert {row["step"] for row in rows} == {"write", "lead"}
    counted = {"tokens_in", "tokens_out", "tokens_kept", "cost_usd"}
    assert all(row.keys() == {"step", "model", "seconds", "cached"} | counted for row in rows)
    _, again = run(server, capsys, "--verbose")
    assert [json.loads(line)["cached"] for line in again.splitlines()] == [True] * CALLS
    assert SECRET not in said
    assert not any(word in said for article in seeds() for word in article.text.split()[:5])


def test_prompts_of_ones_own_are_used_and_checked(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "prompts"
    mine.mkdir()
    ours = (SEEDS.parent / "prompts" / "write.md").read_text(encoding="utf-8")
    (mine / "write.md").write_text(ours.replace("# User\n", "# User\nMind the gap.\n"), "utf-8")
    run(server, capsys, "--prompts", str(mine))
    assert any("Mind the gap." in str(seen.body) for seen in server.seen)
    (mine / "write.md").write_text(ours.replace("$articles", "$artikel"), "utf-8")
    assert main(command(server, "--prompts", str(mine))) == 2
    assert "$artikel is used, but not declared" in capsys.readouterr().err


def test_a_language_must_be_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(server, "--language", "klingon")) == 2
    assert "--language" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:8000", "file:///etc/passwd", "http://"])
def test_an_address_must_be_one(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", "seeds", "--model", WRITER, "--api-base", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"summarizer: --api-base: is not an address: {address!r}")


def test_money_bounds_a_model_whose_price_is_known(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing, _ = run(server, capsys, "--max-cost", "0.000001", code=3)
    assert server.seen == []
    assert any("of max_cost=" in found.detail for found in briefing.findings)


def test_a_damaged_cache_begins_afresh_and_the_briefing_comes(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = run(server, capsys)
    (database,) = tmp_path.rglob("cache.db")
    for leftover in database.parent.iterdir():
        leftover.write_bytes(b"not a database" * 100)
    second, said = run(server, capsys)
    assert second.stories == first.stories
    assert "the cache was damaged; a new one is used" in said
    assert len(server.seen) == 2 * CALLS


def test_a_server_that_never_answers_is_not_waited_for(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.respond = lambda _: Answer(delay=60)
    assert main(command(server, "--no-cache", "--timeout", "0.2", "--require-model")) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert "no answer came in time" in line
    assert "asked 3 times" in line
    assert "--timeout" in line


def test_no_secret_is_kept(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(server, capsys)
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"choices" not in kept, "answers, and nothing of the wire"
    assert b"headline" in kept
    assert SECRET.encode() not in kept
