import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.cli.io import ProgressLine
from summarizer.cli.main import main
from summarizer.errors import ModelRefused
from summarizer.models.middleware import OnCall, WatchedModel
from summarizer.models.replay import ScriptedModel, ScriptedReply
from tests.articles import SEEDS
from tests.models.asking import ask, say
from tests.models.server import Answer, serve

ALONE = [
    ["--api-base", "http://127.0.0.1:9"],
    ["--judge-model", "openai/gpt-4o-mini"],
    ["--max-cost", "1"],
    ["--max-tokens", "1000"],
    ["--concurrency", "2"],
    ["--rate-limit", "2"],
    ["--timeout", "2"],
    ["--record", "run.jsonl"],
    ["--replay", "run.jsonl"],
    ["--prompts", "mine"],
    ["--language", "de"],
    ["--verbose"],
    ["--no-cache"],
]


@pytest.mark.parametrize("option", ALONE, ids=lambda option: option[0])
def test_an_option_that_would_do_nothing_is_refused(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["brief", "seeds", *option]) == 2
    said = capsys.readouterr().err
    assert said == f"summarizer: {option[0]}: has no effect without a model\n"


class Screen(io.StringIO):
    """A terminal, or what is not one. ``lines``: what stood there, one after the other."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    @property
    def lines(self) -> list[str]:
        return self.getvalue().split("\r\x1b[K")[1:]


def ask_all(replies: list[ScriptedReply], tell: OnCall) -> None:
    model = WatchedModel(ScriptedModel(replies), tell)
    for _ in replies:
        try:
            model.complete(ask())
        except ModelRefused:
            continue


def test_progress_is_one_line_of_step_calls_and_cost() -> None:
    screen = Screen(terminal=True)
    meter = ProgressLine(screen)
    cached = replace(say(), cached=True, cost_usd=0.0)
    for _ in meter.track("Tracing origins", [1]):
        ask_all([say(cost=0.25), cached, ModelRefused("no"), say(cost=None)], meter.on_call)
    assert screen.lines == [
        "Tracing origins",
        "Reading sources · 1 call · $0.2500",
        "Reading sources · 1 call · 1 cached · $0.2500",
        "Reading sources · 1 call · 1 cached · $0.2500",
        "Reading sources · 2 calls · 1 cached · at least $0.2500",
        "",
    ]


def test_a_cost_that_nobody_knows_is_not_nought() -> None:
    screen = Screen(terminal=True)
    ask_all([say(cost=None)], ProgressLine(screen).on_call)
    assert screen.lines == ["Reading sources · 1 call · cost unknown"]


def test_progress_is_nothing_off_a_terminal() -> None:
    screen = Screen(terminal=False)
    meter = ProgressLine(screen)
    assert list(meter.track("Tracing origins", [1, 2])) == [1, 2]
    ask_all([say()], meter.on_call)
    assert screen.getvalue() == ""


def test_an_interrupt_does_not_wait_for_answers(tmp_path: Path) -> None:
    with serve() as server:
        server.respond = lambda _: Answer(delay=8.0)
        command = [sys.executable, "-m", "summarizer", "brief", "seeds", "--model", "openai/slow"]
        process = subprocess.Popen(
            [*command, "--api-base", f"{server.url}/v1", "--record", str(tmp_path / "run.jsonl")],
            cwd=SEEDS.parent, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
        )  # fmt: skip
        while not server.seen:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - started < 5
    assert (process.returncode, said) == (130, "summarizer: interrupted; nothing was written\n")
    assert not (tmp_path / "run.jsonl").exists()


OLD_WORDS = [
    (["brief", "none", "--at-once", "2", "--at-once=3"], "--at-once is now called --concurrency"),
    (["brief", "none", "--per-minute=3"], "--per-minute is now called --rate-limit"),
    (["eval", "run", "none.yaml", "--keep", "d"], "--keep is now called --run-dir"),
    (["digest", "why", "t-0", "--store", "none.db"], "why is now called story"),
]


@pytest.mark.parametrize(("arguments", "line"), OLD_WORDS, ids=lambda value: value[-1])
def test_an_old_word_works_and_is_reported_once(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) != 0
    first, failure = capsys.readouterr().err.splitlines()
    assert first == f"summarizer: {line}"
    assert "no such" not in failure.lower()


@pytest.mark.parametrize("command", [["brief"], ["eval", "run"], ["serve"], ["digest"]])
def test_help_shows_no_old_word(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    shown = capsys.readouterr().out.split()
    assert not {"--at-once", "--per-minute", "--keep", "why"} & set(shown)


def test_short_options_name_model_words_format_and_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "briefing.json"
    assert main(["brief", str(SEEDS), "-w", "60", "-f", "json", "-o", str(file)]) == 0
    assert '"summarizer/briefing/' in file.read_text(encoding="utf-8")
    assert main(["brief", str(SEEDS), "-m", "gpt-4"]) == 2
    assert "--model: names no provider" in capsys.readouterr().err
