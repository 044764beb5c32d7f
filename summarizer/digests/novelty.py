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

from summarizer.briefing import Briefing, Finding, Sentence
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

REPRESENTATIVES_PER_STORY = 4
"""Newest articles of a known story that are grouped with today's; more only cost time."""

MAX_REPRESENTATIVES = 2000
"""Articles of all known stories that are grouped with today's."""

MAX_ALL_PAIRS_ARTICLES = 3000
"""Articles up to which each is compared with every other one."""

OPENING_CHARS, RARE_WORD_ARTICLES, MIN_SHARED_RARE_WORDS = 600, 60, 3
"""Code points of an opening, the most articles that use a rare word, and the fewest such words
that two articles of one story share."""

NEW_WEIGHT_SHARE, SAME_STORY_WEIGHT_SHARE = 0.25, 0.1
"""Share of a sentence's weight that no earlier edition may contain, and share that ties what is new
to the story. Calibrated on the fourteen labelled days of tests/digests/archive.py, as a set with
PUBLISHED_SENTENCE_DICE."""


@dataclass(frozen=True)
class StoryThread:
    """A story and its articles, earlier ones included. ``fresh``: ids of the articles that no
    edition has used; ``known`` is None for a new story."""

    id: str
    articles: tuple[Article, ...]
    fresh: frozenset[str]
    known: StoryRecord | None = None

    @property
    def is_known(self) -> bool:
        """Whether an earlier edition had it."""
        return bool(self.known and self.known.told)

    @cached_property
    def title(self) -> str:
        """The first title of its articles, else the beginning of the first article."""
        titles = (article.title for article in self.articles)
        first = next(filter(None, titles), None) or self.articles[0].text.strip()
        return " ".join(first.split())[:120]

    @cached_property
    def width(self) -> int:
        """The number of publishers of its fresh articles."""
        fresh = [article for article in self.articles if article.id in self.fresh]
        return len({article.publisher or article.location for article in fresh})


def representative_articles(history: StoryHistory) -> list[str]:
    """Ids of the articles that represent the known stories: the pending ones, then the newest of
    each story, those that an edition had first."""
    stories = sorted(
        history.stories.values(), key=lambda s: (not s.told, -s.last.toordinal(), s.id)
    )
    pending = [name for story in stories for name in story.pending]
    newest = [name for story in stories for name in story.articles[-REPRESENTATIVES_PER_STORY:]]
    return list(dict.fromkeys([*pending, *newest]))[:MAX_REPRESENTATIVES]


def follow_stories(
    today: Sequence[Article], earlier: Sequence[Article], history: StoryHistory
) -> list[StoryThread]:
    """The stories with an article of today, the most widely reported first."""
    new = {article.id for article in today}
    fresh = new | {article for story in history.stories.values() for article in story.pending}
    unique = {article.id: article for article in (*earlier, *today)}
    threads = [
        StoryThread(
            story.id,
            story.articles,
            frozenset(article.id for article in story.articles if article.id in fresh),
            history.stories.get(story.id),
        )
        for story in _group_with_known(list(unique.values()), history)
    ]
    # A story of which only yesterday's pending articles are left has ended.
    current = [thread for thread in threads if not thread.fresh.isdisjoint(new)]
    return sorted(current, key=lambda thread: (-thread.width, -len(thread.fresh), thread.id))


def _group_with_known(articles: Sequence[Article], history: StoryHistory) -> Iterator[Story]:
    """As `group_into_stories`, with known stories. Of very many articles, only those whose openings
    share rare words are compared, which takes a fraction of the time and of the memory."""
    owner = {name: story.id for story in history.stories.values() for name in story.articles}
    is_large = len(articles) > MAX_ALL_PAIRS_ARTICLES
    for part in _split_by_rare_words(articles, owner) if is_large else [articles]:
        members: dict[str, list[Article]] = defaultdict(list)
        for article in part:
            if article.id in owner:
                members[owner[article.id]].append(article)
        known = [Story(name, tuple(own), None) for name, own in sorted(members.items())]
        yield from group_into_stories(
            [article for article in part if article.id not in owner], known
        )


def _split_by_rare_words(
    articles: Sequence[Article], owner: Mapping[str, str]
) -> Iterator[list[Article]]:
    """Parts whose openings share fewer than MIN_SHARED_RARE_WORDS; the articles of one known story
    stay in one part."""
    openings = [
        frozenset(
            content_stems(f"{article.title or ''} {article.text[:OPENING_CHARS]}", article.language)
        )
        for article in articles
    ]
    users: dict[str, list[int]] = defaultdict(list)
    for index, stems in enumerate(openings):
        for stem in stems:
            users[stem].append(index)
    groups = UnionFind(len(articles))
    for index, stems in enumerate(openings):
        shared = Counter(
            other
            for stem in stems
            if len(users[stem]) <= RARE_WORD_ARTICLES
            for other in users[stem]
        )
        for other, words in shared.items():
            if other < index and words >= MIN_SHARED_RARE_WORDS:
                groups.union(index, other)
    first: dict[str, int] = {}
    for index, article in enumerate(articles):
        if article.id in owner:
            groups.union(index, first.setdefault(owner[article.id], index))
    for members in groups.groups():
        yield [articles[index] for index in members]


@dataclass(frozen=True)
class _KnownSentence:
    stems: frozenset[str]
    text: str

    @cached_property
    def quantities(self) -> Sequence[Quantity]:
        return list(find_quantities(self.text))


