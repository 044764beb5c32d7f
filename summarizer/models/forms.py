"""The forms of a model's replies, as a prompt file's ``output`` names them.

What is read is what was meant: one key instead of a list of one, brackets around a key, a missing
list. What decides nothing is passed over, and everything else is refused.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from summarizer.models.schemas import strict

__all__ = [
    "FORMS",
    "Account",
    "Dispute",
    "Facts",
    "Form",
    "Line",
    "StatedFact",
    "Verdict",
    "schema",
]

_APART = re.compile(r"[\s,;]+")
_BRACKETS = "⟦⟧[](){}<>【】\"'`"


def _keys(value: object) -> object:
    """The citation keys one by one, without what was put around them."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) for item in listed):
        return value
    parts = (
        part.strip(_BRACKETS) for item in listed for part in _APART.split(str(_one_line(str(item))))
    )
    return tuple(dict.fromkeys(part for part in parts if part))


def _key(value: object) -> object:
    """One citation key; of several the first."""
    keys = _keys(value)
    return next(iter(keys), "") if isinstance(keys, tuple) else value


def _none_as_empty(value: object) -> object:
    return () if value is None else value


def _one_line(value: object) -> object:
    """The text on one line; half a character, which JSON may smuggle in, becomes ``?``."""
    if not isinstance(value, str):
        return value
    return " ".join(value.encode("utf-8", "replace").decode().split())


Text = Annotated[str, BeforeValidator(_one_line)]
Keys = Annotated[tuple[str, ...], BeforeValidator(_keys)]


class Form(BaseModel):
    """Frozen; what a reply has beyond its fields is passed over."""

    model_config = ConfigDict(frozen=True)


class Line(Form):
    """A sentence and the keys of the passages that it rests on."""

    text: Text
    keys: Keys = ()


class StatedFact(Form):
    """One fact: the key of its passage, the words there, and what they say."""

    key: Annotated[str, BeforeValidator(_key)]
    quote: Text
    fact: Text


class Facts(Form):
    """What one source says."""

    facts: Annotated[tuple[StatedFact, ...], BeforeValidator(_none_as_empty)]


class Dispute(Form):
    """What sources differ on, and one line for each side."""

    about: Text
    sides: Annotated[tuple[Line, ...], BeforeValidator(_none_as_empty)]


class Account(Form):
    """One story."""

    headline: Line
    sentences: Annotated[tuple[Line, ...], BeforeValidator(_none_as_empty)]
    disagreements: Annotated[tuple[Dispute, ...], BeforeValidator(_none_as_empty)] = ()


class Verdict(Form):
    """Whether evidence carries a claim: the reason first, then what it lacks, then the verdict."""

    reason: Text
    missing: Annotated[tuple[Text, ...], BeforeValidator(_none_as_empty)]
    verdict: Literal["supported", "unsupported"]


FORMS: Mapping[str, type[Form]] = {form.__name__: form for form in (Account, Facts, Line, Verdict)}


@cache
def schema(form: type[Form]) -> str:
    """The JSON Schema that goes with a request."""
    return strict(form.model_json_schema())
