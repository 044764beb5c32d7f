"""The writer that needs no model: the sources' own sentences that cover the most content.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009): a sentence
is worth the stems and stem pairs that are new, each weighted by its rarity and by the number of
independent origins that use it. Sentences are chosen greedily, per word, up to the word limit.

With a focus, `summarizer.retrieval.answers` has ranked the facts. For each of the best facts one
sentence is chosen: the one whose words most of the reports share, so that most can be cited.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from summarizer.checking.citations import DraftSentence, covered_share
from summarizer.retrieval.answers import FactCluster, cluster_facts
from summarizer.retrieval.origins import SentenceLocation
from summarizer.retrieval.similarity import dice
from summarizer.text.languages import count_words
from summarizer.text.spans import Span
from summarizer.text.tokens import build_idf, content_stems
from summarizer.writing.candidates import (
    Candidate,
    Concept,
    ReaderKnowledge,
    StoryEvidence,
    headline_candidates,
    stem_weights,
)
from summarizer.writing.ordering import PlacedSentence, arrange_sentences
from summarizer.writing.standalone import headline_span, standalone_score

__all__ = [
    "MIN_EVENT_HEADLINE_ANSWER",
    "MIN_QUESTION_SHARE",
    "answer_bands",
    "answer_headline",
    "answer_scorer",
    "choose_answers",
    "extractive_drafts",
    "order_candidates",
    "question_share",
]

MIN_ANSWER_SCORE = 0.15
"""Least answer, beside the best one's 1, of a sentence that is told when something is asked for
(``benchmarks.quality.selection``)."""


MIN_HEADLINE_ANSWER, MIN_EVENT_HEADLINE_ANSWER = 0.5, 0.8
"""Least answer of a sentence that is a headline when something is asked for, and of the event's
own headline if it is to stay."""


ANSWER_NOVELTY_EXPONENT = 1.0
"""Power of how unlike what is told a fact is, by which its answer counts."""

MIN_QUESTION_SHARE = 0.75
"""Share of the question's own words that the event's headline has if it is to stay."""

NO_QUESTION_WORD_FACTOR = 0.5
"""What a sentence counts as a headline that has none of these words, beside 1.5 for all."""

STRONG_ANSWER_SCORES = (0.5, 0.25)
"""Answers that are told before all lesser ones."""


MAX_HEADLINE_WORDS = 18
"""Words of a headline; a longer one is the worse for it."""


MAX_STATEMENTS_PER_FACT = 50
"""Statements of one fact by which the best words for it are found."""


def answer_scorer(asked: Sequence[FactCluster]) -> Callable[[Candidate], float]:
    """How much of what is asked a candidate tells, 0..1; 1 if nothing is asked."""
    known = {
        (item.source, item.span): saying.answer_score
        for saying in asked
        for item in saying.statements
    }
    return lambda item: known.get(item.location, 0.0) if asked else 1.0


def choose_answers(
    asked: Sequence[FactCluster], able: Sequence[Candidate], words: int, told: ReaderKnowledge
) -> list[Candidate]:
    """One sentence for each fact that answers, the best answer first."""
    chosen: list[Candidate] = []
    left = [
        (saying, here)
        for saying, here in _facts_with_candidates(asked, able)
        if saying.answer_score >= MIN_ANSWER_SCORE
    ]

    def worth(fact: tuple[FactCluster, list[Candidate]]) -> float:
        saying, here = fact
        fresh: float = told.novelty(here[0]) ** ANSWER_NOVELTY_EXPONENT
        return saying.answer_score * fresh

    while left:
        fact = max(left, key=worth)
        left.remove(fact)
        saying, here = fact
        fitting = [item for item in here if item.word_count <= words and not told.repeats(item)]
        if fitting:
            best = _best_wording(fitting, saying, told)
            chosen.append(best)
            told.add(best)
            words -= best.word_count
    return chosen


def answer_bands(
    chosen: Sequence[Candidate], asked: Sequence[FactCluster]
) -> list[list[Candidate]]:
    """The strong answers, and the others."""
    answers = answer_scorer(asked)
    return [
        [item for item in chosen if low <= answers(item) < high]
        for high, low in pairwise((math.inf, *STRONG_ANSWER_SCORES, 0.0))
    ]


def _best_wording(
    able: Sequence[Candidate], saying: FactCluster, told: ReaderKnowledge
) -> Candidate:
    """The one whose words the others have most of, and which has most of theirs."""
    others = [(item, stem_weights(item)) for item in saying.statements[:MAX_STATEMENTS_PER_FACT]]

    def shares(item: Candidate) -> float:
        own = item.statement
        wanted = stem_weights(own)
        carried = [covered_share(wanted, other.stems) for other, _ in others if other is not own]
        held = [covered_share(theirs, own.stems) for other, theirs in others if other is not own]
        return (
            standalone_score(item.text)
            * item.date_factor
            * told.antecedent_factor(item)
            * math.fsum(carried)
            * math.fsum(held)
        )

    return max(able, key=shares)


def question_share(text: str, telling: StoryEvidence) -> float:
    """Share of the question's own words that some words have, 0..1."""
    asked = telling.question_stems
    return len(asked.intersection(content_stems(text, telling.language))) / max(1, len(asked))


