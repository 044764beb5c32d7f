"""Clusters of a sparse similarity, and the events of one topic.

Average linkage (Sokal and Michener, 1958): the two clusters with the highest mean similarity are
merged until no mean is high enough. A pair that is not given has similarity 0.

Inside a topic its vocabulary is no evidence: what every article has, and what only one has, cannot
separate events. A stem that a share p of the topic's articles use is weighted by p(1-p), its
variance, so that who, where, when and how many decide. Two articles report the same event if they
are close to and far from the same articles: the cosine of their rows of similarities, which stays
high between two reports of one event in other words. Constants are calibrated as a set on ECB+
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
    similarities: Sequence[Mapping[int, float]],
    least: float,
    *,
    sizes: Sequence[int] | None = None,
    fixed: Collection[int] = (),
) -> list[list[int]]:
    """Clusters of the positions 0..n-1 with a mean similarity of at least ``least``, sorted.

    ``similarities``: for each position the similar ones, symmetric. With ``sizes``, a position is a
    cluster of that many items, and ``similarities`` holds the sums over the pairs of items.
    Positions in ``fixed`` are never put into one cluster.
    """
    return _Linkage(similarities, least, sizes or [1] * len(similarities), fixed).run()


class _Linkage:
    """The clusters so far; the key of each is one of its positions."""

    def __init__(
        self,
        sums: Sequence[Mapping[int, float]],
        least: float,
        sizes: Sequence[int],
        fixed: Collection[int],
    ) -> None:
        self._least = least
        self._members = {index: [index] for index in range(len(sums))}
        self._sizes = dict(enumerate(sizes))
        self._sums = {index: dict(row) for index, row in enumerate(sums)}
        self._fixed = set(fixed)
        self._heap: list[tuple[float, int, int]] = []
        for a, row in self._sums.items():
            self._offer(a, (b for b in row if a < b))

    def run(self) -> list[list[int]]:
        """Merges clusters, the most similar first, until no mean is high enough."""
        while self._heap:
            key, a, b = heapq.heappop(self._heap)
            if a not in self._members or b not in self._members or self._are_fixed(a, b):
                continue
            # A merge since this pair was pushed may have lowered its mean; then it is stale.
            if -key <= self._mean(a, b) + 1e-12:
                self._merge(a, b)
        return sorted(sorted(cluster) for cluster in self._members.values())

    def _mean(self, a: int, b: int) -> float:
        return self._sums[a].get(b, 0.0) / (self._sizes[a] * self._sizes[b])

    def _are_fixed(self, a: int, b: int) -> bool:
        return a in self._fixed and b in self._fixed

    def _offer(self, a: int, others: Iterable[int]) -> None:
        """Pushes the pairs that may be merged as they are; a pair that changes is pushed again."""
        for b in others:
            mean = self._mean(a, b)
            if mean >= self._least and not self._are_fixed(a, b):
                heapq.heappush(self._heap, (-mean, min(a, b), max(a, b)))

    def _merge(self, a: int, b: int) -> None:
        """Moves the members of ``b`` into ``a``."""
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
"""Articles of general news that are counted with those of a topic: what two or three articles have
in common may still be what identifies their event."""

MIN_SELF_SIMILARITY = 0.5
"""Similarity of an article to itself, or that to its nearest neighbour if it is higher. It keeps
two lone articles that are hardly similar from being one event."""

MAX_LANDMARKS = 100
"""Articles of a topic to which all its articles are compared."""

SimilarityRow = Sequence[float]
"""The similarities of an article to the topic's landmarks, scaled to length 1."""


