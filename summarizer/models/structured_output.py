"""A reply validated against a pydantic form; an invalid reply is sent back once.

A prompt file's ``output`` names the form. The form's JSON Schema, closed as strict modes require,
goes with the request. Reading is lenient where the meaning is clear (one key instead of a list,
brackets around a key, a missing list) and refuses everything else.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from summarizer.errors import MalformedCompletion, ModelError
from summarizer.models.prompts import Prompt, render_prompt
from summarizer.models.protocol import ChatMessage, Completion, CompletionRequest, LanguageModel

__all__ = [
    "REPLY_FORMS",
    "Account",
    "Answer",
    "Dispute",
    "Facts",
    "Lead",
    "Line",
    "ReplyForm",
    "Rewrite",
    "Rewrites",
    "StatedFact",
    "StoryLine",
    "Verdict",
    "Verdicts",
    "YesNo",
    "ask_model",
    "build_request",
    "form_schema",
    "parse_json_object",
    "strict_schema",
]

_STRICT_KEYWORDS = frozenset({"$defs", "anyOf", "const", "description", "enum", "items", "type"})
"""What all strict modes know. Bounds and patterns are checked when the reply is validated."""


def strict_schema(schema: Mapping[str, object]) -> str:
    """The text for `CompletionRequest.schema`: closed objects with every property required.

    ``schema`` is what ``model_json_schema()`` gives. What is removed is checked when the reply is
    validated. Properties keep their order: models write in that order.

    >>> schema = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}
    >>> strict_schema(schema)[:75]
    '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a'
    """
    kept = _closed_schema(schema)
    return json.dumps(kept | {"title": schema.get("title", "Reply")})


def _closed_schema(schema: Mapping[str, object]) -> dict[str, object]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # strict modes allow no other keyword with it
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
    """The citation keys as a tuple, without brackets and quotation marks."""
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
    """The text on one line; a lone surrogate, which JSON may carry, becomes ``?``."""
    if not isinstance(value, str):
        return value
    return " ".join(value.encode("utf-8", "replace").decode().split())


_KEY_MARK = r"\s*⟦[^⟦⟧]{0,80}⟧"
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_LINE_START = re.compile(r"^(?:#{1,6}\s+|[-*•]\s+)+")


def _plain_text(value: object) -> object:
    """The text on one line without emphasis, list marks and keys in double brackets: the words of
    the sentence are the model's, and its layout is not."""
    line = _one_line(value)
    if not isinstance(line, str):
        return line
    return _LINE_START.sub("", _EMPHASIS.sub(r"\2", re.sub(_KEY_MARK, "", line))).strip()


DEFAULT_IMPORTANCE = 2


def _importance(value: object) -> object:
    """1 to 3; anything else is the middle."""
    return value if value in (1, 2, 3) else DEFAULT_IMPORTANCE


OneLineText = Annotated[str, BeforeValidator(_one_line)]
PlainText = Annotated[str, BeforeValidator(_plain_text)]
CitationKeys = Annotated[tuple[str, ...], BeforeValidator(_citation_keys)]


class ReplyForm(BaseModel):
    """Frozen; fields that the form does not have are ignored."""

    model_config = ConfigDict(frozen=True)


class Line(ReplyForm):
    """A sentence and the keys of the passages that it rests on."""

    text: PlainText
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


class StoryLine(Line):
    """A sentence of a story. ``importance``: 1 what it needs, 3 what is cut first."""

    importance: Annotated[int, BeforeValidator(_importance)] = DEFAULT_IMPORTANCE


class Account(ReplyForm):
    """One story."""

    headline: Line
    sentences: Annotated[tuple[StoryLine, ...], BeforeValidator(_none_as_empty)]
    disagreements: Annotated[tuple[Dispute, ...], BeforeValidator(_none_as_empty)] = ()


class Lead(ReplyForm):
    """The synopsis of a briefing."""

    sentences: Annotated[tuple[Line, ...], BeforeValidator(_none_as_empty)]


class Rewrite(ReplyForm):
    """A sentence of the request, by its number, in other words; an empty text gives it up."""

    sentence: int
    text: PlainText
    keys: CitationKeys = ()


class Rewrites(ReplyForm):
    """The sentences of the request, written anew."""

    sentences: Annotated[tuple[Rewrite, ...], BeforeValidator(_none_as_empty)]


class Verdict(ReplyForm):
    """Whether passages carry a sentence of the request, by its number. ``missing``: what they do
    not say; ``keys``: the passages that carry it, the best first."""

    sentence: int
    missing: Annotated[tuple[OneLineText, ...], BeforeValidator(_none_as_empty)]
    verdict: Literal["supported", "unsupported"]
    keys: CitationKeys = ()


class Verdicts(ReplyForm):
    """A verdict on each sentence of the request."""

    verdicts: Annotated[tuple[Verdict, ...], BeforeValidator(_none_as_empty)]


class YesNo(ReplyForm):
    """The reply of a model that answers every question with yes or no, and with nothing else."""

    answer: bool


REPLY_FORMS: Mapping[str, type[ReplyForm]] = {
    form.__name__: form for form in (Account, Facts, Lead, Rewrites, Verdicts, YesNo)
}

_WORD = re.compile(r"\w+")


