"""Words that say nearly the same, and words that say the opposite.

Learnt by nobody: ``thesaurus.txt`` is written by hand, for the words that news turns on. Prefixes
add the rest ("efficient", "inefficient").
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

from summarizer.text.tokens import stems

__all__ = ["alike", "groups", "opposed", "opposing"]

_NEGATING = ("anti", "dis", "de", "il", "im", "in", "ir", "mis", "non", "sub", "un")
_TURNING = (("pre", "post"), ("in", "ex"), ("over", "under"), ("up", "down"), ("en", "de"))
_SHORTEST = 4
_BETWEEN = "0"
"""A word that is no side's: it parts them while they are stemmed."""


class _Words(NamedTuple):
    groups: Mapping[str, frozenset[int]]
    against: Mapping[int, frozenset[int]]


def groups(stem: str, language: str = "en") -> frozenset[int]:
    """The groups of near-sayings in which a stem stands."""
    return _words(language).groups.get(stem, frozenset())


def alike(left: str, right: str, language: str = "en") -> bool:
    """Whether two stems stand in one group.

    >>> alike("rise", "increas"), alike("rise", "fall")
    (True, False)
    """
    return not groups(left, language).isdisjoint(groups(right, language))


def opposed(left: str, right: str, language: str = "en") -> bool:
    """Whether two stems say the opposite, and stand in no group together.

    >>> opposed("rise", "fall"), opposed("befor", "after"), opposed("rise", "grow")
    (True, True, False)
    """
    against, variants = opposing(left, language)
    if alike(left, right, language):
        return False
    return right in variants or not against.isdisjoint(groups(right, language))


@lru_cache(maxsize=1 << 14)
def opposing(stem: str, language: str = "en") -> tuple[frozenset[int], frozenset[str]]:
    """What says the opposite of a stem: groups of near-sayings, and stems by their prefix.

    >>> "ineffici" in opposing("effici")[1]
    True
    """
    words = _words(language)
    own = groups(stem, language)
    against = frozenset[int]().union(*(words.against.get(group, ()) for group in own))
    return against - own, frozenset(_turned(stem) if language == "en" else ())


def _turned(stem: str) -> Iterator[str]:
    for a, b in (*_TURNING, *((b, a) for a, b in _TURNING)):
        if stem.startswith(a) and len(stem) - len(a) >= _SHORTEST:
            yield b + stem[len(a) :]
    for prefix in _NEGATING:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _SHORTEST:
            yield stem[len(prefix) :]
    if len(stem) >= _SHORTEST:
        yield from (prefix + stem for prefix in _NEGATING)


@cache
def _words(language: str) -> _Words:
    groups: dict[str, set[int]] = defaultdict(set)
    against: dict[int, set[int]] = defaultdict(set)
    lines = [line.split(" | ") for line in _lines(language)]
    stemmed = iter(_stemmed([side for sides in lines for side in sides], language))
    number = 0
    for sides in lines:
        for _ in sides:
            for stem in next(stemmed):
                groups[stem].add(number)
            number += 1
        if len(sides) == 2:
            against[number - 1].add(number - 2)
            against[number - 2].add(number - 1)
    return _Words(
        {stem: frozenset(ids) for stem, ids in groups.items()},
        {group: frozenset(ids) for group, ids in against.items()},
    )


def _stemmed(sides: Sequence[str], language: str) -> Iterator[list[str]]:
    """The stems of each side, all stemmed at once: one by one takes five times as long."""
    whole = groupby(stems(f" {_BETWEEN} ".join(sides), language), key=lambda stem: stem == _BETWEEN)
    return (list(found) for between, found in whole if not between)


def _lines(language: str) -> Iterator[str]:
    text = files("summarizer.checking").joinpath("thesaurus.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        tag, mark, rest = line.partition(": ")
        if not line.startswith("#") and (tag if mark else "en") == language:
            yield rest if mark else line
