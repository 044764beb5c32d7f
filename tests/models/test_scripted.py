import pytest

from summarizer.errors import ModelRefused, SettingsError
from summarizer.models.replay import ScriptedModel
from tests.models.asking import ask, say


def test_a_queue_is_said_in_order_and_failures_happen() -> None:
    model = ScriptedModel(["One.", ModelRefused("no"), say("Two.")])
    assert model.complete(ask()).text == "One."
    with pytest.raises(ModelRefused):
        model.complete(ask())
    assert model.complete(ask()) == say("Two.")


def test_a_function_answers_what_it_is_asked() -> None:
    model = ScriptedModel(lambda request: request.messages[-1].text.upper())
    assert model.complete(ask("why?")).text == "WHY?"


def test_what_was_asked_is_known() -> None:
    model = ScriptedModel(["One."])
    model.complete(ask("a"))
    assert model.requests == [ask("a")]


def test_asking_more_than_it_has_is_told_with_the_step() -> None:
    model = ScriptedModel(["One."])
    model.complete(ask())
    with pytest.raises(SettingsError, match="facts: the script has 1 replies"):
        model.complete(ask())
