"""Citations of a sentence: keys resolved to spans of chunks, pruned, narrowed and corroborated.

A key resolves to its whole chunk, on which the sentence is checked; what a reader is shown is
narrowed afterwards to the sentences that carry a clause. Further sources that say the same are
cited as well, so that a sentence's provenance is complete. `build_citation` and `build_source` make
the values that a reader gets.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from summarizer import briefing
from summarizer.briefing import Citation, SentenceMethod, Source
from summarizer.checking.claims import Judgement
from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.search import EvidenceSet
from summarizer.sources.articles import Article, Boilerplate, place_at
from summarizer.text.framing import Frame
from summarizer.text.lexicon import lexicon
from summarizer.text.numbers import find_quantities
from summarizer.text.spans import Span
from summarizer.text.thesaurus import are_synonyms
from summarizer.text.tokens import build_idf, content_stems, function_words, stems

MAX_CITATION_SENTENCES = 3
"""Sentences that one citation may span."""

MIN_COVERAGE_GAIN = 0.12
"""Share of the claim's weight that a further sentence must add to be cited along."""


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence as a writer hands it over: words and citation keys, nothing checked."""

    text: str
    keys: tuple[str, ...]
    method: SentenceMethod


class CitedSpan(NamedTuple):
    """A chunk and the span, in the article's offsets, that carries the claim."""

    chunk: Chunk
    span: Span

    @property
    def quote(self) -> str:
        """The cited words."""
        return self.chunk.quote(self.span)

    @property
    def frames(self) -> tuple[tuple[Span, Frame], ...]:
        """The framed sentences among the cited words, as spans of these, each with its frame."""
        start, end = self.span
        return tuple(
            (Span(span.start - start, span.end - start), frame)
            for span, frame in self.chunk.frames
            if span.start < end and start < span.end
        )


class ResolvedCitations(NamedTuple):
    """The citations that resolve, in the writer's order, and the keys that name nothing."""

    cited: tuple[CitedSpan, ...]
    unknown_keys: tuple[str, ...]


def resolve_keys(
    draft: DraftSentence, evidence: EvidenceSet, language: str = "en"
) -> ResolvedCitations:
    """Looks every key up; a key outside the evidence is fabricated or was cut from the prompt.

    What a model wrote is checked against whole passages: cut to the nearest sentences, they lose
    whom "he" means and what a clause rests on. A source's own sentence, which the program may have
    shortened at its edges, is found in its passage.
    """
    keys = tuple(dict.fromkeys(draft.keys))
    known = [evidence.keys[key] for key in keys if key in evidence.keys]
    cited = tuple(CitedSpan(chunk, _cited_span(draft, chunk, language)) for chunk in known)
    return ResolvedCitations(cited, tuple(key for key in keys if key not in evidence.keys))


def _cited_span(draft: DraftSentence, chunk: Chunk, language: str) -> Span:
    at = chunk.text.find(draft.text) if draft.text else -1
    if draft.method != "extracted":
        whole = Span(chunk.start, chunk.end)
        return locate_in_chunk(draft.text, chunk, language) if at >= 0 else whole
    if at < 0:
        return locate_in_chunk(draft.text, chunk, language)
    return Span(chunk.start + at, chunk.start + at + len(draft.text))


def locate_in_chunk(text: str, chunk: Chunk, language: str = "en") -> Span:
    """Where ``chunk`` says ``text``: the sentences that hold it verbatim, else the one to three
    that cover most. They are whole: a part of a sentence may say what all of it denies."""
    at = chunk.text.find(text) if text else -1
    if at >= 0:
        start, end = chunk.start + at, chunk.start + at + len(text)
        holding = [span for span in chunk.sentences if span.start < end and span.end > start]
        return Span(holding[0].start, holding[-1].end) if holding else Span(start, end)
    wanted = stem_shares(_content_terms(text, language))
    said = [set(_content_terms(chunk.quote(span), language)) for span in chunk.sentences]
    first = max(range(len(said)), key=lambda n: (covered_share(wanted, said[n]), -n))
    low, high = _widen_window(wanted, said, first)
    return Span(chunk.sentences[low].start, chunk.sentences[high].end)


def _content_terms(text: str, language: str) -> list[str]:
    """Content stems, and figures by value, from and to: "zwölf", "twelve" and "12" are the same."""
    ends = [(f">={q.low:g}", f"<={q.high:g}") for q in find_quantities(text, language)]
    return [*content_stems(text, language), *(end for pair in ends for end in pair)]


def _widen_window(
    wanted: Mapping[str, float], said: Sequence[set[str]], first: int
) -> tuple[int, int]:
    """Grows the window around the best sentence while a neighbour adds enough."""
    low = high = first
    while high - low + 1 < MAX_CITATION_SENTENCES:
        here = covered_share(wanted, set().union(*said[low : high + 1]))
        grown = [
            (covered_share(wanted, set().union(*said[a : b + 1])), a, b)
            for a, b in ((low - 1, high), (low, high + 1))
            if a >= 0 and b < len(said)
        ]
        best = max(grown, default=(0.0, low, high))
        if best[0] - here < MIN_COVERAGE_GAIN:
            break
        low, high = best[1:]
    return low, high


