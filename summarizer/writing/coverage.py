"""The body of a story without a focus: the lead of an article, then what adds most to it.

Concept coverage (Gillick and Favre, "A scalable global model for summarization", 2009): a sentence
is worth the stems and stem pairs that are new, each weighted by its rarity and by the number of
independent origins that use it. News tells the most important thing first, so a sentence counts
less the later its article has it. Sentences are chosen greedily, per word, until the words are used
up or nothing more is worth telling.

What an article says depends on what it said before. A sentence that leans on the one before it, or
takes something as known that the reader has not read, is only told directly behind that sentence.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import TYPE_CHECKING

from summarizer.checking.citations import covered_share, stem_shares
from summarizer.retrieval.answers import FactCluster, cluster_facts
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
    next_candidate,
    stem_weights,
)
from summarizer.writing.ordering import order_candidates
from summarizer.writing.relative_dates import is_relative_day
from summarizer.writing.standalone import (
    count_unmet_antecedents,
    headline_span,
    standalone_score,
)

if TYPE_CHECKING:
    from summarizer.retrieval.origins import SentenceLocation

MAX_FADE_SENTENCES = 3
"""Sentences of an article after which a sentence counts half of the first one; of a story with
fewer origins, as many as there are: what nobody else reports has only its place to speak for it."""

LONE_ORIGIN_DISCOUNT = 0.5
"""What is taken off the origins that use a concept: one alone may be wrong, or beside the point."""

NOVELTY_EXPONENT = 2.0
"""Power of how unlike what is told a sentence is, by which its gain counts."""

OPENING_FACTOR = 0.15
"""What the opening of another article counts: it says again what the lead says."""

MIN_RELATED_SHARE = 0.6
"""Share of these words from which an article reports the same news as the lead, however few others
have as many."""

OTHER_ARTICLE_FACTOR = 0.8
"""What a sentence of another article than that of the lead counts: it is written for readers of
that article."""

MIN_RELATIVE_GAIN = 0.12
"""Least gain per word, beside that of the best sentence below the lead, of one that is told."""

MIN_SHARED_SUPPORT = 0.5
"""Share of what a sentence says in words that more than one origin uses. With less, only its place
says that it matters: near the top of an article and with a figure or name, or directly behind a
sentence that is told. The article of a title has its lead, wherever that is."""

MAX_TOP_POSITION = 3
"""Last place of a sentence near the top of its article."""

MIN_LEAD_LIKENESS = 0.2
"""Share of what the title says that its lead says too."""

LEAD_STATEMENTS = 6
"""Statements of an article among which the lead is looked for."""

UNSPECIFIC_FACTOR = 0.3
"""What a sentence counts that has no name, figure or date which the reader does not know yet."""

IDEAL_HEADLINE_WORDS = 22
"""Words of a headline; a longer one is the worse for it."""

ConceptWeights = Callable[[Concept], float]


def concept_users(telling: StoryEvidence, able: Sequence[Candidate]) -> Mapping[Concept, Set[str]]:
    """Concept -> the origins that use it."""
    users: dict[Concept, set[str]] = defaultdict(set)
    for candidate in able:
        origin = telling.origins.origin_by_source[candidate.statement.source]
        for concept in candidate.concepts:
            users[concept].add(origin)
    return users


def concept_weights(able: Sequence[Candidate], users: Mapping[Concept, Set[str]]) -> ConceptWeights:
    """Weight of a concept: how rare its stems are, times the origins that use it."""
    uses = Counter(concept for candidate in able for concept in candidate.concepts)
    idf = build_idf(())

    @cache
    def worth(concept: Concept) -> float:
        stems = (concept,) if isinstance(concept, str) else concept
        rarity = sum(idf(stem) for stem in stems) / (2 if len(stems) > 1 else 1)
        return rarity * (len(users[concept]) - LONE_ORIGIN_DISCOUNT) * math.sqrt(uses[concept])

    return worth


def event_fitness(telling: StoryEvidence, worth: ConceptWeights) -> Callable[[Candidate], float]:
    """How well the headline that a sentence makes says the event: the weight of its words for its
    length, its likeness to the titles, and its place."""
    titles = {frozenset(content_stems(title, telling.language)) for title in telling.titles}

    def fitness(item: Candidate) -> float:
        shown = item.text[slice(*headline_span(item.text))]
        stems = frozenset(content_stems(shown, telling.language))
        length = count_words(shown)
        likeness = max((dice(title, stems) for title in titles), default=0.0)
        fluent: float = (
            math.fsum(map(worth, stems)) / length**0.7 * min(1, IDEAL_HEADLINE_WORDS / length)
        )
        return (
            fluent
            * (1 + likeness)
            / (1 + item.position / 2)
            * item.date_factor
            * standalone_score(shown)
        )

    return fitness


def write_body(
    top: Candidate,
    able: Sequence[Candidate],
    telling: StoryEvidence,
    users: Mapping[Concept, Set[str]],
    words: int,
    known: ReaderKnowledge,
) -> list[Candidate]:
    """The sentences below the headline, which is made of ``top``, in reading order.

    ``users``: the origins of each concept. ``known``: what the headline says.
    """
    able = [item for item in able if not _counts_from_unknown_day(item, telling)] or able
    groups = cluster_facts([item.statement for item in able])
    head_stems = frozenset(known.stems)
    body = _Body(top, telling, groups, words, known)
    lead = _choose_lead(top, able, telling, body, concept_weights(able, users))
    if lead:
        body.add(lead)
    first = lead or top
    body.fill([item for item in able if not item.is_title and item != first], users)
    heads = [item for item in body.chosen if item.location not in body.behind and item != first]
    ordered = [first, *order_candidates(heads, groups, telling, head_stems)]
    chained = [item for head in ordered for item in body.chain(head)]
    return chained if lead else chained[1:]


def _choose_lead(
    top: Candidate,
    able: Sequence[Candidate],
    telling: StoryEvidence,
    body: "_Body",
    worth: ConceptWeights,
) -> Candidate | None:
    """The sentence below a title that says who, what and when: near the beginning of the title's
    article, else of another one; None if the headline is such a sentence itself."""
    if not top.is_title:
        return None
    wanted = stem_weights(top.statement)
    fitness = event_fitness(telling, worth)

    def likeness(item: Candidate) -> float:
        return covered_share(wanted, item.statement.stems)

    openings = [
        item
        for item in able
        if item.position < LEAD_STATEMENTS
        and not item.is_title
        and item.word_count <= body.left
        and likeness(item) >= MIN_LEAD_LIKENESS
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
        groups: Sequence[FactCluster],
        words: int,
        known: ReaderKnowledge,
    ) -> None:
        self.left = words
        self.chosen: list[Candidate] = []
        self.behind: dict[SentenceLocation, Candidate] = {}
        """The location of a sentence that is told directly behind another one, and that one."""
        self._telling, self._known = telling, known
        self._facts = {
            (item.source, item.span): n for n, each in enumerate(groups) for item in each.statements
        }
        self._told_facts: set[int | None] = set()
        self._last = {} if top.is_title else {(top.statement.source, top.position): top}
        """The sentences that another one can still be told behind, by article and position."""
        self._main_article = top.statement.source
        self._titled = top.is_title
        self._days = _relative_days(top)

    def add(self, item: Candidate) -> None:
        """One sentence more."""
        if self.depends(item):
            self.behind[item.location] = self._last.pop(_place_before(item))
        if item.statement.source == self._main_article:
            self._days |= _relative_days(item)
        self._last[item.statement.source, item.position] = item
        self._told_facts.add(self._facts.get(item.location))
        self._told_facts.discard(None)
        self.chosen.append(item)
        self._known.add(item)
        self.left -= item.word_count

    def fill(self, able: Sequence[Candidate], users: Mapping[Concept, Set[str]]) -> None:
        """Adds what is worth most, as long as anything is worth telling."""
        gain = self._gain(able, users)
        pool = {item.location: item for item in able}
        newest = list(self._last.values())
        least = 0.0
        while True:
            for item in newest:
                if following := next_candidate(item, self._telling):
                    pool.setdefault(following.location, following)
            pool = {place: item for place, item in pool.items() if self._is_new(item, users)}
            scored = sorted(
                ((gain(item), item) for item in pool.values()), key=lambda pair: -pair[0]
            )
            best = next((pair for pair in scored if self._is_understood(pair[1])), None)
            if best is None or best[0] < least:
                return
            least = least or MIN_RELATIVE_GAIN * scored[0][0]
            newest = [best[1]]
            self.add(best[1])
            del pool[best[1].location]

    def chain(self, head: Candidate) -> Iterator[Candidate]:
        """The sentence, and those that are told directly behind it."""
        yield head
        for item in self.chosen:
            if self.behind.get(item.location) == head:
                yield from self.chain(item)

    def depends(self, item: Candidate) -> bool:
        """Whether it is not understood without the sentence before it in its article."""
        return item.leans or count_unmet_antecedents(item.antecedents, self._known.stems) > 0

    def _gain(
        self, able: Sequence[Candidate], users: Mapping[Concept, Set[str]]
    ) -> Callable[[Candidate], float]:
        """What a sentence adds to those that are chosen when it is called, for its length."""
        worth = concept_weights(able, users)
        relevance = self._article_relevance()
        origins = self._telling.origins.origin_by_source
        fade = min(MAX_FADE_SENTENCES, len({origins[name] for name in relevance}))

        def gain(item: Candidate) -> float:
            # fsum is exact, whatever the order of the set
            new = math.fsum(map(worth, item.concepts - self._known.concepts))
            fresh: float = self._known.novelty(item) ** NOVELTY_EXPONENT
            place = 1 / (1 + item.position / fade) * (OPENING_FACTOR if item.is_opening else 1)
            specific = 1 if _is_specific(item, self._known.stems) else UNSPECIFIC_FACTOR
            ease = standalone_score(item.text) * item.date_factor
            near = relevance[item.statement.source]
            return new * fresh * place * specific * ease * near / item.word_count

        return gain

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
        others = {source: OTHER_ARTICLE_FACTOR * share / most for source, share in shares.items()}
        return {self._main_article: 1.0} | others

    def _is_new(self, item: Candidate, users: Mapping[Concept, Set[str]]) -> bool:
        """Whether there is room for it, somebody or something says that it matters, and no sentence
        says it yet."""
        if item.word_count > self.left or self._facts.get(item.location) in self._told_facts:
            return False
        at_top = (
            item.position <= MAX_TOP_POSITION
            and not (self._titled and item.statement.source == self._main_article)
            and _is_specific(item, self._known.stems)
        )
        if not at_top and _place_before(item) not in self._last:
            weights = stem_weights(item.statement)
            shared = (weights[stem] for stem in weights if len(users.get(stem, ())) > 1)
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
    notes = item.statement.annotations
    if notes.get(find_dates, item.text):
        return True
    if notes.get(find_quantities, item.text, item.statement.language):
        return True
    return any(
        not set(content_stems(name.text, item.statement.language)) <= known
        for name in notes.get(find_names, item.text)
    )
