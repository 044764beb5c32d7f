"""Stories: the articles of one event together, similar events apart.

articles
| one node per text         however many copies
| topics                    retrieval.similarity: average-link clusters of TF-IDF cosines, loose
| events of each topic      retrieval.clustering: what distinguishes the topic's articles, tight
-> stories; with a focus, stories that answer it with the same facts are joined
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from summarizer.errors import NothingToDeliver
from summarizer.retrieval.answers import FactCluster, question_weights, rank_answers
from summarizer.retrieval.clustering import (
    MIN_EVENT_SIMILARITY,
    average_link,
    similarity_rows,
    split_topic,
)
from summarizer.retrieval.corpus import (
    Corpus,
    ProgressTracker,
    main_language,
    no_progress,
    unique_chunks,
)
from summarizer.retrieval.origins import StoryOrigins, trace_origins
from summarizer.retrieval.search import MAX_EVIDENCE_CHUNKS, ChunkIndex, retrieve_chunks
from summarizer.retrieval.signatures import event_signatures
from summarizer.retrieval.similarity import (
    UnionFind,
    article_features,
    article_similarities,
    mean_cosine,
    tfidf_vectors,
)
from summarizer.settings import Settings
from summarizer.sources.articles import Article, publication_instant, sha256_hex
from summarizer.text.tokens import build_idf

MIN_TOPIC_COSINE, MIN_EVENT_MEAN_COSINE = 0.08, 0.18
"""Mean cosine of one topic, and of one event. On ECB+ (`benchmarks.quality`) the first puts 99 of
100 pairs of articles of one event into one topic, whose events are separated afterwards; the second
is the minimum of its events, and lone reports of one topic have less."""

MIN_FOREIGN_TOPIC_COSINE, MIN_FOREIGN_EVENT_MEAN_COSINE = 0.05, 0.15
"""The same outside English, whose inflected words meet less often, and of whose words no table says
which are common: below the pairs of events in the 24 languages of ``tests/languages``."""


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of one event, earliest first, those of unknown date last. ``date`` is that of
    the newest; None when no date is known."""

    id: str
    articles: tuple[Article, ...]
    date: date | None


def group_into_stories(
    articles: Sequence[Article], known: Sequence[Story] = ()
) -> tuple[Story, ...]:
    """The stories, those with the most articles first. Every article is in exactly one.

    ``known``: stories of earlier runs, which ``articles`` may continue. They keep their ids and
    their articles, and are never joined to each other.
    """
    known_ids = {a.id: story.id for story in reversed(known) for a in story.articles}
    unique = {a.id: a for a in (*articles, *(a for story in known for a in story.articles))}
    ordered = sorted(unique.values(), key=lambda a: (a.exact_date or date.min, a.id))
    positions_by_text: dict[tuple[str, tuple[int, int]], list[int]] = defaultdict(list)
    for index, article in enumerate(ordered):
        positions_by_text[article.sha256, article.extent].append(index)
    nodes = list(positions_by_text.values())
    nodes_by_story: dict[str, list[int]] = defaultdict(list)
    for n, node in enumerate(nodes):
        ids = (known_ids.get(ordered[index].id) for index in node)
        if story_id := next((each for each in ids if each), None):
            nodes_by_story[story_id].append(n)

    stories = []
    events = find_events([ordered[node[0]] for node in nodes], list(nodes_by_story.values()))
    for event in events:
        members = in_order(ordered[index] for n in event for index in nodes[n])
        ids = (known_ids.get(article.id) for article in members)
        name = next((each for each in ids if each), None) or _story_id(members)
        stories.append(Story(name, tuple(members), newest_date(members)))
    return tuple(
        sorted(stories, key=lambda s: (-len(s.articles), -(s.date or date.min).toordinal(), s.id))
    )


def _story_id(articles: Iterable[Article]) -> str:
    return "t-" + sha256_hex("\n".join(sorted(article.id for article in articles)))[:12]


def in_order(articles: Iterable[Article]) -> list[Article]:
    """The articles in the order of their known times; those without one last."""

    def order(article: Article) -> tuple[bool, datetime, str, str]:
        known = article.published if article.exact_date else None
        instant = publication_instant(known or date.min)
        return known is None, instant, article.location, article.id

    return sorted(articles, key=order)


