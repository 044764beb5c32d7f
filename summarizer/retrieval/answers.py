"""The facts in many articles that answer a question, the best answer first.

Fact clusters: statements of several articles in nearly the same words, by average-link clustering
of the weighted Dice coefficient of their stems.

    question -> content stems, and those that occur with them in the best passages (RM3: Lavrenko
    and Croft 2001) -> passages -> fact clusters, each scored by what it and the passages around it
    contain of these stems, times the independent origins that report it

The words around a fact say what it is about, averaged over all sources that report it. A fact in
the question's own words counts up to twice; one that shares no word with the expanded question is
no answer. Constants are calibrated as a set on SummHay by ``benchmarks.quality.selection``: on
either topic a cluster holds the documents of its insight at F1 .86 to .88. Only PSEUDO_ARTICLES was
swept on each topic alone, and either topic would choose the same value.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.clustering import average_link
from summarizer.text.tokens import build_idf, content_stems, document_frequency, stems

__all__ = ["FactCluster", "cluster_facts", "question_weights", "rank_answers"]

SAME_FACT_DICE, MIN_FACT_DICE = 0.4, 0.2
"""Average likeness of one saying, and the least that counts as any."""

FACT_KEY_STEMS, MAX_STATEMENTS_PER_STEM = 6, 100
"""Heaviest stems of a statement by which candidates are found, and how many statements one stem
brings together with a further one."""

MIN_FACT_STEMS = 5
"""Stems below which a likeness is chance."""


@dataclass(frozen=True, slots=True)
class FactCluster:
    """One fact in the words of all who tell it, in the order in which they were read.

    ``answer_score``: how much of what is asked it tells; 1 when nothing is asked.
    """

    statements: tuple[Statement, ...]
    answer_score: float = 1.0


def cluster_facts(statements: Sequence[Statement]) -> list[FactCluster]:
    """Every statement in exactly one saying."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, item in enumerate(statements):
        classes[item.stems].append(at)
    kinds = [stems if len(stems) >= MIN_FACT_STEMS else frozenset() for stems in classes]
    members = list(classes.values())
    idf = build_idf(_stems_by_source(statements))
    weights = {stem: idf(stem) for stem in frozenset().union(*kinds)}
    groups = average_link(_statement_similarities(kinds, weights), SAME_FACT_DICE)
    ordered = sorted(sorted(at for kind in group for at in members[kind]) for group in groups)
    return [FactCluster(tuple(statements[at] for at in group)) for group in ordered]


def _stems_by_source(statements: Sequence[Statement]) -> Iterator[set[str]]:
    """The stems of each source."""
    said: dict[str, set[str]] = defaultdict(set)
    for item in statements:
        said[item.source] |= item.stems
    yield from said.values()


def _statement_similarities(
    kinds: Sequence[frozenset[str]], weights: Mapping[str, float]
) -> list[dict[int, float]]:
    """Sparse symmetric likeness of the statements that a telling stem brings together."""
    masses = [math.fsum(weights[stem] for stem in stems) for stems in kinds]
    postings: dict[str, list[int]] = defaultdict(list)
    likeness: list[dict[int, float]] = [{} for _ in kinds]
    for at, own in enumerate(kinds):
        keys = heapq.nsmallest(FACT_KEY_STEMS, own, key=lambda stem: (-weights[stem], stem))
        for other in sorted(
            {near for key in keys for near in postings[key][-MAX_STATEMENTS_PER_STEM:]}
        ):
            shared = math.fsum(weights[stem] for stem in own & kinds[other])
            near = 2 * shared / (masses[at] + masses[other])
            if near >= MIN_FACT_DICE:
                likeness[at][other] = likeness[other][at] = near
        for key in keys:
            postings[key].append(at)
    return likeness


FEEDBACK_FACTS, FEEDBACK_STEMS = 20, 40
"""Sayings that the question finds by its own words, and how many of their stems are asked along."""

MIN_FEEDBACK_SCORE = 0.5
"""How much of it they must say by those words, beside the best one's 1."""

FEEDBACK_SHARE = 0.5
"""Share of the question that those stems make up together."""

PSEUDO_ARTICLES = 40
"""Articles of other news by which a few articles' own words are weighed."""

SATURATING_ORIGINS = 8
"""Origins from which on further ones add little: BM25's saturation."""

QUESTION_VERB_STEMS = frozenset(
    stems("discuss discussing detail describe explain happen happening tell talk")
)
"""Words of a question that say only that something is asked."""

StemWeights = Mapping[str, float]
"""Stem -> how often a statement of a saying has it, or how much it is asked for."""


def question_weights(question: str, language: str) -> dict[str, float]:
    """The telling stems of a question, each as much; of a question without any, all it has."""
    every = dict.fromkeys(content_stems(question, language))
    return dict.fromkeys([stem for stem in every if stem not in QUESTION_VERB_STEMS] or every, 1.0)


