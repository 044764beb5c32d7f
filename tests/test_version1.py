"""Briefings and editions that were saved under schema 1 are still read, verified and compared."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from summarizer.briefing import Briefing
from summarizer.cli.main import app
from summarizer.edition import Edition
from summarizer.errors import SettingsError
from summarizer.rendering.json import parse_briefing, to_json

FOLDER = Path(__file__).parent / "fixtures" / "version1"
SAVED = (FOLDER / "briefing.json").read_text(encoding="utf-8")


def test_words_of_schema_1_are_read_as_those_of_schema_2() -> None:
    briefing = parse_briefing(SAVED)
    (story,) = briefing.stories
    assert [each.verdict for each in story.sentences].count("unverified") == 1
    assert {each.checked_by for each in briefing.all_sentences()} == {"rules"}
    assert [each.topic for each in story.disagreements] == ["the detour"]
    assert [(f.kind, f.action) for f in briefing.findings] == [
        ("artefact", "citation_replaced"),
        ("boilerplate", "set_aside"),
    ]
    assert briefing.report.unverified == 1


def test_the_upgraded_briefing_has_the_id_of_its_content_and_reads_back() -> None:
    briefing = parse_briefing(SAVED)
    assert briefing.id == briefing.identity()
    assert json.loads(to_json(briefing))["schema"] == "summarizer/briefing/2"
    assert parse_briefing(to_json(briefing)) == briefing


def test_an_altered_briefing_of_schema_1_is_still_found_out() -> None:
    document = json.loads(SAVED)
    document["stories"][0]["headline"]["text"] += " again"
    briefing = Briefing.model_validate(document)
    assert briefing.id != briefing.identity()


def test_text_that_looks_like_an_old_word_is_left_alone() -> None:
    briefing = parse_briefing(SAVED)
    assert briefing.findings[0].text == "about"


def test_an_unknown_field_of_schema_1_is_one_line() -> None:
    document = json.loads(SAVED) | {"surplus": 1}
    with pytest.raises(SettingsError, match="surplus: Extra inputs are not permitted"):
        parse_briefing(json.dumps(document))


def test_a_saved_briefing_of_schema_1_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(app, ["verify", "briefing.json"])
    assert result.exit_code == 0, result.output


def test_editions_of_schema_1_are_read() -> None:
    edition = Edition.model_validate_json((FOLDER / "edition.json").read_text(encoding="utf-8"))
    assert edition.schema_ == "summarizer/edition/2"
    assert [each.reason for each in edition.left_out] == ["no_room"]
    assert [each.reason for each in edition.tally.failed] == ["no room on the server"]
    assert edition.briefing is not None
    assert edition.briefing == parse_briefing(SAVED)
