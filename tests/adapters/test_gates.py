"""The example repository of the document, checked by each of its gates."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.adapters.repository import ROOT, make_repository

FALSE_ANSWER = "The strike halted 19 of the harbour's 22 cranes. [1]\n"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = make_repository(tmp_path)
    assert {"sources/harbour.md", "answers/harbour.md", "answers/answers.cited.yaml"} <= set(files)
    return tmp_path


def run(*command: str, cwd: Path, **variables: str) -> Ran:
    bin_folder = str(Path(sys.executable).parent)
    environment = {
        "PATH": f"{cwd / 'bin'}:{bin_folder}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(cwd),
    }
    ran = subprocess.run(
        command, cwd=cwd, env=environment | variables, capture_output=True, text=True, check=False
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def run_pytest(repository: Path) -> Ran:
    """pytest with the plugin, as its entry point would load it."""
    options = ("-q", "-p", "summarizer.adapters.pytest_plugin", "-p", "no:cacheprovider")
    variables = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return run(sys.executable, "-m", "pytest", *options, cwd=repository, **variables)


def falsify(repository: Path) -> None:
    (repository / "answers" / "harbour.md").write_text(FALSE_ANSWER, encoding="utf-8")


def test_pytest_collects_cases_from_files(repository: Path) -> None:
    passed = run_pytest(repository)
    assert (passed.code, "1 passed" in passed.out) == (0, True), passed.out
    falsify(repository)
    failed = run_pytest(repository)
    assert failed.code == 1
    assert "harbour.md:1: contradicted: The strike halted 19" in failed.out
    assert "number: 19 not in the cited passages" in failed.out
    assert "Traceback" not in failed.out


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ("[1, 2]", "is not a mapping of names to cases"),
        ("{one: {draft: harbour.md}}", "one: needs a draft and sources"),
        ("{one: {draft: a, sources: b, stricter: 1}}", "one: unknown: stricter"),
        ("{one: {draft: none.md, sources: ../sources}}", "none.md: does not exist"),
        ("{one: {draft: harbour.md, sources: ../none}}", "none: does not exist"),
        ("{one: [", "is not YAML"),
    ],
)
def test_a_wrong_case_is_named(case: str, line: str, repository: Path) -> None:
    (repository / "answers" / "answers.cited.yaml").write_text(case, encoding="utf-8")
    ran = run_pytest(repository)
    assert ran.code != 0
    assert line in ran.out
    assert "Traceback" not in ran.out


def pre_commit(repository: Path) -> Ran:
    """What pre-commit runs: the hook's entry, the arguments of the example, the files."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    config = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (used,) = config["repos"][0]["hooks"]
    assert used["id"] == hook["id"]
    program = [sys.executable, *hook["entry"].split()[1:]]
    return run(*program, *used["args"], "answers/harbour.md", cwd=repository)


def test_pre_commit_checks_the_files_that_changed(repository: Path) -> None:
    assert pre_commit(repository) == (0, "", "")
    falsify(repository)
    failed = pre_commit(repository)
    assert failed.code == 1
    assert failed.out.startswith("answers/harbour.md:1: contradicted: The strike halted 19")


def test_a_hook_without_its_sources_says_so(repository: Path) -> None:
    (repository / "sources" / "harbour.md").unlink()
    (repository / "sources").rmdir()
    failed = pre_commit(repository)
    assert (failed.code, failed.out, failed.err) == (2, "", "sources/: does not exist\n")


def action(repository: Path, **changed: str) -> Ran:
    """The action's last step, as GitHub runs it with the inputs of the example."""
    described = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    flow = repository / ".github" / "workflows" / "citations.yml"
    jobs = yaml.safe_load(flow.read_text(encoding="utf-8"))["jobs"]
    given: dict[str, Any] = jobs["citations"]["steps"][-1]["with"] | changed
    assert set(given) <= set(described["inputs"])
    inputs = {name: row["default"] for name, row in described["inputs"].items()} | given
    step = described["runs"]["steps"][-1]
    assert set(step["env"]) == {"DRAFTS", "SOURCES", "SUITES", "STRICT"}
    command = repository / "bin" / "summarizer"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m summarizer "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
    return run(
        *shell,
        cwd=repository,
        DRAFTS=inputs["drafts"],
        SOURCES=inputs["sources"],
        SUITES=inputs["suites"],
        STRICT="--strict" if inputs["strict"] == "true" else "",
        GITHUB_STEP_SUMMARY=os.devnull if changed else str(repository / "summary.md"),
    )


def test_the_action_annotates_and_summarizes(repository: Path) -> None:
    passed = action(repository)
    assert passed.code == 0, passed.err
    assert "1 of 1 sentence supported" in passed.out
    falsify(repository)
    failed = action(repository)
    assert failed.code == 1
    assert "::warning file=answers/harbour.md,line=1" in failed.out
    assert "19 of the harbour" in (repository / "summary.md").read_text(encoding="utf-8")


def test_an_action_without_sources_is_one_line(repository: Path) -> None:
    assert action(repository, sources="") == (
        2,
        "::error::drafts need sources: what they may cite\n",
        "",
    )
    assert action(repository, drafts="", sources="").code == 2


def test_the_action_runs_the_gate_of_suites(repository: Path) -> None:
    (repository / "evals").symlink_to(ROOT / "evals")
    ran = action(repository, drafts="", suites="evals/suites")
    assert ran.code == 0, ran.err
    assert "Gate met" in ran.out
