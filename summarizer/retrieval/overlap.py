"""Which of many token sets are alike, without comparing all pairs.

Exact set-similarity join with prefix filtering (Bayardo et al., "Scaling up all pairs similarity
search", WWW 2007): tokens are ordered from rare to common, and two sets that are alike enough must
share one of the first few.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import chain
from typing import NamedTuple, TypeVar

__all__ = ["Groups", "Pair", "dice", "join"]

T = TypeVar("T")

CROWD = 100
"""Sets that one token brings together with a further one. Fewer than that are joined exactly; a
text that says one thing a thousand times does not cost a million comparisons."""


class Pair(NamedTuple):
    """Positions of two sets, ``left < right``, and their Dice coefficient."""

    left: int
    right: int
    dice: float


def dice(left: Set[T], right: Set[T]) -> float:
    """Dice coefficient of two sets, 0..1; nothing is alike to an empty set."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def join(sets: Sequence[frozenset[str]], least: float) -> Iterator[Pair]:
    """Pairs with a Dice coefficient of at least ``least``; each set once per distinct content.

    Equal sets are not paired: group them first, so that a thousand copies cost a thousand steps.
    """
    df = Counter(chain.from_iterable(sets))
    postings: dict[str, list[int]] = defaultdict(list)
    order = sorted(range(len(sets)), key=lambda at: (len(sets[at]), at))
    for at in order:
        tokens = sets[at]
        prefix = _prefix(tokens, df, least)
        near = {other for token in prefix for other in postings[token][-CROWD:]}
        for other in sorted(near):
            alike = dice(sets[other], tokens)
            if alike >= least and sets[other] != tokens:
                yield Pair(min(at, other), max(at, other), alike)
        for token in prefix:
            postings[token].append(at)


def _prefix(tokens: frozenset[str], df: Counter[str], least: float) -> list[str]:
    """The rarest tokens, as many as an alike set of any size cannot all miss."""
    shared = math.ceil(len(tokens) * least / (2 - least) - 1e-9)  # else 4.0 may round up to 5
    return sorted(tokens, key=lambda token: (df[token], token))[: len(tokens) - shared + 1]


class Groups:
    """Union-find over positions 0..n-1; the least position stands for its group."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, at: int) -> int:
        """The representative of ``at``."""
        parent = self._parent
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def unite(self, a: int, b: int) -> None:
        """One group from now on."""
        a, b = sorted((self.find(a), self.find(b)))
        self._parent[b] = a

    def sets(self) -> list[list[int]]:
        """The groups, each in order, ordered by their least position."""
        members: dict[int, list[int]] = defaultdict(list)
        for at in range(len(self._parent)):
            members[self.find(at)].append(at)
        return [members[key] for key in sorted(members)]
