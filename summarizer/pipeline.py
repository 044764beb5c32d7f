"""The chain, whole.

articles
| set furniture aside       sources.boilerplate
| date                      sources.publication_date
| chunk                     retrieval.chunks
| group into stories        retrieval.stories
| trace origins             retrieval.origins
| retrieve                  retrieval.search
| answer                    retrieval.answers       only with a focus: the facts that answer it
| join                      retrieval.stories        only with a focus: stories that share them
| gather facts  [model]     writing.facts           one call a source, each fact checked at once
| write                     writing.extractive, writing.disagreements
|               [model]     writing.abstractive     one call a story
| resolve, check, repair    checking
|               [model]     writing.prompting, checking.judge     one sentence at a time
| assemble                  assembly
-> Briefing

Without a model the lines that name one are left out, and nothing else changes.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from summarizer.assembly import assemble_briefing
from summarizer.briefing import Briefing
from summarizer.errors import NothingToDeliver, SourceError
from summarizer.retrieval.answers import FactCluster, question_weights, rank_answers
from summarizer.retrieval.chunks import Chunk, Statement, chunk_article, split_statements
from summarizer.retrieval.origins import trace_origins
from summarizer.retrieval.search import ChunkIndex, retrieve_chunks
from summarizer.retrieval.stories import Corpus, TracedStory, group_into_stories, join_stories
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.publication_date import certainly_before, infer_publication_dates
from summarizer.text.languages import languages_differ
from summarizer.writing.candidates import StoryEvidence
from summarizer.writing.story import (
    ProgressTracker,
    StoryContext,
    StoryDraft,
    write_extractive_story,
)

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain

__all__ = [
    "ProgressTracker",
    "brief_stories",
    "create_briefing",
    "no_progress",
    "prepare_corpus",
    "trace_stories",
]

T = TypeVar("T")

MIN_STORY_WORDS = 45
"""Words below which a story is not told at all, but counted among those left out."""

MIN_ANSWER_WORDS = 15
"""Words below which hardly a fact is told: how many answers may fit is counted by it."""

MAX_EVIDENCE_CHUNKS = 400
"""Chunks that one story may cite; of a larger story the most relevant ones, diverse by origin, and
each of them once before the first is there again as its copies have it."""


def no_progress(step: str, items: Sequence[T]) -> Iterable[T]:  # noqa: ARG001
    """Watches nothing."""
    return items


def prepare_corpus(articles: Sequence[Article], track: ProgressTracker = no_progress) -> Corpus:
    """Furniture set aside, dates settled, sentences found."""
    furniture = {a.id: find_boilerplate(a.text) for a in track("Setting furniture aside", articles)}
    dated = infer_publication_dates(articles, furniture)
    said = {
        a.id: split_statements(chunk_article(a, furniture[a.id]), a.language)
        for a in track("Finding sentences", dated)
    }
    return Corpus({a.id: a for a in dated}, furniture, said)


def trace_stories(corpus: Corpus, track: ProgressTracker = no_progress) -> list[TracedStory]:
    """The stories, those with the most independent origins first."""
    stories = group_into_stories(list(corpus.articles.values()))
    traced = [
        TracedStory(story, trace_origins(story.articles, corpus.boilerplate, corpus.statements))
        for story in track("Tracing origins", stories)
    ]
    return sorted(traced, key=lambda t: (-t.origin_count, -len(t.story.articles)))


def create_briefing(
    articles: Sequence[Article],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: ProgressTracker = no_progress,
    chain: "Chain | None" = None,
) -> Briefing:
    """One briefing of all articles; ``now`` only stamps it. Without ``chain`` no model is asked.

    Raises NothingToDeliver when no article is left or no sentence stands by itself, and ModelError
    when the model cannot be used at all.
    """
    corpus = _articles_since(prepare_corpus(articles, track), settings)
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
    """One briefing of stories that are found already, from what ``corpus`` has them say.

    Raises NothingToDeliver and ModelError as `create_briefing` does.
    """
    asking = _apply_focus(corpus, traced, settings)
    chosen = _allot_words(asking, settings)
    language = chain.language if chain else ""
    scenes = [
        _story_context(each, words, corpus=corpus, asking=asking, language=language)
        for each, words in chosen
    ]
    told = _write_stories(scenes, chain, settings.focus, track)
    if not told:
        raise NothingToDeliver(
            "no sentence of these articles can be told",
            hint="are they articles, in whole sentences?",
        )
    return assemble_briefing(corpus, asking.traced, told, settings, now=now, unreadable=unreadable)


def _write_stories(
    scenes: Sequence[StoryContext], chain: "Chain | None", focus: str, track: ProgressTracker
) -> list[StoryDraft]:
    """The stories by the model, else in the sources' own sentences."""
    if chain is None:
        return [told for scene in scenes if (told := write_extractive_story(scene))]
    from summarizer.writing.scheduler import write_stories

    return write_stories(scenes, chain, focus, track)


def _articles_since(corpus: Corpus, settings: Settings) -> Corpus:
    """The articles that are not certainly older than asked for."""
    since = settings.since
    kept = {
        name: article
        for name, article in corpus.articles.items()
        if not (since and certainly_before(article, since))
    }
    if not kept:
        raise NothingToDeliver(
            "no article is left to read", hint="see the lines above, and --since"
        )
    return replace(corpus, articles=kept)


@dataclass(frozen=True, slots=True)
class _FocusedStories:
    """What is asked, and what answers it. Without a focus, only the stories.

    ``relevance``: chunk id -> 0..1, the best at 1. ``sayings``: the best answer first.
    ``question``: its telling stems.
    """

    traced: Sequence[TracedStory]
    relevance: Mapping[str, float] = field(default_factory=dict)
    sayings: Sequence[FactCluster] = ()
    question: frozenset[str] = frozenset()


