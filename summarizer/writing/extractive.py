"""The writer that needs no model: the sources' own sentences, chosen to say the most.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009): a sentence
is worth the stems and stem pairs it tells that were not told yet, each weighed by how telling it is
and by how many independent origins use it. Chosen greedily, per word, until the words are used up.

Where something is asked, `summarizer.retrieval.answers` has ranked the facts, and the best are
told (`summarizer.writing.answering`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from summarizer.checking.resolve import Draft
from summarizer.retrieval.origins import Place
from summarizer.retrieval.overlap import dice
from summarizer.retrieval.sayings import Saying, sayings
from summarizer.text.frequencies import weigh
from summarizer.text.languages import count_words
from summarizer.text.selectors import Span
from summarizer.text.tokens import content
from summarizer.writing.answering import EVENT, MOSTLY, answer_of, answering, bands, named, title
from summarizer.writing.candidates import Candidate, Concept, Telling, openings
from summarizer.writing.known import Known
from summarizer.writing.ordering import Fact, arrange
from summarizer.writing.standalone import ease, headline

__all__ = ["order", "write"]

OPENING, FADING = 1.5, 8
"""Bonus of an article's first sentence, and over how many sentences it fades: news tells the most
important thing first."""

LONE = 0.5
"""What is taken off the origins that use a concept: one alone may be wrong, or beside the point."""

FRESH = 2.0
"""Power of how unlike what is told a sentence is, by which its gain counts."""

WORTHY = 0.03
"""Least gain per word, beside the best sentence's, of one that is told."""


def write(
    telling: Telling,
    able: Sequence[Candidate],
    words: int,
    rivals: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Draft, list[Draft]] | None:
    """Headline and sentences in reading order, about ``words`` long together.

    ``able``: the story's `candidates`. ``rivals``: sentence -> those that are not told beside it.
    None when there are none.
    """
    if not able:
        return None
    worth = _worth(telling, able)
    top, span = _headline(telling, able, worth)
    head = Draft(top.text[span.start : span.end], (top.key,), "extracted")
    left = words - count_words(head.text)
    told = Known(head.text, telling.language, rivals or {})
    told.bar(top)
    head_stems = frozenset(told.stems)
    if telling.sayings:
        chosen = answering(telling.sayings, able, left, told)
        parts, groups = bands(chosen, telling.sayings), telling.sayings
    else:
        groups = sayings([item.statement for item in able])
        parts = [_choose(able, groups, worth, left, told)]
    ordered = (item for part in parts for item in order(part, groups, telling, head_stems))
    return head, [Draft(item.text, (item.key,), "extracted") for item in ordered]


def _worth(telling: Telling, able: Sequence[Candidate]) -> Callable[[Concept], float]:
    """Weight of a concept: how telling its stems are, times the origins that use it."""
    users: dict[Concept, set[str]] = defaultdict(set)
    uses: Counter[Concept] = Counter()
    for candidate in able:
        origin = telling.origins.of[candidate.statement.source]
        uses.update(candidate.concepts)
        for concept in candidate.concepts:
            users[concept].add(origin)
    idf = weigh(())

    @cache
    def worth(concept: Concept) -> float:
        stems = (concept,) if isinstance(concept, str) else concept
        telling_weight = sum(idf(stem) for stem in stems) / (2 if len(stems) > 1 else 1)
        return telling_weight * (len(users[concept]) - LONE) * math.sqrt(uses[concept])

    return worth


def _prior(item: Candidate) -> float:
    """What a gain counts: more where the sources begin, and in few words."""
    place = 1 + OPENING / (1 + item.place / FADING)
    cost: float = item.length**0.8
    return place * ease(item.text) / cost


def _choose(
    able: Sequence[Candidate],
    groups: Sequence[Saying],
    worth: Callable[[Concept], float],
    words: int,
    told: Known,
) -> list[Candidate]:
    """Greedy by gain per word; a sentence that says what is said already is never chosen."""
    facts = {
        (item.source, item.span): at for at, each in enumerate(groups) for item in each.statements
    }
    left = [(item, _prior(item)) for item in able]
    chosen: list[Candidate] = []
    least = 0.0

    def score(pair: tuple[Candidate, float]) -> float:
        # fsum is exact, whatever the order of the set
        gain = math.fsum(map(worth, pair[0].concepts - told.concepts))
        fresh: float = told.fresh(pair[0]) ** FRESH
        return pair[1] * told.grounds(pair[0]) * fresh * gain

    while fitting := [p for p in left if p[0].length <= words and not told.says(p[0])]:
        top = max(fitting, key=score)
        if score(top) < least:
            break
        best, least = top[0], least or WORTHY * score(top)
        chosen.append(best)
        told.add(best)
        words -= best.length
        left = [pair for pair in fitting if facts[pair[0].where] != facts[best.where]]
    return chosen


def _headline(
    telling: Telling, able: Sequence[Candidate], worth: Callable[[Concept], float]
) -> tuple[Candidate, Span]:
    """What says the event best; where something else is asked for, what answers it best."""
    answers = answer_of(telling.sayings)
    event = _event(telling, openings(telling) or able, worth, answers)
    shown = event[0].text[slice(*event[1])]
    if answers(event[0]) >= EVENT and (not telling.asked or named(shown, telling) >= MOSTLY):
        return event
    return title(telling, able) or event


def _event(
    telling: Telling,
    able: Sequence[Candidate],
    worth: Callable[[Concept], float],
    answers: Callable[[Candidate], float],
) -> tuple[Candidate, Span]:
    """The opening sentence that says the event best, and its span in that sentence."""
    titles = {frozenset(content(title, telling.language)) for title in telling.titles}

    def fitness(item: Candidate) -> float:
        span = headline(item.text)
        words = content(item.text[span.start : span.end], telling.language)
        length = count_words(item.text[span.start : span.end])
        stems = frozenset(words)
        likeness = max((dice(title, stems) for title in titles), default=0.0)
        known = math.fsum(map(worth, stems))
        fluent: float = known / length**0.7 * min(1, 22 / length)
        return fluent * (1 + likeness) / (1 + item.place / 2) * (0.5 + answers(item))

    best = max(able, key=fitness)
    return best, headline(best.text)


def order(
    chosen: Sequence[Candidate],
    groups: Sequence[Saying],
    telling: Telling,
    known: Collection[str],
) -> list[Candidate]:
    """What happened and when, background last."""
    homes = {(item.source, item.span): each for each in groups for item in each.statements}
    places = {
        (item.source, item.span): at / len(said)
        for said in telling.said.values()
        for at, item in enumerate(said)
    }
    facts = [
        Fact(item.text, _places(homes[item.where], places), item.statement, item.place, item.needs)
        for item in chosen
    ]
    return [chosen[at] for at in arrange(facts, telling.written, known)]


def _places(saying: Saying, places: Mapping[Place, float]) -> Mapping[str, float]:
    """Where each source of this story that tells it has it first, 0..1."""
    found: dict[str, float] = {}
    for item in saying.statements:
        if (at := places.get((item.source, item.span))) is not None:
            found[item.source] = min(at, found.get(item.source, 1.0))
    return found
