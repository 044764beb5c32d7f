"""The seeds as an excellent model would tell them, from a recording of replies written by hand."""

import json
from pathlib import Path

import pytest

from summarizer.briefing import Briefing, BriefingStory
from summarizer.cli.main import main
from summarizer.models.replay import ReplayedModel
from tests.articles import SEEDS
from tests.chain.recording import MODEL, RECORDING, build, tell

EARLIER = "seeds/004_517201ba1aa2df3a.txt"
TEASERS = ("Birch", "Bengaluru", "Poland", "Musk", "ketamine", "Arms sale")


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return tell(ReplayedModel(RECORDING))


def sources(story: BriefingStory, briefing: Briefing) -> set[str | None]:
    paths = {source.id: source.path for source in briefing.sources}
    return {
        paths[cited.source] for sentence in story.all_sentences() for cited in sentence.citations
    }


def test_the_recording_is_what_its_replies_make_of_it(tmp_path: Path) -> None:
    build(tmp_path / "seeds.jsonl")
    renewed = (tmp_path / "seeds.jsonl").read_bytes()
    assert renewed == RECORDING.read_bytes(), "python -m tests.chain.recording"


def test_every_sentence_is_the_models_and_supported(briefing: Briefing) -> None:
    assert briefing.writer == MODEL
    assert {sentence.method for sentence in briefing.synopsis} == {"written"}
    for story in briefing.stories:
        written = [story.headline, *story.sentences]
        assert {sentence.method for sentence in written} == {"written"}
    assert {sentence.verdict for sentence in briefing.all_sentences()} == {"supported"}
    assert briefing.report.citation_recall == briefing.report.citation_precision == 1.0
    left = [found for found in briefing.findings if found.action != "set_aside"]
    assert {found.kind for found in left} <= {"spelling"}


def test_every_reply_is_accounted_for(briefing: Briefing) -> None:
    steps = [activity.step for activity in briefing.activities]
    assert [steps.count(step) for step in ("facts", "write", "lead", "judge", "repair")] == [
        0, 2, 1, 3, 0
    ]  # fmt: skip
    assert briefing.report.model_calls == 6


def test_the_earlier_call_is_told_apart(briefing: Briefing) -> None:
    call, earlier = briefing.stories
    assert sources(earlier, briefing) == {EARLIER}
    assert len(sources(call, briefing)) == 3
    assert EARLIER not in sources(call, briefing)


def test_teasers_of_other_articles_are_not_told(briefing: Briefing) -> None:
    told = " ".join(sentence.text for sentence in briefing.all_sentences())
    assert [word for word in TEASERS if word in told] == []


def test_a_spelling_is_told_of_its_source_and_translations_are_no_disagreement(
    briefing: Briefing,
) -> None:
    (spelling,) = (found for found in briefing.findings if found.kind == "spelling")
    assert "Lutnick" in spelling.detail
    assert "Rutnik" in spelling.text
    assert not any("wording" in d.topic for story in briefing.stories for d in story.disagreements)


def test_the_command_replays_it_without_key_or_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, briefing: Briefing
) -> None:
    monkeypatch.chdir(SEEDS.parent)
    asked = ["brief", "seeds", "--model", MODEL, "--replay", str(RECORDING), "--format", "json"]
    assert main(asked) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert json.loads(shown.out)["stories"] == briefing.model_dump(mode="json")["stories"]
