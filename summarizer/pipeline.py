"""The chain that turns articles into a briefing.

articles
| set no news aside         sources.article_kinds   satire, sponsored texts, opinions beside reports
| set boilerplate aside     sources.boilerplate
| date                      sources.publication_date
| chunk                     retrieval.chunks
| cut round-ups             retrieval.items         newsletters and live pages become their items
| group into stories        retrieval.stories
| trace origins             retrieval.origins
| retrieve                  retrieval.search
| answer                    retrieval.answers       only with a focus: the facts that answer it
| join                      retrieval.stories       only with a focus: stories that share them
| gather facts  [model]     writing.facts           one call a source, if all are too long for one
| write                     writing.extractive, writing.disagreements
|               [model]     writing.abstractive     one call a story
| resolve, check, repair    checking
|               [nli]       checking.entailment     only with a model on this machine
|               [model]     checking.judge, writing.prompting     one call a story each
| synopsis      [model]     writing.synopsis        one call, checked and judged as a story is
| assemble                  assembly
-> Briefing

Without a model the lines that name one are left out, and nothing else changes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from summarizer.assembly import assemble_briefing
from summarizer.briefing import MIN_LISTED_STORIES, Briefing
from summarizer.checking.citations import DraftSentence
from summarizer.checking.entailment import open_named_model
from summarizer.errors import NothingToDeliver, SourceError
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import (
    Corpus,
    ProgressTracker,
    articles_since,
    no_progress,
    prepare_corpus,
)
from summarizer.retrieval.items import split_round_ups
from summarizer.retrieval.stories import (
    FocusedStories,
    TracedStory,
    allot_words,
    focus_stories,
    trace_stories,
)
from summarizer.settings import Settings
from summarizer.sources.article_kinds import select_news
from summarizer.sources.articles import Article
from summarizer.text.languages import base_language
from summarizer.writing.story import (
    StoryDraft,
    Synopsis,
    UncheckedStory,
    check_story,
    collect_story,
    story_context,
    write_extractive_stories,
)

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain


def create_briefing(
    articles: Sequence[Article],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: ProgressTracker = no_progress,
    chain: "Chain | None" = None,
) -> Briefing:
    """One briefing of all articles. ``now`` is its timestamp, and dates after it are not used.
    Without ``chain`` no model is called.

    Raises NothingToDeliver when no article is left or no sentence can be used, and ModelError when
    the model cannot be used at all.
    """
    news, aside = select_news(articles)
    if not news:
        hint = "all of them are satire or sponsored texts" if aside else "no source could be read"
        raise NothingToDeliver("no article is left to read", hint=hint)
    recent = articles_since(prepare_corpus(news, track, now), settings)
    corpus = replace(split_round_ups(recent), set_aside=aside)
    traced = trace_stories(corpus, track)
    return brief_stories(
        corpus, traced, settings, now=now, unreadable=unreadable, track=track, chain=chain
    )


def brief_stories(  # noqa: PLR0913  # as `create_briefing`
    corpus: Corpus,
    traced: Sequence[TracedStory],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: ProgressTracker = no_progress,
    chain: "Chain | None" = None,
) -> Briefing:
    """One briefing of stories that were found before, from their statements in ``corpus``.

    Raises NothingToDeliver and ModelError as `create_briefing` does.
    """
    focused = focus_stories(corpus, traced, settings)
    drafts, synopsis = _write(focused, corpus, settings, track, chain)
    if not drafts:
        raise NothingToDeliver(
            "no sentence of these articles can be used",
            hint="are they articles, in whole sentences?",
        )
    return assemble_briefing(
        corpus,
        focused.traced,
        drafts,
        settings,
        now=now,
        unreadable=unreadable,
        synopsis=synopsis,
        language=chain.language if chain else "",
    )


def brief_answers(
    corpus: Corpus,
    traced: Sequence[TracedStory],
    answers: Sequence[Statement],
    settings: Settings,
    *,
    now: datetime,
) -> Briefing:
    """One briefing of statements that answer a question, the best first, without a model. They are
    checked as every sentence is, and only not chosen again.

    Raises NothingToDeliver when none of them passes.
    """
    entailment = open_named_model(settings.nli)
    focused = FocusedStories(traced)
    drafts: dict[int, StoryDraft] = {}
    for story in traced:
        own = [n for n, each in enumerate(answers) if each.source in story.origins.origin_by_source]
        if not own:
            continue
        scene = story_context(story, settings.words, corpus, focused, "", entailment)
        sentences = [
            DraftSentence(answers[n].text, (answers[n].chunk.id,), "extracted") for n in own
        ]
        unchecked = UncheckedStory(sentences[0], sentences[1:], (), scene.evidence_set)
        checked = check_story(scene, unchecked)
        if draft := collect_story(scene, unchecked, checked.sentences):
            drafts[own[0]] = replace(draft, findings=[*checked.findings, *draft.findings])
    if not drafts:
        raise NothingToDeliver("no answer passes the checks", setting="question")
    ordered = [drafts[first] for first in sorted(drafts)]
    return assemble_briefing(corpus, traced, ordered, settings, now=now)


def _write(
    focused: FocusedStories,
    corpus: Corpus,
    settings: Settings,
    track: ProgressTracker,
    chain: "Chain | None",
) -> tuple[Sequence[StoryDraft], Synopsis | None]:
    """The stories that could be written, and the synopsis of several that a model wrote."""
    allotted, reserved = allot_words(focused, settings), 0
    if chain and len(allotted) > 1:
        from summarizer.writing.synopsis import synopsis_words

        reserved = synopsis_words(settings.words)
        left = settings.words - reserved
        # The synopsis takes words from the stories, and no story its place.
        share = min(settings.story_words, left // len(allotted))
        allotted = allot_words(focused, replace(settings, words=left, story_words=share))
    language = base_language(chain.language) if chain else ""
    entailment = open_named_model(settings.nli)
    stories = [
        replace(
            story_context(each, share, corpus, focused, language, entailment),
            strict=settings.strict,
            listed=chain is None and len(allotted) >= MIN_LISTED_STORIES,
        )
        for each, share in allotted
    ]
    if chain is None:
        return write_extractive_stories(stories), None
    from summarizer.writing.scheduler import write_stories
    from summarizer.writing.synopsis import write_synopsis

    drafts = write_stories(stories, chain, settings.focus, track)
    return drafts, write_synopsis(drafts, chain, reserved) if len(drafts) > 1 else None
