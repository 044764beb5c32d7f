"""Average-link clusters of a sparse similarity: what is alike to most of a group joins it.

Agglomerative: the two clusters with the highest mean similarity become one, until no mean is high
enough (Sokal and Michener, 1958). A pair that is not given counts as nought.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["average_link"]


def average_link(
    likeness: Sequence[Mapping[int, float]],
    least: float,
    *,
    sizes: Sequence[int] | None = None,
    fixed: Collection[int] = (),
) -> list[list[int]]:
    """Clusters of the positions 0..n-1 with a mean similarity of at least ``least``, in stable
    order.

    ``likeness``: for each position the similar ones, symmetric. With ``sizes``, positions stand for
    clusters of so many items, and ``likeness`` holds the sums over the pairs between them.
    Positions in ``fixed`` never come together.
    """
    return _Linkage(likeness, least, sizes or [1] * len(likeness), fixed).run()


class _Linkage:
    """The clusters so far; each is named by one of its positions."""

    def __init__(
        self,
        sums: Sequence[Mapping[int, float]],
        least: float,
        sizes: Sequence[int],
        fixed: Collection[int],
    ) -> None:
        self._least = least
        self._members = {at: [at] for at in range(len(sums))}
        self._sizes = dict(enumerate(sizes))
        self._sums = {at: dict(row) for at, row in enumerate(sums)}
        self._fixed = set(fixed)
        self._heap: list[tuple[float, int, int]] = []
        for a, row in self._sums.items():
            self._offer(a, (b for b in row if a < b))

    def run(self) -> list[list[int]]:
        """Every join that is due, the nearest first."""
        while self._heap:
            key, a, b = heapq.heappop(self._heap)
            if a not in self._members or b not in self._members or self._parted(a, b):
                continue
            if -key <= self._mean(a, b) + 1e-12:  # else it has grown apart since it was offered
                self._join(a, b)
        return sorted(sorted(cluster) for cluster in self._members.values())

    def _mean(self, a: int, b: int) -> float:
        return self._sums[a].get(b, 0.0) / (self._sizes[a] * self._sizes[b])

    def _parted(self, a: int, b: int) -> bool:
        return a in self._fixed and b in self._fixed

    def _offer(self, a: int, others: Iterable[int]) -> None:
        """The pairs that may join as they are; the others are looked at when they change."""
        for b in others:
            mean = self._mean(a, b)
            if mean >= self._least and not self._parted(a, b):
                heapq.heappush(self._heap, (-mean, min(a, b), max(a, b)))

    def _join(self, a: int, b: int) -> None:
        """``b`` becomes part of ``a``."""
        self._members[a] += self._members.pop(b)
        self._sizes[a] += self._sizes.pop(b)
        if b in self._fixed:
            self._fixed.add(a)
        row = self._sums.pop(b)
        self._sums[a].pop(b, None)
        for other, total in row.items():
            if other != a:
                self._sums[other].pop(b, None)
                grown = self._sums[a].get(other, 0.0) + total
                self._sums[a][other] = self._sums[other][a] = grown
        self._offer(a, self._sums[a])
