"""Clusters of a sparse similarity, and the events of one topic.

Average linkage (Sokal and Michener, 1958): the two clusters with the highest mean similarity are
merged until no mean is high enough. A pair that is not given has similarity 0.

Inside a topic its vocabulary says nothing: what every article has, and what only one has, separates
no events. A stem that a share p of the topic's articles use is weighted by p(1-p), its variance, so
that who, where, when and how many decide. Two articles report the same event if they are close to
and far from the same articles: the cosine of their rows of similarities, which stays high between
two reports of one event that chose other words. Constants are calibrated as a set on ECB+
(`benchmarks.quality`): each topic's two events together, one event alone, and the five, three and
two articles that a small collection has of them.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import mul

from summarizer.retrieval.similarity import StemVector, time_decay, unit_vector
from summarizer.sources.articles import Article
from summarizer.text.tokens import document_frequency

__all__ = [
    "MIN_EVENT_ROW_COSINE",
    "SimilarityRow",
    "average_link",
    "row_cosine",
    "similarity_rows",
    "split_topic",
]


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


MIN_EVENT_ROW_COSINE = 0.75
"""Mean cosine of the rows within one event."""

PRIOR_ARTICLES = 3.0
"""Articles of common news that stand behind a topic's own: of two or three articles, what all of
them have may yet be what tells their event."""

MIN_SELF_SIMILARITY = 0.5
"""Least similarity of an article to itself; more, if another is nearer. It is what keeps two lone
articles that are hardly alike from being one event."""

MAX_LANDMARKS = 100
"""Articles to which all those of a topic are compared; a topic of fewer is compared in full."""

SimilarityRow = Sequence[float]
"""The similarities of an article to the topic's landmarks, at length 1."""


def similarity_rows(
    articles: Sequence[Article], found: Sequence[StemVector], idf: Callable[[str], float]
) -> list[SimilarityRow]:
    """The row of each article of one topic. ``found``: their features."""
    if len(articles) == 1:
        return [[1.0]]
    weighed = _distinguishing_vectors(found, idf)
    landmarks = _spread_evenly(range(len(articles)), MAX_LANDMARKS)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for column, at in enumerate(landmarks):
        for stem, weight in weighed[at].items():
            postings[stem].append((column, weight))
    rows = []
    for article, vector in zip(articles, weighed, strict=True):
        row = [0.0] * len(landmarks)
        for stem, weight in vector.items():
            for column, theirs in postings.get(stem, ()):
                row[column] += weight * theirs
        days = (time_decay(article, articles[at]) for at in landmarks)
        rows.append([near * damped for near, damped in zip(row, days, strict=True)])
    for column, at in enumerate(landmarks):
        others = (near for other, near in enumerate(rows[at]) if other != column)
        rows[at][column] = max(MIN_SELF_SIMILARITY, max(others, default=0.0))
    return [_unit_row(row) for row in rows]


def row_cosine(one: SimilarityRow, other: SimilarityRow) -> float:
    """How surely two articles of a topic, or the means of several, tell one event, 0..1."""
    return math.fsum(map(mul, one, other))


def split_topic(
    rows: Sequence[SimilarityRow],
    known: Sequence[Sequence[int]] = (),
    least: float = MIN_EVENT_ROW_COSINE,
) -> list[list[int]]:
    """Positions of the articles, event by event.

    Each of ``known`` stays together and apart from the other known ones. The articles of a large
    topic are clustered by some of them at a time, the others joining the event that they fit.
    """
    clusters = [list(each) for each in known]
    taken = {at for each in known for at in each}
    left = [at for at in range(len(rows)) if at not in taken]
    while left:
        sample = _spread_evenly(left, MAX_LANDMARKS)
        starts = [*clusters, *([at] for at in sample)]
        means = [_mean_row([rows[at] for at in each]) for each in starts]
        clusters = [
            [at for n in joined for at in starts[n]]
            for joined in _link_clusters(means, [len(each) for each in starts], least, len(known))
        ]
        left = _assign_remaining(clusters, sorted(set(left) - set(sample)), rows, least)
    return sorted(sorted(each) for each in clusters)


def _distinguishing_vectors(
    found: Sequence[StemVector], idf: Callable[[str], float]
) -> list[StemVector]:
    """Unit vectors by what tells the topic's articles apart, of the stems that two of them have."""
    df = Counter(chain.from_iterable(found))
    total = len(found) + PRIOR_ARTICLES
    weights = {}
    for stem, count in df.items():
        part = (count + PRIOR_ARTICLES * document_frequency(stem)) / total
        weights[stem] = part * (1 - part) * idf(stem) ** 2
    vectors = [
        unit_vector({stem: tf * weights[stem] for stem, tf in each.items()}) for each in found
    ]
    return [{stem: x for stem, x in each.items() if df[stem] > 1} for each in vectors]


def _link_clusters(
    means: Sequence[SimilarityRow], sizes: Sequence[int], least: float, fixed: int
) -> list[list[int]]:
    """Clusters joined where they are one event; the first ``fixed`` stay first and apart."""
    sums: list[dict[int, float]] = [{} for _ in means]
    for a, one in enumerate(means):
        for b in range(a):
            sums[a][b] = sums[b][a] = row_cosine(one, means[b]) * sizes[a] * sizes[b]
    return average_link(sums, least, sizes=sizes, fixed=range(fixed))


def _assign_remaining(
    clusters: Sequence[list[int]], left: Sequence[int], rows: Sequence[SimilarityRow], least: float
) -> list[int]:
    """Adds each article to the event that it fits best; the ones that fit none are returned."""
    means = [_mean_row([rows[at] for at in each]) for each in clusters]
    rest = []
    for at in left:
        fits, nth = max((row_cosine(rows[at], mean), -n) for n, mean in enumerate(means))
        if fits >= least:
            clusters[-nth].append(at)
        else:
            rest.append(at)
    return rest


def _mean_row(members: Sequence[SimilarityRow]) -> SimilarityRow:
    return [sum(column) / len(members) for column in zip(*members, strict=True)]


def _unit_row(row: Sequence[float]) -> list[float]:
    length = math.sqrt(math.fsum(map(mul, row, row)))
    return [x / length for x in row]


def _spread_evenly(items: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of them, evenly spread."""
    step = max(1.0, len(items) / most)
    return [items[int(n * step)] for n in range(min(most, len(items)))]
