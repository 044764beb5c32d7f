"""A reply validated against a pydantic form; an invalid reply is sent back once.

A prompt file's ``output`` names the form. The form's JSON Schema, closed as strict modes require,
goes with the request. Reading is lenient where the meaning is clear (one key instead of a list,
brackets around a key, a missing list) and refuses everything else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from summarizer.errors import MalformedCompletion, ModelError
from summarizer.models.prompts import Prompt, render_prompt
from summarizer.models.protocol import ChatMessage, Completion, CompletionRequest, LanguageModel

__all__ = [
    "REPLY_FORMS",
    "Account",
    "Answer",
    "Dispute",
    "Facts",
    "Line",
    "ReplyForm",
    "StatedFact",
    "Verdict",
    "ask_model",
    "build_request",
    "form_schema",
    "parse_json_object",
    "strict_schema",
]

_STRICT_KEYWORDS = frozenset({"$defs", "anyOf", "const", "description", "enum", "items", "type"})
"""What all strict modes know. Bounds, patterns and defaults are left to whoever reads the reply."""


def strict_schema(schema: Mapping[str, object]) -> str:
    """The schema's text, for `Request.schema`: closed objects with every property required.

    ``schema`` is what ``model_json_schema()`` gives. What is taken out must be checked on the
    reply, which is done anyway. Properties keep their order: models write in that order.

    >>> schema = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}
    >>> strict_schema(schema)[:75]
    '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a'
    """
    kept = _closed_schema(schema)
    return json.dumps(kept | {"title": schema.get("title", "Reply")})


def _closed_schema(schema: Mapping[str, object]) -> dict[str, object]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # strict modes allow nothing beside it
    kept = {
        name: _closed_value(name, value)
        for name, value in schema.items()
        if name in _STRICT_KEYWORDS
    }
    if "oneOf" in schema:
        kept["anyOf"] = _closed_value("anyOf", schema["oneOf"])
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        kept["properties"] = {name: _closed_schema(value) for name, value in properties.items()}
        kept |= {"required": list(properties), "additionalProperties": False}
    return kept


def _closed_value(name: str, value: object) -> object:
    """The value of a keyword, with the schemas inside it closed."""
    match name, value:
        case "items", Mapping():
            return _closed_schema(value)
        case "$defs", Mapping():
            return {key: _closed_schema(each) for key, each in value.items()}
        case "anyOf", list():
            return [_closed_schema(each) for each in value]
    return value


_KEY_SEPARATORS = re.compile(r"[\s,;]+")
_KEY_BRACKETS = "⟦⟧[](){}<>【】\"'`"


def _citation_keys(value: object) -> object:
    """The citation keys one by one, without what was put around them."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) for item in listed):
        return value
    parts = (
        part.strip(_KEY_BRACKETS)
        for item in listed
        for part in _KEY_SEPARATORS.split(str(_one_line(str(item))))
    )
    return tuple(dict.fromkeys(part for part in parts if part))


def _first_citation_key(value: object) -> object:
    """One citation key; of several the first."""
    keys = _citation_keys(value)
    return next(iter(keys), "") if isinstance(keys, tuple) else value


def _none_as_empty(value: object) -> object:
    return () if value is None else value


def _one_line(value: object) -> object:
    """The text on one line; half a character, which JSON may smuggle in, becomes ``?``."""
    if not isinstance(value, str):
        return value
    return " ".join(value.encode("utf-8", "replace").decode().split())


OneLineText = Annotated[str, BeforeValidator(_one_line)]
CitationKeys = Annotated[tuple[str, ...], BeforeValidator(_citation_keys)]


class ReplyForm(BaseModel):
    """Frozen; what a reply has beyond its fields is passed over."""

    model_config = ConfigDict(frozen=True)


class Line(ReplyForm):
    """A sentence and the keys of the passages that it rests on."""

    text: OneLineText
    keys: CitationKeys = ()


class StatedFact(ReplyForm):
    """One fact: the key of its passage, the words there, and what they say."""

    key: Annotated[str, BeforeValidator(_first_citation_key)]
    quote: OneLineText
    fact: OneLineText


class Facts(ReplyForm):
    """What one source says."""

    facts: Annotated[tuple[StatedFact, ...], BeforeValidator(_none_as_empty)]


class Dispute(ReplyForm):
    """What sources differ on, and one line for each side."""

    about: OneLineText
    sides: Annotated[tuple[Line, ...], BeforeValidator(_none_as_empty)]


