"""Look-alike events of one topic told apart: two earthquakes, two calls of the same presidents.

Inside a topic its vocabulary says nothing: what every article has, and what only one has, parts no
events. A stem that a share p of the topic's articles use is weighed by p(1-p), its variance, so
that who, where, when and how many decide. Two articles then tell one event if they are near to and
far from the same articles: the cosine of their rows of similarities, which stays high over a gap
between two reports of one event that chose other words. The constants are
calibrated as a set on ECB+ (`benchmarks.quality`): each topic's two events together, one event
alone, and the five, three and two articles that a small collection has of them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain
from operator import mul

from summarizer.retrieval.likeness import Vector, timely, unit
from summarizer.retrieval.linkage import average_link
from summarizer.sources.articles import Article
from summarizer.text.frequencies import share

__all__ = ["ONE_EVENT", "Row", "compare", "one_event", "tell_apart"]

ONE_EVENT = 0.75
"""Mean cosine of the rows within one event."""

PRIOR = 3.0
"""Articles of common news that stand behind a topic's own: of two or three articles, what all of
them have may yet be what tells their event."""

ITSELF = 0.5
"""Least similarity of an article to itself; more, if another is nearer. It is what keeps two lone
articles that are hardly alike from being one event."""

LANDMARKS = 100
"""Articles to which all those of a topic are compared; a topic of fewer is compared in full."""

Row = Sequence[float]
"""The similarities of an article to the topic's landmarks, at length 1."""


def compare(
    articles: Sequence[Article], found: Sequence[Vector], idf: Callable[[str], float]
) -> list[Row]:
    """The row of each article of one topic. ``found``: their features."""
    if len(articles) == 1:
        return [[1.0]]
    weighed = _weigh(found, idf)
    landmarks = _spread(range(len(articles)), LANDMARKS)
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
        days = (timely(article, articles[at]) for at in landmarks)
        rows.append([near * damped for near, damped in zip(row, days, strict=True)])
    for column, at in enumerate(landmarks):
        others = (near for other, near in enumerate(rows[at]) if other != column)
        rows[at][column] = max(ITSELF, max(others, default=0.0))
    return [_unit(row) for row in rows]


def one_event(one: Row, other: Row) -> float:
    """How surely two articles of a topic, or the means of several, tell one event, 0..1."""
    return math.fsum(map(mul, one, other))


def tell_apart(
    rows: Sequence[Row], known: Sequence[Sequence[int]] = (), least: float = ONE_EVENT
) -> list[list[int]]:
    """Positions of the articles, event by event.

    Each of ``known`` stays together and apart from the other known ones. The articles of a large
    topic are clustered by some of them at a time, the others joining the event that they fit.
    """
    clusters = [list(each) for each in known]
    taken = {at for each in known for at in each}
    left = [at for at in range(len(rows)) if at not in taken]
    while left:
        sample = _spread(left, LANDMARKS)
        starts = [*clusters, *([at] for at in sample)]
        means = [_mean([rows[at] for at in each]) for each in starts]
        clusters = [
            [at for n in joined for at in starts[n]]
            for joined in _link(means, [len(each) for each in starts], least, len(known))
        ]
        left = _absorb(clusters, sorted(set(left) - set(sample)), rows, least)
    return sorted(sorted(each) for each in clusters)


def _weigh(found: Sequence[Vector], idf: Callable[[str], float]) -> list[Vector]:
    """Unit vectors by what tells the topic's articles apart, of the stems that two of them have."""
    df = Counter(chain.from_iterable(found))
    total = len(found) + PRIOR
    weights = {}
    for stem, count in df.items():
        part = (count + PRIOR * share(stem)) / total
        weights[stem] = part * (1 - part) * idf(stem) ** 2
    vectors = [unit({stem: tf * weights[stem] for stem, tf in each.items()}) for each in found]
    return [{stem: x for stem, x in each.items() if df[stem] > 1} for each in vectors]


def _link(means: Sequence[Row], sizes: Sequence[int], least: float, fixed: int) -> list[list[int]]:
    """Clusters joined where they are one event; the first ``fixed`` stay first and apart."""
    sums: list[dict[int, float]] = [{} for _ in means]
    for a, one in enumerate(means):
        for b in range(a):
            sums[a][b] = sums[b][a] = one_event(one, means[b]) * sizes[a] * sizes[b]
    return average_link(sums, least, sizes=sizes, fixed=range(fixed))


def _absorb(
    clusters: Sequence[list[int]], left: Sequence[int], rows: Sequence[Row], least: float
) -> list[int]:
    """Adds each article to the event that it fits best; the ones that fit none are returned."""
    means = [_mean([rows[at] for at in each]) for each in clusters]
    rest = []
    for at in left:
        fits, nth = max((one_event(rows[at], mean), -n) for n, mean in enumerate(means))
        if fits >= least:
            clusters[-nth].append(at)
        else:
            rest.append(at)
    return rest


def _mean(members: Sequence[Row]) -> Row:
    return [sum(column) / len(members) for column in zip(*members, strict=True)]


def _unit(row: Sequence[float]) -> list[float]:
    length = math.sqrt(math.fsum(map(mul, row, row)))
    return [x / length for x in row]


def _spread(items: Sequence[int], most: int) -> list[int]:
    """At most ``most`` of them, evenly spread."""
    step = max(1.0, len(items) / most)
    return [items[int(n * step)] for n in range(min(most, len(items)))]
