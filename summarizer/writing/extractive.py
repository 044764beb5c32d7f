"""The writer that needs no model: a headline and the sources' own sentences.

Without a focus, `summarizer.writing.coverage` chooses them. With a focus,
`summarizer.retrieval.answers` has ranked the facts. For each of the best facts one sentence is
chosen: the one whose words most of the reports share, so that most can be cited.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from summarizer.checking.citations import DraftSentence, covered_share
from summarizer.retrieval.answers import FactCluster
from summarizer.text.languages import count_words
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems
from summarizer.writing.candidates import (
    Candidate,
    ReaderKnowledge,
    StoryEvidence,
    opening_candidates,
    stem_weights,
)
from summarizer.writing.coverage import (
    ConceptSupport,
    concept_support,
    event_fitness,
    write_body,
)
from summarizer.writing.ordering import order_candidates
from summarizer.writing.standalone import headline_span, standalone_score

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
        return item.ease * told.antecedent_factor(item) * math.fsum(carried) * math.fsum(held)

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


def extractive_drafts(
    telling: StoryEvidence,
    whole: Sequence[Candidate],
    words: int,
    rivals: Mapping[str, frozenset[str]] | None = None,
    *,
    newest: Mapping[str, str] | None = None,
    listed: bool = False,
) -> tuple[DraftSentence, list[DraftSentence]] | None:
    """Headline and sentences in reading order, about ``words`` long together.

    ``whole``: the story's `whole_candidates`.
    ``rivals``: sentence -> those that are not told beside it.
    ``newest``: sentence that is out of date -> the one that replaces it, which leads.
    ``listed``: the headline is read twice, since it opens the briefing as well.
    None when there are none.
    """
    able = [item for item in whole if item.stands_alone]
    if not able:
        return None
    support = concept_support(whole, telling)
    top, span = _choose_headline(telling, able, support, newest or {})
    head = DraftSentence(top.text[span.start : span.end], (top.key,), "extracted")
    left = words - (1 + listed) * count_words(head.text)
    known = ReaderKnowledge(head.text, telling.language, rivals or {})
    known.exclude_rivals(top)
    head_stems = frozenset(known.stems)
    if telling.fact_clusters:
        chosen = choose_answers(telling.fact_clusters, able, left, known)
        ordered = [
            item
            for part in answer_bands(chosen, telling.fact_clusters)
            for item in order_candidates(part, telling.fact_clusters, telling, head_stems)
        ]
    else:
        ordered = write_body(top, whole, telling, support, left, known)
    return head, [DraftSentence(item.text, (item.key,), "extracted") for item in ordered]


def _choose_headline(
    telling: StoryEvidence,
    able: Sequence[Candidate],
    support: ConceptSupport,
    newest: Mapping[str, str],
) -> tuple[Candidate, Span]:
    """What says the event best: the newest of it, where reports begin with what has changed since;
    where something else is asked for, what answers it best."""
    answers = answer_scorer(telling.fact_clusters)
    every = opening_candidates(telling)
    current = [item for item in every if item.statement.text not in newest]
    news = {
        newest.get(item.statement.text, item.statement.text)
        for item in every
        if item.position == 0 or item.is_opening
    }.intersection(newest.values())
    openings = [item for item in current if item.statement.text in news] or current
    fitness = event_fitness(telling, support)
    nothing = ReaderKnowledge("", telling.language, {})

    def suits(item: Candidate) -> float:
        known = 1.0 if openings else nothing.antecedent_factor(item)
        return fitness(item) * (0.5 + answers(item)) * known

    best = max(openings or able, key=suits)
    event = best, headline_span(best.text)
    shown = best.text[slice(*event[1])]
    if answers(best) >= MIN_EVENT_HEADLINE_ANSWER and (
        not telling.question_stems or question_share(shown, telling) >= MIN_QUESTION_SHARE
    ):
        return event
    return answer_headline(telling, able) or event
