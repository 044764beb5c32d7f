"""A checked draft as terminal text, Markdown and one self-contained page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.audit.report import AuditedSentence, AuditIssue, DraftAudit, SkippedLine
from summarizer.briefing import Citation
from summarizer.rendering.markdown import escape_markdown
from summarizer.rendering.phrases import audit_report_line, pluralize, verdict_note
from summarizer.rendering.references import Footnote, number_references
from summarizer.rendering.sanitize import clean_line
from summarizer.rendering.view import SourceView, source_views

__all__ = ["AuditView", "AuditedSentenceView", "audit_html", "audit_markdown", "audit_text"]

MAX_QUOTED_CHARS = 240
"""Code points shown of a passage that does not carry its sentence; the JSON holds all of it."""


class AuditedSentenceView(NamedTuple):
    """A sentence with its permalink (``t7``: the seventh) and the passages it was judged on."""

    id: str
    sentence: AuditedSentence
    notes: list[Footnote]

    @property
    def weight(self) -> str:
        """What stands behind the verdict, for the reader's pane."""
        return f"support {self.sentence.support:.2f}"


class AuditView(NamedTuple):
    """The page of a checked draft."""

    draft: DraftAudit
    sentences: list[AuditedSentenceView]
    shelves: list[SourceView]
    passed_over: str
    report: str


def audit_text(draft: DraftAudit, *, width: int = 80, color: bool) -> str:
    """Every sentence with its verdict, and below what is not supported the reasons."""
    from summarizer.rendering.terminal import (
        NO_BREAK,
        TerminalBlock,
        blank_block,
        layout_blocks,
        styled_text,
    )

    def blocks() -> Iterator[TerminalBlock]:
        for note in draft.notes:
            yield TerminalBlock("", styled_text((clean_line(note), "dim")))
        yield blank_block()
        for one in draft.sentences:
            fine = one.verdict == "supported"
            marks = f"{NO_BREAK}{clean_line(''.join(one.markers))}" if one.markers else ""
            amiss = f" ({verdict_note(one)})" if not fine else ""
            lead = "✓ " if fine else "✗ "
            yield TerminalBlock(
                lead, styled_text((clean_line(one.text), ""), (marks, "cyan"), (amiss, "red"))
            )
            for reason in _reason_lines(one, draft):
                yield TerminalBlock("    ", styled_text((reason, "yellow")))
        yield blank_block()
        if skipped := _skipped_summary(draft.skipped):
            yield TerminalBlock("", styled_text((skipped, "dim")))
        yield TerminalBlock("", styled_text((audit_report_line(draft.report), "bold")))

    return layout_blocks(blocks(), width=width, color=color)


def audit_markdown(draft: DraftAudit) -> str:
    """The same as a task list: what is supported is ticked."""
    parts = [
        f"# Check of {escape_markdown(draft.draft)}",
        *(f"*{escape_markdown(note)}*" for note in draft.notes),
    ]
    rows: list[str] = []
    for one in draft.sentences:
        fine = one.verdict == "supported"
        marks = f" {escape_markdown(''.join(one.markers))}" if one.markers else ""
        amiss = "" if fine else f" **({verdict_note(one)})**"
        rows.append(f"- [{'x' if fine else ' '}] {escape_markdown(one.text)}{marks}{amiss}")
        rows += [f"  - {escape_markdown(reason)}" for reason in _reason_lines(one, draft)]
    parts.append("\n".join(rows))
    if skipped := _skipped_summary(draft.skipped):
        parts.append(escape_markdown(skipped))
    return "\n\n".join([*parts, f"{audit_report_line(draft.report)}."]) + "\n"


def audit_html(draft: DraftAudit, texts: Mapping[str, str] | None = None) -> str:
    """The page. ``texts`` (source id -> article snapshot) give passages more of their context."""
    from summarizer.rendering.html import standalone_page

    return standalone_page(
        "check.html", f"Check of {draft.draft}", page=_view_audit(draft, texts or {})
    )


def _view_audit(draft: DraftAudit, texts: Mapping[str, str]) -> AuditView:
    references = number_references(draft)
    sentences = [
        AuditedSentenceView(f"t{at}", one, references.of(one))
        for at, one in enumerate(draft.sentences, start=1)
    ]
    citing: dict[str, list[str]] = {}
    for judged in sentences:
        for note in judged.notes:
            citing.setdefault(note.key, []).append(judged.id)
    shelves = list(source_views(draft.chunks, references, citing, texts))
    skipped = _skipped_summary(draft.skipped)
    return AuditView(draft, sentences, shelves, skipped, audit_report_line(draft.report))


def _reason_lines(one: AuditedSentence, draft: DraftAudit) -> Iterator[str]:
    """What was found, and the nearest passage where the sentence does not stand."""
    yield from map(_issue_line, one.issues)
    if one.verdict != "supported" and one.citations:
        yield _nearest_passage(one.citations, draft)


def _issue_line(doubt: AuditIssue) -> str:
    return f"{doubt.kind}: {clean_line(doubt.detail)}"


def _nearest_passage(citations: Sequence[Citation], draft: DraftAudit) -> str:
    labels = {source.id: source.label for source in draft.sources}
    quote = clean_line(citations[0].quote)
    shown = quote if len(quote) <= MAX_QUOTED_CHARS else f"{quote[:MAX_QUOTED_CHARS].rstrip()} …"
    return f"nearest: “{shown}” {clean_line(labels[citations[0].source])}"


def _skipped_summary(lines: Sequence[SkippedLine]) -> str:
    """``Not judged: 3 lines (1 heading, 2 of the list of sources)``."""
    if not lines:
        return ""
    kinds: dict[str, int] = {}
    for one in lines:
        kinds[one.reason] = kinds.get(one.reason, 0) + 1
    told = ", ".join(f"{number} {why.replace('_', ' ')}" for why, number in kinds.items())
    return f"Not judged: {pluralize(len(lines), 'line')} ({told})"
