"""How many independent acts of reporting stand behind what is told.

Copies and rewrites of one wire share an origin. Two articles are rewrites of one text when a good
part of the shorter one is said in nearly the same words outside quotation marks: two reporters may
quote one speech alike, but do not choose the same words for everything else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.overlap import Groups, join
from summarizer.sources.articles import Article, Furniture
from summarizer.text.quotes import unquoted
from summarizer.text.selectors import Span
from summarizer.text.tokens import content

__all__ = ["Origins", "Place", "trace"]

REWORDED = 0.5
"""Dice of the content stems from which one sentence is the other's rewrite, if many are."""

COPIED = 0.6
"""Dice from which a single sentence is taken from the other article's wire by itself."""

SHARED = 0.3
"""Share of the shorter article's sentences that are rewrites. On the seeds: the two rewrites of
one wire .41-.47, independent reports of the same call at most .13."""

FEWEST = 5
"""Content stems below which a likeness is chance."""

HUBS = 20
"""Articles with which each copy of a passage is compared, so that a thousand copies stay linear."""

Place = tuple[str, Span]
"""Source id and span of a sentence."""


@dataclass(frozen=True)
class Origins:
    """``of``: source id -> origin id. ``copies``: sentence -> the passage it shares with others."""

    of: Mapping[str, str]
    copies: Mapping[Place, int]

    def count(self, places: Iterable[Place]) -> int:
        """Independent origins behind the cited sentences."""
        named = [(self.of[source], self.copies.get((source, span))) for source, span in places]
        joined = Groups(len(named))
        first: dict[str | int, int] = {}
        for at, marks in enumerate(named):
            for mark in marks:
                if mark is not None:
                    joined.unite(first.setdefault(mark, at), at)
        return len(joined.sets())


def trace(
    articles: Sequence[Article],
    furniture: Mapping[str, Sequence[Furniture]],
    said: Mapping[str, Sequence[Statement]],
) -> Origins:
    """The origins of one story's articles. ``furniture`` and ``said`` are by source id."""
    if len(articles) == 1:
        return Origins({articles[0].id: f"o-{articles[0].id[2:]}"}, {})
    places = [(n, item) for n, article in enumerate(articles) for item in said[article.id]]
    words = [_own_words(item, articles[n].language) for n, item in places]
    alike = _alike(words)
    groups = Groups(len(articles))
    for left, right in _rewrites(alike, places, words):
        groups.unite(left, right)
    for members in _by_agency(articles, furniture).values():
        for other in members[1:]:
            groups.unite(members[0], other)
    return Origins(
        {
            articles[n].id: f"o-{articles[members[0]].id[2:]}"
            for members in groups.sets()
            for n in members
        },
        _copies(alike, places),
    )


def _own_words(item: Statement, language: str) -> frozenset[str]:
    """Content stems outside quotation marks, none when too few for a judgement."""
    told = unquoted(item.text)
    stems = item.stems if told == item.text else frozenset(content(told, language))
    return stems if len(stems) >= FEWEST else frozenset()


def _alike(words: Sequence[frozenset[str]]) -> list[tuple[list[int], list[int], float]]:
    """(positions, positions, dice): classes of equal sets against each other and themselves."""
    classes: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, stems in enumerate(words):
        if stems:
            classes[stems].append(at)
    members = list(classes.values())
    pairs = [(ats, ats, 1.0) for ats in members if len(ats) > 1]
    pairs += [(members[a], members[b], alike) for a, b, alike in join(list(classes), REWORDED)]
    return pairs


def _rewrites(
    alike: Sequence[tuple[list[int], list[int], float]],
    places: Sequence[tuple[int, Statement]],
    words: Sequence[frozenset[str]],
) -> list[tuple[int, int]]:
    """Pairs of articles of which the shorter is largely said in the other's words."""
    shared: dict[tuple[int, int], set[int]] = defaultdict(set)
    for left, right, _ in alike:
        hubs = sorted({places[at][0] for at in (*left, *right)})[:HUBS]
        for at in (*left, *right):
            for other in hubs:
                shared[places[at][0], other].add(at)
    sayings: dict[int, int] = defaultdict(int)
    for (n, _), stems in zip(places, words, strict=True):
        sayings[n] += bool(stems)
    return [
        (n, other)
        for (n, other), ats in shared.items()
        if n != other and sayings[n] <= sayings[other] and len(ats) >= _enough(sayings[n])
    ]


def _enough(sayings: int) -> float:
    """Sentences that must be rewrites: a good part, and never one of many by chance."""
    return min(sayings, max(2, SHARED * sayings))


def _copies(
    alike: Sequence[tuple[list[int], list[int], float]], places: Sequence[tuple[int, Statement]]
) -> dict[Place, int]:
    groups = Groups(len(places))
    for left, right, score in alike:
        if score >= COPIED:
            for at in (*left, *right):
                groups.unite(left[0], at)
    return {
        (places[at][1].source, places[at][1].span): members[0]
        for members in groups.sets()
        if len({places[at][0] for at in members}) > 1
        for at in members
    }


def _by_agency(
    articles: Sequence[Article], furniture: Mapping[str, Sequence[Furniture]]
) -> dict[str, list[int]]:
    """Articles that one agency alone signs: its copies and translations of one report."""
    signed: dict[str, list[int]] = defaultdict(list)
    for n, article in enumerate(articles):
        names = {item.agency for item in furniture[article.id] if item.agency}
        if len(names) == 1:
            signed[names.pop()].append(n)
    return signed
