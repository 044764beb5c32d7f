"""What identifies the event of an article: who and where, and what happened.

A template (earthquakes, match reports, quarterly results) shares its words and changes its names;
two events of the same people share their names and change the words; two people of one name share
that name and hardly a word. So the names and the other words of two articles are compared apart,
and two reports of one event must agree in both. Constants are calibrated as a set on
ECB+ (`benchmarks.quality`) and on made-up templates and pairs of events, and checked on others.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from summarizer.retrieval.similarity import (
    StemVector,
    distinct_texts,
    dot_product,
    name_stems,
    time_decay,
    unit_vector,
)
from summarizer.sources.articles import Article
from summarizer.text.tokens import content_stems

MIN_NAME_COSINE = 0.25
"""Cosine of the names from which two articles fully agree on who and where."""

IDENTITY_PER_WORDS = 1.5
"""Cosine of names and figures, per square of the cosine of the other words, from which two articles
fully agree: the more alike their wording is, the more of their names and figures must be, or both
are instances of one template. Independent reports of one event repeat its names rather than each
other's words."""

MIN_WORD_COSINE = 0.09
"""Cosine of the other words from which two articles fully agree on what happened."""

MAX_DAYS_FACTOR = 3
"""How many times `MIN_WORD_COSINE` is needed at most: once more for each day between the articles,
because the same people may have done something else since."""


@dataclass(frozen=True, slots=True)
class EventSignature:
    """Vectors of length 1. ``identity``: names and figures. ``distinct``: the words that are not
    only in sentences which other articles have. ``names`` is empty where the capitals of a language
    do not show which words are names."""

    names: StemVector
    identity: StemVector
    words: StemVector
    distinct: StemVector
    article: Article


def event_signatures(
    articles: Sequence[Article], vectors: Sequence[StemVector]
) -> list[EventSignature]:
    """The signature of each article of one topic; ``vectors`` are their `tfidf_vectors`."""
    own_names = [name_stems(article) for article in articles]
    uses = Counter(chain.from_iterable(vectors))
    # A word is a name where most articles that use it write it as one: titles capitalise any word.
    as_name = Counter(
        stem
        for stem_vector, own in zip(vectors, own_names, strict=True)
        for stem in own
        if stem in stem_vector
    )
    names = {stem for stem, count in as_name.items() if 2 * count > uses[stem]}
    signatures = []
    for article, own, text in zip(articles, vectors, distinct_texts(articles), strict=True):
        identity: dict[str, float] = {}
        words: dict[str, float] = {}
        for stem, weight in own.items():
            (identity if stem in names or stem[0].isdigit() else words)[stem] = weight
        distinct = words
        if len(text) < len(article.body):
            opening = f"{article.title}. {text}" if article.title else text
            kept = frozenset(content_stems(opening, article.language))
            distinct = {s: x for s, x in words.items() if s in kept}
        own_words = unit_vector(words)
        signatures.append(
            EventSignature(
                unit_vector({s: x for s, x in identity.items() if not s[0].isdigit()}),
                unit_vector(identity),
                own_words,
                own_words if distinct is words else unit_vector(distinct),
                article,
            )
        )
    return signatures


def compare_signatures(one: EventSignature, other: EventSignature) -> tuple[float, float]:
    """The cosine of the names of two articles, and how far they agree on who, where and what, 0..1.

    Where the names cannot be compared, both are such that they decide nothing.
    """
    if one.article.language != other.article.language or not (one.names and other.names):
        return MIN_NAME_COSINE, 1.0
    names, words = dot_product(one.names, other.names), dot_product(one.words, other.words)
    distinct = words
    if one.distinct is not one.words or other.distinct is not other.words:
        distinct = dot_product(one.distinct, other.distinct)
    what = min(1.0, distinct / (MIN_WORD_COSINE * _days_factor(one.article, other.article)))
    who = min(1.0, names / MIN_NAME_COSINE)
    # The same wording about the same names some days later is another instance of a template.
    wording = IDENTITY_PER_WORDS * words**2
    decay = math.sqrt(time_decay(one.article, other.article))
    if names**2 * decay < wording:
        identity = max(names**2, dot_product(one.identity, other.identity)) * decay
        who = min(who, identity / wording)
    return names, who * what


def _days_factor(one: Article, other: Article) -> int:
    first, second = one.exact_date, other.exact_date
    days = abs((first - second).days) if first and second else 0
    return min(MAX_DAYS_FACTOR, 1 + days)
