"""Which number a source and a quotation carry, the same in every rendering."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from summarizer.briefings import Citation, Source

__all__ = ["Citing", "Note", "Reference", "References", "Telling", "number"]


class Citing(Protocol):
    """A sentence, of a briefing or of a checked draft."""

    @property
    def citations(self) -> tuple[Citation, ...]: ...


class Telling(Protocol):
    """A briefing or a checked draft."""

    @property
    def sources(self) -> tuple[Source, ...]: ...

    def told(self) -> Iterator[Citing]: ...


class Reference(NamedTuple):
    """A cited source. ``twin``: the first number of the same origin, if that is another source."""

    number: int
    source: Source
    twin: int | None


class Note(NamedTuple):
    """One quotation, however many sentences cite it.

    ``number`` counts quotations in order of first citation; ``key`` is the source's number, with
    a letter where several quotations come from one source: ``2``, ``3a``, ``3b``.
    """

    number: int
    key: str
    reference: Reference
    citation: Citation


@dataclass(frozen=True, slots=True)
class References:
    """The cited sources and quotations of one briefing, both in order of first citation."""

    sources: tuple[Reference, ...]
    notes: dict[tuple[str, int, int], Note]

    def numbers(self, sentence: Citing) -> list[int]:
        """The sentence's sources by number, each once, the best first."""
        return list(dict.fromkeys(note.reference.number for note in self.of(sentence)))

    def of(self, sentence: Citing) -> list[Note]:
        """The sentence's quotations, each once, the best first."""
        return list(dict.fromkeys(self.notes[_place(c)] for c in sentence.citations))


def number(briefing: Telling) -> References:
    """Numbers the sources and quotations by first citation in reading order."""
    cited = {_place(c): c for told in briefing.told() for c in told.citations}
    by_id = {source.id: source for source in briefing.sources}
    ids = dict.fromkeys(citation.source for citation in cited.values())
    references = tuple(_refer([by_id[key] for key in ids]))
    notes = _note({one.source.id: one for one in references}, list(cited.values()))
    return References(references, {_place(note.citation): note for note in notes})


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.source, citation.start, citation.end


def _refer(sources: Sequence[Source]) -> Iterator[Reference]:
    first: dict[str, int] = {}
    for at, source in enumerate(sources, start=1):
        leader = first.setdefault(source.origin, at)
        yield Reference(at, source, None if leader == at else leader)


def _note(references: dict[str, Reference], cited: Sequence[Citation]) -> Iterator[Note]:
    total: dict[str, int] = {}
    for citation in cited:
        total[citation.source] = total.get(citation.source, 0) + 1
    seen = dict.fromkeys(total, 0)
    for at, citation in enumerate(cited, start=1):
        reference = references[citation.source]
        letter = _letters(seen[citation.source]) if total[citation.source] > 1 else ""
        seen[citation.source] += 1
        yield Note(at, f"{reference.number}{letter}", reference, citation)


def _letters(at: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    higher, lower = divmod(at, 26)
    return (_letters(higher - 1) if higher else "") + chr(ord("a") + lower)
