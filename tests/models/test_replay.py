import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.errors import ModelRefused, ModelUnavailable, SettingsError
from summarizer.models.protocol import Completion, CompletionRequest
from summarizer.models.replay import RecordedModel, ReplayedModel, ScriptedModel, ScriptedReply
from tests.models.asking import ask, say


def record(
    file: Path, requests: list[CompletionRequest], replies: list[ScriptedReply]
) -> list[Completion]:
    with RecordedModel(ScriptedModel(replies), file) as model:
        return [model.complete(request) for request in requests]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text()), max_size=9), st.randoms())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_run_comes_again_whatever_the_order(
    tmp_path: Path, said: list[tuple[str, str]], chance: random.Random
) -> None:
    file = tmp_path / "run.jsonl"
    record(file, [ask(question) for question, _ in said], [say(reply) for _, reply in said])
    replayed = ReplayedModel(file)
    order = list("abc")
    chance.shuffle(order)
    for question in order:
        expected = [say(reply) for asked, reply in said if asked == question]
        assert [replayed.complete(ask(question)) for _ in expected] == expected


def test_a_failure_comes_again(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    refusal = ModelRefused("will not", subject="m", hint="ask for less")
    with RecordedModel(ScriptedModel([refusal]), file) as model, pytest.raises(ModelRefused):
        model.complete(ask())
    with pytest.raises(ModelRefused) as caught:
        ReplayedModel(file).complete(ask())
    assert str(caught.value) == str(refusal) == "m: will not (ask for less)"


def changed(step: str = "facts", plan: str = "") -> CompletionRequest:
    messages = ask("something else").messages
    return CompletionRequest(model="openai/gpt-4o-mini", messages=messages, step=step, plan=plan)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (changed(), "this request of the step 'facts'"),
        (changed(plan="new"), "'facts', whose prompt file has changed since"),
        (changed(step="judge"), "'judge', nor to any other"),
    ],
)
def test_what_was_not_recorded_is_told_by_step(
    tmp_path: Path, request_: CompletionRequest, reason: str
) -> None:
    record(tmp_path / "run.jsonl", [ask()], [say()])
    with pytest.raises(SettingsError, match=reason) as caught:
        ReplayedModel(tmp_path / "run.jsonl").complete(request_)
    assert caught.value.subject == str(tmp_path / "run.jsonl")


def test_asking_once_more_than_was_recorded_is_told(tmp_path: Path) -> None:
    record(tmp_path / "run.jsonl", [ask()], [say()])
    model = ReplayedModel(tmp_path / "run.jsonl")
    model.complete(ask())
    with pytest.raises(SettingsError, match="any more"):
        model.complete(ask())


def test_no_text_of_an_article_and_no_key_is_recorded(tmp_path: Path) -> None:
    record(tmp_path / "run.jsonl", [ask("The secret article")], [say()])
    recorded = (tmp_path / "run.jsonl").read_text()
    assert "secret article" not in recorded
    fields = {name for line in recorded.splitlines() for name in json.loads(line)}
    assert fields == {"schema", "key", "step", "plan", "completion"}


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    record(tmp_path / "run.jsonl", [ask()], [say()])
    assert (tmp_path / "run.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_run_that_breaks_leaves_the_old_file_and_its_part(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    record(file, [ask()], [say("old")])
    with pytest.raises(SettingsError, match="the script has 1 replies"):
        record(file, [ask(), ask()], [say("new")])
    assert ReplayedModel(file).complete(ask()).text == "old"
    part = file.with_name("run.jsonl.part")
    assert ReplayedModel(part).complete(ask()).text == "new"


KILLED = """
import os, signal, sys
from pathlib import Path
from summarizer.models.replay import RecordedModel
from summarizer.models.replay import ScriptedModel
from tests.models.asking import ask, say
with RecordedModel(ScriptedModel(lambda _: say("kept")), Path(sys.argv[1])) as model:
    model.complete(ask())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, file], cwd=root, env={"PYTHONPATH": "."}, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    assert not file.exists()
    assert ReplayedModel(tmp_path / "run.jsonl.part").complete(ask()).text == "kept"


def test_a_last_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    record(file, [ask("a"), ask("b")], [say("one"), say("two")])
    os.truncate(file, file.stat().st_size - 10)
    model = ReplayedModel(file)
    assert model.complete(ask("a")).text == "one"
    with pytest.raises(SettingsError):
        model.complete(ask("b"))


@pytest.mark.parametrize("line", [b"{}", b"no JSON", b"[]", b"\xff", b'{"key": "k", "error": {}}'])
def test_a_damaged_line_is_told_by_its_number(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "run.jsonl"
    record(file, [ask()], [say()])
    file.write_bytes(file.read_bytes() + line + b"\n")
    with pytest.raises(SettingsError, match=r"jsonl:3: holds no recorded answer"):
        ReplayedModel(file)


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"schema": "other/1"}\n'])
def test_another_file_is_no_recording(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.jsonl").write_bytes(content)
    with pytest.raises(SettingsError, match="is no recording"):
        ReplayedModel(tmp_path / "run.jsonl")


def test_files_that_cannot_be_read_or_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        ReplayedModel(tmp_path / "none.jsonl")
    with pytest.raises(SettingsError, match="cannot be written"):
        record(tmp_path / "none" / "run.jsonl", [], [])
    model = ScriptedModel([say()])
    with (
        pytest.raises(SettingsError, match="it is a folder"),
        RecordedModel(model, tmp_path) as open_,
    ):
        open_.complete(ask())
    assert model.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(SettingsError, match="cannot be written: No space left"):
        record(tmp_path / "run.jsonl", [ask()], [say()])


def test_a_recorded_wait_does_not_matter_any_more(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    down = ModelUnavailable("down", retry_after=60)
    with RecordedModel(ScriptedModel([down]), file) as model, pytest.raises(ModelUnavailable):
        model.complete(ask())
    with pytest.raises(ModelUnavailable, match="down"):
        ReplayedModel(file).complete(ask())
