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

from summarizer.briefing import Activity, Finding
from summarizer.checking.citations import DraftSentence
from summarizer.checking.prompt_passages import (
    PromptPassages,
    format_key,
    show_passages,
    without_key_brackets,
)
from summarizer.errors import ModelError, PromptTooLong
from summarizer.models.prompts import enclose
from summarizer.models.structured_output import Account, Answer, Line, ask_model, build_request
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import ChunkIndex, retrieve_chunks
from summarizer.text.languages import count_words, language_name
from summarizer.text.quotes import has_balanced_quotes
from summarizer.text.sentences import split_sentences
from summarizer.writing.disagreements import DisagreementDraft
from summarizer.writing.facts import Fact
from summarizer.writing.prompting import Chain, answer_activities
from summarizer.writing.story import StoryContext, UncheckedStory

__all__ = ["AbstractiveResult", "draft_abstractive_story"]

MAX_PROMPT_PASSAGES = 80
"""Passages of one prompt, about 15,000 tokens. Of more, those that answer best are shown."""

MAX_QUERY_CHARS = 2000
"""Code points of facts by which passages are chosen when the reader names no focus."""

MAX_WORDS_FACTOR = 1.4
"""Times the words asked for that a story may have; a model that cannot stop is cut off there."""


class AbstractiveResult(NamedTuple):
    """A story in drafts, or why there is none; and what was asked for it."""

    story: UncheckedStory | None = None
    error: ModelError | None = None
    findings: tuple[Finding, ...] = ()
    activities: tuple[Activity, ...] = ()

    def with_disagreements(self, differences: Sequence[DisagreementDraft]) -> "AbstractiveResult":
        """With further differences, before its own."""
        if self.story is None:
            return self
        every = [*differences, *self.story.disagreements]
        return self._replace(story=replace(self.story, disagreements=every))


def draft_abstractive_story(
    scene: StoryContext, facts: Sequence[Fact], chain: Chain, focus: str
) -> AbstractiveResult:
    """The story as the model tells it."""
    shown, answer = _ask_for_story(scene, facts, chain, focus)
    used = [chunk.id for chunk in shown.keys.values()]
    read = [fact.id for fact in facts if fact.chunk.id in used]
    activities = tuple(answer_activities(answer, [*used, *read], [scene.traced_story.story.id]))
    if answer.value is None:
        return AbstractiveResult(None, answer.error, (), activities)
    written, over = _story_from_account(answer.value, shown, scene, chain.name)
    return AbstractiveResult(written, None, (*_omitted_passages(facts, shown), *over), activities)


def _story_from_account(
    told: Account, shown: PromptPassages, scene: StoryContext, writer: str
) -> tuple[UncheckedStory, list[Finding]]:
    """The drafts, and a finding for each sentence that is too many."""
    headline, sentences = _headline_and_sentences(told, shown, scene.language)
    spent = (1 + scene.listed) * count_words(headline.text)
    kept, over = _within_length(sentences, scene.words - spent)
    differences = [
        DisagreementDraft(dispute.about, tuple(_line_draft(side, shown) for side in dispute.sides))
        for dispute in told.disagreements
    ]
    return UncheckedStory(headline, kept, differences, shown.evidence, writer), over


def _ask_for_story(
    scene: StoryContext, facts: Sequence[Fact], chain: Chain, focus: str
) -> tuple[PromptPassages, Answer[Account]]:
    """The answer, from fewer and fewer passages while the model says they are too many."""
    room = MAX_PROMPT_PASSAGES
    while True:
        chunks = _choose_passages(scene, facts, room, focus)
        shown = show_passages(chunks, _article_notes(scene, chunks))
        request = build_request(
            chain.name,
            chain.prompts.write,
            Account,
            language=language_name(scene.language),
            focus=focus or "whatever is new",
            words=str(scene.words),
            articles=shown.text,
            facts=enclose("facts", _format_facts(facts, shown)),
        )
        answer = ask_model(chain.model, request, Account)
        if not isinstance(answer.error, PromptTooLong) or len(chunks) < 2:
            return shown, answer
        room = len(chunks) // 2


