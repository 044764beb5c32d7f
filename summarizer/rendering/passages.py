"""A source's cited passages in their context, cut where quotations begin and end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.briefings import Chunk
from summarizer.text.selectors import Span

__all__ = ["Block", "Piece", "cut", "join", "windows"]


class Block(NamedTuple):
    """A contiguous part of a source: ``source_text[start:start + len(text)] == text``."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Piece(NamedTuple):
    """A part of a block that the same quotations cover throughout.

    ``keys`` are those quotations; ``opens`` the ones that begin here.
    """

    text: str
    keys: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def join(chunks: Sequence[Chunk]) -> list[Block]:
    """The chunks of one source as blocks in order; those that touch or overlap become one."""
    blocks: list[Block] = []
    for chunk in sorted(chunks, key=lambda one: (one.start, one.end)):
        last = blocks[-1] if blocks else None
        if last and chunk.start <= last.end:
            blocks[-1] = Block(last.start, last.text + chunk.text[last.end - chunk.start :])
        else:
            blocks.append(Block(chunk.start, chunk.text))
    return blocks


def windows(text: str, spans: Sequence[Span], context: int) -> list[Block]:
    """The parts of an article around ``spans``: about ``context`` code points on each side."""
    grown = sorted(
        Span(_left(text, start, context), _right(text, end, context)) for start, end in spans
    )
    merged: list[Span] = []
    for span in grown:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return [Block(start, text[start:end]) for start, end in merged]


def cut(block: Block, spans: Sequence[tuple[str, Span]]) -> Iterator[Piece]:
    """The block in pieces; ``spans`` are keyed quotations, of which those elsewhere are ignored."""
    held = [(key, at) for key, at in spans if block.start <= at.start < at.end <= block.end]
    edges = {block.start, block.end} | {edge for _, at in held for edge in at}
    start = block.start
    for end in sorted(edges)[1:]:
        yield Piece(
            block.text[start - block.start : end - block.start],
            tuple(key for key, at in held if at.start <= start and end <= at.end),
            tuple(key for key, at in held if at.start == start),
        )
        start = end


def _left(text: str, start: int, context: int) -> int:
    """A beginning at most ``context`` before ``start``: of a line, if not too near, or a word."""
    earliest = start - context
    if earliest <= 0:
        return 0
    for mark, nearest in (("\n", start - context // 2), (" ", start)):
        at = text.find(mark, earliest, nearest)
        if at >= 0:
            return at + 1
    return earliest


def _right(text: str, end: int, context: int) -> int:
    latest = end + context
    if latest >= len(text):
        return len(text)
    for mark, nearest in (("\n", end + context // 2), (" ", end)):
        at = text.rfind(mark, nearest, latest)
        if at >= 0:
            return at
    return latest
