"""Many cases: at a time, in part, repeated, and again after a kill."""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from functools import _lru_cache_wrapper
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.evaluation.results import RUN_FILE, CaseResult, read_run
from summarizer.evaluation.runner import RunPlan, run_cases, select_cases
from summarizer.evaluation.summary import summarize_run
from summarizer.text.annotations import Annotations
from tests.evaluation.written import BERN, CASE, case, cases, read, save

ROOT = Path(__file__).parents[2]


def many(folder: Path, count: int) -> Path:
    """A suite of cases that each have an article of their own."""
    held = [
        case(name=f"n{n}", articles=[{"id": "bern", "text": f"{BERN} Depot {n} was empty."}])
        for n in range(count)
    ]
    return save(folder, *held)


def done(file: Path, **options: object) -> list[CaseResult]:
    """The rows of a run."""
    plan = RunPlan(**options)  # type: ignore[arg-type]
    return list(run_cases(select_cases(read(file), plan), plan))


def test_every_case_is_run_however_many_at_a_time(tmp_path: Path) -> None:
    file = many(tmp_path, 12)
    one = {
        row.case: row.model_dump(exclude={"seconds", "scores"}) for row in done(file, max_workers=1)
    }
    two = {
        row.case: row.model_dump(exclude={"seconds", "scores"}) for row in done(file, max_workers=3)
    }
    assert one == two
    assert len(one) == 12


def test_what_is_read_of_a_case_is_dropped_with_it(tmp_path: Path) -> None:
    """Other texts in the same words: only the vocabulary may be kept, in whatever process."""
    texts = [f"{BERN} The depot{', the depot' * n} was empty." for n in range(12)]
    file = save(
        tmp_path,
        *(
            case(name=f"n{n}", articles=[{"id": "bern", "text": text}])
            for n, text in enumerate(texts)
        ),
    )
    plan = RunPlan(max_workers=1)
    others, _ = kept_results()  # of modules of tests that this process has loaded
    kept = [kept_results() for _ in run_cases(select_cases(read(file), plan), plan)]
    assert [annotations for annotations, _ in kept] == [others] * len(texts)
    assert {cached for _, cached in kept[1:]} == {kept[0][1]}


def kept_results() -> tuple[int, int]:
    """How many annotations are alive, and how many results the caches of the package hold."""
    gc.collect()
    objects = gc.get_objects()
    caches = [each for each in objects if isinstance(each, _lru_cache_wrapper)]
    ours = [each for each in caches if each.__module__.startswith("summarizer")]
    return (
        sum(isinstance(each, Annotations) for each in objects),
        sum(each.cache_info().currsize for each in ours),
    )


def test_a_case_that_breaks_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    file = save(
        tmp_path,
        case(name="broken", articles=["a.json"]),
        case(name="silent", replies={"facts": "verbatim"}),
        case(name="false", expect={"absent": "Twelve people"}),
        CASE,
    )
    found = {row.case: row.status for row in done(file, max_workers=2)}
    assert found == {
        "s/broken": "invalid",
        "s/silent": "invalid",
        "s/false": "failed",
        "s/fire": "passed",
    }


def test_only_and_limit_choose(tmp_path: Path) -> None:
    file = many(tmp_path, 12)
    assert {row.case for row in done(file, name_filter="n1")} == {"s/n1", "s/n10", "s/n11"}
    assert {row.case for row in done(file, limit=2)} == {"s/n0", "s/n1"}
    with pytest.raises(SettingsError, match="no case has 'fire' in its name"):
        done(file, name_filter="fire")


def test_a_repeated_case_has_a_variance(tmp_path: Path) -> None:
    file = save(tmp_path, CASE)
    rows = done(file, repeat=3)
    assert sorted(row.attempt for row in rows) == [0, 1, 2]
    means = {mean.name: mean for mean in summarize_run(rows, read(file)).suites[0].means}
    assert means["citation_recall"].variance == 0.0
    assert means["seconds"].variance is not None
    assert means["seconds"].variance > 0


