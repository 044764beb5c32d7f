"""What is new today: stories followed across days, and sentences that nobody has told yet.

    articles of today, and some that stand for the stories known already
    | follow    retrieval.stories   what continues a known story is that story, the rest new ones
    | sift                          of a story told before, only what says something new is left
    -> threads that tell something, and those that do not

A sentence is known if one that was told or read says nearly the same, figures included, or if all
of them together leave nothing in it that is new. A story that no edition has told is told whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.checking.resolve import covered, weights
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Corpus, Traced
from summarizer.retrieval.origins import trace
from summarizer.retrieval.overlap import Groups, dice
from summarizer.retrieval.stories import Story, group, newest_date
from summarizer.sources.articles import Article
from summarizer.store.memory import Fact, Memory, StoryKept
from summarizer.text.measures import equal
from summarizer.text.names import names
from summarizer.text.numbers import Quantity, quantities
from summarizer.text.tokens import content
from summarizer.writing.standalone import stands_alone

__all__ = ["Known", "Thread", "follow", "representatives", "sift"]

STANDING_IN = 4
"""Articles of a known story among today's, the newest; more would only make it the heavier."""

MOST = 2000
"""Articles of all known stories among today's."""

CROWDED = 3000
"""Articles up to which all are compared with all."""

OPENING, RARE, TIES = 600, 60, 3
"""Code points of an opening, articles that use a rare word, and such words that tie two."""

SAME, NEW, AKIN = 0.6, 0.25, 0.1
"""Dice of the stems from which a sentence says what another one said; the least share of its weight
that nobody has said; and the least share that ties what is new to the story. Calibrated on the
fourteen labelled days of tests/digests/archive.py, as a set."""


@dataclass(frozen=True)
class Thread:
    """A story with what of it is before this edition. ``fresh``: ids of the articles that no
    edition has taken into account; ``known`` is None for a story never met before."""

    id: str
    articles: tuple[Article, ...]
    fresh: frozenset[str]
    known: StoryKept | None = None

    @property
    def told(self) -> bool:
        """Whether an earlier edition has told it."""
        return bool(self.known and self.known.told)

    @cached_property
    def title(self) -> str:
        """The first title that a source gives, else how the first article begins."""
        titles = (article.title for article in self.articles)
        first = next(filter(None, titles), None) or self.articles[0].text.strip()
        return " ".join(first.split())[:120]

    @cached_property
    def width(self) -> int:
        """How many publishers report what is fresh."""
        fresh = [article for article in self.articles if article.id in self.fresh]
        return len({article.publisher or article.location for article in fresh})


def representatives(memory: Memory) -> list[str]:
    """Ids of the articles that stand for known stories: what is still to be told, then the newest
    of each, those of stories that were told first."""
    stories = sorted(memory.stories.values(), key=lambda s: (not s.told, -s.last.toordinal(), s.id))
    pending = [name for story in stories for name in story.pending]
    newest = [name for story in stories for name in story.articles[-STANDING_IN:]]
    return list(dict.fromkeys([*pending, *newest]))[:MOST]


def follow(today: Sequence[Article], earlier: Sequence[Article], memory: Memory) -> list[Thread]:
    """The stories of today, the most widely told first; those without a fresh article are over."""
    pending = {article for story in memory.stories.values() for article in story.pending}
    fresh = {article.id for article in today} | pending
    threads = [
        Thread(
            found.id,
            found.articles,
            frozenset(article.id for article in found.articles if article.id in fresh),
            memory.stories.get(found.id),
        )
        for found in _grouped(_once([*earlier, *today]), memory)
    ]
    going_on = [thread for thread in threads if _goes_on(thread, today)]
    return sorted(going_on, key=lambda thread: (-thread.width, -len(thread.fresh), thread.id))


def _grouped(articles: Sequence[Article], memory: Memory) -> Iterator[Story]:
    """As `group`, the known stories going on; of very many articles, only those whose openings
    share rare words are compared, which costs a fraction of the time and of the memory."""
    owner = {name: story.id for story in memory.stories.values() for name in story.articles}
    for part in _apart(articles, owner) if len(articles) > CROWDED else [articles]:
        held: dict[str, list[Article]] = defaultdict(list)
        for article in part:
            if article.id in owner:
                held[owner[article.id]].append(article)
        known = [Story(name, tuple(members), None) for name, members in sorted(held.items())]
        yield from group([article for article in part if article.id not in owner], known)


def _apart(articles: Sequence[Article], owner: Mapping[str, str]) -> Iterator[list[Article]]:
    """Parts that share fewer than TIES rare words with each other; a known story is in one."""
    openings = [
        frozenset(content(f"{article.title or ''} {article.text[:OPENING]}", article.language))
        for article in articles
    ]
    users: dict[str, list[int]] = defaultdict(list)
    for at, stems in enumerate(openings):
        for stem in stems:
            users[stem].append(at)
    groups = Groups(len(articles))
    for at, stems in enumerate(openings):
        shared = Counter(
            other for stem in stems if len(users[stem]) <= RARE for other in users[stem]
        )
        for other, ties in shared.items():
            if other < at and ties >= TIES:
                groups.unite(at, other)
    first: dict[str, int] = {}
    for at, article in enumerate(articles):
        if article.id in owner:
            groups.unite(at, first.setdefault(owner[article.id], at))
    for members in groups.sets():
        yield [articles[at] for at in members]


