"""Round-ups, newsletters and live pages are cut into their items, each an article of its own.

A page is cut only where its layout repeats (bullets, times, rules, bold leads, headings) and what
stands between has not even a topic in common: an article with subheadings or a list keeps coming
back to its subject. An item is an `Article` with a ``span``; its text stays the whole page, so that
offsets and snapshots do not change.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from summarizer.retrieval.chunks import Statement, chunk_article, split_statements
from summarizer.retrieval.corpus import Corpus
from summarizer.retrieval.signatures import event_signatures
from summarizer.retrieval.similarity import article_features, mean_cosine, tfidf_vectors
from summarizer.sources.articles import Article, Boilerplate
from summarizer.text.languages import count_words, detect_language
from summarizer.text.sentences import ends_sentence
from summarizer.text.spans import Span, inside, trim_span
from summarizer.text.tokens import build_idf

MIN_ITEMS, MIN_ITEM_WORDS, USUAL_ITEM_WORDS = 4, 8, 15
"""Items of a page that is cut, words of an item, and words that half of its items have: a list in
an article is shorter."""

MIN_OPENING_WORDS = 25
"""Words before the first item that are one themselves; fewer only introduce the others."""

MAX_ITEMS_COSINE = 0.05
"""Mean cosine of the items of a page that is cut, or of their names."""

MIN_ITEM_NAMES, MIN_NAMED_SHARE = 2, 0.8
"""Names of an item that can be compared, and the share of the items that must have as many."""

MAX_HEADING_CHARS = 90
"""Code points of a heading."""

MAX_COMPARED_ITEMS = 60
"""Items of a page whose cosines are computed."""

_LAYOUTS = (
    re.compile(r"(?:[*_=~—–-]\s?){3,}$"),
    re.compile(r"(?:\d{1,2}[:.]\d{2}|\d{1,2}h\d{2})(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?(?!\S)"),
    re.compile(r"\*\*[^*\n]{2,90}\*\*"),
    re.compile(r"(?:[-*•·▪►–—]|\d{1,3}[.)])\s+(?=\S)"),
)
"""What may begin an item, at the start of a line: a rule, a time, a bold lead, a bullet or number.
It is not part of the item."""


def split_round_ups(corpus: Corpus) -> Corpus:
    """The corpus with the items of its round-ups in place of these."""
    articles: dict[str, Article] = {}
    boilerplate: dict[str, Sequence[Boilerplate]] = {}
    statements: dict[str, Sequence[Statement]] = {}
    for page in corpus.articles.values():
        spans = item_spans(page)
        if not spans:
            articles[page.id] = page
            boilerplate[page.id] = corpus.boilerplate[page.id]
            statements[page.id] = corpus.statements[page.id]
            continue
        # What is in no item is reported with the first one, so that nothing disappears silently.
        rest = list(_outside(page.text, spans))
        for span in spans:
            item = _item(page, span)
            own = [each for each in corpus.boilerplate[page.id] if inside(each.span, span)]
            articles[item.id], boilerplate[item.id] = item, (*rest, *own)
            chunks = chunk_article(item, own)
            statements[item.id] = split_statements(chunks, item.language, corpus.annotations)
            rest = []
    return replace(corpus, articles=articles, boilerplate=boilerplate, statements=statements)


def _item(page: Article, span: Span) -> Article:
    text = page.text[span.start : span.end]
    heading, _, body = text.partition("\n")
    return replace(
        page,
        span=span,
        title=heading if body and _is_heading(heading) else page.title,
        language=detect_language(text),
    )


def _outside(text: str, spans: Sequence[Span]) -> Iterator[Boilerplate]:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        span = trim_span(text, Span(start, end))
        if span.start < span.end:
            yield Boilerplate(span, "frame", "between the items of a round-up")


def item_spans(page: Article) -> list[Span]:
    """The spans of the items of a round-up, in order; none if the page is one article."""
    lines = _lines(page.text)
    if len(lines) < MIN_ITEMS:
        return []
    for starts in (*_marked_starts(page.text, lines), _heading_starts(page.text, lines)):
        spans = _spans_between(page.text, lines, starts)
        if len(spans) >= MIN_ITEMS and _are_unrelated(page, spans):
            return spans
    return []


def _lines(text: str) -> list[Span]:
    lines, start = [], 0
    for raw in text.split("\n"):
        span = trim_span(text, Span(start, start + len(raw)))
        if span.start < span.end:
            lines.append(span)
        start += len(raw) + 1
    return lines


def _marked_starts(text: str, lines: Sequence[Span]) -> Iterator[Mapping[int, int]]:
    """For each layout: the line that begins an item -> where the item begins behind its mark."""
    for layout in _LAYOUTS:
        matches = ((n, layout.match(text, *line)) for n, line in enumerate(lines))
        yield {n: match.end() for n, match in matches if match}


def _heading_starts(text: str, lines: Sequence[Span]) -> Mapping[int, int]:
    return {
        n: line.start
        for n, (line, following) in enumerate(pairwise(lines))
        if _is_heading(text[line.start : line.end])
        and ends_sentence(text[following.start : following.end])
    }


def _is_heading(line: str) -> bool:
    return len(line) <= MAX_HEADING_CHARS and not ends_sentence(line)


def _spans_between(text: str, lines: Sequence[Span], starts: Mapping[int, int]) -> list[Span]:
    """The items that begin at ``starts``, and what precedes them if it is long enough."""
    if len(starts) < MIN_ITEMS:
        return []
    first = [*starts]
    # The last item has no more lines than is usual: the page's own last words follow it.
    usual = int(median(b - a for a, b in pairwise(first)))
    ends = [*first[1:], min(len(lines), first[-1] + usual)]
    spans = [
        trim_span(text, Span(starts[n], lines[end - 1].end))
        for n, end in zip(first, ends, strict=True)
    ]
    words = {span: _word_count(text, span) for span in spans}
    if median(words.values()) < USUAL_ITEM_WORDS:
        return []
    spans = [span for span in spans if words[span] >= MIN_ITEM_WORDS]
    opening = trim_span(text, Span(0, lines[first[0]].start))
    return [opening, *spans] if _word_count(text, opening) >= MIN_OPENING_WORDS else spans


def _word_count(text: str, span: Span) -> int:
    return count_words(text[span.start : span.end])


def _are_unrelated(page: Article, spans: Sequence[Span]) -> bool:
    """Whether the items share no words, or, where they are of one template, no names."""
    step = max(1, len(spans) // MAX_COMPARED_ITEMS)
    items = [replace(page, span=span, title=None) for span in spans[::step]]
    features = [article_features(item) for item in items]
    vectors = tfidf_vectors(features, build_idf(features))
    if mean_cosine(vectors) <= MAX_ITEMS_COSINE:
        return True
    signatures = event_signatures(items, vectors)
    names = [each.names for each in signatures if len(each.names) >= MIN_ITEM_NAMES]
    return len(names) >= MIN_NAMED_SHARE * len(items) and mean_cosine(names) <= MAX_ITEMS_COSINE