def rank_answers(
    found: Iterable[Chunk],
    said: Sequence[Statement],
    question: StemWeights,
    origins: Mapping[str, str],
) -> list[FactCluster]:
    """The sayings in the chunks ``found`` that answer, best first, the best at 1.

    ``said``: every statement of the corpus. ``question``: see
    `question_weights`. ``origins``: source id ->
    origin id.
    """
    rarity = _stem_rarity(said)
    held = {chunk.id for chunk in found}
    told = cluster_facts([item for item in said if item.chunk.id in held])
    own = [_stem_shares(item.stems for item in each.statements) for each in told]
    around = _context_shares(told)
    whole = [
        {stem: mix.get(stem, 0.0) + beside.get(stem, 0.0) for stem in mix.keys() | beside.keys()}
        for mix, beside in zip(own, around, strict=True)
    ]
    direct = _weighted_scores(own, question, rarity)
    wider = _expand_question(question, own, direct, rarity)
    itself, around_it = _weighted_scores(own, wider, rarity), _weighted_scores(whole, wider, rarity)
    most = math.fsum(rarity.get(stem, 0.0) for stem in question) or 1.0
    weighed = [
        replace(
            each, answer_score=around_it[n] * (1 + direct[n] / most) * _origin_weight(each, origins)
        )
        for n, each in enumerate(told)
        if itself[n]
    ]
    best = max((each.answer_score for each in weighed), default=1.0)
    answering = [replace(each, answer_score=each.answer_score / best) for each in weighed]
    return sorted(answering, key=lambda each: -each.answer_score)


def _stem_rarity(said: Iterable[Statement]) -> StemWeights:
    """BM25's inverse document frequency: what all the articles say, or all news, tells nothing."""
    stems_of: dict[str, set[str]] = defaultdict(set)
    for item in said:
        stems_of[item.source] |= item.stems
    df = Counter(stem for held in stems_of.values() for stem in held)
    total = len(stems_of) + PSEUDO_ARTICLES
    found = ((stem, n + PSEUDO_ARTICLES * document_frequency(stem)) for stem, n in df.items())
    return {stem: math.log1p((total - n + 0.5) / (n + 0.5)) for stem, n in found}


def _stem_shares(sets: Iterable[Collection[str]]) -> StemWeights:
    """Share of the sets that have each stem."""
    held = list(sets)
    counts = Counter(stem for each in held for stem in sorted(each))
    return {stem: n / len(held) for stem, n in counts.items()}


def _context_shares(told: Sequence[FactCluster]) -> list[StemWeights]:
    """For each saying the stems of the other statements in its passages."""
    stems_of: dict[str, list[frozenset[str]]] = defaultdict(list)
    for each in told:
        for item in each.statements:
            stems_of[item.chunk.id].append(item.stems)
    return [
        _stem_shares(
            frozenset().union(*(s for s in stems_of[item.chunk.id] if s is not item.stems))
            for item in each.statements
        )
        for each in told
    ]


def _weighted_scores(
    mixes: Sequence[StemWeights], question: StemWeights, rarity: StemWeights
) -> list[float]:
    weights = [(stem, part * rarity.get(stem, 0.0)) for stem, part in question.items()]
    return [math.fsum(w * mix[stem] for stem, w in weights if stem in mix) for mix in mixes]


def _expand_question(
    question: StemWeights, own: Sequence[StemWeights], scores: Sequence[float], rarity: StemWeights
) -> StemWeights:
    """The question, and as much again of what the sayings tell that it finds first."""
    enough = MIN_FEEDBACK_SCORE * max(scores, default=0.0)
    first = sorted(range(len(own)), key=lambda at: -scores[at])[:FEEDBACK_FACTS]
    first = [at for at in first if scores[at] >= enough]
    gone_with: dict[str, float] = defaultdict(float)
    for at in first:
        for stem, part in own[at].items():
            gone_with[stem] += scores[at] * part * rarity[stem]
    best = heapq.nsmallest(FEEDBACK_STEMS, gone_with.items(), key=lambda pair: (-pair[1], pair[0]))
    total = math.fsum(weight for _, weight in best) or 1.0
    wider = {stem: (1 - FEEDBACK_SHARE) / len(question) for stem in question}
    for stem, weight in best:
        wider[stem] = wider.get(stem, 0.0) + FEEDBACK_SHARE * weight / total
    return wider


def _origin_weight(saying: FactCluster, origins: Mapping[str, str]) -> float:
    """What the origins count that tell it: one alone little, ten as much as twenty."""
    count = len({origins.get(item.source, item.source) for item in saying.statements}) - 0.5
    return count / (count + SATURATING_ORIGINS)
