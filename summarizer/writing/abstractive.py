"""The writer that asks a model: one call a story.

the story's passages, of a large story those of its sources' facts
| choose      what the prompt has room for, in reading order, each once, with neighbours
| ask         headline, sentences, disagreements, each with keys
| split       one sentence, one claim: what shares a line shares its keys
| cut         repetitions, then what is least important
-> drafts, of which nothing is believed yet
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from summarizer.briefing import Activity, Finding, FindingKind
from summarizer.checking.citations import DraftSentence
from summarizer.checking.prompt_passages import ArticlePassages, PromptPassages, show_passages
from summarizer.errors import ModelError, PromptTooLong
from summarizer.models.protocol import estimate_tokens
from summarizer.models.structured_output import (
    Account,
    Answer,
    Line,
    StoryLine,
    ask_model,
    build_request,
)
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import ChunkIndex, retrieve_chunks
from summarizer.text.languages import count_words
from summarizer.text.quotes import has_balanced_quotes
from summarizer.text.sentences import split_sentences
from summarizer.text.tokens import folded_words
from summarizer.writing.disagreements import DisagreementDraft
from summarizer.writing.facts import Fact
from summarizer.writing.prompting import Chain, answer_activities
from summarizer.writing.story import StoryContext, UncheckedStory

MAX_STORY_TOKENS = 36_000
"""Tokens of one prompt's passages by `estimate_tokens`, a bound: about 14,000 of English news. A
story with more is read article by article first, and the passages of the best facts are shown."""

MAX_QUERY_CHARS = 2000
"""Code points by which passages are chosen when the reader names no focus."""

MAX_WORDS_FACTOR = 1.1
"""Times the words asked for that a story may have; of more the least important is left out."""

MIN_ASKED_SHARE = 0.5
"""Least share of a story's words that is asked of the model, however much the sources differ."""

MAX_DISAGREEMENTS = 5
"""Disagreements of one story that are read in a reply."""


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


def fits_one_call(scene: StoryContext) -> bool:
    """Whether all passages of the story have room in one prompt."""
    return _token_sum(scene.evidence_set.chunks) <= MAX_STORY_TOKENS


def draft_abstractive_story(
    scene: StoryContext, facts: Sequence[Fact], chain: Chain, focus: str
) -> AbstractiveResult:
    """The story as the model tells it. ``facts`` choose the passages; without any, all are
    chosen."""
    wanted = list(dict.fromkeys(fact.chunk for fact in facts)) or list(scene.evidence_set.chunks)
    if not wanted:
        return AbstractiveResult(None, ModelError("its sources have no passage"))
    shown, answer = _ask_for_story(scene, wanted, chain, focus)
    used = [chunk.id for chunk in shown.keys.values()]
    read = [fact.id for fact in facts if fact.chunk.id in used]
    activities = tuple(answer_activities(answer, [*used, *read], [scene.traced_story.story.id]))
    if answer.value is None:
        return AbstractiveResult(None, answer.error, (), activities)
    written, findings = _story_from_account(answer.value, shown, scene, chain.name)
    if answer.error:
        detail = f"{chain.name}: {answer.error.message}; what was whole before is kept"
        text = written.headline.text
        findings.append(Finding(kind="model", action="kept", text=text, detail=detail))
    return AbstractiveResult(
        written, None, (*_omitted_passages(wanted, shown), *findings), activities
    )


def _story_from_account(
    told: Account, shown: PromptPassages, scene: StoryContext, writer: str
) -> tuple[UncheckedStory, list[Finding]]:
    """The drafts, and findings for what is too much."""
    headline = _line_draft(told.headline, shown)
    differences = [
        DisagreementDraft(dispute.about, tuple(_line_draft(side, shown) for side in dispute.sides))
        for dispute in told.disagreements[:MAX_DISAGREEMENTS]
    ]
    sides = [side.text for each in differences for side in each.sides]
    left = MAX_WORDS_FACTOR * _asked_words(scene) - sum(map(count_words, [headline.text, *sides]))
    lines = [
        part
        for line in told.sentences
        for part in _split_line(_without_inner_keys(line, shown), scene.language)
    ]
    kept, findings = _within_length(lines, left, shown)
    return UncheckedStory(headline, kept, differences, shown.evidence, writer), findings


def _ask_for_story(
    scene: StoryContext, wanted: Sequence[Chunk], chain: Chain, focus: str
) -> tuple[PromptPassages, Answer[Account]]:
    """The answer, from fewer and fewer passages while the model says they are too many."""
    room = MAX_STORY_TOKENS
    while True:
        chunks = _choose_passages(scene, wanted, room, focus)
        shown = show_passages(chunks, _article_notes(scene, chunks))
        request = build_request(
            chain.name,
            chain.prompts.write,
            Account,
            language=chain.written_language(scene.language),
            focus=focus or "whatever is new",
            words=str(_asked_words(scene)),
            articles=shown.text,
        )
        answer = ask_model(chain.model, request, Account)
        if not isinstance(answer.error, PromptTooLong) or len(chunks) < 2:
            return shown, answer
        room = _token_sum(chunks) // 2


def _asked_words(scene: StoryContext) -> int:
    """The words asked of the model: without those of the disagreements that are shown anyway."""
    sides = (side.text for each in scene.disagreements for side in each.sides)
    return max(round(MIN_ASKED_SHARE * scene.words), scene.words - sum(map(count_words, sides)))


