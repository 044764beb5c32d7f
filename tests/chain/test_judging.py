"""``--judge`` from the command to the wire and back: what is asked, and what a verdict does."""

import json
from pathlib import Path

import pytest

from summarizer.briefing import Briefing, Sentence
from summarizer.cli.main import main
from summarizer.rendering.json import parse_briefing
from tests.chain.authors import passages, plain, responding, step_of
from tests.checking.held import FIRE, PAPER
from tests.models.server import Answer, Seen, Server

WRITER, JUDGE = "openai/gpt-4o-mini", "openai/gpt-4o"
CLAIM = "A blaze gutted a depot in Bern on Monday night."
"""What the checks find nothing wrong with, and not enough that is right."""

CERTAIN = "Twelve people were injured."


def author(step: str, prompt: str) -> str:
    """Good facts, and a story of a sentence that is certain and one that is not."""
    if step != "write":
        return plain(step, prompt)
    shown = passages(prompt)
    key = next(key for key, text in shown.items() if CERTAIN in text)
    lines = [{"text": text, "keys": [key]} for text in (CERTAIN, CLAIM)]
    headline = {"text": "Twelve people were injured", "keys": [key]}
    return json.dumps({"headline": headline, "sentences": lines, "disagreements": []})


def verdict(word: str, reason: str, *missing: str) -> Answer:
    return Answer(json.dumps({"reason": reason, "missing": missing, "verdict": word}))


YES = verdict("supported", "A blaze that guts it is a fire that destroys it.")
NO = verdict("unsupported", "It burned; nobody says that it was gutted.", "gutted")


@pytest.fixture
def server(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Path("fire.txt").write_text(FIRE, encoding="utf-8")
    Path("paper.txt").write_text(PAPER, encoding="utf-8")
    return server


def run(
    server: Server, capsys: pytest.CaptureFixture[str], reply: Answer, *more: str
) -> tuple[Briefing, list[Seen]]:
    """The briefing, and what the judge was asked when it answers so."""
    good = responding(author)
    server.respond = lambda seen: reply if step_of(seen) == "judge" else good(seen)
    command = ["brief", "fire.txt", "paper.txt", "--model", WRITER, "--format", "json"]
    assert main([*command, "--api-base", f"{server.url}/v1", *more]) == 0
    briefing = parse_briefing(capsys.readouterr().out)
    return briefing, [seen for seen in server.seen if step_of(seen) == "judge"]


def claimed(briefing: Briefing) -> list[Sentence]:
    return [sentence for sentence in briefing.all_sentences() if sentence.text == CLAIM]


def test_only_what_is_uncertain_is_asked_with_its_evidence_alone(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing, asked = run(server, capsys, YES, "--judge", JUDGE)
    assert [sentence.verdict for sentence in claimed(briefing)] == ["supported"]
    (seen,) = asked
    assert seen.body["model"] == "gpt-4o"
    told = seen.body["messages"][1]["content"]
    assert CLAIM in told
    assert "A fire destroyed a depot in Bern on Monday evening, police said." in told
    assert "Anna Keller" not in told
    (judged,) = [done for done in briefing.activities if done.step == "judge"]
    assert (judged.agent, len(judged.plan or "")) == (JUDGE, 64)
    assert set(judged.used) <= {chunk.id for chunk in briefing.chunks}


def test_without_a_judge_nobody_is_asked(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing, asked = run(server, capsys, YES)
    assert asked == []
    assert [sentence.verdict for sentence in claimed(briefing)] == ["supported"], "by the checks"


def test_what_the_judge_denies_is_gone_and_the_reason_is_told(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing, asked = run(server, capsys, NO, "--judge", JUDGE)
    assert asked
    assert claimed(briefing) == []
    told = [found.detail for found in briefing.findings if found.text == CLAIM]
    assert any(f"{JUDGE}: It burned; nobody says that it was gutted." in each for each in told)


NO_VERDICT = {
    "it contradicts itself": verdict("supported", "The evidence does not mention a blaze."),
    "it denies and misses nothing": verdict("unsupported", "It is somewhere."),
    "it refuses": Answer(finish="content_filter"),
    "it answers in prose": Answer("I would say so."),
    "its key may not": Answer(status=403),
}


@pytest.mark.parametrize("why", NO_VERDICT)
def test_without_a_verdict_the_checks_verdict_stays_and_that_is_told(
    server: Server, capsys: pytest.CaptureFixture[str], why: str
) -> None:
    unjudged, _ = run(server, capsys, YES)
    briefing, asked = run(server, capsys, NO_VERDICT[why], "--judge", JUDGE)
    assert asked
    assert briefing.stories == unjudged.stories
    unscored = [found for found in briefing.findings if found.kind == "model"]
    assert {(found.action, found.text) for found in unscored} == {("kept", CLAIM)}
    assert all(found.detail.startswith(f"unscored by {JUDGE}: ") for found in unscored)
