"""What a page shows, in reading order: chapters, stories, sentences, and sources with their
quotations in context. The templates only lay it out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.briefing import (
    Briefing,
    BriefingStory,
    CitedChunk,
    Disagreement,
    Finding,
    Sentence,
    Source,
)
from summarizer.edition import Edition, StoryUpdate
from summarizer.rendering.phrases import (
    PARAGRAPH_SENTENCES,
    concerns_sentence,
    disagreement_lead,
    findings_summary,
    format_day,
    masthead,
    pluralize,
    report_line,
)
from summarizer.rendering.references import (
    Bibliography,
    Footnote,
    NumberedSource,
    number_references,
)
from summarizer.rendering.sanitize import text_fragment_url
from summarizer.sources.articles import sha256_hex
from summarizer.text.spans import Span

__all__ = [
    "BriefingView",
    "Chapter",
    "DisagreementView",
    "EditionStory",
    "ExcerptPiece",
    "QuotationView",
    "SentenceView",
    "SourceExcerpt",
    "SourceView",
    "StoryView",
    "arrange_chapters",
    "briefing_in_chapter_order",
    "chapter_headings",
    "citing_sentence_ids",
    "context_windows",
    "merge_chunks",
    "source_views",
    "split_at_quotations",
    "subject_line",
    "view_briefing",
]


class SourceExcerpt(NamedTuple):
    """A contiguous part of a source: ``source_text[start:start + len(text)] == text``."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class ExcerptPiece(NamedTuple):
    """A part of a block that the same quotations cover throughout.

    ``keys`` are those quotations; ``opens`` the ones that begin here.
    """

    text: str
    keys: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def merge_chunks(chunks: Sequence[CitedChunk]) -> list[SourceExcerpt]:
    """The chunks of one source as blocks in order; those that touch or overlap become one."""
    blocks: list[SourceExcerpt] = []
    for chunk in sorted(chunks, key=lambda one: (one.start, one.end)):
        last = blocks[-1] if blocks else None
        if last and chunk.start <= last.end:
            blocks[-1] = SourceExcerpt(last.start, last.text + chunk.text[last.end - chunk.start :])
        else:
            blocks.append(SourceExcerpt(chunk.start, chunk.text))
    return blocks


def context_windows(text: str, spans: Sequence[Span], context: int) -> list[SourceExcerpt]:
    """The parts of an article around ``spans``: about ``context`` code points on each side."""
    grown = sorted(
        Span(_window_start(text, start, context), _window_end(text, end, context))
        for start, end in spans
    )
    merged: list[Span] = []
    for span in grown:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return [SourceExcerpt(start, text[start:end]) for start, end in merged]


def split_at_quotations(
    block: SourceExcerpt, spans: Sequence[tuple[str, Span]]
) -> Iterator[ExcerptPiece]:
    """The block in pieces; ``spans`` are keyed quotations, of which those elsewhere are ignored."""
    held = [(key, at) for key, at in spans if block.start <= at.start < at.end <= block.end]
    edges = {block.start, block.end} | {edge for _, at in held for edge in at}
    start = block.start
    for end in sorted(edges)[1:]:
        yield ExcerptPiece(
            block.text[start - block.start : end - block.start],
            tuple(key for key, at in held if at.start <= start and end <= at.end),
            tuple(key for key, at in held if at.start == start),
        )
        start = end


