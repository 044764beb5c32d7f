from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.models.cache import CompletionCache
from tests.models.asking import say


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "summarizer" / "answers"


def test_what_is_kept_is_told_and_forgotten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = CompletionCache()
    for key in ("a", "b"):
        answers.put(key, say())
    answers.close()
    assert main(["cache", "info"]) == 0
    where, size = capsys.readouterr().out.splitlines()
    assert where == str(folder)
    assert size.startswith("2 entries, 0.")
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out == "2 entries deleted\n"
    assert main(["cache", "info"]) == 0
    assert "0 entries" in capsys.readouterr().out


def test_a_command_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache"]) == 2
    assert capsys.readouterr().err == "summarizer: Missing command. (see --help)\n"


def test_a_damaged_cache_begins_afresh_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    CompletionCache().close()
    (folder / "cache.db").write_bytes(b"not a database " * 100)
    assert main(["cache", "info"]) == 0
    told = capsys.readouterr()
    assert "0 entries" in told.out
    assert told.err.startswith("summarizer: ")
    assert "damaged" in told.err


def test_a_folder_that_cannot_be_had_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "summarizer").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["cache", "info"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
