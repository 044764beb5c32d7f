"""Facts of one source, each with a quote from it. One model call per source.

A fact whose quote is in no passage, or that its passage does not support, becomes a finding. If the
model returns no usable fact, the source's own sentences are used; they need no check.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.briefing import Activity, Finding
from summarizer.checking.citations import CitedSpan
from summarizer.checking.prompt_passages import PromptPassages, show_passages
from summarizer.checking.verdict import CitationChecker
from summarizer.errors import ModelError, PromptTooLong
from summarizer.models.structured_output import Answer, Facts, StatedFact, ask_model, build_request
from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.sources.articles import Article, sha256_hex
from summarizer.text.languages import language_name
from summarizer.text.quotes import occurs_verbatim
from summarizer.text.spans import Span
from summarizer.text.tokens import folded_words
from summarizer.writing.prompting import Chain, answer_activities
from summarizer.writing.standalone import is_standalone

MAX_CALL_PASSAGES = 40
"""Passages of one call, about 7,000 tokens: more of them, and small models lose the middle."""

MAX_OWN_SENTENCES = 12
"""Own sentences of a source that stand in for its facts: as many as facts are asked for."""

MIN_FACT_QUOTE_WORDS = 3
"""Words of a quote, unless it is a whole passage: fewer stand everywhere."""


@dataclass(frozen=True, slots=True)
class FactSource:
    """An article, and what of it may be cited."""

    article: Article
    said: Sequence[Statement]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a passage says, and was checked to say."""

    text: str
    chunk: Chunk

    @property
    def id(self) -> str:
        """``f-`` and 12 hex digits of what it says and where."""
        return "f-" + sha256_hex(f"{self.chunk.id}\n{self.text}")[:12]


class FactsAnswer(NamedTuple):
    """What one prompt showed, and the answer to it."""

    shown: PromptPassages
    answer: Answer[Facts]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The facts of one source in reading order. ``error``: the last failure of the model."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = ()
    activities: tuple[Activity, ...] = ()
    error: ModelError | None = None


def request_facts(source: FactSource, chain: Chain, focus: str) -> list[FactsAnswer]:
    """What the model says of a source, nothing of it checked: the part that waits."""
    chunks = list(dict.fromkeys(item.chunk for item in source.said))
    batches = [
        chunks[at : at + MAX_CALL_PASSAGES] for at in range(0, len(chunks), MAX_CALL_PASSAGES)
    ]
    return [asked for batch in batches for asked in _ask_for_facts(source, batch, chain, focus)]


def check_facts(
    source: FactSource, asked: Sequence[FactsAnswer], examiner: CitationChecker
) -> SourceFacts:
    """The facts that stand, checked in the source's own language: there the checks are strongest.
    The part that works."""
    own = replace(examiner, language=source.article.language)
    parts = [_checked_part(source, each, own) for each in asked]
    return SourceFacts(
        tuple(fact for part in parts for fact in part.facts),
        tuple(finding for part in parts for finding in part.findings),
        tuple(activity for part in parts for activity in part.activities),
        next((part.error for part in parts if part.error), None),
    )


def _ask_for_facts(
    source: FactSource, chunks: Sequence[Chunk], chain: Chain, focus: str
) -> Iterator[FactsAnswer]:
    """The answers for the passages, in halves where they are too long for one prompt."""
    shown = show_passages(chunks)
    request = build_request(
        chain.name,
        chain.prompts.facts,
        Facts,
        language=language_name(source.article.language),
        focus=focus or "whatever is new",
        written=str(source.article.exact_date or "on a day that is not known"),
        article=shown.text,
    )
    answer = ask_model(chain.model, request, Facts)
    if isinstance(answer.error, PromptTooLong) and len(chunks) > 1:
        middle = len(chunks) // 2
        yield from _ask_for_facts(source, chunks[:middle], chain, focus)
        yield from _ask_for_facts(source, chunks[middle:], chain, focus)
    else:
        yield FactsAnswer(shown, answer)


