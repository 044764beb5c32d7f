"""The body of a story without a focus: the lead of an article, then what adds most to it.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009), chosen by
cost-scaled gain (Lin and Bilmes, "A class of submodular functions for document summarization",
2011): a sentence is worth the stems and stem pairs that are new, whichever article has it. Each is
weighted by its rarity, by the independent origins that use it, and by how early the first of them
does, since news tells the most important thing first. Sentences are chosen greedily until the words
are used up or no sentence is worth telling.

What an article says depends on what it said before. A sentence that leans on the one before it, or
takes something as known that the reader has not read, is only told directly behind that sentence.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from summarizer.checking.citations import covered_share, stem_shares
from summarizer.retrieval.answers import cluster_facts
from summarizer.retrieval.similarity import dice
from summarizer.text.dates import find_dates
from summarizer.text.languages import count_words
from summarizer.text.names import find_names
from summarizer.text.numbers import find_quantities
from summarizer.text.tokens import build_idf, content_stems
from summarizer.writing.candidates import (
    Candidate,
    Concept,
    ReaderKnowledge,
    StoryEvidence,
    stem_weights,
)
from summarizer.writing.ordering import order_candidates
from summarizer.writing.relative_dates import is_relative_day
from summarizer.writing.standalone import (
    count_unmet_antecedents,
    headline_span,
)

if TYPE_CHECKING:
    from summarizer.retrieval.origins import SentenceLocation

FADE_SENTENCES = 3
"""Sentences of an article after which what only its origin says counts half."""

NOVELTY_EXPONENT = 4.0
"""Power of how unlike what is told a sentence is, by which its gain counts."""

LENGTH_EXPONENT = 0.7
"""Power of the words of a sentence by which its gain is divided: with 1 the shortest sentences are
told first, which say least."""

OPENING_FACTOR = 0.3
"""What the opening of another article counts: it says again what the lead says."""

MIN_RELATED_SHARE = 0.6
"""Share of these words from which an article reports the same news as the lead, however few others
have as many."""

MIN_RELATIVE_GAIN = 0.5
"""Least gain of the best sentence that still fits, beside that of the best one: the last words are
not filled with what is only short."""

MIN_SHARED_SUPPORT = 0.5
"""Share of what a sentence without a new figure or name says in words that more than one origin
uses. With less, nothing says that it matters, unless it is told directly behind its forerunner."""

MIN_LEAD_LIKENESS = 0.2
"""Share of what the title says that its lead says too."""

LEAD_STATEMENTS = 6
"""Statements of an article among which the lead is looked for."""

UNSPECIFIC_FACTOR = 0.3
"""What a sentence counts that has no name, figure or date which the reader does not know yet."""

IDEAL_HEADLINE_WORDS = 22
"""Words of a headline; a longer one is the worse for it."""


class ConceptSupport(NamedTuple):
    """How much each concept of a story matters, and how many independent origins use it."""

    weights: Mapping[Concept, float]
    origins: Mapping[Concept, int]


def concept_support(whole: Sequence[Candidate], telling: StoryEvidence) -> ConceptSupport:
    """The concepts of the story's `whole_candidates`. The first origin counts by the place of the
    sentence, each further one in full: what several report matters wherever they have it."""
    origins: dict[Concept, set[str]] = defaultdict(set)
    first: dict[Concept, int] = {}
    for item in whole:
        origin = telling.origins.origin_by_source[item.statement.source]
        for concept in item.concepts:
            origins[concept].add(origin)
            first[concept] = min(item.position, first.get(concept, item.position))
    uses = Counter(concept for item in whole for concept in item.concepts)
    idf = build_idf(())
    weights = {}
    for concept, users in origins.items():
        stems = (concept,) if isinstance(concept, str) else concept
        rarity = sum(map(idf, stems)) / len(stems)
        place = 1 / (1 + first[concept] / FADE_SENTENCES)
        weights[concept] = rarity * (len(users) - 1 + place) * math.sqrt(uses[concept])
    return ConceptSupport(weights, {concept: len(users) for concept, users in origins.items()})


def event_fitness(telling: StoryEvidence, support: ConceptSupport) -> Callable[[Candidate], float]:
    """How well the headline that a sentence makes says the event: the weight of its words for its
    length, its likeness to the titles, and its place."""
    titles = {frozenset(content_stems(title, telling.language)) for title in telling.titles}

    def fitness(item: Candidate) -> float:
        shown = item.text[slice(*headline_span(item.text))]
        stems = frozenset(content_stems(shown, telling.language))
        length = count_words(shown)
        likeness = max((dice(title, stems) for title in titles), default=0.0)
        weight = math.fsum(support.weights.get(stem, 0.0) for stem in stems)
        fluent: float = weight / length**LENGTH_EXPONENT * min(1, IDEAL_HEADLINE_WORDS / length)
        return fluent * (1 + 2 * likeness) / (1 + item.position / FADE_SENTENCES) * item.ease

    return fitness


def write_body(
    top: Candidate,
    whole: Sequence[Candidate],
    telling: StoryEvidence,
    support: ConceptSupport,
    words: int,
    known: ReaderKnowledge,
) -> list[Candidate]:
    """The sentences below the headline, which is made of ``top``, in reading order.

    ``whole``: the story's `whole_candidates`. ``support``: their `concept_support`. ``known``: what
    the headline says.
    """
    whole = [item for item in whole if not _counts_from_unknown_day(item, telling)] or whole
    groups = cluster_facts([item.statement for item in whole])
    head_stems = frozenset(known.stems)
    body = _Body(top, telling, support, words, known)
    lead = _choose_lead(top, whole, body, event_fitness(telling, support))
    if lead:
        body.add(lead)
    first = lead or top
    body.fill([item for item in whole if not item.is_title and item != first])
    heads = [item for item in body.chosen if item.location not in body.behind and item != first]
    ordered = [first, *order_candidates(heads, groups, telling, head_stems)]
    chained = [item for head in ordered for item in body.chain(head)]
    return chained if lead else chained[1:]


def _choose_lead(
    top: Candidate,
    able: Sequence[Candidate],
    body: "_Body",
    fitness: Callable[[Candidate], float],
) -> Candidate | None:
    """The sentence below a title that says who, what and when: near the beginning of the title's
    article, else of another one; None if the headline is such a sentence itself."""
    if not top.is_title:
        return None
    wanted = stem_weights(top.statement)

    def likeness(item: Candidate) -> float:
        return covered_share(wanted, item.statement.stems)

    openings = [
        item
        for item in able
        if item.position < LEAD_STATEMENTS
        and not item.is_title
        and item.word_count <= body.left
        and likeness(item) >= MIN_LEAD_LIKENESS
        and item.stands_alone
        and not body.depends(item)
    ]
    own = [item for item in openings if item.statement.source == top.statement.source]
    return max(own or openings, key=lambda item: fitness(item) * likeness(item), default=None)


class _Body:
    """The sentences chosen so far, and what may be told beside them."""

    def __init__(
        self,
        top: Candidate,
        telling: StoryEvidence,
        support: ConceptSupport,
        words: int,
        known: ReaderKnowledge,
    ) -> None:
        self.left = words
        self.chosen: list[Candidate] = []
        self.behind: dict[SentenceLocation, Candidate] = {}
        """The location of a sentence that is told directly behind another one, and that one."""
        self._telling, self._support, self._known = telling, support, known
        self._last = {} if top.is_title else {_place(top): top}
        """The sentences that another one can still be told behind, by article and position."""
        self._main_article = top.statement.source
        self._days = _relative_days(top)

    def add(self, item: Candidate) -> None:
        """One sentence more."""
        if self.depends(item):
            self.behind[item.location] = self._last.pop(_place_before(item))
        if item.statement.source == self._main_article:
            self._days |= _relative_days(item)
        self._last[_place(item)] = item
        self.chosen.append(item)
        self._known.add(item)
        self.left -= item.word_count

    def fill(self, able: Sequence[Candidate]) -> None:
        """Adds what is worth most, as long as anything is worth telling."""
        relevance = self._article_relevance()
        pool = list(able)
        while pool := [item for item in pool if self._is_new(item)]:
            scored = [
                (self._gain(item, relevance), item) for item in pool if self._is_understood(item)
            ]
            scored.sort(key=lambda pair: -pair[0])
            best = next((pair for pair in scored if pair[1].word_count <= self.left), None)
            if best is None or best[0] < MIN_RELATIVE_GAIN * scored[0][0]:
                return
            self.add(best[1])
            pool.remove(best[1])

    def chain(self, head: Candidate) -> Iterator[Candidate]:
        """The sentence, and those that are told directly behind it."""
        yield head
        for item in self.chosen:
            if self.behind.get(item.location) == head:
                yield from self.chain(item)

    def depends(self, item: Candidate) -> bool:
        """Whether it is not understood without the sentence before it in its article."""
        return item.leans or count_unmet_antecedents(item.antecedents, self._known.stems) > 0

    def _gain(self, item: Candidate, relevance: Mapping[str, float]) -> float:
        """What it adds to what is chosen, for its length."""
        weights = self._support.weights
        # fsum is exact, whatever the order of the set
        new = math.fsum(weights[concept] for concept in item.concepts - self._known.concepts)
        fresh: float = self._known.novelty(item) ** NOVELTY_EXPONENT
        opening = OPENING_FACTOR if item.is_opening else 1
        specific = 1 if _is_specific(item, self._known.stems) else UNSPECIFIC_FACTOR
        near = math.sqrt(relevance[item.statement.source])
        length: float = item.word_count**LENGTH_EXPONENT
        return new * fresh * opening * specific * item.ease * near / length

    def _article_relevance(self) -> Mapping[str, float]:
        """How much each article has of what sets the article of headline and lead apart from the
        others, 0..1: a story may hold articles about what came before the news, or after it."""
        said = {
            source: frozenset[str]().union(*(item.stems for item in items))
            for source, items in self._telling.statements.items()
        }
        df = Counter(stem for stems in said.values() for stem in stems)
        core = {
            stem: weight * math.log((len(said) + 1) / df[stem])
            for stem, weight in stem_shares(sorted(self._known.stems)).items()
            if df[stem] > 1  # a word of this article alone tells the others not apart
        }
        shares = {source: covered_share(core, stems) for source, stems in said.items()}
        most = MIN_RELATED_SHARE * shares.pop(self._main_article)
        most = max([most, *shares.values()]) or 1.0
        return {self._main_article: 1.0} | {each: share / most for each, share in shares.items()}

    def _is_new(self, item: Candidate) -> bool:
        """Whether somebody or something says that it matters, and no sentence says it yet."""
        if not _is_specific(item, self._known.stems) and _place_before(item) not in self._last:
            weights = stem_weights(item.statement)
            shared = (weights[stem] for stem in weights if self._support.origins.get(stem, 0) > 1)
            if math.fsum(shared) < MIN_SHARED_SUPPORT:
                return False
        return not self._known.covers(item)

    def _is_understood(self, item: Candidate) -> bool:
        """Whether a reader knows whom, what and which day it means."""
        source = item.statement.source
        dated = source == self._main_article or source in self._telling.exact_dates
        if not dated and not _relative_days(item) <= self._days:
            return False
        return not self.depends(item) or _place_before(item) in self._last


def _place(item: Candidate) -> tuple[str, int]:
    return item.statement.source, item.position


def _place_before(item: Candidate) -> tuple[str, int]:
    return item.statement.source, item.position - 1


def _counts_from_unknown_day(item: Candidate, telling: StoryEvidence) -> bool:
    """Whether it says "yesterday" or "today" of a day that no reader can know."""
    if item.statement.source in telling.exact_dates:
        return False
    mentions = item.statement.annotations.get(find_dates, item.text)
    return any(is_relative_day(mention) and mention.weekday is None for mention in mentions)


def _relative_days(item: Candidate) -> set[str]:
    """What it says of time that only the day of publication tells: weekdays, "last year". A month
    seldom misleads, since the articles of one event are rarely a month apart."""
    mentions = item.statement.annotations.get(find_dates, item.text)
    return {
        mention.text.casefold()
        for mention in mentions
        if is_relative_day(mention)
        or (
            mention.relative
            and not mention.relative.from_context
            and mention.relative.unit != "month"
        )
    }


def _is_specific(item: Candidate, known: Set[str]) -> bool:
    """Whether it has a figure, a date or a name that the reader does not know yet."""
    key = (_figures_and_names, *item.location)
    figures, names = item.statement.annotations.once(key, lambda: _figures_and_names(item))
    return figures or any(not stems <= known for stems in names)


def _figures_and_names(item: Candidate) -> tuple[bool, list[frozenset[str]]]:
    """Whether it has a figure or a date, and the stems of its names."""
    notes, language = item.statement.annotations, item.statement.language
    dates = notes.get(find_dates, item.text)
    quantities = notes.get(find_quantities, item.text, language)
    names = notes.get(find_names, item.text)
    return bool(dates or quantities), [
        frozenset(content_stems(name.text, language)) for name in names
    ]
