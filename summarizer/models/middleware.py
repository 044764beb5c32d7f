"""Wrappers around a language model: rate limits, retries, budget, telemetry.

Each is itself a `LanguageModel`. The package's docstring says in which order they wrap one another.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition, Lock
from typing import TYPE_CHECKING, NamedTuple

from summarizer.errors import (
    BudgetExceeded,
    MalformedCompletion,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    SettingsError,
)
from summarizer.models.protocol import (
    Completion,
    CompletionRequest,
    LanguageModel,
    Usage,
    estimate_request_tokens,
)

if TYPE_CHECKING:
    from tenacity import RetryCallState

__all__ = [
    "Budget",
    "BudgetedModel",
    "LimitedModel",
    "ModelCall",
    "OnCall",
    "PriceFunction",
    "RateLimits",
    "RetriedModel",
    "RetryPolicy",
    "WatchedModel",
]

RATE_WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Limits of each model. ``per_minute``: calls; None: no limit."""

    concurrency: int = 16
    per_minute: int | None = None


class LimitedModel:
    """Lets each call wait for its turn."""

    def __init__(
        self,
        inner: LanguageModel,
        limits: RateLimits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._sleep = sleep
        self._clock = clock
        chosen = limits or RateLimits()
        self._lanes: defaultdict[str, _ModelQueue] = defaultdict(lambda: _ModelQueue(chosen))
        self._lock = Lock()

    def complete(self, request: CompletionRequest) -> Completion:
        """The answer, asked for when it is this call's turn."""
        with self._lock:
            lane = self._lanes[request.model]
        with lane.slots:
            self._sleep(lane.seconds_until_turn(self._clock()))
            return self._inner.complete(request)


class _ModelQueue:
    """The calls of one model. A turn is given away at once and waited for afterwards, so that
    calls start in the order in which they came."""

    def __init__(self, limits: RateLimits) -> None:
        self.slots = BoundedSemaphore(limits.concurrency)
        self._turns: deque[float] = deque(maxlen=limits.per_minute or 0)
        self._lock = Lock()

    def seconds_until_turn(self, now: float) -> float:
        """Seconds until the turn of the call that asks at ``now``."""
        with self._lock:
            full = bool(self._turns) and len(self._turns) == self._turns.maxlen
            turn = max(now, self._turns[0] + RATE_WINDOW_SECONDS) if full else now
            self._turns.append(turn)
            return turn - now


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to go on. Pauses in seconds: they double from ``first_pause`` to ``max_pause``, plus
    up to ``jitter`` by chance, so that many callers do not come back at once. ``max_seconds``:
    seconds from the first failure, the next pause included; what a provider asks to wait counts
    too."""

    attempts: int = 6
    max_seconds: float = 180.0
    first_pause: float = 1.0
    max_pause: float = 30.0
    jitter: float = 1.0


class RetriedModel:
    """Asks again after ModelUnavailable, and after nothing else."""

    def __init__(
        self,
        inner: LanguageModel,
        patience: RetryPolicy | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._patience = patience or RetryPolicy()
        self._sleep = sleep
        self._clock = clock

    def complete(self, request: CompletionRequest) -> Completion:
        """The first answer that comes. Raises the last failure, saying how often it was asked."""
        from tenacity import Retrying, retry_if_exception_type

        course = _RetryState(self._patience, self._clock)
        retrying = Retrying(
            retry=retry_if_exception_type(ModelUnavailable),
            wait=course.pause,
            stop=course.is_over,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._inner.complete, request)
        except ModelUnavailable as error:
            times = retrying.statistics["attempt_number"]
            message = f"{error.message} (asked {times} times)" if times > 1 else error.message
            raise ModelUnavailable(
                message, subject=error.subject, hint=error.hint, retry_after=error.retry_after
            ) from error


class _RetryState:
    """The tries of one call."""

    def __init__(self, patience: RetryPolicy, clock: Callable[[], float]) -> None:
        from tenacity import wait_exponential_jitter

        self._patience = patience
        self._clock = clock
        self._failed_at: float | None = None
        self._backoff = wait_exponential_jitter(
            multiplier=patience.first_pause, max=patience.max_pause, jitter=patience.jitter
        )

    def pause(self, state: "RetryCallState") -> float:
        """Seconds until the next try: never sooner than the provider asks."""
        asked = _unavailable_error(state).retry_after
        return self._backoff(state) if asked is None else max(asked, self._backoff(state))

    def is_over(self, state: "RetryCallState") -> bool:
        now = self._clock()
        self._failed_at = now if self._failed_at is None else self._failed_at
        late = now - self._failed_at + state.upcoming_sleep > self._patience.max_seconds
        most = _unavailable_error(state).attempts or self._patience.attempts
        return late or state.attempt_number >= min(most, self._patience.attempts)


def _unavailable_error(state: "RetryCallState") -> ModelUnavailable:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, ModelUnavailable) else ModelUnavailable("no outcome")


PriceFunction = Callable[[str, int, int], float | None]
"""(model, tokens in, tokens out) -> US dollars, or None when the price is not known."""


@dataclass(frozen=True, slots=True)
class Budget:
    """US dollars, and tokens in and out together. None: no bound."""

    max_cost: float | None = None
    max_tokens: int | None = None


class _Spend(NamedTuple):
    tokens: int
    cost: float

    def plus(self, other: "_Spend") -> "_Spend":
        return _Spend(self.tokens + other.tokens, self.cost + other.cost)

    def minus(self, other: "_Spend") -> "_Spend":
        return _Spend(self.tokens - other.tokens, self.cost - other.cost)


_NO_SPEND = _Spend(0, 0.0)


class BudgetedModel:
    """Asks only what the budget can still pay for. ``usage``: what all answers took.

    An answer that was refused or malformed has its whole reservation kept, since it is billed at a
    price that nobody told; a call that failed on the way counts nothing.
    """

    def __init__(self, inner: LanguageModel, budget: Budget, price: PriceFunction) -> None:
        self.usage = Usage()
        self._inner = inner
        self._budget = budget
        self._price = price
        self._spent = _NO_SPEND
        self._under_way: list[_Spend] = []
        self._settled = Condition()

    def complete(self, request: CompletionRequest) -> Completion:
        """The answer. Raises BudgetExceeded, or SettingsError for a cost bound on a model whose
        price is not known."""
        share = self._reckon(request)
        self._reserve(request, share)
        taken = _NO_SPEND
        try:
            completion = self._inner.complete(request)
            taken = _actual_spend(completion, share)
            with self._settled:
                self.usage = self.usage.add(completion)
        except (ModelRefused, MalformedCompletion):
            taken = share
            raise
        finally:
            self._settle(share, taken)
        return completion

    def _reckon(self, request: CompletionRequest) -> _Spend:
        """The most that the call may take."""
        asked = estimate_request_tokens(request)
        tokens = asked + request.max_tokens
        if self._budget.max_cost is None:
            return _Spend(tokens, 0.0)
        cost = self._price(request.model, asked, request.max_tokens)
        if cost is None:
            raise SettingsError(
                f"the price of {request.model} is not known, so its cost cannot be bounded",
                setting="max_cost",
                hint="a bound on tokens works for any model",
            )
        return _Spend(tokens, cost)

    def _reserve(self, request: CompletionRequest, share: _Spend) -> None:
        with self._settled:
            self._settled.wait_for(lambda: not self._under_way or not self._lacks(share))
            if lack := self._lacks(share):
                raise BudgetExceeded(lack, subject=request.step or request.model)
            self._under_way.append(share)

    def _settle(self, share: _Spend, taken: _Spend) -> None:
        with self._settled:
            self._under_way.remove(share)
            self._spent = self._spent.plus(taken)
            self._settled.notify_all()

    def _lacks(self, share: _Spend) -> str:
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
                f"and {max(0, tokens - left.tokens)} of max_tokens={tokens} are left"
            )
        if cost is not None and needed.cost > cost:
            return (
                f"the next call may cost ${share.cost:.4f}, "
                f"and ${max(0.0, cost - left.cost):.4f} of max_cost={cost:g} are left"
            )
        return ""


def _actual_spend(completion: Completion, share: _Spend) -> _Spend:
    """What was taken; the reserved cost where the real one is not known."""
    cost = share.cost if completion.cost_usd is None else completion.cost_usd
    return _Spend(completion.tokens_in + completion.tokens_out, cost)


class ModelCall(NamedTuple):
    """One call as it ended, with nothing of what was said in it.

    ``seconds``: all that the caller waited, pauses between tries included. ``failure``: the name of
    the error, empty when there was an answer. ``usage``: what all calls up to this one took.
    """

    step: str
    model: str
    seconds: float
    tokens_in: int
    tokens_out: int
    tokens_kept: int
    cost_usd: float | None
    cached: bool
    failure: str
    usage: Usage


OnCall = Callable[[ModelCall], None]
"""Hears of a call as soon as it has ended; never of two at a time."""


class WatchedModel:
    """Tells of every call of the inner model."""

    def __init__(
        self,
        inner: LanguageModel,
        tell: OnCall,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.usage = Usage()
        self._inner = inner
        self._on_call = tell
        self._clock = clock
        self._lock = Lock()

    def complete(self, request: CompletionRequest) -> Completion:
        """The inner model's answer, or its failure."""
        started = self._clock()
        try:
            completion = self._inner.complete(request)
        except ModelError as error:
            self._notify(request, None, self._clock() - started, type(error).__name__)
            raise
        self._notify(request, completion, self._clock() - started, "")
        return completion

    def _notify(
        self,
        request: CompletionRequest,
        completion: Completion | None,
        seconds: float,
        failure: str,
    ) -> None:
        with self._lock:
            if completion is not None:
                self.usage = self.usage.add(completion)
            answer = completion or Completion(text="")
            self._on_call(
                ModelCall(
                    step=request.step,
                    model=request.model,
                    seconds=seconds,
                    tokens_in=answer.tokens_in,
                    tokens_out=answer.tokens_out,
                    tokens_kept=answer.tokens_kept,
                    cost_usd=answer.cost_usd,
                    cached=answer.cached,
                    failure=failure,
                    usage=self.usage,
                )
            )
