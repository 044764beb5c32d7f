"""One edition from what is new: its stories selected and written, and what it says about itself.

today's articles
| follow_stories, select_new   digests.novelty   what is new, story by story
| assign_topic                                   only stories of a topic, if there are topics
| tell                         pipeline          the briefing; without the model if it fails
|                              digests.notes     first line, footer, stories left out and why
-> EditionResult: the edition, and what it adds to the story history
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
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
    from summarizer.retrieval.stories import Corpus, TracedStory
    from summarizer.writing.prompting import Chain

__all__ = ["EditionInput", "EditionResult", "assign_topic", "write_edition"]

MIN_QUERY_SHARE = 0.5
"""Share of a query's weight that one article of the story must hold."""


def assign_topic(articles: Sequence[Article], topics: Sequence[Topic]) -> Topic | None:
    """The topic whose query an article of the story answers best; None if none is answered.

    The earlier topic wins among equals.
    """
    if not topics:
        return None
    from summarizer.checking.citations import covered_share, stem_shares
    from summarizer.text.tokens import content_stems

    held = [
        frozenset(content_stems(_titled_text(article), article.language)) for article in articles
    ]
    scores = [
        max(covered_share(stem_shares(set(content_stems(topic.query, article.language))), stems)
            for article, stems in zip(articles, held, strict=True))
        for topic in topics
    ]  # fmt: skip
    best = max(scores)
    return topics[scores.index(best)] if best >= MIN_QUERY_SHARE else None


def _titled_text(article: Article) -> str:
    return f"{article.title}. {article.text}" if article.title else article.text


CANDIDATES_PER_STORY = 3
"""Stories that are read closely for each one that is told: some of them turn out to say nothing."""

MAX_LISTED_STORIES = 50
"""Stories left out that are listed by name; all of them are counted."""

MAX_REMEMBERED_SENTENCES = 300
"""Sentences of one story's sources that are remembered of one edition."""

