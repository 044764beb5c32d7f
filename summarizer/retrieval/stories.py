"""Stories: the articles of one event together, similar events apart.

articles
| one node per text         however many copies
| topics                    retrieval.similarity: average-link clusters of TF-IDF cosines, loose
| events of each topic      retrieval.clustering: what distinguishes the topic's articles, tight
-> stories; with a focus, stories that answer it with the same facts are joined

`Corpus` holds the articles with their dates, boilerplate and sentences.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from summarizer.retrieval.answers import FactCluster
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.clustering import (
    MIN_EVENT_ROW_COSINE,
    average_link,
    similarity_rows,
    split_topic,
)
from summarizer.retrieval.origins import StoryOrigins, trace_origins
from summarizer.retrieval.similarity import (
    UnionFind,
    article_features,
    article_similarities,
    mean_cosine,
    tfidf_vectors,
)
from summarizer.sources.articles import Article, Boilerplate, sha256_hex
from summarizer.text.annotations import Annotations
from summarizer.text.tokens import build_idf

__all__ = [
    "Corpus",
    "Story",
    "TracedStory",
    "find_events",
    "find_topics",
    "group_into_stories",
    "in_order",
    "join_stories",
    "newest_date",
]

MIN_TOPIC_COSINE = 0.08
"""Average cosine of one topic. On ECB+ (`benchmarks.quality`) 99 of 100 pairs of one event are in
one topic by it; its events are told apart afterwards."""

MIN_EVENT_MEAN_COSINE = 0.18
"""Average cosine of one event, on ECB+ never less; the lone reports of one topic have less."""


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
    """The stories, the most widely told first. Every article is in exactly one.

    ``known``: stories found before, in which today's ``articles`` may continue. They keep their ids
    and their articles, and are never joined to each other.
    """
    held = {a.id: story.id for story in reversed(known) for a in story.articles}
    every = {a.id: a for a in (*articles, *(a for story in known for a in story.articles))}
    ordered = sorted(every.values(), key=lambda a: (a.published or date.min, a.id))
    nodes = _nodes_by_text(ordered)
    clusters = find_events(
        [ordered[node[0]] for node in nodes], _known_story_nodes(nodes, ordered, held)
    )
    members = [[ordered[at] for node in cluster for at in nodes[node]] for cluster in clusters]
    return tuple(sorted((_make_story(each, held) for each in members), key=_story_rank))


def _story_rank(story: Story) -> tuple[int, int, str]:
    return -len(story.articles), -(story.date or date.min).toordinal(), story.id


def _make_story(members: Sequence[Article], held: Mapping[str, str]) -> Story:
    ordered = in_order(members)
    name = sha256_hex("\n".join(sorted(article.id for article in ordered)))[:12]
    kept = next((held[a.id] for a in ordered if a.id in held), f"t-{name}")
    return Story(kept, tuple(ordered), newest_date(ordered))


def in_order(articles: Iterable[Article]) -> list[Article]:
    """The articles in the order of their known dates; those without one last."""
    return sorted(articles, key=lambda a: (a.exact_date or date.max, a.location, a.id))


def newest_date(articles: Iterable[Article]) -> date | None:
    """The date of the newest article, None if no date is known: a bound is no date."""
    return max((a.exact_date for a in articles if a.exact_date), default=None)


def _nodes_by_text(articles: Sequence[Article]) -> list[list[int]]:
    """Positions of articles with the very same text: one node each, however many copies."""
    nodes: dict[str, list[int]] = defaultdict(list)
    for at, article in enumerate(articles):
        nodes[article.sha256].append(at)
    return list(nodes.values())


def _known_story_nodes(
    nodes: Sequence[Sequence[int]], articles: Sequence[Article], held: Mapping[str, str]
) -> list[list[int]]:
    """The nodes of each known story."""
    starts: dict[str, list[int]] = defaultdict(list)
    for n, node in enumerate(nodes):
        for name in [held[articles[at].id] for at in node if articles[at].id in held][:1]:
            starts[name].append(n)
    return list(starts.values())


def find_events(
    leads: Sequence[Article], known: Sequence[list[int]] = (), least: float = MIN_EVENT_ROW_COSINE
) -> list[list[int]]:
    """Positions of the articles, event by event; each of ``known`` in one of its own.

    ``leads`` in order of time, no text twice.
    """
    found = [article_features(article) for article in leads]
    idf = cache(build_idf(found))
    words = tfidf_vectors(found, idf)
    likeness = article_similarities(leads, words)
    held = {at for each in known for at in each}
    events = []
    for topic in find_topics(likeness, known):
        place = {at: n for n, at in enumerate(topic)}
        starts = [[place[at] for at in each] for each in known if each[0] in place]
        rows = similarity_rows([leads[at] for at in topic], [found[at] for at in topic], idf)
        for event in split_topic(rows, starts, least):
            members = [topic[n] for n in event]
            if (
                held.isdisjoint(members)
                and mean_cosine([words[at] for at in members]) < MIN_EVENT_MEAN_COSINE
            ):
                events += _split_loose_event(members, likeness)
            else:
                events.append(members)
    return events


def _split_loose_event(
    members: Sequence[int], likeness: Sequence[Mapping[int, float]]
) -> list[list[int]]:
    """Reports that only have their topic in common, as the events that their own words make."""
    place = {at: n for n, at in enumerate(members)}
    rows = [{place[o]: x for o, x in likeness[at].items() if o in place} for at in members]
    return [[members[n] for n in event] for event in average_link(rows, MIN_EVENT_MEAN_COSINE)]


def find_topics(
    likeness: Sequence[Mapping[int, float]], known: Sequence[list[int]] = ()
) -> list[list[int]]:
    """Positions of the leads, topic by topic; a known story is in one of them, whole."""
    taken = {at for each in known for at in each}
    starts = [*known, *([at] for at in range(len(likeness)) if at not in taken)]
    of = {at: n for n, each in enumerate(starts) for at in each}
    sums: list[dict[int, float]] = [defaultdict(float) for _ in starts]
    for at, row in enumerate(likeness):
        for other, alike in row.items():
            if of[at] != of[other]:
                sums[of[at]][of[other]] += alike
    found = average_link(sums, MIN_TOPIC_COSINE, sizes=[len(each) for each in starts])
    return sorted(sorted(at for n in topic for at in starts[n]) for topic in found)


@dataclass(frozen=True, slots=True)
class Corpus:
    """By source id: the dated articles, what was set aside in each, and what each says.

    ``annotations``: what its texts are read into; they are dropped with it.
    """

    articles: Mapping[str, Article]
    boilerplate: Mapping[str, Sequence[Boilerplate]]
    statements: Mapping[str, Sequence[Statement]]
    annotations: Annotations = field(default_factory=Annotations, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TracedStory:
    """A story and where it comes from."""

    story: Story
    origins: StoryOrigins

    @property
    def origin_count(self) -> int:
        """How many independent acts of reporting the story rests on."""
        return len(set(self.origins.origin_by_source.values()))


SEPARATE_EVENT_DAYS = 30
"""Days from which two dated stories are two events, whatever background they share."""


def join_stories(
    traced: Sequence[TracedStory], shared: Sequence[FactCluster], corpus: Corpus
) -> list[TracedStory]:
    """The stories, those with a saying of ``shared`` in common joined, in the order of the first.

    Stories of different times stay apart.
    """
    home = {a.id: at for at, each in enumerate(traced) for a in each.story.articles}
    groups = UnionFind(len(traced))
    days = {at: _days(each.story) for at, each in enumerate(traced)}
    for saying in shared:
        first, *others = dict.fromkeys(home[item.source] for item in saying.statements)
        for other in others:
            _unite_if_close(groups, days, first, other)
    return [_joined_story([traced[at] for at in members], corpus) for members in groups.groups()]


def _days(story: Story) -> list[date]:
    """The day by which the story is kept apart from others. Where its date is not known, the latest
    bound serves: it shows nothing to a reader, and stories of different times rarely share one."""
    bound = max((a.published for a in story.articles if a.published), default=None)
    day = story.date or bound
    return [day] if day else []


def _unite_if_close(groups: UnionFind, days: Mapping[int, list[date]], a: int, b: int) -> None:
    """One story from now on, unless their dates are too far apart."""
    low, high = sorted((groups.find(a), groups.find(b)))
    every = days[low] + days[high]
    if low == high or (every and (max(every) - min(every)).days >= SEPARATE_EVENT_DAYS):
        return
    groups.union(low, high)
    days[low].extend(days[high])


def _joined_story(members: Sequence[TracedStory], corpus: Corpus) -> TracedStory:
    if len(members) == 1:
        return members[0]
    stories = [each.story for each in members]
    articles = tuple(in_order(article for story in stories for article in story.articles))
    name = sha256_hex("\n".join(sorted(article.id for article in articles)))[:12]
    story = Story(f"t-{name}", articles, newest_date(articles))
    return TracedStory(story, trace_origins(articles, corpus.boilerplate, corpus.statements))
