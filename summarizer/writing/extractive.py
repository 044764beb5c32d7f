"""The writer that needs no model: the sources' own sentences, chosen to say the most.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009): a sentence
is worth the stems and stem pairs it tells that were not told yet, each weighed by how telling it is
and by how many independent origins use it. Chosen greedily, per word, until the words are used up.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from summarizer.checking.resolve import Draft, covered, weights
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import Origins
from summarizer.retrieval.overlap import dice
from summarizer.text.frequencies import weigh
from summarizer.text.languages import count_words
from summarizer.text.selectors import Span
from summarizer.text.tokens import bigrams, content
from summarizer.writing.standalone import ease, headline, heads, sentence, stands_alone

__all__ = ["Candidate", "Telling", "candidates", "order", "write"]

OPENING, FADING = 1.5, 8
"""Bonus of an article's first sentence, and over how many sentences it fades: news tells the most
important thing first."""

OPENINGS = 3
"""Statements of an article among which its headline is looked for."""

ANSWER = 0.25
"""Least answer of a sentence that is told when something is asked for."""

SAME, NEW = 0.5, 0.4
"""Dice of the stems from which a further sentence says what is said already, and the least share of
its weight that must be new."""

Concept = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be told: ``span`` of the words in its article, and what it tells."""

    statement: Statement
    span: Span
    text: str
    place: int
    length: int
    concepts: frozenset[Concept]

    @property
    def key(self) -> str:
        """Its citation key."""
        return self.statement.chunk.id


@dataclass(frozen=True, slots=True)
class Telling:
    """What one story is told from. ``relevance``: chunk id -> 0..1 for the focus, empty without."""

    said: Mapping[str, Sequence[Statement]]
    origins: Origins
    language: str
    titles: tuple[str, ...] = ()
    focus: str = ""
    relevance: Mapping[str, float] | None = None


def write(
    telling: Telling, able: Sequence[Candidate], words: int
) -> tuple[Draft, list[Draft]] | None:
    """Headline and sentences in reading order, about ``words`` long together.

    ``able``: the story's `candidates`. None when there are none.
    """
    if not able:
        return None
    worth, answers = _worth(telling, able), _answers(telling)
    top, span = _headline(telling, _openings(telling) or able, worth, answers)
    head = Draft(top.text[span.start : span.end], (top.key,), "extracted")
    left = words - count_words(head.text)
    known = _Told(head.text, telling.language)
    told = order(_choose(able, worth, answers, left, known), telling)
    return head, [Draft(item.text, (item.key,), "extracted") for item in told]


def candidates(telling: Telling) -> list[Candidate]:
    """The statements that stand alone, in order of article and place."""
    every = (
        _candidate(statement, place, telling.language)
        for said in telling.said.values()
        for place, statement in enumerate(said)
    )
    return [item for item in every if stands_alone(item.text)]


def _openings(telling: Telling) -> list[Candidate]:
    """The first statements of each article that can be a headline."""
    every = (
        _candidate(statement, place, telling.language)
        for said in telling.said.values()
        for place, statement in enumerate(said[:OPENINGS])
    )
    return [item for item in every if heads(item.text)]


def _candidate(statement: Statement, place: int, language: str) -> Candidate:
    span = sentence(statement.text)
    text = statement.text[span.start : span.end]
    stems = content(text, language)
    where = Span(statement.span.start + span.start, statement.span.end)
    concepts = frozenset(stems) | bigrams(stems)
    return Candidate(statement, where, text, place, count_words(text), concepts)


class _Told:
    """What the reader knows already."""

    def __init__(self, text: str, language: str) -> None:
        stems = content(text, language)
        self.concepts: set[Concept] = {*stems, *bigrams(stems)}
        self.sentences = [frozenset(stems)]

    def add(self, candidate: Candidate) -> None:
        self.concepts |= candidate.concepts
        self.sentences.append(candidate.statement.stems)

    def says(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or all together nearly all of it."""
        stems = candidate.statement.stems
        if any(dice(told, stems) >= SAME for told in self.sentences):
            return True
        known = covered(weights(stems), {s for s in self.concepts if isinstance(s, str)})
        return known > 1 - NEW


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
        return telling_weight * (len(users[concept]) - 0.5) * math.sqrt(uses[concept])

    return worth


def _answers(telling: Telling) -> Callable[[Candidate], float]:
    """How much of what is asked a candidate and its passage tell: 0..1.5, 1 if nothing is asked."""
    asked = weights(content(telling.focus, telling.language))
    relevance = telling.relevance or {}

    def answers(item: Candidate) -> float:
        if not asked:
            return 1.0
        return covered(asked, item.statement.stems) + 0.5 * relevance.get(item.key, 0.0)

    return answers


def _prior(item: Candidate, answer: float) -> float:
    """What a gain counts: more where the sources begin, where it is asked for, and in few words."""
    place = 1 + OPENING / (1 + item.place / FADING)
    cost: float = item.length**0.8
    return place * ease(item.text) * answer / cost


def _choose(
    able: Sequence[Candidate],
    worth: Callable[[Concept], float],
    answers: Callable[[Candidate], float],
    words: int,
    told: _Told,
) -> list[Candidate]:
    """Greedy by gain per word; a sentence that says what is said already is never chosen."""
    asked_for = [(item, answer) for item in able if (answer := answers(item)) >= ANSWER]
    left = [(item, _prior(item, answer)) for item, answer in asked_for]
    chosen: list[Candidate] = []

    def score(pair: tuple[Candidate, float]) -> float:
        # fsum is exact, whatever the order of the set
        return pair[1] * math.fsum(map(worth, pair[0].concepts - told.concepts))

    while fitting := [p for p in left if p[0].length <= words and not told.says(p[0])]:
        best, _ = max(fitting, key=score)
        chosen.append(best)
        told.add(best)
        words -= best.length
        left = [pair for pair in fitting if pair[0] is not best]
    return chosen


def _headline(
    telling: Telling,
    able: Sequence[Candidate],
    worth: Callable[[Concept], float],
    answers: Callable[[Candidate], float],
) -> tuple[Candidate, Span]:
    """The opening sentence that says the event best, and its span in that sentence."""
    titles = [frozenset(content(title, telling.language)) for title in telling.titles]

    def fitness(item: Candidate) -> float:
        span = headline(item.text)
        words = content(item.text[span.start : span.end], telling.language)
        length = count_words(item.text[span.start : span.end])
        likeness = max((dice(title, frozenset(words)) for title in titles), default=0.0)
        known = math.fsum(map(worth, set(words)))
        fluent: float = known / length**0.7 * min(1, 22 / length)
        return fluent * (1 + likeness) / (1 + item.place / 2) * (0.5 + answers(item))

    best = max(able, key=fitness)
    return best, headline(best.text)


def order(chosen: Sequence[Candidate], telling: Telling) -> list[Candidate]:
    """What happened first, background last: by where the sources themselves place it."""
    lengths = Counter({source: len(said) for source, said in telling.said.items()})

    def depth(item: Candidate) -> tuple[float, str]:
        return item.place / max(1, lengths[item.statement.source]), item.key

    return sorted(chosen, key=depth)