def newest_date(articles: Iterable[Article]) -> date | None:
    """The date of the newest article, by time of day too; None if no date is known. An estimate or
    a bound is not a date."""
    known = [
        (publication_instant(a.published), a.exact_date)
        for a in articles
        if a.published and a.exact_date
    ]
    return max(known)[1] if known else None


def find_events(
    articles: Sequence[Article],
    known: Sequence[list[int]] = (),
    least: float = MIN_EVENT_SIMILARITY,
) -> list[list[int]]:
    """Positions of the articles, event by event; each of ``known`` is in an event of its own.

    ``articles`` are in order of time, and no two have the same text.
    """
    features = [article_features(article) for article in articles]
    idf = cache(build_idf(features))
    vectors = tfidf_vectors(features, idf)
    similarities = article_similarities(articles, vectors)
    known_positions = {index for each in known for index in each}
    events = []
    english = 2 * sum(article.language in ("en", "und") for article in articles) >= len(articles)
    least_topic = MIN_TOPIC_COSINE if english else MIN_FOREIGN_TOPIC_COSINE
    for topic in find_topics(similarities, known, least_topic):
        if len(topic) == 1:
            events.append(topic)
            continue
        positions = {index: n for n, index in enumerate(topic)}
        starts = [[positions[index] for index in each] for each in known if each[0] in positions]
        own = [articles[index] for index in topic]
        rows = similarity_rows(own, [features[index] for index in topic], idf)
        signatures = event_signatures(own, [vectors[index] for index in topic])
        for event in split_topic(rows, signatures, starts, least):
            members = [topic[n] for n in event]
            english = all(articles[index].language in ("en", "und") for index in members)
            least_mean = MIN_EVENT_MEAN_COSINE if english else MIN_FOREIGN_EVENT_MEAN_COSINE
            if (
                not known_positions.isdisjoint(members)
                or mean_cosine([vectors[index] for index in members]) >= least_mean
            ):
                events.append(members)
                continue
            # These have only their topic in common: they are clustered by their own words instead.
            nth = {index: n for n, index in enumerate(members)}
            near = [{nth[o]: x for o, x in similarities[m].items() if o in nth} for m in members]
            parts = average_link(near, least_mean)
            events += [[members[n] for n in part] for part in parts]
    return events


def find_topics(
    similarities: Sequence[Mapping[int, float]],
    known: Sequence[list[int]] = (),
    least: float = MIN_TOPIC_COSINE,
) -> list[list[int]]:
    """Positions of the articles, topic by topic; each of ``known`` is in one of them as a whole."""
    known_positions = {index for each in known for index in each}
    single = [[index] for index in range(len(similarities)) if index not in known_positions]
    starts = [*known, *single]
    start_of = {index: n for n, each in enumerate(starts) for index in each}
    sums: list[dict[int, float]] = [defaultdict(float) for _ in starts]
    for index, row in enumerate(similarities):
        for other, similarity in row.items():
            if start_of[index] != start_of[other]:
                sums[start_of[index]][start_of[other]] += similarity
    topics = average_link(sums, least, sizes=[len(each) for each in starts])
    return sorted(sorted(index for n in topic for index in starts[n]) for topic in topics)


@dataclass(frozen=True, slots=True)
class TracedStory:
    """A story and the origins of its articles."""

    story: Story
    origins: StoryOrigins

    @property
    def origin_count(self) -> int:
        """How many independent acts of reporting the story rests on."""
        return len(set(self.origins.origin_by_source.values()))


def trace_stories(corpus: Corpus, track: ProgressTracker = no_progress) -> list[TracedStory]:
    """The stories of the corpus, those with the most independent origins first."""
    stories = group_into_stories(list(corpus.articles.values()))
    traced = [
        TracedStory(story, trace_origins(story.articles, corpus.boilerplate, corpus.statements))
        for story in track("Tracing origins", stories)
    ]
    return sorted(traced, key=lambda t: (-t.origin_count, -len(t.story.articles)))


SEPARATE_EVENT_DAYS = 30
"""Days between two stories from which they are two events, whatever background they share."""