def _window_start(text: str, start: int, context: int) -> int:
    """A beginning at most ``context`` before ``start``: of a line, if not too near, or a word."""
    earliest = start - context
    if earliest <= 0:
        return 0
    for mark, nearest in (("\n", start - context // 2), (" ", start)):
        at = text.find(mark, earliest, nearest)
        if at >= 0:
            return at + 1
    return earliest


def _window_end(text: str, end: int, context: int) -> int:
    latest = end + context
    if latest >= len(text):
        return len(text)
    for mark, nearest in (("\n", end + context // 2), (" ", end)):
        at = text.rfind(mark, nearest, latest)
        if at >= 0:
            return at
    return latest


class EditionStory(NamedTuple):
    """A story, and what earlier editions told of it."""

    story: BriefingStory
    update: StoryUpdate | None


class Chapter(NamedTuple):
    """The stories of one topic; the title is empty where there are no topics."""

    title: str
    entries: list[EditionStory]


def arrange_chapters(edition: Edition) -> list[Chapter]:
    """The chapters that hold a story; a story of no section comes last, without a title."""
    stories = {story.id: story for story in edition.briefing.stories} if edition.briefing else {}
    chapters = []
    for section in edition.sections:
        found = [stories.pop(name) for name in section.stories if name in stories]
        chapters.append(_build_chapter(section.title, found, edition))
    chapters.append(_build_chapter("", list(stories.values()), edition))
    return [chapter for chapter in chapters if chapter.entries]


def _build_chapter(title: str, stories: list[BriefingStory], edition: Edition) -> Chapter:
    return Chapter(title, [EditionStory(story, edition.update(story.id)) for story in stories])


def briefing_in_chapter_order(edition: Edition, chapters: list[Chapter]) -> Briefing | None:
    """The briefing with its stories in the order of the chapters, under the edition's title."""
    if edition.briefing is None:
        return None
    stories = tuple(entry.story for chapter in chapters for entry in chapter.entries)
    title = f"{edition.title} · {format_day(edition.due)}"
    return edition.briefing.model_copy(update={"stories": stories, "title": title})


def chapter_headings(chapters: list[Chapter]) -> Mapping[str, str]:
    """Story id -> the title that stands above it, empty but for the first story of a chapter."""
    return {
        entry.story.id: "" if at else chapter.title
        for chapter in chapters
        for at, entry in enumerate(chapter.entries)
    }


def subject_line(edition: Edition) -> str:
    """The edition in one line. It tells no story: a sentence never stands without its citation."""
    if edition.kind == "alert":
        return edition.title
    stories = sum(len(chapter.entries) for chapter in arrange_chapters(edition))
    updates = len(edition.updates)
    told = pluralize(stories, "story") if stories else "nothing new"
    if edition.kind == "failed":
        told = "no edition"
    parts = [told, pluralize(updates, "update") if updates else "",
             "incomplete" if edition.kind == "degraded" else ""]  # fmt: skip
    return f"{edition.title} · {format_day(edition.due)}: {', '.join(filter(None, parts))}"


CONTEXT_CHARS = 40_000
"""Code points of context shared by all quotations of a page, so that a page of 100 sentences and
40 sources stays under 300 kB and a short one shows whole articles."""

MAX_FINDINGS = 100
"""Findings told one by one; the JSON holds all."""


class SentenceView(NamedTuple):
    """A sentence with its permalink (``t7``: the seventh told) and its quotations."""

    id: str
    sentence: Sentence
    notes: list[Footnote]


class DisagreementView(NamedTuple):
    lead: str
    about: str
    sides: list[SentenceView]


class StoryView(NamedTuple):
    story: BriefingStory
    headline: SentenceView
    paragraphs: list[list[SentenceView]]
    disagreements: list[DisagreementView]


class QuotationView(NamedTuple):
    """A footnote: its quotation, the sentences that cite it, and the page opened at the words."""

    note: Footnote
    cited_by: list[str]
    link: str | None


class SourceView(NamedTuple):
    """One source: who said it, what is quoted, and the quotations in their context."""

    reference: NumberedSource
    quotations: list[QuotationView]
    blocks: list[list[ExcerptPiece]]


class BriefingView(NamedTuple):
    """The page. ``findings`` begins with those about sentences; ``untold`` counts the rest."""

    briefing: Briefing
    masthead: str
    stories: list[StoryView]
    shelves: list[SourceView]
    aside: str
    findings: list[tuple[Finding, Source | None]]
    untold: int
    report: str


def view_briefing(briefing: Briefing, texts: Mapping[str, str] | None = None) -> BriefingView:
    """The page of ``briefing``. ``texts`` (source id -> snapshot) widen the context shown.

    A text that is not the snapshot which the source's sha256 names is passed over.
    """
    references = number_references(briefing)
    told = iter(
        SentenceView(f"t{at}", one, references.of(one))
        for at, one in enumerate(briefing.all_sentences(), start=1)
    )
    stories = [_story_view(story, told) for story in briefing.stories]
    findings = sorted(briefing.findings, key=lambda finding: not concerns_sentence(finding))
    sources = {source.id: source for source in briefing.sources}
    return BriefingView(
        briefing=briefing,
        masthead=masthead(briefing, references.sources),
        stories=stories,
        shelves=list(
            source_views(
                briefing.chunks,
                references,
                citing_sentence_ids(_all_sentences(stories)),
                texts or {},
            )
        ),
        aside=findings_summary(findings),
        findings=[(one, sources.get(one.source or "")) for one in findings[:MAX_FINDINGS]],
        untold=len(findings[MAX_FINDINGS:]),
        report=report_line(briefing.report),
    )


def _story_view(story: BriefingStory, told: Iterator[SentenceView]) -> StoryView:
    """Takes the story's sentences from ``told``, which yields them in reading order."""
    headline = next(told)
    sentences = [next(told) for _ in story.sentences]
    paragraphs = [
        sentences[at : at + PARAGRAPH_SENTENCES]
        for at in range(0, len(sentences), PARAGRAPH_SENTENCES)
    ]
    return StoryView(
        story, headline, paragraphs, [_disagreement_view(d, told) for d in story.disagreements]
    )


def _disagreement_view(
    disagreement: Disagreement, told: Iterator[SentenceView]
) -> DisagreementView:
    lead = " ".join(disagreement_lead(disagreement.update)).strip()
    return DisagreementView(lead, disagreement.topic, [next(told) for _ in disagreement.sides])


def _all_sentences(stories: Sequence[StoryView]) -> Iterator[SentenceView]:
    for telling in stories:
        yield telling.headline
        for paragraph in telling.paragraphs:
            yield from paragraph
        for each in telling.disagreements:
            yield from each.sides


def citing_sentence_ids(told: Iterable[SentenceView]) -> dict[str, list[str]]:
    """The ids of the sentences that cite each quotation, by the quotation's key."""
    found: dict[str, list[str]] = {}
    for one in told:
        for note in one.notes:
            found.setdefault(note.key, []).append(one.id)
    return found


def source_views(
    chunks: Sequence[CitedChunk],
    references: Bibliography,
    citing: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
) -> Iterator[SourceView]:
    """Every source with its quotations in their context; see `view_briefing` for ``texts``."""
    context = CONTEXT_CHARS // (2 * max(1, len(references.notes)))
    for reference in references.sources:
        source = reference.source
        notes = [note for note in references.notes.values() if note.reference == reference]
        spans = [(note.key, Span(note.citation.start, note.citation.end)) for note in notes]
        text = texts.get(source.id, "")
        if text and sha256_hex(text) == source.sha256:
            blocks = context_windows(text, [span for _, span in spans], context)
        else:
            blocks = merge_chunks([chunk for chunk in chunks if chunk.source == source.id])
        quotations = [
            QuotationView(
                note, list(citing[note.key]), text_fragment_url(source.url, note.citation.quote)
            )
            for note in notes
        ]
        yield SourceView(
            reference, quotations, [list(split_at_quotations(block, spans)) for block in blocks]
        )
