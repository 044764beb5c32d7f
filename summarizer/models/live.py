"""The only module that imports litellm, and through it reaches every provider and local server.

litellm would read a ``.env`` file, download a price list, and retry: all of that is
turned off before it is loaded, and it is loaded by the first call, not before.
"""

import gc
import json
import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from threading import Lock, Thread
from typing import Any

from summarizer.errors import MalformedCompletion, ModelRefused, PromptTooLong
from summarizer.models.exception_map import map_exception
from summarizer.models.protocol import (
    Completion,
    CompletionRequest,
    estimate_request_tokens,
    estimate_tokens,
)

API_KEY_VARIABLE = "SUMMARIZER_API_KEY"
"""Variable with the key for ``api_base``. A provider's own key is not sent to another server just
because it speaks that provider's protocol."""

_LITELLM_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_RUST": "0",
}

_OLLAMA_MODEL_INFO = {
    "litellm_provider": "ollama_chat",
    "mode": "chat",
    "input_cost_per_token": 0.0,
    "output_cost_per_token": 0.0,
}
"""What litellm would otherwise ask of port 11434 on this machine, whatever ``api_base`` says."""

MAX_CHARS_PER_TOKEN = 8
"""Code points of a token that no long text exceeds on average; English news has 4 to 5."""

_load_lock = Lock()


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Asks the provider that the name of the request's model says. Keys come from the environment.

    ``api_base``: a local or compatible server. ``structured``: whether the JSON Schema goes to the
    provider or, as an instruction, to the model; None decides by litellm's own table. ``timeout``:
    seconds without a sign of a reply.
    """

    api_base: str | None = field(default=None, repr=False)  # may carry a password
    structured: bool | None = None
    timeout: float = 120.0
    clock: Callable[[], float] = time.perf_counter
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def complete(self, request: CompletionRequest) -> Completion:
        """The reply to one single try. Raises ModelError."""
        litellm = _load_litellm()
        name = _chat_name(request.model)
        if _is_ollama(name):
            litellm.model_cost.setdefault(name, _OLLAMA_MODEL_INFO)
        started = self.clock()
        try:
            response = litellm.completion(**self._arguments(name, request))
        except tuple(litellm.exceptions.LITELLM_EXCEPTION_TYPES) as error:
            # Not chained: what litellm says may hold a piece of the key.
            raise map_exception(
                error,
                subject=request.model,
                key=self._key_variable(name),
                now=self.now(),
                environ=os.environ,
            ) from None
        return _to_completion(request, response, self.clock() - started)

    def _arguments(self, name: str, request: CompletionRequest) -> dict[str, Any]:
        schema = request.schema if request.schema and self._is_structured(name) else None
        messages = _wire_messages(request, instructed=schema is None)
        return {
            "model": name,
            "messages": _with_cache_mark(messages) if _caches_marked_prefix(name) else messages,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "response_format": schema and _response_format(schema),
            "api_base": self.api_base,
            "api_key": self._key(name),
            "timeout": self.timeout,
            "num_retries": 0,
            "max_retries": 0,
            "drop_params": True,
        } | ({"num_ctx": _context_tokens(request)} if _is_ollama(name) else {})

    def _is_structured(self, name: str) -> bool:
        if self.structured is not None:
            return self.structured
        if _is_ollama(name):
            return True  # it holds every model to a schema, which litellm's table does not say
        return bool(_load_litellm().supports_response_schema(model=name))

    def _key(self, name: str) -> str | None:
        """What to send as the key; None lets litellm take the provider's own variable."""
        if self.api_base is None:
            return None
        return os.environ.get(API_KEY_VARIABLE) or (
            "none" if _provider_of(name) == "openai" else None
        )

    def _key_variable(self, name: str) -> str:
        provider = _provider_of(name)
        if self.api_base is not None and (provider == "openai" or API_KEY_VARIABLE in os.environ):
            return API_KEY_VARIABLE
        missing = _load_litellm().validate_environment(name)["missing_keys"]
        return str(next(iter(missing), f"{provider.upper()}_API_KEY"))


def litellm_price(name: str, tokens_in: int, tokens_out: int) -> float | None:
    """US dollars by litellm's own list, None for a model that is not in it."""
    if _is_ollama(name):
        return 0.0
    litellm = _load_litellm()
    unknown = (litellm.exceptions.ModelNotMappedError, litellm.exceptions.BadRequestError)
    try:
        both = litellm.cost_per_token(
            model=name, prompt_tokens=tokens_in, completion_tokens=tokens_out
        )
    except unknown:
        return None
    return float(sum(both))


def preload_litellm() -> Thread:
    """Starts to load litellm in another thread; it takes seconds."""
    thread = Thread(target=_load_litellm, name="load litellm", daemon=True)
    thread.start()
    return thread


