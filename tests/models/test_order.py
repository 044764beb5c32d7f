"""The models around one another, in the order that the package's docstring gives."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.errors import BudgetExceeded, ModelUnavailable
from summarizer.models.cache import CachedModel, CompletionCache
from summarizer.models.middleware import (
    Budget,
    BudgetedModel,
    LimitedModel,
    RateLimits,
    RetriedModel,
)
from summarizer.models.protocol import LanguageModel, estimate_request_tokens
from summarizer.models.replay import RecordedModel, ReplayedModel, ScriptedModel
from tests.models.asking import Clock, ask, say

MOST = estimate_request_tokens(ask()) + ask().max_tokens


def free(*_: object) -> float:
    return 0.0


def build(script: ScriptedModel, cache: CompletionCache, clock: Clock) -> LanguageModel:
    limits = RateLimits(concurrency=1, per_minute=2)
    limited = LimitedModel(script, limits, sleep=clock.sleep, clock=clock)
    retried = RetriedModel(limited, sleep=clock.sleep, clock=clock)
    return CachedModel(BudgetedModel(retried, Budget(max_tokens=MOST), free), cache)


def test_each_does_its_part(tmp_path: Path) -> None:
    cache, clock = CompletionCache(tmp_path / "answers"), Clock()
    script = ScriptedModel([ModelUnavailable("down"), ModelUnavailable("down"), say()])
    with RecordedModel(build(script, cache, clock), tmp_path / "run.jsonl") as model:
        first = model.complete(ask())
        again = model.complete(ask())
        with pytest.raises(BudgetExceeded):
            model.complete(ask("and then?"))
    cache.close()
    assert first == say()
    assert again == replace(say(), cached=True, cost_usd=0.0, seconds=0.0), "needs no budget"
    assert clock.time - 1000 == pytest.approx(60), "every try counts for the minute"
    replayed = ReplayedModel(tmp_path / "run.jsonl")
    assert [replayed.complete(ask()), replayed.complete(ask())] == [first, again]
    with pytest.raises(BudgetExceeded):
        replayed.complete(ask("and then?"))


WARM = """
import sys
from pathlib import Path
from summarizer.models.middleware import Budget, BudgetedModel
from summarizer.models.cache import CachedModel, CompletionCache
from summarizer.models.middleware import LimitedModel
from summarizer.models.live import LiveModel, litellm_price
from summarizer.models.middleware import RetriedModel
from tests.models.asking import ask
inner = BudgetedModel(RetriedModel(LimitedModel(LiveModel())), Budget(max_cost=1.0), litellm_price)
model = CachedModel(inner, CompletionCache(Path(sys.argv[1])))
print(model.complete(ask()).text, sorted({"litellm", "openai", "tenacity"} & sys.modules.keys()))
"""


def test_a_run_out_of_the_cache_loads_no_provider(tmp_path: Path) -> None:
    cache = CompletionCache(tmp_path)
    CachedModel(ScriptedModel([say("Known.")]), cache).complete(ask())
    cache.close()
    ran = subprocess.run(
        [sys.executable, "-c", WARM, tmp_path],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout == "Known. []\n"
