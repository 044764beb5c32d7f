"""Quotations of a source in their context: the parts of its text around them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.briefing import CitedChunk, Source
from summarizer.sources.articles import sha256_hex
from summarizer.text.spans import Span


class SourceExcerpt(NamedTuple):
    """A contiguous part of a source: ``source_text[start:start + len(text)] == text``."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class ExcerptPiece(NamedTuple):
    """A part of an excerpt that the same quotations cover throughout, as the source has it.

    ``keys`` are those quotations; ``opens`` the ones that begin here.
    """

    text: str
    keys: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def source_excerpts(
    source: Source,
    quotations: Sequence[tuple[str, Span]],
    chunks: Sequence[CitedChunk],
    text: str,
    context: int,
) -> tuple[tuple[ExcerptPiece, ...], ...]:
    """The excerpts of ``source`` around its keyed quotations, each in pieces.

    ``context`` is the number of code points on each side of a quotation. Without ``text``, or where
    the sha256 of the source names another snapshot, the cited chunks are the context.
    """
    if text and sha256_hex(text) == source.sha256:
        excerpts = context_windows(text, [span for _, span in quotations], context)
    else:
        excerpts = merge_chunks([chunk for chunk in chunks if chunk.source == source.id])
    return tuple(tuple(split_at_quotations(excerpt, quotations)) for excerpt in excerpts)


def merge_chunks(chunks: Sequence[CitedChunk]) -> list[SourceExcerpt]:
    """The chunks of one source as excerpts in order; those that touch or overlap become one."""
    excerpts: list[SourceExcerpt] = []
    for chunk in sorted(chunks, key=lambda one: (one.start, one.end)):
        last = excerpts[-1] if excerpts else None
        if last and chunk.start <= last.end:
            text = last.text + chunk.text[last.end - chunk.start :]
            excerpts[-1] = SourceExcerpt(last.start, text)
        else:
            excerpts.append(SourceExcerpt(chunk.start, chunk.text))
    return excerpts


def context_windows(text: str, spans: Sequence[Span], context: int) -> list[SourceExcerpt]:
    """The parts of an article around ``spans``: about ``context`` code points on each side."""
    windows = sorted(
        Span(_window_start(text, start, context), _window_end(text, end, context))
        for start, end in spans
    )
    merged: list[Span] = []
    for window in windows:
        if merged and window.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return [SourceExcerpt(start, text[start:end]) for start, end in merged]


def split_at_quotations(
    excerpt: SourceExcerpt, quotations: Sequence[tuple[str, Span]]
) -> Iterator[ExcerptPiece]:
    """The excerpt in pieces; keyed quotations that lie elsewhere are ignored."""
    own = [
        (key, span)
        for key, span in quotations
        if excerpt.start <= span.start < span.end <= excerpt.end
    ]
    edges = {excerpt.start, excerpt.end} | {edge for _, span in own for edge in span}
    start = excerpt.start
    for end in sorted(edges)[1:]:
        yield ExcerptPiece(
            excerpt.text[start - excerpt.start : end - excerpt.start],
            tuple(key for key, span in own if span.start <= start and end <= span.end),
            tuple(key for key, span in own if span.start == start),
        )
        start = end


def _window_start(text: str, start: int, context: int) -> int:
    """A beginning at most ``context`` before ``start``: of a line, if not too near, or a word."""
    earliest = start - context
    if earliest <= 0:
        return 0
    for mark, nearest in (("\n", start - context // 2), (" ", start)):
        index = text.find(mark, earliest, nearest)
        if index >= 0:
            return index + 1
    return earliest


def _window_end(text: str, end: int, context: int) -> int:
    """An end at most ``context`` after ``end``: of a line, if not too near, or a word."""
    latest = end + context
    if latest >= len(text):
        return len(text)
    for mark, nearest in (("\n", end + context // 2), (" ", end)):
        index = text.rfind(mark, nearest, latest)
        if index >= 0:
            return index
    return latest
