"""JSON Schemas as every provider's strict mode takes them."""

import json
from collections.abc import Mapping

__all__ = ["strict"]

_KEPT = frozenset({"$defs", "anyOf", "const", "description", "enum", "items", "type"})
"""What all strict modes know. Bounds, patterns and defaults are left to whoever reads the reply."""


def strict(schema: Mapping[str, object]) -> str:
    """The schema's text, for `Request.schema`: closed objects with every property required.

    ``schema`` is what ``model_json_schema()`` gives. What is taken out must be checked on the
    reply, which is done anyway. Properties keep their order: models write in that order.

    >>> strict({"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}})[:75]
    '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a'
    """
    kept = _close(schema)
    return json.dumps(kept | {"title": schema.get("title", "Reply")})


def _close(schema: Mapping[str, object]) -> dict[str, object]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # strict modes allow nothing beside it
    kept = {name: _close_in(name, value) for name, value in schema.items() if name in _KEPT}
    if "oneOf" in schema:
        kept["anyOf"] = _close_in("anyOf", schema["oneOf"])
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        kept["properties"] = {name: _close(value) for name, value in properties.items()}
        kept |= {"required": list(properties), "additionalProperties": False}
    return kept


def _close_in(name: str, value: object) -> object:
    """The value of a keyword, with the schemas inside it closed."""
    match name, value:
        case "items", Mapping():
            return _close(value)
        case "$defs", Mapping():
            return {key: _close(each) for key, each in value.items()}
        case "anyOf", list():
            return [_close(each) for each in value]
    return value
