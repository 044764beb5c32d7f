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

RATE_WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Limits of each model. ``per_minute``: calls; None: no limit."""

    concurrency: int = 16
    per_minute: int | None = None


class LimitedModel:
    """Delays each call until the limits allow it."""

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
        """The reply, requested when it is this call's turn."""
        with self._lock:
            lane = self._lanes[request.model]
        with lane.slots:
            self._sleep(lane.seconds_until_turn(self._clock()))
            return self._inner.complete(request)


class _ModelQueue:
    """The calls of one model. A turn is assigned first and waited for afterwards, so that calls
    start in the order in which they came."""

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
    """How often and how long to retry. Pauses in seconds: they double from ``first_pause`` to
    ``max_pause``, plus a random part up to ``jitter``, so that many callers do not retry at once.
    ``max_seconds``: from the first failure, the next pause included; a wait that the provider asks
    for counts too."""

    attempts: int = 6
    max_seconds: float = 180.0
    first_pause: float = 1.0
    max_pause: float = 30.0
    jitter: float = 1.0


class RetriedModel:
    """Retries after ModelUnavailable, and after nothing else."""

    def __init__(
        self,
        inner: LanguageModel,
        policy: RetryPolicy | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._policy = policy or RetryPolicy()
        self._sleep = sleep
        self._clock = clock

    def complete(self, request: CompletionRequest) -> Completion:
        """The first reply. Raises the last failure, with the number of tries."""
        from tenacity import Retrying, retry_if_exception_type

        state = _RetryState(self._policy, self._clock)
        retrying = Retrying(
            retry=retry_if_exception_type(ModelUnavailable),
            wait=state.pause,
            stop=state.is_over,
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

    def __init__(self, policy: RetryPolicy, clock: Callable[[], float]) -> None:
        from tenacity import wait_exponential_jitter

        self._policy = policy
        self._clock = clock
        self._failed_at: float | None = None
        self._backoff = wait_exponential_jitter(
            multiplier=policy.first_pause, max=policy.max_pause, jitter=policy.jitter
        )

    def pause(self, state: "RetryCallState") -> float:
        """Seconds until the next try: never sooner than the provider asks."""
        asked = _unavailable_error(state).retry_after
        return self._backoff(state) if asked is None else max(asked, self._backoff(state))

    def is_over(self, state: "RetryCallState") -> bool:
        now = self._clock()
        self._failed_at = now if self._failed_at is None else self._failed_at
        late = now - self._failed_at + state.upcoming_sleep > self._policy.max_seconds
        most = _unavailable_error(state).attempts or self._policy.attempts
        return late or state.attempt_number >= min(most, self._policy.attempts)


def _unavailable_error(state: "RetryCallState") -> ModelUnavailable:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, ModelUnavailable) else ModelUnavailable("no outcome")


MAX_FIRST_FAILURES = 3
"""Calls that fail before the first reply, after which a model is taken for unusable: one of them
may have failed for what it asked."""


class FailFastModel:
    """Asks no more once a model has failed several times and never replied: with a rejected key or
    a server that is down, hundreds of calls would each try for minutes. A reply from the cache is
    no sign of life."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self._failures: list[ModelError] = []
        self._replied = False

    def complete(self, request: CompletionRequest) -> Completion:
        """The inner model's reply. Raises the first failure again where all were in vain."""
        if len(self._failures) >= MAX_FIRST_FAILURES and not self._replied:
            raise self._failures[0]
        try:
            completion = self._inner.complete(request)
        except ModelError as error:
            if type(error) in (ModelError, ModelUnavailable):  # others are about the request
                self._failures.append(error)
            raise
        self._replied |= not completion.cached
        return completion


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


_NO_SPEND = _Spend(0, 0.0)


class BudgetedModel:
    """Makes only the calls that the budget allows. ``usage``: totals of all replies.

    A refused or malformed reply is billed, but its price is unknown: its whole reservation counts.
    A call that failed on the way counts nothing.
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
        """The reply. Raises BudgetExceeded, or SettingsError for a bound on cost where the model's
        price is not known."""
        share = self._upper_bound(request)
        self._reserve(request, share)
        spent = _NO_SPEND
        try:
            completion = self._inner.complete(request)
            spent = _actual_spend(completion, share)
            with self._settled:
                self.usage = self.usage.add(completion)
        except (ModelRefused, MalformedCompletion):
            spent = share
            raise
        finally:
            self._settle(share, spent)
        return completion

    def _upper_bound(self, request: CompletionRequest) -> _Spend:
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
            self._settled.wait_for(lambda: not self._under_way or not self._shortage(share))
            if shortage := self._shortage(share):
                raise BudgetExceeded(shortage, subject=request.step or request.model)
            self._under_way.append(share)

    def _settle(self, share: _Spend, spent: _Spend) -> None:
        with self._settled:
            self._under_way.remove(share)
            self._spent = self._spent.plus(spent)
            self._settled.notify_all()

    def _shortage(self, share: _Spend) -> str:
        """Why the budget does not allow one more such call; empty if it does."""
        committed = self._spent
        for other in self._under_way:
            committed = committed.plus(other)
        needed = committed.plus(share)
        tokens, cost = self._budget.max_tokens, self._budget.max_cost
        if tokens is not None and needed.tokens > tokens:
            return (
                f"the next call may take {share.tokens} tokens, "
                f"and {max(0, tokens - committed.tokens)} of max_tokens={tokens} are left"
            )
        if cost is not None and needed.cost > cost:
            return (
                f"the next call may cost ${share.cost:.4f}, "
                f"and ${max(0.0, cost - committed.cost):.4f} of max_cost={cost:g} are left"
            )
        return ""


def _actual_spend(completion: Completion, share: _Spend) -> _Spend:
    """What the call took; the reserved cost where the real one is not known."""
    cost = share.cost if completion.cost_usd is None else completion.cost_usd
    return _Spend(completion.tokens_in + completion.tokens_out, cost)


class ModelCall(NamedTuple):
    """One finished call, without its texts.

    ``seconds``: all that the caller waited, pauses between tries included. ``failure``: the name of
    the error, empty after a reply. ``usage``: totals of all calls up to this one.
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
"""Called after each call of a model, never for two at a time."""


class WatchedModel:
    """Reports every call of the inner model."""

    def __init__(
        self,
        inner: LanguageModel,
        on_call: OnCall,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.usage = Usage()
        self._inner = inner
        self._on_call = on_call
        self._clock = clock
        self._lock = Lock()

    def complete(self, request: CompletionRequest) -> Completion:
        """The inner model's reply, or its failure."""
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
            reply = completion or Completion(text="")
            self._on_call(
                ModelCall(
                    step=request.step,
                    model=request.model,
                    seconds=seconds,
                    tokens_in=reply.tokens_in,
                    tokens_out=reply.tokens_out,
                    tokens_kept=reply.tokens_kept,
                    cost_usd=reply.cost_usd,
                    cached=reply.cached,
                    failure=failure,
                    usage=self.usage,
                )
            )
