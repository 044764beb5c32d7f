"""The error of this package for each exception of litellm, as tables.

It is pure: exceptions are known by their names. Names alone do not suffice: a missing OpenAI key
arrives as InternalServerError, an overloaded compatible server as APIError. So the text is looked
at first, then the name, then the status.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from summarizer.errors import (
    MalformedCompletion,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    PromptTooLong,
)

MAX_REASON_CHARS = 200
"""Characters of the provider's own words that are passed on: enough for a reason, too few for an
article that it might quote."""

MAX_CAUSES = 8
"""Most exceptions behind one another that are looked at for the first cause."""


class MappedError(NamedTuple):
    """What a failure is here. ``attempts``: the most that make sense; ``hint`` may name {key}."""

    error: type[ModelError]
    message: str
    hint: str = ""
    attempts: int | None = None


_KEY_REJECTED = MappedError(ModelError, "the key was not accepted", "set {key}")
_FORBIDDEN = MappedError(ModelError, "the key may not use this model", "look at what {key} may use")
_UNPAID = MappedError(ModelError, "the account cannot pay", "add credit at the provider")
_UNKNOWN = MappedError(ModelError, "there is no such model", "name it as PROVIDER/NAME")
_REJECTED = MappedError(ModelError, "the request was rejected")
_REFUSED = MappedError(ModelRefused, "the provider's policy forbids an answer")
_TOO_LONG = MappedError(PromptTooLong, "the request is longer than the model's context")
_MALFORMED = MappedError(MalformedCompletion, "the reply does not have the demanded form")
_BUSY = MappedError(ModelUnavailable, "there were too many requests")
_SLOW = MappedError(ModelUnavailable, "no answer came in time", "wait longer with --timeout", 3)
_DOWN = MappedError(ModelUnavailable, "the provider cannot answer now")
# litellm puts its own bugs under this name too, and they do not go away by asking again.
_UNREACHED = MappedError(ModelUnavailable, "no usable answer came back", "is the server up?", 3)

EXCEPTION_MAP: Mapping[str, MappedError] = {
    "AuthenticationError": _KEY_REJECTED,
    "PermissionDeniedError": _FORBIDDEN,
    "PaymentRequiredError": _UNPAID,
    "NotFoundError": _UNKNOWN,
    "ContextWindowExceededError": _TOO_LONG,
    "ContentPolicyViolationError": _REFUSED,
    "RejectedRequestError": _REFUSED,
    "UnsupportedParamsError": _REJECTED,
    "UnprocessableEntityError": _REJECTED,
    "BadRequestError": _REJECTED,
    "APIResponseValidationError": _MALFORMED,
    "JSONSchemaValidationError": _MALFORMED,
    "RateLimitError": _BUSY,
    "Timeout": _SLOW,
    "InternalServerError": _DOWN,
    "BadGatewayError": _DOWN,
    "ServiceUnavailableError": _DOWN,
    "APIConnectionError": _UNREACHED,
    "APIError": _REJECTED,
    "OpenAIError": _REJECTED,
}
"""Every exception that litellm lists as its own, by name."""

_STATUS_MAP: Mapping[int, MappedError] = {
    401: _KEY_REJECTED,
    402: _UNPAID,
    403: _FORBIDDEN,
    404: _UNKNOWN,
    408: _SLOW,
    413: _TOO_LONG,
    429: _BUSY,
}
"""What the names for everything else, APIError above all, leave to the status."""

_VAGUE_EXCEPTIONS = frozenset({"APIError", "BadRequestError", "OpenAIError"})

_MESSAGE_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), fault)
    for pattern, fault in (
        (r"insufficient_quota|credit balance is too low", _UNPAID),
        (r"missing credentials|api_key client option must be set", _KEY_REJECTED),
        (r"context_length_exceeded|maximum context length|context (?:window|size)", _TOO_LONG),
        (r"(?:prompt|input|request) is too long|too many (?:input )?tokens", _TOO_LONG),
        (r"content_policy|content management policy|safety system", _REFUSED),
        (r"llm provider not provided", _UNKNOWN),
    )
)
_REPEATS_REPLY = frozenset({"APIConnectionError", "Timeout"})
"""Failures whose text may repeat the model's reply instead of saying what went wrong."""

