"""How common a word is in news, so that five articles can be weighed like five thousand.

A collection too small to tell common words from telling ones borrows from ``english.tsv``: the
share of news articles in which a stem occurs, and how often it stands there in lower case (learnt
by ``benchmarks/learn_frequencies.py``).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["PSEUDO", "is_common", "is_name", "share", "weigh"]

PSEUDO = 200
"""Background articles that stand behind every collection, however small."""

UNSEEN = 0.002
"""Share of a stem that is not in the table: names, figures, rare words, other languages."""

LOWER = 0.85
"""Share in lower case from which a word is no name; titles and headlines capitalise any word."""

MIXED = 0.5
"""Share in lower case below which a word is mostly part of a name."""


@lru_cache(maxsize=1 << 16)
def share(stem: str) -> float:
    """Share of news articles with this stem, 0..1."""
    row = _rows().get(stem)
    return float(row.partition("\t")[0]) if row else UNSEEN


def is_common(stem: str) -> bool:
    """Whether news write the word in lower case inside a sentence: it opens no name.

    >>> is_common("traffic"), is_common("london")
    (True, False)
    """
    return _lower(stem) >= LOWER


def is_name(stem: str) -> bool:
    """Whether news write the word mostly with a capital, or hardly ever: it tells who or where.

    >>> is_name("london"), is_name("traffic")
    (True, False)
    """
    return _lower(stem) < MIXED


def _lower(stem: str) -> float:
    """How often news write it in lower case, 0..1; 0 for a word that they hardly have."""
    row = _rows().get(stem)
    return float(row.rpartition("\t")[2]) if row else 0.0


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
def _rows() -> dict[str, str]:
    """Stem -> its share and its share in lower case, unread: a run asks for few of them."""
    text = files("summarizer.text").joinpath("english.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {stem: rest for stem, _, rest in rows}
