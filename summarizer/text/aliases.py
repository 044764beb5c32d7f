"""Which names mean the same thing, as far as the sources themselves show it.

    all sources -> aliases: a surname or an acronym -> the one full name it can mean
    two names + aliases -> the same or not; without aliases, perhaps two spellings of one

Also whether a name is a country's, an institution's or a news outlet's.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from summarizer.text.lexicon import lexicon
from summarizer.text.names import (
    COUNTRIES,
    Name,
    find_names,
    is_acronym,
    normalize_name,
)

_ENGLISH = lexicon("en")

Aliases = Mapping[str, str]
"""A short name -> the full name it stands for, both normalized."""

_DEMONYM = ("an", "ian", "ese", "n")
_SOUND_CLASSES = (
    ("ph", "f"),
    ("[ck]+h?|q", "k"),
    ("w", "v"),
    ("[yj]", "i"),
    ("r", "l"),
    ("tz|ts|z", "s"),
)


def find_aliases(texts: Iterable[str]) -> Aliases:
    """What the sources license: a surname or an acronym for the one full name it can stand for.

    A surname that two people share licenses neither.
    """
    found = [name for text in texts for name in find_names(text)]
    alone = {_normalized_key(name) for name in found if len(name.words) == 1}
    short: dict[str, set[str]] = defaultdict(set)
    for name in found:
        for alias in _short_forms(name, alone):
            short[alias].add(_normalized_key(name))
    longest = {alias: max(full, key=len) for alias, full in short.items()}
    return {
        alias: name
        for alias, name in longest.items()
        if alias not in COUNTRIES
        and all(set(full.split()) <= set(name.split()) for full in short[alias])
    }


def _short_forms(name: Name, alone: Collection[str]) -> Iterator[str]:
    """Names this full name may be shortened to."""
    words = _normalized_key(name).split()
    if len(words) < 2 or is_outlet(name) or _normalized_key(name) in COUNTRIES:
        return
    if (
        len(words) == 2
        and not _has_institution_word(words)
        and words[0] not in _ENGLISH.place_words
    ):
        yield words[-1]
        if words[0] in alone and words[-1] not in alone and not is_acronym(name.words[0]):
            yield words[0]
    for parts in (words, [normalize_name(part) for part in name.text.split()]):
        initials = "".join(part[:1] for part in parts)
        if len(initials) > 2 or initials in alone:
            yield initials


def is_same_name(a: Name | str, b: Name | str, known: Aliases) -> bool:
    """Whether both name one thing: equal, licensed by an alias, or a country and its people."""
    one, other = (
        known.get(key, COUNTRIES.get(key, key)) for key in (_normalized_key(a), _normalized_key(b))
    )
    if one == other or is_outlet(a) or is_outlet(b):
        return one == other
    ours, theirs = one.split(), other.split()
    if len(ours) > 1 and len(theirs) > 1:
        nested = set(ours) <= set(theirs) or set(theirs) <= set(ours)
        return nested and (
            ours[-1] == theirs[-1]
            or (_has_institution_word(ours) and _has_institution_word(theirs))
        )
    return any(
        x == y + end for x, y in ((one, other), (other, one)) for end in _DEMONYM if len(y) > 3
    )


def is_named_in(name: Name, evidence: Collection[Name], known: Aliases) -> bool:
    """Whether the evidence names the same; a place inside an outlet's name does not count."""
    return any(is_same_name(name, other, known) for other in evidence)


def is_spelling_variant(a: str, b: str) -> bool:
    """Whether these are probably two spellings of one name: "Howard Lutnick", "Howard Rutnik".

    Never for equal names; sure rather than complete, as it is used to show a disagreement.
    """
    ours, theirs = normalize_name(a).split(), normalize_name(b).split()
    if len(ours) != len(theirs):
        return False
    differing = [(x, y) for x, y in zip(ours, theirs, strict=True) if x != y]
    if len(differing) != 1:
        return False
    x, y = differing[0]
    if min(len(x), len(y)) < 5 or set(COUNTRIES).issuperset({x, y}):
        return False
    if _phonetic_key(x) == _phonetic_key(y):
        return len(ours) > 1 or min(len(x), len(y)) > 5
    near = len(ours) > 1 and min(len(x), len(y)) > 5 and not (x.startswith(y) or y.startswith(x))
    return near and _one_letter_apart(x, y)


def _phonetic_key(word: str) -> str:
    """A rough sound: letters that transliterations exchange are one, doubled ones single."""
    for pattern, letter in _SOUND_CLASSES:
        word = re.sub(pattern, letter, word)
    return re.sub(r"(.)\1+", r"\1", word)


def _one_letter_apart(a: str, b: str) -> bool:
    """Whether one letter changed, added or left out makes one word the other."""
    short, long = sorted((a, b), key=len)
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    skip = len(short) == len(long)
    return len(long) - len(short) < 2 and short[at + skip :] == long[at + 1 :]


def is_outlet(name: Name | str) -> bool:
    """Whether this is a medium's name, which names no place: "Iran International", "France 24"."""
    words = _normalized_key(name).split()
    return len(words) > 1 and words[-1] in _ENGLISH.outlet_words


def is_country(name: Name) -> bool:
    """Whether this names a country or its people."""
    return _normalized_key(name) in COUNTRIES


def is_institution(name: Name) -> bool:
    """Whether this names a ministry, an agency, a council: a body, not a person."""
    return _has_institution_word(_normalized_key(name).split())


def _has_institution_word(words: Iterable[str]) -> bool:
    return not _ENGLISH.institution_words.isdisjoint(words)


def _normalized_key(name: Name | str) -> str:
    return normalize_name(" ".join(name.split())) if isinstance(name, str) else name.key
