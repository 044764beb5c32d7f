"""What one source says, fact by fact, each with words that stand in it. One call a source.

A fact whose quote stands in no passage, or that its passage does not carry, is a finding. Where a
model gives nothing, the source's own sentences stand in: they are facts that need no check.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.briefings import Activity, Finding
from summarizer.checking.closeness import FARTHEST
from summarizer.checking.examine import Examiner
from summarizer.checking.resolve import Cited
from summarizer.checking.support import VERBATIM
from summarizer.errors import ModelError, PromptTooLong
from summarizer.models.asking import Answer, ask, question
from summarizer.models.forms import Facts, StatedFact
from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.sources.articles import Article, digest
from summarizer.text.language_names import called
from summarizer.text.quotes import stands_in
from summarizer.text.selectors import Span
from summarizer.text.tokens import words
from summarizer.writing.chain import Chain, account
from summarizer.writing.shown import Shown, show
from summarizer.writing.standalone import stands_alone

__all__ = ["Asked", "Fact", "Gathered", "Source", "gather", "verify"]

BATCH = 40
"""Passages of one call, about 7,000 tokens: more of them, and small models lose the middle."""

MOST = 12
"""Own sentences of a source that stand in for its facts: as many as facts are asked for."""

SHORTEST = 3
"""Words of a quote, unless it is a whole passage: fewer stand everywhere."""


@dataclass(frozen=True, slots=True)
class Source:
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
        return "f-" + digest(f"{self.chunk.id}\n{self.text}")[:12]


class Asked(NamedTuple):
    """What one prompt showed, and the answer to it."""

    shown: Shown
    answer: Answer[Facts]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of one source in reading order. ``error``: the last failure of the model."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = ()
    activities: tuple[Activity, ...] = ()
    error: ModelError | None = None


def gather(source: Source, chain: Chain, focus: str) -> list[Asked]:
    """What the model says of a source, nothing of it checked: the part that waits."""
    chunks = list(dict.fromkeys(item.chunk for item in source.said))
    batches = [chunks[at : at + BATCH] for at in range(0, len(chunks), BATCH)]
    return [asked for batch in batches for asked in _ask(source, batch, chain, focus)]


def verify(source: Source, asked: Sequence[Asked], examiner: Examiner) -> Gathered:
    """The facts that stand, checked in the source's own language: there the checks are strongest.
    The part that works."""
    own = replace(examiner, language=source.article.language)
    parts = [_part(source, each, own) for each in asked]
    return Gathered(
        tuple(fact for part in parts for fact in part.facts),
        tuple(finding for part in parts for finding in part.findings),
        tuple(activity for part in parts for activity in part.activities),
        next((part.error for part in parts if part.error), None),
    )


def _ask(source: Source, chunks: Sequence[Chunk], chain: Chain, focus: str) -> Iterator[Asked]:
    """The answers for the passages, in halves where they are too long for one prompt."""
    shown = show(chunks)
    request = question(
        chain.name,
        chain.prompts.facts,
        Facts,
        language=called(source.article.language),
        focus=focus or "whatever is new",
        written=str(source.article.written or "on a day that is not known"),
        article=shown.text,
    )
    answer = ask(chain.model, request, Facts)
    if isinstance(answer.error, PromptTooLong) and len(chunks) > 1:
        middle = len(chunks) // 2
        yield from _ask(source, chunks[:middle], chain, focus)
        yield from _ask(source, chunks[middle:], chain, focus)
    else:
        yield Asked(shown, answer)


def _part(source: Source, asked: Asked, examiner: Examiner) -> Gathered:
    """What stands of one answer."""
    shown, answer = asked
    stated = answer.value.facts if answer.value else ()
    checked = [_check(each, shown, examiner) for each in stated]
    facts = list(dict.fromkeys(fact for fact, _ in checked if fact))
    findings = [
        finding.model_copy(update={"source": source.article.id})
        for _, found in checked
        for finding in found
    ]
    activities = account(answer, (c.id for c in shown.keys.values()), (f.id for f in facts))
    if not facts:
        findings.append(_nothing(source.article, answer))
        facts = _own(source.said, shown)
    return Gathered(tuple(facts), tuple(findings), tuple(activities), answer.error)


def _nothing(article: Article, answer: Answer[Facts]) -> Finding:
    why = str(answer.error.message if answer.error else "it gave no fact that stands")
    return Finding(
        kind="model",
        action="replaced",
        text=article.title or article.location,
        detail=f"no facts by {answer.request.model}: {why}; its own sentences stand in",
        source=article.id,
    )


def _own(said: Sequence[Statement], shown: Shown) -> list[Fact]:
    """The first sentences of the shown passages that stand alone."""
    chunks = {chunk.id for chunk in shown.keys.values()}
    own = [
        Fact(item.text, item.chunk)
        for item in said
        if item.chunk.id in chunks and stands_alone(item.text)
    ]
    return own[:MOST]


def _check(
    stated: StatedFact, shown: Shown, examiner: Examiner
) -> tuple[Fact | None, list[Finding]]:
    """The fact if its passage carries it, and what was found."""
    chunk, misplaced = _locate(stated, shown)
    if chunk is None:
        return None, [_finding("quote", stated, "its quote stands in no passage of the source")]
    if any(chunk.quote(span) == stated.fact for span in chunk.sentences):
        return Fact(stated.fact, chunk), misplaced  # the source's own sentence, whole
    whole = Cited(chunk, Span(chunk.start, chunk.end))
    judgement = examiner.judge(stated.fact, [whole])
    found = [_finding(problem.kind, stated, problem.detail) for problem in judgement.problems]
    if not found and judgement.support < VERBATIM:
        share, own = examiner.unsaid(stated.fact, [whole])
        if share > FARTHEST or judgement.verdict not in ("supported", "partly"):
            lacking = f"support {judgement.support:.2f} by its passage, which lacks: "
            found = [_finding("support", stated, lacking + (", ".join(own) or "nothing"))]
    if found:
        return None, found
    return Fact(stated.fact, chunk), misplaced


def _locate(stated: StatedFact, shown: Shown) -> tuple[Chunk | None, list[Finding]]:
    """The passage that holds the quote: the one named, else the only other one."""
    named = shown.keys.get(stated.key.casefold())
    if named and _holds(named, stated.quote):
        return named, []
    others = [chunk for chunk in shown.keys.values() if _holds(chunk, stated.quote)]
    if len(others) != 1:
        return None, []
    told = _finding("misattributed", stated, f"not in {stated.key or 'no passage'}: {stated.quote}")
    return others[0], [told.model_copy(update={"action": "recited"})]


def _holds(chunk: Chunk, quote: str) -> bool:
    enough = len(words(quote)) >= SHORTEST or quote == chunk.text
    return enough and (_is_part(quote, chunk.text) or stands_in(quote, chunk.text))


def _is_part(quote: str, text: str) -> bool:
    """The same at a glance, for a quote that was copied well: from one word's edge to another's."""
    at = text.find(quote)
    around = text[at - 1 : at] + text[at + len(quote) : at + len(quote) + 1]
    return at >= 0 and not any(map(str.isalnum, around))


def _finding(kind: str, stated: StatedFact, detail: str) -> Finding:
    return Finding.model_validate(
        {"kind": kind, "action": "dropped", "text": stated.fact, "detail": f"fact: {detail}"}
    )