def similarity_rows(
    articles: Sequence[Article], features: Sequence[StemVector], idf: Callable[[str], float]
) -> list[SimilarityRow]:
    """The row of each article of one topic; ``features`` are theirs."""
    if len(articles) == 1:
        return [[1.0]]
    vectors = _distinguishing_vectors(features, idf)
    landmarks = _spread_evenly(range(len(articles)), MAX_LANDMARKS)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for column, index in enumerate(landmarks):
        for stem, weight in vectors[index].items():
            postings[stem].append((column, weight))
    rows = []
    for article, vector in zip(articles, vectors, strict=True):
        row = [0.0] * len(landmarks)
        for stem, weight in vector.items():
            for column, landmark_weight in postings.get(stem, ()):
                row[column] += weight * landmark_weight
        decays = (time_decay(article, articles[index]) for index in landmarks)
        rows.append([similarity * decay for similarity, decay in zip(row, decays, strict=True)])
    # A cosine of 1 with itself would outweigh the rest of a landmark's own row.
    for column, index in enumerate(landmarks):
        others = (similarity for other, similarity in enumerate(rows[index]) if other != column)
        rows[index][column] = max(MIN_SELF_SIMILARITY, max(others, default=0.0))
    lengths = [math.sqrt(math.fsum(map(mul, row, row))) for row in rows]
    return [[x / length for x in row] for row, length in zip(rows, lengths, strict=True)]


def row_cosine(one: SimilarityRow, other: SimilarityRow) -> float:
    """How surely two articles of a topic, or the means of several, report one event, 0..1."""
    return math.fsum(map(mul, one, other))


def split_topic(
    rows: Sequence[SimilarityRow],
    known: Sequence[Sequence[int]] = (),
    least: float = MIN_EVENT_ROW_COSINE,
) -> list[list[int]]:
    """Positions of the articles, event by event.

    Each of ``known`` is kept whole, and apart from the other known ones. A large topic is clustered
    a sample at a time; the articles left are added to the events that they fit.
    """
    clusters = [list(each) for each in known]
    known_positions = {index for each in known for index in each}
    left = [index for index in range(len(rows)) if index not in known_positions]
    while left:
        sample = _spread_evenly(left, MAX_LANDMARKS)
        starts = [*clusters, *([index] for index in sample)]
        sizes, means = [len(each) for each in starts], _mean_rows(starts, rows)
        sums: list[dict[int, float]] = [{} for _ in means]
        for a, mean in enumerate(means):
            for b in range(a):
                sums[a][b] = sums[b][a] = row_cosine(mean, means[b]) * sizes[a] * sizes[b]
        # The known clusters are the first positions, and stay first in the result.
        joined = average_link(sums, least, sizes=sizes, fixed=range(len(known)))
        clusters = [[index for n in group for index in starts[n]] for group in joined]
        left = _assign_remaining(clusters, sorted(set(left) - set(sample)), rows, least)
    return sorted(sorted(each) for each in clusters)


def _distinguishing_vectors(
    features: Sequence[StemVector], idf: Callable[[str], float]
) -> list[StemVector]:
    """Vectors of the stems that at least two articles of the topic have, weighted by how well a
    stem separates its articles. Their length, with the stems of one article only, is 1."""
    df = Counter(chain.from_iterable(features))
    total = len(features) + PRIOR_ARTICLES
    weights = {}
    for stem, count in df.items():
        share = (count + PRIOR_ARTICLES * document_frequency(stem)) / total
        weights[stem] = share * (1 - share) * idf(stem) ** 2
    vectors = [
        unit_vector({stem: tf * weights[stem] for stem, tf in each.items()}) for each in features
    ]
    return [{stem: x for stem, x in each.items() if df[stem] > 1} for each in vectors]


def _assign_remaining(
    clusters: Sequence[list[int]], left: Sequence[int], rows: Sequence[SimilarityRow], least: float
) -> list[int]:
    """Adds each article to the event that it fits best; returns those that fit none."""
    means = _mean_rows(clusters, rows)
    rest = []
    for index in left:
        cosine, nth = max((row_cosine(rows[index], mean), -n) for n, mean in enumerate(means))
        if cosine >= least:
            clusters[-nth].append(index)
        else:
            rest.append(index)
    return rest


def _mean_rows(
    clusters: Iterable[Sequence[int]], rows: Sequence[SimilarityRow]
) -> list[SimilarityRow]:
    columns = ((len(each), zip(*(rows[n] for n in each), strict=True)) for each in clusters)
    return [[sum(column) / size for column in zipped] for size, zipped in columns]


def _spread_evenly(items: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of the items, evenly spaced."""
    step = max(1.0, len(items) / most)
    return [items[int(n * step)] for n in range(min(most, len(items)))]
