"""How common a word is in news, so that five articles can be weighed like five thousand.

A collection too small to tell common words from telling ones borrows from ``english.tsv``: the
share of news articles in which a stem occurs (learnt by ``benchmarks/learn_frequencies.py``).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

__all__ = ["PSEUDO", "share", "weigh"]

PSEUDO = 200
"""Background articles that stand behind every collection, however small."""

UNSEEN = 0.002
"""Share of a stem that is not in the table: names, figures, rare words, other languages."""


def share(stem: str) -> float:
    """Share of news articles with this stem, 0..1."""
    return _table().get(stem, UNSEEN)


def weigh(collection: Iterable[Iterable[str]]) -> Callable[[str], float]:
    """Inverse document frequency over the collection and the background together.

    ``collection``: the stems of each document. The weight is positive and highest for stems seen
    nowhere else.
    """
    df = Counter[str]()
    size = 0
    for stems in collection:
        df.update(set(stems))
        size += 1
    total = size + PSEUDO

    def weight(stem: str) -> float:
        return math.log((total + 1) / (df[stem] + PSEUDO * share(stem)))

    return weight


@cache
def _table() -> dict[str, float]:
    text = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {stem: float(value) for stem, value in rows}
