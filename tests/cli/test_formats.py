"""The suffix of an output file and what is written into it agree, or the command refuses."""

from enum import StrEnum
from pathlib import Path

import pytest

from summarizer.cli.brief import OutputFormat as BriefFormat
from summarizer.cli.digest import EditionFormat
from summarizer.cli.eval_suites import ComparisonFormat as CompareFormat
from summarizer.cli.eval_suites import ReportFormat as EvalFormat
from summarizer.cli.formats import SUFFIXES, choose
from summarizer.cli.main import main
from summarizer.cli.stories import TextOrJson as StoriesFormat
from summarizer.errors import SettingsError

ALL: list[type[StrEnum]] = [BriefFormat, EditionFormat, CompareFormat, EvalFormat, StoriesFormat]
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
    for formats in ALL:
        assert {str(each) for each in formats} <= SUFFIXES.keys()


@pytest.mark.parametrize("formats", ALL)
def test_a_suffix_chooses_the_format(formats: type[StrEnum]) -> None:
    for each in formats:
        for suffix in SUFFIXES[each]:
            for spelling in (suffix, suffix.upper()):
                assert choose(None, Path(f"r{spelling}"), formats) is each
                assert choose(each, Path(f"r{spelling}"), formats) is each


@pytest.mark.parametrize("name", ["report", "report.2025", "-", "a/b.c/report", ".hidden"])
def test_without_a_suffix_any_format_is_written(name: str) -> None:
    assert choose(None, Path(name), BriefFormat) is BriefFormat.text
    assert choose(BriefFormat.json, Path(name), BriefFormat) is BriefFormat.json


@pytest.mark.parametrize("formats", ALL)
def test_a_contradiction_is_refused(formats: type[StrEnum]) -> None:
    for asked in formats:
        for other in formats:
            if other is not asked:
                with pytest.raises(SettingsError, match=r"name it .* leave --format out"):
                    choose(asked, Path(f"r{SUFFIXES[other][0]}"), formats)
        with pytest.raises(SettingsError, match=SUFFIXES[asked][0]):
            choose(asked, Path("r.pdf"), formats)


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
