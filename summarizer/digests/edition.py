"""One edition from what is new: its stories selected and written, and what it says about itself.

today's articles
| follow_stories, select_new   digests.novelty   what is new, story by story
| assign_topic                                   only stories of a topic, if there are topics
| brief_stories                pipeline          the briefing; without the model if it fails
|                              digests.notes     first line, footer, stories left out and why
-> EditionResult: the edition, and what it adds to the story history
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.briefing import Briefing
from summarizer.digests.config import DigestConfig, Topic
from summarizer.digests.notes import footer_notes, kind_and_first_line
from summarizer.digests.schedule import time_zone
from summarizer.edition import Edition, EditionSection, OmittedStory, SourceCounts, StoryUpdate
from summarizer.errors import NothingToDeliver, SummarizerError
from summarizer.sources.articles import Article
from summarizer.store.editions import EditionRecord
from summarizer.store.story_history import StoryFact, StoryHistory, StoryRecord

if TYPE_CHECKING:  # imported where it is used: a day without news loads nothing of it
    from summarizer.digests.novelty import KnownSentences, StoryThread
    from summarizer.retrieval.corpus import Corpus
    from summarizer.retrieval.stories import TracedStory
    from summarizer.writing.prompting import Chain

MIN_QUERY_SHARE = 0.5
"""Share of the weight of a topic's query that one article of the story must contain."""

CANDIDATES_PER_STORY = 3
"""New stories that are read closely for each one that is written: some have nothing to say."""

MAX_LISTED_STORIES = 50
"""Stories left out that an edition lists; all of them are counted."""

MAX_REMEMBERED_SENTENCES = 300
"""Sentences of one story's articles that are stored with one edition."""

