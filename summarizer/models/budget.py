"""A bound on money and tokens, checked before each call.

A call reserves what it may take at most, and gives back what it did not take. It is refused only if
it would not fit even after all calls under way have settled, so that what is refused does not
depend on which of them came first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import NamedTuple

from summarizer.errors import (
    BudgetExceeded,
    MalformedCompletion,
    ModelRefused,
    SettingsError,
)
from summarizer.models.port import Completion, LanguageModel, Request, Usage, estimate

__all__ = ["Budget", "BudgetedModel", "Price"]

Price = Callable[[str, int, int], float | None]
"""(model, tokens in, tokens out) -> US dollars, or None when the price is not known."""


@dataclass(frozen=True, slots=True)
class Budget:
    """US dollars, and tokens in and out together. None: no bound."""

    max_cost: float | None = None
    max_tokens: int | None = None


class _Share(NamedTuple):
    tokens: int
    cost: float

    def plus(self, other: "_Share") -> "_Share":
        return _Share(self.tokens + other.tokens, self.cost + other.cost)

    def minus(self, other: "_Share") -> "_Share":
        return _Share(self.tokens - other.tokens, self.cost - other.cost)


_NOTHING = _Share(0, 0.0)


class BudgetedModel:
    """Asks only what the budget can still pay for. ``usage``: what all answers took.

    An answer that was refused or malformed has its whole reservation kept, since it is billed at a
    price that nobody told; a call that failed on the way counts nothing.
    """

    def __init__(self, inner: LanguageModel, budget: Budget, price: Price) -> None:
        self.usage = Usage()
        self._inner = inner
        self._budget = budget
        self._price = price
        self._spent = _NOTHING
        self._under_way: list[_Share] = []
        self._settled = Condition()

    def complete(self, request: Request) -> Completion:
        """The answer. Raises BudgetExceeded, or SettingsError for a cost bound on a model whose
        price is not known."""
        share = self._reckon(request)
        self._reserve(request, share)
        taken = _NOTHING
        try:
            completion = self._inner.complete(request)
            taken = _measure(completion, share)
            with self._settled:
                self.usage = self.usage.plus(completion)
        except (ModelRefused, MalformedCompletion):
            taken = share
            raise
        finally:
            self._settle(share, taken)
        return completion

    def _reckon(self, request: Request) -> _Share:
        """The most that the call may take."""
        asked = estimate(request)
        tokens = asked + request.max_tokens
        if self._budget.max_cost is None:
            return _Share(tokens, 0.0)
        cost = self._price(request.model, asked, request.max_tokens)
        if cost is None:
            what = f"the price of {request.model} is not known, so its cost cannot be bounded"
            raise SettingsError(what, subject="--max-cost", hint="--max-tokens bounds any model")
        return _Share(tokens, cost)

    def _reserve(self, request: Request, share: _Share) -> None:
        with self._settled:
            self._settled.wait_for(lambda: not self._under_way or not self._lacks(share))
            if lack := self._lacks(share):
                raise BudgetExceeded(lack, subject=request.step or request.model)
            self._under_way.append(share)

    def _settle(self, share: _Share, taken: _Share) -> None:
        with self._settled:
            self._under_way.remove(share)
            self._spent = self._spent.plus(taken)
            self._settled.notify_all()

    def _lacks(self, share: _Share) -> str:
        """What the budget lacks for one more such call; empty if nothing."""
        held = self._spent
        for other in self._under_way:
            held = held.plus(other)
        needed = held.plus(share)
        left = needed.minus(share)
        tokens, cost = self._budget.max_tokens, self._budget.max_cost
        if tokens is not None and needed.tokens > tokens:
            return (
                f"the next call may take {share.tokens} tokens, "
                f"and {max(0, tokens - left.tokens)} of --max-tokens {tokens} are left"
            )
        if cost is not None and needed.cost > cost:
            return (
                f"the next call may cost ${share.cost:.4f}, "
                f"and ${max(0.0, cost - left.cost):.4f} of --max-cost {cost:g} are left"
            )
        return ""


def _measure(completion: Completion, share: _Share) -> _Share:
    """What was taken; the reserved cost where the real one is not known."""
    cost = share.cost if completion.cost_usd is None else completion.cost_usd
    return _Share(completion.tokens_in + completion.tokens_out, cost)
