"""What is new today: stories followed across days, and sentences that no edition has had yet.

    articles of today, and some that represent the known stories
    | follow_stories       continuations of a known story join it; the others are new stories
    | select_new           of a known story only the sentences that say something new are left
    -> stories with something new, and those without
    | without_repeats      drops what a model repeated although readers know it

A sentence is known if one that was written or read says nearly the same, figures included, or
if all of them together leave nothing new in it. A story that no edition had is written whole.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.briefing import Briefing, BriefingStory, Finding, Sentence
from summarizer.checking.citations import covered_share, stem_shares
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Corpus
from summarizer.retrieval.origins import trace_origins
from summarizer.retrieval.similarity import PUBLISHED_SENTENCE_DICE, UnionFind, dice
from summarizer.retrieval.stories import Story, TracedStory, group_into_stories, newest_date
from summarizer.sources.articles import Article
from summarizer.store.story_history import StoryFact, StoryHistory, StoryRecord
from summarizer.text.names import find_names
from summarizer.text.numbers import Quantity, find_quantities, quantity_matches
from summarizer.text.tokens import content_stems
from summarizer.writing.standalone import is_standalone

__all__ = [
    "KnownSentences",
    "StoryThread",
    "follow_stories",
    "representative_articles",
    "select_new",
    "without_repeats",
]

REPRESENTATIVES_PER_STORY = 4
"""Articles of a known story among today's, the newest; more would only make it the heavier."""

MAX_REPRESENTATIVES = 2000
"""Articles of all known stories among today's."""

MAX_ALL_PAIRS_ARTICLES = 3000
"""Articles up to which all are compared with all."""

OPENING_CHARS, RARE_WORD_ARTICLES, MIN_SHARED_RARE_WORDS = 600, 60, 3
"""Code points of an opening, articles that use a rare word, and such words that tie two."""

NEW_WEIGHT_SHARE, SAME_STORY_WEIGHT_SHARE = 0.25, 0.1
"""Share of a sentence's weight that no earlier edition may contain, and share that ties what is new
to the story. Calibrated on the fourteen labelled days of tests/digests/archive.py, as a set with
PUBLISHED_SENTENCE_DICE."""


@dataclass(frozen=True)
class StoryThread:
    """A story with what of it is before this edition. ``fresh``: ids of the articles that no
    edition has taken into account; ``known`` is None for a story never met before."""

    id: str
    articles: tuple[Article, ...]
    fresh: frozenset[str]
    known: StoryRecord | None = None

    @property
    def is_known(self) -> bool:
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


def representative_articles(memory: StoryHistory) -> list[str]:
    """Ids of the articles that stand for known stories: what is still to be told, then the newest
    of each, those of stories that were told first."""
    stories = sorted(memory.stories.values(), key=lambda s: (not s.told, -s.last.toordinal(), s.id))
    pending = [name for story in stories for name in story.pending]
    newest = [name for story in stories for name in story.articles[-REPRESENTATIVES_PER_STORY:]]
    return list(dict.fromkeys([*pending, *newest]))[:MAX_REPRESENTATIVES]


def follow_stories(
    today: Sequence[Article], earlier: Sequence[Article], memory: StoryHistory
) -> list[StoryThread]:
    """The stories of today, the most widely told first; those without a fresh article are over."""
    pending = {article for story in memory.stories.values() for article in story.pending}
    fresh = {article.id for article in today} | pending
    threads = [
        StoryThread(
            found.id,
            found.articles,
            frozenset(article.id for article in found.articles if article.id in fresh),
            memory.stories.get(found.id),
        )
        for found in _group_with_known(_unique_articles([*earlier, *today]), memory)
    ]
    going_on = [thread for thread in threads if _continues_today(thread, today)]
    return sorted(going_on, key=lambda thread: (-thread.width, -len(thread.fresh), thread.id))


