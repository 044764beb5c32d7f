"""One edition from what is new: its stories chosen and told, and what is honest to say beside them.

today's articles
| follow, sift      digests.novelty     what is new, story by story
| assign            digests.topics      only stories of a topic, if topics are asked for
| tell              pipeline            the briefing; without the model, if that cannot be used
| account                               updates, what was left out and why, the footer
-> Written: the edition, and what it adds to the memory
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from summarizer.briefings import Briefing
from summarizer.digests.config import DigestConfig
from summarizer.digests.footer import notes, standing
from summarizer.digests.schedule import zone
from summarizer.editions import Edition, LeftOut, Section, Tally, Update
from summarizer.errors import NothingToDeliver, SummarizerError
from summarizer.sources.articles import Article
from summarizer.store.issues import Issue
from summarizer.store.memory import Fact, Memory, StoryKept

if TYPE_CHECKING:  # and where it is used: a day without news loads nothing of it
    from summarizer.digests.novelty import Known, Thread
    from summarizer.retrieval.corpus import Corpus, Traced
    from summarizer.writing.chain import Chain

__all__ = ["Day", "Written", "write"]

CONSIDERED = 3
"""Stories that are read closely for each one that is told: some of them turn out to say nothing."""

LISTED = 50
"""Stories left out that are listed by name; all of them are counted."""

RECALLED = 300
"""Sentences of one story's sources that are remembered of one edition."""

