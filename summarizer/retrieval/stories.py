"""Articles of one event together, look-alike events apart.

articles
| one node a text           however many copies
| topics                    retrieval.likeness: average-link clusters of TF-IDF cosines, loose
| events of each topic      retrieval.lookalikes: what tells the topic's articles apart, tight
-> stories
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from summarizer.retrieval.likeness import closeness, features, near, vectors
from summarizer.retrieval.linkage import average_link
from summarizer.retrieval.lookalikes import ONE_EVENT, compare, tell_apart
from summarizer.sources.articles import Article, digest
from summarizer.text.frequencies import weigh

__all__ = ["Story", "events", "group", "in_order", "newest_date", "topics"]

ONE_TOPIC = 0.08
"""Average cosine of one topic. On ECB+ (`benchmarks.quality`) 99 of 100 pairs of one event are in
one topic by it; its events are told apart afterwards."""

CLOSE = 0.18
"""Average cosine of one event, on ECB+ never less; the lone reports of one topic have less."""


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of one event, earliest first, those of unknown date last. ``date`` is that of
    the newest; None when no date is known."""

    id: str
    articles: tuple[Article, ...]
    date: date | None


def group(articles: Sequence[Article], known: Sequence[Story] = ()) -> tuple[Story, ...]:
    """The stories, the most widely told first. Every article is in exactly one.

    ``known``: stories found before, in which today's ``articles`` may continue. They keep their ids
    and their articles, and are never joined to each other.
    """
    held = {a.id: story.id for story in reversed(known) for a in story.articles}
    every = {a.id: a for a in (*articles, *(a for story in known for a in story.articles))}
    ordered = sorted(every.values(), key=lambda a: (a.published or date.min, a.id))
    nodes = _by_text(ordered)
    clusters = events([ordered[node[0]] for node in nodes], _starts(nodes, ordered, held))
    members = [[ordered[at] for node in cluster for at in nodes[node]] for cluster in clusters]
    return tuple(sorted((_story(each, held) for each in members), key=_rank))


def _rank(story: Story) -> tuple[int, int, str]:
    return -len(story.articles), -(story.date or date.min).toordinal(), story.id


def _story(members: Sequence[Article], held: Mapping[str, str]) -> Story:
    ordered = in_order(members)
    name = digest("\n".join(sorted(article.id for article in ordered)))[:12]
    kept = next((held[a.id] for a in ordered if a.id in held), f"t-{name}")
    return Story(kept, tuple(ordered), newest_date(ordered))


def in_order(articles: Iterable[Article]) -> list[Article]:
    """The articles in the order of their known dates; those without one last."""
    return sorted(articles, key=lambda a: (a.written or date.max, a.location, a.id))


def newest_date(articles: Iterable[Article]) -> date | None:
    """The date of the newest article, None if no date is known: a bound is no date."""
    return max((a.written for a in articles if a.written), default=None)


def _by_text(articles: Sequence[Article]) -> list[list[int]]:
    """Positions of articles with the very same text: one node each, however many copies."""
    nodes: dict[str, list[int]] = defaultdict(list)
    for at, article in enumerate(articles):
        nodes[article.sha256].append(at)
    return list(nodes.values())


def _starts(
    nodes: Sequence[Sequence[int]], articles: Sequence[Article], held: Mapping[str, str]
) -> list[list[int]]:
    """The nodes of each known story."""
    starts: dict[str, list[int]] = defaultdict(list)
    for n, node in enumerate(nodes):
        for name in [held[articles[at].id] for at in node if articles[at].id in held][:1]:
            starts[name].append(n)
    return list(starts.values())


def events(
    leads: Sequence[Article], known: Sequence[list[int]] = (), least: float = ONE_EVENT
) -> list[list[int]]:
    """Positions of the articles, event by event; each of ``known`` in one of its own.

    ``leads`` in order of time, no text twice.
    """
    found = [features(article) for article in leads]
    idf = cache(weigh(found))
    words = vectors(found, idf)
    likeness = near(leads, words)
    held = {at for each in known for at in each}
    events = []
    for topic in topics(likeness, known):
        place = {at: n for n, at in enumerate(topic)}
        starts = [[place[at] for at in each] for each in known if each[0] in place]
        rows = compare([leads[at] for at in topic], [found[at] for at in topic], idf)
        for event in tell_apart(rows, starts, least):
            members = [topic[n] for n in event]
            if held.isdisjoint(members) and closeness([words[at] for at in members]) < CLOSE:
                events += _loosened(members, likeness)
            else:
                events.append(members)
    return events


def _loosened(members: Sequence[int], likeness: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """Reports that only have their topic in common, as the events that their own words make."""
    place = {at: n for n, at in enumerate(members)}
    rows = [{place[o]: x for o, x in likeness[at].items() if o in place} for at in members]
    return [[members[n] for n in event] for event in average_link(rows, CLOSE)]


def topics(
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
    found = average_link(sums, ONE_TOPIC, sizes=[len(each) for each in starts])
    return sorted(sorted(at for n in topic for at in starts[n]) for topic in found)
