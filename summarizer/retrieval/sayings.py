"""What several articles say in nearly the same words, found once: one fact and all who tell it.

Two statements are alike by the weighted Dice coefficient of their stems; sayings are average-link
clusters of it. Constants are calibrated as a set on SummHay by ``benchmarks.quality.selection``:
on either topic a saying then holds the documents of its insight at F1 .86 to .88.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.linkage import average_link
from summarizer.text.frequencies import weigh

__all__ = ["Saying", "sayings"]

ALIKE, FAINT = 0.4, 0.2
"""Average likeness of one saying, and the least that counts as any."""

KEYS, CROWD = 6, 100
"""Heaviest stems of a statement by which candidates are found, and how many statements one stem
brings together with a further one."""

FEWEST = 5
"""Stems below which a likeness is chance."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One fact in the words of all who tell it, in the order in which they were read.

    ``answer``: how much of what is asked it tells; 1 when nothing is asked.
    """

    statements: tuple[Statement, ...]
    answer: float = 1.0


def sayings(statements: Sequence[Statement]) -> list[Saying]:
    """Every statement in exactly one saying."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, item in enumerate(statements):
        classes[item.stems].append(at)
    kinds = [stems if len(stems) >= FEWEST else frozenset() for stems in classes]
    members = list(classes.values())
    idf = weigh(_documents(statements))
    weights = {stem: idf(stem) for stem in frozenset().union(*kinds)}
    groups = average_link(_likeness(kinds, weights), ALIKE)
    ordered = sorted(sorted(at for kind in group for at in members[kind]) for group in groups)
    return [Saying(tuple(statements[at] for at in group)) for group in ordered]


def _documents(statements: Sequence[Statement]) -> Iterator[set[str]]:
    """The stems of each source."""
    said: dict[str, set[str]] = defaultdict(set)
    for item in statements:
        said[item.source] |= item.stems
    yield from said.values()


def _likeness(
    kinds: Sequence[frozenset[str]], weights: Mapping[str, float]
) -> list[dict[int, float]]:
    """Sparse symmetric likeness of the statements that a telling stem brings together."""
    masses = [math.fsum(weights[stem] for stem in stems) for stems in kinds]
    postings: dict[str, list[int]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in kinds]
    for at, stems in enumerate(kinds):
        keys = heapq.nsmallest(KEYS, stems, key=lambda stem: (-weights[stem], stem))
        for other in sorted({near for key in keys for near in postings[key][-CROWD:]}):
            shared = math.fsum(weights[stem] for stem in stems & kinds[other])
            near = 2 * shared / (masses[at] + masses[other])
            if near >= FAINT:
                likeness[at][other] = likeness[other][at] = near
        for key in keys:
            postings[key].append(at)
    return likeness
