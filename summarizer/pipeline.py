"""The chain, whole.

articles
| set furniture aside       sources.furniture
| date                      sources.dating
| chunk                     retrieval.chunks
| group into stories        retrieval.stories
| trace origins             retrieval.origins
| retrieve                  retrieval.search
| answer                    retrieval.answers       only with a focus: the facts that answer it
| join                      retrieval.joined        only with a focus: stories that share them
| gather facts  [model]     writing.facts           one call a source, each fact checked at once
| write                     writing.extractive, writing.disagreements
|               [model]     writing.abstractive     one call a story
| resolve, check, repair    checking
|               [model]     writing.rewrite, checking.judge     one sentence at a time
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

from summarizer.assembly import assemble
from summarizer.briefings import Briefing
from summarizer.errors import NothingToDeliver, SourceError
from summarizer.retrieval.answers import answers, asked
from summarizer.retrieval.chunks import Chunk, Statement, chunk, statements
from summarizer.retrieval.corpus import Corpus, Traced
from summarizer.retrieval.joined import join
from summarizer.retrieval.origins import trace
from summarizer.retrieval.sayings import Saying
from summarizer.retrieval.search import Index, retrieve
from summarizer.retrieval.stories import group
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.dating import certainly_before, settle
from summarizer.sources.furniture import find
from summarizer.text.languages import differ
from summarizer.writing.candidates import Telling
from summarizer.writing.scenes import Scene, Track
from summarizer.writing.told import Told, retell

if TYPE_CHECKING:
    from summarizer.writing.chain import Chain

__all__ = ["Track", "brief", "prepare", "tell", "trace_stories", "untracked"]

T = TypeVar("T")

LEAST_WORDS = 45
"""Words below which a story is not told at all, but counted among those left out."""

BRIEFEST = 15
"""Words below which hardly a fact is told: how many answers may fit is counted by it."""

EVIDENCE = 400
"""Chunks that one story may cite; of a larger story the most relevant ones, diverse by origin, and
each of them once before the first is there again as its copies have it."""


def untracked(step: str, items: Sequence[T]) -> Iterable[T]:  # noqa: ARG001
    """Watches nothing."""
    return items


def prepare(articles: Sequence[Article], track: Track = untracked) -> Corpus:
    """Furniture set aside, dates settled, sentences found."""
    furniture = {a.id: find(a.text) for a in track("Setting furniture aside", articles)}
    dated = settle(articles, furniture)
    said = {
        a.id: statements(chunk(a, furniture[a.id]), a.language)
        for a in track("Finding sentences", dated)
    }
    return Corpus({a.id: a for a in dated}, furniture, said)


def trace_stories(corpus: Corpus, track: Track = untracked) -> list[Traced]:
    """The stories, those with the most independent origins first."""
    stories = group(list(corpus.articles.values()))
    traced = [
        Traced(story, trace(story.articles, corpus.furniture, corpus.said))
        for story in track("Tracing origins", stories)
    ]
    return sorted(traced, key=lambda t: (-t.independent, -len(t.story.articles)))


def brief(
    articles: Sequence[Article],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: Track = untracked,
    chain: "Chain | None" = None,
) -> Briefing:
    """One briefing of all articles; ``now`` only stamps it. Without ``chain`` no model is asked.

    Raises NothingToDeliver when no article is left or no sentence stands by itself, and ModelError
    when the model cannot be used at all.
    """
    corpus = _since(prepare(articles, track), settings)
    traced = trace_stories(corpus, track)
    return tell(corpus, traced, settings, now=now, unreadable=unreadable, track=track, chain=chain)


def tell(  # noqa: PLR0913  # as `brief`
    corpus: Corpus,
    traced: Sequence[Traced],
    settings: Settings,
    *,
    now: datetime,
    unreadable: Sequence[SourceError] = (),
    track: Track = untracked,
    chain: "Chain | None" = None,
) -> Briefing:
    """One briefing of stories that are found already, from what ``corpus`` has them say.

    Raises NothingToDeliver and ModelError as `brief` does.
    """
    asking = _ask(corpus, traced, settings)
    chosen = _choose(asking, settings)
    language = chain.language if chain else ""
    scenes = [
        _scene(each, words, corpus=corpus, asking=asking, language=language)
        for each, words in chosen
    ]
    told = _written(scenes, chain, settings.focus, track)
    if not told:
        raise NothingToDeliver(
            "no sentence of these articles can be told",
            hint="are they articles, in whole sentences?",
        )
    return assemble(corpus, asking.traced, told, settings, now=now, unreadable=unreadable)


def _written(
    scenes: Sequence[Scene], chain: "Chain | None", focus: str, track: Track
) -> list[Told]:
    """The stories by the model, else in the sources' own sentences."""
    if chain is None:
        return [told for scene in scenes if (told := retell(scene))]
    from summarizer.writing.stages import narrated

    return narrated(scenes, chain, focus, track)


