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

from summarizer.retrieval.signatures import EventSignature, compare_signatures
from summarizer.retrieval.similarity import StemVector, time_decay, unit_vector
from summarizer.sources.articles import Article
from summarizer.text.tokens import document_frequency


def average_link(
    similarities: Sequence[Mapping[int, float]],
    least: float,
    *,
    sizes: Sequence[int] | None = None,
    fixed: Collection[int] = (),
    agreements: Sequence[Mapping[int, float]] | None = None,
) -> list[list[int]]:
    """Clusters of the positions 0..n-1 with a mean similarity of at least ``least``, sorted.

    ``similarities``: for each position the similar ones, symmetric. With ``sizes``, a position is a
    cluster of that many items, and ``similarities`` holds the sums over the pairs of items.
    Positions in ``fixed`` are never put into one cluster. ``agreements``: a second relation in the
    same form, 0..1, whose mean must be at least `MIN_MEAN_AGREEMENT`; those that agree most are
    merged first.
    """
    both = (similarities,) if agreements is None else (similarities, agreements)
    return _Linkage(both, least, sizes or [1] * len(similarities), fixed).run()


class _Linkage:
    """The clusters so far; the key of each is one of its positions."""

    def __init__(
        self,
        relations: Sequence[Sequence[Mapping[int, float]]],
        least: float,
        sizes: Sequence[int],
        fixed: Collection[int],
    ) -> None:
        """``relations``: the sums of the similarities, and of the agreements if there are any."""
        self._thresholds = (least, MIN_MEAN_AGREEMENT)[: len(relations)]
        self._members = {index: [index] for index in range(len(sizes))}
        self._sizes = dict(enumerate(sizes))
        self._relations = [
            {index: dict(row) for index, row in enumerate(sums)} for sums in relations
        ]
        self._fixed = set(fixed)
        self._heap: list[tuple[float, int, int]] = []
        for a, row in self._relations[0].items():
            self._offer(a, (b for b in row if a < b))

    def run(self) -> list[list[int]]:
        """Merges clusters, the most similar first, until no mean is high enough."""
        while self._heap:
            key, a, b = heapq.heappop(self._heap)
            if a not in self._members or b not in self._members or self._are_fixed(a, b):
                continue
            # A merge since this pair was pushed may have lowered its mean; then it is stale.
            if -key <= self._score(a, b) + 1e-12:
                self._merge(a, b)
        return sorted(sorted(cluster) for cluster in self._members.values())

    def _score(self, a: int, b: int) -> float:
        """The product of the means of all relations; 0 if one is below its threshold."""
        pairs = self._sizes[a] * self._sizes[b]
        score = 1.0
        for sums, least in zip(self._relations, self._thresholds, strict=True):
            mean = sums[a].get(b, 0.0) / pairs
            if mean < least:
                return 0.0
            score *= mean
        return score

    def _are_fixed(self, a: int, b: int) -> bool:
        return a in self._fixed and b in self._fixed

    def _offer(self, a: int, others: Iterable[int]) -> None:
        """Pushes the pairs that may be merged as they are; a pair that changes is pushed again."""
        for b in others:
            score = self._score(a, b)
            if score and not self._are_fixed(a, b):
                heapq.heappush(self._heap, (-score, min(a, b), max(a, b)))

    def _merge(self, a: int, b: int) -> None:
        """Moves the members of ``b`` into ``a``."""
        self._members[a] += self._members.pop(b)
        self._sizes[a] += self._sizes.pop(b)
        if b in self._fixed:
            self._fixed.add(a)
        for sums in self._relations:
            row = sums.pop(b)
            sums[a].pop(b, None)
            for other, total in row.items():
                if other != a:
                    sums[other].pop(b, None)
                    grown = sums[a].get(other, 0.0) + total
                    sums[a][other] = sums[other][a] = grown
        self._offer(a, self._relations[0][a])


MIN_MEAN_AGREEMENT = 0.5
"""Mean agreement within one event: most of its articles agree on who, where and what."""

MAX_COMPARED_MEMBERS = 10
"""Articles of an event whose signatures are compared with those of another one."""

MIN_EVENT_SIMILARITY, NAME_WEIGHT = 0.9, 0.5
"""Mean similarity within one event: the cosine of the rows, and that of the names by this weight,
because two reports of one event in a topic of look-alikes may share hardly more than its names."""

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
        for column, index in enumerate(landmarks):
            if row[column]:
                row[column] *= time_decay(article, articles[index])
        rows.append(row)
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
    signatures: Sequence[EventSignature],
    known: Sequence[Sequence[int]] = (),
    least: float = MIN_EVENT_SIMILARITY,
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
        agreements: list[dict[int, float]] = [{} for _ in means]
        for a, mean in enumerate(means):
            for b in range(a):
                pairs = sizes[a] * sizes[b]
                names, agreement = compare_events(starts[a], starts[b], signatures)
                similarity = row_cosine(mean, means[b]) + NAME_WEIGHT * names
                sums[a][b] = sums[b][a] = similarity * pairs
                agreements[a][b] = agreements[b][a] = agreement * pairs
        # The known clusters are the first positions, and stay first in the result.
        joined = average_link(
            sums,
            least,
            sizes=sizes,
            fixed=range(len(known)),
            agreements=agreements,
        )
        clusters = [[index for n in group for index in starts[n]] for group in joined]
        remaining = sorted(set(left) - set(sample))
        left = _assign_remaining(clusters, remaining, rows, signatures, least)
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
    clusters: Sequence[list[int]],
    left: Sequence[int],
    rows: Sequence[SimilarityRow],
    signatures: Sequence[EventSignature],
    least: float,
) -> list[int]:
    """Adds each article to the event that it fits best; returns those that fit none."""
    means = _mean_rows(clusters, rows)
    compared = [_spread_evenly(each, MAX_COMPARED_MEMBERS) for each in clusters]
    rest = []
    for index in left:
        best, fits = 0.0, -1
        for nth, mean in enumerate(means):
            names, agreement = compare_events([index], compared[nth], signatures)
            similarity = row_cosine(rows[index], mean) + NAME_WEIGHT * names
            if similarity < least or agreement < MIN_MEAN_AGREEMENT:
                continue
            if similarity * agreement > best:
                best, fits = similarity * agreement, nth
        if fits >= 0:
            clusters[fits].append(index)
        else:
            rest.append(index)
    return rest


def compare_events(
    left: Sequence[int], right: Sequence[int], signatures: Sequence[EventSignature]
) -> tuple[float, float]:
    """The means, over the articles at ``left`` and those at ``right``, of the cosine of their names
    and of their agreement; of many articles, over a sample."""
    pairs = [
        compare_signatures(signatures[a], signatures[b])
        for a in _spread_evenly(left, MAX_COMPARED_MEMBERS)
        for b in _spread_evenly(right, MAX_COMPARED_MEMBERS)
    ]
    names, agreements = zip(*pairs, strict=True)
    return math.fsum(names) / len(pairs), math.fsum(agreements) / len(pairs)


def _mean_rows(
    clusters: Iterable[Sequence[int]], rows: Sequence[SimilarityRow]
) -> list[SimilarityRow]:
    columns = ((len(each), zip(*(rows[n] for n in each), strict=True)) for each in clusters)
    return [[sum(column) / size for column in zipped] for size, zipped in columns]


def _spread_evenly(items: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of the items, evenly spaced."""
    step = max(1.0, len(items) / most)
    return [items[int(n * step)] for n in range(min(most, len(items)))]
