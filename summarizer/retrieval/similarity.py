"""Similarity of articles and of token sets.

Articles: the cosine of their weighted stems, reduced by the days between them. Names, figures and
the opening weigh more than the vocabulary of the topic. Constants are calibrated as a set on ECB+
(Cybulska and Vossen, LREC 2014; `benchmarks.quality`): do not tune one in isolation.

Token sets: an exact set-similarity join with prefix filtering (Bayardo et al., "Scaling up all
pairs similarity search", WWW 2007). Tokens are ordered from rare to common; two sets that are
similar enough must share one of the first few, so not all pairs are compared.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from itertools import chain, islice, repeat
from typing import NamedTuple, TypeVar

from summarizer.sources.articles import Article
from summarizer.sources.publication_date import MAX_WRITING_LAG
from summarizer.text.tokens import content_stems

__all__ = [
    "SimilarPair",
    "StemVector",
    "UnionFind",
    "article_features",
    "article_similarities",
    "dice",
    "dot_product",
    "mean_cosine",
    "similar_pairs",
    "tfidf_vectors",
    "time_decay",
    "unit_vector",
]

T = TypeVar("T")

MAX_SETS_PER_TOKEN = 100
"""Sets that one token brings together with a further one. Fewer than that are joined exactly; a
text that says one thing a thousand times does not cost a million comparisons."""


class SimilarPair(NamedTuple):
    """Positions of two sets, ``left < right``, and their Dice coefficient."""

    left: int
    right: int
    dice: float


def dice(left: Set[T], right: Set[T]) -> float:
    """Dice coefficient of two sets, 0..1; nothing is alike to an empty set."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def similar_pairs(sets: Sequence[frozenset[str]], least: float) -> Iterator[SimilarPair]:
    """Pairs with a Dice coefficient of at least ``least``; each set once per distinct content.

    Equal sets are not paired: group them first, so that a thousand copies cost a thousand steps.
    """
    df = Counter(chain.from_iterable(sets))
    postings: dict[str, list[int]] = defaultdict(list)
    order = sorted(range(len(sets)), key=lambda at: (len(sets[at]), at))
    for at in order:
        tokens = sets[at]
        prefix = _rare_prefix(tokens, df, least)
        near = {other for token in prefix for other in postings[token][-MAX_SETS_PER_TOKEN:]}
        for other in sorted(near):
            alike = dice(sets[other], tokens)
            if alike >= least and sets[other] != tokens:
                yield SimilarPair(min(at, other), max(at, other), alike)
        for token in prefix:
            postings[token].append(at)


def _rare_prefix(tokens: frozenset[str], df: Counter[str], least: float) -> list[str]:
    """The rarest tokens, as many as an alike set of any size cannot all miss."""
    shared = math.ceil(len(tokens) * least / (2 - least) - 1e-9)  # else 4.0 may round up to 5
    return sorted(tokens, key=lambda token: (df[token], token))[: len(tokens) - shared + 1]


class UnionFind:
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

    def union(self, a: int, b: int) -> None:
        """One group from now on."""
        a, b = sorted((self.find(a), self.find(b)))
        self._parent[b] = a

    def groups(self) -> list[list[int]]:
        """The groups, each in order, ordered by their least position."""
        members: dict[int, list[int]] = defaultdict(list)
        for at in range(len(self._parent)):
            members[self.find(at)].append(at)
        return [members[key] for key in sorted(members)]


NAME_WEIGHT, FIGURE_WEIGHT = 3.0, 2.0
"""Weight of a stem that is written with a capital in mid-sentence, and of one with digits."""

OPENING_WORD_BONUS, OPENING_FADE_WORDS = 4.0, 40
"""A word at the very start weighs 1 + OPENING; the bonus fades over FADING content words."""

EXACT_DATE_DECAY_DAYS, INFERRED_DATE_DECAY_DAYS = (4, 5), (MAX_WRITING_LAG.days, 30)
"""Days that two articles of one event may lie apart, and the days after which likeness has halved:
when both days of writing are known, and when one is only the latest day that its text mentions."""

MIN_INFERRED_DATE_FACTOR = 0.4
"""The least of that damping when a date is inferred: the text may tell of old days only."""

MAX_VECTOR_STEMS = 150
"""Heaviest stems of an article by which it is compared; the others add next to nothing."""

CANDIDATE_STEMS, MIN_PARTIAL_COSINE = 30, 0.03
"""Heaviest stems of an article by which candidates are found, and what they must add to the cosine
before the whole of it is computed."""

CLEAR_PARTIAL_COSINE, MAX_UNCLEAR_CANDIDATES = 0.05, 5
"""What they add to the cosine of clearly like articles, and how many more than of these are looked
at of the others, the best first. The larger a collection, the more of its articles share a name or
two by chance; all of a large story's share more with many. On ECB+ it changes no story."""

MIN_SHARED_STEMS, MAX_POSTINGS_PER_STEM, MAX_CANDIDATE_ARTICLES = 2, 300, 300
"""How many of them two articles must share; articles that one stem brings together with a further
one, the last before it in time; and those that are looked at, that share the most."""

MIN_ARTICLE_COSINE = 0.03
"""A similarity that counts as none."""

