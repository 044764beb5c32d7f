"""How many independent acts of reporting the articles of a story rest on.

Copies and rewrites of one wire share an origin. Two articles are rewrites of one text when a good
part of the shorter one is in the other in nearly the same words, in nearly the same order, outside
quotation marks: two reporters may quote one speech and use the same names and figures, but do not
put them in the same order, sentence after sentence. An article compiled from two wires has the
origin of the one that it takes most from, and does not make the two wires one.

The constants, with the thresholds in ``retrieval.similarity``, are calibrated as a set on made-up
syndication of ECB+, on its independent reports of one event (`benchmarks.quality.origins`), and on
the seeds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.similarity import (
    COMPARED_SENTENCE_DICE,
    COPY_DICE,
    COPY_ORDER_DICE,
    REWRITE_DICE,
    REWRITE_ORDER_DICE,
    SHARED_PASSAGE_DICE,
    UnionFind,
    dice,
    similar_pairs,
)
from summarizer.sources.articles import Article, Boilerplate
from summarizer.text.quotes import blank_quotations
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

MAX_STEM_DISTANCE = 3
"""Content stems from the first to the second of an ordered pair."""

MIN_REWRITTEN_SHARE, MIN_REWRITTEN_SENTENCES = 0.3, 4
"""Share and number of the shorter article's sentences that must be rewrites; of an article with
fewer sentences, all. On the seeds: the two rewrites of one wire .36, independent reports of the
same call at most .21; of the independent reports of ECB+, one pair in a thousand."""

MIN_JUDGED_STEMS, MIN_COMPARED_STEMS = 5, 3
"""Content stems of a sentence below which a similarity is chance, and below which it is chance even
between two articles that share other passages."""

MIN_SHARED_PASSAGES = 2
"""Copied sentences from which two articles of different origins are known to share passages."""

MAX_HUB_ARTICLES = 20
"""Articles with which each copy of a passage is compared, so that a thousand copies stay linear."""

SentenceLocation = tuple[str, Span]
"""Source id and span of a sentence."""


@dataclass(frozen=True)
class StoryOrigins:
    """``origin_by_source``: source id -> origin id. ``passage_by_location``: sentence -> number of
    the passage that it shares with other articles."""

    origin_by_source: Mapping[str, str]
    passage_by_location: Mapping[SentenceLocation, int]

    def count(self, locations: Iterable[SentenceLocation]) -> int:
        """The number of independent origins of the sentences at ``locations``."""
        labels = [
            (self.origin_by_source[source], self.passage_by_location.get((source, span)))
            for source, span in locations
        ]
        groups = UnionFind(len(labels))
        first: dict[str | int, int] = {}
        for index, (origin, passage) in enumerate(labels):
            groups.union(first.setdefault(origin, index), index)
            if passage is not None:
                groups.union(first.setdefault(passage, index), index)
        return len(groups.groups())


class _ComparedSentence:
    """The content stems of a sentence: all, and those outside quotation marks.

    ``own``: the latter; empty when they are too few for a judgement.
    """

    def __init__(self, statement: Statement, language: str) -> None:
        self.stems = statement.stems
        own = (
            content_stems(blank_quotations(statement.text), language)
            if len(self.stems) >= MIN_JUDGED_STEMS
            else ()
        )
        self.own = frozenset(own) if len(set(own)) >= MIN_JUDGED_STEMS else frozenset()
        self._order = own if self.own else ()

    @cached_property
    def figures(self) -> frozenset[str]:
        """The stems with digits."""
        return frozenset(stem for stem in self.stems if stem[0].isdigit())

    @cached_property
    def ordered_pairs(self) -> frozenset[tuple[str, str]]:
        """Pairs of stems outside quotation marks that are near each other, in their order."""
        own, distances = self._order, range(1, MAX_STEM_DISTANCE + 1)
        pairs = (zip(own, own[distance:], strict=False) for distance in distances)
        return frozenset(chain.from_iterable(pairs))


class _SentenceMatch(NamedTuple):
    """Positions of the sentences with one stem set and of those with another or the same one, and
    the Dice of their stems, of those outside quotation marks, and of the ordered pairs of these."""

    left: list[int]
    right: list[int]
    dice: float
    own_dice: float
    order_dice: float

    @property
    def reworded(self) -> bool:
        return self.own_dice >= REWRITE_DICE and self.order_dice >= REWRITE_ORDER_DICE

    @property
    def copied(self) -> bool:
        return self.own_dice >= COPY_DICE and self.order_dice >= COPY_ORDER_DICE


def trace_origins(
    articles: Sequence[Article],
    boilerplate: Mapping[str, Sequence[Boilerplate]],
    statements: Mapping[str, Sequence[Statement]],
) -> StoryOrigins:
    """The origins of one story's articles; ``boilerplate`` and ``statements`` are by source id."""
    if len(articles) == 1:
        return StoryOrigins({articles[0].id: f"o-{articles[0].id[2:]}"}, {})
    owned = [(n, item) for n, article in enumerate(articles) for item in statements[article.id]]
    sentences = [_ComparedSentence(item, articles[n].language) for n, item in owned]
    owners = [n for n, _ in owned]
    matches = _sentence_matches(sentences)
    groups = UnionFind(len(articles))
    for left, right in _rewritten_pairs(matches, owners, sentences):
        groups.union(left, right)
    # The items of one page are one reporter's.
    first_item: dict[str, int] = {}
    for n, article in enumerate(articles):
        if article.span:
            groups.union(first_item.setdefault(article.sha256, n), n)
    # What one agency alone signs is its copies and translations of one report.
    first_signed: dict[str, int] = {}
    for n, article in enumerate(articles):
        agencies = {item.agency for item in boilerplate[article.id] if item.agency}
        if len(agencies) == 1:
            groups.union(first_signed.setdefault(agencies.pop(), n), n)
    return StoryOrigins(
        {
            articles[n].id: f"o-{articles[members[0]].id[2:]}"
            for members in groups.groups()
            for n in members
        },
        {
            (owned[index][1].source, owned[index][1].span): members[0]
            for members in _copied_passages(matches, owners, groups)
            for index in members
        },
    )


