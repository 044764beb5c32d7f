"""What the reader knows already while a story is written."""

from collections.abc import Mapping
from functools import lru_cache

from summarizer.checking.resolve import covered, weights
from summarizer.retrieval.overlap import dice
from summarizer.text.tokens import bigrams, content
from summarizer.writing.antecedents import unmet
from summarizer.writing.candidates import Candidate, Concept

__all__ = ["Known", "weigh_stems"]

SAME, HELD, NEW = 0.4, 0.46, 0.4
"""When a further sentence says what is said already: Dice of the stems with one sentence told,
share of its weight that one of them holds, and the least share that must be new to all of them.
By ``benchmarks.quality``: readability (likeness of the sentences) and selection."""


LEANING = 0.4
"""What a sentence counts that takes as known what the reader was not told."""


class Known:
    """What was told, headline first. ``rivals``: sentence -> those that are not told beside it."""

    def __init__(self, text: str, language: str, rivals: Mapping[str, frozenset[str]]) -> None:
        stems = content(text, language)
        self.concepts: set[Concept] = {*stems, *bigrams(stems)}
        self.stems = set(stems)
        self.sentences = [frozenset(stems)]
        self._rivals = rivals
        self._barred: set[str] = set()

    def add(self, candidate: Candidate) -> None:
        """One sentence more."""
        self.concepts |= candidate.concepts
        self.stems |= candidate.statement.stems
        self.sentences.append(candidate.statement.stems)
        self.bar(candidate)

    def bar(self, candidate: Candidate) -> None:
        """What contradicts it is not told as well."""
        self._barred |= self._rivals.get(candidate.statement.text, frozenset())

    def grounds(self, candidate: Candidate) -> float:
        """How well the reader knows what it takes as known, 0..1."""
        return LEANING if unmet(candidate.needs, self.stems) else 1.0

    def fresh(self, candidate: Candidate) -> float:
        """How unlike it is to what is told, 0..1; the headline, which a sentence may tell in full,
        counts by half."""
        stems = candidate.statement.stems
        head, *others = (dice(told, stems) for told in self.sentences)
        return 1 - max(head / 2, *others) if others else 1 - head / 2

    def repeats(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or what it cannot be right beside."""
        if candidate.statement.text in self._barred:
            return True
        stems = candidate.statement.stems
        wanted = weigh_stems(stems)
        return any(dice(t, stems) >= SAME or covered(wanted, t) >= HELD for t in self.sentences)

    def says(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or all together nearly all of it."""
        wanted = weigh_stems(candidate.statement.stems)
        return covered(wanted, self.stems) > 1 - NEW or self.repeats(candidate)


@lru_cache(maxsize=1 << 12)
def weigh_stems(stems: frozenset[str]) -> Mapping[str, float]:
    """Share of what a sentence says in each of its stems."""
    return weights(sorted(stems))  # one order, so that sums never differ in their last digit