ChainContext = AbstractContextManager["Chain | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInput:
    """All that an edition is made of. ``earlier``: articles that stand for stories known."""

    config: DigestConfig
    issue: EditionRecord
    today: Sequence[Article]
    earlier: Sequence[Article]
    memory: StoryHistory
    tally: SourceCounts


@dataclass(frozen=True, slots=True)
class EditionResult:
    """The edition, and what the digest remembers from now on."""

    edition: Edition
    stories: Sequence[StoryRecord] = ()
    said: Sequence[StoryFact] = ()


@dataclass(frozen=True, slots=True)
class _Selection:
    """The stories of the day: those that may be told, and those that are left out."""

    telling: "Sequence[tuple[StoryThread, TracedStory]]"
    corpus: "Corpus"
    unchanged: "Sequence[StoryThread]"
    no_room: "Sequence[StoryThread]"
    no_topic: "Sequence[StoryThread]"
    topics: Mapping[str, str]
    known: "KnownSentences"


def write_edition(day: EditionInput, chain_context: ChainContext) -> EditionResult:
    """The edition of the day. A model that cannot be used degrades it, and is told in its first
    line; nothing else about a model is an error here."""
    if not day.today:
        return EditionResult(_build_edition(day))
    chosen = _select_stories(day)
    briefing, problem = _write_briefing(day, chosen, chain_context)
    told = {story.id for story in briefing.stories} if briefing else set()
    left = _left_out_stories(chosen, told)
    edition = _build_edition(day, briefing, problem, left, _cut_words(chosen, briefing))
    edition = edition.model_copy(
        update={
            "sections": tuple(_topic_sections(day.config, chosen.topics, briefing)),
            "updates": tuple(_story_updates(chosen.telling, told)),
        }
    )
    return EditionResult(
        edition, _story_records(day, chosen, told), list(_story_facts(chosen, briefing))
    )


def _build_edition(
    day: EditionInput,
    briefing: Briefing | None = None,
    problem: str = "",
    left: Sequence[OmittedStory] = (),
    cut: int = 0,
) -> Edition:
    """The edition and what it says about itself. ``cut``: words for which there was no room."""
    local = time_zone(day.config.timezone)
    kind, first_line = kind_and_first_line(day.tally, briefing, problem)
    return Edition(
        id=day.issue.id,
        digest=day.config.name,
        title=day.config.title or day.config.name,
        number=day.issue.number,
        due=day.issue.due.astimezone(local),
        created=day.issue.opened.astimezone(local),
        kind=kind,
        first_line=first_line,
        briefing=briefing,
        left_out=tuple(left[:MAX_LISTED_STORIES]),
        tally=day.tally,
        notes=tuple(footer_notes(day.tally, briefing, left, cut)),
    )


def _select_stories(day: EditionInput) -> _Selection:
    """The widest stories of the topics, and every one that readers know already."""
    from summarizer.digests.novelty import KnownSentences, follow_stories, select_new
    from summarizer.pipeline import prepare_corpus

    threads = follow_stories(day.today, day.earlier, day.memory)
    topics = {thread.id: assign_topic(thread.articles, day.config.topics) for thread in threads}
    wanted = [t for t in threads if topics[t.id] or not day.config.topics]
    elsewhere = [t for t in threads if day.config.topics and not topics[t.id]]
    most = CANDIDATES_PER_STORY * day.config.stories
    near = [t for n, t in enumerate(t for t in wanted if not t.is_known) if n < most]
    close = [*(t for t in wanted if t.is_known), *near]
    taken = {thread.id for thread in close}
    corpus = prepare_corpus([a for thread in close for a in thread.articles])
    known = KnownSentences(day.memory.facts)
    telling, sifted, unchanged = select_new(close, corpus, known)
    ranked = sorted(telling, key=lambda pair: (-pair[1].origin_count, -pair[0].width, pair[0].id))
    return _Selection(
        telling=ranked,
        corpus=sifted,
        unchanged=unchanged,
        no_room=[thread for thread in wanted if thread.id not in taken],
        no_topic=elsewhere,
        topics={name: topic.name for name, topic in topics.items() if topic},
        known=known,
    )


def _write_briefing(
    day: EditionInput, chosen: _Selection, chain_context: ChainContext
) -> tuple[Briefing | None, str]:
    """The briefing, and why it is less than was asked for; None when there is nothing to tell."""
    if not chosen.telling:
        return None, ""
    from summarizer.digests.novelty import without_repeats
    from summarizer.pipeline import brief_stories
    from summarizer.settings import Settings

    config = day.config
    settings = Settings(
        words=config.words * min(config.stories, len(chosen.telling)),
        title=config.title or config.name,
        stories=config.stories,
    )
    traced = [each for _, each in chosen.telling]
    try:
        with chain_context as chain:
            briefing = brief_stories(
                chosen.corpus, traced, settings, now=day.issue.opened, chain=chain
            )
        updates = {thread.id for thread, _ in chosen.telling if thread.is_known}
        return without_repeats(briefing, chosen.known, updates), ""
    except NothingToDeliver:
        return None, ""
    except SummarizerError as error:
        problem = str(error)
    try:
        return brief_stories(chosen.corpus, traced, settings, now=day.issue.opened), problem
    except NothingToDeliver:
        return None, problem


def _topic_sections(
    config: DigestConfig, topics: Mapping[str, str], briefing: Briefing | None
) -> list[EditionSection]:
    """The told stories by topic, in the order of the file."""
    if briefing is None:
        return []
    ids = [story.id for story in briefing.stories]
    if not config.topics:
        return [EditionSection(title="", stories=tuple(ids))]
    found = [
        EditionSection(
            title=topic.name, stories=tuple(i for i in ids if topics.get(i) == topic.name)
        )
        for topic in config.topics
    ]
    return [section for section in found if section.stories]


def _story_updates(
    telling: "Sequence[tuple[StoryThread, TracedStory]]", told: set[str]
) -> list[StoryUpdate]:
    return [
        StoryUpdate(
            story=thread.id,
            first=thread.known.first,
            last=thread.known.last,
            editions=thread.known.told,
        )
        for thread, _ in telling
        if thread.id in told and thread.known and thread.known.told
    ]


def _left_out_stories(chosen: _Selection, told: set[str]) -> list[OmittedStory]:
    """What was found and not told, the widest stories of each reason first."""
    untold = [thread for thread, _ in chosen.telling if thread.id not in told]
    full = len(told) > 0
    dumb = [] if full else untold
    reasons = (
        ("unchanged", chosen.unchanged),
        ("nothing to tell", dumb),
        ("no room", [*(untold if full else ()), *chosen.no_room]),
        ("no topic", chosen.no_topic),
    )
    return [
        OmittedStory.model_validate(
            {"story": t.id, "title": t.title, "why": why, "articles": len(t.fresh)}
        )
        for why, threads in reasons
        for t in threads
    ]


def _cut_words(chosen: _Selection, briefing: Briefing | None) -> int:
    """Words of the told stories' new sentences that found no room."""
    if briefing is None:
        return 0
    from summarizer.text.languages import count_words

    told = {story.id for story in briefing.stories}
    cited = {(c.source, c.start) for s in briefing.all_sentences() for c in s.citations}
    return sum(
        count_words(item.text)
        for thread, traced in chosen.telling
        if thread.id in told
        for article in traced.story.articles
        for item in chosen.corpus.statements[article.id]
        if not any(
            source == article.id and item.span.start <= start < item.span.end
            for source, start in cited
        )
    )


def _story_records(day: EditionInput, chosen: _Selection, told: set[str]) -> list[StoryRecord]:
    """What is remembered of each story of the day: what was left out stays to be told."""
    untold = [thread for thread, _ in chosen.telling if thread.id not in told]
    kept = [_story_record(day, t, told=True) for t, _ in chosen.telling if t.id in told]
    kept += [replace(_story_record(day, t, told=False), pending=()) for t in chosen.unchanged]
    kept += [
        _story_record(day, t, told=False) for t in (*untold, *chosen.no_room, *chosen.no_topic)
    ]
    return kept


def _story_record(day: EditionInput, thread: "StoryThread", *, told: bool) -> StoryRecord:
    before = thread.known
    today = day.issue.due.astimezone(time_zone(day.config.timezone)).date()
    ids = tuple(sorted(article.id for article in thread.articles))
    return StoryRecord(
        id=thread.id,
        title=before.title if before else thread.title,
        first=before.first if before else today,
        last=today,
        told=(before.told if before else 0) + told,
        articles=ids,
        pending=() if told else tuple(sorted(thread.fresh)),
    )


def _story_facts(chosen: _Selection, briefing: Briefing | None) -> list[StoryFact]:
    """What the edition told, and what its stories' sources said."""
    if briefing is None:
        return []
    told = {story.id: story for story in briefing.stories}
    facts = [
        StoryFact(story.id, sentence.text, briefing.language, told=True)
        for story in briefing.stories
        for sentence in story.all_sentences()
    ]
    facts += [
        StoryFact(story.id, citation.quote, briefing.language, told=True, article=citation.source)
        for story in briefing.stories
        for sentence in story.all_sentences()
        for citation in sentence.citations
        if citation.quote != sentence.text
    ]
    for thread, traced in chosen.telling:
        if thread.id in told:
            said = [
                StoryFact(thread.id, item.text, article.language, told=False, article=article.id)
                for article in traced.story.articles
                for item in chosen.corpus.statements[article.id]
            ]
            facts += said[:MAX_REMEMBERED_SENTENCES]
    return facts