def _choose_passages(
    scene: StoryContext, facts: Sequence[Fact], room: int, focus: str
) -> list[Chunk]:
    """The passages of the facts in reading order; the best of them if there are too many."""
    chunks = list(dict.fromkeys(fact.chunk for fact in facts))
    if len(chunks) <= room:
        return chunks
    articles = scene.articles
    index = ChunkIndex(chunks, {chunk.source: articles[chunk.source].language for chunk in chunks})
    query = focus or " ".join(fact.text for fact in facts)[:MAX_QUERY_CHARS]
    language = scene.story_evidence.language
    hits = retrieve_chunks(
        index, query, scene.story_evidence.origins.origin_by_source, limit=room, language=language
    )
    best = {chunk.id for _, chunk in hits} or {chunk.id for chunk in chunks[:room]}
    return [chunk for chunk in chunks if chunk.id in best]


def _article_notes(scene: StoryContext, chunks: Sequence[Chunk]) -> Mapping[str, str]:
    """Source -> which report it is and when it was written. Nothing that the source can word."""
    origins = scene.story_evidence.origins.origin_by_source
    reports = list(dict.fromkeys(origins[chunk.source] for chunk in chunks))
    written = {chunk.source: scene.articles[chunk.source].exact_date for chunk in chunks}
    return {
        source: f", report {reports.index(origins[source]) + 1}"
        + (f", written {day}" if day else "")
        for source, day in written.items()
    }


def _format_facts(facts: Sequence[Fact], shown: PromptPassages) -> str:
    keys = {chunk.id: key for key, chunk in shown.keys.items()}
    return "\n".join(
        f"- {format_key(keys[fact.chunk.id])} {without_key_brackets(fact.text)}"
        for fact in facts
        if fact.chunk.id in keys
    )


def _headline_and_sentences(
    told: Account, shown: PromptPassages, language: str
) -> tuple[DraftSentence, list[DraftSentence]]:
    lines = joined.from_iterable(_split_line(line, language) for line in told.sentences)
    return _line_draft(told.headline, shown), [_line_draft(line, shown) for line in lines]


def _line_draft(line: Line, shown: PromptPassages) -> DraftSentence:
    return DraftSentence(line.text, shown.chunk_ids(line.keys), "written")


def _split_line(line: Line, language: str) -> Iterator[Line]:
    """The sentences of a line, so that none passes on another's citation; no quotation is torn."""
    parts = [line.text[slice(*span)] for span in split_sentences(line.text, language)]
    if len(parts) < 2 or not all(map(has_balanced_quotes, parts)):
        yield line
    else:
        yield from (line.model_copy(update={"text": part}) for part in parts)


def _within_length(
    drafts: Sequence[DraftSentence], words: int
) -> tuple[list[DraftSentence], list[Finding]]:
    """The drafts up to about the words asked for, and a finding for each one beyond."""
    kept: list[DraftSentence] = []
    over: list[Finding] = []
    left = MAX_WORDS_FACTOR * words
    for draft in drafts:
        left -= count_words(draft.text)
        if left >= 0 or not kept:
            kept.append(draft)
        else:
            detail = "beyond the words asked for"
            over.append(Finding(kind="unused", action="dropped", text=draft.text, detail=detail))
    return kept, over


def _omitted_passages(facts: Sequence[Fact], shown: PromptPassages) -> Iterator[Finding]:
    """One finding for each passage with facts that the prompt had no room for."""
    held = {chunk.id for chunk in shown.keys.values()}
    for chunk in dict.fromkeys(fact.chunk for fact in facts):
        if chunk.id not in held:
            detail = "the prompt had no room for this passage; the model could not cite it"
            yield Finding(
                kind="unused",
                action="set_aside",
                text=chunk.text,
                detail=detail,
                source=chunk.source,
            )
