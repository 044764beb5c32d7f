"""Articles become sentence-aligned passages with exact offsets.

Laws (property-tested): ``article.text[c.start:c.end] == c.text``; every word of the article is in
exactly one chunk or in boilerplate (of a round-up's item, every word of its span); no chunk
overlaps boilerplate; ids depend on content only.
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
that a chunk is read at a glance and shows the context of a citation."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that can be retrieved. ``sentences`` are spans in the article's text, in order."""

    id: str
    source: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    def quote(self, span: Span) -> str:
        """The text at a span of the article that is inside this chunk."""
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
        """Id of the article."""
        return self.chunk.source


def split_statements(
    chunks: Iterable[Chunk], language: str, annotations: Annotations | None = None
) -> tuple[Statement, ...]:
    """Every sentence of an article's chunks, in reading order.

    ``annotations``: those of the corpus that the article belongs to; None: its own.
    """
    shared = Annotations() if annotations is None else annotations
    return tuple(
        Statement(chunk, span, text, frozenset(content_stems(text, language)), language, shared)
        for chunk in chunks
        for span in chunk.sentences
        for text in [chunk.quote(span)]
    )


def chunk_article(article: Article, boilerplate: Sequence[Boilerplate]) -> tuple[Chunk, ...]:
    """The article's chunks in reading order."""
    first = article.extent.start
    excluded = sorted(item.span for item in boilerplate)
    masked = article.body
    for start, end in excluded:  # line breaks of the same length: no offset moves
        masked = masked[: start - first] + "\n" * (end - start) + masked[end - first :]
    sentences = [
        part
        for start, end in split_sentences(masked, article.language)
        for part in _parts_outside(article.text, Span(first + start, first + end), excluded)
    ]
    chunks = []
    for spans in _group_spans(sentences, [span.start for span in excluded]):
        start, end = spans[0].start, spans[-1].end
        name = "c-" + sha256_hex(f"{article.id}:{start}:{end}:{article.sha256}")[:12]
        text = article.text[start:end]
        chunks.append(Chunk(name, article.id, start, end, text, tuple(spans)))
    return tuple(chunks)


def _parts_outside(text: str, sentence: Span, excluded: Iterable[Span]) -> Iterator[Span]:
    """The parts of a sentence outside the ``excluded`` spans. A sentence may contain one: a short
    run of line breaks does not always end it."""
    start = sentence.start
    for span in excluded:
        if start < span.end and span.start < sentence.end:
            part = trim_span(text, Span(start, max(start, span.start)))
            if part.start < part.end:
                yield part
            start = span.end
    rest = trim_span(text, Span(start, max(start, sentence.end)))
    if rest.start < rest.end:
        yield rest


def _group_spans(spans: Iterable[Span], breaks: Sequence[int]) -> Iterator[list[Span]]:
    """The spans in groups of at most `MAX_CHUNK_CHARS`, none with one of ``breaks`` inside."""
    group: list[Span] = []
    for span in spans:
        if group and (
            span.end - group[0].start > MAX_CHUNK_CHARS
            or any(group[-1].end <= offset < span.start for offset in breaks)
        ):
            yield group
            group = []
        group.append(span)
    if group:
        yield group
