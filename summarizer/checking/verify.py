"""A saved briefing against its sources as they are now: every hash, offset, quote and sentence."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from summarizer.briefings import Briefing, Citation, Source
from summarizer.checking.checks import judge
from summarizer.checking.claims import Claim, Passage
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.entities import aliases
from summarizer.text.selectors import Span, anchor, describe

__all__ = ["Failure", "Verification", "verify"]

Reread = Callable[[Source], Article]
"""A source -> the article as it reads now. Raises SourceError when it is not to be had."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that no longer holds, in one line. ``subject``: path, URL or chunk id."""

    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verification:
    """``checked``: citations whose words were looked up. ``unavailable``: sources not at hand."""

    checked: int
    failures: tuple[Failure, ...]
    unavailable: tuple[Failure, ...]


def verify(briefing: Briefing, reread: Reread) -> Verification:
    """Looks up every citation and chunk in its source.

    A briefing that loads is sound in itself; here its sources are asked. A source that is not at
    hand is no wrong citation, and is told apart.
    """
    texts: dict[str, str] = {}
    failures: list[Failure] = list(_altered(briefing))
    unavailable: list[Failure] = []
    for source in briefing.sources:
        try:
            article = reread(source)
        except SourceError as error:
            unavailable.append(Failure(source.path or source.url or source.id, error.message))
            continue
        texts[source.id] = article.text
        failures += _changed(source, article)
    cited = _cited(briefing)
    for source in briefing.sources:
        if source.id in texts:
            failures += _moved(briefing, source, texts[source.id], cited.get(source.id, []))
    failures += _uncarried(briefing, texts)
    checked = sum(len(places) for source, places in cited.items() if source in texts)
    return Verification(checked, tuple(failures), tuple(unavailable))


def _altered(briefing: Briefing) -> Iterator[Failure]:
    """Whether the file is the one that was written: its id is the hash of what it says."""
    if briefing.identity() != briefing.id:
        yield Failure(briefing.id, f"was altered since it was written: it is {briefing.identity()}")


def _uncarried(briefing: Briefing, texts: Mapping[str, str]) -> Iterator[Failure]:
    """Sentences whose citations do not carry them, judged anew by the checks."""
    known = aliases(texts.values())
    sources = {source.id: source for source in briefing.sources}
    for sentence in briefing.told():
        cited = [(c.quote, sources[c.source].written) for c in sentence.citations]
        claim = Claim(sentence.text, briefing.language, cited[0][1])
        passages = [Passage(quote, briefing.language, written) for quote, written in cited]
        judgement = judge(claim, passages, known)
        if judgement.verdict not in ("supported", "partly"):
            reasons = "; ".join(problem.detail for problem in judgement.problems)
            why = f"{judgement.verdict} by its citations" + (f": {reasons}" if reasons else "")
            yield Failure(f"“{_clip(sentence.text)}”", why)


def _cited(briefing: Briefing) -> Mapping[str, list[Citation]]:
    by_source: dict[str, list[Citation]] = defaultdict(list)
    for sentence in briefing.told():
        for citation in sentence.citations:
            by_source[citation.source].append(citation)
    return by_source


def _changed(source: Source, article: Article) -> Iterator[Failure]:
    if article.sha256 != source.sha256:
        subject = source.path or source.url or source.id
        yield Failure(
            subject, f"has changed: sha256 {article.sha256[:12]}, was {source.sha256[:12]}"
        )


def _moved(
    briefing: Briefing, source: Source, text: str, citations: Iterable[Citation]
) -> Iterator[Failure]:
    """Chunks and quotations that do not stand where the briefing says."""
    subject = source.path or source.url or source.id
    for chunk in briefing.chunks:
        if chunk.source == source.id and text[chunk.start : chunk.end] != chunk.text:
            yield Failure(subject, f"chunk {chunk.id} does not stand at {chunk.start}:{chunk.end}")
    chunks = {chunk.id: chunk for chunk in briefing.chunks}
    for citation in citations:
        if text[citation.start : citation.end] == citation.quote:
            continue
        chunk = chunks[citation.chunk]
        at = citation.start - chunk.start
        selector = describe(chunk.text, Span(at, at + len(citation.quote)))
        found = anchor(text, selector, citation.start)
        where = f"now at {found.start}:{found.end}" if found else "orphaned: no longer there"
        yield Failure(
            subject, f"“{_clip(citation.quote)}” is not at {citation.start}:{citation.end}; {where}"
        )


def _clip(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
