"""The writer that needs no model: the sources' own sentences, chosen to say the most.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009): a sentence
is worth the stems and stem pairs it tells that were not told yet, each weighed by how telling it is
and by how many independent origins use it. Chosen greedily, per word, until the words are used up.

Where something is asked, `summarizer.retrieval.answers` has ranked the facts, and the best are
told: each in the words that share most with all who tell it, so that most of them can be cited.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache

from summarizer.checking.resolve import Draft, covered, weights
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import Origins, Place
from summarizer.retrieval.overlap import dice
from summarizer.retrieval.sayings import Saying, sayings
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

ANSWER = 0.15
"""Least answer, beside the best one's 1, of a sentence that is told when something is asked for
(``benchmarks.quality.selection``)."""

SAME, HELD, NEW = 0.5, 0.5, 0.5
"""When a further sentence says what is said already: Dice of the stems with one sentence told,
share of its weight that one of them holds, and the least share that must be new to all of them.
By ``benchmarks.quality``: readability (likeness of the sentences) and selection."""

MOST = 50
"""Statements of one fact by which the best words for it are found."""

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

    @property
    def where(self) -> Place:
        """Where its article says it."""
        return self.statement.source, self.statement.span


@dataclass(frozen=True, slots=True)
class Telling:
    """What one story is told from. With a focus, ``relevance`` is chunk id -> 0..1, and ``sayings``
    are what answers it, in this story or not, the best first; both are empty without."""

    said: Mapping[str, Sequence[Statement]]
    origins: Origins
    language: str
    titles: tuple[str, ...] = ()
    relevance: Mapping[str, float] = field(default_factory=dict)
    sayings: Sequence[Saying] = ()
    written: Mapping[str, date] = field(default_factory=dict)
    """Days of writing that are known exactly, by source."""


def write(
    telling: Telling, able: Sequence[Candidate], words: int
) -> tuple[Draft, list[Draft]] | None:
    """Headline and sentences in reading order, about ``words`` long together.

    ``able``: the story's `candidates`. None when there are none.
    """
    if not able:
        return None
    worth, answers = _worth(telling, able), _answers(telling.sayings)
    top, span = _headline(telling, _openings(telling) or able, worth, answers)
    head = Draft(top.text[span.start : span.end], (top.key,), "extracted")
    left = words - count_words(head.text)
    known = _Told(head.text, telling.language)
    told = (
        _answering(telling.sayings, able, left, known)
        if telling.sayings
        else order(_choose(able, worth, left, known), telling)
    )
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
        self.stems = set(stems)
        self.sentences = [frozenset(stems)]

    def add(self, candidate: Candidate) -> None:
        self.concepts |= candidate.concepts
        self.stems |= candidate.statement.stems
        self.sentences.append(candidate.statement.stems)

    def repeats(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already."""
        stems = candidate.statement.stems
        wanted = _weights(stems)
        return any(dice(t, stems) >= SAME or covered(wanted, t) >= HELD for t in self.sentences)

    def says(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or all together nearly all of it."""
        wanted = _weights(candidate.statement.stems)
        return covered(wanted, self.stems) > 1 - NEW or self.repeats(candidate)


@lru_cache(maxsize=1 << 12)
def _weights(stems: frozenset[str]) -> Mapping[str, float]:
    return weights(sorted(stems))  # one order, so that sums never differ in their last digit


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


def _answers(asked: Sequence[Saying]) -> Callable[[Candidate], float]:
    """How much of what is asked a candidate tells, 0..1; 1 if nothing is asked."""
    known = {
        (item.source, item.span): saying.answer for saying in asked for item in saying.statements
    }
    return lambda item: known.get(item.where, 0.0) if asked else 1.0


def _prior(item: Candidate) -> float:
    """What a gain counts: more where the sources begin, and in few words."""
    place = 1 + OPENING / (1 + item.place / FADING)
    cost: float = item.length**0.8
    return place * ease(item.text) / cost


def _choose(
    able: Sequence[Candidate], worth: Callable[[Concept], float], words: int, told: _Told
) -> list[Candidate]:
    """Greedy by gain per word; a sentence that says what is said already is never chosen."""
    facts = _facts(able)
    left = [(item, _prior(item)) for item in able]
    chosen: list[Candidate] = []

    def score(pair: tuple[Candidate, float]) -> float:
        # fsum is exact, whatever the order of the set
        return pair[1] * math.fsum(map(worth, pair[0].concepts - told.concepts))

    while fitting := [p for p in left if p[0].length <= words and not told.says(p[0])]:
        best, _ = max(fitting, key=score)
        chosen.append(best)
        told.add(best)
        words -= best.length
        left = [pair for pair in fitting if facts[pair[0].where] != facts[best.where]]
    return chosen


def _facts(able: Sequence[Candidate]) -> Mapping[Place, int]:
    """Which fact each candidate tells: near-sayings tell the same."""
    groups = sayings([item.statement for item in able])
    return {
        (item.source, item.span): at for at, each in enumerate(groups) for item in each.statements
    }


def _answering(
    asked: Sequence[Saying], able: Sequence[Candidate], words: int, told: _Told
) -> list[Candidate]:
    """One sentence for each fact that answers, the best answer first."""
    held = {item.where: item for item in able}
    chosen: list[Candidate] = []
    for saying in asked:
        if saying.answer < ANSWER:
            break
        here = [held[at] for item in saying.statements if (at := (item.source, item.span)) in held]
        fitting = [item for item in here if item.length <= words and not told.repeats(item)]
        if fitting:
            best = _shared(fitting, saying)
            chosen.append(best)
            told.add(best)
            words -= best.length
    return chosen


def _shared(able: Sequence[Candidate], saying: Saying) -> Candidate:
    """The one whose words the others have most of, and which has most of theirs."""
    others = [(item, _weights(item.stems)) for item in saying.statements[:MOST]]

    def shares(item: Candidate) -> float:
        own = item.statement
        wanted = _weights(own.stems)
        carried = [covered(wanted, other.stems) for other, _ in others if other is not own]
        held = [covered(theirs, own.stems) for other, theirs in others if other is not own]
        return ease(item.text) * math.fsum(carried) * math.fsum(held)

    return max(able, key=shares)


def _headline(
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


def order(chosen: Sequence[Candidate], telling: Telling) -> list[Candidate]:
    """What happened first, background last: by where the sources themselves place it."""
    lengths = Counter({source: len(said) for source, said in telling.said.items()})

    def depth(item: Candidate) -> tuple[float, str]:
        return item.place / max(1, lengths[item.statement.source]), item.key

    return sorted(chosen, key=depth)