def stem_shares(stems: Iterable[str]) -> dict[str, float]:
    """Share of the claim's meaning in each stem, summing to 1."""
    idf = build_idf(())
    raw = {stem: idf(stem) for stem in stems}
    total = sum(raw.values()) or 1.0
    return {stem: weight / total for stem, weight in raw.items()}


def covered_share(wanted: Mapping[str, float], stems: Collection[str]) -> float:
    """How much of the claim's weight these stems hold, 0..1."""
    return sum(weight for stem, weight in wanted.items() if stem in stems)


def build_citation(cited: CitedSpan) -> Citation:
    """The pointer."""
    return Citation(
        chunk=cited.chunk.id,
        source=cited.chunk.source,
        start=cited.span.start,
        end=cited.span.end,
        quote=cited.quote,
        place=place_at(cited.chunk.places, cited.span.start),
    )


def cited_chunks(cited: Iterable[CitedSpan]) -> Iterator[briefing.CitedChunk]:
    """Every cited chunk once, in order of first citation."""
    for chunk in {item.chunk.id: item.chunk for item in cited}.values():
        yield briefing.CitedChunk(
            id=chunk.id, source=chunk.source, start=chunk.start, end=chunk.end, text=chunk.text
        )


def build_source(article: Article, furniture: Iterable[Boilerplate], origin: str) -> Source:
    """The article as the bibliography shows it."""
    agency = _signing_agency(furniture)
    return Source(
        id=article.id,
        label=source_label(article),
        path=article.path,
        url=article.url,
        title=article.title,
        publisher=article.publisher or agency,
        published=article.published,
        published_from=article.published_from,
        sha256=article.sha256,
        origin=origin,
        length=len(article.text),
        kind=article.kind or ("wire" if agency else None),
    )


def source_label(article: Article) -> str:
    """The title, else where it was read."""
    return article.title or article.location


def _signing_agency(furniture: Iterable[Boilerplate]) -> str | None:
    """The wire that signs an article whose page names no publisher."""
    return next((item.agency for item in furniture if item.agency), None)


JudgeCitations = Callable[[Sequence[CitedSpan]], Judgement]
MeasureUnsaid = Callable[[Sequence[CitedSpan]], float]


def needed_citations(
    cited: Sequence[CitedSpan],
    judge: JudgeCitations,
    unsaid: MeasureUnsaid,
    *,
    keep: Collection[CitedSpan] = (),
) -> list[CitedSpan]:
    """The citations without those that are no likely evidence by themselves and that alone say
    nothing of the claim. ``unsaid``: the share of the claim that citations leave unsaid; ``keep``:
    citations that are needed whatever the rules make of them."""
    kept = list(cited)
    for item in reversed(cited):
        others = [other for other in kept if other is not item]
        if item in keep or not others:
            continue
        if not judge([item]).likely and unsaid(others) <= unsaid(kept):
            kept = others
    return kept


def narrow_citations(
    text: str,
    cited: Sequence[CitedSpan],
    required: int,
    unsaid: MeasureUnsaid,
    language: str = "en",
) -> list[CitedSpan]:
    """The citations as a reader sees them: of each passage the sentences, and what is between them,
    that carry a clause of ``text``; nothing that the whole passages say is left unsaid.

    Of the first ``required`` at least one sentence each is shown; of the others, which explain
    those, only what carries something.
    """
    wanted = stem_shares(_content_terms(text, language))
    parts = [_sentences_within(item) for item in cited]
    shown: dict[int, Span] = {}
    for at, spans in enumerate(parts[:required]):
        shares = [covered_share(wanted, set(_content_terms(s.quote, language))) for s in spans]
        best = max(range(len(spans)), key=lambda n: (shares[n], -n))
        # Without shared words, as across languages, nothing tells which sentence carries it.
        shown[at] = spans[best].span if shares[best] >= MIN_COVERAGE_GAIN else cited[at].span
    least = unsaid(cited)
    left = unsaid(_cited_at(cited, shown))
    while left > least:
        wider = [
            shown | {at: _hull(shown.get(at), part.span)}
            for at, spans in enumerate(parts)
            for part in spans
        ]
        lower, _, best = min(
            (unsaid(_cited_at(cited, each)), sum(end - start for start, end in each.values()), n)
            for n, each in enumerate(wider)
        )
        if lower >= left:  # it takes several sentences at once
            return list(cited)
        left, shown = lower, wider[best]
    return _cited_at(cited, shown)


def _sentences_within(cited: CitedSpan) -> list[CitedSpan]:
    inside = [
        CitedSpan(cited.chunk, span)
        for span in cited.chunk.sentences
        if cited.span.start <= span.start and span.end <= cited.span.end
    ]
    return inside or [cited]


def _hull(one: Span | None, other: Span) -> Span:
    return other if one is None else Span(min(one.start, other.start), max(one.end, other.end))


