"""Articles become sentence-aligned passages with exact offsets.

A short quotation of several sentences and the sentence that names its speaker count as one
sentence, as do a sentence and the one that takes it back: neither is quoted without the other.

Laws (property-tested): ``article.text[c.start:c.end] == c.text``; every word of the article is in
exactly one chunk or in boilerplate (of a round-up's item, every word of its span); no chunk
overlaps boilerplate; ids depend on content only.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter, itemgetter

from summarizer.sources.articles import Article, Boilerplate, Place, sha256_hex
from summarizer.text.annotations import Annotations
from summarizer.text.framing import Frame, find_frames
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span, inside, trim_span
from summarizer.text.tokens import content_stems

MAX_CHUNK_CHARS = 700
"""Code points of a chunk, unless one sentence alone is longer: about three paragraphs of news, so
that a chunk is read at a glance and shows the context of a citation."""

MAX_JOINED_CHARS = 320
"""Code points of a quotation with its speaker that counts as one sentence: about as many words as a
sentence of a briefing may have."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that can be retrieved. ``sentences`` are spans in the article's text, in order.
    ``frames``: spans of those that are framed (`summarizer.text.framing`), each with its frame.
    ``places``: those of the article."""

    id: str
    source: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    frames: tuple[tuple[Span, Frame], ...] = ()
    places: tuple[Place, ...] = ()

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

    @property
    def frame(self) -> Frame | None:
        """What decides from outside the statement what it says; alone it is then no evidence."""
        frames = (frame for span, frame in self.chunk.frames if inside(span, self.span))
        outer = (each for each in frames if not (each.text and inside(each.span, self.span)))
        return next(outer, None)


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
    pieces, kept = list[str](), first
    for start, end in excluded:  # line breaks of the same length: no offset moves
        pieces += (article.text[kept:start], "\n" * (end - max(start, kept)))
        kept = max(kept, end)
    masked = "".join((*pieces, article.text[kept : article.extent.end]))
    sentences = [
        part
        for start, end in split_sentences(masked, article.language)
        for part in _parts_outside(article.text, Span(first + start, first + end), excluded)
    ]
    frames = _frames_by_sentence(masked, sentences, article)
    framed = sorted(frames.items(), key=itemgetter(0))
    chunks = []
    whole = _join_framed(masked, first, sentences, frames)
    for spans in _group_spans(whole, [span.start for span in excluded]):
        start, end = spans[0].start, spans[-1].end
        name = "c-" + sha256_hex(f"{article.id}:{start}:{end}:{article.sha256}")[:12]
        text = article.text[start:end]
        since, until = (
            bisect_left(framed, at, key=lambda pair: pair[0].start) for at in (start, end)
        )
        own = tuple(pair for pair in framed[since:until] if inside(pair[0], Span(start, end)))
        chunks.append(Chunk(name, article.id, start, end, text, tuple(spans), own, article.places))
    return tuple(chunks)


def _frames_by_sentence(
    masked: str, sentences: Sequence[Span], article: Article
) -> dict[Span, Frame]:
    """The framed sentences, each with its frame; spans are offsets in the article."""
    first = article.extent.start
    local = [Span(start - first, end - first) for start, end in sentences]
    found = zip(sentences, find_frames(masked, local, article.language), strict=True)
    return {
        span: frame._replace(span=Span(frame.span.start + first, frame.span.end + first))
        for span, frame in found
        if frame
    }


def _join_framed(
    masked: str, first: int, sentences: Sequence[Span], frames: Mapping[Span, Frame]
) -> Iterator[Span]:
    """The sentences; a short run of framed ones is joined with what frames it in its paragraph."""
    runs: list[Span] = []
    for span, frame in frames.items():
        if frame.text:
            run = Span(min(span.start, frame.span.start), max(span.end, frame.span.end))
            while runs and run.start < runs[-1].end:
                before = runs.pop()
                run = Span(min(before.start, run.start), max(before.end, run.end))
            runs.append(run)
    short = deque(
        run
        for run in runs
        if run.end - run.start <= MAX_JOINED_CHARS
        and "\n" not in masked[run.start - first : run.end - first]
    )
    for span in sentences:
        while short and short[0].end <= span.start:
            yield short.popleft()
        if not short or span.end <= short[0].start:
            yield span
    yield from short


def _parts_outside(text: str, sentence: Span, excluded: Sequence[Span]) -> Iterator[Span]:
    """The parts of a sentence outside the ``excluded`` spans, which are in order. A sentence may
    contain one: a short run of line breaks does not always end it."""
    start = sentence.start
    first = bisect_right(excluded, start, key=attrgetter("end"))
    for span in islice(excluded, first, None):
        if span.start >= sentence.end:
            break
        if start < span.end:
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
            or bisect_left(breaks, group[-1].end) < bisect_left(breaks, span.start)
        ):
            yield group
            group = []
        group.append(span)
    if group:
        yield group
