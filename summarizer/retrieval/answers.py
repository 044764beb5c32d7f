"""The facts in many articles that answer a question, the best answer first.

Fact clusters: statements of several articles in nearly the same words, by average-link clustering
of the weighted Dice coefficient of their stems.

    question -> content stems, and those that occur with them in the best passages (RM3: Lavrenko
    and Croft 2001) -> passages -> fact clusters, each scored by what it and the passages around it
    contain of these stems, times the independent origins that report it

The words around a fact show what it is about, averaged over all sources that report it. A fact in
the question's own words scores up to twice as much; one that shares no word with the expanded
question is no answer. Constants are calibrated as a set on SummHay by
``benchmarks.quality.selection``: on either topic a cluster holds the documents of its insight at F1
.86 to .88. Only PSEUDO_ARTICLES was swept on each topic alone, and both give the same value.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.clustering import average_link
from summarizer.retrieval.similarity import MIN_FACT_DICE, SAME_FACT_DICE
from summarizer.text.lexicon import lexicon
from summarizer.text.tokens import build_idf, content_stems, document_frequency, stems

FACT_KEY_STEMS, MAX_STATEMENTS_PER_STEM = 6, 100
"""Heaviest stems of a statement by which candidates are found, and the statements already seen with
which one stem pairs a further statement."""

MIN_FACT_STEMS = 5
"""Stems of a statement below which a similarity is chance."""


@dataclass(frozen=True, slots=True)
class FactCluster:
    """One fact in the words of all sources that report it, in reading order.

    ``answer_score``: how well it answers the question, 0..1; 1 without a question.
    """

    statements: tuple[Statement, ...]
    answer_score: float = 1.0


def cluster_facts(statements: Sequence[Statement]) -> list[FactCluster]:
    """The facts; every statement is in exactly one."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for index, item in enumerate(statements):
        classes[item.stems].append(index)
    stem_sets = [stems if len(stems) >= MIN_FACT_STEMS else frozenset() for stems in classes]
    members = list(classes.values())
    idf = build_idf(_stems_by_source(statements))
    weights = {stem: idf(stem) for stem in frozenset().union(*stem_sets)}
    groups = average_link(_statement_similarities(stem_sets, weights), SAME_FACT_DICE)
    ordered = sorted(sorted(index for n in group for index in members[n]) for group in groups)
    return [FactCluster(tuple(statements[index] for index in group)) for group in ordered]


def _stems_by_source(statements: Iterable[Statement]) -> Collection[set[str]]:
    stems_by_source: dict[str, set[str]] = defaultdict(set)
    for item in statements:
        stems_by_source[item.source] |= item.stems
    return stems_by_source.values()


def _statement_similarities(
    stem_sets: Sequence[frozenset[str]], weights: Mapping[str, float]
) -> list[dict[int, float]]:
    """For each stem set the similar ones and their weighted Dice; symmetric. Only sets that share
    one of their heaviest stems are compared."""
    masses = [math.fsum(weights[stem] for stem in stems) for stems in stem_sets]
    postings: dict[str, list[int]] = defaultdict(list)
    similarities: list[dict[int, float]] = [{} for _ in stem_sets]
    for index, own in enumerate(stem_sets):
        keys = heapq.nsmallest(FACT_KEY_STEMS, own, key=lambda stem: (-weights[stem], stem))
        for other in sorted(
            {candidate for key in keys for candidate in postings[key][-MAX_STATEMENTS_PER_STEM:]}
        ):
            shared = math.fsum(weights[stem] for stem in own & stem_sets[other])
            weighted_dice = 2 * shared / (masses[index] + masses[other])
            if weighted_dice >= MIN_FACT_DICE:
                similarities[index][other] = similarities[other][index] = weighted_dice
        for key in keys:
            postings[key].append(index)
    return similarities


FEEDBACK_FACTS, FEEDBACK_STEMS = 20, 40
"""Best facts by the question's own words, and how many of their stems expand the question."""

MIN_FEEDBACK_SCORE = 0.5
"""Score of such a fact as a share of the best one's."""

FEEDBACK_SHARE = 0.5
"""Share of the expanded question that those stems make up together."""

PSEUDO_ARTICLES = 40
"""Articles of general news that are counted with the corpus in the document frequencies."""

SATURATING_ORIGINS = 8
"""Origins at which the weight of a fact reaches one half: BM25's saturation."""

QUESTION_VERB_STEMS = frozenset(stems(" ".join(lexicon("en").question_verbs)))
"""Words that only say that something is asked."""

StemWeights = Mapping[str, float]
"""Stem -> the share of a fact's statements that have it, or its weight in the question."""


