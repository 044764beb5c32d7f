"""What a sentence takes as known because its article told it just before: "the fumble", "the deal".

A definite noun phrase whose words stand in the sentences before it, and not in what the reader was
told, leans on them, though no pronoun shows it; and so does "these rules".
"""

import re
from collections.abc import Collection, Iterator, Sequence

from summarizer.retrieval.chunks import Statement
from summarizer.text.quotes import unquoted
from summarizer.text.tokens import FUNCTION_WORDS, content

__all__ = ["BEFORE", "needs", "unmet"]

BEFORE = 3
"""Sentences before it in which the article introduces what it takes as known."""

_NOUN = r"\s((?:[a-z][\w’'-]+[ ,.;]*){1,4})"
_DEFINITE = re.compile(rf"\b(?:[Tt]he|[Ss]uch){_NOUN}")
_POINTING = re.compile(
    rf"\b(?:[Tt]h(?:is|ese)|(?:with|of|to|for|in|by|from|on|at) th(?:at|ose)){_NOUN}"
)
_DEFINED = frozenset("of who which that whose where for between".split())
"""Words behind a noun that say which one is meant."""
_ANYHOW = frozenset(
    """first second third last next same past latest only best most other rest end beginning time
    year years week month months day morning afternoon evening night world country state city town
    area public government police number way fact weekend season""".split()
)
"""Nouns that everybody knows, and adjectives that say which one is meant."""
_WHO_SAYS = re.compile(r",\sthe\s[^,]{1,40}\s(?:said|says|reported|reports|added)\.?$")
"""Who tells it may be known from the citation."""
_WORD = re.compile(r"[\w’'-]+")


def needs(
    item: Statement, before: Sequence[Statement], language: str
) -> tuple[frozenset[str], ...]:
    """What it takes as known, each by its stems. ``before``: what its article says before it. Only
    in English, whose articles these are."""
    if language != "en" or not before:
        return ()
    told = _WHO_SAYS.sub("", unquoted(item.text))
    introduced = frozenset().union(*(each.stems for each in before[-BEFORE:]))
    pointed = list(_known(_POINTING, told, language))
    known = [stems for stems in _known(_DEFINITE, told, language) if stems & introduced]
    return (*pointed, *known)


def _known(pattern: re.Pattern[str], text: str, language: str) -> Iterator[frozenset[str]]:
    for found in pattern.finditer(text):
        if words := _phrase(found[1]):
            yield frozenset(content(" ".join(words), language))


def _phrase(text: str) -> list[str]:
    """The words of a noun phrase that needs an antecedent; none if it says itself what is meant."""
    words: list[str] = []
    for found in _WORD.finditer(text):
        if found[0] in _DEFINED or found[0] in _ANYHOW:
            return []
        if found[0] in FUNCTION_WORDS:
            break
        words.append(found[0])
        if text[found.end() : found.end() + 1] not in ("", " "):
            break
    return words


def unmet(needed: Sequence[frozenset[str]], told: Collection[str]) -> int:
    """How many of them nothing told has a word of."""
    return sum(stems.isdisjoint(told) for stems in needed)
