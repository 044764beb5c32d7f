"""No more calls at once, and no more a minute, than the provider of a model allows."""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock

from summarizer.models.port import Completion, LanguageModel, Request

__all__ = ["LimitedModel", "Limits"]

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """For each model by itself. ``per_minute`` None: no limit."""

    at_once: int = 16
    per_minute: int | None = None


class LimitedModel:
    """Lets each call wait for its turn."""

    def __init__(
        self,
        inner: LanguageModel,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._sleep = sleep
        self._clock = clock
        chosen = limits or Limits()
        self._lanes: defaultdict[str, _Lane] = defaultdict(lambda: _Lane(chosen))
        self._lock = Lock()

    def complete(self, request: Request) -> Completion:
        """The answer, asked for when it is this call's turn."""
        with self._lock:
            lane = self._lanes[request.model]
        with lane.places:
            self._sleep(lane.wait(self._clock()))
            return self._inner.complete(request)


class _Lane:
    """The calls of one model. A turn is given away at once and waited for afterwards, so that
    calls start in the order in which they came."""

    def __init__(self, limits: Limits) -> None:
        self.places = BoundedSemaphore(limits.at_once)
        self._turns: deque[float] = deque(maxlen=limits.per_minute or 0)
        self._lock = Lock()

    def wait(self, now: float) -> float:
        """Seconds until the turn of the call that asks at ``now``."""
        with self._lock:
            full = bool(self._turns) and len(self._turns) == self._turns.maxlen
            turn = max(now, self._turns[0] + MINUTE) if full else now
            self._turns.append(turn)
            return turn - now