_CAPITALISED = re.compile(r"[A-ZÀ-ÞА-ЯЇІЄҐ](?<=[\w,;:)’'] .)[\w’'-]+")

_OPENING_WEIGHTS = [
    1 + OPENING_WORD_BONUS * math.exp(-place / OPENING_FADE_WORDS)
    for place in range(OPENING_FADE_WORDS * OPENING_FADE_WORDS)
]
"""What the first words of an article count, by their place; the others count 1."""

StemVector = Mapping[str, float]


def article_features(article: Article) -> StemVector:
    """Stem -> how much the article says it: damped counts, by kind and place."""
    text = f"{article.title}. {article.text}" if article.title else article.text
    capitalised = dict.fromkeys(_CAPITALISED.findall(text))
    named = set(content_stems(" ".join(capitalised), article.language))
    counts: dict[str, float] = defaultdict(float)
    place_weights = chain(_OPENING_WEIGHTS, repeat(1.0))
    for stem, early in zip(content_stems(text, article.language), place_weights, strict=False):
        counts[stem] += early
    return {stem: 1 + math.log1p(_stem_weight(stem, named) * n) for stem, n in counts.items()}


def _stem_weight(stem: str, named: Collection[str]) -> float:
    return NAME_WEIGHT if stem in named else FIGURE_WEIGHT if stem[0].isdigit() else 1.0


def tfidf_vectors(found: Sequence[StemVector], idf: Callable[[str], float]) -> list[StemVector]:
    """Unit TF-IDF vectors of the features, the heaviest stem first."""
    return [
        _heaviest_unit_vector({stem: tf * idf(stem) for stem, tf in each.items()}) for each in found
    ]


def _heaviest_unit_vector(vector: Mapping[str, float]) -> StemVector:
    heaviest = sorted(vector, key=vector.__getitem__, reverse=True)[:MAX_VECTOR_STEMS]
    return unit_vector({stem: vector[stem] for stem in heaviest})


def unit_vector(vector: Mapping[str, float]) -> StemVector:
    """The vector at length 1; empty if it is nought."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def article_similarities(
    articles: Sequence[Article], weighed: Sequence[StemVector]
) -> list[dict[int, float]]:
    """Sparse symmetric similarities of the pairs that their heaviest stems bring together.

    ``articles`` in order of time, ``weighed`` their `tfidf_vectors`.
    """
    heads = [dict(islice(vector.items(), CANDIDATE_STEMS)) for vector in weighed]
    postings: dict[str, list[int]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in weighed]
    for at, head in enumerate(heads):
        for other in _candidate_articles(head, heads, postings):
            days = time_decay(articles[at], articles[other])
            alike = (
                days * dot_product(weighed[at], weighed[other])
                if days > MIN_ARTICLE_COSINE
                else 0.0
            )
            if alike > MIN_ARTICLE_COSINE:
                likeness[at][other] = likeness[other][at] = alike
        for stem in head:
            postings[stem].append(at)
    return likeness


def _candidate_articles(
    head: StemVector, heads: Sequence[StemVector], postings: Mapping[str, Sequence[int]]
) -> list[int]:
    """Those of clear likeness, and the best of the others; in order. ``heads``: of all articles."""
    held = [postings[stem][-MAX_POSTINGS_PER_STEM:] for stem in head if stem in postings]
    shared = Counter(chain.from_iterable(held))
    several = sorted((-count, -at) for at, count in shared.items() if count >= MIN_SHARED_STEMS)[
        :MAX_CANDIDATE_ARTICLES
    ]
    hints = sorted(((dot_product(head, heads[-at]), -at) for _, at in several), reverse=True)
    clear = sum(hint >= CLEAR_PARTIAL_COSINE for hint, _ in hints)
    return sorted(
        at for hint, at in hints[: 2 * clear + MAX_UNCLEAR_CANDIDATES] if hint >= MIN_PARTIAL_COSINE
    )


def dot_product(left: StemVector, right: StemVector) -> float:
    """Inner product; of unit vectors, their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return math.fsum([weight * right[stem] for stem, weight in left.items() if stem in right])


def mean_cosine(weighed: Sequence[StemVector]) -> float:
    """Mean cosine of the pairs of some unit vectors; 1 for a single one."""
    if len(weighed) < 2:
        return 1.0
    total: dict[str, float] = defaultdict(float)
    for vector in weighed:
        for stem, weight in vector.items():
            total[stem] += weight
    themselves = sum(dot_product(vector, vector) for vector in weighed)
    return (dot_product(total, total) - themselves) / (len(weighed) * (len(weighed) - 1))


def time_decay(left: Article, right: Article) -> float:
    """1 for articles of the same days or of unknown ones, towards 0 as they lie apart."""
    if left.published is None or right.published is None:
        return 1.0
    apart = abs((left.published - right.published).days)
    exact = left.exact_date and right.exact_date
    free, half = EXACT_DATE_DECAY_DAYS if exact else INFERRED_DATE_DECAY_DAYS
    damped: float = 0.5 ** (max(0, apart - free) / half)
    return damped if exact else max(MIN_INFERRED_DATE_FACTOR, damped)