def _cited_at(cited: Sequence[CitedSpan], shown: Mapping[int, Span]) -> list[CitedSpan]:
    return [CitedSpan(item.chunk, shown[at]) for at, item in enumerate(cited) if at in shown]


MIN_COVERED_SHARE = 0.45
"""Share of the claim's weight that a passage must hold before it is asked for support at all."""

CORROBORATION_FRAME_WORDS, CORROBORATION_PLACE_WORDS = 2, 2
"""Words that must stand on both sides of a place, and the most that stand in it."""

MODAL_WORDS = lexicon("en").modal_words
"""Function words that change what is said."""

_COPULA = re.compile(
    rf"\b(?:{lexicon('en').copulas})\s+"
    rf"(?:(?:[\w’'-]+ly|{lexicon('en').words_after_copula})\s+)*([\w’'-]+)",
    re.IGNORECASE,
)
"""What stands behind a form of "to be"."""

_VERB_ENDINGS = ("ed", "en", "ing")
"""Endings of the verbs of passives and of what goes on, which paraphrases change freely."""

EMPTY_STEMS = function_words("en") | set(stems("another other reportedly"))

AlignmentStep = tuple[str, int, int, int, int]
"""One step of an alignment as difflib gives it."""

JudgeCitation = Callable[[CitedSpan], Judgement]


def corroborate(
    text: str,
    cited: Sequence[CitedSpan],
    statements: Mapping[str, Sequence[Statement]],
    judge: JudgeCitation,
    language: str = "en",
) -> list[CitedSpan]:
    """One more citation from each source, not yet cited, whose own words carry ``text`` alone.

    ``statements``: those that may be cited, by source. Best supported first.
    """
    wanted = stem_shares(content_stems(text, language))
    have = {item.chunk.source for item in cited}
    found: list[tuple[float, CitedSpan]] = []
    for source, candidates in statements.items():
        if source in have:
            continue
        for nearest in _nearest_statements(wanted, candidates):
            judgement = judge(nearest)
            quote = nearest.quote
            other = has_word_substitution(text, quote, language) or lacks_predicate(
                text, quote, language
            )
            if judgement.corroborates and not other:
                found.append((judgement.support, nearest))
                break
    return [item for _, item in sorted(found, key=lambda pair: (-pair[0], pair[1].chunk.id))]


def has_word_substitution(claim: str, passage: str, language: str = "en") -> bool:
    """Whether another word stands in the same place between the same words: "stable", "critical".

    Near-sayings may stand for one another. Where nothing tells that two words are, they are not:
    a source that may say something else is not cited.
    """
    ours, theirs = stems(claim, language), stems(passage, language)
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return any(
        tag == "replace"
        and _is_framed(steps, at, len(ours), len(theirs))
        and _content_differs(ours[a:b], theirs[c:d], language)
        for at, (tag, a, b, c, d) in enumerate(steps)
    )


def lacks_predicate(claim: str, passage: str, language: str = "en") -> bool:
    """Whether the passage has no word near to what the claim says that something is.

    "A fire was harmless" is not said by "a fire destroyed the depot", however much they share.
    Some faithful paraphrases fail it too: it decides on further citations alone.
    """
    there = set(content_stems(passage, language))
    behind = [found[1] for found in _COPULA.finditer(claim) if not found[1].endswith(_VERB_ENDINGS)]
    told = {stem for word in behind for stem in content_stems(word, language)} - there
    return any(not any(are_synonyms(stem, other, language) for other in there) for stem in told)


def _is_framed(steps: Sequence[AlignmentStep], at: int, ours: int, theirs: int) -> bool:
    """Whether the same words, FRAME of them or the edge of the sentence, stand on both sides."""
    _, a, b, c, d = steps[at]
    if max(b - a, d - c) > CORROBORATION_PLACE_WORDS:
        return False
    left = (a == 0 and c == 0) or (at > 0 and _is_equal_run(steps[at - 1]))
    right = (b == ours and d == theirs) or (at + 1 < len(steps) and _is_equal_run(steps[at + 1]))
    return left and right


def _is_equal_run(step: AlignmentStep) -> bool:
    return step[0] == "equal" and step[2] - step[1] >= CORROBORATION_FRAME_WORDS


def _content_differs(ours: Sequence[str], theirs: Sequence[str], language: str) -> bool:
    """Whether content or modality differs and no two of the words are near-sayings."""
    left = [stem for stem in ours if stem in MODAL_WORDS or stem not in EMPTY_STEMS]
    right = [stem for stem in theirs if stem in MODAL_WORDS or stem not in EMPTY_STEMS]
    return bool(left and right) and not any(
        are_synonyms(x, y, language) for x in left for y in right
    )


def _nearest_statements(
    wanted: Mapping[str, float], statements: Iterable[Statement]
) -> list[CitedSpan]:
    """The two statements that hold most of the claim, if they hold enough."""
    held = [(covered_share(wanted, item.stems), item) for item in statements]
    best = sorted(held, key=lambda pair: (-pair[0], pair[1].span))[:2]
    return [CitedSpan(item.chunk, item.span) for share, item in best if share >= MIN_COVERED_SHARE]
