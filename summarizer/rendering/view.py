"""The page of a briefing, an edition or a checked draft, which every format lays out.

It is built once: chapters, stories and sentences in reading order, and sources with their
quotations. Text in a view is clean (`clean_line`) and not escaped, since each format escapes in its
own way; only excerpts are as the source has them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Literal

from summarizer.briefing import MIN_LISTED_STORIES, Briefing, BriefingStory, Finding, Sentence
from summarizer.rendering.excerpts import ExcerptPiece, source_excerpts
from summarizer.rendering.labels import ENGLISH, Labels, find_labels
from summarizer.rendering.phrases import (
    SET_APART,
    attribution,
    audit_report_line,
    authorship,
    byline,
    concerns_sentence,
    disagreement_topic,
    findings_summary,
    masthead,
    report_line,
    skip_label,
    skipped_summary,
    source_location,
    spelling_note,
    subject_line,
    support_note,
    unread_line,
    unwritten_notice,
    update_history,
    verdict_note,
    with_partisan_source,
)
from summarizer.rendering.references import CitationView, References, number_references
from summarizer.rendering.sanitize import clean_line, clip_line, web_url
from summarizer.text.languages import detect_language, written_in
from summarizer.text.lexicon import lexicon

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit
    from summarizer.edition import Edition

DocumentKind = Literal["briefing", "edition", "audit"]


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What a format may use: ``texts`` (source id -> article snapshot) for the context of
    quotations, ``width`` in columns, and whether ``color`` codes are written."""

    texts: Mapping[str, str] = field(default_factory=dict)
    width: int = 80
    color: bool = False


PLAIN = RenderOptions()

PARAGRAPH_SENTENCES = 3

TOTAL_CONTEXT_CHARS = 40_000
"""Code points of context shared by all quotations of a page, so that a page of 100 sentences and
40 sources stays under 300 kB and a short one shows whole articles."""

MAX_QUOTED_CHARS = 240
"""Code points shown of a passage that does not support its sentence; the JSON holds all of it."""

MAX_FINDINGS = 100
"""Findings shown one by one; the JSON holds all."""


