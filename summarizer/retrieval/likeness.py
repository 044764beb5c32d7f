"""How alike two articles are: the cosine of their weighted words, damped by the days between them.

Names, figures and the opening weigh more than the vocabulary of the topic. Constants are calibrated
as a set on ECB+ (Cybulska and Vossen, LREC 2014; `benchmarks.quality`): do not tune one in
isolation.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice, repeat

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

TELLING = 150
"""Heaviest stems of an article by which it is compared; the others add next to nothing."""

KEYS, HINT = 30, 0.03
"""Heaviest stems of an article by which candidates are found, and what they must add to the cosine
before the whole of it is computed."""

CLEAR, FEW = 0.05, 5
"""What they add to the cosine of clearly like articles, and how many more than of these are looked
at of the others, the best first. The larger a collection, the more of its articles share a name or
two by chance; all of a large story's share more with many. On ECB+ it changes no story."""

SHARED, CROWD, MOST = 2, 300, 300
"""How many of them two articles must share; articles that one stem brings together with a further
one, the last before it in time; and those that are looked at, that share the most."""

FAINT = 0.03
"""A similarity that counts as none."""

_CAPITALISED = re.compile(r"[A-ZÀ-ÞА-ЯЇІЄҐ](?<=[\w,;:)’'] .)[\w’'-]+")

Vector = Mapping[str, float]


def features(article: Article) -> Vector:
    """Stem -> how much the article says it: damped counts, by kind and place."""
    text = f"{article.title}. {article.text}" if article.title else article.text
    capitalised = dict.fromkeys(_CAPITALISED.findall(text))
    named = set(content(" ".join(capitalised), article.language))
    counts: dict[str, float] = defaultdict(float)
    for stem, early in zip(content(text, article.language), _early(), strict=False):
        counts[stem] += early
    return {stem: 1 + math.log1p(_kind(stem, named) * n) for stem, n in counts.items()}


def _kind(stem: str, named: Collection[str]) -> float:
    return NAMED if stem in named else FIGURE if stem[0].isdigit() else 1.0


def _early() -> Iterator[float]:
    """What a word counts by its place."""
    return chain(_opening(), repeat(1.0))


@cache
def _opening() -> tuple[float, ...]:
    return tuple(1 + OPENING * math.exp(-at / FADING) for at in range(FADING * FADING))


def vectors(found: Sequence[Vector], idf: Callable[[str], float]) -> list[Vector]:
    """Unit TF-IDF vectors of the features, the heaviest stem first."""
    return [_telling({stem: tf * idf(stem) for stem, tf in each.items()}) for each in found]


def _telling(vector: Mapping[str, float]) -> Vector:
    heaviest = sorted(vector, key=vector.__getitem__, reverse=True)[:TELLING]
    return unit({stem: vector[stem] for stem in heaviest})


def unit(vector: Mapping[str, float]) -> Vector:
    """The vector at length 1; empty if it is nought."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def near(articles: Sequence[Article], weighed: Sequence[Vector]) -> list[dict[int, float]]:
    """Sparse symmetric similarities of the pairs that their heaviest stems bring together.

    ``articles`` in order of time, ``weighed`` their `vectors`.
    """
    heads = [dict(islice(vector.items(), KEYS)) for vector in weighed]
    postings: dict[str, list[int]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in weighed]
    for at, head in enumerate(heads):
        for other in _candidates(head, heads, postings):
            days = timely(articles[at], articles[other])
            alike = days * dot(weighed[at], weighed[other]) if days > FAINT else 0.0
            if alike > FAINT:
                likeness[at][other] = likeness[other][at] = alike
        for stem in head:
            postings[stem].append(at)
    return likeness


def _candidates(
    head: Vector, heads: Sequence[Vector], postings: Mapping[str, Sequence[int]]
) -> list[int]:
    """Those of clear likeness, and the best of the others; in order. ``heads``: of all articles."""
    held = [postings[stem][-CROWD:] for stem in head if stem in postings]
    shared = Counter(chain.from_iterable(held))
    several = sorted((-count, -at) for at, count in shared.items() if count >= SHARED)[:MOST]
    hints = sorted(((dot(head, heads[-at]), -at) for _, at in several), reverse=True)
    clear = sum(hint >= CLEAR for hint, _ in hints)
    return sorted(at for hint, at in hints[: 2 * clear + FEW] if hint >= HINT)


def dot(left: Vector, right: Vector) -> float:
    """Inner product; of unit vectors, their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return math.fsum([weight * right[stem] for stem, weight in left.items() if stem in right])


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
