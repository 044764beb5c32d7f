"""The recording of the seeds, rebuilt from replies that were written by hand as an excellent model
would write them (``evals/fixtures/seeds.replies.json``).

There a sentence names words of the passages that it rests on; here those become the keys that the
prompt of the day gives them. So a prompt file may change: ``python -m tests.chain.recording``.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from summarizer.briefing import Briefing
from summarizer.models.protocol import Completion, CompletionRequest, LanguageModel
from summarizer.models.replay import RecordedModel, ScriptedModel
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.writing.prompting import Chain, load_step_prompts
from tests.articles import seeds
from tests.chain.authors import answering, passages, verdicts

__all__ = ["FIXTURES", "MODEL", "RECORDING", "build", "tell"]

FIXTURES = Path(__file__).parents[2] / "evals" / "fixtures"
RECORDING = FIXTURES / "seeds.jsonl"
REPLIES = FIXTURES / "seeds.replies.json"
MODEL = "openai/by-hand"
NOW = datetime(2025, 11, 26, tzinfo=UTC)

Reply = Mapping[str, Any]


def tell(model: LanguageModel) -> Briefing:
    """The briefing of the seeds by this model."""
    chain = Chain(
        model=model, name=MODEL, prompts=load_step_prompts(), judge=model, judge_name=MODEL
    )
    return create_briefing(seeds(), Settings(), now=NOW, chain=chain)


def build(file: Path) -> None:
    """Writes the recording."""
    with RecordedModel(ScriptedModel(_complete), file) as model:
        tell(model)


def _complete(request: CompletionRequest) -> Completion:
    """The reply with a fair count of its tokens; nobody was paid for it."""
    said = "".join(message.text for message in request.messages)
    reply = answering(write_by_hand)(request)
    return Completion(text=reply, tokens_in=len(said) // 4, tokens_out=len(reply) // 4)


def write_by_hand(step: str, prompt: str) -> str:
    """The reply that was written for whatever the prompt shows."""
    if step == "judge":  # read by hand: every sentence of the replies is carried by its passages
        return verdicts(prompt)
    shown = passages(prompt)
    replies = json.loads(REPLIES.read_text(encoding="utf-8"))[step]
    (reply,) = (each for each in replies.values() if _fits(each, shown))
    return json.dumps(_keyed(reply, shown), ensure_ascii=False)


def _fits(reply: Any, shown: Mapping[str, str]) -> bool:
    """Whether all words that a reply rests on are shown."""
    return all(any(words in text for text in shown.values()) for words in _anchors(reply))


def _anchors(value: Any) -> Sequence[str]:
    """The words of passages, wherever they stand in a reply."""
    match value:
        case {"quote": str(words)}:
            return [words]
        case dict():
            inner = [each for name, each in value.items() if name != "at"]
            return [*value.get("at", ()), *_anchors(inner)]
        case list():
            return [words for each in value for words in _anchors(each)]
    return []


def _keyed(value: Any, shown: Mapping[str, str]) -> Any:
    """The reply with keys in place of the words that it rests on."""
    match value:
        case {"quote": str(words), **others}:
            return {"key": _key(words, shown), "quote": words, **others}
        case {"at": list(anchors), **others}:
            return others | {"keys": [_key(words, shown) for words in anchors]}
        case dict():
            return {name: _keyed(each, shown) for name, each in value.items()}
        case list():
            return [_keyed(each, shown) for each in value]
    return value


def _key(words: str, shown: Mapping[str, str]) -> str:
    (key,) = (key for key, text in shown.items() if words in text)
    return key


if __name__ == "__main__":
    build(RECORDING)