_MISSING_KEY = re.compile(r"missing [\w ]{1,30}\bapi[ _]key\b", re.IGNORECASE)
"""Messages of a missing key that some providers send as a failed connection."""

_EXCEPTION_PREFIX = re.compile(
    r"^(?:(?:litellm\.)?\w*(?:Error|Exception|Timeout)\b(?: \w+Error)?[\s:.-]*)+"
)
_JSON_MESSAGE = re.compile(r'"message"\s*:\s*"((?:[^"\\]|\\.){1,2000})"')
_SECRET_NAME = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$")
_SECRET_SHAPE = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|r8)[-_][\w*.-]{4,}|\bAIza[\w-]{8,}|(?<=Bearer )\S+|(?<=://)[^/\s@]+(?=@)"
)


def map_exception(
    error: Exception, *, subject: str, key: str, now: datetime, environ: Mapping[str, str]
) -> ModelError:
    """The error of this house for one of litellm's.

    ``key``: the variable that holds the key. ``environ``: whatever it keeps secret is taken out.
    """
    told = _connection_error(error)
    fault = _UNREACHED if told else _classify(error)
    told = told or getattr(error, "message", "") or str(error)
    said = _provider_message(redact_secrets(told, environ))
    message = f"{fault.message}: {said}" if said else fault.message
    hint = fault.hint.format(key=key)
    if not issubclass(fault.error, ModelUnavailable):
        return fault.error(message, subject=subject, hint=hint)
    headers = getattr(error, "litellm_response_headers", None) or {}
    wait = parse_retry_after(headers.get("retry-after", ""), now)
    return fault.error(
        message, subject=subject, hint=hint, retry_after=wait, attempts=fault.attempts
    )


def _connection_error(error: BaseException | None) -> str:
    """Why no connection came about, if that was it; litellm gives every broken one the same name
    and says no more than "Connection error."."""
    for _ in range(MAX_CAUSES):
        if error is None:
            break
        if type(error).__name__ == "ConnectError":
            return str(error) or "no connection"
        error = error.__cause__ or error.__context__
    return ""


def _classify(error: Exception) -> MappedError:
    name = next(
        (base.__name__ for base in type(error).__mro__ if base.__name__ in EXCEPTION_MAP), ""
    )
    if _MISSING_KEY.match(_EXCEPTION_PREFIX.sub("", str(error))):
        return _KEY_REJECTED
    if name not in _REPEATS_REPLY:
        told = f"{error} {getattr(error, 'body', '')}"
        spoken = next((fault for phrase, fault in _MESSAGE_PATTERNS if phrase.search(told)), None)
        if spoken:
            return spoken
    status: Any = getattr(error, "status_code", None)
    if name in _VAGUE_EXCEPTIONS and isinstance(status, int):
        return _STATUS_MAP.get(status, _DOWN if status >= 500 else _REJECTED)
    return EXCEPTION_MAP.get(name, _REJECTED)


def _provider_message(text: str) -> str:
    """The provider's own sentence out of what litellm and JSON wrap around it, in one line."""
    said = _JSON_MESSAGE.search(text)
    first = said[1] if said else _EXCEPTION_PREFIX.sub("", text).strip().partition("\n")[0]
    line = " ".join(first.split())
    return line if len(line) <= MAX_REASON_CHARS else line[: MAX_REASON_CHARS - 1] + "…"


def redact_secrets(text: str, environ: Mapping[str, str]) -> str:
    """The text without what looks like a key, or is the value of a variable that holds one."""
    for name, value in environ.items():
        if len(value) >= 8 and _SECRET_NAME.search(name):
            text = text.replace(value, "[key]")
    return _SECRET_SHAPE.sub("[key]", text)


def parse_retry_after(retry_after: str, now: datetime) -> float | None:
    """``Retry-After`` in either of its forms (RFC 9110, 10.2.3); None for anything else.

    >>> now = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
    >>> parse_retry_after("Wed, 21 Oct 2026 07:28:10 GMT", now)
    10.0
    """
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", retry_after):
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