def _once(articles: Iterable[Article]) -> list[Article]:
    return list({article.id: article for article in articles}.values())


def _goes_on(thread: Thread, today: Sequence[Article]) -> bool:
    """Whether anything was reported of it today; what was left out yesterday alone is over."""
    return not thread.fresh.isdisjoint({article.id for article in today})


@dataclass(frozen=True)
class _Said:
    """One sentence that is known."""

    stems: frozenset[str]
    text: str

    @cached_property
    def quantities(self) -> Sequence[Quantity]:
        return list(quantities(self.text))


class Known:
    """What readers, and the sources of what they were told, have said already."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._of: dict[str, list[Fact]] = {}
        for fact in facts:
            self._of.setdefault(fact.story, []).append(fact)
        self._told = _said(fact for fact in facts if fact.told)
        self._said: dict[str, list[_Said]] = {}

    def told(self, statement: Statement) -> bool:
        """Whether any edition has told it, in whichever story."""
        return any(_same(statement.text, statement.stems, said) for said in self._told)

    def says(self, text: str, language: str) -> bool:
        """As `told`, of a sentence in any words."""
        stems = frozenset(content(text, language))
        return any(_same(text, stems, said) for said in self._told)

    def of(self, story: str) -> "Sequence[_Said]":
        """All that was told or read of a story."""
        if story not in self._said:
            self._said[story] = _said(self._of.get(story, ()))
        return self._said[story]


def _said(facts: Iterable[Fact]) -> list[_Said]:
    unique = {fact.text: fact for fact in facts}
    return [
        _Said(frozenset(content(fact.text, fact.language)), fact.text) for fact in unique.values()
    ]


def _same(text: str, stems: frozenset[str], said: _Said) -> bool:
    """Nearly the same words, no name that is not there, and every figure has its equal: two
    earthquakes are told in one and the same words."""
    if text == said.text:
        return True
    return (
        dice(stems, said.stems) >= SAME
        and all(word in said.text for name in names(text) for word in name.words)
        and all(any(equal(one, other) for other in said.quantities) for one in quantities(text))
    )


def sift(
    threads: Sequence[Thread], corpus: Corpus, known: Known
) -> tuple[list[tuple[Thread, Traced]], Corpus, list[Thread]]:
    """The threads that tell something new, with their origins; the corpus in which they say nothing
    else; and the threads in which nothing is new."""
    said: dict[str, Sequence[Statement]] = dict(corpus.said)
    telling: list[tuple[Thread, Traced]] = []
    unchanged = []
    for thread in threads:
        left = _new_in(thread, corpus, known)
        articles = tuple(
            corpus.articles[article.id]
            for article in thread.articles
            if article.id in corpus.articles and left.get(article.id)
        )
        if not articles:
            unchanged.append(thread)
            continue
        said |= left
        story = Story(thread.id, articles, newest_date(articles))
        telling.append((thread, Traced(story, trace(articles, corpus.furniture, corpus.said))))
    return telling, replace(corpus, said=said), unchanged


def _new_in(thread: Thread, corpus: Corpus, known: Known) -> Mapping[str, Sequence[Statement]]:
    """By article, what of it may be told; nothing at all if nothing of it is news."""
    if not thread.told:
        return {
            article.id: [item for item in corpus.said[article.id] if not known.told(item)]
            for article in thread.articles
            if article.id in corpus.said
        }
    said = known.of(thread.id)
    vocabulary = frozenset(stem for each in said for stem in each.stems)
    figures = [quantity for each in said for quantity in each.quantities]
    left = {
        name: [
            item
            for item in corpus.said[name]
            if not known.told(item)
            and not any(_same(item.text, item.stems, other) for other in said)
            and _adds(item, vocabulary, figures)
        ]
        for name in sorted(thread.fresh)
        if name in corpus.said
    }
    news = any(_is_news(item, vocabulary) for items in left.values() for item in items)
    return left if news else {}


def _adds(statement: Statement, vocabulary: frozenset[str], figures: Sequence[Quantity]) -> bool:
    """Whether a good part of it, or a figure in it, has never been said of the story."""
    if 1 - covered(weights(statement.stems), vocabulary) >= NEW:
        return True
    return any(
        not any(equal(one, other) for other in figures) for one in quantities(statement.text)
    )


def _is_news(statement: Statement, vocabulary: frozenset[str]) -> bool:
    """A sentence that stands alone, and belongs to the story and not to the page around it."""
    tied = covered(weights(statement.stems), vocabulary) >= AKIN
    return tied and stands_alone(statement.text)
