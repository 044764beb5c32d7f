"""Articles of one event together, look-alike events apart.

Similarity is the cosine of TF-IDF vectors in which names, figures and the opening weigh more than
the vocabulary of the topic, damped by the days between two articles; stories are average-link
clusters of it. Constants are calibrated as a set on ECB+ (Cybulska and Vossen, LREC 2014): do not
tune one value in isolation.
"""

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from summarizer.sources.articles import Article, digest
from summarizer.sources.dating import LAG
from summarizer.text.frequencies import weigh
from summarizer.text.tokens import content

__all__ = ["Story", "group"]

NAMED, FIGURE = 3.0, 2.0
"""Weight of a stem that is written with a capital in mid-sentence, and of one with digits."""

OPENING, FADING = 4.0, 40
"""A word at the very start weighs 1 + OPENING; the bonus fades over FADING content words."""

ALIKE = 0.2
"""Average cosine of one story."""

EXACT, INFERRED = (4, 5), (LAG.days, 30)
"""Days that two articles of one event may lie apart, and the days after which likeness has halved:
when both days of writing are known, and when one is only the latest day that its text mentions."""

LEAST = 0.4
"""The least of that damping when a date is inferred: the text may tell of old days only."""

KEYS, HINT = 40, 0.045
"""Heaviest stems of an article by which candidates are found, and what they must add to the cosine
before the whole of it is computed."""

CROWD = 600
"""Articles that one stem brings together with a further one, the last before it in time."""

FAINT = 0.04
"""A similarity that counts as none."""

_CAPITALISED = re.compile(r"(?<=[\w,;:)’'] )[A-ZÀ-ÞА-ЯЇІЄҐ][\w’'-]+")

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of one event, earliest first. ``date`` is None when none of them is dated."""

    id: str
    articles: tuple[Article, ...]
    date: date | None


def group(articles: Sequence[Article]) -> tuple[Story, ...]:
    """The stories, the most widely told first. Every article is in exactly one."""
    articles = sorted(articles, key=lambda a: (a.published or date.min, a.id))
    same = _by_text(articles)
    leads = [articles[copies[0]] for copies in same]
    vectors = _vectors([_features(article) for article in leads])
    clusters = _average_link(_likeness(leads, vectors))
    stories = [
        _story([articles[at] for node in cluster for at in same[node]]) for cluster in clusters
    ]
    return tuple(sorted(stories, key=_rank))


def _rank(story: Story) -> tuple[int, int, str]:
    return -len(story.articles), -(story.date or date.min).toordinal(), story.id


def _story(members: Sequence[Article]) -> Story:
    ordered = sorted(members, key=lambda a: (a.published or date.max, a.location, a.id))
    name = digest("\n".join(sorted(article.id for article in ordered)))[:12]
    return Story(f"t-{name}", tuple(ordered), _dated(ordered))


def _dated(members: Sequence[Article]) -> date | None:
    """The earliest exact date; inferred ones are lower bounds, so the latest of them."""
    told = [a.published for a in members if a.published and a.published_from != "text"]
    inferred = [a.published for a in members if a.published]
    return min(told) if told else max(inferred, default=None)


def _by_text(articles: Sequence[Article]) -> list[list[int]]:
    """Positions of articles with the very same text: one node each, however many copies."""
    nodes: dict[str, list[int]] = defaultdict(list)
    for at, article in enumerate(articles):
        nodes[article.sha256].append(at)
    return list(nodes.values())


def _features(article: Article) -> Vector:
    text = f"{article.title}. {article.text}" if article.title else article.text
    named = set(content(" ".join(_CAPITALISED.findall(text)), article.language))
    weights: dict[str, float] = defaultdict(float)
    for at, stem in enumerate(content(text, article.language)):
        kind = NAMED if stem in named else FIGURE if stem[0].isdigit() else 1.0
        weights[stem] += kind * (1 + OPENING * math.exp(-at / FADING))
    return weights


def _vectors(features: Sequence[Vector]) -> list[Vector]:
    """Unit TF-IDF vectors with damped counts."""
    idf = weigh(features)
    return [
        _unit({stem: (1 + math.log1p(count)) * idf(stem) for stem, count in counts.items()})
        for counts in features
    ]


def _unit(vector: dict[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def _likeness(articles: Sequence[Article], vectors: Sequence[Vector]) -> list[dict[int, float]]:
    """Sparse symmetric similarities of the pairs that their heaviest stems bring together."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in vectors]
    for at, vector in enumerate(vectors):
        keys = heapq.nsmallest(KEYS, vector, key=lambda stem: (-vector[stem], stem))
        shared: dict[int, float] = defaultdict(float)
        for stem in keys:
            weight = vector[stem]
            for other, theirs in postings[stem][-CROWD:]:
                shared[other] += weight * theirs
        for other in sorted(at for at, hint in shared.items() if hint >= HINT):
            timely = _timely(articles[at], articles[other])
            near = timely * _dot(vector, vectors[other]) if timely > FAINT else 0.0
            if near > FAINT:
                likeness[at][other] = likeness[other][at] = near
        for stem in keys:
            postings[stem].append((at, vector[stem]))
    return likeness


def _dot(left: Vector, right: Vector) -> float:
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right[stem] for stem, weight in left.items() if stem in right)


def _timely(left: Article, right: Article) -> float:
    """1 for articles of the same days or of unknown ones, towards 0 as they lie apart."""
    if left.published is None or right.published is None:
        return 1.0
    apart = abs((left.published - right.published).days)
    exact = left.written and right.written
    free, half = EXACT if exact else INFERRED
    damped: float = 0.5 ** (max(0, apart - free) / half)
    return damped if exact else max(LEAST, damped)


def _average_link(likeness: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Agglomerative clusters whose mean pairwise similarity is at least ALIKE, in stable order."""
    members = {at: [at] for at in range(len(likeness))}
    sums = {at: dict(row) for at, row in enumerate(likeness)}
    heap = [
        (-near, at, other) for at, row in sums.items() for other, near in row.items() if at < other
    ]
    heapq.heapify(heap)
    while heap:
        key, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue
        mean = sums[a].get(b, 0.0) / (len(members[a]) * len(members[b]))
        if -key > mean + 1e-12:  # this pair has grown apart since it was pushed
            continue
        if mean < ALIKE:
            break
        _merge(members, sums, a, b)
        for other, total in sums[a].items():
            grown = total / (len(members[a]) * len(members[other]))
            heapq.heappush(heap, (-grown, min(a, other), max(a, other)))
    return sorted(sorted(cluster) for cluster in members.values())


def _merge(
    members: dict[int, list[int]], sums: dict[int, dict[int, float]], a: int, b: int
) -> None:
    """``b`` becomes part of ``a``; ``sums`` holds the summed similarities between clusters."""
    members[a] += members.pop(b)
    row = sums.pop(b)
    sums[a].pop(b, None)
    for other, total in row.items():
        if other != a:
            sums[other].pop(b, None)
            sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + total
