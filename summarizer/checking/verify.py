"""Verification of a saved briefing against its sources: hashes, offsets, quotes, sentences."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from summarizer.briefing import Briefing, Citation, Source
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.verdict import judge_claim
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.aliases import find_aliases
from summarizer.text.annotations import Annotations
from summarizer.text.languages import base_language
from summarizer.text.spans import Span, find_quote, quote_selector_at

RereadSource = Callable[[Source], Article]
"""A source -> the article as it reads now. Raises SourceError when it is not to be had."""


@dataclass(frozen=True, slots=True)
class VerificationFailure:
    """One thing that no longer holds, in one line. ``subject``: path, URL or chunk id."""

    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verification:
    """``checked``: citations whose words were looked up. ``unavailable``: sources not at hand."""

    checked: int
    failures: tuple[VerificationFailure, ...]
    unavailable: tuple[VerificationFailure, ...]


def verify_briefing(
    briefing: Briefing, reread: RereadSource, entailment: EntailmentModel | None = None
) -> Verification:
    """Looks up every citation and chunk in its source.

    A briefing that loads is sound in itself; here its sources are asked. A source that is not at
    hand is no wrong citation, and is told apart. ``entailment`` reads what the rules leave open.
    """
    texts: dict[str, str] = {}
    failures: list[VerificationFailure] = list(_altered_briefing(briefing))
    unavailable: list[VerificationFailure] = []
    for source in briefing.sources:
        try:
            article = reread(source)
        except SourceError as error:
            unavailable.append(
                VerificationFailure(source.path or source.url or source.id, error.message)
            )
            continue
        texts[source.id] = article.text
        failures += _changed_source(source, article)
    cited = _citations_by_source(briefing)
    for source in briefing.sources:
        if source.id in texts:
            failures += _moved_quotes(briefing, source, texts[source.id], cited.get(source.id, []))
    failures += _unsupported_sentences(briefing, texts, entailment)
    checked = sum(len(places) for source, places in cited.items() if source in texts)
    return Verification(checked, tuple(failures), tuple(unavailable))


CitationState = Literal["same", "moved", "changed", "unavailable"]


class LiveCitation(NamedTuple):
    """A citation and its words in the source as it is now: at the same place, elsewhere, or not;
    ``detail``: why the source is not at hand."""

    source: Source
    quote: str
    state: CitationState
    detail: str = ""


def compare_live(briefing: Briefing, reread: RereadSource) -> Iterator[LiveCitation]:
    """Each citation once, in the order of the sources, with its state in the source of today."""
    cited = _citations_by_source(briefing)
    for source in briefing.sources:
        citations = list({(c.start, c.quote): c for c in cited.get(source.id, [])}.values())
        if not citations:
            continue
        try:
            text = reread(source).text
        except SourceError as error:
            for each in citations:
                yield LiveCitation(source, each.quote, "unavailable", error.message)
            continue
        for each in citations:
            state: CitationState = "moved" if each.quote in text else "changed"
            if text[each.start : each.end] == each.quote:
                state = "same"
            yield LiveCitation(source, each.quote, state)


def _altered_briefing(briefing: Briefing) -> Iterator[VerificationFailure]:
    """Whether the file is the one that was written: its id is the hash of what it says."""
    if briefing.identity() != briefing.id:
        yield VerificationFailure(
            briefing.id, f"was altered since it was written: it is {briefing.identity()}"
        )


def _unsupported_sentences(
    briefing: Briefing, texts: Mapping[str, str], entailment: EntailmentModel | None
) -> Iterator[VerificationFailure]:
    """Sentences whose citations do not carry them, judged anew by the checks."""
    annotations = Annotations()
    language = base_language(briefing.language)
    known = find_aliases(texts.values())
    sources = {source.id: source for source in briefing.sources}
    for sentence in briefing.all_sentences():
        cited = [(c.quote, sources[c.source].exact_date) for c in sentence.citations]
        claim = Claim(sentence.text, language, cited[0][1], annotations)
        passages = [Passage(quote, language, published, annotations) for quote, published in cited]
        judgement = judge_claim(claim, passages, known, entailment=entailment)
        # What a reader of sentences decided, the rules cannot take back: only what is hard counts.
        read = sentence.checked_by != "rules"
        if read and not any(issue.severity == "hard" for issue in judgement.issues):
            continue
        if judgement.verdict not in ("supported", "unverified"):
            reasons = "; ".join(problem.detail for problem in judgement.issues)
            why = f"{judgement.verdict} by its citations" + (f": {reasons}" if reasons else "")
            yield VerificationFailure(f"“{_clipped(sentence.text)}”", why)


def _citations_by_source(briefing: Briefing) -> Mapping[str, list[Citation]]:
    by_source: dict[str, list[Citation]] = defaultdict(list)
    for sentence in briefing.all_sentences():
        for citation in sentence.citations:
            by_source[citation.source].append(citation)
    return by_source


def _changed_source(source: Source, article: Article) -> Iterator[VerificationFailure]:
    if article.sha256 != source.sha256:
        subject = source.path or source.url or source.id
        yield VerificationFailure(
            subject, f"has changed: sha256 {article.sha256[:12]}, was {source.sha256[:12]}"
        )


def _moved_quotes(
    briefing: Briefing, source: Source, text: str, citations: Iterable[Citation]
) -> Iterator[VerificationFailure]:
    """Chunks and quotations that do not stand where the briefing says."""
    subject = source.path or source.url or source.id
    for chunk in briefing.chunks:
        if chunk.source == source.id and text[chunk.start : chunk.end] != chunk.text:
            yield VerificationFailure(
                subject, f"chunk {chunk.id} does not stand at {chunk.start}:{chunk.end}"
            )
    chunks = {chunk.id: chunk for chunk in briefing.chunks}
    for citation in citations:
        if text[citation.start : citation.end] == citation.quote:
            continue
        chunk = chunks[citation.chunk]
        at = citation.start - chunk.start
        selector = quote_selector_at(chunk.text, Span(at, at + len(citation.quote)))
        found = find_quote(text, selector, citation.start)
        where = f"now at {found.start}:{found.end}" if found else "orphaned: no longer there"
        yield VerificationFailure(
            subject,
            f"“{_clipped(citation.quote)}” is not at {citation.start}:{citation.end}; {where}",
        )


def _clipped(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
