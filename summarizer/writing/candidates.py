"""The sentences that may be used, the evidence of one story, and what its reader already knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from summarizer.checking.citations import covered_share, stem_shares
from summarizer.retrieval.answers import FactCluster
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.origins import SentenceLocation, StoryOrigins
from summarizer.retrieval.similarity import REPEATED_SENTENCE_DICE, dice
from summarizer.text.dates import find_dates
from summarizer.text.languages import count_words
from summarizer.text.sentences import final_mark
from summarizer.text.spans import Span
from summarizer.text.tokens import bigrams, content_stems
from summarizer.writing.relative_dates import misread_mentions
from summarizer.writing.standalone import (
    MAX_TITLE_WORDS,
    adds_to_previous,
    can_be_headline,
    count_unmet_antecedents,
    is_whole,
    leans_on_previous,
    needed_antecedents,
    sentence_span,
    standalone_score,
)

OPENING_STATEMENTS = 3
"""Statements of an article among which its headline is looked for."""


MIN_TITLE_COVERAGE = 0.6
"""Share of what a title line says that the article below it says too."""

MISREAD_DATE_FACTOR = 0.5
"""What a sentence counts whose "yesterday" or "Monday" is not the one of the story's date."""

Concept = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be told: ``span`` of the words in its article, and what it tells."""

    statement: Statement
    span: Span
    text: str
    position: int
    word_count: int
    concepts: frozenset[Concept]
    before: Sequence[Statement] = field(default=(), compare=False, repr=False)
    """What its article says before it."""
    misread: bool = False
    """Whether a relative day in it means another one under the date of the story."""
    is_title: bool = False
    """Whether it is the first line of its article, and as short as a title."""

    is_opening: bool = False
    """Whether it is the first sentence of its article below the title."""

    @property
    def stands_alone(self) -> bool:
        """Whether nothing in its wording points to the sentence before it."""
        item = self.statement
        return not item.annotations.get(leans_on_previous, self.text, item.language)

    @property
    def leans(self) -> bool:
        """Whether it can only be told behind the sentence that it follows in its article."""
        reads = self.statement.annotations.get
        return reads(leans_on_previous, self.text, self.statement.language) or reads(
            adds_to_previous, self.text
        )

    @property
    def antecedents(self) -> tuple[frozenset[str], ...]:
        """What it takes as known, see `needed_antecedents`."""
        item = self.statement
        return item.annotations.once(
            (needed_antecedents, item.source, item.span),
            lambda: needed_antecedents(item, self.before, item.language),
        )

    @property
    def ease(self) -> float:
        """How easily it is read out of its place, and its days as its article means them, 0..1."""
        score = self.statement.annotations.get(standalone_score, self.text)
        return score * (MISREAD_DATE_FACTOR if self.misread else 1.0)

    @property
    def key(self) -> str:
        """Its citation key."""
        return self.statement.chunk.id

    @property
    def location(self) -> SentenceLocation:
        """Where its article says it."""
        return self.statement.source, self.statement.span


@dataclass(frozen=True, slots=True)
class StoryEvidence:
    """What one story is told from. With a focus, ``relevance`` is chunk id -> 0..1, and
    ``fact_clusters`` are what answers it, in this story or not, the best first; ``question_stems``
    are the telling stems of the question. All are empty without."""

    statements: Mapping[str, Sequence[Statement]]
    origins: StoryOrigins
    language: str
    titles: tuple[str, ...] = ()
    relevance: Mapping[str, float] = field(default_factory=dict)
    fact_clusters: Sequence[FactCluster] = ()
    question_stems: frozenset[str] = frozenset()
    exact_dates: Mapping[str, date] = field(default_factory=dict)
    """Days of writing that are known exactly, by source."""
    published: Mapping[str, date | datetime] = field(default_factory=dict)
    """The same with the time of day where that is known."""
    foreign: frozenset[str] = frozenset()
    """Sources in another language: they stand behind what is told, but are not told."""

    @property
    def day(self) -> date | None:
        """The date of the story."""
        return max(self.exact_dates.values(), default=None)

    def native_statements(self) -> list[Sequence[Statement]]:
        """What may be told, source by source."""
        return [said for source, said in self.statements.items() if source not in self.foreign]


def whole_candidates(telling: StoryEvidence) -> list[Candidate]:
    """The whole sentences that nothing frames, in order of article and place."""
    every = (
        _make_candidate(said, place, telling)
        for said in telling.native_statements()
        for place in range(len(said))
    )
    return [
        item
        for item in every
        if item.statement.frame is None
        and item.statement.annotations.get(is_whole, item.text, telling.language)
    ]


def standalone_candidates(telling: StoryEvidence) -> list[Candidate]:
    """Those of `whole_candidates` that stand alone."""
    return [item for item in whole_candidates(telling) if item.stands_alone]


def opening_candidates(telling: StoryEvidence) -> list[Candidate]:
    """The first statements of each article that can be a headline. A title is one only if its
    article carries it out."""
    every = (
        _make_candidate(said, place, telling)
        for said in telling.native_statements()
        for place in range(min(OPENING_STATEMENTS, len(said)))
    )
    return [
        item
        for item in every
        if item.statement.frame is None
        and can_be_headline(item.text, telling.language)
        and (not item.is_title or _is_carried_out(item, telling))
    ]


def _make_candidate(said: Sequence[Statement], place: int, telling: StoryEvidence) -> Candidate:
    statement, language = said[place], telling.language
    span = sentence_span(statement.text)
    text = statement.text[span.start : span.end]
    stems = statement.annotations.get(content_stems, text, language)
    where = Span(statement.span.start + span.start, statement.span.end)
    concepts = frozenset(stems) | bigrams(stems)
    words = statement.annotations.get(count_words, text)
    published = telling.exact_dates.get(statement.source)
    misread = False
    if telling.day and published != telling.day:
        mentions = statement.annotations.get(find_dates, text)
        misread = any(misread_mentions(mentions, published, telling.day))
    has_title = statement.annotations.once(
        (_has_title_line, statement.source), lambda: _has_title_line(said, telling)
    )
    return Candidate(
        statement,
        where,
        text,
        place,
        words,
        concepts,
        said[:place],
        misread,
        is_title=has_title and place == 0,
        is_opening=place == has_title,
    )


def _has_title_line(said: Sequence[Statement], telling: StoryEvidence) -> bool:
    """Whether the first statement is a line of its own, as short as a title. Where titles are known
    a whole sentence is none, unless it is one of them."""
    first, rest = said[0], said[1:2]
    if not rest or first.span.start != 0 or count_words(first.text) > MAX_TITLE_WORDS:
        return False
    titles = (frozenset(content_stems(title, telling.language)) for title in telling.titles)
    if telling.titles and final_mark(first.text) and first.stems not in titles:
        return False
    end = first.span.end - first.chunk.start
    between = first.chunk.text[end : rest[0].span.start - first.chunk.start]
    return rest[0].chunk.id != first.chunk.id or "\n" in between


def _is_carried_out(title: Candidate, telling: StoryEvidence) -> bool:
    """Whether its article says what the title says."""
    rest = telling.statements[title.statement.source][1:]
    said = frozenset[str]().union(*(item.stems for item in rest))
    return covered_share(stem_weights(title.statement), said) >= MIN_TITLE_COVERAGE


REPEATED_SHARE, MIN_NEW_SHARE = 0.46, 0.4
"""Share of a sentence's weight that one chosen sentence contains, from which it repeats that one;
and the share that must be new to all of them. Measured, with REPEATED_SENTENCE_DICE, by
``benchmarks.quality``: readability (similarity of the sentences) and selection."""


UNMET_ANTECEDENT_FACTOR = 0.4
"""What a sentence counts that takes as known what the reader was not told."""


class ReaderKnowledge:
    """What was told, headline first. ``rivals``: sentence -> those that are not told beside it."""

    def __init__(self, text: str, language: str, rivals: Mapping[str, frozenset[str]]) -> None:
        stems = content_stems(text, language)
        self.concepts: set[Concept] = {*stems, *bigrams(stems)}
        self.stems = set(stems)
        self.sentences = [frozenset(stems)]
        self._rivals = rivals
        self._barred: set[str] = set()

    def add(self, candidate: Candidate) -> None:
        """One sentence more."""
        self.concepts |= candidate.concepts
        self.stems |= candidate.statement.stems
        self.sentences.append(candidate.statement.stems)
        self.exclude_rivals(candidate)

    def exclude_rivals(self, candidate: Candidate) -> None:
        """What contradicts it is not told as well."""
        self._barred |= self._rivals.get(candidate.statement.text, frozenset())

    def antecedent_factor(self, candidate: Candidate) -> float:
        """How well the reader knows what it takes as known, 0..1."""
        return (
            UNMET_ANTECEDENT_FACTOR
            if count_unmet_antecedents(candidate.antecedents, self.stems)
            else 1.0
        )

    def novelty(self, candidate: Candidate) -> float:
        """How unlike it is to what is told, 0..1; the headline, which a sentence may tell in full,
        counts by half."""
        stems = candidate.statement.stems
        head, *others = (dice(told, stems) for told in self.sentences)
        return 1 - max(head / 2, *others) if others else 1 - head / 2

    def repeats(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or what it cannot be right beside."""
        if candidate.statement.text in self._barred:
            return True
        stems = candidate.statement.stems
        wanted = stem_weights(candidate.statement)
        return any(
            dice(t, stems) >= REPEATED_SENTENCE_DICE or covered_share(wanted, t) >= REPEATED_SHARE
            for t in self.sentences
        )

    def covers(self, candidate: Candidate) -> bool:
        """Whether one sentence says it already, or all together nearly all of it."""
        wanted = stem_weights(candidate.statement)
        return covered_share(wanted, self.stems) > 1 - MIN_NEW_SHARE or self.repeats(candidate)


def stem_weights(statement: Statement) -> Mapping[str, float]:
    """Share of what a sentence says in each of its stems."""
    # One order, so that sums never differ in their last digit.
    key = (stem_weights, statement.stems)
    return statement.annotations.once(key, lambda: stem_shares(sorted(statement.stems)))
