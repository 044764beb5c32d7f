"""Similarity of articles and of token sets.

Articles: the cosine of their weighted stems, reduced by the days between them. Names, figures and
the opening weigh more than the vocabulary of the topic. Constants are calibrated as a set on ECB+
(Cybulska and Vossen, LREC 2014; `benchmarks.quality`): do not tune one in isolation.

Token sets: an exact set-similarity join with prefix filtering (Bayardo et al., "Scaling up all
pairs similarity search", WWW 2007). Tokens are ordered from rare to common; two sets that are
similar enough must share one of the first few, so not all pairs are compared.

Every threshold from which two sentences, passages or quotations say the same is here, because it is
one question. The values differ with what a wrong answer costs the caller.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice, repeat
from typing import NamedTuple, TypeVar

from summarizer.sources.articles import Article
from summarizer.sources.publication_date import MAX_WRITING_LAG
from summarizer.text.lexicon import lexicon
from summarizer.text.tokens import content_stems, is_name_stem

T = TypeVar("T")

# One fact in two articles. A wrong merge joins two answers, so what is averaged is a weighted Dice.

SAME_FACT_DICE, MIN_FACT_DICE = 0.4, 0.2
"""Dice of two statements, each stem weighted by its rarity: the mean within a cluster of one fact,
and the least that is not treated as 0. Measured on SummHay by ``benchmarks.quality.selection``."""

REPORTED_FACT_DICE = 0.5
"""Dice of the stems from which two statements are counted as one fact: in the report of a briefing,
and in the redundancy that an evaluation measures, which must agree with it."""

# One fact twice in what is written. A wrong yes costs the reader a fact, a wrong no a repetition.

REPEATED_SENTENCE_DICE = 0.4
"""Dice of the stems from which a candidate repeats a sentence already chosen: another candidate
takes its place, so little is lost. Measured by ``benchmarks.quality`` (readability, selection)."""

DUPLICATE_SENTENCE_DICE = 0.7
"""Dice of the stems from which a written sentence is dropped as a repetition: nothing replaces it,
so only nearly equal sentences count."""

PUBLISHED_SENTENCE_DICE = 0.6
"""Dice of the stems from which an earlier edition has published a sentence already, if its names
and figures agree too. Calibrated on the fourteen labelled days of tests/digests/archive.py."""

# One text in two articles. Calibrated as a set on made-up syndication of ECB+, on its independent
# reports of one event (`benchmarks.quality.origins`), and on the seeds.

COMPARED_SENTENCE_DICE = 0.5
"""Dice of all content stems from which two sentences are compared further."""

REWRITE_DICE, REWRITE_ORDER_DICE = 0.5, 0.2
"""Dice of the content stems outside quotation marks, and of their ordered pairs, from which one
sentence is a rewrite of the other, provided that many sentences of the two articles are."""

COPY_DICE, COPY_ORDER_DICE = 0.6, 0.3
"""The same for a single sentence taken from another article."""

SHARED_PASSAGE_DICE = 0.7
"""Dice of all content stems, quotations included, from which two articles that are known to share
passages share this one too."""

# One quotation in two wordings.

COMPARED_QUOTE_DICE, TRANSLATED_QUOTE_DICE = 0.35, 0.42
"""Dice of the stems from which two quotations are compared, and from which they are one remark of
one speaker in two translations. On ECB+ the second adds no false pair."""

MAX_SETS_PER_TOKEN = 100
"""Sets already seen with which one token pairs a further set. Below that number the join is exact;
above it, a text that repeats one thing a thousand times does not cost a million comparisons."""


class SimilarPair(NamedTuple):
    """Positions of two sets, ``left < right``, and their Dice coefficient."""

    left: int
    right: int
    dice: float


def dice(left: Set[T], right: Set[T]) -> float:
    """Dice coefficient of two sets, 0..1; 0 if one is empty."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def similar_pairs(sets: Sequence[frozenset[str]], least: float) -> Iterator[SimilarPair]:
    """Pairs with a Dice coefficient of at least ``least``, the shorter sets first.

    Equal sets are not paired: group them first, so that a thousand copies cost a thousand steps.
    """
    df = Counter(chain.from_iterable(sets))
    postings: dict[str, list[int]] = defaultdict(list)
    for index in sorted(range(len(sets)), key=lambda index: (len(sets[index]), index)):
        tokens = sets[index]
        # A similar set, whatever its size, shares this many tokens. So the two must share one of
        # the others' rarest; without the tolerance, 4.0 may round up to 5.
        shared = math.ceil(len(tokens) * least / (2 - least) - 1e-9)
        by_rarity = sorted(tokens, key=lambda token: (df[token], token))
        prefix = by_rarity[: len(tokens) - shared + 1]
        candidates = {other for token in prefix for other in postings[token][-MAX_SETS_PER_TOKEN:]}
        for other in sorted(candidates):
            similarity = dice(sets[other], tokens)
            if similarity >= least and sets[other] != tokens:
                yield SimilarPair(min(index, other), max(index, other), similarity)
        for token in prefix:
            postings[token].append(index)