def _choose_passages(
    scene: StoryContext, wanted: Sequence[Chunk], room: int, focus: str
) -> list[Chunk]:
    """The passages in reading order, none twice; the best of them if there are too many, else with
    their neighbours as far as there is room for them."""
    passages = ArticlePassages(scene.story_evidence.statements)
    best = _without_repeats(wanted)
    if _token_sum(best) > room:
        best = _best_passages(scene, best, focus)
    around = [each for chunk in best for each in passages.neighbours(chunk)]
    chosen: dict[Chunk, None] = {}
    for chunk in _without_repeats([*best, *around]):
        room -= estimate_tokens(chunk.text)
        if room < 0 and chosen:
            break
        chosen[chunk] = None
    return passages.in_reading_order(chosen)


def _without_repeats(chunks: Iterable[Chunk]) -> list[Chunk]:
    """The chunks; of those with the same words, as copies of a wire have them, the first."""
    first: dict[tuple[str, ...], Chunk] = {}
    for chunk in chunks:
        first.setdefault(tuple(folded_words(chunk.text)), chunk)
    return list(first.values())


def _best_passages(scene: StoryContext, chunks: Sequence[Chunk], focus: str) -> list[Chunk]:
    """The passages that answer the focus, else the beginnings of the articles; the best first."""
    articles = scene.articles
    index = ChunkIndex(chunks, {chunk.source: articles[chunk.source].language for chunk in chunks})
    beginnings = {chunk.source: chunk.text for chunk in reversed(chunks)}
    hits = retrieve_chunks(
        index,
        focus or " ".join(beginnings.values())[:MAX_QUERY_CHARS],
        scene.story_evidence.origins.origin_by_source,
        limit=len(chunks),
        language=scene.story_evidence.language,
    )
    return [chunk for _, chunk in hits] or list(chunks)


def _token_sum(chunks: Iterable[Chunk]) -> int:
    return sum(estimate_tokens(chunk.text) for chunk in chunks)


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


def _line_draft(line: Line, shown: PromptPassages) -> DraftSentence:
    line = _without_inner_keys(line, shown)
    return DraftSentence(line.text, shown.chunk_ids(line.keys), "written")


L = TypeVar("L", bound=Line)
_INNER_KEYS = re.compile(r"\s*[\[(【]([a-z]{1,2}\d{1,3}(?:[\s,;]+[a-z]{1,2}\d{1,3})*)[\])】]")
_KEY_SEPARATOR = re.compile(r"[\s,;]+")


def _without_inner_keys(line: L, shown: PromptPassages) -> L:
    """The line, whose text holds no citation keys; those that it held are cited."""
    text, keys = line.text, list(line.keys)
    for mark in _INNER_KEYS.finditer(line.text):
        inside = _KEY_SEPARATOR.split(mark[1])
        if any(part in shown.keys for part in inside):
            keys += [part for part in inside if part not in keys]
            text = text.replace(mark[0], "")
    return line.model_copy(update={"text": text.strip(), "keys": tuple(keys)})


def _split_line(line: StoryLine, language: str) -> Iterator[StoryLine]:
    """The sentences of a line, so that none passes on another's citation; no quotation is torn."""
    parts = [line.text[slice(*span)] for span in split_sentences(line.text, language)]
    if len(parts) < 2 or not all(map(has_balanced_quotes, parts)):
        yield line
    else:
        yield from (line.model_copy(update={"text": part}) for part in parts)


def _within_length(
    lines: Sequence[StoryLine], words: float, shown: PromptPassages
) -> tuple[list[DraftSentence], list[Finding]]:
    """The drafts in about so many words, and one finding for all of a kind that are left out: those
    that say what an earlier one says, then the least important, of equals the last. The first
    draft always stays."""
    unlike: dict[tuple[str, ...], StoryLine] = {}
    repeats = []
    for line in lines:
        words_of_line = tuple(folded_words(line.text))
        if words_of_line in unlike:
            repeats.append(line.text)
        else:
            unlike[words_of_line] = line
    ranks = [line.importance for line in unlike.values()]
    drafts = [_line_draft(line, shown) for line in unlike.values()]
    kept = {0}
    words -= sum(count_words(draft.text) for draft in drafts[:1])
    for at in sorted(range(1, len(drafts)), key=lambda at: (ranks[at], at)):
        words -= count_words(drafts[at].text)
        if words < 0:
            break  # what is less important does not take its place
        kept.add(at)
    over = [draft.text for at, draft in enumerate(drafts) if at not in kept]
    findings = []
    if repeats:
        findings.append(_left_out("duplicate", "says what another sentence of it says", repeats))
    if over:
        findings.append(_left_out("unused", "beyond the words asked for", over))
    return [draft for at, draft in enumerate(drafts) if at in kept], findings


def _left_out(kind: FindingKind, why: str, texts: Sequence[str]) -> Finding:
    more = f"; and {len(texts) - 1:,} more of its sentences" if len(texts) > 1 else ""
    return Finding(kind=kind, action="dropped", text=texts[0], detail=f"{why}{more}")


def _omitted_passages(wanted: Iterable[Chunk], shown: PromptPassages) -> Iterator[Finding]:
    """One finding for each passage that the prompt had no room for."""
    held = {tuple(folded_words(chunk.text)) for chunk in shown.keys.values()}
    for chunk in wanted:
        if tuple(folded_words(chunk.text)) not in held:
            detail = "the prompt had no room for this passage; the model could not cite it"
            yield Finding(
                kind="unused",
                action="set_aside",
                text=chunk.text,
                detail=detail,
                source=chunk.source,
            )