def question_weights(question: str, language: str) -> dict[str, float]:
    """The content stems of a question with weight 1, without `QUESTION_VERB_STEMS` unless it has no
    others."""
    content = dict.fromkeys(content_stems(question, language))
    own = [stem for stem in content if stem not in QUESTION_VERB_STEMS]
    return dict.fromkeys(own or content, 1.0)


def rank_answers(
    chunks: Iterable[Chunk],
    statements: Sequence[Statement],
    question: StemWeights,
    origins: Mapping[str, str],
) -> list[FactCluster]:
    """The facts in ``chunks`` that answer the question, the best first and with score 1.

    ``statements``: all of the corpus. ``question``: from `question_weights`. ``origins``: source
    id -> origin id.
    """
    rarity = _stem_rarity(statements)
    searched = {chunk.id for chunk in chunks}
    facts = cluster_facts([item for item in statements if item.chunk.id in searched])
    own = [_stem_shares(item.stems for item in fact.statements) for fact in facts]
    whole = [
        {stem: shares.get(stem, 0.0) + around.get(stem, 0.0) for stem in shares.keys() | around}
        for shares, around in zip(own, _context_shares(facts), strict=True)
    ]
    direct = _weighted_scores(own, question, rarity)
    expanded = _expand_question(question, own, direct, rarity)
    own_scores = _weighted_scores(own, expanded, rarity)
    whole_scores = _weighted_scores(whole, expanded, rarity)

    # A fact that itself shares no stem with the expanded question is only near an answer.
    direct_limit = math.fsum(rarity.get(stem, 0.0) for stem in question) or 1.0
    answers = []
    for n, fact in enumerate(facts):
        if own_scores[n]:
            count = len({origins.get(item.source, item.source) for item in fact.statements}) - 0.5
            origin_weight = count / (count + SATURATING_ORIGINS)
            score = whole_scores[n] * (1 + direct[n] / direct_limit) * origin_weight
            answers.append(replace(fact, answer_score=score))
    best = max((fact.answer_score for fact in answers), default=1.0)
    answers = [replace(fact, answer_score=fact.answer_score / best) for fact in answers]
    return sorted(answers, key=lambda fact: -fact.answer_score)


def _stem_rarity(statements: Iterable[Statement]) -> StemWeights:
    """BM25's inverse document frequency: a stem of all articles, or of all news, weighs little."""
    stem_sets = _stems_by_source(statements)
    df = Counter(stem for stems in stem_sets for stem in stems)
    total = len(stem_sets) + PSEUDO_ARTICLES
    counts = ((stem, n + PSEUDO_ARTICLES * document_frequency(stem)) for stem, n in df.items())
    return {stem: math.log1p((total - n + 0.5) / (n + 0.5)) for stem, n in counts}


def _stem_shares(stem_sets: Iterable[Collection[str]]) -> StemWeights:
    """The share of the sets that contain each stem."""
    listed = list(stem_sets)
    counts = Counter(stem for each in listed for stem in sorted(each))
    return {stem: n / len(listed) for stem, n in counts.items()}


def _context_shares(facts: Sequence[FactCluster]) -> list[StemWeights]:
    """For each fact the stems of the other statements in its passages."""
    stems_by_chunk: dict[str, list[frozenset[str]]] = defaultdict(list)
    for fact in facts:
        for item in fact.statements:
            stems_by_chunk[item.chunk.id].append(item.stems)
    return [
        _stem_shares(
            frozenset().union(*(s for s in stems_by_chunk[item.chunk.id] if s is not item.stems))
            for item in fact.statements
        )
        for fact in facts
    ]


def _weighted_scores(
    shares: Sequence[StemWeights], question: StemWeights, rarity: StemWeights
) -> list[float]:
    weights = [(stem, part * rarity.get(stem, 0.0)) for stem, part in question.items()]
    return [math.fsum(w * each[stem] for stem, w in weights if stem in each) for each in shares]


def _expand_question(
    question: StemWeights, own: Sequence[StemWeights], scores: Sequence[float], rarity: StemWeights
) -> StemWeights:
    """The question, and with equal weight the stems of the facts that score best (RM3)."""
    enough = MIN_FEEDBACK_SCORE * max(scores, default=0.0)
    ranked = sorted(range(len(own)), key=lambda n: -scores[n])[:FEEDBACK_FACTS]
    feedback: dict[str, float] = defaultdict(float)
    for n in ranked:
        if scores[n] >= enough:
            for stem, share in own[n].items():
                feedback[stem] += scores[n] * share * rarity[stem]
    best = heapq.nsmallest(FEEDBACK_STEMS, feedback.items(), key=lambda pair: (-pair[1], pair[0]))
    total = math.fsum(weight for _, weight in best) or 1.0
    expanded = {stem: (1 - FEEDBACK_SHARE) / len(question) for stem in question}
    for stem, weight in best:
        expanded[stem] = expanded.get(stem, 0.0) + FEEDBACK_SHARE * weight / total
    return expanded
