import json

import pytest

from summarizer.errors import MalformedCompletion, ModelRefused, ModelUnavailable, PromptTooLong
from summarizer.models.prompts import load_prompt
from summarizer.models.protocol import Completion
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.models.structured_output import (
    Line,
    YesNo,
    ask_model,
    build_request,
    form_schema,
)

PROMPT = load_prompt("judge")
REQUEST = build_request("openai/x", PROMPT, Line, sentences="A fire.", articles="A fire in Bern.")
GOOD = json.dumps({"text": "A fire.", "keys": ["a1"]})


def test_a_question_carries_form_step_and_plan() -> None:
    assert REQUEST.schema == form_schema(Line)
    assert (REQUEST.step, REQUEST.plan) == ("judge", PROMPT.hash)


@pytest.mark.parametrize("reply", [GOOD, f"```json\n{GOOD}\n```", f"Sure! {GOOD} Anything else?"])
def test_an_answer_is_read_out_of_what_is_around_it(reply: str) -> None:
    answer = ask_model(ScriptedModel([reply]), REQUEST, Line)
    assert answer.value == Line(text="A fire.", keys=("a1",))
    assert len(answer.completions) == 1


@pytest.mark.parametrize("bad", ["No.", "", "{", '{"words": "A fire."}', "[1]"])
def test_another_form_is_sent_back_once(bad: str) -> None:
    model = ScriptedModel([bad, GOOD])
    answer = ask_model(model, REQUEST, Line)
    assert answer.value is not None
    assert [completion.text for completion in answer.completions] == [bad, GOOD]
    again = model.requests[1].messages
    assert again[:2] == REQUEST.messages
    if bad:
        assert (again[2].role, again[2].text, again[3].role) == ("assistant", bad, "user")


def test_twice_another_form_is_the_end() -> None:
    answer = ask_model(ScriptedModel(["No.", '{"keys": []}']), REQUEST, Line)
    assert answer.value is None
    assert isinstance(answer.error, MalformedCompletion)
    assert answer.error.message == "the reply is not of the form: text missing"
    assert len(answer.completions) == 2


def test_what_was_cut_off_gets_more_room_and_no_reproach() -> None:
    cut = Completion(text='{"text": "A fi', finish="length", tokens_out=9)
    model = ScriptedModel([cut, GOOD])
    assert ask_model(model, REQUEST, Line).value is not None
    assert model.requests[1].max_tokens > REQUEST.max_tokens
    assert model.requests[1].messages == REQUEST.messages


@pytest.mark.parametrize("error", [ModelRefused("no"), PromptTooLong("no"), ModelUnavailable("no")])
def test_other_failures_are_not_asked_again(error: ScriptedReply) -> None:
    answer = ask_model(ScriptedModel([error]), REQUEST, Line)
    assert (answer.value, answer.error, answer.completions) == (None, error, ())


@pytest.mark.parametrize(
    ("reply", "answer"),
    [("Yes", True), ("No.", False), ("**no**", False), ("<think>Yes?</think> No", False)],
)
def test_a_model_that_says_yes_or_no_is_asked_without_a_schema(reply: str, answer: bool) -> None:
    request = build_request("o/x", load_prompt("yes_no"), YesNo, document="A fire.", claim="Fire.")
    assert request.schema is None
    said = ask_model(ScriptedModel([reply]), request, YesNo).value
    assert said is not None
    assert said.answer is answer


def test_neither_yes_nor_no_is_sent_back_once() -> None:
    request = build_request("o/x", load_prompt("yes_no"), YesNo, document="A fire.", claim="Fire.")
    answer = ask_model(ScriptedModel(["Nobody knows.", "I do not."]), request, YesNo)
    assert isinstance(answer.error, MalformedCompletion)
    assert len(answer.completions) == 2
