"""The labelled events of ECB+ (Cybulska and Vossen, LREC 2014): two look-alike ones a topic."""

import gzip
import json
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from summarizer.sources.articles import Article

__all__ = ["Told", "b_cubed", "read"]


class Told(NamedTuple):
    """An article and what it tells."""

    article: Article
    topic: int
    event: str


@cache
def read(data: Path) -> tuple[Told, ...]:
    """All articles, in the order of the file."""
    with gzip.open(data / "events" / "ecbplus.train_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        Told(
            Article(text=r["text"], title=r["title"], path=f"ecb#{r['doc_id']}", language="en"),
            r["topic"],
            r["event"],
        )
        for r in rows
    )


def b_cubed(
    clusters: Sequence[Sequence[str]], gold: Mapping[str, Hashable]
) -> dict[str, tuple[float, float]]:
    """Item -> precision and recall of its cluster (Bagga and Baldwin, 1998)."""
    sizes: dict[Hashable, int] = {}
    for members in clusters:
        for item in members:
            sizes[gold[item]] = sizes.get(gold[item], 0) + 1
    scores = {}
    for members in clusters:
        for item in members:
            same = sum(gold[other] == gold[item] for other in members)
            scores[item] = (same / len(members), same / sizes[gold[item]])
    return scores
