"""A briefing that was made before is found whole, and is what the chain would make again."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from summarizer.briefing import Briefing
from summarizer.errors import ModelUnavailable, SourceError
from summarizer.models.cache import CompletionCache
from summarizer.models.protocol import Completion, CompletionRequest
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.writing.briefing_cache import BriefingCacheEntry, briefing_fingerprint
from summarizer.writing.prompting import Chain
from tests.articles import article
from tests.chain.authors import answering, plain
from tests.checking.held import FIRE, PAPER
from tests.writing.chains import linked

ARTICLES = [article(FIRE, "fire"), article(PAPER, "paper")]
TEXTS = {each.id: each.text for each in ARTICLES}
SETTINGS = Settings(words=120)
THEN, NOW = datetime(2025, 11, 26, tzinfo=UTC), datetime(2025, 11, 27, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[BriefingCacheEntry]:
    answers = CompletionCache(tmp_path, log=pytest.fail)
    yield BriefingCacheEntry(answers, "key", TEXTS)
    answers.close()


def made(author: Callable[[CompletionRequest], ScriptedReply], now: datetime = THEN) -> Briefing:
    return create_briefing(ARTICLES, SETTINGS, now=now, chain=linked(ScriptedModel(author)))


def paid(request: CompletionRequest) -> Completion:
    return Completion(text=answering(plain)(request), tokens_in=9, cost_usd=0.01, seconds=0.5)


def kept(request: CompletionRequest) -> Completion:
    return replace(paid(request), cached=True, cost_usd=0.0, seconds=0.0)


def test_what_is_remembered_is_what_would_be_made_again(memory: BriefingCacheEntry) -> None:
    memory.store(made(paid))
    assert memory.load(NOW) == made(kept, NOW)


def test_what_a_model_failed_at_is_not_remembered(memory: BriefingCacheEntry) -> None:
    def busy(request: CompletionRequest) -> ScriptedReply:
        return ModelUnavailable("busy") if request.step == "write" else paid(request)

    memory.store(made(busy))
    assert memory.load(NOW) is None


def test_what_is_no_briefing_of_these_articles_is_passed_over(memory: BriefingCacheEntry) -> None:
    memory.store(made(paid))
    assert replace(memory, texts={}).load(NOW) is None
    row = json.loads(memory.answers.get_text("key") or "")
    row["stories"][0]["headline"]["citations"] = []
    for broken in ("", "nonsense", "[]", json.dumps(row)):
        memory.answers.put_text("key", broken)
        assert memory.load(NOW) is None


def key(**changes: Any) -> str:
    same: dict[str, Any] = {
        "articles": ARTICLES,
        "unreadable": [],
        "settings": SETTINGS,
        "chain": linked(ScriptedModel([])),
    }
    return briefing_fingerprint(**(same | changes))


def chain(**changes: Any) -> Chain:
    return replace(linked(ScriptedModel([])), **changes)


PROMPTS = chain().prompts
OTHERS: dict[str, dict[str, Any]] = {
    "another article": {"articles": ARTICLES[:1]},
    "another order": {"articles": ARTICLES[::-1]},
    "another text": {"articles": [replace(ARTICLES[0], text=PAPER), ARTICLES[1]]},
    "another title": {"articles": [replace(ARTICLES[0], title="Fire"), ARTICLES[1]]},
    "another day": {"articles": [replace(ARTICLES[0], published=date(2025, 1, 2)), ARTICLES[1]]},
    "one that failed": {"unreadable": [SourceError("is empty", subject="a.txt")]},
    "another length": {"settings": replace(SETTINGS, words=121)},
    "another focus": {"settings": replace(SETTINGS, focus="fire")},
    "another model": {"chain": chain(name="openai/y")},
    "another judge": {"chain": chain(judge_name="openai/y")},
    "another language": {"chain": chain(language="de")},
    "another prompt": {
        "chain": chain(prompts=PROMPTS._replace(judge=replace(PROMPTS.judge, hash="0")))
    },
    "another server": {"chain": chain(endpoint="http://127.0.0.1:1/v1")},
}


@pytest.mark.parametrize("change", OTHERS)
def test_whatever_decides_a_briefing_is_in_its_key(change: str) -> None:
    assert key() == key()
    assert key(**OTHERS[change]) != key()


def test_another_program_is_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "__init__.py").write_text("")
    before = key()
    monkeypatch.setattr(sys.modules["summarizer"], "__file__", str(tmp_path / "__init__.py"))
    changed = key()
    (tmp_path / "checks.tsv").write_text("1")
    assert len({before, changed, key()}) == 3
