"""The commands as a user meets them: the documents' own examples, wrong input, and pytest."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from summarizer.cli.main import main
from tests.evaluation.written import CASE, case, save

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("example", EXAMPLES[:2])
def test_the_examples_of_the_document_pass(example: str, tmp_path: Path) -> None:
    (tmp_path / "fire.yaml").write_text(example, encoding="utf-8")
    assert main(["eval", "run", "fire.yaml"]) == 0


def test_a_recorded_run_becomes_a_case(tmp_path: Path) -> None:
    """The document's third example, with the recording of the seeds."""
    shutil.copytree(ROOT / "seeds", tmp_path / "news")
    shutil.copy(ROOT / "evals" / "fixtures" / "seeds.jsonl", tmp_path / "news.jsonl")
    recorded = EXAMPLES[2].replace("openai/gpt-4o-mini", "openai/by-hand")
    held = yaml.safe_load(recorded.replace(", fact_coverage: {min: 0.6}", ""))
    (tmp_path / "news.yaml").write_text(yaml.safe_dump(held), encoding="utf-8")
    assert main(["eval", "run", "news.yaml"]) == 0


def test_a_recording_of_other_prompts_is_a_mistake_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "evals" / "fixtures" / "seeds.jsonl", tmp_path / "news.jsonl")
    recording = {"file": "news.jsonl", "model": "openai/by-hand"}
    save(tmp_path, case(replies=None, recording=recording))
    assert main(["eval", "run", "s.yaml"]) == 2
    told = capsys.readouterr().err
    assert re.fullmatch(r"summarizer: s\.yaml:\d+: s/fire: .*\(record the run anew\)\n", told)


WRONG = {
    "no suite": (["eval", "run"], "Missing argument 'SUITE...'"),
    "a missing file": (["eval", "run", "gone.yaml"], "gone.yaml: does not exist"),
    "an empty folder": (["eval", "run", "."], ".: holds no suite"),
    "no such case": (["eval", "run", "s.yaml", "--only", "rain"], "no case has 'rain'"),
    "a model's option": (
        ["eval", "run", "s.yaml", "--judge-model", "x"],
        "--judge-model: has no effect without a model",
    ),
    "a format": (["eval", "run", "s.yaml", "--format", "pdf"], "'pdf' is not one of"),
    "a limit": (["eval", "run", "s.yaml", "--limit", "0"], "0 is not in the range"),
    "a folder that is a file": (
        ["eval", "run", "s.yaml", "--run-dir", "s.yaml"],
        "cannot be written",
    ),
    "a place that is none": (["eval", "run", "s.yaml", "-o", "no/r.html"], "cannot be written"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_one_line_and_exit_code_2(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "." not in arguments:
        save(tmp_path, CASE)
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_a_mistake_of_the_suite_is_exit_code_2_though_others_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, CASE, case(name="silent", replies={"facts": "verbatim"}))
    assert main(["eval", "run", "s.yaml"]) == 2
    shown = capsys.readouterr()
    assert shown.out.endswith("INVALID: 1 of 2 cases\n")
    assert re.fullmatch(r"summarizer: s\.yaml:\d+: s/silent: the step 'write' .*\n", shown.err)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("r.json", '{\n  "schema": "summarizer/evaluation-report/1"'),
        ("r.xml", "<?xml"),
        ("r.md", "## Passed: 1 of 1 cases"),
        ("r.html", "<!doctype html>"),
        ("r.txt", "Judged by checks"),
    ],
)
def test_the_suffix_names_the_format_and_the_table_is_printed_all_the_same(
    tmp_path: Path, name: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, CASE)
    assert main(["eval", "run", "s.yaml", "-o", name]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert capsys.readouterr().out.endswith("Passed: 1 of 1 cases\n")


def test_a_part_of_a_suite_is_not_held_to_its_means(tmp_path: Path) -> None:
    expect = {"facts": [{"fact": "Twelve people were injured."}]}
    save(tmp_path, CASE, case(name="two", expect=expect), thresholds={"fact_coverage": {"min": 1}})
    assert main(["eval", "run", "s.yaml"]) == 0
    assert main(["eval", "run", "s.yaml", "--only", "fire"]) == 0
    save(tmp_path, CASE, thresholds={"fact_coverage": {"min": 1}})
    assert main(["eval", "run", "s.yaml"]) == 1


def test_pytest_collects_one_item_a_case(tmp_path: Path) -> None:
    (tmp_path / "suites").mkdir()
    shutil.copy(ROOT / "evals" / "conftest.py", tmp_path)
    save(tmp_path / "suites", CASE, case(name="false", expect={"absent": "Twelve people"}))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "1 failed, 1 passed" in ran.stdout
    assert "must not be told: “Twelve people”, in: Twelve people were injured." in ran.stdout
    assert "Traceback" not in ran.stdout


def test_pytest_tells_a_mistake_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "suites").mkdir()
    shutil.copy(ROOT / "evals" / "conftest.py", tmp_path)
    save(tmp_path / "suites", case(expekt={}))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "cases[0].expekt: there is no such field" in ran.stdout
