"""From plain options to a model that keeps, bounds, repeats and records by itself."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.errors import BudgetExceeded, ModelUnavailable, SettingsError
from summarizer.models.config import ModelConfig
from summarizer.models.factory import open_model
from summarizer.models.middleware import RetryPolicy
from summarizer.models.protocol import Completion
from tests.models.asking import ask
from tests.models.server import Answer, Server, serve

NAME, JUDGE = "openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"
HASTE = RetryPolicy(attempts=3, first_pause=0.001, max_pause=0.001, jitter=0)


def access(server: Server, folder: Path) -> ModelConfig:
    base = f"{server.url}/v1"
    return ModelConfig(model=NAME, api_base=base, cache_dir=folder / "answers", retry=HASTE)


def ask_once(way: ModelConfig, text: str = "What happened?") -> Completion:
    with open_model(way, log=pytest.fail) as model:
        return model.complete(ask(text, model=NAME))


def test_what_was_answered_once_is_not_asked_again(server: Server, tmp_path: Path) -> None:
    way = access(server, tmp_path)
    assert [ask_once(way).cached, ask_once(way).cached] == [False, True]
    assert len(server.seen) == 1


def test_another_server_is_another_answer(server: Server, tmp_path: Path) -> None:
    way = access(server, tmp_path)
    ask_once(way)
    ask_once(replace(way, api_base=f"{server.url}/other/v1"))
    assert len(server.seen) == 2


def test_without_a_cache_every_run_asks(server: Server, tmp_path: Path) -> None:
    way = replace(access(server, tmp_path), cache=False)
    assert [ask_once(way).cached, ask_once(way).cached] == [False, False]
    assert not (tmp_path / "answers").exists()


def test_a_failed_try_is_repeated(server: Server, tmp_path: Path) -> None:
    server.answers.extend([Answer(status=529), Answer(status=500), Answer("Here.")])
    assert ask_once(access(server, tmp_path)).text == "Here."


def test_patience_ends(server: Server, tmp_path: Path) -> None:
    server.answers.extend([Answer(status=529)] * 4)
    with pytest.raises(ModelUnavailable, match="asked 3 times"):
        ask_once(access(server, tmp_path))


def test_the_budget_is_held_but_not_for_what_is_known(server: Server, tmp_path: Path) -> None:
    way = access(server, tmp_path)
    ask_once(way)
    poor = replace(way, max_tokens=1)
    assert ask_once(poor).cached
    with pytest.raises(BudgetExceeded):
        ask_once(poor, "And then?")


def test_a_recording_is_played_without_a_server(server: Server, tmp_path: Path) -> None:
    way = replace(access(server, tmp_path), record=tmp_path / "run.jsonl")
    first = ask_once(way)
    closed = ModelConfig(model=NAME, replay=tmp_path / "run.jsonl", cache_dir=tmp_path / "none")
    assert ask_once(closed) == first
    assert len(server.seen) == 1
    assert not (tmp_path / "none").exists(), "a replay needs no cache"


def test_a_run_that_fails_leaves_no_recording(server: Server, tmp_path: Path) -> None:
    server.answers.extend([Answer(status=529)] * 4)
    with pytest.raises(ModelUnavailable):
        ask_once(replace(access(server, tmp_path), record=tmp_path / "run.jsonl"))
    assert not (tmp_path / "run.jsonl").exists()


def test_one_file_is_not_written_and_read_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^replay: cannot be combined"):
        ModelConfig(model=NAME, record=tmp_path / "a", replay=tmp_path / "b")


def test_a_judge_of_another_provider_is_not_sent_to_the_writers_server(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve() as far:
        monkeypatch.setenv("ANTHROPIC_API_BASE", far.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-0123456789")
        with open_model(access(server, tmp_path), log=pytest.fail) as model:
            model.complete(ask(model=NAME))
            model.complete(ask(model=JUDGE))
        assert [len(server.seen), len(far.seen)] == [1, 1]
        assert far.seen[0].path == "/v1/messages"


def loaded(way: ModelConfig, inputs: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether litellm is loaded ahead."""
    warmed: list[bool] = []
    monkeypatch.setattr(
        sys.modules["summarizer.models.factory"], "preload_litellm", lambda: warmed.append(True)
    )
    with open_model(way, log=pytest.fail, inputs=inputs):
        pass
    return bool(warmed)


def test_litellm_is_loaded_ahead_unless_the_run_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = ModelConfig(model=NAME, cache_dir=tmp_path / "answers")
    first, again = (loaded(way, "a.txt 12 1", monkeypatch) for _ in range(2))
    assert [first, again] == [True, False]
    assert loaded(way, "a.txt 13 2", monkeypatch)
    assert loaded(replace(way, cache=False), "a.txt 12 1", monkeypatch)