def _apply_focus(
    corpus: Corpus, traced: Sequence[TracedStory], settings: Settings
) -> _FocusedStories:
    """The stories as the focus asks for them."""
    if not settings.focus:
        return _FocusedStories(traced)
    language = _main_language(list(corpus.articles.values()))
    origins = {
        source: origin for t in traced for source, origin in t.origins.origin_by_source.items()
    }
    said = [item for name in corpus.articles for item in corpus.statements[name]]
    index = ChunkIndex(_unique_chunks(said), {a.id: a.language for a in corpus.articles.values()})
    hits = retrieve_chunks(
        index, settings.focus, origins, limit=MAX_EVIDENCE_CHUNKS, language=language
    )
    question = question_weights(settings.focus, language)
    sayings = rank_answers([item for _, item in hits], said, question, origins)
    if not sayings:
        raise NothingToDeliver(f"no article speaks of “{settings.focus}”", setting="focus")
    relevance = {item.id: score / hits[0][0] for score, item in hits}
    fitting = sayings[: settings.words // MIN_ANSWER_WORDS]
    return _FocusedStories(
        join_stories(traced, fitting, corpus), relevance, sayings, frozenset(question)
    )


def _allot_words(asking: _FocusedStories, settings: Settings) -> list[tuple[TracedStory, int]]:
    """The stories that are told, and how many words each gets: more origins or answers, more
    words."""
    fitting = asking.sayings[: settings.words // MIN_ANSWER_WORDS]

    def weight(each: TracedStory) -> float:
        if not settings.focus:
            return 1 + math.log2(1 + each.origin_count)
        held = {article.id for article in each.story.articles}
        return math.fsum(
            s.answer_score for s in fitting if any(i.source in held for i in s.statements)
        )

    traced = asking.traced
    weighed = sorted(((weight(t), n) for n, t in enumerate(traced)), key=lambda w: (-w[0], w[1]))
    most = max(1, min(settings.stories, settings.words // MIN_STORY_WORDS))
    chosen = [(w, traced[n]) for w, n in weighed[:most] if w > 0] or [(1.0, traced[0])]
    while settings.focus and chosen[1:] and _last_share(chosen) * settings.words < MIN_STORY_WORDS:
        chosen.pop()
    total = _total_weight(chosen)
    return [(t, max(MIN_STORY_WORDS, round(settings.words * w / total))) for w, t in chosen]


def _last_share(chosen: Sequence[tuple[float, TracedStory]]) -> float:
    """What the last of them gets."""
    return chosen[-1][0] / _total_weight(chosen)


def _total_weight(chosen: Sequence[tuple[float, TracedStory]]) -> float:
    return math.fsum(weight for weight, _ in chosen)


def _story_context(
    traced: TracedStory,
    words: int,
    *,
    corpus: Corpus,
    asking: _FocusedStories,
    language: str,
) -> StoryContext:
    """One story with all that it is told from and judged by. ``language``: the briefing's, if it
    is not to be the articles' own."""
    said = _citable_statements(traced, corpus, asking.relevance)
    own = _main_language(traced.story.articles, corpus.articles.values())
    foreign = frozenset(a.id for a in traced.story.articles if languages_differ(own, a.language))
    titles = tuple(a.title for a in traced.story.articles if a.title)
    written = {a.id: a.exact_date for a in traced.story.articles if a.exact_date}
    telling = StoryEvidence(
        said,
        traced.origins,
        own,
        titles,
        asking.relevance,
        asking.sayings,
        asking.question,
        written,
        foreign,
    )
    return StoryContext(traced, words, telling, corpus.articles, language or own)


def _citable_statements(
    traced: TracedStory, corpus: Corpus, relevance: Mapping[str, float]
) -> Mapping[str, Sequence[Statement]]:
    """What the story may cite, by source: everything, or the best of it if that is too much."""
    sources = [article.id for article in traced.story.articles]
    said = {source: corpus.statements[source] for source in sources}
    chunks = _unique_chunks(item for held in said.values() for item in held)
    if len(chunks) <= MAX_EVIDENCE_CHUNKS:
        return said
    same: dict[str, list[Chunk]] = defaultdict(list)
    for item in chunks:
        same[item.text].append(item)
    languages = {source: corpus.articles[source].language for source in sources}
    index = ChunkIndex([copies[0] for copies in same.values()], languages)
    openings = " ".join(held[0].text for held in said.values() if held)
    hits = retrieve_chunks(
        index, openings[:2000], traced.origins.origin_by_source, limit=MAX_EVIDENCE_CHUNKS
    )
    by_turns = zip_longest(*(same[item.text] for _, item in hits))
    best = [item for turn in by_turns for item in turn if item][:MAX_EVIDENCE_CHUNKS]
    kept = {item.id for item in best} | set(relevance)
    return {
        source: [item for item in held if item.chunk.id in kept] for source, held in said.items()
    }


def _unique_chunks(said: Iterable[Statement]) -> list[Chunk]:
    """The chunks of the statements, once each."""
    return list(dict.fromkeys(item.chunk for item in said))


def _main_language(articles: Sequence[Article], among: Iterable[Article] = ()) -> str:
    """The language that most of the articles are in; of two that as many are in, the one that is
    more widely used ``among`` all."""
    held, widely = ([item.language for item in each] for each in (articles, among))
    return max(dict.fromkeys(held), key=lambda each: (held.count(each), widely.count(each)))
