"""Briefings written before are listed, shown and written again."""

import os
import sys
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.rendering.json import parse_briefing
from tests.articles import SEEDS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("SUMMARIZER_HISTORY", "")
    monkeypatch.chdir(SEEDS.parent)
    return tmp_path / "summarizer" / "history"


def test_a_briefing_is_listed_shown_and_written_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["brief", "seeds", "--words", "80", "--title", "First one"]) == 0
    assert main(["brief", "seeds", "--words", "80", "--title", "Second"]) == 0
    capfd.readouterr()
    assert main(["history"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[1].endswith("First one  (brief seeds --words 80 --title 'First one')")
    assert main(["history", "show", "2", "--format", "json"]) == 0
    assert parse_briefing(capfd.readouterr().out).title == "First one"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    assert main(["history", "again"]) == 0
    again = capfd.readouterr()
    assert again.out.startswith("Second\n")
    assert again.err == "summarizer: brief seeds --words 80 --title Second\n"
    assert len(list(folder.iterdir())) == 3


def test_only_the_newest_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.cli.history.MAX_RUNS", 2)
    for _ in range(3):
        assert main(["brief", "seeds", "--words", "80"]) == 0
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setenv("SUMMARIZER_HISTORY", "off")
    assert main(["brief", "seeds", "--words", "80"]) == 0
    assert len(list(folder.iterdir())) == 2


def test_a_run_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "show", "3"]) == 2
    assert capsys.readouterr().err == "summarizer: 3: there are only 0 runs\n"