Writer = AbstractContextManager["Chain | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All that an edition is made of. ``earlier``: articles that stand for stories known."""

    config: DigestConfig
    issue: Issue
    today: Sequence[Article]
    earlier: Sequence[Article]
    memory: Memory
    tally: Tally


@dataclass(frozen=True, slots=True)
class Written:
    """The edition, and what the digest remembers from now on."""

    edition: Edition
    stories: Sequence[StoryKept] = ()
    said: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The stories of the day: those that may be told, and those that are left out."""

    telling: "Sequence[tuple[Thread, Traced]]"
    corpus: "Corpus"
    unchanged: "Sequence[Thread]"
    no_room: "Sequence[Thread]"
    no_topic: "Sequence[Thread]"
    topics: Mapping[str, str]
    known: "Known"


def write(day: Day, writer: Writer) -> Written:
    """The edition of the day. A model that cannot be used degrades it, and is told in its first
    line; nothing else about a model is an error here."""
    if not day.today:
        return Written(_edition(day))
    chosen = _choose(day)
    briefing, problem = _told(day, chosen, writer)
    told = {story.id for story in briefing.stories} if briefing else set()
    left = _left_out(chosen, told)
    edition = _edition(day, briefing, problem, left, _uncited_words(chosen, briefing))
    edition = edition.model_copy(
        update={
            "sections": tuple(_sections(day.config, chosen.topics, briefing)),
            "updates": tuple(_updates(chosen.telling, told)),
        }
    )
    return Written(edition, _stories(day, chosen, told), list(_facts(chosen, briefing)))


def _edition(
    day: Day,
    briefing: Briefing | None = None,
    problem: str = "",
    left: Sequence[LeftOut] = (),
    cut: int = 0,
) -> Edition:
    """The edition and what it says about itself. ``cut``: words for which there was no room."""
    local = zone(day.config.timezone)
    kind, first_line = standing(day.tally, briefing, problem)
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
        left_out=tuple(left[:LISTED]),
        tally=day.tally,
        notes=tuple(notes(day.tally, briefing, left, cut)),
    )


def _choose(day: Day) -> _Chosen:
    """The widest stories of the topics, and every one that readers know already."""
    from summarizer.digests.novelty import Known, follow, sift
    from summarizer.digests.topics import assign
    from summarizer.pipeline import prepare

    threads = follow(day.today, day.earlier, day.memory)
    topics = {thread.id: assign(thread.articles, day.config.topics) for thread in threads}
    wanted = [t for t in threads if topics[t.id] or not day.config.topics]
    elsewhere = [t for t in threads if day.config.topics and not topics[t.id]]
    most = CONSIDERED * day.config.stories
    near = [t for n, t in enumerate(t for t in wanted if not t.told) if n < most]
    close = [*(t for t in wanted if t.told), *near]
    taken = {thread.id for thread in close}
    corpus = prepare([a for thread in close for a in thread.articles])
    known = Known(day.memory.facts)
    telling, sifted, unchanged = sift(close, corpus, known)
    ranked = sorted(telling, key=lambda pair: (-pair[1].independent, -pair[0].width, pair[0].id))
    return _Chosen(
        telling=ranked,
        corpus=sifted,
        unchanged=unchanged,
        no_room=[thread for thread in wanted if thread.id not in taken],
        no_topic=elsewhere,
        topics={name: topic.name for name, topic in topics.items() if topic},
        known=known,
    )


def _told(day: Day, chosen: _Chosen, writer: Writer) -> tuple[Briefing | None, str]:
    """The briefing, and why it is less than was asked for; None when there is nothing to tell."""
    if not chosen.telling:
        return None, ""
    from summarizer.digests.repeats import without_repeats
    from summarizer.pipeline import tell
    from summarizer.settings import Settings

    config = day.config
    settings = Settings(
        words=config.words * min(config.stories, len(chosen.telling)),
        title=config.title or config.name,
        stories=config.stories,
    )
    traced = [each for _, each in chosen.telling]
    try:
        with writer as chain:
            briefing = tell(chosen.corpus, traced, settings, now=day.issue.opened, chain=chain)
        updates = {thread.id for thread, _ in chosen.telling if thread.told}
        return without_repeats(briefing, chosen.known, updates), ""
    except NothingToDeliver:
        return None, ""
    except SummarizerError as error:
        problem = str(error)
    try:
        return tell(chosen.corpus, traced, settings, now=day.issue.opened), problem
    except NothingToDeliver:
        return None, problem


def _sections(
    config: DigestConfig, topics: Mapping[str, str], briefing: Briefing | None
) -> list[Section]:
    """The told stories by topic, in the order of the file."""
    if briefing is None:
        return []
    ids = [story.id for story in briefing.stories]
    if not config.topics:
        return [Section(title="", stories=tuple(ids))]
    found = [
        Section(title=topic.name, stories=tuple(i for i in ids if topics.get(i) == topic.name))
        for topic in config.topics
    ]
    return [section for section in found if section.stories]


def _updates(telling: "Sequence[tuple[Thread, Traced]]", told: set[str]) -> list[Update]:
    return [
        Update(
            story=thread.id,
            first=thread.known.first,
            last=thread.known.last,
            editions=thread.known.told,
        )
        for thread, _ in telling
        if thread.id in told and thread.known and thread.known.told
    ]


def _left_out(chosen: _Chosen, told: set[str]) -> list[LeftOut]:
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
        LeftOut.model_validate(
            {"story": t.id, "title": t.title, "why": why, "articles": len(t.fresh)}
        )
        for why, threads in reasons
        for t in threads
    ]


def _uncited_words(chosen: _Chosen, briefing: Briefing | None) -> int:
    """Words of the told stories' new sentences that found no room."""
    if briefing is None:
        return 0
    from summarizer.text.languages import count_words

    told = {story.id for story in briefing.stories}
    cited = {(c.source, c.start) for s in briefing.told() for c in s.citations}
    return sum(
        count_words(item.text)
        for thread, traced in chosen.telling
        if thread.id in told
        for article in traced.story.articles
        for item in chosen.corpus.said[article.id]
        if not any(
            source == article.id and item.span.start <= start < item.span.end
            for source, start in cited
        )
    )


def _stories(day: Day, chosen: _Chosen, told: set[str]) -> list[StoryKept]:
    """What is remembered of each story of the day: what was left out stays to be told."""
    untold = [thread for thread, _ in chosen.telling if thread.id not in told]
    kept = [_kept(day, t, told=True) for t, _ in chosen.telling if t.id in told]
    kept += [replace(_kept(day, t, told=False), pending=()) for t in chosen.unchanged]
    kept += [_kept(day, t, told=False) for t in (*untold, *chosen.no_room, *chosen.no_topic)]
    return kept


def _kept(day: Day, thread: "Thread", *, told: bool) -> StoryKept:
    before = thread.known
    today = day.issue.due.astimezone(zone(day.config.timezone)).date()
    ids = tuple(sorted(article.id for article in thread.articles))
    return StoryKept(
        id=thread.id,
        title=before.title if before else thread.title,
        first=before.first if before else today,
        last=today,
        told=(before.told if before else 0) + told,
        articles=ids,
        pending=() if told else tuple(sorted(thread.fresh)),
    )


def _facts(chosen: _Chosen, briefing: Briefing | None) -> list[Fact]:
    """What the edition told, and what its stories' sources said."""
    if briefing is None:
        return []
    told = {story.id: story for story in briefing.stories}
    facts = [
        Fact(story.id, sentence.text, briefing.language, told=True)
        for story in briefing.stories
        for sentence in story.told()
    ]
    facts += [
        Fact(story.id, citation.quote, briefing.language, told=True, article=citation.source)
        for story in briefing.stories
        for sentence in story.told()
        for citation in sentence.citations
        if citation.quote != sentence.text
    ]
    for thread, traced in chosen.telling:
        if thread.id in told:
            said = [
                Fact(thread.id, item.text, article.language, told=False, article=article.id)
                for article in traced.story.articles
                for item in chosen.corpus.said[article.id]
            ]
            facts += said[:RECALLED]
    return facts
