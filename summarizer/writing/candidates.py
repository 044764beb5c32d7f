"""The sentences that may be told, and what one story is told from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import Origins, Place
from summarizer.retrieval.sayings import Saying
from summarizer.text.languages import count_words
from summarizer.text.selectors import Span
from summarizer.text.tokens import bigrams, content
from summarizer.writing.antecedents import BEFORE, needs
from summarizer.writing.standalone import heads, sentence, stands_alone

__all__ = ["Candidate", "Concept", "Telling", "candidates", "openings"]

OPENINGS = 3
"""Statements of an article among which its headline is looked for."""


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
    needs: tuple[frozenset[str], ...] = ()

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
    are what answers it, in this story or not, the best first; ``asked`` are the
    telling stems of the question. All are empty without."""

    said: Mapping[str, Sequence[Statement]]
    origins: Origins
    language: str
    titles: tuple[str, ...] = ()
    relevance: Mapping[str, float] = field(default_factory=dict)
    sayings: Sequence[Saying] = ()
    asked: frozenset[str] = frozenset()
    written: Mapping[str, date] = field(default_factory=dict)
    """Days of writing that are known exactly, by source."""
    foreign: frozenset[str] = frozenset()
    """Sources in another language: they stand behind what is told, but are not told."""

    def own(self) -> list[Sequence[Statement]]:
        """What may be told, source by source."""
        return [said for source, said in self.said.items() if source not in self.foreign]


def candidates(telling: Telling) -> list[Candidate]:
    """The statements that stand alone, in order of article and place."""
    every = (
        _candidate(said, place, telling.language)
        for said in telling.own()
        for place in range(len(said))
    )
    return [item for item in every if stands_alone(item.text)]


def openings(telling: Telling) -> list[Candidate]:
    """The first statements of each article that can be a headline."""
    every = (
        _candidate(said, place, telling.language)
        for said in telling.own()
        for place in range(min(OPENINGS, len(said)))
    )
    return [item for item in every if heads(item.text)]


def _candidate(said: Sequence[Statement], place: int, language: str) -> Candidate:
    statement = said[place]
    span = sentence(statement.text)
    text = statement.text[span.start : span.end]
    stems = content(text, language)
    where = Span(statement.span.start + span.start, statement.span.end)
    concepts = frozenset(stems) | bigrams(stems)
    leaning = needs(statement, said[max(0, place - BEFORE) : place], language)
    return Candidate(statement, where, text, place, count_words(text), concepts, leaning)