def _since(corpus: Corpus, settings: Settings) -> Corpus:
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
class _Asking:
    """What is asked, and what answers it. Without a focus, only the stories.

    ``relevance``: chunk id -> 0..1, the best at 1. ``sayings``: the best answer first.
    ``question``: its telling stems.
    """

    traced: Sequence[Traced]
    relevance: Mapping[str, float] = field(default_factory=dict)
    sayings: Sequence[Saying] = ()
    question: frozenset[str] = frozenset()


def _ask(corpus: Corpus, traced: Sequence[Traced], settings: Settings) -> _Asking:
    """The stories as the focus asks for them."""
    if not settings.focus:
        return _Asking(traced)
    language = _language(list(corpus.articles.values()))
    origins = {source: origin for t in traced for source, origin in t.origins.of.items()}
    said = [item for name in corpus.articles for item in corpus.said[name]]
    index = Index(_chunks(said), {a.id: a.language for a in corpus.articles.values()})
    hits = retrieve(index, settings.focus, origins, limit=EVIDENCE, language=language)
    question = asked(settings.focus, language)
    sayings = answers([item for _, item in hits], said, question, origins)
    if not sayings:
        raise NothingToDeliver(f"no article speaks of “{settings.focus}”", subject="--focus")
    relevance = {item.id: score / hits[0][0] for score, item in hits}
    fitting = sayings[: settings.words // BRIEFEST]
    return _Asking(join(traced, fitting, corpus), relevance, sayings, frozenset(question))


def _choose(asking: _Asking, settings: Settings) -> list[tuple[Traced, int]]:
    """The stories that are told, and how many words each gets: more origins or answers, more
    words."""
    fitting = asking.sayings[: settings.words // BRIEFEST]

    def weight(each: Traced) -> float:
        if not settings.focus:
            return 1 + math.log2(1 + each.independent)
        held = {article.id for article in each.story.articles}
        return math.fsum(s.answer for s in fitting if any(i.source in held for i in s.statements))

    traced = asking.traced
    weighed = sorted(((weight(t), n) for n, t in enumerate(traced)), key=lambda w: (-w[0], w[1]))
    most = max(1, min(settings.stories, settings.words // LEAST_WORDS))
    chosen = [(w, traced[n]) for w, n in weighed[:most] if w > 0] or [(1.0, traced[0])]
    while settings.focus and chosen[1:] and _share(chosen) * settings.words < LEAST_WORDS:
        chosen.pop()
    total = _total(chosen)
    return [(t, max(LEAST_WORDS, round(settings.words * w / total))) for w, t in chosen]


def _share(chosen: Sequence[tuple[float, Traced]]) -> float:
    """What the last of them gets."""
    return chosen[-1][0] / _total(chosen)


def _total(chosen: Sequence[tuple[float, Traced]]) -> float:
    return math.fsum(weight for weight, _ in chosen)


def _scene(
    traced: Traced,
    words: int,
    *,
    corpus: Corpus,
    asking: _Asking,
    language: str,
) -> Scene:
    """One story with all that it is told from and judged by. ``language``: the briefing's, if it
    is not to be the articles' own."""
    said = _evidence(traced, corpus, asking.relevance)
    own = _language(traced.story.articles, corpus.articles.values())
    foreign = frozenset(a.id for a in traced.story.articles if differ(own, a.language))
    titles = tuple(a.title for a in traced.story.articles if a.title)
    written = {a.id: a.written for a in traced.story.articles if a.written}
    telling = Telling(
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
    return Scene(traced, words, telling, corpus.articles, language or own)


def _evidence(
    traced: Traced, corpus: Corpus, relevance: Mapping[str, float]
) -> Mapping[str, Sequence[Statement]]:
    """What the story may cite, by source: everything, or the best of it if that is too much."""
    sources = [article.id for article in traced.story.articles]
    said = {source: corpus.said[source] for source in sources}
    chunks = _chunks(item for held in said.values() for item in held)
    if len(chunks) <= EVIDENCE:
        return said
    same: dict[str, list[Chunk]] = defaultdict(list)
    for item in chunks:
        same[item.text].append(item)
    languages = {source: corpus.articles[source].language for source in sources}
    index = Index([copies[0] for copies in same.values()], languages)
    openings = " ".join(held[0].text for held in said.values() if held)
    hits = retrieve(index, openings[:2000], traced.origins.of, limit=EVIDENCE)
    by_turns = zip_longest(*(same[item.text] for _, item in hits))
    best = [item for turn in by_turns for item in turn if item][:EVIDENCE]
    kept = {item.id for item in best} | set(relevance)
    return {
        source: [item for item in held if item.chunk.id in kept] for source, held in said.items()
    }


def _chunks(said: Iterable[Statement]) -> list[Chunk]:
    """The chunks of the statements, once each."""
    return list(dict.fromkeys(item.chunk for item in said))


def _language(articles: Sequence[Article], among: Iterable[Article] = ()) -> str:
    """The language that most of the articles are in; of two that as many are in, the one that is
    more widely used ``among`` all."""
    held, widely = ([item.language for item in each] for each in (articles, among))
    return max(dict.fromkeys(held), key=lambda each: (held.count(each), widely.count(each)))
