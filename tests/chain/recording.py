"""Recordings rebuilt from replies that were written by hand as an excellent model would write them:
that of the seeds (``evals/fixtures/seeds.replies.json``), and those of invented collections
(``evals/fixtures/written``), which are played and not stored.

There a sentence names words of the passages that it rests on; here those become the keys that the
prompt of the day gives them. So a prompt file may change: ``python -m tests.chain.recording``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from summarizer.briefing import Briefing
from summarizer.models.protocol import Completion, CompletionRequest, LanguageModel
from summarizer.models.replay import RecordedModel, ScriptedModel
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.writing.prompting import Chain, load_step_prompts
from tests.articles import seeds
from tests.chain.authors import Author, answering, passages, verdicts

__all__ = [
    "COLLECTIONS",
    "FIXTURES",
    "MODEL",
    "RECORDING",
    "build",
    "play",
    "tell",
    "write_by_hand",
]

FIXTURES = Path(__file__).parents[2] / "evals" / "fixtures"
RECORDING = FIXTURES / "seeds.jsonl"
REPLIES = FIXTURES / "seeds.replies.json"
COLLECTIONS = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((FIXTURES / "written").glob("*.json"))
}
"""Articles, replies and planted errors of each invented collection."""

MODEL = "openai/by-hand"
NOW = datetime(2025, 11, 26, tzinfo=UTC)

Reply = Mapping[str, Any]


def tell(model: LanguageModel) -> Briefing:
    """The briefing of the seeds by this model."""
    return _tell(model, seeds(), Settings(), NOW)


def play(collection: Mapping[str, Any], author: Author) -> Briefing:
    """The briefing of an invented collection by this author, who also judges."""
    articles = [
        Article(
            text=each["text"],
            path=each["name"],
            published=date.fromisoformat(each["published"]),
            published_from="page",
            language="en",
        )
        for each in collection["articles"]
    ]
    now = datetime(2026, 3, 5, tzinfo=UTC)
    model = ScriptedModel(answering(author))
    return _tell(model, articles, Settings(words=collection["words"]), now)


def _tell(
    model: LanguageModel, articles: Sequence[Article], settings: Settings, now: datetime
) -> Briefing:
    chain = Chain(
        model=model, name=MODEL, prompts=load_step_prompts(), judge=model, judge_name=MODEL
    )
    return create_briefing(articles, settings, now=now, chain=chain)


def build(file: Path) -> None:
    """Writes the recording."""
    author = write_by_hand(json.loads(REPLIES.read_text(encoding="utf-8")))
    with RecordedModel(ScriptedModel(_completing(author)), file) as model:
        tell(model)


def _completing(author: Author) -> Callable[[CompletionRequest], Completion]:
    """The replies with a fair count of their tokens; nobody was paid for them."""

    def complete(request: CompletionRequest) -> Completion:
        said = "".join(message.text for message in request.messages)
        reply = answering(author)(request)
        return Completion(text=reply, tokens_in=len(said) // 4, tokens_out=len(reply) // 4)

    return complete


def write_by_hand(
    replies: Mapping[str, Mapping[str, Reply]], planted: Sequence[Reply] = ()
) -> Author:
    """An author who gives the reply that was written for whatever the prompt shows, with those of
    the ``planted`` sentences that rest on it; as a judge he finds these wrong and all others
    right, as a repairer he gives up."""

    def author(step: str, prompt: str) -> str:
        if step == "judge":
            return verdicts(prompt, {each["text"]: each["wrong"] for each in planted})
        if step == "repair":
            return json.dumps({"sentences": []})
        shown = passages(prompt)
        (reply,) = (each for each in replies[step].values() if _fits(each, shown))
        if step == "write":
            wrong = [
                {"text": each["text"], "at": each["at"], "importance": 1}
                for each in planted
                if _fits(each, shown)
            ]
            reply = {**reply, "sentences": [*reply["sentences"], *wrong]}
        return json.dumps(_keyed(reply, shown), ensure_ascii=False)

    return author


def _fits(reply: Any, shown: Mapping[str, str]) -> bool:
    """Whether all words that a reply rests on are shown."""
    return all(any(words in text for text in shown.values()) for words in _anchors(reply))


def _anchors(value: Any) -> Sequence[str]:
    """The words of passages, wherever they are in a reply."""
    match value:
        case dict():
            inner = [each for name, each in value.items() if name != "at"]
            return [*value.get("at", ()), *_anchors(inner)]
        case list():
            return [words for each in value for words in _anchors(each)]
    return []


def _keyed(value: Any, shown: Mapping[str, str]) -> Any:
    """The reply with keys in place of the words that it rests on."""
    match value:
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