def _checked_part(source: FactSource, asked: FactsAnswer, examiner: CitationChecker) -> SourceFacts:
    """What stands of one answer."""
    shown, answer = asked
    stated = answer.value.facts if answer.value else ()
    checked = [_check_fact(each, shown, examiner) for each in stated]
    facts = list(dict.fromkeys(fact for fact, _ in checked if fact))
    findings = [
        finding.model_copy(update={"source": source.article.id})
        for _, found in checked
        for finding in found
    ]
    activities = answer_activities(
        answer, (c.id for c in shown.keys.values()), (f.id for f in facts)
    )
    if not facts:
        findings.append(_no_facts_finding(source.article, answer))
        facts = _own_sentences(source.said, shown)
    return SourceFacts(tuple(facts), tuple(findings), tuple(activities), answer.error)


def _no_facts_finding(article: Article, answer: Answer[Facts]) -> Finding:
    why = str(answer.error.message if answer.error else "it gave no fact that stands")
    return Finding(
        kind="model",
        action="replaced",
        text=article.title or article.location,
        detail=f"no facts by {answer.request.model}: {why}; its own sentences stand in",
        source=article.id,
    )


def _own_sentences(said: Sequence[Statement], shown: PromptPassages) -> list[Fact]:
    """The first sentences of the shown passages that stand alone."""
    chunks = {chunk.id for chunk in shown.keys.values()}
    own = [
        Fact(item.text, item.chunk)
        for item in said
        if item.chunk.id in chunks
        and item.frame is None
        and is_standalone(item.text, item.language)
    ]
    return own[:MAX_OWN_SENTENCES]


def _check_fact(
    stated: StatedFact, shown: PromptPassages, examiner: CitationChecker
) -> tuple[Fact | None, list[Finding]]:
    """The fact if its passage carries it, and what was found."""
    chunk, misplaced = _locate_quote(stated, shown)
    if chunk is None:
        return None, [
            _fact_finding("quote", stated, "its quote stands in no passage of the source")
        ]
    if any(chunk.quote(span) == stated.fact for span in chunk.sentences):
        return Fact(stated.fact, chunk), misplaced  # the source's own sentence, whole
    whole = CitedSpan(chunk, Span(chunk.start, chunk.end))
    judgement = examiner.judge(stated.fact, [whole])
    if judgement.verdict not in ("supported", "unverified"):
        lacking = f"support {judgement.support:.2f} by its passage"
        found = [_fact_finding(issue.kind, stated, issue.detail) for issue in judgement.issues]
        # Words that only a soft check refuses may be right: their passage is not lost with them.
        refused = any(issue.severity == "hard" for issue in judgement.issues)
        own = None if refused else Fact(stated.quote, chunk)
        return own, found or [_fact_finding("support", stated, lacking)]
    return Fact(stated.fact, chunk), misplaced


def _locate_quote(stated: StatedFact, shown: PromptPassages) -> tuple[Chunk | None, list[Finding]]:
    """The passage that holds the quote: the one named, else the only other one."""
    named = shown.keys.get(stated.key.casefold())
    if named and _contains_quote(named, stated.quote):
        return named, []
    others = [chunk for chunk in shown.keys.values() if _contains_quote(chunk, stated.quote)]
    if len(others) != 1:
        return None, []
    told = _fact_finding(
        "misattributed", stated, f"not in {stated.key or 'no passage'}: {stated.quote}"
    )
    return others[0], [told.model_copy(update={"action": "citation_replaced"})]


def _contains_quote(chunk: Chunk, quote: str) -> bool:
    enough = len(folded_words(quote)) >= MIN_FACT_QUOTE_WORDS or quote == chunk.text
    return enough and (_is_whole_word_part(quote, chunk.text) or occurs_verbatim(quote, chunk.text))


def _is_whole_word_part(quote: str, text: str) -> bool:
    """The same at a glance, for a quote that was copied well: from one word's edge to another's."""
    at = text.find(quote)
    around = text[at - 1 : at] + text[at + len(quote) : at + len(quote) + 1]
    return at >= 0 and not any(map(str.isalnum, around))


def _fact_finding(kind: str, stated: StatedFact, detail: str) -> Finding:
    return Finding.model_validate(
        {"kind": kind, "action": "dropped", "text": stated.fact, "detail": f"fact: {detail}"}
    )
