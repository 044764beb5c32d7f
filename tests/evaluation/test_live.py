"""The same suites with a live model: a server on this machine, asked over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.evaluation.judge_agreement import (
    LabelledPair,
    labelled_pairs,
    measure_judge_agreement,
)
from summarizer.models.protocol import CompletionRequest
from summarizer.models.replay import ScriptedModel
from summarizer.writing.prompting import load_step_prompts
from tests.chain.authors import plain, responding, verdicts
from tests.evaluation.written import CASE, case, save
from tests.models.server import Answer, Server, serve

WRITER = "openai/gpt-4o-mini"
JUDGE = "openai/gpt-4o"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SUMMARIZER_API_KEY", "sk-local-0123456789")
    running.respond = responding(plain)
    running.answers.clear()
    running.seen.clear()
    return running


def live(server: Server, *more: str) -> int:
    asked = ["eval", "run", "s.yaml", "--model", WRITER, "--api-base", f"{server.url}/v1"]
    return main([*asked, *more])


def test_the_model_writes_in_place_of_the_mocked_one(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = case(name="of-its-replies")
    save(tmp_path, replies, case(name="of-its-articles", expect={"absent": "ninety"}))
    assert live(server, "--format", "json", "--judge-model", "none") == 0
    held = json.loads(capsys.readouterr().out)
    assert held["writer"] == WRITER
    assert [row["case"] for row in held["rows"]] == ["s/of-its-articles"]
    assert held["rows"][0]["scores"]["writer"]["value"] == WRITER
    assert len(server.seen) == 1, "the story of the one case"


def test_expectations_of_the_mocked_replies_are_not_asked_of_it(
    server: Server, tmp_path: Path
) -> None:
    expect = {"absent": "ninety", "findings": [{"kind": "number"}], "sentences": [{"says": "Zug"}]}
    save(tmp_path, case(expect=expect))
    assert live(server) == 0


def test_repeated_cases_are_asked_anew(server: Server, tmp_path: Path) -> None:
    save(tmp_path, case(expect={"absent": "ninety"}))
    assert live(server, "--repeat", "3", "--judge-model", "none") == 0
    assert len(server.seen) == 3, "kept answers would make every attempt the same"


def test_a_model_that_cannot_be_used_is_exit_code_3(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, *(case(name=f"n{n}", expect={"absent": "ninety"}) for n in range(5)))
    server.respond = lambda _: Answer(status=401)
    assert live(server) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "the key was not accepted" in told


def test_a_suite_of_mocked_replies_alone_is_refused(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, CASE)
    assert live(server) == 2
    assert "--model: none of these cases can be asked of a live model" in capsys.readouterr().err


def test_a_judge_is_judged_above_every_table(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, case(expect={"absent": "ninety"}))
    server.respond = responding(plain)  # supports everything that it is asked
    assert live(server, "--judge-model", JUDGE) == 0
    head, _, table = capsys.readouterr().out.partition("\n\n")
    assert (
        f"Judged by {JUDGE}: balanced accuracy 0.5 [0.35, 0.65], kappa 0 on 40 hand-labelled pairs"
        " (0 unscored, counted as wrong)" in head
    )
    assert "checks, labels" not in head
    assert JUDGE in table, "the scores that it decides say so"


def test_agreement_is_measured_against_the_labels() -> None:
    false = {pair.claim: "it" for pair in labelled_pairs() if not pair.supported}

    def judge(request: CompletionRequest) -> str:
        return verdicts(request.messages[1].text, false)

    model = ScriptedModel(judge)
    perfect = measure_judge_agreement(model, JUDGE, load_step_prompts())
    assert len(model.requests) == 40, "each pair by itself"
    assert (perfect.balanced_accuracy.mean, perfect.kappa, perfect.unscored) == (1.0, 1.0, 0)
    assert perfect.pairs == 40


def test_a_pair_without_a_verdict_counts_as_wrong() -> None:
    pairs = [
        LabelledPair("Rain fell.", "Rain fell.", True),
        LabelledPair("Snow fell.", "Rain fell.", False),
    ]
    row = {"sentence": 1, "missing": [], "verdict": "supported", "keys": []}
    right = json.dumps({"verdicts": [row]})
    torn = json.dumps({"verdicts": [row | {"missing": ["snow"]}]})
    found = measure_judge_agreement(ScriptedModel([right, torn]), JUDGE, load_step_prompts(), pairs)
    assert (found.unscored, found.balanced_accuracy.mean) == (1, 0.5)


def test_the_labelled_pairs_are_balanced_and_distinct() -> None:
    pairs = labelled_pairs()
    assert sum(pair.supported for pair in pairs) * 2 == len(pairs)
    assert len({(pair.claim, pair.evidence) for pair in pairs}) == len(pairs)
