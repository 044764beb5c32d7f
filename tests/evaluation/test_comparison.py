"""Two runs side by side."""

import json
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.errors import SettingsError
from summarizer.evaluation.comparison import compare_runs
from summarizer.evaluation.results import CaseResult, Score
from tests.evaluation.written import CASE, case, save


def row(case: str, *, passed: bool = True, recall: float = 1.0, attempt: int = 0) -> CaseResult:
    score = Score(value=recall, judge="checks")
    return CaseResult(
        key=f"{case}{attempt}",
        case=case,
        suite="s",
        story=case,
        place="s.yaml:1",
        attempt=attempt,
        status="passed" if passed else "failed",
        scores={"citation_recall": score, "unsupported_rate": Score(value=1 - recall, judge="x")},
    )


def test_differences_are_of_the_same_cases() -> None:
    first = [row(f"s/{n}") for n in range(8)] + [row("s/gone")]
    second = [row(f"s/{n}", passed=n > 5, recall=0.5) for n in range(8)] + [row("s/new")]
    found = compare_runs(first, second)
    assert (found.shared, found.only_first, found.only_second) == (8, ("s/gone",), ("s/new",))
    assert found.broken == tuple(f"s/{n}" for n in range(6))
    assert found.mended == ()
    passed, recall, unsupported = found.differences
    assert (passed.name, passed.better, passed.worse, passed.p) == ("passed", 0, 6, 2 / 2**6)
    assert (recall.before, recall.after, recall.difference.mean) == (1.0, 0.5, -0.5)
    assert (recall.better, recall.worse) == (0, 8)
    assert recall.p == 2 / 2**8
    assert (unsupported.better, unsupported.worse) == (0, 8), "lower is better there"
    assert (recall.difference.low, recall.difference.high) == (-0.5, -0.5)


def test_attempts_are_averaged_first() -> None:
    first = [row("s/a", recall=0.0), row("s/a", recall=1.0, attempt=1), row("s/b")]
    second = [row("s/a", recall=0.5), row("s/b")]
    recall = compare_runs(first, second).differences[1]
    assert (recall.cases, recall.difference.mean, recall.p) == (2, 0.0, 1.0)


def test_runs_without_a_shared_case_are_refused() -> None:
    with pytest.raises(SettingsError, match="share no case"):
        compare_runs([row("s/a")], [row("s/b")])


def test_the_command_tells_what_broke(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path, CASE, case(name="other"))
    assert main(["eval", "run", "s.yaml", "--run-dir", "a"]) == 0
    save(tmp_path, case(expect={"absent": "Twelve people"}), case(name="other"))
    assert main(["eval", "run", "s.yaml", "--run-dir", "b"]) == 1
    capsys.readouterr()
    assert main(["eval", "compare", "a", "b"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("2 cases in both runs")
    assert "BROKEN s/fire" in told
    assert main(["eval", "compare", "a", "b", "--format", "json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert held["broken"] == ["s/fire"]
    assert main(["eval", "compare", "a", "gone"]) == 2
    assert "gone: holds no run (made by: eval run --run-dir DIR)" in capsys.readouterr().err
