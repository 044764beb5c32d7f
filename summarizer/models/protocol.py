"""The protocol of a language model, its requests and completions, and token estimates."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from types import NoneType
from typing import Literal, NamedTuple, Protocol

BYTES_PER_TOKEN = 2
"""A bound, not a mean. With two OpenAI vocabularies English news has 5.1-5.4, Finnish and Polish
2.0-3.4, Arabic, Hindi, Chinese and Japanese 2.6 and more; Amharic (1.1-1.5) passes the bound."""

MESSAGE_OVERHEAD_TOKENS = 16
"""Tokens that a message may take beyond its text: role, separators, the start of the reply."""


class ChatMessage(NamedTuple):
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest:
    """One request. ``model`` is a litellm name, ``schema`` the text of a JSON Schema of an object.

    ``step`` names the step of the chain and ``plan`` the hash of its prompt file: they are for logs
    and records, and change no reply. ``temperature`` None: the model's own.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    schema: str | None = None
    max_tokens: int = 4096
    temperature: float | None = 0.0
    step: str = ""
    plan: str = ""

    @property
    def key(self) -> str:
        """sha256 of what determines the reply, in hex; requests with equal keys are the same."""
        determining = [self.model, self.messages, self.schema, self.max_tokens, self.temperature]
        return sha256(json.dumps(determining).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One reply. ``cost_usd`` None: the price is not known. ``finish`` is ``length`` when the text
    was cut off at ``max_tokens``, else ``stop``. ``tokens_kept``: those of ``tokens_in`` that the
    provider had cached from an earlier call and charges less for."""

    text: str
    finish: str = "stop"
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_kept: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    cached: bool = False

    def pack(self) -> dict[str, str | int | float | bool | None]:
        """The form that is stored."""
        return asdict(self)


class LanguageModel(Protocol):
    """Replies to requests. Safe to call from many threads."""

    def complete(self, request: CompletionRequest) -> Completion:
        """The reply. Raises ModelError when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """Totals of all replies; a cached one counts nothing. ``cost_usd`` sums the known prices and
    ``unpriced`` counts the calls without one, so that no cost differs from an unknown cost."""

    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0

    def add(self, completion: Completion) -> "Usage":
        """The totals with one more reply."""
        if completion.cached:
            return replace(self, cached=self.cached + 1)
        return replace(
            self,
            calls=self.calls + 1,
            tokens_in=self.tokens_in + completion.tokens_in,
            tokens_out=self.tokens_out + completion.tokens_out,
            cost_usd=self.cost_usd + (completion.cost_usd or 0.0),
            unpriced=self.unpriced + (completion.cost_usd is None),
        )


def estimate_request_tokens(request: CompletionRequest) -> int:
    """Upper estimate of the tokens of a request."""
    texts = sum(estimate_tokens(message.text) for message in request.messages)
    return (
        texts
        + estimate_tokens(request.schema or "")
        + MESSAGE_OVERHEAD_TOKENS * (1 + len(request.messages))
    )


def estimate_tokens(text: str) -> int:
    """Upper estimate of the tokens of a text."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)


_FIELD_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "finish": (str,),
    "tokens_in": (int,),
    "tokens_out": (int,),
    "tokens_kept": (int,),
    "cost_usd": (float, NoneType),
    "seconds": (float,),
    "cached": (bool,),
}


def unpack_completion(saved: object) -> Completion:
    """The completion that `Completion.pack` saved. Raises ValueError for anything else."""
    if not isinstance(saved, dict) or saved.keys() != {field.name for field in fields(Completion)}:
        raise ValueError("holds no completion")
    for name, kinds in _FIELD_TYPES.items():
        if type(saved[name]) not in kinds:
            raise ValueError(f"the completion's {name} is a {type(saved[name]).__name__}")
    return Completion(**saved)
