"""Asking again when it may help: not too soon, not too often, not for ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.errors import ModelUnavailable
from summarizer.models.port import Completion, LanguageModel, Request

if TYPE_CHECKING:
    from tenacity import RetryCallState

__all__ = ["Patience", "RetriedModel"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on. Pauses in seconds: they double from ``first`` to ``longest``, plus up to
    ``jitter`` by chance, so that many callers do not come back at once. ``deadline``: seconds from
    the first failure, the next pause included; what a provider asks to wait counts too."""

    attempts: int = 6
    deadline: float = 180.0
    first: float = 1.0
    longest: float = 30.0
    jitter: float = 1.0


class RetriedModel:
    """Asks again after ModelUnavailable, and after nothing else."""

    def __init__(
        self,
        inner: LanguageModel,
        patience: Patience | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._patience = patience or Patience()
        self._sleep = sleep
        self._clock = clock

    def complete(self, request: Request) -> Completion:
        """The first answer that comes. Raises the last failure, saying how often it was asked."""
        from tenacity import Retrying, retry_if_exception_type

        course = _Course(self._patience, self._clock)
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


class _Course:
    """The tries of one call."""

    def __init__(self, patience: Patience, clock: Callable[[], float]) -> None:
        from tenacity import wait_exponential_jitter

        self._patience = patience
        self._clock = clock
        self._failed_at: float | None = None
        self._backoff = wait_exponential_jitter(
            multiplier=patience.first, max=patience.longest, jitter=patience.jitter
        )

    def pause(self, state: "RetryCallState") -> float:
        """Seconds until the next try: never sooner than the provider asks."""
        asked = _failure(state).retry_after
        return self._backoff(state) if asked is None else max(asked, self._backoff(state))

    def is_over(self, state: "RetryCallState") -> bool:
        now = self._clock()
        self._failed_at = now if self._failed_at is None else self._failed_at
        late = now - self._failed_at + state.upcoming_sleep > self._patience.deadline
        most = _failure(state).attempts or self._patience.attempts
        return late or state.attempt_number >= min(most, self._patience.attempts)


def _failure(state: "RetryCallState") -> ModelUnavailable:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, ModelUnavailable) else ModelUnavailable("no outcome")
