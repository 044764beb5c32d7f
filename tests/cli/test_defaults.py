"""The configuration file gives defaults; what it says wrong is one line."""

import webbrowser
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.rendering.json import parse_briefing


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUMMARIZER_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_an_option_has_its_default_from_the_file(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text('[brief]\ntitle = "Mine"\nformat = "json"\n[digest.history]\nlimit = 3\n')
    assert main(["brief", "seeds"]) == 0
    assert parse_briefing(capsys.readouterr().out).title == "Mine"
    assert main(["brief", "seeds", "--title", "Other"]) == 0
    assert parse_briefing(capsys.readouterr().out).title == "Other"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[brief]\nwordz = 3\n", "there is no option 'wordz' (known: allow-private, api-base,"),
        ("[brief]\nwords = \n", "cannot be read: Invalid value (at line 2, column 9)"),
        ('[brief]\nwords = "many"\n', "Invalid value for '--words'"),
    ],
)
def test_what_the_file_says_wrong_is_one_line(
    text: str, reason: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(text)
    assert main(["brief", "seeds"]) == 2
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert reason in shown


def test_the_page_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    page = tmp_path / "a.html"
    assert main(["brief", "seeds", "-o", str(page), "--open"]) == 0
    assert opened == [page.as_uri()]
    assert main(["brief", "seeds", "-o", str(tmp_path / "a.txt"), "--open"]) == 2
    assert "--open: shows a page, not text" in capsys.readouterr().err
