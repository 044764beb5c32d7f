"""How fast the two busiest rooms are, and where they spend it; JSON on standard output.

    python -m benchmarks.throughput CORPUS.jsonl

Chunking: furniture, sentences, chunks, stems; MB of UTF-8 a second. Checking: each sentence of the
first articles against three chunks, its own among them; sentences a second.
One half of the corpus is timed, the other one profiled, so that no cache knows it already.
"""

import argparse
import cProfile
import json
import pstats
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim
from summarizer.retrieval.chunks import chunk_article, split_statements
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.files import read_articles
from summarizer.text.aliases import find_aliases
from summarizer.text.annotations import Annotations

CHECKED = 100
"""Articles whose sentences are checked."""

PASSAGES = 3
HEAVIEST = 3


class Pair(NamedTuple):
    """A claim and what it is checked against."""

    claim: Claim
    passages: list[Passage]


def chunk_all(articles: list[Article]) -> None:
    """Every article, as the chain chunks it."""
    for article in articles:
        split_statements(chunk_article(article, find_boilerplate(article.text)), article.language)


def ask(articles: list[Article]) -> list[Pair]:
    """What is checked: the sentences of the last articles, as one corpus."""
    annotations = Annotations()
    return [pair for article in articles[-CHECKED:] for pair in pairs(article, annotations)]


def pairs(article: Article, annotations: Annotations) -> Iterator[Pair]:
    """Each sentence with its own chunk and the ones that follow, in a ring."""
    chunks = chunk_article(article, find_boilerplate(article.text))
    for at, own in enumerate(chunks):
        cited = [*chunks[at:], *chunks[:at]][:PASSAGES]
        passages = [
            Passage(each.text, article.language, article.published, annotations) for each in cited
        ]
        for span in own.sentences:
            text = own.quote(span)
            yield Pair(Claim(text, article.language, article.published, annotations), passages)


def check_all(asked: list[Pair]) -> None:
    """Judges every pair."""
    known = find_aliases(passage.text for pair in asked for passage in pair.passages)
    for claim, passages in asked:
        judge_claim(claim, passages, known)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def heaviest(work: Callable[[], object]) -> list[str]:
    """``module:function share%`` of the functions with most time of their own."""
    profile = cProfile.Profile()
    profile.runcall(work)
    rows = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own = {place: row[2] for place, row in rows.items()}
    top = sorted(own, key=lambda place: own[place], reverse=True)[:HEAVIEST]
    return [f"{_name(place)} {own[place] / sum(own.values()):.0%}" for place in top]


def _name(place: tuple[str, int, str]) -> str:
    path, _, function = place
    return function.strip("<>") if path == "~" else f"{Path(path).stem}:{function}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus")
    articles = [
        item for item in read_articles([parser.parse_args().corpus]) if isinstance(item, Article)
    ]
    timing, profiling = articles[0::2], articles[1::2]
    chunked = sum(len(article.text.encode()) for article in timing) / 1e6
    checked, heavy = ask(timing), ask(profiling)
    told = {
        "chunking": chunked / timed(lambda: chunk_all(timing)),
        "checking": len(checked) / timed(lambda: check_all(checked)),
        "heaviest in chunking": heaviest(lambda: chunk_all(profiling)),
        "heaviest in checking": heaviest(lambda: check_all(heavy)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
