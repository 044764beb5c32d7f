import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from summarizer.models.middleware import LimitedModel, RateLimits
from summarizer.models.protocol import Completion, CompletionRequest
from summarizer.models.replay import ScriptedModel
from tests.models.asking import Clock, ask, say


class Crowded:
    """Counts who is inside at once."""

    def __init__(self) -> None:
        self.inside: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self._lock = Lock()

    def complete(self, request: CompletionRequest) -> Completion:
        name = request.model
        with self._lock:
            self.inside[name] = self.inside.get(name, 0) + 1
            self.most[name] = max(self.most.get(name, 0), self.inside[name])
        time.sleep(0.01)
        with self._lock:
            self.inside[name] -= 1
        return say()


def test_no_more_are_asked_at_once_and_each_model_by_itself() -> None:
    crowded = Crowded()
    model = LimitedModel(crowded, RateLimits(concurrency=3))
    requests = [ask(model=name) for name in ("openai/a", "openai/b") * 12]
    with ThreadPoolExecutor(16) as pool:
        assert len(list(pool.map(model.complete, requests))) == 24
    assert crowded.most == {"openai/a": 3, "openai/b": 3}


def test_no_minute_holds_more_calls_than_allowed() -> None:
    clock = Clock()
    started: list[float] = []

    def answer(_: CompletionRequest) -> Completion:
        started.append(clock())
        clock.time += 7
        return say()

    limits = RateLimits(per_minute=5)
    model = LimitedModel(ScriptedModel(answer), limits, sleep=clock.sleep, clock=clock)
    for _ in range(23):
        model.complete(ask())
    gaps = [late - early for early, late in zip(started, started[5:], strict=False)]
    assert min(gaps) == pytest.approx(60)
    assert started[-1] - started[0] == pytest.approx(4 * 60 + 2 * 7)


def test_a_failure_gives_its_place_back() -> None:
    model = LimitedModel(ScriptedModel([]), RateLimits(concurrency=1))
    for _ in range(3):
        with pytest.raises(Exception, match="the script has 0 replies"):
            model.complete(ask())
