import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.protocol import (
    Completion,
    CompletionRequest,
    Usage,
    estimate_request_tokens,
    unpack_completion,
)
from tests.models.asking import ask, say

OTHERWISE = {
    "model": replace(ask(), model="openai/other"),
    "messages": replace(ask(), messages=()),
    "schema": replace(ask(), schema="{}"),
    "max_tokens": replace(ask(), max_tokens=5),
    "temperature": replace(ask(), temperature=0.7),
}

COMPLETIONS = st.builds(
    Completion,
    text=st.text(st.characters(codec="utf-8")),
    tokens_in=st.integers(0, 10**9),
    cost_usd=st.none() | st.floats(0, 100),
    seconds=st.floats(0, 1e6),
    cached=st.booleans(),
)


@pytest.mark.parametrize("name", OTHERWISE)
def test_all_that_decides_an_answer_is_in_the_key(name: str) -> None:
    assert OTHERWISE[name].key != ask().key


def test_nothing_else_is_in_the_key() -> None:
    assert replace(ask(), step="write", plan="0" * 64).key == ask().key
    assert {field.name for field in fields(CompletionRequest)} == {*OTHERWISE, "step", "plan"}


def test_half_a_character_has_a_key_and_a_size() -> None:
    assert ask("\ud800").key != ask("\ud801").key
    assert estimate_request_tokens(ask("\ud800")) > 0


@given(COMPLETIONS)
def test_a_completion_comes_back_as_it_was_saved(completion: Completion) -> None:
    assert unpack_completion(json.loads(json.dumps(completion.pack()))) == completion


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        "text",
        say().pack() | {"extra": 1},
        say().pack() | {"text": None},
        say().pack() | {"tokens_in": True},
        say().pack() | {"cost_usd": "0"},
    ],
)
def test_anything_else_is_no_completion(broken: object) -> None:
    with pytest.raises(ValueError, match="completion"):
        unpack_completion(broken)


def test_usage_tells_no_cost_from_an_unknown_one() -> None:
    usage = Usage().add(say(cost=0.25)).add(say(cost=None)).add(say(cost=0.0))
    assert (usage.calls, usage.cost_usd, usage.unpriced) == (3, 0.25, 1)


def test_a_cached_answer_took_nothing() -> None:
    usage = Usage().add(replace(say(), cached=True))
    assert usage == Usage(cached=1)


@given(st.text())
def test_the_estimate_grows_with_the_text(text: str) -> None:
    assert estimate_request_tokens(ask(text + "more")) > estimate_request_tokens(ask(text))
