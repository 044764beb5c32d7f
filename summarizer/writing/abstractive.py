"""The writer that asks a model: one call a story, from facts that were checked and their passages.

facts of the story's sources
| choose      the passages that the prompt has room for, diverse by origin
| ask         headline, sentences, disagreements, each with keys
| split       one sentence, one claim: what shares a line shares its keys
-> drafts, of which nothing is believed yet
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain as joined
from typing import NamedTuple

from summarizer.briefings import Activity, Finding
from summarizer.checking.resolve import Draft
from summarizer.errors import ModelError, PromptTooLong
from summarizer.models.asking import Answer, ask, question
from summarizer.models.forms import Account, Line
from summarizer.models.prompts import enclose
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import Index, retrieve
from summarizer.text.language_names import called
from summarizer.text.languages import count_words
from summarizer.text.quotes import balanced
from summarizer.text.sentences import split
from summarizer.writing.chain import Chain, account
from summarizer.writing.disagreements import Difference
from summarizer.writing.facts import Fact
from summarizer.writing.scenes import Scene, Written
from summarizer.writing.shown import Shown, marked, neutral, show

__all__ = ["Narrated", "narrate"]

ROOM = 80
"""Passages of one prompt, about 15,000 tokens. Of more, those that answer best are shown."""

QUERY = 2000
"""Code points of facts by which passages are chosen when the reader names no focus."""

SLACK = 1.4
"""Times the words asked for that a story may have; a model that cannot stop is cut off there."""


class Narrated(NamedTuple):
    """A story in drafts, or why there is none; and what was asked for it."""

    written: Written | None = None
    error: ModelError | None = None
    findings: tuple[Finding, ...] = ()
    activities: tuple[Activity, ...] = ()

    def beside(self, differences: Sequence[Difference]) -> "Narrated":
        """With further differences, before its own."""
        if self.written is None:
            return self
        every = [*differences, *self.written.differences]
        return self._replace(written=replace(self.written, differences=every))


def narrate(scene: Scene, facts: Sequence[Fact], chain: Chain, focus: str) -> Narrated:
    """The story as the model tells it."""
    shown, answer = _ask(scene, facts, chain, focus)
    used = [chunk.id for chunk in shown.keys.values()]
    read = [fact.id for fact in facts if fact.chunk.id in used]
    activities = tuple(account(answer, [*used, *read], [scene.traced.story.id]))
    if answer.value is None:
        return Narrated(None, answer.error, (), activities)
    written, over = _written(answer.value, shown, scene, chain.name)
    return Narrated(written, None, (*_left_out(facts, shown), *over), activities)


def _written(
    told: Account, shown: Shown, scene: Scene, writer: str
) -> tuple[Written, list[Finding]]:
    """The drafts, and a finding for each sentence that is too many."""
    headline, sentences = _drafts(told, shown, scene.language)
    kept, over = _within(sentences, scene.words - count_words(headline.text))
    differences = [
        Difference(dispute.about, tuple(_draft(side, shown) for side in dispute.sides))
        for dispute in told.disagreements
    ]
    return Written(headline, kept, differences, shown.evidence, writer), over


def _ask(
    scene: Scene, facts: Sequence[Fact], chain: Chain, focus: str
) -> tuple[Shown, Answer[Account]]:
    """The answer, from fewer and fewer passages while the model says they are too many."""
    room = ROOM
    while True:
        chunks = _choose(scene, facts, room, focus)
        shown = show(chunks, _about(scene, chunks))
        request = question(
            chain.name,
            chain.prompts.write,
            Account,
            language=called(scene.language),
            focus=focus or "whatever is new",
            words=str(scene.words),
            articles=shown.text,
            facts=enclose("facts", _listed(facts, shown)),
        )
        answer = ask(chain.model, request, Account)
        if not isinstance(answer.error, PromptTooLong) or len(chunks) < 2:
            return shown, answer
        room = len(chunks) // 2


def _choose(scene: Scene, facts: Sequence[Fact], room: int, focus: str) -> list[Chunk]:
    """The passages of the facts in reading order; the best of them if there are too many."""
    chunks = list(dict.fromkeys(fact.chunk for fact in facts))
    if len(chunks) <= room:
        return chunks
    articles = scene.articles
    index = Index(chunks, {chunk.source: articles[chunk.source].language for chunk in chunks})
    query = focus or " ".join(fact.text for fact in facts)[:QUERY]
    language = scene.telling.language
    hits = retrieve(index, query, scene.telling.origins.of, limit=room, language=language)
    best = {chunk.id for _, chunk in hits} or {chunk.id for chunk in chunks[:room]}
    return [chunk for chunk in chunks if chunk.id in best]


def _about(scene: Scene, chunks: Sequence[Chunk]) -> Mapping[str, str]:
    """Source -> which report it is and when it was written. Nothing that the source can word."""
    origins = scene.telling.origins.of
    reports = list(dict.fromkeys(origins[chunk.source] for chunk in chunks))
    written = {chunk.source: scene.articles[chunk.source].written for chunk in chunks}
    return {
        source: f", report {reports.index(origins[source]) + 1}"
        + (f", written {day}" if day else "")
        for source, day in written.items()
    }


def _listed(facts: Sequence[Fact], shown: Shown) -> str:
    keys = {chunk.id: key for key, chunk in shown.keys.items()}
    return "\n".join(
        f"- {marked(keys[fact.chunk.id])} {neutral(fact.text)}"
        for fact in facts
        if fact.chunk.id in keys
    )


def _drafts(told: Account, shown: Shown, language: str) -> tuple[Draft, list[Draft]]:
    lines = joined.from_iterable(_split(line, language) for line in told.sentences)
    return _draft(told.headline, shown), [_draft(line, shown) for line in lines]


def _draft(line: Line, shown: Shown) -> Draft:
    return Draft(line.text, shown.resolve(line.keys), "written")


def _split(line: Line, language: str) -> Iterator[Line]:
    """The sentences of a line, so that none passes on another's citation; no quotation is torn."""
    parts = [line.text[slice(*span)] for span in split(line.text, language)]
    if len(parts) < 2 or not all(map(balanced, parts)):
        yield line
    else:
        yield from (line.model_copy(update={"text": part}) for part in parts)


def _within(drafts: Sequence[Draft], words: int) -> tuple[list[Draft], list[Finding]]:
    """The drafts up to about the words asked for, and a finding for each one beyond."""
    kept: list[Draft] = []
    over: list[Finding] = []
    left = SLACK * words
    for draft in drafts:
        left -= count_words(draft.text)
        if left >= 0 or not kept:
            kept.append(draft)
        else:
            detail = "beyond the words asked for"
            over.append(Finding(kind="unused", action="dropped", text=draft.text, detail=detail))
    return kept, over


def _left_out(facts: Sequence[Fact], shown: Shown) -> Iterator[Finding]:
    """One finding for each passage with facts that the prompt had no room for."""
    held = {chunk.id for chunk in shown.keys.values()}
    for chunk in dict.fromkeys(fact.chunk for fact in facts):
        if chunk.id not in held:
            detail = "the prompt had no room for this passage; the model could not cite it"
            yield Finding(
                kind="unused",
                action="set aside",
                text=chunk.text,
                detail=detail,
                source=chunk.source,
            )
