import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import SettingsError
from summarizer.rendering.json import json_schema, parse_briefing, to_json
from tests.rendering import samples

SCHEMA = Path(__file__).parents[2] / "docs" / "briefing.schema.json"


def test_what_is_written_is_read_back() -> None:
    for briefing in (samples.seeds(), samples.large()[0]):
        assert parse_briefing(to_json(briefing)) == briefing


@given(st.text(min_size=1), st.text(st.characters(exclude_categories=())))
def test_any_text_survives_as_utf_8(text: str, title: str) -> None:
    briefing = samples.single(text, title=title)
    written = to_json(briefing).encode("utf-8")
    assert parse_briefing(written.decode("utf-8")) == briefing


def test_the_file_is_readable_and_stable() -> None:
    written = to_json(samples.seeds())
    assert written.startswith('{\n  "schema": "summarizer/briefing/2",\n  "id": "b-seeds"')
    assert "Taiwan’s “return to China”" in written
    assert written.endswith("}\n")
    assert written == to_json(parse_briefing(written))


def broken(**changes: object) -> str:
    return json.dumps(json.loads(to_json(samples.seeds())) | changes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not JSON: Expecting value: line 1 column 1"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ("1" * 5000, "is not JSON"),
        ("[]", "valid dictionary"),
        (broken(schema="summarizer/briefing/9"), "schema: Input should be 'summarizer/briefing/2'"),
        (broken(extra=1), "extra: Extra inputs are not permitted"),
        (broken(chunks=[]), "resolves to no chunk of this briefing"),
        (broken(created="soon", title=7), "created: Input should be a valid datetime"),
    ],
)
def test_a_broken_file_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_briefing(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_uncited_sentence_is_named_by_its_place() -> None:
    saved = json.loads(to_json(samples.seeds()))
    saved["stories"][0]["sentences"][1]["citations"] = []
    with pytest.raises(SettingsError, match=r"stories\.0\.sentences\.1\.citations: Tuple should"):
        parse_briefing(json.dumps(saved))


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_other_error_leaves(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_briefing(text)


def test_the_published_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json_schema(), (
        "write schema() to docs/briefing.schema.json"
    )


def test_the_published_schema_accepts_what_is_written_and_refuses_the_uncited() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    saved = json.loads(to_json(samples.seeds()))
    jsonschema.validate(saved, schema)
    saved["stories"][0]["headline"]["citations"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(saved, schema)