def answer_headline(
    telling: StoryEvidence, able: Sequence[Candidate]
) -> tuple[Candidate, Span] | None:
    """A short sentence among the strongest answers, and its span; None if there is none."""
    nothing = ReaderKnowledge("", telling.language, {})
    facts = _facts_with_candidates(telling.fact_clusters, able)
    strong = (
        (saying, here) for saying, here in facts if saying.answer_score >= MIN_HEADLINE_ANSWER
    )
    told = [(saying.answer_score, _best_wording(here, saying, nothing)) for saying, here in strong]
    if not told:
        return None

    def fitness(pair: tuple[float, Candidate]) -> float:
        answer, item = pair
        shown = item.text[slice(*_answer_headline_span(item, telling))]
        brief = min(1.0, MAX_HEADLINE_WORDS / count_words(shown))
        return (
            answer
            * (NO_QUESTION_WORD_FACTOR + question_share(shown, telling))
            * brief
            * standalone_score(shown)
            * nothing.antecedent_factor(item)
        )

    _, best = max(told, key=fitness)
    return best, _answer_headline_span(best, telling)


def _answer_headline_span(item: Candidate, telling: StoryEvidence) -> Span:
    """A headline's part of the sentence, if nothing that is asked for is lost with the rest."""
    span = headline_span(item.text)
    if question_share(item.text[slice(*span)], telling) == question_share(item.text, telling):
        return span
    return Span(0, len(item.text.rstrip(". ")))


def _facts_with_candidates(
    asked: Sequence[FactCluster], able: Sequence[Candidate]
) -> Iterator[tuple[FactCluster, list[Candidate]]]:
    """The facts, each with those of its sentences that may be told."""
    held = {item.location: item for item in able}
    for saying in asked:
        here = [held[at] for item in saying.statements if (at := (item.source, item.span)) in held]
        if here:
            yield saying, here


OPENING_SENTENCE_BONUS, OPENING_FADE_SENTENCES = 1.5, 8
"""Bonus of an article's first sentence, and over how many sentences it fades: news tells the most
important thing first."""

LONE_ORIGIN_DISCOUNT = 0.5
"""What is taken off the origins that use a concept: one alone may be wrong, or beside the point."""

NOVELTY_EXPONENT = 2.0
"""Power of how unlike what is told a sentence is, by which its gain counts."""

MIN_RELATIVE_GAIN = 0.03
"""Least gain per word, beside the best sentence's, of one that is told."""


def extractive_drafts(
    telling: StoryEvidence,
    able: Sequence[Candidate],
    words: int,
    rivals: Mapping[str, frozenset[str]] | None = None,
) -> tuple[DraftSentence, list[DraftSentence]] | None:
    """Headline and sentences in reading order, about ``words`` long together.

    ``able``: the story's `standalone_candidates`.
    ``rivals``: sentence -> those that are not told beside it.
    None when there are none.
    """
    if not able:
        return None
    worth = _concept_weights(telling, able)
    top, span = _choose_headline(telling, able, worth)
    head = DraftSentence(top.text[span.start : span.end], (top.key,), "extracted")
    left = words - count_words(head.text)
    told = ReaderKnowledge(head.text, telling.language, rivals or {})
    told.exclude_rivals(top)
    head_stems = frozenset(told.stems)
    if telling.fact_clusters:
        chosen = choose_answers(telling.fact_clusters, able, left, told)
        parts, groups = answer_bands(chosen, telling.fact_clusters), telling.fact_clusters
    else:
        groups = cluster_facts([item.statement for item in able])
        parts = [_choose_by_coverage(able, groups, worth, left, told)]
    ordered = (
        item for part in parts for item in order_candidates(part, groups, telling, head_stems)
    )
    return head, [DraftSentence(item.text, (item.key,), "extracted") for item in ordered]


def _concept_weights(
    telling: StoryEvidence, able: Sequence[Candidate]
) -> Callable[[Concept], float]:
    """Weight of a concept: how telling its stems are, times the origins that use it."""
    users: dict[Concept, set[str]] = defaultdict(set)
    uses: Counter[Concept] = Counter()
    for candidate in able:
        origin = telling.origins.origin_by_source[candidate.statement.source]
        uses.update(candidate.concepts)
        for concept in candidate.concepts:
            users[concept].add(origin)
    idf = build_idf(())

    @cache
    def worth(concept: Concept) -> float:
        stems = (concept,) if isinstance(concept, str) else concept
        telling_weight = sum(idf(stem) for stem in stems) / (2 if len(stems) > 1 else 1)
        return (
            telling_weight * (len(users[concept]) - LONE_ORIGIN_DISCOUNT) * math.sqrt(uses[concept])
        )

    return worth


