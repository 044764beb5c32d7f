"""What answers a question: one sentence for each fact, in the words that share most with all who
tell it, so that most of them can be cited.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from summarizer.checking.resolve import covered
from summarizer.retrieval.sayings import Saying
from summarizer.text.languages import count_words
from summarizer.text.selectors import Span
from summarizer.text.tokens import content
from summarizer.writing.candidates import Candidate, Telling
from summarizer.writing.known import Known, weigh_stems
from summarizer.writing.standalone import ease, headline

__all__ = ["EVENT", "MOSTLY", "answer_of", "answering", "bands", "named", "title"]

ANSWER = 0.15
"""Least answer, beside the best one's 1, of a sentence that is told when something is asked for
(``benchmarks.quality.selection``)."""


ASKED, EVENT = 0.5, 0.8
"""Least answer of a sentence that is a headline when something is asked for, and of the event's
own headline if it is to stay."""


FRESH = 1.0
"""Power of how unlike what is told a fact is, by which its answer counts."""

MOSTLY = 0.75
"""Share of the question's own words that the event's headline has if it is to stay."""

SILENT = 0.5
"""What a sentence counts as a headline that has none of these words, beside 1.5 for all."""

STRONG = (0.5, 0.25)
"""Answers that are told before all lesser ones."""


TITLE = 18
"""Words of a headline; a longer one is the worse for it."""


MOST = 50
"""Statements of one fact by which the best words for it are found."""


def answer_of(asked: Sequence[Saying]) -> Callable[[Candidate], float]:
    """How much of what is asked a candidate tells, 0..1; 1 if nothing is asked."""
    known = {
        (item.source, item.span): saying.answer for saying in asked for item in saying.statements
    }
    return lambda item: known.get(item.where, 0.0) if asked else 1.0


def answering(
    asked: Sequence[Saying], able: Sequence[Candidate], words: int, told: Known
) -> list[Candidate]:
    """One sentence for each fact that answers, the best answer first."""
    chosen: list[Candidate] = []
    left = [(saying, here) for saying, here in _held(asked, able) if saying.answer >= ANSWER]

    def worth(fact: tuple[Saying, list[Candidate]]) -> float:
        saying, here = fact
        fresh: float = told.fresh(here[0]) ** FRESH
        return saying.answer * fresh

    while left:
        fact = max(left, key=worth)
        left.remove(fact)
        saying, here = fact
        fitting = [item for item in here if item.length <= words and not told.repeats(item)]
        if fitting:
            best = _shared(fitting, saying, told)
            chosen.append(best)
            told.add(best)
            words -= best.length
    return chosen


def bands(chosen: Sequence[Candidate], asked: Sequence[Saying]) -> list[list[Candidate]]:
    """The strong answers, and the others."""
    answers = answer_of(asked)
    return [
        [item for item in chosen if low <= answers(item) < high]
        for high, low in pairwise((math.inf, *STRONG, 0.0))
    ]


def _shared(able: Sequence[Candidate], saying: Saying, told: Known) -> Candidate:
    """The one whose words the others have most of, and which has most of theirs."""
    others = [(item, weigh_stems(item.stems)) for item in saying.statements[:MOST]]

    def shares(item: Candidate) -> float:
        own = item.statement
        wanted = weigh_stems(own.stems)
        carried = [covered(wanted, other.stems) for other, _ in others if other is not own]
        held = [covered(theirs, own.stems) for other, theirs in others if other is not own]
        return ease(item.text) * told.grounds(item) * math.fsum(carried) * math.fsum(held)

    return max(able, key=shares)


def named(text: str, telling: Telling) -> float:
    """Share of the question's own words that some words have, 0..1."""
    asked = telling.asked
    return len(asked.intersection(content(text, telling.language))) / max(1, len(asked))


def title(telling: Telling, able: Sequence[Candidate]) -> tuple[Candidate, Span] | None:
    """A short sentence among the strongest answers, and its span; None if there is none."""
    nothing = Known("", telling.language, {})
    facts = _held(telling.sayings, able)
    strong = ((saying, here) for saying, here in facts if saying.answer >= ASKED)
    told = [(saying.answer, _shared(here, saying, nothing)) for saying, here in strong]
    if not told:
        return None

    def fitness(pair: tuple[float, Candidate]) -> float:
        answer, item = pair
        shown = item.text[slice(*_shortened(item, telling))]
        brief = min(1.0, TITLE / count_words(shown))
        return (
            answer * (SILENT + named(shown, telling)) * brief * ease(shown) * nothing.grounds(item)
        )

    _, best = max(told, key=fitness)
    return best, _shortened(best, telling)


def _shortened(item: Candidate, telling: Telling) -> Span:
    """A headline's part of the sentence, if nothing that is asked for is lost with the rest."""
    span = headline(item.text)
    if named(item.text[slice(*span)], telling) == named(item.text, telling):
        return span
    return Span(0, len(item.text.rstrip(". ")))


def _held(
    asked: Sequence[Saying], able: Sequence[Candidate]
) -> Iterator[tuple[Saying, list[Candidate]]]:
    """The facts, each with those of its sentences that may be told."""
    held = {item.where: item for item in able}
    for saying in asked:
        here = [held[at] for item in saying.statements if (at := (item.source, item.span)) in held]
        if here:
            yield saying, here
