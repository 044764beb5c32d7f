"""A checked draft as a reader meets it: terminal, Markdown and one self-contained page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.briefings import Citation
from summarizer.drafts import CheckedDraft, CheckedSentence, Doubt, PassedOver
from summarizer.rendering.markdown import escape
from summarizer.rendering.reading import Shelf, shelve
from summarizer.rendering.references import Note, number
from summarizer.rendering.visible import line
from summarizer.rendering.wording import count, draft_report, standing

__all__ = ["Judged", "Verdicts", "html", "markdown", "terminal"]

QUOTED = 240
"""Code points shown of a passage that does not carry its sentence; the JSON holds all of it."""


class Judged(NamedTuple):
    """A sentence with its permalink (``t7``: the seventh) and the passages it was judged on."""

    id: str
    sentence: CheckedSentence
    notes: list[Note]

    @property
    def weight(self) -> str:
        """What stands behind the verdict, for the reader's pane."""
        return f"support {self.sentence.support:.2f}"


class Verdicts(NamedTuple):
    """The page of a checked draft."""

    draft: CheckedDraft
    sentences: list[Judged]
    shelves: list[Shelf]
    passed_over: str
    report: str


def terminal(draft: CheckedDraft, *, width: int = 80, color: bool) -> str:
    """Every sentence with its verdict, and below what is not supported the reasons."""
    from summarizer.rendering.terminal import GLUE, Block, gap, lay, say

    def blocks() -> Iterator[Block]:
        for note in draft.notes:
            yield Block("", say((line(note), "dim")))
        yield gap()
        for one in draft.sentences:
            fine = one.verdict == "supported"
            marks = f"{GLUE}{line(''.join(one.marks))}" if one.marks else ""
            amiss = f" ({standing(one)})" if not fine else ""
            lead = "✓ " if fine else "✗ "
            yield Block(lead, say((line(one.text), ""), (marks, "cyan"), (amiss, "red")))
            for reason in _reasons(one, draft):
                yield Block("    ", say((reason, "yellow")))
        yield gap()
        if skipped := _passed_over(draft.passed_over):
            yield Block("", say((skipped, "dim")))
        yield Block("", say((draft_report(draft.report), "bold")))

    return lay(blocks(), width=width, color=color)


def markdown(draft: CheckedDraft) -> str:
    """The same as a task list: what is supported is ticked."""
    parts = [f"# Check of {escape(draft.draft)}", *(f"*{escape(note)}*" for note in draft.notes)]
    rows: list[str] = []
    for one in draft.sentences:
        fine = one.verdict == "supported"
        marks = f" {escape(''.join(one.marks))}" if one.marks else ""
        amiss = "" if fine else f" **({standing(one)})**"
        rows.append(f"- [{'x' if fine else ' '}] {escape(one.text)}{marks}{amiss}")
        rows += [f"  - {escape(reason)}" for reason in _reasons(one, draft)]
    parts.append("\n".join(rows))
    if skipped := _passed_over(draft.passed_over):
        parts.append(escape(skipped))
    return "\n\n".join([*parts, f"{draft_report(draft.report)}."]) + "\n"


def html(draft: CheckedDraft, texts: Mapping[str, str] | None = None) -> str:
    """The page. ``texts`` (source id -> article snapshot) give passages more of their context."""
    from summarizer.rendering.html import page

    return page("check.html", f"Check of {draft.draft}", page=_verdicts(draft, texts or {}))


def _verdicts(draft: CheckedDraft, texts: Mapping[str, str]) -> Verdicts:
    references = number(draft)
    sentences = [
        Judged(f"t{at}", one, references.of(one)) for at, one in enumerate(draft.sentences, start=1)
    ]
    citing: dict[str, list[str]] = {}
    for judged in sentences:
        for note in judged.notes:
            citing.setdefault(note.key, []).append(judged.id)
    shelves = list(shelve(draft.chunks, references, citing, texts))
    skipped = _passed_over(draft.passed_over)
    return Verdicts(draft, sentences, shelves, skipped, draft_report(draft.report))


def _reasons(one: CheckedSentence, draft: CheckedDraft) -> Iterator[str]:
    """What was found, and the nearest passage where the sentence does not stand."""
    yield from map(_reason, one.doubts)
    if one.verdict != "supported" and one.citations:
        yield _nearest(one.citations, draft)


def _reason(doubt: Doubt) -> str:
    return f"{doubt.kind}: {line(doubt.detail)}"


def _nearest(citations: Sequence[Citation], draft: CheckedDraft) -> str:
    labels = {source.id: source.label for source in draft.sources}
    quote = line(citations[0].quote)
    shown = quote if len(quote) <= QUOTED else f"{quote[:QUOTED].rstrip()} …"
    return f"nearest: “{shown}” {line(labels[citations[0].source])}"


def _passed_over(lines: Sequence[PassedOver]) -> str:
    """``Not judged: 3 lines (1 heading, 2 of the list of sources)``."""
    if not lines:
        return ""
    kinds: dict[str, int] = {}
    for one in lines:
        kinds[one.why] = kinds.get(one.why, 0) + 1
    told = ", ".join(f"{number} {why}" for why, number in kinds.items())
    return f"Not judged: {count(len(lines), 'line')} ({told})"
