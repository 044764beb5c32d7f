"""How many independent acts of reporting stand behind what is told.

Copies and rewrites of one wire share an origin. Two articles are rewrites of one text when a good
part of the shorter one is said in nearly the same words, in nearly the same order, outside
quotation marks: two reporters may quote one speech alike and need the same names and figures, but
do not string them together alike, sentence after sentence. An article compiled from two wires is of
the one it has most of, and does not make the two wires one.

The constants are calibrated as a set on made-up syndication of ECB+ and on its independent reports
of one event (`benchmarks.quality.origins`), and on the seeds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.similarity import UnionFind, dice, similar_pairs
from summarizer.sources.articles import Article, Boilerplate
from summarizer.text.quotes import blank_quotations
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

__all__ = ["SentenceLocation", "StoryOrigins", "trace_origins"]

COMPARED_SENTENCE_DICE = 0.5
"""Dice of all content stems from which two sentences are compared."""

REWRITE_DICE, REWRITE_ORDER_DICE = 0.5, 0.2
"""Dice of the content stems outside quotation marks, and of their pairs at most REACH apart, from
which one sentence is the other's rewrite, if many are."""

MAX_STEM_DISTANCE = 3

COPY_DICE, COPY_ORDER_DICE = 0.6, 0.3
"""The same for a single sentence that is taken from the other article's wire by itself."""

MIN_REWRITTEN_SHARE, MIN_REWRITTEN_SENTENCES = 0.3, 4
"""Share and number of the shorter article's sentences that are rewrites, or all it has. On the
seeds: the two rewrites of one wire .36, independent reports of the same call at most .21; of the
independent reports of ECB+, one pair in a thousand."""

MIN_JUDGED_STEMS, MIN_COMPARED_STEMS = 5, 3
"""Content stems below which a likeness is chance, and below which it is one even between two
articles that share passages anyway."""

MIN_SHARED_PASSAGES, SHARED_PASSAGE_DICE = 2, 0.7
"""Passages that two articles of two origins share by themselves, from which others are shared too
that are rewrites or, quotations included, have THERE of their stems in common (Dice)."""

MAX_HUB_ARTICLES = 20
"""Articles with which each copy of a passage is compared, so that a thousand copies stay linear."""

SentenceLocation = tuple[str, Span]
"""Source id and span of a sentence."""


@dataclass(frozen=True)
class StoryOrigins:
    """``origin_by_source``: source id -> origin id. ``passage_by_location``: sentence -> the
    passage it shares with others."""

    origin_by_source: Mapping[str, str]
    passage_by_location: Mapping[SentenceLocation, int]

    def count(self, places: Iterable[SentenceLocation]) -> int:
        """Independent origins behind the cited sentences."""
        named = [
            (self.origin_by_source[source], self.passage_by_location.get((source, span)))
            for source, span in places
        ]
        joined = UnionFind(len(named))
        first: dict[str | int, int] = {}
        for at, marks in enumerate(named):
            for mark in marks:
                if mark is not None:
                    joined.union(first.setdefault(mark, at), at)
        return len(joined.groups())


class _ComparedSentence:
    """A sentence as it is compared: what it says in all, and what it says outside quotations.

    ``own``: content stems outside quotation marks, none when too few for a judgement.
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
    def strung(self) -> frozenset[tuple[str, str]]:
        """Pairs of those that stand near each other, in their order."""
        own = self._order
        near = (zip(own, own[apart:], strict=False) for apart in range(1, MAX_STEM_DISTANCE + 1))
        return frozenset(chain.from_iterable(near))


class _SentenceMatch(NamedTuple):
    """Positions of equal sayings, twice, and how alike they are: in all they say; in what they say
    outside quotations, and in its order."""

    left: list[int]
    right: list[int]
    stems: float
    words: float
    order: float

    @property
    def reworded(self) -> bool:
        return self.words >= REWRITE_DICE and self.order >= REWRITE_ORDER_DICE

    @property
    def copied(self) -> bool:
        return self.words >= COPY_DICE and self.order >= COPY_ORDER_DICE


def trace_origins(
    articles: Sequence[Article],
    furniture: Mapping[str, Sequence[Boilerplate]],
    said: Mapping[str, Sequence[Statement]],
) -> StoryOrigins:
    """The origins of one story's articles. ``furniture`` and ``said`` are by source id."""
    if len(articles) == 1:
        return StoryOrigins({articles[0].id: f"o-{articles[0].id[2:]}"}, {})
    places = [(n, item) for n, article in enumerate(articles) for item in said[article.id]]
    sayings = [_ComparedSentence(item, articles[n].language) for n, item in places]
    of = [n for n, _ in places]
    alike = _sentence_matches(sayings)
    groups = UnionFind(len(articles))
    for left, right in _rewritten_pairs(alike, of, sayings):
        groups.union(left, right)
    for members in _articles_by_agency(articles, furniture).values():
        for other in members[1:]:
            groups.union(members[0], other)
    return StoryOrigins(
        {
            articles[n].id: f"o-{articles[members[0]].id[2:]}"
            for members in groups.groups()
            for n in members
        },
        {
            (places[at][1].source, places[at][1].span): members[0]
            for members in _copied_passages(alike, of, groups)
            for at in members
        },
    )


