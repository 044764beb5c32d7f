"""Wherever sentences are checked, a model of entailment can be named; a wrong path is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from summarizer import Article, brief, check, verify
from summarizer.checking.entailment import open_entailment_model
from summarizer.cli.main import main
from summarizer.digests.config import load_digest_config
from summarizer.digests.health import try_config
from summarizer.errors import SettingsError
from summarizer.jobs.queue import BriefingRequest
from summarizer.retrieval.corpus import no_progress, prepare_corpus
from summarizer.retrieval.stories import allot_words, focus_stories, trace_stories
from summarizer.settings import Settings
from summarizer.writing.briefing_cache import briefing_fingerprint
from summarizer.writing.story import story_context
from tests.checking.small_model import calibrate, make_model
from tests.evaluation.test_entailment_calibration import event as calibration_event
from tests.writing.test_remembered import chain

ROOT = Path(__file__).parent.parent
FIRE = Article.of(
    "Fire destroyed a depot in Bern on Monday, police said. Twelve people were injured.",
    name="fire.txt",
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "nli")


def test_python_takes_it(model: Path) -> None:
    briefing = brief(FIRE, words=60, nli=model, now=datetime(2025, 12, 1, tzinfo=UTC))
    assert verify(briefing, FIRE, nli=str(model)).failures == ()
    report = check("Fire destroyed a depot in Bern [1].", FIRE, nli=str(model))
    assert len(report.sentences) == 1


def test_python_refuses_a_path_that_is_no_model(tmp_path: Path) -> None:
    for call in (
        lambda: brief("missing.txt", nli=tmp_path),
        lambda: check("A dam broke [1].", "missing.txt", nli=tmp_path),
        lambda: verify("missing.json", nli=tmp_path),
    ):
        with pytest.raises(SettingsError, match="has no model"):
            call()


def test_the_checker_of_a_story_has_the_model(model: Path) -> None:
    corpus = prepare_corpus([FIRE], no_progress)
    focused = focus_stories(corpus, trace_stories(corpus, no_progress), Settings())
    ((traced, words),) = allot_words(focused, Settings())
    opened = open_entailment_model(model)
    context = story_context(traced, words, corpus, focused, "", opened)
    assert context.checker.entailment is context.native_checker.entailment is opened


COMMANDS = [
    ["brief", "{article}"],
    ["check", "{article}", "--sources", "{article}"],
    ["verify", "{briefing}"],
    ["eval", "run", str(ROOT / "evals" / "suites" / "seeds.yaml"), "--limit", "1"],
    ["eval", "claims", "{claims}"],
    ["eval", "mutate", "{briefing}"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_commands_take_it(
    command: list[str], model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {name: tmp_path / f"{name}.{end}" for name, end in
             (("article", "txt"), ("briefing", "json"), ("claims", "jsonl"))}  # fmt: skip
    paths["article"].write_text(FIRE.text, encoding="utf-8")
    row = {"dataset": "d", "claim": "Fire destroyed a depot.", "evidence": FIRE.text, "label": 1}
    paths["claims"].write_text(json.dumps(row), encoding="utf-8")
    assert main(["brief", str(paths["article"]), "-o", str(paths["briefing"])]) == 0
    given = [part.format(**paths) for part in command]
    assert main([*given, "--nli", str(model)]) == 0
    capsys.readouterr()
    assert main([*given, "--nli", str(tmp_path / "none")]) == 2
    assert "does not exist (`summarizer nli fetch`" in capsys.readouterr().err


def test_a_job_keeps_it(model: Path) -> None:
    request = BriefingRequest(Settings(nli=model))
    assert BriefingRequest.unpack(request.pack()) == request
    older = json.loads(request.pack())
    del older["settings"]["nli"]
    assert BriefingRequest.unpack(json.dumps(older)).settings.nli is None


def test_a_digest_names_it_beside_its_file(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["digest", "init", "world"]) == 0
    file = tmp_path / "world.toml"
    text = file.read_text(encoding="utf-8").replace('# nli = "models/nli"', 'nli = "nli"')
    file.write_text(text, encoding="utf-8")
    config = load_digest_config(file)
    assert Path(config.nli) == model
    for path, sound in ((config.nli, True), (str(tmp_path), False)):
        changed = config.model_copy(update={"sources": (), "nli": path})
        now = datetime(2025, 12, 1, tzinfo=UTC)
        rows = [each for each in try_config(changed, environment={}, now=now) if each.kind == "nli"]
        assert [row.ok for row in rows] == [sound]


def test_a_briefing_from_the_cache_was_read_by_the_same_model(model: Path) -> None:
    def fingerprint(nli: Path | None) -> str:
        return briefing_fingerprint([FIRE], [], replace(Settings(), nli=nli), chain())

    before = fingerprint(model)
    assert before == fingerprint(model) != fingerprint(None)
    make_model(model, length=64)
    assert fingerprint(model) != before


REORDERED = {
    "dataset": "d", "id": "a", "label": 1,
    "claim": "Twelve people were injured and fire destroyed a depot in Bern.",
    "evidence": "Fire destroyed a depot in Bern, and twelve people were injured.",
}  # fmt: skip


def test_eval_claims_names_the_method_that_decided(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, scores = tmp_path / "rows.jsonl", tmp_path / "scores.jsonl"
    rows.write_text(json.dumps(REORDERED), encoding="utf-8")
    command = ["eval", "claims", str(rows), "--scores", str(scores), "--nli", str(model)]

    def scored() -> tuple[str, str]:
        assert main(command) == 0
        row = json.loads(scores.read_text(encoding="utf-8"))
        return row["verdict"], row["checked_by"]

    assert scored() == ("unverified", "rules")
    err = capsys.readouterr().err
    assert err.count("nli is not calibrated, so it decides nothing") == 1
    assert f"summarizer nli calibrate {model}" in err
    calibrate(model, 0.8, None)
    assert scored() == ("supported", "nli:nli")
    assert capsys.readouterr().err == ""
    calibrate(model, None, None)
    assert scored() == ("unverified", "rules")
    assert "nli decides nothing: no threshold" in capsys.readouterr().err


def test_a_model_is_calibrated_and_says_what_it_may_decide(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nli", "check", str(model)]) == 0
    assert "nli is not calibrated, so it decides nothing" in capsys.readouterr().out
    rows = tmp_path / "rows.jsonl"
    claims = [row for number in range(20) for row in calibration_event(number)]
    rows.write_text("\n".join(json.dumps(each._asdict()) for each in claims), encoding="utf-8")
    assert main(["nli", "calibrate", str(model), str(rows)]) == 0
    out, err = capsys.readouterr()
    assert "calibrated on 40 faithful and 40 false rows of 20 events (en)" in out
    assert "says supported: never; no threshold keeps 95 % of them right" in out
    assert "of faithful rows 0 of 40, 0.0 % (0.0–16.1), of false ones 40 of 40" in out
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["rules", "rules"]
    assert f"{model / 'calibration.json'} is written" in err
    saved = json.loads((model / "calibration.json").read_text(encoding="utf-8"))
    assert saved["schema"] == "summarizer/calibration/1"
    assert saved["rows_sha256"] == sha256(rows.read_bytes()).hexdigest()
    assert main(["nli", "check", str(model)]) == 0
    assert "says unsupported up to" in capsys.readouterr().out


def test_calibrating_needs_rows_of_both_labels(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(REORDERED), encoding="utf-8")
    assert main(["nli", "calibrate", str(model), str(rows)]) == 2
    assert "cannot be calibrated with these rows" in capsys.readouterr().err
    assert not (model / "calibration.json").exists()
