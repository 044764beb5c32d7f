"""Briefings and checked drafts as text in columns, for a terminal or a pipe."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import NamedTuple

from summarizer.rendering.view import PageView, RenderOptions, SentenceView, StoryView

NO_BREAK = "\ue000"
"""Keeps a citation on the line of the word before it; rich breaks lines at no-break spaces too."""

MAX_SEPARATE_CITATIONS = 3
"""Citations of a sentence up to which each is written separately, and not in ranges."""


class _Block(NamedTuple):
    """Wrapped text, given as parts with their styles; ``lead`` comes before its first line, as many
    blanks before the others."""

    lead: str
    parts: Sequence[tuple[str, str]]


_BLANK_LINE = _Block("", [(" ", "")])


def briefing_text(page: PageView) -> str:
    """The briefing in the columns and colours of the page's options."""
    return _layout(_briefing_blocks(page), page.options)


def audit_text(page: PageView) -> str:
    """Every sentence with its verdict, and below an unsupported one the reasons."""
    return _layout(_audit_blocks(page), page.options)


def _briefing_blocks(page: PageView) -> Iterator[_Block]:
    yield _Block("", [(page.title, "bold")])
    yield _Block("", [(page.masthead, "dim")])
    if page.first_line:
        yield _Block("! ", [(page.first_line, "yellow")])
    yield from _opening_blocks(page)
    for chapter in page.chapters:
        for story in chapter.stories:
            yield from _story_blocks(story)
    yield _BLANK_LINE
    yield _Block("", [(page.labels("sources"), "bold")])
    for source in page.sources:
        yield _Block(f"{f'[{source.number}]':>4} ", [(f"{source.label} · {source.byline}", "")])
        if source.location:
            yield _Block("     ", [(source.location, "dim")])
    yield _BLANK_LINE
    if any(sentence.origins > 1 for sentence in page.sentences):
        yield _Block("", [(page.labels("two_origins"), "dim")])
    if page.findings_summary:
        summary = f"Checks: {page.findings_summary}; details in JSON and HTML"
        yield _Block("", [(summary, "dim")])
    yield _Block("", [(f"{page.labels('report')}: {page.report}", "dim")])


def _opening_blocks(page: PageView) -> Iterator[_Block]:
    """The synopsis, or the list of the stories."""
    if page.synopsis:
        yield _BLANK_LINE
        yield _Block("", _paragraph(page.synopsis))
    if page.in_brief:
        yield _BLANK_LINE
        yield _Block("", [(page.labels("in_brief"), "bold")])
        for headline in page.in_brief:
            yield _Block("  - ", _cited_sentence(headline))


def _story_blocks(story: StoryView) -> Iterator[_Block]:
    yield _BLANK_LINE
    yield _Block("", _cited_sentence(story.headline, "bold"))
    if story.dateline:
        yield _Block("", [(story.dateline, "dim")])
    for paragraph in story.paragraphs:
        yield _BLANK_LINE
        yield _Block("  ", _paragraph(paragraph))
    for each in story.disagreements:
        yield _BLANK_LINE
        yield _Block("  ", [(each.lead, "yellow"), (f" {each.topic}", "")])
        for side in each.sides:
            yield _Block("  - ", _cited_sentence(side))


def _paragraph(sentences: Sequence[SentenceView]) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for sentence in sentences:
        parts += [*([(" ", "")] if parts else []), *_cited_sentence(sentence)]
    return parts


def _cited_sentence(sentence: SentenceView, style: str = "") -> list[tuple[str, str]]:
    """The sentence, its sources' numbers, its independent origins, and its note."""
    numbers = list(dict.fromkeys(citation.source for citation in sentence.citations))
    return [
        (sentence.text, style),
        (f"{NO_BREAK}{_citation_numbers(numbers)}", "cyan"),
        (f"{NO_BREAK}×{sentence.origins}" if sentence.origins > 1 else "", "green"),
        (f" ({sentence.note})" if sentence.note else "", "yellow"),
    ]


def _citation_numbers(numbers: Sequence[int]) -> str:
    """``[4][1]`` as they are cited; of many the best one, the others in ranges: ``[4][1–3][9]``."""
    if len(numbers) <= MAX_SEPARATE_CITATIONS:
        return "".join(f"[{number}]" for number in numbers)
    runs: list[list[int]] = []
    for number in sorted(numbers[1:]):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ranges = [f"[{run[0]}–{run[-1]}]" if len(run) > 1 else f"[{run[0]}]" for run in runs]
    return f"[{numbers[0]}]{''.join(ranges)}"


def _audit_blocks(page: PageView) -> Iterator[_Block]:
    for note in page.notes:
        yield _Block("", [(note, "dim")])
    yield _BLANK_LINE
    for sentence in page.sentences:
        markers = f"{NO_BREAK}{''.join(sentence.markers)}" if sentence.markers else ""
        note = f" ({sentence.note})" if sentence.note else ""
        unverified = sentence.note == "unverified"
        yield _Block(
            "? " if unverified else "✗ " if note else "✓ ",
            [(sentence.text, ""), (markers, "cyan"), (note, "yellow" if unverified else "red")],
        )
        for reason in sentence.reasons:
            yield _Block("    ", [(reason, "yellow")])
    yield _BLANK_LINE
    for finding in page.findings:
        if finding.kind == "sentence":
            yield _Block("- ", [(finding.text, ""), (f" ({finding.action}, not judged)", "dim")])
    if page.findings_summary:
        yield _Block("", [(page.findings_summary, "dim")])
    yield _Block("", [(page.report, "bold")])


def _layout(blocks: Iterable[_Block], options: RenderOptions) -> str:
    """The blocks one below the other."""
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=StringIO(),
        width=options.width,
        height=25,
        force_terminal=options.color,
        color_system="standard" if options.color else None,
        no_color=not options.color,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for lead, parts in blocks:
            room = max(1, console.width - len(lead))
            rows = Text.assemble(*parts).wrap(console, room, overflow="fold")
            for index, row in enumerate(rows):
                indented = Text(" " * len(lead) if index else lead) + row
                console.print(indented, overflow="fold", highlight=False)
    lines = capture.get().replace(NO_BREAK, " ").removesuffix("\n").split("\n")
    return "".join(f"{line.rstrip()}\n" for line in lines)