def join_stories(
    traced: Sequence[TracedStory], facts: Sequence[FactCluster], corpus: Corpus
) -> list[TracedStory]:
    """The stories, those that report one of ``facts`` joined, in the order of the first.

    Stories of different times are not joined.
    """
    story_of = {a.id: n for n, each in enumerate(traced) for a in each.story.articles}
    groups = UnionFind(len(traced))
    days: list[list[date]] = []
    for story in (each.story for each in traced):
        # The latest bound replaces a date that is not known: it is not shown to a reader, and
        # stories of different times rarely have the same.
        bound = max((a.day for a in story.articles if a.day), default=None)
        day = story.date or bound
        days.append([day] if day else [])
    for fact in facts:
        first, *others = dict.fromkeys(story_of[item.source] for item in fact.statements)
        for other in others:
            low, high = sorted((groups.find(first), groups.find(other)))
            both = days[low] + days[high]
            apart = (max(both) - min(both)).days if both else 0
            if low != high and apart < SEPARATE_EVENT_DAYS:
                groups.union(low, high)
                days[low] = both
    joined = []
    for group in groups.groups():
        members = [traced[n] for n in group]
        if len(members) > 1:
            articles = tuple(in_order(a for each in members for a in each.story.articles))
            story = Story(_story_id(articles), articles, newest_date(articles))
            origins = trace_origins(articles, corpus.boilerplate, corpus.statements)
            members = [TracedStory(story, origins)]
        joined += members
    return joined


MIN_ANSWER_WORDS = 15
"""Words that one fact takes at least: with a focus it bounds how many facts are used."""


@dataclass(frozen=True, slots=True)
class FocusedStories:
    """The stories and the facts that answer the focus. Without a focus, only the stories.

    ``relevance``: chunk id -> 0..1, the best at 1. ``facts``: the best answer first. ``question``:
    the content stems of the focus.
    """

    traced: Sequence[TracedStory]
    relevance: Mapping[str, float] = field(default_factory=dict)
    facts: Sequence[FactCluster] = ()
    question: frozenset[str] = frozenset()


def focus_stories(
    corpus: Corpus, traced: Sequence[TracedStory], settings: Settings
) -> FocusedStories:
    """The stories with the facts that answer the focus of the settings.

    Raises NothingToDeliver if nothing answers it.
    """
    if not settings.focus:
        return FocusedStories(traced)
    articles = list(corpus.articles.values())
    language = main_language(articles)
    origins = {
        source: origin for t in traced for source, origin in t.origins.origin_by_source.items()
    }
    statements = [item for source in corpus.articles for item in corpus.statements[source]]
    index = ChunkIndex(unique_chunks(statements), {a.id: a.language for a in articles})
    hits = retrieve_chunks(
        index, settings.focus, origins, limit=MAX_EVIDENCE_CHUNKS, language=language
    )
    question = question_weights(settings.focus, language)
    facts = rank_answers([chunk for _, chunk in hits], statements, question, origins)
    if not facts:
        raise NothingToDeliver(f"no article speaks of “{settings.focus}”", setting="focus")
    relevance = {chunk.id: score / hits[0][0] for score, chunk in hits}
    joined = join_stories(traced, facts[: settings.words // MIN_ANSWER_WORDS], corpus)
    return FocusedStories(joined, relevance, facts, frozenset(question))


def allot_words(focused: FocusedStories, settings: Settings) -> list[tuple[TracedStory, int]]:
    """The stories that are written and the words of each, more for more origins or answers."""
    facts = focused.facts[: settings.words // MIN_ANSWER_WORDS]

    def weight(each: TracedStory) -> float:
        if not settings.focus:
            return 1 + math.log2(1 + each.origin_count)
        sources = {article.id for article in each.story.articles}
        return math.fsum(
            fact.answer_score
            for fact in facts
            if any(item.source in sources for item in fact.statements)
        )

    traced = focused.traced
    weights = [weight(each) for each in traced]
    limit = max(1, min(settings.stories, settings.words // settings.story_words))
    ranked = sorted(range(len(traced)), key=lambda n: (-weights[n], n))[:limit]
    chosen = [(traced[n], weights[n]) for n in ranked if weights[n] > 0] or [(traced[0], 1.0)]
    total = math.fsum(w for _, w in chosen)
    # With a focus, a story that has little of the answer would get too few words to be written.
    while (
        settings.focus
        and chosen[1:]
        and chosen[-1][1] / total * settings.words < settings.story_words
    ):
        chosen.pop()
        total = math.fsum(w for _, w in chosen)
    least = min(settings.story_words, settings.words)
    return [(t, max(least, round(settings.words * w / total))) for t, w in chosen]