# Of constant size: one schema for each form; every call of a model needs one.
@cache
def form_schema(form: type[ReplyForm]) -> str:
    """The JSON Schema that goes with a request."""
    return strict_schema(form.model_json_schema())


_LEADING_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


def parse_json_object(completion: Completion) -> dict[str, object]:
    """The JSON object of the reply; code fences, prose and a leading thought are skipped.

    Raises MalformedCompletion, also for an incomplete object: nothing is repaired.
    """
    text = _object_text(completion)
    try:
        value, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        raise MalformedCompletion(_malformed_reason(completion, "is not valid JSON")) from None
    return dict(value)


def _object_text(completion: Completion) -> str:
    """The reply from its first brace on. Raises MalformedCompletion without one."""
    text = _LEADING_THOUGHT.sub("", completion.text)
    start = text.find("{")
    if start < 0:
        raise MalformedCompletion(_malformed_reason(completion, "holds no JSON object"))
    return text[start:]


def _malformed_reason(completion: Completion, otherwise: str) -> str:
    if completion.finish == "length":
        return f"the reply was cut off after {completion.tokens_out} tokens"
    return f"the reply {otherwise}" if completion.text.strip() else "the reply is empty"


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


F = TypeVar("F", bound=ReplyForm)

MAX_TRIES = 2
CUT_OFF_TOKEN_FACTOR = 4
"""Factor of the tokens allowed after a reply was cut off: models that think first need them."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[F]):
    """The value of the last reply, or the error instead; every completion on the way. Beside a
    value ``error`` says that its reply was cut off."""

    request: CompletionRequest
    value: F | None
    error: ModelError | None
    completions: tuple[Completion, ...]


def build_request(
    model: str, prompt: Prompt, form: type[ReplyForm], **variables: str
) -> CompletionRequest:
    """The request of a prompt file filled with these variables."""
    return CompletionRequest(
        model=model,
        messages=render_prompt(prompt, **variables),
        schema=None if form is YesNo else form_schema(form),
        step=prompt.name,
        plan=prompt.hash,
    )


def ask_model(model: LanguageModel, request: CompletionRequest, form: type[F]) -> Answer[F]:
    """The reply as ``form``. A failure of the model is part of the answer and is not raised.

    Of a reply that is cut off both times the items before the cut are kept.
    """
    completions: list[Completion] = []
    current = request
    error: ModelError | None = None
    for _ in range(MAX_TRIES):
        try:
            completion = model.complete(current)
            completions.append(completion)
            return Answer(request, _parse_reply(completion, form), None, tuple(completions))
        except MalformedCompletion as malformed:
            error = malformed
            current = _next_request(request, completions, malformed)
        except ModelError as failure:
            error = failure
            break
    cut_off = max(
        (each for each in completions if each.finish == "length"),
        key=lambda each: len(each.text),
        default=None,
    )
    kept = _parse_cut_off(cut_off, form) if cut_off else None
    return Answer(request, kept, error, tuple(completions))


def _parse_cut_off(completion: Completion, form: type[F]) -> F | None:
    """What a reply that was cut off says before the cut; None without a whole item."""
    try:
        value = TypeAdapter(dict[str, Any]).validate_json(
            _object_text(completion), experimental_allow_partial=True
        )
        try:
            return form.model_validate(value)
        except ValidationError as wrong:
            name, *rest = wrong.errors()[0]["loc"]
            items = value[str(name)]
            if not rest or rest[0] != len(items) - 1:
                return None
            return form.model_validate(value | {str(name): items[:-1]})  # the item at the cut
    except (MalformedCompletion, ValueError, KeyError, TypeError):
        return None


def _parse_reply(completion: Completion, form: type[F]) -> F:
    values = _parse_yes_no(completion) if form is YesNo else parse_json_object(completion)
    try:
        return form.model_validate(values)
    except ValidationError as wrong:
        # Only the place and kind of the first error: no word of the reply is repeated.
        fault = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
        where, kind = ".".join(map(str, fault["loc"])) or "it", fault["type"].replace("_", " ")
        raise MalformedCompletion(f"the reply is not of the form: {where} {kind}") from None


def _parse_yes_no(completion: Completion) -> dict[str, object]:
    """The first word of the reply. Raises MalformedCompletion where it is neither yes nor no."""
    first = _WORD.search(_LEADING_THOUGHT.sub("", completion.text))
    word = first[0].casefold() if first else ""
    if word not in ("yes", "no"):
        raise MalformedCompletion(_malformed_reason(completion, "is neither yes nor no"))
    return {"answer": word == "yes"}


def _next_request(
    request: CompletionRequest, completions: list[Completion], wrong: MalformedCompletion
) -> CompletionRequest:
    """The request with what was wrong, never the same again; with more tokens where the reply was
    cut off, also before its first word: a model that thinks may have spent them all on thoughts."""
    if completions and completions[-1].finish == "length":
        return replace(request, max_tokens=CUT_OFF_TOKEN_FACTOR * request.max_tokens)
    said = completions[-1].text if completions else ""
    turns = [
        *([ChatMessage("assistant", said)] if said.strip() else []),  # none may be empty
        ChatMessage("user", f"{wrong.message}. Answer again, in the demanded form alone."),
    ]
    return replace(request, messages=(*request.messages, *turns))
