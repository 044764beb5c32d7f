"""The briefing on a terminal, or piped as plain text."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from summarizer.briefings import Briefing, Disagreement, Sentence, Story
from summarizer.rendering.references import Reference, References, number
from summarizer.rendering.visible import line
from summarizer.rendering.wording import (
    PARAGRAPH,
    aside,
    byline,
    day,
    differing,
    masthead,
    place,
    report,
    standing,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["GLUE", "Block", "gap", "lay", "render", "say"]

GLUE = "\ue000"
"""Keeps a citation on the line of the word before it; rich breaks lines at no-break spaces too."""

FEW = 3
"""Citations that are written out one by one."""


class Block(NamedTuple):
    """Wrapped text; ``lead`` stands before its first line, as many blanks before the others."""

    lead: str
    text: "Text"


def render(briefing: Briefing, *, width: int = 80, color: bool) -> str:
    """The briefing in ``width`` columns; without ``color`` no escape code is written.

    What articles say is stripped of control characters either way.
    """
    return lay(_blocks(briefing, number(briefing)), width=width, color=color)


def lay(blocks: Iterable[Block], *, width: int, color: bool) -> str:
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
            for row in _rows(block, console):
                console.print(row, overflow="fold", highlight=False)
    rows = capture.get().replace(GLUE, " ").removesuffix("\n").split("\n")
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _rows(block: Block, console: "Console") -> Iterator["Text"]:
    lead, text = block
    room = max(1, console.width - len(lead))
    for at, row in enumerate(text.wrap(console, room, overflow="fold")):
        yield say((" " * len(lead) if at else lead, "")) + row


def _blocks(briefing: Briefing, references: References) -> Iterator[Block]:
    yield Block("", say((line(briefing.title), "bold")))
    yield Block("", say((masthead(briefing, references.sources), "dim")))
    for story in briefing.stories:
        yield from _story(story, references)
    yield from _sources(references.sources)
    yield from _closing(briefing)


def _story(story: Story, references: References) -> Iterator[Block]:
    yield gap()
    yield Block("", _cited(story.headline, references, "bold"))
    if story.date:
        yield Block("", say((day(story.date), "dim")))
    for at in range(0, len(story.sentences), PARAGRAPH):
        yield gap()
        told = [_cited(one, references) for one in story.sentences[at : at + PARAGRAPH]]
        yield Block("  ", say((" ", "")).join(told))
    for disagreement in story.disagreements:
        yield from _disagreement(disagreement, references)


def _disagreement(disagreement: Disagreement, references: References) -> Iterator[Block]:
    yield gap()
    lead, preposition = differing(disagreement.update)
    about = f" {preposition}{line(disagreement.about)}"
    yield Block("  ", say((lead, "yellow"), (about, "")))
    for side in disagreement.sides:
        yield Block("  - ", _cited(side, references))


def _sources(references: tuple[Reference, ...]) -> Iterator[Block]:
    yield gap()
    yield Block("", say(("Sources", "bold")))
    for reference in references:
        source = reference.source
        lead = f"{f'[{reference.number}]':>4} "
        yield Block(lead, say((f"{line(source.label)} · {byline(reference)}", "")))
        if address := place(source):
            yield Block("     ", say((address, "dim")))


def _closing(briefing: Briefing) -> Iterator[Block]:
    yield gap()
    if any(told.origins > 1 for told in briefing.told()):
        yield Block("", say(("×2: two independent origins stand behind the sentence", "dim")))
    if briefing.findings:
        told = f"Checks: {aside(briefing.findings)}; details in JSON and HTML"
        yield Block("", say((told, "dim")))
    yield Block("", say((f"Report: {report(briefing.report)}", "dim")))


def _cited(sentence: Sentence, references: References, style: str = "") -> "Text":
    """The sentence, its sources' numbers, how many origins, and what is amiss."""
    numbers = _marks(references.numbers(sentence))
    origins = f"{GLUE}×{sentence.origins}" if sentence.origins > 1 else ""
    amiss = standing(sentence)
    return say(
        (line(sentence.text), style),
        (f"{GLUE}{numbers}", "cyan"),
        (origins, "green"),
        (f" ({amiss})" if amiss else "", "yellow"),
    )


def _marks(numbers: Sequence[int]) -> str:
    """``[4][1]`` as they are cited; of many the best one, the others in ranges: ``[4][1–3][9]``."""
    if len(numbers) <= FEW:
        return "".join(f"[{one}]" for one in numbers)
    runs: list[list[int]] = []
    for one in sorted(numbers[1:]):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    spelt = [f"[{run[0]}–{run[-1]}]" if len(run) > 1 else f"[{run[0]}]" for run in runs]
    return f"[{numbers[0]}]{''.join(spelt)}"


def gap() -> Block:
    """An empty line."""
    return Block("", say((" ", "")))


def say(*parts: tuple[str, str]) -> "Text":
    """Words with their styles, one behind the other."""
    from rich.text import Text

    return Text.assemble(*parts)
