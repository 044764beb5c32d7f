"""The synopsis: two or three sentences over all stories, written last, in one call.

The model sees the stories as they were checked, and cites their sentences; what those cite is what
a synopsis sentence cites, and it is checked on that as any other sentence is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.briefing import Finding
from summarizer.checking.citations import DraftSentence
from summarizer.checking.prompt_passages import article_letters, format_key, without_key_brackets
from summarizer.checking.repair import CheckedSentence
from summarizer.checking.verdict import CitationChecker
from summarizer.models.prompts import enclose
from summarizer.models.structured_output import Lead, ask_model, build_request
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.aliases import find_aliases
from summarizer.writing.prompting import Chain, answer_activities
from summarizer.writing.story import EXTRACTIVE_WRITER, StoryDraft, Synopsis, check_with_model

MAX_SENTENCES = 3

MAX_STORY_SENTENCES = 6
"""Sentences of each story that the model sees, the first ones."""

MAX_INHERITED_CHUNKS = 2
"""Passages of each cited sentence, its best ones, that a synopsis sentence rests on."""

SYNOPSIS_SHARE, MAX_SYNOPSIS_WORDS = 0.15, 60
"""Share of the briefing's words that the synopsis has, and its most words."""


def synopsis_words(words: int) -> int:
    """Words of the synopsis in a briefing of ``words`` words."""
    return min(MAX_SYNOPSIS_WORDS, round(SYNOPSIS_SHARE * words))


def write_synopsis(drafts: Sequence[StoryDraft], chain: Chain, words: int) -> Synopsis | None:
    """The synopsis of the stories; None where the model wrote fewer than two: the lead of one story
    is its synopsis."""
    if sum(draft.writer != EXTRACTIVE_WRITER for draft in drafts) < 2:
        return None
    shown = {
        f"{article_letters(at)}{number}": sentence
        for at, draft in enumerate(drafts)
        for number, sentence in enumerate(_shown_sentences(draft), start=1)
    }
    checker = _joint_checker(drafts)
    request = build_request(
        chain.name,
        chain.prompts.lead,
        Lead,
        language=chain.written_language(checker.language),
        words=str(words),
        stories="\n\n".join(_story_blocks(drafts)),
    )
    answer = ask_model(chain.model, request, Lead)
    used = [item.chunk.id for sentence in shown.values() for item in sentence.cited]
    activities = list(answer_activities(answer, used))
    if answer.value is None:
        why = answer.error.message if answer.error else "it gave no reply"
        finding = Finding(
            kind="model", action="dropped", text="synopsis", detail=f"by {chain.name}: {why}"
        )
        return Synopsis((), checker, [finding], activities)
    written = [
        DraftSentence(
            line.text,
            tuple(dict.fromkeys(each for key in line.keys for each in _inherited(key, shown))),
            "written",
        )
        for line in answer.value.sentences[:MAX_SENTENCES]
    ]
    checked = check_with_model(written, checker, _evidence(drafts), chain, lambda _: False)
    return Synopsis(
        [sentence for sentence, _ in checked.outcomes if sentence],
        checker,
        [*(each for _, own in checked.outcomes for each in own), *checked.findings],
        [*activities, *checked.activities],
    )


def _shown_sentences(draft: StoryDraft) -> Sequence[CheckedSentence]:
    return [draft.headline, *draft.sentences[:MAX_STORY_SENTENCES]]


def _story_blocks(drafts: Sequence[StoryDraft]) -> Iterator[str]:
    """Each story with its letter and the keys of its sentences."""
    for at, draft in enumerate(drafts):
        letters = article_letters(at)
        lines = (
            f"{format_key(f'{letters}{number}')} {without_key_brackets(sentence.text)}"
            for number, sentence in enumerate(_shown_sentences(draft), start=1)
        )
        yield f"Story {letters}\n{enclose('story', chr(10).join(lines))}"


def _inherited(key: str, shown: dict[str, CheckedSentence]) -> Sequence[str]:
    """Ids of what the sentence of that key cites; an unknown key stays one that names nothing."""
    sentence = shown.get(key.casefold())
    if sentence is None:
        return [format_key(key)]
    return [item.chunk.id for item in sentence.cited[:MAX_INHERITED_CHUNKS]]


def _joint_checker(drafts: Sequence[StoryDraft]) -> CitationChecker:
    """A checker that knows the statements of all stories."""
    articles = [article for each in drafts for article in each.traced_story.story.articles]
    first = next(each.checker for each in drafts if each.writer != EXTRACTIVE_WRITER)
    statements = {
        source: said for each in drafts for source, said in each.checker.statements.items()
    }
    aliases = find_aliases(article.text for article in articles)
    return replace(first, statements=statements, aliases=aliases, _judgements={})


def _evidence(drafts: Sequence[StoryDraft]) -> EvidenceSet:
    chunks = (
        item.chunk for each in drafts for said in each.checker.statements.values() for item in said
    )
    return EvidenceSet(tuple(dict.fromkeys(chunks)))
