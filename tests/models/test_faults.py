import time
from datetime import UTC, datetime

import pytest

from summarizer.errors import ModelError, ModelRefused, ModelUnavailable, PromptTooLong
from summarizer.models.exception_map import EXCEPTION_MAP, map_exception, redact_secrets

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def fail(name: str, message: str, status: int | None = None) -> ModelError:
    """The translation of an exception that litellm would raise."""
    error = type(name, (Exception,), {"status_code": status})(message)
    return map_exception(error, subject="openai/m", key="OPENAI_API_KEY", now=NOW, environ={})


CASES = [
    ("APIError", "OpenAIException - Overloaded", 529, ModelUnavailable),
    ("APIError", "OpenAIException - pay", 402, ModelError),
    ("APIError", "OpenAIException - too large", 413, PromptTooLong),
    ("BadRequestError", "prompt is too long: 210000 tokens > 200000 maximum", 400, PromptTooLong),
    ("APIError", "context size exceeded", 500, PromptTooLong),
    ("BadRequestError", "no. content_policy_violation", 400, ModelRefused),
    ("InternalServerError", "Missing credentials. Please pass an `api_key`", 500, ModelError),
    ("RateLimitError", "Too many requests", 429, ModelUnavailable),
    ("RateLimitError", "You exceeded your current quota", 429, ModelUnavailable),
    ("RateLimitError", "insufficient_quota", 429, ModelError),
    ("BadRequestError", "Your credit balance is too low to access the API", 400, ModelError),
    ("APIConnectionError", "Original Response: the context window was open", 500, ModelUnavailable),
    ("APIConnectionError", "litellm.APIConnectionError: Missing Gemini API key.", 500, ModelError),
    ("APIConnectionError", "It said: Missing Gemini API key.", 500, ModelUnavailable),
    ("NewlyInvented", "what?", None, ModelError),
]  # fmt: skip


@pytest.mark.parametrize(("name", "message", "status", "expected"), CASES)
def test_a_failure_is_what_it_says_it_is(
    name: str, message: str, status: int | None, expected: type[ModelError]
) -> None:
    assert type(fail(name, message, status)) is expected


def test_the_provider_is_quoted_in_one_line_without_what_is_wrapped_around() -> None:
    raw = (
        'litellm.RateLimitError: AnthropicException - {"error": {"message": "Too many\\nof them"}}'
    )
    assert str(fail("RateLimitError", raw)) == (
        "openai/m: there were too many requests: Too many\\nof them"
    )
    raw = "litellm.InternalServerError: InternalServerError: OpenAIException - It broke\nTraceback"
    assert str(fail("InternalServerError", raw)) == (
        "openai/m: the provider cannot answer now: It broke"
    )


def test_a_long_reason_is_cut() -> None:
    assert len(str(fail("BadRequestError", "An article. " * 500))) < 300


def test_a_rejected_key_names_its_variable() -> None:
    line = str(fail("AuthenticationError", "no"))
    assert line == "openai/m: the key was not accepted: no (set OPENAI_API_KEY)"


def test_what_hides_bugs_is_tried_few_times() -> None:
    error = fail("APIConnectionError", "Connection refused")
    assert isinstance(error, ModelUnavailable)
    assert error.attempts == 3


SECRETS = [
    "sk-proj-abc123DEF",
    "sk-ant-api03-x_y-z",
    "AIzaSyA1234567890",
    "gsk_abcdefgh",
    "hf_abcdefgh",
    "value of the variable",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_is_taken_out_wherever_it_stands(secret: str) -> None:
    environ = {"SOME_API_KEY": "value of the variable", "HOME": "used"}
    told = redact_secrets(
        f"Bad key {secret}, Bearer {secret} and https://{secret}@host/ used", environ
    )
    assert secret not in told
    assert told.endswith("@host/ used")


def test_every_row_says_something_and_its_hint_can_be_filled() -> None:
    for fault in EXCEPTION_MAP.values():
        assert issubclass(fault.error, ModelError)
        assert fault.message
        assert "{" not in fault.hint.format(key="OPENAI_API_KEY")


@pytest.mark.parametrize("piece", ["litellm.", "Error: ", '"message": "', "sk-", "://", "a Error "])
def test_a_hostile_message_takes_no_time(piece: str) -> None:
    began = time.process_time()
    fail("BadRequestError", piece * (200_000 // len(piece)))
    assert time.process_time() - began < 1