def _prior_score(item: Candidate) -> float:
    """What a gain counts: more where the sources begin, and in few words."""
    place = 1 + OPENING_SENTENCE_BONUS / (1 + item.position / OPENING_FADE_SENTENCES)
    cost: float = item.word_count**0.8
    return place * standalone_score(item.text) * item.date_factor / cost


def _choose_by_coverage(
    able: Sequence[Candidate],
    groups: Sequence[FactCluster],
    worth: Callable[[Concept], float],
    words: int,
    told: ReaderKnowledge,
) -> list[Candidate]:
    """Greedy by gain per word; a sentence that says what is said already is never chosen."""
    facts = {
        (item.source, item.span): at for at, each in enumerate(groups) for item in each.statements
    }
    left = [(item, _prior_score(item)) for item in able]
    chosen: list[Candidate] = []
    least = 0.0

    def score(pair: tuple[Candidate, float]) -> float:
        # fsum is exact, whatever the order of the set
        gain = math.fsum(map(worth, pair[0].concepts - told.concepts))
        fresh: float = told.novelty(pair[0]) ** NOVELTY_EXPONENT
        return pair[1] * told.antecedent_factor(pair[0]) * fresh * gain

    while fitting := [p for p in left if p[0].word_count <= words and not told.covers(p[0])]:
        top = max(fitting, key=score)
        if score(top) < least:
            break
        best, least = top[0], least or MIN_RELATIVE_GAIN * score(top)
        chosen.append(best)
        told.add(best)
        words -= best.word_count
        left = [pair for pair in fitting if facts[pair[0].location] != facts[best.location]]
    return chosen


def _choose_headline(
    telling: StoryEvidence, able: Sequence[Candidate], worth: Callable[[Concept], float]
) -> tuple[Candidate, Span]:
    """What says the event best; where something else is asked for, what answers it best."""
    answers = answer_scorer(telling.fact_clusters)
    event = _event_headline(telling, headline_candidates(telling) or able, worth, answers)
    shown = event[0].text[slice(*event[1])]
    if answers(event[0]) >= MIN_EVENT_HEADLINE_ANSWER and (
        not telling.question_stems or question_share(shown, telling) >= MIN_QUESTION_SHARE
    ):
        return event
    return answer_headline(telling, able) or event


def _event_headline(
    telling: StoryEvidence,
    able: Sequence[Candidate],
    worth: Callable[[Concept], float],
    answers: Callable[[Candidate], float],
) -> tuple[Candidate, Span]:
    """The opening sentence that says the event best, and its span in that sentence."""
    titles = {frozenset(content_stems(title, telling.language)) for title in telling.titles}

    def fitness(item: Candidate) -> float:
        span = headline_span(item.text)
        words = content_stems(item.text[span.start : span.end], telling.language)
        length = count_words(item.text[span.start : span.end])
        stems = frozenset(words)
        likeness = max((dice(title, stems) for title in titles), default=0.0)
        known = math.fsum(map(worth, stems))
        fluent: float = known / length**0.7 * min(1, 22 / length)
        fit = fluent * (1 + likeness) / (1 + item.position / 2) * (0.5 + answers(item))
        return fit * item.date_factor

    best = max(able, key=fitness)
    return best, headline_span(best.text)


def order_candidates(
    chosen: Sequence[Candidate],
    groups: Sequence[FactCluster],
    telling: StoryEvidence,
    known: Collection[str],
) -> list[Candidate]:
    """What happened and when, background last."""
    homes = {(item.source, item.span): each for each in groups for item in each.statements}
    places = {
        (item.source, item.span): at / len(said)
        for said in telling.statements.values()
        for at, item in enumerate(said)
    }
    facts = [
        PlacedSentence(
            item.text,
            _relative_positions(homes[item.location], places),
            item.statement,
            item.position,
            item.antecedents,
        )
        for item in chosen
    ]
    return [chosen[at] for at in arrange_sentences(facts, telling.exact_dates, known)]


def _relative_positions(
    saying: FactCluster, places: Mapping[SentenceLocation, float]
) -> Mapping[str, float]:
    """Where each source of this story that tells it has it first, 0..1."""
    found: dict[str, float] = {}
    for item in saying.statements:
        if (at := places.get((item.source, item.span))) is not None:
            found[item.source] = min(at, found.get(item.source, 1.0))
    return found