def _load_litellm() -> Any:
    with _load_lock:
        return _import_litellm()


# Of constant size: one module, imported and set up once.
@cache
def _import_litellm() -> Any:
    os.environ.update(_LITELLM_ENVIRONMENT)
    collecting = gc.isenabled()
    gc.disable()  # a third of the time went into collections that find nothing
    try:
        import litellm
    finally:
        if collecting:
            gc.enable()
    gc.freeze()  # what it built stays: later collections need not walk through it
    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True
    litellm.telemetry = False
    for verbose in ("LiteLLM", "openai"):  # below warnings they log the articles
        logging.getLogger(verbose).setLevel(logging.WARNING)
    return litellm


def _is_ollama(name: str) -> bool:
    return name.startswith(("ollama/", "ollama_chat/"))


def _context_tokens(request: CompletionRequest) -> int:
    """Tokens that Ollama is to hold for question and answer. Unasked it holds 4,096 and drops the
    rest in silence. Few different sizes, since each new one loads the model again."""
    needed = estimate_request_tokens(request) + request.max_tokens
    return max(8192, 1 << (needed - 1).bit_length())


def _chat_name(name: str) -> str:
    """litellm joins the messages for ``ollama/`` into one text with headings such as "### User:",
    which an article can write too; ``ollama_chat/`` keeps them apart."""
    return name.replace("ollama/", "ollama_chat/", 1) if name.startswith("ollama/") else name


def _provider_of(name: str) -> str:
    litellm = _load_litellm()
    try:
        return str(litellm.get_llm_provider(name)[1])
    except litellm.exceptions.BadRequestError:
        return name.partition("/")[0]


def _wire_messages(request: CompletionRequest, *, instructed: bool) -> list[dict[str, str]]:
    """As the wire takes them; half a character, which JSON may smuggle in, becomes ``?``."""
    first, *others = request.messages
    if instructed and request.schema is not None:
        wanted = "Answer with one JSON object that fits this JSON Schema, and with nothing else:"
        first = first._replace(text=f"{first.text}\n\n{wanted}\n{request.schema}")
    return [
        {"role": role, "content": text.encode("utf-8", "replace").decode()}
        for role, text in (first, *others)
    ]


def _caches_marked_prefix(name: str) -> bool:
    """Whether the provider keeps the beginning of prompts only where it is marked, as Anthropic
    does; others find it by themselves."""
    return "claude" in name and bool(_load_litellm().utils.supports_prompt_caching(model=name))


def _with_cache_mark(messages: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The messages with a mark after the first one, which is the same in every call of a step."""
    first, *others = messages
    block = {"type": "text", "text": first["content"], "cache_control": {"type": "ephemeral"}}
    return [{"role": first["role"], "content": [block]}, *others]


def _is_truncated(request: CompletionRequest, read: int) -> bool:
    """Whether so few tokens were read that the question cannot have been all of them. Ollama does
    so, and says nothing, where the model's own window is smaller than what is asked for."""
    asked = sum(len(message.text) for message in request.messages)
    return 0 < read < asked / MAX_CHARS_PER_TOKEN


def _response_format(schema: str) -> dict[str, Any]:
    value = json.loads(schema)
    named = re.sub(r"[^\w-]", "_", value.get("title", "Reply"), flags=re.ASCII)[:64]
    return {
        "type": "json_schema",
        "json_schema": {"name": named, "schema": value, "strict": True},
    }


def _to_completion(request: CompletionRequest, response: Any, seconds: float) -> Completion:
    if not response.choices:
        raise MalformedCompletion("the reply holds no answer", subject=request.model)
    choice = response.choices[0]
    text = choice.message.content or ""
    particulars = getattr(choice.message, "provider_specific_fields", None) or {}
    if particulars.get("refusal") or choice.finish_reason == "content_filter":
        raise ModelRefused("the model refuses to answer", subject=request.model)
    usage = response.usage  # some local servers count nothing
    if _is_ollama(request.model) and _is_truncated(request, usage.prompt_tokens or 0):
        what = f"the server read {usage.prompt_tokens} tokens of the request and dropped the rest"
        raise PromptTooLong(what, subject=request.model)
    return Completion(
        text=text,
        finish="length" if choice.finish_reason == "length" else "stop",
        tokens_in=usage.prompt_tokens or estimate_request_tokens(request),
        tokens_out=usage.completion_tokens or estimate_tokens(text),
        tokens_kept=getattr(usage.prompt_tokens_details, "cached_tokens", None) or 0,
        cost_usd=response._hidden_params.get("response_cost"),
        seconds=seconds,
    )
