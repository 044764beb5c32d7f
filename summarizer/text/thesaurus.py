"""Synonyms and antonyms of English stems, and of a few in other languages.

``thesaurus.txt`` is written by hand for the words that matter in news. Prefixes add more antonyms
("efficient", "inefficient").
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from summarizer.text.data_files import parsed_data
from summarizer.text.lexicon import lexicon
from summarizer.text.tokens import stems

_NEGATING_PREFIXES = lexicon("en").negating_prefixes
_OPPOSITE_PREFIXES = lexicon("en").opposite_prefixes
_MIN_PREFIXED_LETTERS = 4
_SEPARATOR_WORD = "0"
"""A word that is no side's: it parts them while they are stemmed."""


class _Thesaurus(NamedTuple):
    groups: Mapping[str, frozenset[int]]
    against: Mapping[int, frozenset[int]]


def synonym_groups(stem: str, language: str = "en") -> frozenset[int]:
    """The groups of synonyms that contain a stem."""
    return _thesaurus(language).groups.get(stem, frozenset())


def are_synonyms(left: str, right: str, language: str = "en") -> bool:
    """Whether one group contains both stems.

    >>> are_synonyms("rise", "increas"), are_synonyms("rise", "fall")
    (True, False)
    """
    groups = _thesaurus(language).groups
    return not groups.get(left, frozenset()).isdisjoint(groups.get(right, ()))


def are_antonyms(left: str, right: str, language: str = "en") -> bool:
    """Whether two stems say the opposite, and are in no group together.

    >>> are_antonyms("rise", "fall"), are_antonyms("befor", "after"), are_antonyms("rise", "grow")
    (True, True, False)
    """
    against, variants = antonyms_of(left, language)
    if are_synonyms(left, right, language):
        return False
    return right in variants or not against.isdisjoint(synonym_groups(right, language))


# Bounded, and by word: it fills with the vocabulary of the news, whatever texts are read.
@lru_cache(maxsize=1 << 14)
def antonyms_of(stem: str, language: str = "en") -> tuple[frozenset[int], frozenset[str]]:
    """The antonyms of a stem: groups of synonyms, and stems by their prefix.

    >>> "ineffici" in antonyms_of("effici")[1]
    True
    """
    words = _thesaurus(language)
    own = synonym_groups(stem, language)
    against = frozenset[int]().union(*(words.against.get(group, ()) for group in own))
    return against - own, frozenset(_prefix_antonyms(stem) if language == "en" else ())


def _prefix_antonyms(stem: str) -> Iterator[str]:
    for a, b in (*_OPPOSITE_PREFIXES, *((b, a) for a, b in _OPPOSITE_PREFIXES)):
        if stem.startswith(a) and len(stem) - len(a) >= _MIN_PREFIXED_LETTERS:
            yield b + stem[len(a) :]
    for prefix in _NEGATING_PREFIXES:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _MIN_PREFIXED_LETTERS:
            yield stem[len(prefix) :]
    if len(stem) >= _MIN_PREFIXED_LETTERS:
        yield from (prefix + stem for prefix in _NEGATING_PREFIXES)


def _thesaurus(language: str) -> _Thesaurus:
    read: _Thesaurus = parsed_data(_parse_thesaurus, "summarizer.text", "thesaurus.txt", language)
    return read


def _parse_thesaurus(text: str, language: str) -> _Thesaurus:
    groups: dict[str, set[int]] = defaultdict(set)
    against: dict[int, set[int]] = defaultdict(set)
    lines = [line.split(" | ") for line in _thesaurus_lines(text, language)]
    stemmed = iter(_stemmed_sides([side for sides in lines for side in sides], language))
    number = 0
    for sides in lines:
        for _ in sides:
            for stem in next(stemmed):
                groups[stem].add(number)
            number += 1
        if len(sides) == 2:
            against[number - 1].add(number - 2)
            against[number - 2].add(number - 1)
    return _Thesaurus(
        {stem: frozenset(ids) for stem, ids in groups.items()},
        {group: frozenset(ids) for group, ids in against.items()},
    )


def _stemmed_sides(sides: Sequence[str], language: str) -> Iterator[list[str]]:
    """The stems of each side, all stemmed at once: one by one takes five times as long."""
    whole = groupby(
        stems(f" {_SEPARATOR_WORD} ".join(sides), language),
        key=lambda stem: stem == _SEPARATOR_WORD,
    )
    return (list(found) for between, found in whole if not between)


def _thesaurus_lines(text: str, language: str) -> Iterator[str]:
    for line in text.splitlines():
        tag, mark, rest = line.partition(": ")
        if not line.startswith("#") and (tag if mark else "en") == language:
            yield rest if mark else line