class Account(ReplyForm):
    """One story."""

    headline: Line
    sentences: Annotated[tuple[Line, ...], BeforeValidator(_none_as_empty)]
    disagreements: Annotated[tuple[Dispute, ...], BeforeValidator(_none_as_empty)] = ()


class Verdict(ReplyForm):
    """Whether evidence carries a claim: the reason first, then what it lacks, then the verdict."""

    reason: OneLineText
    missing: Annotated[tuple[OneLineText, ...], BeforeValidator(_none_as_empty)]
    verdict: Literal["supported", "unsupported"]


REPLY_FORMS: Mapping[str, type[ReplyForm]] = {
    form.__name__: form for form in (Account, Facts, Line, Verdict)
}


# Of constant size: one schema for each of the four forms; every call of a model needs one.
@cache
def form_schema(form: type[ReplyForm]) -> str:
    """The JSON Schema that goes with a request."""
    return strict_schema(form.model_json_schema())


_LEADING_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


def parse_json_object(completion: Completion) -> dict[str, object]:
    """The one JSON object of the reply; code fences, prose and a leading thought are passed over.

    Raises MalformedCompletion. Nothing is mended: half an object is no object.
    """
    text = _LEADING_THOUGHT.sub("", completion.text)
    start = text.find("{")
    if start < 0:
        raise MalformedCompletion(_malformed_reason(completion, "holds no JSON object"))
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        raise MalformedCompletion(_malformed_reason(completion, "is not valid JSON")) from None
    return dict(value)


def _malformed_reason(completion: Completion, otherwise: str) -> str:
    if completion.finish == "length":
        return f"the reply was cut off after {completion.tokens_out} tokens"
    return f"the reply {otherwise}" if completion.text.strip() else "the reply is empty"


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


F = TypeVar("F", bound=ReplyForm)

MAX_TRIES = 2
CUT_OFF_TOKEN_FACTOR = 4
"""Times the tokens that a reply gets which was cut off: models that think first need them."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[F]):
    """What was read from the last reply, or why nothing was; every completion on the way."""

    request: CompletionRequest
    value: F | None
    error: ModelError | None
    completions: tuple[Completion, ...]


def build_request(
    model: str, prompt: Prompt, form: type[ReplyForm], **variables: str
) -> CompletionRequest:
    """The request that a prompt file makes of these variables."""
    return CompletionRequest(
        model=model,
        messages=render_prompt(prompt, **variables),
        schema=form_schema(form),
        step=prompt.name,
        plan=prompt.hash,
    )


def ask_model(model: LanguageModel, request: CompletionRequest, form: type[F]) -> Answer[F]:
    """The reply as ``form``. Failures of the model are part of the answer, and are not raised."""
    completions: list[Completion] = []
    asked, error = request, None
    for _ in range(MAX_TRIES):
        try:
            completion = model.complete(asked)
            completions.append(completion)
            return Answer(request, _parse_reply(completion, form), None, tuple(completions))
        except MalformedCompletion as malformed:
            error = malformed
            asked = _next_request(request, completions, malformed)
        except ModelError as failure:
            return Answer(request, None, failure, tuple(completions))
    return Answer(request, None, error, tuple(completions))


def _parse_reply(completion: Completion, form: type[F]) -> F:
    try:
        return form.model_validate(parse_json_object(completion))
    except ValidationError as wrong:
        raise MalformedCompletion(f"the reply is not of the form: {_first_error(wrong)}") from None


def _first_error(wrong: ValidationError) -> str:
    """Where the first fault is, in the form's own words: no word of the reply is repeated."""
    fault = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'it'} {fault['type'].replace('_', ' ')}"


def _next_request(
    request: CompletionRequest, completions: list[Completion], wrong: MalformedCompletion
) -> CompletionRequest:
    """The same question with what was wrong; more room where the reply was cut off."""
    if not completions or not completions[-1].text.strip():
        return request
    if completions[-1].finish == "length":
        return replace(request, max_tokens=CUT_OFF_TOKEN_FACTOR * request.max_tokens)
    return replace(
        request, messages=(*request.messages, *_correction_messages(completions[-1], wrong))
    )


def _correction_messages(
    completion: Completion, wrong: MalformedCompletion
) -> Iterator[ChatMessage]:
    yield ChatMessage("assistant", completion.text)
    yield ChatMessage("user", f"{wrong.message}. Answer again with the demanded JSON object alone.")