def _sentence_matches(sentences: Sequence[_ComparedSentence]) -> list[_SentenceMatch]:
    """Every stem set that several sentences have, and every two similar stem sets."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        if len(sentence.stems) >= MIN_COMPARED_STEMS:
            classes[sentence.stems].append(index)
    members = list(classes.values())
    pairs = [(each, each) for each in members if len(each) > 1]
    similar = similar_pairs(list(classes), COMPARED_SENTENCE_DICE)
    pairs += [(members[a], members[b]) for a, b, _ in similar]
    matches = []
    for left, right in pairs:
        one, other = sentences[left[0]], sentences[right[-1]]
        # Who gives other figures has another source, however alike the wording.
        differ = one.figures and other.figures and not one.figures & other.figures
        own = 0.0 if differ else dice(one.own, other.own)
        order = dice(one.ordered_pairs, other.ordered_pairs) if own else 0.0
        matches.append(_SentenceMatch(left, right, dice(one.stems, other.stems), own, order))
    return matches


def _rewritten_pairs(
    matches: Iterable[_SentenceMatch],
    owners: Sequence[int],
    sentences: Sequence[_ComparedSentence],
) -> list[tuple[int, int]]:
    """Pairs of articles of which the shorter is largely a rewrite of the other.

    ``owners``: the article of each sentence.
    """
    shared = _shared_sentences((each for each in matches if each.reworded), owners)
    lengths: dict[int, int] = defaultdict(int)
    for n, sentence in zip(owners, sentences, strict=True):
        lengths[n] += bool(sentence.own)
    linked: dict[int, dict[int, set[int]]] = defaultdict(dict)
    for (n, other), indexes in shared.items():
        # A good share of the sentences, and never only a few of many, which may be chance.
        enough = min(lengths[n], max(MIN_REWRITTEN_SENTENCES, MIN_REWRITTEN_SHARE * lengths[n]))
        if lengths[n] <= lengths[other] and len(indexes) >= enough:
            linked[n][other] = indexes
            linked[other][n] = shared[other, n]
    refused = {
        (n, other) for n, others in linked.items() for other in _second_wire_articles(others)
    }
    return [
        (n, other)
        for n, others in linked.items()
        for other in others
        if n < other and not {(n, other), (other, n)} & refused
    ]


def _shared_sentences(
    matches: Iterable[_SentenceMatch], owners: Sequence[int]
) -> dict[tuple[int, int], set[int]]:
    """(article, other article) -> the article's sentences that the other has as well."""
    shared: dict[tuple[int, int], set[int]] = defaultdict(set)
    for left, right, *_ in matches:
        indexes = left if left is right else (*left, *right)
        hubs = sorted({owners[index] for index in indexes})[:MAX_HUB_ARTICLES]
        first = {owners[index]: index for index in reversed(indexes)}
        for index in indexes:
            for other in hubs:
                if other != owners[index]:
                    shared[owners[index], other].add(index)
                    shared[other, owners[index]].add(first[other])
    return shared


def _second_wire_articles(shared: Mapping[int, set[int]]) -> list[int]:
    """The articles that have other sentences in common with one article than most do: they are of a
    second wire that it is compiled from. ``shared``: other article -> the sentences in common."""
    wires: list[tuple[set[int], list[int]]] = []
    for other, indexes in sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])):
        for wire, members in wires:
            if 2 * len(indexes & wire) >= len(indexes):
                members.append(other)
                break
        else:
            wires.append((indexes, [other]))
    return [other for _, members in wires[1:] for other in members]


def _copied_passages(
    matches: Sequence[_SentenceMatch], owners: Sequence[int], origins: UnionFind
) -> list[list[int]]:
    """Groups of sentences of several articles that are one passage."""
    shared = _shared_sentences((each for each in matches if each.copied), owners)
    sharing = {pair for pair, indexes in shared.items() if len(indexes) >= MIN_SHARED_PASSAGES}

    groups = UnionFind(len(owners))
    for each in matches:
        similar = each.reworded or each.dice >= SHARED_PASSAGE_DICE
        for index in (*each.left, *each.right):
            one, other = owners[each.left[0]], owners[index]
            if (
                each.copied
                or origins.find(one) == origins.find(other)
                or (similar and (one, other) in sharing)
            ):
                groups.union(each.left[0], index)
    return [members for members in groups.groups() if len({owners[index] for index in members}) > 1]
