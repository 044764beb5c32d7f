"""Somebody who hears of every call: for progress, for logs, and for the bill."""

import time
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from summarizer.errors import ModelError
from summarizer.models.port import Completion, LanguageModel, Request, Usage

__all__ = ["Call", "Tell", "WatchedModel"]


class Call(NamedTuple):
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


Tell = Callable[[Call], None]
"""Hears of a call as soon as it has ended; never of two at a time."""


class WatchedModel:
    """Tells of every call of the inner model."""

    def __init__(
        self,
        inner: LanguageModel,
        tell: Tell,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.usage = Usage()
        self._inner = inner
        self._tell = tell
        self._clock = clock
        self._lock = Lock()

    def complete(self, request: Request) -> Completion:
        """The inner model's answer, or its failure."""
        started = self._clock()
        try:
            completion = self._inner.complete(request)
        except ModelError as error:
            self._report(request, None, self._clock() - started, type(error).__name__)
            raise
        self._report(request, completion, self._clock() - started, "")
        return completion

    def _report(
        self, request: Request, completion: Completion | None, seconds: float, failure: str
    ) -> None:
        with self._lock:
            if completion is not None:
                self.usage = self.usage.plus(completion)
            answer = completion or Completion(text="")
            self._tell(
                Call(
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