def _sentence_matches(sayings: Sequence[_ComparedSentence]) -> list[_SentenceMatch]:
    """Classes of equal sayings against each other and themselves."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, saying in enumerate(sayings):
        if len(saying.stems) >= MIN_COMPARED_STEMS:
            classes[saying.stems].append(at)
    members = list(classes.values())
    found = [(each, each) for each in members if len(each) > 1]
    found += [
        (members[a], members[b]) for a, b, _ in similar_pairs(list(classes), COMPARED_SENTENCE_DICE)
    ]
    return [_compare_classes(left, right, sayings) for left, right in found]


def _compare_classes(
    left: list[int], right: list[int], sayings: Sequence[_ComparedSentence]
) -> _SentenceMatch:
    one, other = sayings[left[0]], sayings[right[-1]]
    words = dice(one.own, other.own)
    order = dice(one.strung, other.strung) if words else 0.0
    return _SentenceMatch(left, right, dice(one.stems, other.stems), words, order)


def _rewritten_pairs(
    alike: Iterable[_SentenceMatch], of: Sequence[int], sayings: Sequence[_ComparedSentence]
) -> list[tuple[int, int]]:
    """Pairs of articles of which the shorter is largely said in the other's words.

    ``of``: the article of each saying.
    """
    shared = _shared_sentences((each for each in alike if each.reworded), of)
    lengths: dict[int, int] = defaultdict(int)
    for n, saying in zip(of, sayings, strict=True):
        lengths[n] += bool(saying.own)
    linked: dict[int, dict[int, set[int]]] = defaultdict(dict)
    for (n, other), ats in shared.items():
        if lengths[n] <= lengths[other] and len(ats) >= _min_rewritten(lengths[n]):
            linked[n][other] = ats
            linked[other][n] = shared[other, n]
    refused = {
        (n, other) for n, theirs in linked.items() for other in _second_wire_articles(theirs)
    }
    return [
        (n, other)
        for n, theirs in linked.items()
        for other in theirs
        if n < other and not {(n, other), (other, n)} & refused
    ]


def _shared_sentences(
    alike: Iterable[_SentenceMatch], of: Sequence[int]
) -> dict[tuple[int, int], set[int]]:
    """(article, other) -> the article's sayings that the other has as well."""
    shared: dict[tuple[int, int], set[int]] = defaultdict(set)
    for left, right, *_ in alike:
        every = left if left is right else (*left, *right)
        hubs = sorted({of[at] for at in every})[:MAX_HUB_ARTICLES]
        first = {of[at]: at for at in reversed(every)}
        for at in every:
            for other in hubs:
                if other != of[at]:
                    shared[of[at], other].add(at)
                    shared[other, of[at]].add(first[other])
    return shared


def _min_rewritten(sayings: int) -> float:
    """Sentences that must be rewrites: a good part, and never a few of many by chance."""
    return min(sayings, max(MIN_REWRITTEN_SENTENCES, MIN_REWRITTEN_SHARE * sayings))


def _second_wire_articles(theirs: Mapping[int, set[int]]) -> list[int]:
    """The articles that share other sayings than most do: of a second wire, compiled with the
    first. ``theirs``: article -> sayings shared with it."""
    wires: list[tuple[set[int], list[int]]] = []
    for other, ats in sorted(theirs.items(), key=lambda item: (-len(item[1]), item[0])):
        for wire, members in wires:
            if 2 * len(ats & wire) >= len(ats):
                members.append(other)
                break
        else:
            wires.append((ats, [other]))
    return [other for _, members in wires[1:] for other in members]


def _copied_passages(
    alike: Sequence[_SentenceMatch], of: Sequence[int], origins: UnionFind
) -> list[list[int]]:
    """Sayings of several articles that are one passage."""
    shared = _shared_sentences((each for each in alike if each.copied), of)
    known = {pair for pair, ats in shared.items() if len(ats) >= MIN_SHARED_PASSAGES}

    groups = UnionFind(len(of))
    for each in alike:
        there = each.reworded or each.stems >= SHARED_PASSAGE_DICE
        for at in (*each.left, *each.right):
            one, other = of[each.left[0]], of[at]
            if (
                each.copied
                or origins.find(one) == origins.find(other)
                or (there and (one, other) in known)
            ):
                groups.union(each.left[0], at)
    return [members for members in groups.groups() if len({of[at] for at in members}) > 1]


def _articles_by_agency(
    articles: Sequence[Article], furniture: Mapping[str, Sequence[Boilerplate]]
) -> dict[str, list[int]]:
    """Articles that one agency alone signs: its copies and translations of one report."""
    signed: dict[str, list[int]] = defaultdict(list)
    for n, article in enumerate(articles):
        names = {item.agency for item in furniture[article.id] if item.agency}
        if len(names) == 1:
            signed[names.pop()].append(n)
    return signed
