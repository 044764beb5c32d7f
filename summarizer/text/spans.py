"""Spans of a text in code points, and selectors that find a quotation again in a changed text.

A `Span` is the W3C Web Annotation TextPositionSelector, a `QuoteSelector` the TextQuoteSelector
(https://www.w3.org/TR/annotation-model/#selectors).
"""

from typing import NamedTuple

QUOTE_CONTEXT_CHARS = 32
"""Code points of prefix and suffix kept with a quotation, as the Hypothesis client keeps them."""


class Span(NamedTuple):
    """Half-open range of code points: ``text[start:end]``."""

    start: int
    end: int


class QuoteSelector(NamedTuple):
    """The exact words, and those around them."""

    exact: str
    prefix: str
    suffix: str


def inside(span: Span, other: Span) -> bool:
    """Whether ``span`` lies wholly within ``other``."""
    return other.start <= span.start and span.end <= other.end


def trim_span(text: str, span: Span) -> Span:
    """``span`` without the white space at its edges.

    >>> trim_span("  a b ", Span(0, 6))
    Span(start=2, end=5)
    """
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


def quote_selector_at(text: str, span: Span) -> QuoteSelector:
    """The quotation at ``span`` with its context, enough to find it in a later copy."""
    start, end = span
    return QuoteSelector(
        text[start:end],
        text[max(0, start - QUOTE_CONTEXT_CHARS) : start],
        text[end : end + QUOTE_CONTEXT_CHARS],
    )


def find_quote(text: str, selector: QuoteSelector, hint: int = 0) -> Span | None:
    """Where the quotation is now: the occurrence with most context, then nearest to ``hint``.

    ``None`` means orphaned: the words are no longer there.
    """
    best: tuple[int, int] | None = None
    at = text.find(selector.exact)
    while at >= 0 and selector.exact:
        end = at + len(selector.exact)
        score = _common_prefix_length(
            text[:at][::-1], selector.prefix[::-1]
        ) + _common_prefix_length(text[end:], selector.suffix)
        rank = (score, -abs(at - hint))
        if best is None or rank > (best[0], -abs(best[1] - hint)):
            best = (score, at)
        at = text.find(selector.exact, at + 1)
    return None if best is None else Span(best[1], best[1] + len(selector.exact))


def _common_prefix_length(left: str, right: str) -> int:
    """Length of the shared beginning."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
