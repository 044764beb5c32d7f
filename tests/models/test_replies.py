import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import MalformedCompletion
from summarizer.models.protocol import Completion
from summarizer.models.structured_output import parse_json_object

OBJECTS = st.dictionaries(st.text(), st.lists(st.none() | st.integers() | st.text()), max_size=3)


@given(OBJECTS, st.sampled_from(["{}", "```json\n{}\n```", "So: {} Done."]))
def test_an_object_is_found_in_what_models_wrap_around_it(
    value: dict[str, object], around: str
) -> None:
    text = around.replace("{}", json.dumps(value))
    assert parse_json_object(Completion(text=text)) == value


def test_a_thought_is_passed_over_with_its_braces() -> None:
    text = '<think>Perhaps {"a": 1}?</think>\n{"a": 2}'
    assert parse_json_object(Completion(text=text)) == {"a": 2}


WRONG = {
    "is empty": " \n",
    "holds no JSON object": "[1, 2]",
    "is not valid JSON": '{"a": NaN}',
    "not valid": '{"facts": [{"a": 1}, {"b": ',
    "valid JSON": '{"a":' * 100_000,
    "no JSON object": '<think>{"a": 1} and so on, without an end',
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_is_no_object_is_refused(reason: str) -> None:
    with pytest.raises(MalformedCompletion, match=reason):
        parse_json_object(Completion(text=WRONG[reason]))


def test_a_reply_cut_off_is_called_that() -> None:
    with pytest.raises(MalformedCompletion, match="cut off after 9 tokens"):
        parse_json_object(Completion(text='{"a": "b', finish="length", tokens_out=9))


@pytest.mark.parametrize("piece", ["{", "<think>", '{"a":"', "\\"])
def test_a_hostile_reply_takes_no_time(piece: str) -> None:
    began = time.process_time()
    with pytest.raises(MalformedCompletion):
        parse_json_object(Completion(text=piece * (200_000 // len(piece))))
    assert time.process_time() - began < 1


@given(st.text(alphabet='{}[]",:\\ntrue1<think>/ '))
def test_any_reply_is_an_object_or_malformed(text: str) -> None:
    with suppress(MalformedCompletion):
        assert isinstance(parse_json_object(Completion(text=text)), dict)