class UnionFind:
    """Union-find over positions 0..n-1; a group is represented by its lowest position."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, index: int) -> int:
        """The representative of the group of ``index``."""
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def union(self, a: int, b: int) -> None:
        """Merges the groups of ``a`` and ``b``."""
        a, b = sorted((self.find(a), self.find(b)))
        self._parent[b] = a

    def groups(self) -> list[list[int]]:
        """The groups, sorted, in the order of their lowest positions."""
        members: dict[int, list[int]] = defaultdict(list)
        for index in range(len(self._parent)):
            members[self.find(index)].append(index)
        return [members[key] for key in sorted(members)]


MIN_COMPARED_SENTENCES, MIN_DISTINCT_SHARE = 2, 0.3
"""Sentences of the opening that are always compared, and the share of an article that must be left
without its repeated sentences."""

NAME_WEIGHT, FIGURE_WEIGHT = 3.0, 2.0
"""Weight of a stem that is capitalised in mid-sentence, and of one with digits."""

OPENING_WORD_BONUS, OPENING_FADE_WORDS = 4.0, 40
"""The first word weighs 1 + OPENING_WORD_BONUS; the bonus falls by a factor of e with every
OPENING_FADE_WORDS content words."""

EXACT_DATE_DECAY_DAYS, INFERRED_DATE_DECAY_DAYS = (4, 5), (MAX_WRITING_LAG.days, 30)
"""Days between two articles that do not reduce their similarity, and the days that halve it
thereafter: if both dates are exact, and if one is only the latest day that its text mentions."""

MIN_INFERRED_DATE_FACTOR = 0.4
"""Lowest factor for an inferred date: a new text may mention old days only."""

MAX_VECTOR_STEMS = 150
"""Heaviest stems of an article that are compared; the others add next to nothing."""

CANDIDATE_STEMS, MIN_PARTIAL_COSINE = 30, 0.03
"""Heaviest stems of an article by which candidates are found, and what they must add to the cosine
before all of it is computed."""

CLEAR_PARTIAL_COSINE, MAX_UNCLEAR_CANDIDATES = 0.05, 5
"""What they add to the cosine of clearly similar articles, and how many of the other candidates are
compared beyond the number of clear ones. The larger a collection, the more of its articles share a
name or two by chance; articles of a large story share more, with many. On ECB+ this changes no
story."""

MIN_SHARED_STEMS, MAX_POSTINGS_PER_STEM, MAX_CANDIDATE_ARTICLES = 2, 300, 300
"""Heaviest stems that two articles must share; articles that one stem proposes, the latest ones;
and candidates of an article, those that share the most."""

MIN_ARTICLE_COSINE = 0.03
"""A lower similarity is treated as 0."""

_CAPITAL = f"[A-ZÀ-ÞА-Я{''.join(filter(str.isupper, map(chr, range(0x100, 0x52F))))}]"
_CAPITALISED = re.compile(rf"{_CAPITAL}(?<=[\w,;:)’'] .)[\w’'-]+")

_CAPITALISED_ANYWHERE = re.compile(rf"{_CAPITAL}[\w’'-]+")
_BEFORE_CAPITALISED = re.compile(rf"{_CAPITALISED_ANYWHERE.pattern}(?= {_CAPITAL})")

CASE_SAMPLE_CHARS = 300
"""Code points of an article in which its letters are looked at."""

_OPENING_WEIGHTS = [
    1 + OPENING_WORD_BONUS * math.exp(-position / OPENING_FADE_WORDS)
    for position in range(OPENING_FADE_WORDS * OPENING_FADE_WORDS)
]
"""What the first words of an article count, by their position; the others count 1."""

StemVector = Mapping[str, float]


def distinct_texts(articles: Sequence[Article]) -> list[str]:
    """The text of each article without the sentences that others of them have as well.

    Boilerplate about a firm and the fixed sentences of a template say nothing of an event. What
    opens an article stays, also where another one repeats it as background, and so does an article
    that is mostly made of such sentences: it is a copy.
    """
    sentences = [
        article.body.replace("\n", ". ").replace("。", "。. ").split(". ") for article in articles
    ]
    uses = Counter(chain.from_iterable(set(each) for each in sentences))
    openings = set(chain.from_iterable(each[:MIN_COMPARED_SENTENCES] for each in sentences))
    texts = []
    for article, own in zip(articles, sentences, strict=True):
        text = ". ".join(each for each in own if uses[each] == 1 or each in openings)
        enough = len(text) >= MIN_DISTINCT_SHARE * len(article.body)
        texts.append(text if enough else article.body)
    return texts


def article_features(article: Article) -> StemVector:
    """Stem -> its damped count in the article, weighted by its kind and position."""
    text = f"{article.title}. {article.body}" if article.title else article.body
    capitalised = dict.fromkeys(_CAPITALISED.findall(text))
    names = set(content_stems(" ".join(capitalised), article.language))
    counts: dict[str, float] = defaultdict(float)
    position_weights = chain(_OPENING_WEIGHTS, repeat(1.0))
    for stem, weight in zip(content_stems(text, article.language), position_weights, strict=False):
        counts[stem] += weight
    features = {}
    for stem, count in counts.items():
        kind = NAME_WEIGHT if stem in names else FIGURE_WEIGHT if stem[0].isdigit() else 1.0
        features[stem] = 1 + math.log1p(kind * count)
    return features


def name_stems(article: Article) -> frozenset[str]:
    """Stems of the words that the article writes as names: with a capital inside a sentence or
    before another one, and nowhere without. Of other words with a capital, which may only open a
    sentence or stand in a title, those that news hardly ever write in lower case.

    Where capitals tell nothing, what the article says twice is taken for its names: a report
    repeats its place and its people more than what it shares with its look-alikes.
    """
    letters = list(filter(str.isalpha, article.body[:CASE_SAMPLE_CHARS]))
    cased = 2 * sum(letter != letter.upper() for letter in letters) > len(letters)
    if not cased or lexicon(article.language).nouns_have_capitals:
        text = f"{article.title or ''}. {article.body}"
        uses = Counter(content_stems(text, article.language))
        return frozenset(stem for stem, count in uses.items() if count > 1)
    inside = dict.fromkeys(_CAPITALISED.findall(article.body))
    inside |= dict.fromkeys(_BEFORE_CAPITALISED.findall(article.body))
    names = [word for word in inside if f" {word.lower()}" not in article.body]
    anywhere = dict.fromkeys(
        _CAPITALISED_ANYWHERE.findall(f"{article.title or ''}. {article.body}")
    )
    return frozenset(content_stems(" ".join(names), article.language)).union(
        filter(is_name_stem, content_stems(" ".join(anywhere), article.language))
    )


def tfidf_vectors(features: Sequence[StemVector], idf: Callable[[str], float]) -> list[StemVector]:
    """TF-IDF vectors of length 1 of the heaviest stems, the heaviest first."""
    vectors = []
    for counts in features:
        vector = {stem: tf * idf(stem) for stem, tf in counts.items()}
        heaviest = sorted(vector, key=vector.__getitem__, reverse=True)[:MAX_VECTOR_STEMS]
        vectors.append(unit_vector({stem: vector[stem] for stem in heaviest}))
    return vectors


def unit_vector(vector: Mapping[str, float]) -> StemVector:
    """The vector scaled to length 1; empty if its length is 0."""
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def article_similarities(
    articles: Sequence[Article], vectors: Sequence[StemVector]
) -> list[dict[int, float]]:
    """For each article, in the order given, the similar ones and their similarity; symmetric.

    ``articles`` are in order of time, ``vectors`` are their `tfidf_vectors`. Only articles that
    share some of their heaviest stems are compared.
    """
    heads = [dict(islice(vector.items(), CANDIDATE_STEMS)) for vector in vectors]
    postings: dict[str, list[int]] = defaultdict(list)
    similarities: list[dict[int, float]] = [{} for _ in vectors]
    for index, head in enumerate(heads):
        for other in _candidate_articles(head, heads, postings):
            decay = time_decay(articles[index], articles[other])
            if decay <= MIN_ARTICLE_COSINE:
                continue
            similarity = decay * dot_product(vectors[index], vectors[other])
            if similarity > MIN_ARTICLE_COSINE:
                similarities[index][other] = similarities[other][index] = similarity
        for stem in head:
            postings[stem].append(index)
    return similarities


def _candidate_articles(
    head: StemVector, heads: Sequence[StemVector], postings: Mapping[str, Sequence[int]]
) -> list[int]:
    """Positions, sorted, of the clearly similar articles and the best of the others.

    ``heads``: the heaviest stems of all articles.
    """
    proposed = [postings[stem][-MAX_POSTINGS_PER_STEM:] for stem in head if stem in postings]
    shared = Counter(chain.from_iterable(proposed))
    several = sorted(
        (-count, -index) for index, count in shared.items() if count >= MIN_SHARED_STEMS
    )
    partial = sorted(
        (
            (dot_product(head, heads[-index]), -index)
            for _, index in several[:MAX_CANDIDATE_ARTICLES]
        ),
        reverse=True,
    )
    clear = sum(cosine >= CLEAR_PARTIAL_COSINE for cosine, _ in partial)
    best = partial[: 2 * clear + MAX_UNCLEAR_CANDIDATES]
    return sorted(index for cosine, index in best if cosine >= MIN_PARTIAL_COSINE)


def dot_product(left: StemVector, right: StemVector) -> float:
    """Inner product; for vectors of length 1, their cosine."""
    if len(left) > len(right):
        left, right = right, left
    return math.fsum([weight * right[stem] for stem, weight in left.items() if stem in right])


def mean_cosine(vectors: Sequence[StemVector]) -> float:
    """Mean cosine over the pairs of vectors of length 1; 1 for a single vector."""
    if len(vectors) < 2:
        return 1.0
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for stem, weight in vector.items():
            total[stem] += weight
    own = sum(dot_product(vector, vector) for vector in vectors)
    return (dot_product(total, total) - own) / (len(vectors) * (len(vectors) - 1))


def time_decay(left: Article, right: Article) -> float:
    """Factor of the similarity, 1 for articles of near or unknown dates, towards 0 with the days
    between them."""
    if left.day is None or right.day is None:
        return 1.0
    days = abs((left.day - right.day).days)
    exact = left.exact_date and right.exact_date
    free, half = EXACT_DATE_DECAY_DAYS if exact else INFERRED_DATE_DECAY_DAYS
    decay: float = 0.5 ** (max(0, days - free) / half)
    return decay if exact else max(MIN_INFERRED_DATE_FACTOR, decay)
