"""What the prompt chain costs beyond the model: time, tokens, and a run out of the cache.

    python -m benchmarks.chain [--data ../shared/data]

50 articles of 700 words in 10 stories, 16 calls at once, a server on this machine that answers
after 0.5 s and says what the passages say. The bound on the time is the longest chain of calls,
given the limit on calls at once, times the latency; litellm is loaded and has asked once before.
Of `RUNS` runs the fastest counts, since whatever else the machine does can only slow one down.
Tokens are those of OpenAI's vocabulary; out are those of the replies that were written by hand for
the seeds. Exit code 1 when a figure is over its limit.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import compose
from benchmarks.measure import Figure, median
from benchmarks.speed import ROOT
from summarizer.cli.entry import GC_THRESHOLDS
from summarizer.models.config import ModelConfig
from summarizer.models.factory import open_model
from summarizer.models.live import preload_litellm
from summarizer.models.protocol import ChatMessage, Completion, CompletionRequest, LanguageModel
from summarizer.models.structured_output import Facts, form_schema
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.files import read_articles
from summarizer.writing.prompting import Chain, load_step_prompts
from tests.chain.authors import plain, responding
from tests.chain.recording import RECORDING
from tests.models.server import Answer, serve

ARTICLES, STORY, AT_ONCE, LATENCY = 50, 5, 16, 0.5
MODEL = "openai/benchmark"
SETTINGS = Settings(words=1000, stories=10)
NOW = datetime(2025, 11, 26, tzinfo=UTC)
RUNS = 3
PROBES = 200
"""Calls without latency, by which the work of one call is measured."""


WALL = "wall time"


class Spent(NamedTuple):
    """Seconds."""

    wall: float
    processor: float


class Listening:
    """Keeps the requests that pass, and when the first was asked and the last was answered."""

    def __init__(self, inner: LanguageModel) -> None:
        self.requests: list[CompletionRequest] = []
        self.times: list[float] = []
        self._inner = inner

    def complete(self, request: CompletionRequest) -> Completion:
        self.requests.append(request)
        self.times.append(time.perf_counter())
        try:
            return self._inner.complete(request)
        finally:
            self.times.append(time.perf_counter())


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--serve", type=float, help="seconds of latency; serves until it is ended")
    asked = parser.parse_args()
    gc.set_threshold(*GC_THRESHOLDS)  # as the installed command does
    if asked.serve is not None:
        listen(asked.serve)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus.jsonl")
        rows = compose(ARTICLES, asked.data, (STORY,))
        corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        figures = list(measure(corpus, Path(folder)))
    for figure in figures:
        limit = "" if figure.limit is None else f"  (at most {figure.limit:g}: {figure.verdict})"
        print(f"{figure.name:44}{figure.value:10.3f} {figure.unit}{limit}")
    return int(any(figure.verdict == "over" for figure in figures))


def listen(latency: float) -> None:
    """A server in a process of its own, so that its work is not counted as ours."""
    answer = responding(plain)
    with serve() as server:
        server.respond = lambda seen: Answer(answer(seen).text, delay=latency)
        print(server.url, flush=True)
        sys.stdin.read()


@contextmanager
def served(latency: float) -> Iterator[str]:
    """Address of a running server."""
    command = [sys.executable, "-m", "benchmarks.chain", "--serve", str(latency)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        yield f"{child.stdout.readline().strip()}/v1"
        child.communicate()


def measure(corpus: Path, folder: Path) -> Iterator[Figure]:
    """Every figure."""
    articles = [each for each in read_articles([str(corpus)]) if isinstance(each, Article)]
    create_briefing(articles, SETTINGS, now=NOW)
    without = timed_without(articles)
    preload_litellm().join()
    with served(LATENCY) as base:
        work(base, 1)
        runs = [list(timed(articles, base, without)) for _ in range(RUNS)]
        yield from min(runs, key=lambda run: next(f.value for f in run if f.name == WALL))
    yield from written_by_hand()
    with served(0.0) as base:
        yield Figure(
            "work of one call, litellm and HTTP included", work(base, PROBES) * 1e3, "ms", 15.0
        )
        yield from again(corpus, folder, base)


def timed_without(articles: Sequence[Article]) -> Spent:
    """A run without a model."""
    began, busy = time.perf_counter(), time.process_time()
    create_briefing(articles, SETTINGS, now=NOW)
    return Spent(time.perf_counter() - began, time.process_time() - busy)


def timed(articles: Sequence[Article], base: str, without: Spent) -> Iterator[Figure]:
    """The run against its bound, and what it asked."""
    config = ModelConfig(model=MODEL, api_base=base, cache=False)
    with open_model(config, log=print) as inner, ThreadPoolExecutor(AT_ONCE) as pool:
        model = Listening(inner)
        chain = Chain(model=model, name=MODEL, prompts=load_step_prompts(), map=pool.map)
        began, busy = time.perf_counter(), time.process_time()
        briefing = create_briefing(articles, SETTINGS, now=NOW, chain=chain)
        wall, cpu = time.perf_counter() - began, time.process_time() - busy
    steps = by_step(model.requests)
    bound = LATENCY * sum(-(-len(asked) // AT_ONCE) for asked in steps.values())
    yield Figure("stories", len(briefing.stories), "")
    yield Figure("calls", len(model.requests), "")
    yield Figure("the same without a model", without.wall, "s")
    yield Figure("bound", bound, "s")
    yield Figure(WALL, wall, "s", 1.15 * bound)
    yield Figure("wall time over bound", wall / bound, "x")
    yield Figure("until the first call", min(model.times) - began, "s")
    yield Figure("from first call to last answer", max(model.times) - min(model.times), "s")
    yield Figure("processor time per call, all steps", cpu / len(model.requests) * 1e3, "ms")
    more = (cpu - without.processor) / len(model.requests) * 1e3
    yield Figure("the same beyond a run without a model", more, "ms", 15.0)
    yield from tokens(steps)


def by_step(requests: Sequence[CompletionRequest]) -> Mapping[str, Sequence[CompletionRequest]]:
    """Requests by the step of the chain."""
    steps: dict[str, list[CompletionRequest]] = defaultdict(list)
    for request in requests:
        steps[request.step].append(request)
    return steps


def tokens(steps: Mapping[str, Sequence[CompletionRequest]]) -> Iterator[Figure]:
    """Tokens that are sent per article, and the share that a provider can keep."""
    for step, requests in steps.items():
        prompts = ["".join(message.text for message in request.messages) for request in requests]
        sent = sum(map(counted, prompts))
        prefix = counted(prompts[0][: alike(prompts)])
        yield Figure(f"{step}: tokens in per article", sent / ARTICLES, "tokens")
        yield Figure(f"{step}: tokens of stable prefix", prefix, "tokens")
        yield Figure(f"{step}: share of stable prefix", prefix * len(prompts) / sent, "")


def alike(prompts: Sequence[str]) -> int:
    """Characters with which all prompts begin."""
    first, last = min(prompts), max(prompts)
    pairs = enumerate(zip(first, last, strict=False))
    return next((at for at, (one, other) in pairs if one != other), len(first))


def written_by_hand() -> Iterator[Figure]:
    """Tokens of the replies in the recording of the seeds, per article."""
    lines = [json.loads(line) for line in RECORDING.read_text("utf-8").splitlines()[1:]]
    for step in ("facts", "write"):
        replies = [line["completion"]["text"] for line in lines if line["step"] == step]
        out = sum(map(counted, replies)) / len(list((ROOT / "seeds").iterdir()))
        yield Figure(f"{step}: tokens out per article, seeds", out, "tokens")


def counted(text: str) -> int:
    """Tokens of a text."""
    import litellm

    return int(litellm.token_counter(model="gpt-4o", text=text))


def work(base: str, calls: int) -> float:
    """Processor seconds of one call to a server without latency."""
    with open_model(ModelConfig(model=MODEL, api_base=base, cache=False), log=print) as model:
        article = ChatMessage("user", "<article-0>\n⟦a1⟧ It rained in Bern.\n</article-0>")
        asked = (ChatMessage("system", "Read."), article)
        request = CompletionRequest(model=MODEL, messages=asked, schema=form_schema(Facts))
        model.complete(request)
        began = time.process_time()
        for _ in range(calls):
            model.complete(request)
        return (time.process_time() - began) / calls


def again(corpus: Path, folder: Path, base: str) -> Iterator[Figure]:
    """The same command twice: the second asks nothing and loads nothing."""
    home = ["env", f"XDG_CACHE_HOME={folder / 'cache'}"]
    options = ["--model", MODEL, "--words", "1000", "--api-base", base]
    command: list[str | Path] = [*home, sys.executable, "-m", "summarizer", "brief"]
    first = subprocess.run(
        [*command, corpus, *options, "--verbose"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    second = subprocess.run(
        [*command, corpus, *options, "--verbose"],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPROFILEIMPORTTIME": "1"},
    )  # fmt: skip
    yield Figure("first run: calls", first.stderr.count('"cached": false'), "")
    yield Figure("warm run: calls", second.stderr.count('"cached": false'), "", 0)
    yield Figure("warm run: loads litellm", float(" litellm." in second.stderr), "", 0)
    for name, inputs in (("", str(corpus)), (" of the seeds", "seeds")):
        same = [*command, inputs, *options]
        yield Figure(f"warm run{name}: wall time", median(same, ROOT).wall, "s", 1.0)
        anew = median([*same, "--verbose"], ROOT).wall
        yield Figure(f"warm run{name}, every sentence checked anew", anew, "s")
    without = [*command, corpus, "--words", "1000"]
    yield Figure("the same without a model", median(without, ROOT).wall, "s")


if __name__ == "__main__":
    sys.exit(main())
