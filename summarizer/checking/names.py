"""Check of the names of a claim against the cited passages."""

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.checking.claims import (
    Claim,
    Issue,
    Passage,
    aliases_in,
    dates_in,
    names_in,
    quantities_in,
)
from summarizer.text.aliases import Aliases, is_named_in, is_outlet, is_same_name
from summarizer.text.lexicon import lexicon
from summarizer.text.names import COUNTRIES, Name, is_acronym
from summarizer.text.spans import Span
from summarizer.text.tokens import folded_words

STEM_LETTERS = 5
"""Letters at the beginning by which two forms of a name are one."""

_CAPITALISED_RUN = re.compile(
    r"[A-Z][\w.’'-]*(?: (?:(?:of|for|and|the|on|in|de|du|la) ){0,2}[A-Z][\w.’'-]*)*"
)
_SEATS = {
    seat: country for country, seats in lexicon("en").seats_of_government.items() for seat in seats
}
"""A capital, or the seat of a government -> its country."""


def check_names(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Issue]:
    """Names of which the passages have neither the name nor another form of it."""
    own = [found.span for found in quantities_in(claim)]
    own += [found.span for found in dates_in(claim)]
    names = [name for name in names_in(claim) if not any(_overlap(name.span, span) for span in own)]
    licensed = known or aliases_in(passages)
    there = [other for passage in passages for other in names_in(passage)]
    keys = {other.key for other in there if not is_outlet(other)}
    missing = [
        name for name in names if name.key not in keys and not is_named_in(name, there, licensed)
    ]
    if missing:
        # A capital that only opens a sentence there is a name if the claim has it as one.
        ours = frozenset(word for name in missing for word in name.words)
        there = [other for passage in passages for other in names_in(passage, ours)]
        text = "\n".join(passage.text for passage in passages)
        publishers = [p.publisher for p in passages if p.publisher]
        missing = [
            name
            for name in missing
            if not _is_given(name, there, licensed, text)
            and not any(is_same_name(name.text, each, licensed) for each in publishers)
        ]
    for name in missing:
        others = (other.text for other in there if not is_named_in(other, names, licensed))
        near = f"; there: {rival}" if (rival := next(others, "")) else ""
        yield Issue(
            "name", name.text, f"{name.text} not in the cited passages{near}", severity="soft"
        )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_given(name: Name, there: Sequence[Name], known: Aliases, text: str) -> bool:
    """Whether the passages' names or text have it in any form: as written, an alias, a country by
    its people or its capital, initials, or a part of it."""
    if is_named_in(name, there, known):
        return True
    words = set(folded_words(name.text))
    countries = countries_in([name.key])
    elsewhere = [other for other in there if not is_outlet(other)]
    return (
        (
            words <= set(folded_words(text))
            and (is_outlet(name) or not _only_in_outlets(name, there))
        )
        or _begins_alike(name, text)
        or (bool(countries) and countries <= countries_in(other.key for other in elsewhere))
        or any(other.words == name.words[-1:] for other in elsewhere)
        or _is_acronym_in(name.text, text)
        or any(_is_acronym_in(other.text, name.text) for other in elsewhere)
    )


def _only_in_outlets(name: Name, there: Sequence[Name]) -> bool:
    """Whether only names of media have its words: "Iran International" is not in Iran."""
    holding = [other for other in there if set(name.words) & set(other.words)]
    return bool(holding) and all(map(is_outlet, holding))


def _begins_alike(name: Name, text: str) -> bool:
    """Whether another form of the last word is there: "Democrats" of "Democratic", "Calif."."""
    stem = name.words[-1][:STEM_LETTERS].casefold()
    return len(stem) == STEM_LETTERS and f" {stem}" in f" {text.casefold()}"


def countries_in(names: Iterable[str]) -> frozenset[str]:
    """The countries that normalized names mean, if only by their people, capital or government."""
    keys = {key for name in names for key in (name, *name.split())}
    found = (COUNTRIES.get(key) or _SEATS.get(key) for key in keys)
    return frozenset(filter(None, found))


def _is_acronym_in(acronym: str, text: str) -> bool:
    """Whether it is the initials of a capitalised run, with or without the small words in it."""
    letters = acronym.replace(".", "").removesuffix("s")
    if not (is_acronym(letters) and letters.isalpha()):
        return False
    for run in _CAPITALISED_RUN.findall(text):
        words = [word.replace(".", "") for word in run.split()]
        for small in (True, False):
            initials = "".join(
                word if word.isupper() else word[0].upper()
                for word in words
                if small or not word.islower()
            )
            if letters in initials:
                return True
    return False
