"""The suffix of an output file and what is written into it agree, or the command refuses."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path

import pytest

from summarizer.cli.eval_suites import ComparisonFormat as CompareFormat
from summarizer.cli.eval_suites import ReportFormat as EvalFormat
from summarizer.cli.formats import SUFFIXES, choose, choose_format
from summarizer.cli.main import main
from summarizer.cli.stories import TextOrJson as StoriesFormat
from summarizer.errors import SettingsError
from summarizer.rendering.formats import document_formats
from summarizer.rendering.view import DocumentKind


def chosen_format(kind: DocumentKind, asked: str | None, output: Path) -> str:
    return choose_format(asked, output, kind)


def chosen_member(formats: type[StrEnum], asked: str | None, output: Path) -> str:
    return choose(formats(asked) if asked else None, output, formats)


KINDS: tuple[DocumentKind, ...] = ("briefing", "edition", "audit")
ALL: dict[str, tuple[list[str], Callable[[str | None, Path], str]]] = {
    **{
        kind: ([each.name for each in document_formats(kind)], partial(chosen_format, kind))
        for kind in KINDS
    },
    **{
        formats.__name__: (list(formats), partial(chosen_member, formats))
        for formats in (CompareFormat, EvalFormat, StoriesFormat)
    },
}
WRONG = ["pdf", "docx", "PDF", "xyz", "csv", "mp3", "html.gz"]
LINES = [
    ["brief", "seeds"],
    ["stories", "seeds"],
    ["check", "README.md", "--sources", "seeds"],
    ["eval", "run", "evals/suites/seeds.yaml"],
    ["eval", "compare", "before", "after"],
    ["eval", "mutate", "briefing.json"],
    ["eval", "claims", "claims.jsonl"],
    ["digest", "show", "e-1"],
    ["digest", "export"],
    ["digest", "init", "news"],
]


def test_every_format_has_its_suffixes() -> None:
    for names, _ in ALL.values():
        assert set(names) <= SUFFIXES.keys()


@pytest.mark.parametrize("of", ALL)
def test_a_suffix_chooses_the_format(of: str) -> None:
    names, chosen = ALL[of]
    for name in names:
        for suffix in SUFFIXES[name]:
            for spelling in (suffix, suffix.upper()):
                assert chosen(None, Path(f"r{spelling}")) == name
                assert chosen(name, Path(f"r{spelling}")) == name


@pytest.mark.parametrize("name", ["report", "report.2025", "-", "a/b.c/report", ".hidden"])
def test_without_a_suffix_any_format_is_written(name: str) -> None:
    assert choose_format(None, Path(name), "briefing") == "text"
    assert choose_format("json", Path(name), "briefing") == "json"


@pytest.mark.parametrize("of", ALL)
def test_a_contradiction_is_refused(of: str) -> None:
    names, chosen = ALL[of]
    for asked in names:
        for other in names:
            if other != asked:
                with pytest.raises(SettingsError, match=r"name it .* leave --format out"):
                    chosen(asked, Path(f"r{SUFFIXES[other][0]}"))
        with pytest.raises(SettingsError, match=SUFFIXES[asked][0]):
            chosen(asked, Path("r.pdf"))


COMMANDS: dict[str, DocumentKind] = {
    "brief": "briefing",
    "check": "audit",
    "digest show": "edition",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_option_lists_the_registry_and_takes_its_aliases(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [each.name for each in document_formats(COMMANDS[command])]
    assert main([*command.split(), "--help"]) == 0
    assert f"--format [{'|'.join(names)}]" in " ".join(capsys.readouterr().out.split())
    arguments = [*command.split(), "draft.md", *(["--sources", "seeds"] * (command == "check"))]
    assert main([*arguments, "--format", "pdf"]) == 2
    assert "'pdf' is not one of 'text', 'md'" in capsys.readouterr().err
    assert main([*arguments, "--format", "markdown", "-o", "x.json"]) == 2
    assert "x.json: md is written" in capsys.readouterr().err


@pytest.mark.parametrize("line", LINES, ids=" ".join)
@pytest.mark.parametrize("suffix", WRONG)
def test_another_suffix_is_one_line_and_no_file(
    line: list[str], suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"x.{suffix}"
    assert main([*line, "-o", str(target)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert f"{target}: " in err
    assert "name it " in err
    assert not target.exists()


def test_html_is_not_written_under_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", "seeds", "--format", "html", "-o", "x.json"]) == 2
    assert capsys.readouterr().err == (
        "summarizer: x.json: html is written, which a name in .json does not say "
        "(name it .html, or leave --format out)\n"
    )
