"""A briefing as text in columns, for a terminal or a pipe."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from summarizer.briefing import Briefing, BriefingStory, Disagreement, Sentence
from summarizer.rendering.phrases import (
    PARAGRAPH_SENTENCES,
    byline,
    disagreement_lead,
    findings_summary,
    format_day,
    masthead,
    report_line,
    source_location,
    verdict_note,
)
from summarizer.rendering.references import Bibliography, NumberedSource, number_references
from summarizer.rendering.sanitize import clean_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = [
    "NO_BREAK",
    "TerminalBlock",
    "blank_block",
    "briefing_text",
    "layout_blocks",
    "styled_text",
]

NO_BREAK = "\ue000"
"""Keeps a citation on the line of the word before it; rich breaks lines at no-break spaces too."""

MAX_SEPARATE_CITATIONS = 3
"""Citations that are written out one by one."""


class TerminalBlock(NamedTuple):
    """Wrapped text; ``lead`` stands before its first line, as many blanks before the others."""

    lead: str
    text: "Text"


def briefing_text(briefing: Briefing, *, width: int = 80, color: bool) -> str:
    """The briefing in ``width`` columns; without ``color`` no escape code is written.

    What articles say is stripped of control characters either way.
    """
    return layout_blocks(
        _briefing_blocks(briefing, number_references(briefing)), width=width, color=color
    )


def layout_blocks(blocks: Iterable[TerminalBlock], *, width: int, color: bool) -> str:
    """The blocks one below the other."""
    from rich.console import Console

    console = Console(
        file=StringIO(),
        width=width,
        height=25,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for block in blocks:
            for row in _wrapped_rows(block, console):
                console.print(row, overflow="fold", highlight=False)
    rows = capture.get().replace(NO_BREAK, " ").removesuffix("\n").split("\n")
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _wrapped_rows(block: TerminalBlock, console: "Console") -> Iterator["Text"]:
    lead, text = block
    room = max(1, console.width - len(lead))
    for at, row in enumerate(text.wrap(console, room, overflow="fold")):
        yield styled_text((" " * len(lead) if at else lead, "")) + row


def _briefing_blocks(briefing: Briefing, references: Bibliography) -> Iterator[TerminalBlock]:
    yield TerminalBlock("", styled_text((clean_line(briefing.title), "bold")))
    yield TerminalBlock("", styled_text((masthead(briefing, references.sources), "dim")))
    for story in briefing.stories:
        yield from _story_blocks(story, references)
    yield from _source_blocks(references.sources)
    yield from _closing_blocks(briefing)


def _story_blocks(story: BriefingStory, references: Bibliography) -> Iterator[TerminalBlock]:
    yield blank_block()
    yield TerminalBlock("", _cited_sentence(story.headline, references, "bold"))
    if story.date:
        yield TerminalBlock("", styled_text((format_day(story.date), "dim")))
    for at in range(0, len(story.sentences), PARAGRAPH_SENTENCES):
        yield blank_block()
        told = [
            _cited_sentence(one, references)
            for one in story.sentences[at : at + PARAGRAPH_SENTENCES]
        ]
        yield TerminalBlock("  ", styled_text((" ", "")).join(told))
    for disagreement in story.disagreements:
        yield from _disagreement_blocks(disagreement, references)


def _disagreement_blocks(
    disagreement: Disagreement, references: Bibliography
) -> Iterator[TerminalBlock]:
    yield blank_block()
    lead, preposition = disagreement_lead(disagreement.update)
    about = f" {preposition}{clean_line(disagreement.topic)}"
    yield TerminalBlock("  ", styled_text((lead, "yellow"), (about, "")))
    for side in disagreement.sides:
        yield TerminalBlock("  - ", _cited_sentence(side, references))


def _source_blocks(references: tuple[NumberedSource, ...]) -> Iterator[TerminalBlock]:
    yield blank_block()
    yield TerminalBlock("", styled_text(("Sources", "bold")))
    for reference in references:
        source = reference.source
        lead = f"{f'[{reference.number}]':>4} "
        yield TerminalBlock(
            lead, styled_text((f"{clean_line(source.label)} · {byline(reference)}", ""))
        )
        if address := source_location(source):
            yield TerminalBlock("     ", styled_text((address, "dim")))


def _closing_blocks(briefing: Briefing) -> Iterator[TerminalBlock]:
    yield blank_block()
    if any(told.origins > 1 for told in briefing.all_sentences()):
        yield TerminalBlock(
            "", styled_text(("×2: two independent origins stand behind the sentence", "dim"))
        )
    if briefing.findings:
        told = f"Checks: {findings_summary(briefing.findings)}; details in JSON and HTML"
        yield TerminalBlock("", styled_text((told, "dim")))
    yield TerminalBlock("", styled_text((f"Report: {report_line(briefing.report)}", "dim")))


def _cited_sentence(sentence: Sentence, references: Bibliography, style: str = "") -> "Text":
    """The sentence, its sources' numbers, how many origins, and what is amiss."""
    numbers = _citation_numbers(references.numbers(sentence))
    origins = f"{NO_BREAK}×{sentence.origins}" if sentence.origins > 1 else ""
    amiss = verdict_note(sentence)
    return styled_text(
        (clean_line(sentence.text), style),
        (f"{NO_BREAK}{numbers}", "cyan"),
        (origins, "green"),
        (f" ({amiss})" if amiss else "", "yellow"),
    )


def _citation_numbers(numbers: Sequence[int]) -> str:
    """``[4][1]`` as they are cited; of many the best one, the others in ranges: ``[4][1–3][9]``."""
    if len(numbers) <= MAX_SEPARATE_CITATIONS:
        return "".join(f"[{one}]" for one in numbers)
    runs: list[list[int]] = []
    for one in sorted(numbers[1:]):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    spelt = [f"[{run[0]}–{run[-1]}]" if len(run) > 1 else f"[{run[0]}]" for run in runs]
    return f"[{numbers[0]}]{''.join(spelt)}"


def blank_block() -> TerminalBlock:
    """An empty line."""
    return TerminalBlock("", styled_text((" ", "")))


def styled_text(*parts: tuple[str, str]) -> "Text":
    """Words with their styles, one behind the other."""
    from rich.text import Text

    return Text.assemble(*parts)