ChainContext = AbstractContextManager["Chain | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInput:
    """All that an edition is made of. ``earlier``: articles that represent the known stories."""

    config: DigestConfig
    record: EditionRecord
    today: Sequence[Article]
    earlier: Sequence[Article]
    history: StoryHistory
    counts: SourceCounts


@dataclass(frozen=True, slots=True)
class EditionResult:
    """The edition, and what it adds to the story history."""

    edition: Edition
    stories: Sequence[StoryRecord] = ()
    facts: Sequence[StoryFact] = ()


@dataclass(frozen=True, slots=True)
class _Selection:
    """The stories of the day: those to be written, and those that are left out."""

    selected: "Sequence[tuple[StoryThread, TracedStory]]"
    corpus: "Corpus"
    unchanged: "Sequence[StoryThread]"
    no_room: "Sequence[StoryThread]"
    no_topic: "Sequence[StoryThread]"
    topics: Mapping[str, str]
    known: "KnownSentences"


def write_edition(given: EditionInput, chain_context: ChainContext) -> EditionResult:
    """The edition of the day. A model that cannot be used makes it a degraded one, which its first
    line explains; no other failure of a model is an error here."""
    if not given.today:
        return EditionResult(_build_edition(given))
    selection = _select_stories(given)
    briefing, problem = _write_briefing(given, selection, chain_context)
    written = {story.id for story in briefing.stories} if briefing else set()
    left_out = _left_out_stories(selection, written)
    cut_words = _cut_words(selection, briefing) if briefing else 0
    edition = _build_edition(given, briefing, problem, left_out, cut_words)
    updates = [
        StoryUpdate(story=story.id, first=story.first, last=story.last, editions=story.told)
        for story in (thread.known for thread, _ in selection.selected if thread.id in written)
        if story and story.told
    ]
    sections = _topic_sections(given.config, selection.topics, briefing) if briefing else ()
    edition = edition.model_copy(update={"sections": tuple(sections), "updates": tuple(updates)})
    return EditionResult(
        edition,
        _story_records(given, selection, written),
        _story_facts(selection, briefing) if briefing else (),
    )


def failed_edition(given: EditionInput, problem: str) -> Edition:
    """The edition of a day on which nothing could be written."""
    return _build_edition(given, None, problem)


def _build_edition(
    given: EditionInput,
    briefing: Briefing | None = None,
    problem: str = "",
    left_out: Sequence[OmittedStory] = (),
    cut_words: int = 0,
) -> Edition:
    """The edition and what it says about itself. ``cut_words``: new words without room."""
    config, record, counts = given.config, given.record, given.counts
    local = time_zone(config.timezone)
    kind, first_line = kind_and_first_line(counts, briefing, problem)
    return Edition(
        id=record.id,
        digest=config.name,
        title=config.title or config.name,
        number=record.number,
        due=record.due.astimezone(local),
        created=record.opened.astimezone(local),
        kind=kind,
        first_line=first_line,
        briefing=briefing,
        left_out=tuple(left_out[:MAX_LISTED_STORIES]),
        tally=counts,
        notes=tuple(footer_notes(counts, briefing, left_out, cut_words)),
    )


def assign_topic(articles: Sequence[Article], topics: Sequence[Topic]) -> Topic | None:
    """The topic whose query an article of the story matches best; None if none is matched.

    Among equals the earlier topic wins.
    """
    if not topics:
        return None
    from summarizer.checking.citations import covered_share, stem_shares
    from summarizer.text.tokens import content_stems

    texts = [f"{each.title}. {each.text}" if each.title else each.text for each in articles]
    stems = [
        frozenset(content_stems(text, article.language))
        for text, article in zip(texts, articles, strict=True)
    ]
    scores = [
        max(covered_share(stem_shares(set(content_stems(topic.query, article.language))), own)
            for article, own in zip(articles, stems, strict=True))
        for topic in topics
    ]  # fmt: skip
    best = max(scores)
    return topics[scores.index(best)] if best >= MIN_QUERY_SHARE else None


def _select_stories(given: EditionInput) -> _Selection:
    """The most widely reported stories of the topics, and every one that readers know already."""
    from summarizer.digests.novelty import KnownSentences, follow_stories, select_new
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.sources.article_kinds import select_news

    config = given.config
    today, aside = select_news(given.today)
    threads = follow_stories(today, given.earlier, given.history)
    topics = {thread.id: assign_topic(thread.articles, config.topics) for thread in threads}
    on_topic = [each for each in threads if topics[each.id] or not config.topics]
    new = [each for each in on_topic if not each.is_known]
    # Reading closely is what costs time: known stories always, of the new ones the widest.
    candidates = [
        *(each for each in on_topic if each.is_known),
        *new[: CANDIDATES_PER_STORY * config.stories],
    ]
    corpus = prepare_corpus([article for each in candidates for article in each.articles])
    corpus = replace(corpus, set_aside=aside)
    known = KnownSentences(given.history.facts)
    selected, new_corpus, unchanged = select_new(candidates, corpus, known)
    return _Selection(
        selected=sorted(
            selected, key=lambda pair: (-pair[1].origin_count, -pair[0].width, pair[0].id)
        ),
        corpus=new_corpus,
        unchanged=unchanged,
        no_room=new[CANDIDATES_PER_STORY * config.stories :],
        no_topic=[each for each in threads if config.topics and not topics[each.id]],
        topics={name: topic.name for name, topic in topics.items() if topic},
        known=known,
    )


def _write_briefing(
    given: EditionInput, selection: _Selection, chain_context: ChainContext
) -> tuple[Briefing | None, str]:
    """The briefing, and why the model could not write it; None when there is nothing to write."""
    if not selection.selected:
        return None, ""
    from summarizer.digests.novelty import without_repeats
    from summarizer.pipeline import brief_stories
    from summarizer.settings import MIN_STORY_WORDS, Settings

    config, now = given.config, given.record.opened
    settings = Settings(
        words=config.words * min(config.stories, len(selection.selected)),
        title=config.title or config.name,
        stories=config.stories,
        story_words=min(config.words, MIN_STORY_WORDS),
        nli=Path(config.nli) if config.nli else None,
        strict=config.strict,
    )
    stories = [traced for _, traced in selection.selected]
    try:
        with chain_context as chain:
            briefing = brief_stories(selection.corpus, stories, settings, now=now, chain=chain)
        updates = {thread.id for thread, _ in selection.selected if thread.is_known}
        return without_repeats(briefing, selection.known, updates), ""
    except NothingToDeliver:
        return None, ""
    except SummarizerError as error:
        problem = str(error)
    try:
        return brief_stories(selection.corpus, stories, settings, now=now), problem
    except NothingToDeliver:
        return None, problem


def _topic_sections(
    config: DigestConfig, topics: Mapping[str, str], briefing: Briefing
) -> list[EditionSection]:
    """The written stories by topic, in the order of the file."""
    ids = [story.id for story in briefing.stories]
    if not config.topics:
        return [EditionSection(title="", stories=tuple(ids))]
    sections = [
        EditionSection(
            title=topic.name, stories=tuple(name for name in ids if topics.get(name) == topic.name)
        )
        for topic in config.topics
    ]
    return [section for section in sections if section.stories]


def _left_out_stories(selection: _Selection, written: set[str]) -> list[OmittedStory]:
    """The stories found and not written, by reason, the most widely reported first."""
    unwritten = [thread for thread, _ in selection.selected if thread.id not in written]
    # If others were written, these had no room; if none was, they had no sentence to offer.
    reasons = (
        ("unchanged", selection.unchanged),
        ("nothing_to_tell", [] if written else unwritten),
        ("no_room", [*(unwritten if written else ()), *selection.no_room]),
        ("no_topic", selection.no_topic),
    )
    return [
        OmittedStory.model_validate(
            {"story": each.id, "title": each.title, "reason": reason, "articles": len(each.fresh)}
        )
        for reason, threads in reasons
        for each in threads
    ]


def _cut_words(selection: _Selection, briefing: Briefing) -> int:
    """Words of the written stories' new sentences that no citation of the briefing points to."""
    from summarizer.text.languages import count_words

    written = {story.id for story in briefing.stories}
    cited = {(c.source, c.start) for s in briefing.all_sentences() for c in s.citations}
    return sum(
        count_words(statement.text)
        for thread, traced in selection.selected
        if thread.id in written
        for article in traced.story.articles
        for statement in selection.corpus.statements[article.id]
        if not any(
            source == article.id and statement.span.start <= start < statement.span.end
            for source, start in cited
        )
    )


def _story_records(
    given: EditionInput, selection: _Selection, written: set[str]
) -> list[StoryRecord]:
    """Each story of the day for the history: what was left out stays pending."""
    today = given.record.due.astimezone(time_zone(given.config.timezone)).date()
    selected = [thread for thread, _ in selection.selected]
    left_out = [each for each in selected if each.id not in written]

    def record(thread: "StoryThread", *, told: bool, pending: bool) -> StoryRecord:
        before = thread.known
        return StoryRecord(
            id=thread.id,
            title=before.title if before else thread.title,
            first=before.first if before else today,
            last=today,
            told=(before.told if before else 0) + told,
            articles=tuple(sorted(article.id for article in thread.articles)),
            pending=tuple(sorted(thread.fresh)) if pending else (),
        )

    return [
        *(record(each, told=True, pending=False) for each in selected if each.id in written),
        *(record(each, told=False, pending=False) for each in selection.unchanged),
        *(
            record(each, told=False, pending=True)
            for each in (*left_out, *selection.no_room, *selection.no_topic)
        ),
    ]


def _story_facts(selection: _Selection, briefing: Briefing) -> list[StoryFact]:
    """The sentences of the edition, and those of its stories' articles."""
    language, written = briefing.language, {story.id for story in briefing.stories}
    sentences = [(story.id, each) for story in briefing.stories for each in story.all_sentences()]
    facts = [StoryFact(story, each.text, language, told=True) for story, each in sentences]
    facts += [
        StoryFact(story, citation.quote, language, told=True, article=citation.source)
        for story, sentence in sentences
        for citation in sentence.citations
        if citation.quote != sentence.text
    ]
    for thread, traced in selection.selected:
        if thread.id in written:
            read = [
                StoryFact(thread.id, item.text, article.language, told=False, article=article.id)
                for article in traced.story.articles
                for item in selection.corpus.statements[article.id]
            ]
            facts += read[:MAX_REMEMBERED_SENTENCES]
    return facts
