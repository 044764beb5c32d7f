"""How alike two articles are: the cosine of their weighted words, damped by the days between them.

Names, figures and the opening weigh more than the vocabulary of the topic. Constants are calibrated
as a set on ECB+ (Cybulska and Vossen, LREC 2014; `benchmarks.quality`): do not tune one in
isolation.
"""

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from summarizer.sources.articles import Article
from summarizer.sources.dating import LAG
from summarizer.text.tokens import content

__all__ = ["Vector", "closeness", "dot", "features", "near", "timely", "unit", "vectors"]

NAMED, FIGURE = 3.0, 2.0
"""Weight of a stem that is written with a capital in mid-sentence, and of one with digits."""

OPENING, FADING = 4.0, 40
"""A word at the very start weighs 1 + OPENING; the bonus fades over FADING content words."""

EXACT, INFERRED = (4, 5), (LAG.days, 30)
"""Days that two articles of one event may lie apart, and the days after which likeness has halved:
when both days of writing are known, and when one is only the latest day that its text mentions."""

LEAST = 0.4
"""The least of that damping when a date is inferred: the text may tell of old days only."""

KEYS, HINT = 30, 0.03
"""Heaviest stems of an article by which candidates are found, and what they must add to the cosine
before the whole of it is computed."""

CLEAR, FEW = 0.05, 15
"""What they add to the cosine of clearly like articles, and how many more than of these are looked
at of the others, the best first. The larger a collection, the more of its articles share a name or
two by chance; all of a large story's share more with many. On ECB+ it changes no story."""

CROWD = 300
"""Articles that one stem brings together with a further one, the last before it in time."""

FAINT = 0.03
"""A similarity that counts as none."""

_CAPITALISED = re.compile(r"(?<=[\w,;:)’'] )[A-ZÀ-ÞА-ЯЇІЄҐ][\w’'-]+")

Vector = Mapping[str, float]


def features(article: Article) -> Vector:
    """Stem -> how much the article says it: damped counts, by kind and place."""
    text = f"{article.title}. {article.text}" if article.title else article.text
    capitalised = dict.fromkeys(_CAPITALISED.findall(text))
    named = set(content(" ".join(capitalised), article.language))
    weights: dict[str, float] = defaultdict(float)
    for at, stem in enumerate(content(text, article.language)):
        kind = NAMED if stem in named else FIGURE if stem[0].isdigit() else 1.0
        weights[stem] += kind * (1 + OPENING * math.exp(-at / FADING))
    return {stem: 1 + math.log1p(count) for stem, count in weights.items()}


def vectors(found: Sequence[Vector], idf: Callable[[str], float]) -> list[Vector]:
    """Unit TF-IDF vectors of the features."""
    return [unit({stem: tf * idf(stem) for stem, tf in each.items()}) for each in found]


def unit(vector: Mapping[str, float]) -> Vector:
    """The vector at length 1; empty if it is nought."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def near(articles: Sequence[Article], weighed: Sequence[Vector]) -> list[dict[int, float]]:
    """Sparse symmetric similarities of the pairs that their heaviest stems bring together.

    ``articles`` in order of time, ``weighed`` their unit vectors.
    """
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in weighed]
    for at, vector in enumerate(weighed):
        keys = heapq.nsmallest(KEYS, vector, key=lambda stem: (-vector[stem], stem))
        shared: dict[int, float] = defaultdict(float)
        for stem in keys:
            weight = vector[stem]
            for other, theirs in postings[stem][-CROWD:]:
                shared[other] += weight * theirs
        for other in _candidates(shared):
            days = timely(articles[at], articles[other])
            alike = days * dot(vector, weighed[other]) if days > FAINT else 0.0
            if alike > FAINT:
                likeness[at][other] = likeness[other][at] = alike
        for stem in keys:
            postings[stem].append((at, vector[stem]))
    return likeness


def _candidates(shared: Mapping[int, float]) -> list[int]:
    """Those of clear likeness, and the best of the others; in order. ``shared``: their hints."""
    hinted = [(hint, at) for at, hint in shared.items() if hint >= HINT]
    clear = [at for hint, at in hinted if hint >= CLEAR]
    faint = heapq.nlargest(FEW + len(clear), (each for each in hinted if each[0] < CLEAR))
    return sorted([*clear, *(at for _, at in faint)])


def dot(left: Vector, right: Vector) -> float:
    """Inner product; of unit vectors, their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right[stem] for stem, weight in left.items() if stem in right)


def closeness(weighed: Sequence[Vector]) -> float:
    """Mean cosine of the pairs of some unit vectors; 1 for a single one."""
    if len(weighed) < 2:
        return 1.0
    total: dict[str, float] = defaultdict(float)
    for vector in weighed:
        for stem, weight in vector.items():
            total[stem] += weight
    themselves = sum(dot(vector, vector) for vector in weighed)
    return (dot(total, total) - themselves) / (len(weighed) * (len(weighed) - 1))


def timely(left: Article, right: Article) -> float:
    """1 for articles of the same days or of unknown ones, towards 0 as they lie apart."""
    if left.published is None or right.published is None:
        return 1.0
    apart = abs((left.published - right.published).days)
    exact = left.written and right.written
    free, half = EXACT if exact else INFERRED
    damped: float = 0.5 ** (max(0, apart - free) / half)
    return damped if exact else max(LEAST, damped)
