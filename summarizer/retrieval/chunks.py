"""Articles become sentence-aligned passages with exact offsets.

Laws (property-tested): ``article.text[c.start:c.end] == c.text``; every word of the article lies
in exactly one chunk or in furniture; no chunk touches furniture; ids are content.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from summarizer.sources.articles import Article, Boilerplate, sha256_hex
from summarizer.text.annotations import Annotations
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span, trim_span
from summarizer.text.tokens import content_stems

__all__ = ["Chunk", "Statement", "chunk_article", "split_statements"]

MAX_CHUNK_CHARS = 700
"""Code points of a chunk, unless one sentence alone is longer: about three paragraphs of news, so
that a chunk is read in one look and a citation's context is beside it."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A retrievable passage. ``sentences`` are spans in the article's text, in order."""

    id: str
    source: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    def quote(self, span: Span) -> str:
        """The words at an article span that lies inside this chunk."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an article in its chunk, with its content stems.

    ``annotations``: what the texts of its corpus are read into.
    """

    chunk: Chunk
    span: Span
    text: str
    stems: frozenset[str]
    language: str
    annotations: Annotations = field(compare=False, repr=False)

    @property
    def source(self) -> str:
        """Id of the article that says it."""
        return self.chunk.source


def split_statements(
    chunks: Iterable[Chunk], language: str, annotations: Annotations | None = None
) -> tuple[Statement, ...]:
    """Every sentence of an article's chunks, in reading order.

    ``annotations``: those of the corpus that the article belongs to; None: its own.
    """
    shared = Annotations() if annotations is None else annotations
    return tuple(
        Statement(piece, span, text, frozenset(content_stems(text, language)), language, shared)
        for piece in chunks
        for span in piece.sentences
        for text in [piece.quote(span)]
    )


def chunk_article(article: Article, furniture: Sequence[Boilerplate]) -> tuple[Chunk, ...]:
    """The article's chunks in reading order."""
    walls = sorted(item.span for item in furniture)
    spans = [
        piece
        for span in split_sentences(_mask_boilerplate(article.text, walls), article.language)
        for piece in _parts_outside(article.text, span, walls)
    ]
    starts = [wall.start for wall in walls]
    return tuple(_make_chunk(article, group) for group in _group_spans(spans, starts))


def _mask_boilerplate(text: str, walls: Iterable[Span]) -> str:
    """The text with furniture blanked into line breaks: same length, same offsets."""
    for start, end in walls:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _parts_outside(text: str, span: Span, walls: Iterable[Span]) -> Iterator[Span]:
    """The parts of a sentence that are no furniture: a short one may not have parted its lines."""
    start = span.start
    for wall in walls:
        if start < wall.end and wall.start < span.end:
            piece = trim_span(text, Span(start, max(start, wall.start)))
            if piece.start < piece.end:
                yield piece
            start = wall.end
    rest = trim_span(text, Span(start, max(start, span.end)))
    if rest.start < rest.end:
        yield rest


def _group_spans(spans: Iterable[Span], walls: Sequence[int]) -> Iterator[list[Span]]:
    group: list[Span] = []
    for span in spans:
        if group and (
            span.end - group[0].start > MAX_CHUNK_CHARS
            or any(group[-1].end <= wall < span.start for wall in walls)
        ):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _make_chunk(article: Article, spans: list[Span]) -> Chunk:
    start, end = spans[0].start, spans[-1].end
    name = "c-" + sha256_hex(f"{article.id}:{start}:{end}:{article.sha256}")[:12]
    return Chunk(name, article.id, start, end, article.text[start:end], tuple(spans))