class KnownSentences:
    """The sentences of earlier editions, and of the articles behind them."""

    def __init__(self, facts: Sequence[StoryFact]) -> None:
        self._facts: dict[str, list[StoryFact]] = defaultdict(list)
        for fact in facts:
            self._facts[fact.story].append(fact)
        self._written = _known_sentences(fact for fact in facts if fact.told)
        self._of_story: dict[str, list[_KnownSentence]] = {}

    def has_statement(self, statement: Statement) -> bool:
        """Whether any edition had it, in whichever story."""
        return any(_says_the_same(statement.text, statement.stems, one) for one in self._written)

    def has_sentence(self, text: str, language: str) -> bool:
        """As `has_statement`, for a sentence in any words."""
        stems = frozenset(content_stems(text, language))
        return any(_says_the_same(text, stems, one) for one in self._written)

    def of_story(self, story: str) -> "Sequence[_KnownSentence]":
        """All sentences of a story, written or read."""
        if story not in self._of_story:
            self._of_story[story] = _known_sentences(self._facts.get(story, ()))
        return self._of_story[story]


def _known_sentences(facts: Iterable[StoryFact]) -> list[_KnownSentence]:
    unique = {fact.text: fact for fact in facts}
    return [
        _KnownSentence(frozenset(content_stems(fact.text, fact.language)), fact.text)
        for fact in unique.values()
    ]


def _says_the_same(text: str, stems: frozenset[str], known: _KnownSentence) -> bool:
    """Whether a sentence has nearly the known one's words, no name that it lacks, and no figure
    without an equal in it: reports of two earthquakes differ in little else."""
    if text == known.text:
        return True
    return (
        dice(stems, known.stems) >= PUBLISHED_SENTENCE_DICE
        and all(word in known.text for name in find_names(text) for word in name.words)
        and all(
            any(quantity_matches(one, other) for other in known.quantities)
            for one in find_quantities(text)
        )
    )


def select_new(
    threads: Sequence[StoryThread], corpus: Corpus, known: KnownSentences
) -> tuple[list[tuple[StoryThread, TracedStory]], Corpus, list[StoryThread]]:
    """The threads with something new, with their origins; the corpus reduced to what is new in
    them; and the threads in which nothing is new."""
    statements: dict[str, Sequence[Statement]] = dict(corpus.statements)
    selected: list[tuple[StoryThread, TracedStory]] = []
    unchanged = []
    for thread in threads:
        new = _new_statements(thread, corpus, known)
        articles = tuple(
            corpus.articles[article.id]
            for article in thread.articles
            if article.id in corpus.articles and new.get(article.id)
        )
        if not articles:
            unchanged.append(thread)
            continue
        statements |= new
        story = Story(thread.id, articles, newest_date(articles))
        origins = trace_origins(articles, corpus.boilerplate, corpus.statements)
        selected.append((thread, TracedStory(story, origins)))
    return selected, replace(corpus, statements=statements), unchanged


def _new_statements(
    thread: StoryThread, corpus: Corpus, known: KnownSentences
) -> Mapping[str, Sequence[Statement]]:
    """By article, what may be written; empty if nothing of it is news."""
    if not thread.is_known:
        return {
            article.id: [
                item for item in corpus.statements[article.id] if not known.has_statement(item)
            ]
            for article in thread.articles
            if article.id in corpus.statements
        }
    sentences = known.of_story(thread.id)
    vocabulary = frozenset(stem for each in sentences for stem in each.stems)
    figures = [quantity for each in sentences for quantity in each.quantities]

    def is_new(statement: Statement) -> bool:
        if known.has_statement(statement) or any(
            _says_the_same(statement.text, statement.stems, each) for each in sentences
        ):
            return False
        # Otherwise the known sentences together may say it: words from one, figures from another.
        known_share = covered_share(stem_shares(statement.stems), vocabulary)
        return 1 - known_share >= NEW_WEIGHT_SHARE or any(
            not any(quantity_matches(one, other) for other in figures)
            for one in find_quantities(statement.text, statement.language)
        )

    def is_news(statement: Statement) -> bool:
        # It belongs to the story, and not to the page around it, and can be read alone.
        story_share = covered_share(stem_shares(statement.stems), vocabulary)
        alone = statement.frame is None and is_standalone(statement.text, statement.language)
        return story_share >= SAME_STORY_WEIGHT_SHARE and alone

    new = {
        name: [item for item in corpus.statements[name] if is_new(item)]
        for name in sorted(thread.fresh)
        if name in corpus.statements
    }
    return new if any(is_news(item) for items in new.values() for item in items) else {}


def without_repeats(
    briefing: Briefing, known: KnownSentences, updates: Collection[str]
) -> Briefing:
    """The briefing without the sentences that an earlier edition had, in the stories ``updates``
    (ids); each is a finding. The headline, which names the story, stays."""
    dropped: list[Sentence] = []
    stories = []
    for story in briefing.stories:
        sentences: list[Sentence] = []
        for sentence in story.sentences:
            repeats = story.id in updates and known.has_sentence(sentence.text, briefing.language)
            (dropped if repeats else sentences).append(sentence)
        stories.append(story.model_copy(update={"sentences": tuple(sentences)}))
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
    kept = [*briefing.synopsis, *(each for story in stories for each in story.all_sentences())]
    cited = {citation.chunk for sentence in kept for citation in sentence.citations}
    report = briefing.report.model_copy(
        update={
            "sentences": len(kept),
            "supported": sum(sentence.verdict == "supported" for sentence in kept),
            "sources_cited": len({c.source for s in kept for c in s.citations}),
        }
    )
    changed = briefing.model_copy(
        update={
            "stories": tuple(stories),
            "chunks": tuple(chunk for chunk in briefing.chunks if chunk.id in cited),
            "findings": (*briefing.findings, *findings),
            "report": report,
        }
    )
    return changed.model_copy(update={"id": changed.identity()})