def test_a_finished_run_is_not_taken_for_the_next_one(tmp_path: Path) -> None:
    file, folder = many(tmp_path, 2), tmp_path / "run"
    done(file, run_dir=folder)
    before = read_run(folder)
    done(file, run_dir=folder)
    assert {row.case for row in read_run(folder)} == {row.case for row in before}
    assert read_run(folder) != before, "they were run anew: other seconds"


def test_a_row_of_a_changed_case_is_no_row_of_the_run(tmp_path: Path) -> None:
    file, folder = many(tmp_path, 2), tmp_path / "run"
    done(file, run_dir=folder)
    unfinish(folder)
    file.write_text(file.read_text(encoding="utf-8").replace("Depot 1", "Depot 9"), "utf-8")
    kept = {row.key for row in rows(folder)}
    now = {row.case: row.key for row in done(file, run_dir=folder)}
    assert now["s/n0"] in kept
    assert now["s/n1"] not in kept


def unfinish(folder: Path) -> None:
    """Takes the last line off, and leaves half a row, as a kill does."""
    lines = (folder / RUN_FILE).read_bytes().splitlines(keepends=True)
    (folder / RUN_FILE).write_bytes(b"".join(lines[:-1]) + lines[1][:40])


def rows(folder: Path) -> list[CaseResult]:
    """The whole rows of an unfinished run."""
    lines = (folder / RUN_FILE).read_bytes().split(b"\n")[1:-1]
    return [CaseResult.model_validate_json(line) for line in lines if b"finished" not in line]


def test_a_killed_run_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    file, folder = many(tmp_path, 60), tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "summarizer",
        "eval",
        "run",
        str(file),
        "--run-dir",
        str(folder),
    ]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True
    ) as child:
        until = time.monotonic() + 60
        while time.monotonic() < until and (
            not (folder / RUN_FILE).exists() or len(rows(folder)) < 5
        ):
            time.sleep(0.005)
        os.killpg(child.pid, signal.SIGKILL)
    killed = {row.key: row for row in rows(folder)}
    assert 5 <= len(killed) < 60
    with pytest.raises(SettingsError, match="the run did not end"):
        read_run(folder)
    ran = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    finished = read_run(folder)
    assert len({row.key for row in finished}) == len(finished) == 60
    again = {row.key: row for row in finished}
    assert all(again[key] == row for key, row in killed.items()), "to the microsecond the same rows"


def test_a_process_that_dies_is_one_line_and_the_run_can_go_on(tmp_path: Path) -> None:
    file, folder = many(tmp_path, 60), tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "summarizer",
        "eval",
        "run",
        str(file),
        "--run-dir",
        str(folder),
    ]
    command += ["--cases-at-once", "2"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        until = time.monotonic() + 60
        while time.monotonic() < until and (
            not (folder / RUN_FILE).exists() or len(rows(folder)) < 5
        ):
            time.sleep(0.005)
        inside = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text(encoding="ascii")
        os.kill(int(inside.split()[0]), signal.SIGKILL)
        _, told = child.communicate(timeout=60)
    assert child.returncode == 1
    assert told.decode().startswith("summarizer: a process of the run has died (")
    assert told.count(b"\n") == 1
    assert len(rows(folder)) >= 5


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be written"):
        done(many(tmp_path, 2), run_dir=tmp_path / "run")


@pytest.mark.parametrize("content", ["", "{}\n", json.dumps({"schema": "x"})])
def test_what_is_no_run_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / RUN_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="no run of this program"):
        read_run(tmp_path)


def test_a_case_about_its_mocked_replies_is_not_asked_of_a_live_model(tmp_path: Path) -> None:
    file = save(tmp_path, CASE, case(name="live", expect={"absent": "ninety"}))
    assert [c.spec.has_expectations(live=True) for c in cases(file)] == [False, True]
