"""Arguments, results and failures as JSON: what is read back from the store runs no code."""

import json
from typing import Any

from dbos import Serializer

from summarizer import errors
from summarizer.errors import SummarizerError

__all__ = ["JsonPacking"]

_FAILURE = "summarizer/failure/1"


class JsonPacking(Serializer):
    """Plain values and exceptions. A failure comes back as the error it was, if it was ours."""

    def name(self) -> str:
        return "summarizer_json"

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_pack)

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 - as the library has it
        return json.loads(serialized_data, object_hook=_unpack)


def _pack(value: object) -> dict[str, str]:
    if not isinstance(value, BaseException):
        raise TypeError(f"a {type(value).__name__} cannot be kept")
    return {
        _FAILURE: type(value).__name__,
        "message": value.message if isinstance(value, SummarizerError) else str(value),
        "subject": getattr(value, "subject", ""),
        "hint": getattr(value, "hint", ""),
    }


def _unpack(found: dict[str, Any]) -> object:
    if _FAILURE not in found:
        return found
    name = found[_FAILURE]
    kind = getattr(errors, name) if name in errors.__all__ else None
    if kind is None:
        return SummarizerError(f"{name}: {found['message']}")
    return kind(found["message"], subject=found["subject"], hint=found["hint"])
