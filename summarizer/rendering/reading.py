"""What the reading page shows, in the order it shows it; the templates only lay it out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.briefings import Briefing, Chunk, Disagreement, Finding, Sentence, Source, Story
from summarizer.rendering.links import quoted
from summarizer.rendering.passages import Piece, cut, join, windows
from summarizer.rendering.references import Note, Reference, References, number
from summarizer.rendering.wording import PARAGRAPH, aside, differing, dropped, masthead, report
from summarizer.sources.articles import digest
from summarizer.text.selectors import Span

__all__ = [
    "Differing",
    "Quotation",
    "Reading",
    "Shelf",
    "Telling",
    "Told",
    "cited_by",
    "read",
    "shelve",
]

CONTEXT = 40_000
"""Code points of context shared by all quotations of a page, so that a page of 100 sentences and
40 sources stays under 300 kB and a short one shows whole articles."""

FINDINGS = 100
"""Findings told one by one; the JSON holds all."""


class Told(NamedTuple):
    """A sentence with its permalink (``t7``: the seventh told) and its quotations."""

    id: str
    sentence: Sentence
    notes: list[Note]


class Differing(NamedTuple):
    lead: str
    about: str
    sides: list[Told]


class Telling(NamedTuple):
    story: Story
    headline: Told
    paragraphs: list[list[Told]]
    disagreements: list[Differing]


class Quotation(NamedTuple):
    """A footnote: its quotation, the sentences that cite it, and the page opened at the words."""

    note: Note
    cited_by: list[str]
    link: str | None


class Shelf(NamedTuple):
    """One source: who said it, what is quoted, and the quotations in their context."""

    reference: Reference
    quotations: list[Quotation]
    blocks: list[list[Piece]]


class Reading(NamedTuple):
    """The page. ``findings`` begins with those about sentences; ``untold`` counts the rest."""

    briefing: Briefing
    masthead: str
    stories: list[Telling]
    shelves: list[Shelf]
    aside: str
    findings: list[tuple[Finding, Source | None]]
    untold: int
    report: str


def read(briefing: Briefing, texts: Mapping[str, str] | None = None) -> Reading:
    """The page of ``briefing``. ``texts`` (source id -> snapshot) widen the context shown.

    A text that is not the snapshot which the source's sha256 names is passed over.
    """
    references = number(briefing)
    told = iter(
        Told(f"t{at}", one, references.of(one)) for at, one in enumerate(briefing.told(), start=1)
    )
    stories = [_telling(story, told) for story in briefing.stories]
    findings = sorted(briefing.findings, key=lambda finding: not dropped(finding))
    sources = {source.id: source for source in briefing.sources}
    return Reading(
        briefing=briefing,
        masthead=masthead(briefing, references.sources),
        stories=stories,
        shelves=list(shelve(briefing.chunks, references, cited_by(_all(stories)), texts or {})),
        aside=aside(findings),
        findings=[(one, sources.get(one.source or "")) for one in findings[:FINDINGS]],
        untold=len(findings[FINDINGS:]),
        report=report(briefing.report),
    )


def _telling(story: Story, told: Iterator[Told]) -> Telling:
    """Takes the story's sentences from ``told``, which yields them in reading order."""
    headline = next(told)
    sentences = [next(told) for _ in story.sentences]
    paragraphs = [sentences[at : at + PARAGRAPH] for at in range(0, len(sentences), PARAGRAPH)]
    return Telling(story, headline, paragraphs, [_differing(d, told) for d in story.disagreements])


def _differing(disagreement: Disagreement, told: Iterator[Told]) -> Differing:
    lead = " ".join(differing(disagreement.update)).strip()
    return Differing(lead, disagreement.about, [next(told) for _ in disagreement.sides])


def _all(stories: Sequence[Telling]) -> Iterator[Told]:
    for telling in stories:
        yield telling.headline
        for paragraph in telling.paragraphs:
            yield from paragraph
        for each in telling.disagreements:
            yield from each.sides


def cited_by(told: Iterable[Told]) -> dict[str, list[str]]:
    """The ids of the sentences that cite each quotation, by the quotation's key."""
    found: dict[str, list[str]] = {}
    for one in told:
        for note in one.notes:
            found.setdefault(note.key, []).append(one.id)
    return found


def shelve(
    chunks: Sequence[Chunk],
    references: References,
    citing: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
) -> Iterator[Shelf]:
    """Every source with its quotations in their context; see `read` for ``texts``."""
    context = CONTEXT // (2 * max(1, len(references.notes)))
    for reference in references.sources:
        source = reference.source
        notes = [note for note in references.notes.values() if note.reference == reference]
        spans = [(note.key, Span(note.citation.start, note.citation.end)) for note in notes]
        text = texts.get(source.id, "")
        if text and digest(text) == source.sha256:
            blocks = windows(text, [span for _, span in spans], context)
        else:
            blocks = join([chunk for chunk in chunks if chunk.source == source.id])
        quotations = [
            Quotation(note, list(citing[note.key]), quoted(source.url, note.citation.quote))
            for note in notes
        ]
        yield Shelf(reference, quotations, [list(cut(block, spans)) for block in blocks])
