"""The JSON object in a reply, in whatever a model wraps around it."""

import json
import re

from summarizer.errors import MalformedCompletion
from summarizer.models.port import Completion

__all__ = ["read_object"]

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


def read_object(completion: Completion) -> dict[str, object]:
    """The one JSON object of the reply; code fences, prose and a leading thought are passed over.

    Raises MalformedCompletion. Nothing is mended: half an object is no object.
    """
    text = _THOUGHT.sub("", completion.text)
    start = text.find("{")
    if start < 0:
        raise MalformedCompletion(_blame(completion, "holds no JSON object"))
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        raise MalformedCompletion(_blame(completion, "is not valid JSON")) from None
    return dict(value)


def _blame(completion: Completion, otherwise: str) -> str:
    if completion.finish == "length":
        return f"the reply was cut off after {completion.tokens_out} tokens"
    return f"the reply {otherwise}" if completion.text.strip() else "the reply is empty"


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
