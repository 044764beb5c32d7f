"""How common a word is in news, so that five articles can be weighed like five thousand.

A collection too small to tell common words from telling ones borrows from ``english.tsv``: the
share of news articles in which a stem occurs, and how often it stands there in lower case (learnt
by ``benchmarks/learn_frequencies.py``).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["PSEUDO", "is_common", "share", "weigh"]

PSEUDO = 200
"""Background articles that stand behind every collection, however small."""

UNSEEN = 0.002
"""Share of a stem that is not in the table: names, figures, rare words, other languages."""

LOWER = 0.85
"""Share in lower case from which a word is no name; titles and headlines capitalise any word."""


class _Row(NamedTuple):
    share: float
    lower: float


def share(stem: str) -> float:
    """Share of news articles with this stem, 0..1."""
    row = _table().get(stem)
    return row.share if row else UNSEEN


def is_common(stem: str) -> bool:
    """Whether news write the word in lower case inside a sentence: it opens no name.

    >>> is_common("traffic"), is_common("london")
    (True, False)
    """
    row = _table().get(stem)
    return row is not None and row.lower >= LOWER


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
def _table() -> dict[str, _Row]:
    text = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {stem: _Row(float(value), float(lower)) for stem, value, lower in rows}
