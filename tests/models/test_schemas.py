import json
from typing import Literal

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types
from pydantic import BaseModel, Field

from summarizer.models.structured_output import strict_schema


class Fact(BaseModel):
    reason: str = Field(min_length=3, description="why")
    items: list[str]
    kind: Literal["a", "b"] = "a"
    alias: str | None = None


class Facts(BaseModel):
    main: Fact = Field(description="the main one")
    facts: list[Fact]


WRITTEN = json.loads(strict_schema(Facts.model_json_schema()))


def test_every_object_is_closed_and_every_property_required() -> None:
    for schema in (WRITTEN, WRITTEN["$defs"]["Fact"]):
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


def test_properties_keep_the_order_in_which_a_model_is_to_write_them() -> None:
    assert list(WRITTEN["$defs"]["Fact"]["properties"]) == ["reason", "items", "kind", "alias"]


def test_what_strict_modes_refuse_is_left_out() -> None:
    assert "minLength" not in json.dumps(WRITTEN)
    assert WRITTEN["properties"]["main"] == {"$ref": "#/$defs/Fact"}
    assert WRITTEN["$defs"]["Fact"]["properties"]["reason"]["description"] == "why"


def test_it_is_a_schema_that_takes_what_the_values_say() -> None:
    Draft202012Validator.check_schema(WRITTEN)
    fact = Fact(reason="because", items=["x"])
    whole = Facts(main=fact, facts=[fact]).model_dump()
    assert Draft202012Validator(WRITTEN).is_valid(whole)
    assert not Draft202012Validator(WRITTEN).is_valid(whole | {"more": 1})


def test_it_is_named_after_the_value() -> None:
    assert WRITTEN["title"] == "Facts"
    assert json.loads(strict_schema({"type": "object"}))["title"] == "Reply"
