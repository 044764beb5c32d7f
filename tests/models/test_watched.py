from dataclasses import asdict, replace

import pytest

from summarizer.errors import ModelRefused
from summarizer.models.middleware import ModelCall, WatchedModel
from summarizer.models.replay import ScriptedModel
from tests.models.asking import ask, say


def test_every_call_is_told_with_what_all_took_so_far() -> None:
    told: list[ModelCall] = []
    cached = replace(say("Known."), cached=True, cost_usd=0.0)
    script = ScriptedModel([say(), cached, ModelRefused("no"), say(cost=None)])
    model = WatchedModel(script, told.append)
    for _ in range(2):
        model.complete(ask())
    with pytest.raises(ModelRefused):
        model.complete(ask(step="write"))
    model.complete(ask())
    assert [(call.step, call.failure, call.cached) for call in told] == [
        ("facts", "", False),
        ("facts", "", True),
        ("write", "ModelRefused", False),
        ("facts", "", False),
    ]
    assert [call.usage.calls for call in told] == [1, 1, 1, 2]
    assert (model.usage.cached, model.usage.cost_usd, model.usage.unpriced) == (1, 0.5, 1)


def test_seconds_are_what_the_caller_waited() -> None:
    times = iter([10.0, 12.5])
    told: list[ModelCall] = []
    WatchedModel(ScriptedModel([say()]), told.append, clock=lambda: next(times)).complete(ask())
    assert told[0].seconds == 2.5


def test_nothing_that_was_said_is_told() -> None:
    told: list[ModelCall] = []
    WatchedModel(ScriptedModel([say("An answer.")]), told.append).complete(ask("A question."))
    assert "question" not in str(told[0]._asdict() | asdict(told[0].usage))
    assert "answer" not in str(told[0])