def _group_with_known(articles: Sequence[Article], memory: StoryHistory) -> Iterator[Story]:
    """As `group_into_stories`, with known stories; of very many articles, only those whose openings
    share rare words are compared, which costs a fraction of the time and of the memory."""
    owner = {name: story.id for story in memory.stories.values() for name in story.articles}
    for part in (
        _split_by_rare_words(articles, owner)
        if len(articles) > MAX_ALL_PAIRS_ARTICLES
        else [articles]
    ):
        held: dict[str, list[Article]] = defaultdict(list)
        for article in part:
            if article.id in owner:
                held[owner[article.id]].append(article)
        known = [Story(name, tuple(members), None) for name, members in sorted(held.items())]
        yield from group_into_stories(
            [article for article in part if article.id not in owner], known
        )


def _split_by_rare_words(
    articles: Sequence[Article], owner: Mapping[str, str]
) -> Iterator[list[Article]]:
    """Parts that share fewer than MIN_SHARED_RARE_WORDS; a known story is in one."""
    openings = [
        frozenset(
            content_stems(f"{article.title or ''} {article.text[:OPENING_CHARS]}", article.language)
        )
        for article in articles
    ]
    users: dict[str, list[int]] = defaultdict(list)
    for at, stems in enumerate(openings):
        for stem in stems:
            users[stem].append(at)
    groups = UnionFind(len(articles))
    for at, stems in enumerate(openings):
        shared = Counter(
            other
            for stem in stems
            if len(users[stem]) <= RARE_WORD_ARTICLES
            for other in users[stem]
        )
        for other, ties in shared.items():
            if other < at and ties >= MIN_SHARED_RARE_WORDS:
                groups.union(at, other)
    first: dict[str, int] = {}
    for at, article in enumerate(articles):
        if article.id in owner:
            groups.union(at, first.setdefault(owner[article.id], at))
    for members in groups.groups():
        yield [articles[at] for at in members]


def _unique_articles(articles: Iterable[Article]) -> list[Article]:
    return list({article.id: article for article in articles}.values())


def _continues_today(thread: StoryThread, today: Sequence[Article]) -> bool:
    """Whether anything was reported of it today; what was left out yesterday alone is over."""
    return not thread.fresh.isdisjoint({article.id for article in today})


@dataclass(frozen=True)
class _KnownSentence:
    """One sentence that is known."""

    stems: frozenset[str]
    text: str

    @cached_property
    def quantities(self) -> Sequence[Quantity]:
        return list(find_quantities(self.text))


class KnownSentences:
    """What readers, and the sources of what they were told, have said already."""

    def __init__(self, facts: Sequence[StoryFact]) -> None:
        self._of: dict[str, list[StoryFact]] = {}
        for fact in facts:
            self._of.setdefault(fact.story, []).append(fact)
        self._told = _known_sentences(fact for fact in facts if fact.told)
        self._said: dict[str, list[_KnownSentence]] = {}

    def has_statement(self, statement: Statement) -> bool:
        """Whether any edition has told it, in whichever story."""
        return any(_says_the_same(statement.text, statement.stems, said) for said in self._told)

    def has_sentence(self, text: str, language: str) -> bool:
        """As `told`, of a sentence in any words."""
        stems = frozenset(content_stems(text, language))
        return any(_says_the_same(text, stems, said) for said in self._told)

    def of_story(self, story: str) -> "Sequence[_KnownSentence]":
        """All that was told or read of a story."""
        if story not in self._said:
            self._said[story] = _known_sentences(self._of.get(story, ()))
        return self._said[story]


def _known_sentences(facts: Iterable[StoryFact]) -> list[_KnownSentence]:
    unique = {fact.text: fact for fact in facts}
    return [
        _KnownSentence(frozenset(content_stems(fact.text, fact.language)), fact.text)
        for fact in unique.values()
    ]


def _says_the_same(text: str, stems: frozenset[str], said: _KnownSentence) -> bool:
    """Nearly the same words, no name that is not there, and every figure has its equal: two
    earthquakes are told in one and the same words."""
    if text == said.text:
        return True
    return (
        dice(stems, said.stems) >= PUBLISHED_SENTENCE_DICE
        and all(word in said.text for name in find_names(text) for word in name.words)
        and all(
            any(quantity_matches(one, other) for other in said.quantities)
            for one in find_quantities(text)
        )
    )


