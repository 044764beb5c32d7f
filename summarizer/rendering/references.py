"""Numbers of sources and keys of quotations, the same in every format of one document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from summarizer.briefing import Citation, Source

__all__ = [
    "Bibliography",
    "CitingDocument",
    "CitingSentence",
    "Footnote",
    "NumberedSource",
    "number_references",
]


class CitingSentence(Protocol):
    """A sentence, of a briefing or of a checked draft."""

    @property
    def citations(self) -> tuple[Citation, ...]: ...


class CitingDocument(Protocol):
    """A briefing or a checked draft."""

    @property
    def sources(self) -> tuple[Source, ...]: ...

    def all_sentences(self) -> Iterator[CitingSentence]: ...


class NumberedSource(NamedTuple):
    """A cited source. ``twin``: the first number of the same origin, if that is another source."""

    number: int
    source: Source
    twin: int | None


class Footnote(NamedTuple):
    """One quotation, however many sentences cite it.

    ``number`` counts quotations in order of first citation; ``key`` is the source's number, with
    a letter where several quotations come from one source: ``2``, ``3a``, ``3b``.
    """

    number: int
    key: str
    reference: NumberedSource
    citation: Citation


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The cited sources and quotations of one briefing, both in order of first citation."""

    sources: tuple[NumberedSource, ...]
    notes: dict[tuple[str, int, int], Footnote]

    def numbers(self, sentence: CitingSentence) -> list[int]:
        """The sentence's sources by number, each once, the best first."""
        return list(dict.fromkeys(note.reference.number for note in self.of(sentence)))

    def of(self, sentence: CitingSentence) -> list[Footnote]:
        """The sentence's quotations, each once, the best first."""
        return list(dict.fromkeys(self.notes[_citation_key(c)] for c in sentence.citations))


def number_references(briefing: CitingDocument) -> Bibliography:
    """Numbers the sources and quotations by first citation in reading order."""
    cited = {_citation_key(c): c for told in briefing.all_sentences() for c in told.citations}
    by_id = {source.id: source for source in briefing.sources}
    ids = dict.fromkeys(citation.source for citation in cited.values())
    references = tuple(_numbered_sources([by_id[key] for key in ids]))
    notes = _numbered_footnotes({one.source.id: one for one in references}, list(cited.values()))
    return Bibliography(references, {_citation_key(note.citation): note for note in notes})


def _citation_key(citation: Citation) -> tuple[str, int, int]:
    return citation.source, citation.start, citation.end


def _numbered_sources(sources: Sequence[Source]) -> Iterator[NumberedSource]:
    first: dict[str, int] = {}
    for at, source in enumerate(sources, start=1):
        leader = first.setdefault(source.origin, at)
        yield NumberedSource(at, source, None if leader == at else leader)


def _numbered_footnotes(
    references: dict[str, NumberedSource], cited: Sequence[Citation]
) -> Iterator[Footnote]:
    total: dict[str, int] = {}
    for citation in cited:
        total[citation.source] = total.get(citation.source, 0) + 1
    seen = dict.fromkeys(total, 0)
    for at, citation in enumerate(cited, start=1):
        reference = references[citation.source]
        letter = _letter_suffix(seen[citation.source]) if total[citation.source] > 1 else ""
        seen[citation.source] += 1
        yield Footnote(at, f"{reference.number}{letter}", reference, citation)


def _letter_suffix(at: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    higher, lower = divmod(at, 26)
    return (_letter_suffix(higher - 1) if higher else "") + chr(ord("a") + lower)
