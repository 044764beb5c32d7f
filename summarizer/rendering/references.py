"""Numbers of sources and keys of quotations, the same in every format of one document."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from summarizer.rendering.labels import ENGLISH, Labels
from summarizer.rendering.phrases import attribution
from summarizer.rendering.sanitize import clean_line, text_fragment_url
from summarizer.text.spans import Span

if TYPE_CHECKING:
    from summarizer.audit.report import AuditedSentence, DraftAudit
    from summarizer.briefing import Briefing, Sentence, Source


@dataclass(frozen=True, slots=True)
class CitationView:
    """One quotation, however many sentences cite it.

    ``key`` is the source's number, with a letter where several quotations come from one source:
    ``2``, ``3a``, ``3b``. ``footnote`` counts quotations in order of first citation, ``source`` is
    the source's number, ``span`` where it is in its text, ``place`` the page, time or chapter that
    this is, and ``link`` the source's page opened at the words.
    """

    key: str
    footnote: int
    source: int
    span: Span
    label: str
    attribution: str
    quote: str
    link: str | None
    place: str


class NumberedSource(NamedTuple):
    """A cited source. ``twin``: the first number of the same origin, if that is another source."""

    number: int
    source: "Source"
    twin: int | None


@dataclass(frozen=True, slots=True)
class References:
    """The cited sources and the quotations of one document, in order of first citation."""

    sources: tuple[NumberedSource, ...]
    citations: dict[tuple[str, int, int], CitationView]

    def citations_of(self, sentence: "Sentence | AuditedSentence") -> tuple[CitationView, ...]:
        """The sentence's quotations, each once, the best first."""
        keys = dict.fromkeys((one.source, one.start, one.end) for one in sentence.citations)
        return tuple(self.citations[key] for key in keys)


def number_references(document: "Briefing | DraftAudit", labels: Labels = ENGLISH) -> References:
    """Numbers the sources and quotations by first citation in reading order."""
    cited = {
        (citation.source, citation.start, citation.end): citation
        for sentence in document.all_sentences()
        for citation in sentence.citations
    }
    by_id = {source.id: source for source in document.sources}
    sources: dict[str, NumberedSource] = {}
    attributions: dict[str, str] = {}
    leaders: dict[str, int] = {}
    for number, source_id in enumerate(dict.fromkeys(key[0] for key in cited), start=1):
        leader = leaders.setdefault(by_id[source_id].origin, number)
        twin = None if leader == number else leader
        sources[source_id] = NumberedSource(number, by_id[source_id], twin)
        attributions[source_id] = attribution(by_id[source_id], twin, labels)

    totals, seen = Counter(key[0] for key in cited), Counter[str]()
    citations = {}
    for footnote, (key, citation) in enumerate(cited.items(), start=1):
        number, source, _ = sources[citation.source]
        letter = _letter_suffix(seen[source.id]) if totals[source.id] > 1 else ""
        seen[source.id] += 1
        place = clean_line(citation.place)
        citations[key] = CitationView(
            key=f"{number}{letter}",
            footnote=footnote,
            source=number,
            span=Span(citation.start, citation.end),
            label=clean_line(source.label),
            attribution=" · ".join(filter(None, (attributions[source.id], place))),
            quote=clean_line(citation.quote),
            link=text_fragment_url(source.url, citation.quote),
            place=place,
        )
    return References(tuple(sources.values()), citations)


def _letter_suffix(index: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    higher, lower = divmod(index, 26)
    return (_letter_suffix(higher - 1) if higher else "") + chr(ord("a") + lower)