def select_new(
    threads: Sequence[StoryThread], corpus: Corpus, known: KnownSentences
) -> tuple[list[tuple[StoryThread, TracedStory]], Corpus, list[StoryThread]]:
    """The threads that tell something new, with their origins; the corpus in which they say nothing
    else; and the threads in which nothing is new."""
    said: dict[str, Sequence[Statement]] = dict(corpus.statements)
    telling: list[tuple[StoryThread, TracedStory]] = []
    unchanged = []
    for thread in threads:
        left = _new_statements(thread, corpus, known)
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
        telling.append(
            (
                thread,
                TracedStory(story, trace_origins(articles, corpus.boilerplate, corpus.statements)),
            )
        )
    return telling, replace(corpus, statements=said), unchanged


def _new_statements(
    thread: StoryThread, corpus: Corpus, known: KnownSentences
) -> Mapping[str, Sequence[Statement]]:
    """By article, what of it may be told; nothing at all if nothing of it is news."""
    if not thread.is_known:
        return {
            article.id: [
                item for item in corpus.statements[article.id] if not known.has_statement(item)
            ]
            for article in thread.articles
            if article.id in corpus.statements
        }
    said = known.of_story(thread.id)
    vocabulary = frozenset(stem for each in said for stem in each.stems)
    figures = [quantity for each in said for quantity in each.quantities]
    left = {
        name: [
            item
            for item in corpus.statements[name]
            if not known.has_statement(item)
            and not any(_says_the_same(item.text, item.stems, other) for other in said)
            and _adds_information(item, vocabulary, figures)
        ]
        for name in sorted(thread.fresh)
        if name in corpus.statements
    }
    news = any(_is_news(item, vocabulary) for items in left.values() for item in items)
    return left if news else {}


def _adds_information(
    statement: Statement, vocabulary: frozenset[str], figures: Sequence[Quantity]
) -> bool:
    """Whether a good part of it, or a figure in it, has never been said of the story."""
    if 1 - covered_share(stem_shares(statement.stems), vocabulary) >= NEW_WEIGHT_SHARE:
        return True
    return any(
        not any(quantity_matches(one, other) for other in figures)
        for one in find_quantities(statement.text)
    )


def _is_news(statement: Statement, vocabulary: frozenset[str]) -> bool:
    """A sentence that stands alone, and belongs to the story and not to the page around it."""
    tied = covered_share(stem_shares(statement.stems), vocabulary) >= SAME_STORY_WEIGHT_SHARE
    return tied and is_standalone(statement.text)


def without_repeats(
    briefing: Briefing, known: KnownSentences, updates: Collection[str]
) -> Briefing:
    """The briefing whose ``updates`` (ids of stories) say nothing that an edition has told."""
    dropped: list[Sentence] = []
    stories = tuple(
        _story_without_repeats(story, briefing.language, known, dropped)
        if story.id in updates
        else story
        for story in briefing.stories
    )
    if not dropped:
        return briefing
    findings = [
        Finding(
            kind="duplicate",
            action="dropped",
            text=sentence.text,
            detail="an earlier edition has told it",
        )
        for sentence in dropped
    ]
    kept = [sentence for story in stories for sentence in story.all_sentences()]
    cited = {citation.chunk for sentence in kept for citation in sentence.citations}
    changed = briefing.model_copy(
        update={
            "stories": stories,
            "chunks": tuple(chunk for chunk in briefing.chunks if chunk.id in cited),
            "findings": (*briefing.findings, *findings),
            "report": briefing.report.model_copy(
                update={
                    "sentences": len(kept),
                    "supported": sum(sentence.verdict == "supported" for sentence in kept),
                    "sources_cited": len({c.source for s in kept for c in s.citations}),
                }
            ),
        }
    )
    return changed.model_copy(update={"id": changed.identity()})


def _story_without_repeats(
    story: BriefingStory, language: str, known: KnownSentences, dropped: list[Sentence]
) -> BriefingStory:
    """The story without its repeats; its headline, which names the story, stays."""
    kept: list[Sentence] = []
    for sentence in story.sentences:
        (dropped if known.has_sentence(sentence.text, language) else kept).append(sentence)
    return story.model_copy(update={"sentences": tuple(kept)})
