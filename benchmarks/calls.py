"""What a briefing costs in calls and tokens of a model, on collections that anybody can read.

    python -m benchmarks.calls [--data ../shared/data]

The seeds, two events of ECB+, the two topics of SummHay at 12 articles each, and made-up corpora
of 5, 50 and 500 articles. No model is asked: an author that knows the prompts writes the first
sentence of passages, as many words as are asked for. Without a judge nothing else is called. With
one, each sentence is changed so that the rules cannot tell, which is the most that a judge can be
asked; it supports them all. Tokens are those of OpenAI's vocabulary, in and out.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.chain import counted
from benchmarks.corpus import compose
from benchmarks.quality.events import read
from summarizer.models.live import preload_litellm
from summarizer.models.protocol import Completion, CompletionRequest
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.text.languages import count_words
from summarizer.text.sentences import split_sentences
from summarizer.writing.prompting import Chain, load_step_prompts
from tests.articles import seeds
from tests.chain.authors import passages, verdicts

MODEL = "openai/benchmark"
NOW = datetime(2025, 11, 26, tzinfo=UTC)
MAX_FACTS = 12
COMPOSED = (5, 50, 500)
STORY_SIZE = 5
"""Articles of each story of the made-up corpora."""


class Cost(NamedTuple):
    """Calls and tokens of one run, and its calls by step."""

    calls: int
    tokens_in: int
    tokens_out: int
    steps: str


class CountingModel:
    """Writes by the prompt that it gets, and counts."""

    def __init__(self, *, paraphrase: bool) -> None:
        self.requests: list[tuple[CompletionRequest, str]] = []
        self._paraphrase = paraphrase

    def complete(self, request: CompletionRequest) -> Completion:
        reply = self._reply(request)
        self.requests.append((request, reply))
        return Completion(text=reply, tokens_in=1, tokens_out=1)

    def _reply(self, request: CompletionRequest) -> str:
        prompt = request.messages[1].text
        if request.step == "judge":
            return verdicts(prompt)
        said = {key: _first_sentence(text) for key, text in passages(prompt).items()}
        if request.step == "facts":
            facts = [{"key": key, "quote": text, "fact": text} for key, text in said.items()]
            return json.dumps({"facts": facts[:MAX_FACTS]})
        lines = [{"text": self._text(text), "keys": [key]} for key, text in said.items()]
        if request.step == "lead":
            return json.dumps({"sentences": lines[:2]})
        if request.step == "repair":
            return json.dumps({"sentences": []})
        wanted = int(prompt.rpartition(" words")[0].rpartition(" ")[2])
        story, words = [], 0
        for line in lines:
            words += count_words(line["text"])
            if story and words > wanted:
                break
            story.append(line)
        headline = {**lines[0], "text": " ".join(lines[0]["text"].split()[:12])}
        return json.dumps({"headline": headline, "sentences": story, "disagreements": []})

    def _text(self, text: str) -> str:
        """The sentence, or one of which rules cannot tell whether it says the same."""
        if not self._paraphrase:
            return text
        return f"It emerged that {text[:1].lower()}{text[1:]}"

    def cost(self) -> Cost:
        steps = Counter(request.step for request, _ in self.requests)
        sent = ("".join(m.text for m in request.messages) for request, _ in self.requests)
        return Cost(
            len(self.requests),
            sum(map(counted, sent)),
            sum(counted(reply) for _, reply in self.requests),
            " ".join(f"{name}={number}" for name, number in sorted(steps.items())),
        )


def _first_sentence(text: str) -> str:
    return text[slice(*split_sentences(text, "en")[0])]


def collections(data: Path) -> Iterator[tuple[str, Sequence[Article], Settings]]:
    """Name, articles and settings of each."""
    yield "seeds", seeds(), Settings()
    told = read(data)
    for event in ("12ecb", "13ecbplus"):
        topic = [each.article for each in told if each.event == event]
        yield f"ECB+ {event}", topic[:20], Settings()
    import gzip

    with gzip.open(data / "briefings/summhay_documents.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for name in sorted({row["topic"] for row in rows}):
        texts = [row for row in rows if row["topic"] == name][:12]
        articles = [Article(text=r["text"], path=r["doc_id"], language="en") for r in texts]
        yield f"SummHay {name}", articles, Settings()
    for count in COMPOSED:
        rows = compose(count, data, (STORY_SIZE,))
        articles = [
            Article(text=r["text"], title=r["title"], path=r["id"], language="en") for r in rows
        ]
        yield f"made up, {count} articles", articles, Settings(words=1000 if count > 5 else 300)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", default="", help="part of the name of a collection")
    asked = parser.parse_args()
    preload_litellm().join()
    for name, articles, settings in collections(asked.data):
        if asked.only not in name:
            continue
        for judged in (False, True):
            model = CountingModel(paraphrase=judged)
            chain = Chain(
                model=model, name=MODEL, prompts=load_step_prompts(),
                judge=model if judged else None, judge_name=MODEL if judged else "",
            )  # fmt: skip
            briefing = create_briefing(articles, settings, now=NOW, chain=chain)
            calls, sent, got, steps = model.cost()
            print(
                f"{name:24}{'judge' if judged else '':7}{len(articles):4} articles "
                f"{len(briefing.stories):2} stories {calls:4} calls {sent:8,} in {got:7,} out  "
                f"{steps}",
                flush=True,
            )


if __name__ == "__main__":
    main()