@dataclass(frozen=True, slots=True)
class IssueView:
    """What a check found in a sentence of a draft."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with its permalink (``t7``: the seventh of the page) and its citations.

    ``note`` is empty for a supported sentence. ``language`` is that of the page, or of the article
    whose words it has. Only a draft's sentence has the markers of its author, the number of its
    line and the issues that checks found.
    """

    id: str
    text: str
    citations: tuple[CitationView, ...]
    note: str
    support_note: str
    language: str
    origins: int = 1
    markers: tuple[str, ...] = ()
    line: int = 0
    issues: tuple[IssueView, ...] = ()

    @property
    def reasons(self) -> Iterator[str]:
        """The issues of a draft's sentence, and the nearest passage if it is not supported."""
        yield from (f"{issue.kind}: {issue.detail}" for issue in self.issues)
        if self.note and self.citations:
            nearest = self.citations[0]
            quote = clip_line(nearest.quote, MAX_QUOTED_CHARS)
            yield f"nearest: “{quote}” {nearest.label}"


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """The sides of a disagreement or an update below ``lead`` and ``topic``."""

    lead: str
    topic: str
    sides: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story. ``update`` says when earlier editions had it; it is empty for a new story.
    ``dateline`` is the day, if it is known, and that."""

    headline: SentenceView
    date: date | None
    day: str
    update: str
    paragraphs: tuple[tuple[SentenceView, ...], ...]
    dateline: str
    disagreements: tuple[DisagreementView, ...]


@dataclass(frozen=True, slots=True)
class ChapterView:
    """The stories of one topic; the title is empty where there are no topics."""

    title: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class QuotationView:
    """A quotation, and the ids of the sentences that cite it."""

    citation: CitationView
    sentence_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its quotations. ``url`` is None unless it is a web address; ``excerpts`` are
    the quotations in their context, each in pieces."""

    number: int
    label: str
    title: str
    publisher: str
    date: str
    byline: str
    attribution: str
    location: str
    url: str | None
    language: str
    quotations: tuple[QuotationView, ...]
    excerpts: tuple[tuple[ExcerptPiece, ...], ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding of a briefing, or a line or sentence of a draft that was not judged: ``action`` is
    why, ``kind`` which of both."""

    action: str
    text: str
    kind: str = ""
    detail: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """One document as all formats show it; a field that it has no value for is empty.

    ``day`` is the edition's, ``masthead`` counts what was written, ``sentences`` are all in reading
    order (the only content of an audit), and ``more_findings`` counts those beyond ``findings``.
    ``labels`` are in ``language``, if there are any; findings and notes are in English, and so is
    ``first_line`` unless ``first_line_labelled``.
    """

    document: "Briefing | Edition | DraftAudit"
    kind: DocumentKind
    title: str
    day: str = ""
    language: str = "und"
    subject: str = ""
    masthead: str = ""
    first_line: str = ""
    first_line_labelled: bool = False
    synopsis: tuple[SentenceView, ...] = ()
    chapters: tuple[ChapterView, ...] = ()
    sentences: tuple[SentenceView, ...] = ()
    sources: tuple[SourceView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    more_findings: int = 0
    findings_summary: str = ""
    report: str = ""
    credit: str = ""
    written: str = ""
    notes: tuple[str, ...] = ()
    labels: Labels = ENGLISH
    options: RenderOptions = PLAIN

    @property
    def in_brief(self) -> tuple[SentenceView, ...]:
        """A line for each story, which open the page where there are several and no synopsis: the
        headlines, each with its best citation."""
        stories = [story for chapter in self.chapters for story in chapter.stories]
        if self.synopsis or len(stories) < MIN_LISTED_STORIES:
            return ()
        heads = (story.headline for story in stories)
        return tuple(replace(head, citations=head.citations[:1]) for head in heads)

    @property
    def heading(self) -> str:
        """The title with what must be known to tell the page from others."""
        if self.kind == "audit":
            return f"Check of {self.title}"
        return f"{self.title} · {self.day}" if self.day else self.title


def document_kind(document: "Briefing | Edition | DraftAudit") -> DocumentKind:
    """What the document is."""
    if isinstance(document, Briefing):
        return "briefing"
    from summarizer.edition import Edition  # not loaded where no digest is at work

    return "edition" if isinstance(document, Edition) else "audit"


def view_page(
    document: "Briefing | Edition | DraftAudit", options: RenderOptions = PLAIN
) -> PageView:
    """The page of ``document``. The texts of ``options`` widen the context of quotations; a text
    that is not the snapshot which the source's sha256 names is ignored.
    """
    if isinstance(document, Briefing):
        return _view_briefing(document, [("", document.stories)], {}, options)
    from summarizer.edition import Edition

    if isinstance(document, Edition):
        return _view_edition(document, options)
    return _view_audit(document, options)


def _view_edition(edition: "Edition", options: RenderOptions) -> PageView:
    page = PageView(document=edition, kind="edition", title="", options=options)
    if edition.briefing:
        chapters = _arrange_chapters(edition, edition.briefing)
        stories = tuple(story for _, stories in chapters for story in stories)
        # The stories are numbered in the order in which the chapters show them.
        briefing = edition.briefing.model_copy(update={"stories": stories})
        labels = find_labels(briefing.language)
        updates = {each.story: update_history(each, labels) for each in edition.updates}
        page = _view_briefing(briefing, chapters, updates, options)
    return replace(
        page,
        document=edition,
        kind="edition",
        title=clean_line(edition.title),
        day=page.labels.day(edition.due),
        subject=subject_line(edition, page.labels),
        first_line=clean_line(edition.first_line),
        first_line_labelled=False,
        notes=tuple(map(clean_line, edition.notes)),
    )


def _arrange_chapters(
    edition: "Edition", briefing: Briefing
) -> list[tuple[str, Sequence[BriefingStory]]]:
    """Titles with their stories, without empty chapters; a story of no section comes last."""
    stories = {story.id: story for story in briefing.stories}
    chapters: list[tuple[str, Sequence[BriefingStory]]] = [
        (section.title, [stories.pop(name) for name in section.stories if name in stories])
        for section in edition.sections
    ]
    chapters.append(("", list(stories.values())))
    return [(title, members) for title, members in chapters if members]


def _view_briefing(
    briefing: Briefing,
    chapters: Sequence[tuple[str, Sequence[BriefingStory]]],
    updates: Mapping[str, str],
    options: RenderOptions,
) -> PageView:
    """``updates``: story id -> the history of an updated story."""
    labels = find_labels(briefing.language)
    references = number_references(briefing, labels)
    languages = _source_languages(briefing)
    sentences = tuple(_view_sentences(briefing, references, languages, labels))
    unread, unwritten = unread_line(briefing, labels), unwritten_notice(briefing)
    if unwritten:  # is composed in English, so that the whole line is
        unread = unread_line(briefing)
    unplaced = iter(sentences)
    synopsis = tuple(islice(unplaced, len(briefing.synopsis)))
    findings = sorted(briefing.findings, key=lambda finding: not concerns_sentence(finding))
    return PageView(
        document=briefing,
        kind="briefing",
        title=clean_line(briefing.title),
        language=briefing.language,
        subject=clean_line(briefing.title),
        masthead=masthead(briefing, labels),
        first_line=" ".join(filter(None, (unread, unwritten))),
        first_line_labelled=not unwritten,
        synopsis=synopsis,
        chapters=tuple(
            ChapterView(
                clean_line(title),
                tuple(
                    _view_story(story, updates.get(story.id, ""), unplaced, labels)
                    for story in stories
                ),
            )
            for title, stories in chapters
        ),
        sentences=sentences,
        sources=tuple(_view_sources(briefing, references, sentences, languages, labels, options)),
        findings=tuple(_view_findings(findings[:MAX_FINDINGS], briefing)),
        more_findings=len(findings[MAX_FINDINGS:]),
        findings_summary=findings_summary(findings),
        report=report_line(briefing, labels),
        credit=authorship(briefing.writer, labels),
        written=labels.day(briefing.created.date()),
        labels=labels,
        options=options,
    )


def _view_sentences(
    briefing: Briefing, references: References, languages: Mapping[str, str], labels: Labels
) -> Iterator[SentenceView]:
    """In reading order. ``languages``: source id -> the language of the source."""
    sources = {source.id: source for source in briefing.sources}
    for number, sentence in enumerate(briefing.all_sentences(), start=1):
        yield SentenceView(
            f"t{number}",
            with_partisan_source(sentence, sources, labels),
            references.citations_of(sentence),
            verdict_note(sentence, labels),
            support_note(sentence, labels),
            _sentence_language(sentence, briefing.language, languages),
            origins=sentence.origins,
        )


def _view_findings(findings: Sequence[Finding], briefing: Briefing) -> Iterator[FindingView]:
    labels = {source.id: clean_line(source.label) for source in briefing.sources}
    for finding in findings:
        yield FindingView(
            finding.action.replace("_", " "),
            clean_line(finding.text),
            finding.kind,
            clean_line(finding.detail),
            labels.get(finding.source or "", ""),
        )


def _source_languages(document: "Briefing | DraftAudit") -> dict[str, str]:
    """Source id -> the language of its cited passages; that of the document where few words tell
    the two apart."""
    passages: dict[str, list[str]] = {}
    for chunk in document.chunks:
        passages.setdefault(chunk.source, []).append(chunk.text)
    close = lexicon(document.language).close_languages
    found = {source: detect_language("\n".join(texts)) for source, texts in passages.items()}
    return {
        source: document.language if language == "und" or language in close else language
        for source, language in found.items()
    }


def _sentence_language(sentence: Sentence, page: str, languages: Mapping[str, str]) -> str:
    """The language of the source whose words it has, else that of the page; another one where the
    script tells so."""
    own_words = sentence.method in ("extracted", "replaced")
    expected = languages.get(sentence.citations[0].source, page) if own_words else page
    return written_in(sentence.text, expected)


def _view_story(
    story: BriefingStory, update: str, unplaced: Iterator[SentenceView], labels: Labels
) -> StoryView:
    """Takes the story's sentences from ``unplaced``, which yields them in reading order."""
    headline, *sentences = islice(unplaced, 1 + len(story.sentences))
    day = labels.day(story.date) if story.date else ""
    return StoryView(
        headline,
        story.date,
        day,
        update,
        tuple(
            tuple(sentences[start : start + PARAGRAPH_SENTENCES])
            for start in range(0, len(sentences), PARAGRAPH_SENTENCES)
        ),
        labels("comma").join(filter(None, (day, update))),
        tuple(
            DisagreementView(
                labels("later_reports" if each.update else "sources_differ"),
                disagreement_topic(each.topic, labels),
                tuple(islice(unplaced, len(each.sides))),
            )
            for each in story.disagreements
        ),
    )


def _view_audit(audit: "DraftAudit", options: RenderOptions) -> PageView:
    references = number_references(audit)
    languages = _source_languages(audit)
    sentences = tuple(
        SentenceView(
            f"t{number}",
            clean_line(sentence.text),
            references.citations_of(sentence),
            verdict_note(sentence),
            f"support {sentence.support:.2f}",
            written_in(sentence.text, audit.language),
            markers=tuple(map(clean_line, sentence.markers)),
            line=sentence.line,
            issues=tuple(IssueView(each.kind, clean_line(each.detail)) for each in sentence.issues),
        )
        for number, sentence in enumerate(audit.sentences, start=1)
    )
    return PageView(
        document=audit,
        kind="audit",
        title=clean_line(audit.draft),
        language=audit.language,
        sentences=sentences,
        sources=tuple(_view_sources(audit, references, sentences, languages, ENGLISH, options)),
        findings=tuple(
            FindingView(
                skip_label(each.reason),
                clean_line(each.text),
                kind="sentence" if each.reason in SET_APART else "line",
            )
            for each in audit.skipped
        ),
        findings_summary=skipped_summary(audit.skipped),
        report=audit_report_line(audit.report),
        notes=tuple(map(clean_line, audit.notes)),
        options=options,
    )


def _places(citations: Sequence[CitationView]) -> str:
    """The pages, times or chapters that are cited of one source, in the order of its text."""
    in_order = sorted(citations, key=lambda each: each.span)
    return ", ".join(dict.fromkeys(each.place for each in in_order if each.place))


def _view_sources(
    document: "Briefing | DraftAudit",
    references: References,
    sentences: Sequence[SentenceView],
    languages: Mapping[str, str],
    labels: Labels,
    options: RenderOptions,
) -> Iterator[SourceView]:
    """Every source with its quotations, alone and in their context."""
    sentence_ids: dict[str, list[str]] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            sentence_ids.setdefault(citation.key, []).append(sentence.id)
    spellings = {
        each.source: spelling_note(each, labels)
        for each in getattr(document, "findings", ())
        if each.kind == "spelling"
    }
    context = TOTAL_CONTEXT_CHARS // (2 * max(1, len(references.citations)))
    for number, source, twin in references.sources:
        citations = [one for one in references.citations.values() if one.source == number]
        published = source.exact_date
        yield SourceView(
            number=number,
            label=clean_line(source.label),
            title=clean_line(source.title or "") if source.title != source.label else "",
            publisher=clean_line(source.publisher or source.label),
            date=labels.day(published) if published else "",
            byline=" · ".join(
                filter(
                    None,
                    (byline(source, twin, labels), _places(citations), spellings.get(source.id)),
                )
            ),
            attribution=attribution(source, twin, labels),
            location=source_location(source),
            url=web_url(source.url),
            language=languages.get(source.id, "und"),
            quotations=tuple(QuotationView(one, tuple(sentence_ids[one.key])) for one in citations),
            excerpts=source_excerpts(
                source,
                [(one.key, one.span) for one in citations],
                document.chunks,
                options.texts.get(source.id, ""),
                context,
            ),
        )
