from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from summarizer.errors import BudgetExceeded, ModelRefused, ModelUnavailable, SettingsError
from summarizer.models.middleware import Budget, BudgetedModel
from summarizer.models.protocol import Completion, CompletionRequest, Usage, estimate_request_tokens
from summarizer.models.replay import ScriptedModel
from tests.models.asking import ask, say

MOST = estimate_request_tokens(ask()) + ask().max_tokens


def one_cent_a_token(_: str, tokens_in: int, tokens_out: int) -> float:
    return (tokens_in + tokens_out) / 100


def no_price(*_: object) -> None:
    return None


def test_a_call_that_might_not_fit_is_not_made() -> None:
    script = ScriptedModel([])
    model = BudgetedModel(script, Budget(max_tokens=MOST - 1), no_price)
    with pytest.raises(BudgetExceeded, match=f"{MOST} tokens, and {MOST - 1} of max_tokens="):
        model.complete(ask())
    assert script.requests == []


def test_what_a_call_did_not_take_is_given_back() -> None:
    model = BudgetedModel(ScriptedModel([say(), say()]), Budget(max_tokens=MOST + 18), no_price)
    model.complete(ask())
    model.complete(ask())
    with pytest.raises(BudgetExceeded):
        model.complete(ask())


def test_money_is_bounded_by_what_answers_really_cost() -> None:
    script = ScriptedModel([say(cost=0.5), say(cost=None)])
    bound = Budget(max_cost=MOST / 100 + 0.5)
    model = BudgetedModel(script, bound, one_cent_a_token)
    model.complete(ask())
    model.complete(ask())  # its cost is not known, so all that was reserved counts
    with pytest.raises(BudgetExceeded, match=r"\$0\.0000 of max_cost="):
        model.complete(ask())
    assert (model.usage.cost_usd, model.usage.unpriced) == (0.5, 1)


def test_an_unknown_price_cannot_be_bounded() -> None:
    model = BudgetedModel(ScriptedModel([say()]), Budget(max_cost=1.0), no_price)
    with pytest.raises(SettingsError, match="a bound on tokens works for any model"):
        model.complete(ask())


def test_without_bounds_no_price_is_needed() -> None:
    model = BudgetedModel(ScriptedModel([say(cost=None)]), Budget(), no_price)
    assert model.complete(ask()) == say(cost=None)
    assert model.usage == Usage(calls=1, tokens_in=11, tokens_out=7, unpriced=1)


def test_a_call_that_failed_on_the_way_counts_nothing() -> None:
    script = ScriptedModel([ModelUnavailable("down"), say()])
    model = BudgetedModel(script, Budget(max_tokens=MOST), no_price)
    with pytest.raises(ModelUnavailable):
        model.complete(ask())
    assert model.complete(ask()) == say()


def test_a_refusal_is_billed_so_it_counts() -> None:
    script = ScriptedModel([ModelRefused("no"), say()])
    model = BudgetedModel(script, Budget(max_tokens=MOST + 50), no_price)
    with pytest.raises(ModelRefused):
        model.complete(ask())
    with pytest.raises(BudgetExceeded):
        model.complete(ask())


def test_many_at_once_spend_no_more_than_one_by_one() -> None:
    bound = Budget(max_tokens=10 * 18 + MOST - 18)
    script = ScriptedModel(lambda _: say())
    model = BudgetedModel(script, bound, no_price)

    def attempt(_: int) -> bool:
        try:
            return bool(model.complete(ask()))
        except BudgetExceeded:
            return False

    with ThreadPoolExecutor(16) as pool:
        answered = sum(pool.map(attempt, range(60)))
    assert answered == 10
    assert model.usage.calls == 10


def test_a_call_under_way_is_waited_for_not_counted_against_the_next() -> None:
    first_asked, may_end = Event(), Event()

    def answer(request: CompletionRequest) -> Completion:
        if request.messages[-1].text == "first":
            first_asked.set()
            may_end.wait(5)
        return say()

    class Unlocked:
        def complete(self, request: CompletionRequest) -> Completion:
            return answer(request)

    model = BudgetedModel(Unlocked(), Budget(max_tokens=MOST + 30), no_price)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(model.complete, ask("first"))
        first_asked.wait(5)
        second = pool.submit(model.complete, ask())
        may_end.set()
        assert first.result(5) == second.result(5) == say()
