"""The values that checks work on, and what a text contains, computed once for each text.

A passage is looked at by many checks, so its quantities, dates, names and quotations are cached.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from summarizer.briefing import FindingKind, Verdict
from summarizer.text import aliases, dates, names, numbers, quotes
from summarizer.text.aliases import Aliases
from summarizer.text.dates import DateMention
from summarizer.text.names import Name
from summarizer.text.numbers import Quantity
from summarizer.text.quotes import Quotation
from summarizer.text.tokens import folded_words

__all__ = [
    "NO_ALIASES",
    "Claim",
    "Issue",
    "Judgement",
    "Passage",
    "aliases_in",
    "dates_in",
    "figures_in",
    "names_in",
    "quantities_in",
    "quotations_in",
]

NO_ALIASES: Aliases = {}


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that somebody wrote. ``published``: the day from which its dates are read."""

    text: str
    language: str = "en"
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The cited words of one source. ``published``: the day from which its dates are read."""

    text: str
    language: str = "en"
    published: date | None = None


class Issue(NamedTuple):
    """What a check objects to: ``words`` as they are in the claim, ``detail`` beside the evidence.

    ``contradicts``: the evidence says something else in the same place, not merely nothing.
    """

    kind: FindingKind
    words: str
    detail: str
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim by its citations; ``support`` is the calibrated probability, 0 to 1,
    by the method in ``checked_by``: ``rules``, ``nli:NAME`` or ``judge:NAME``."""

    verdict: Verdict
    support: float
    issues: tuple[Issue, ...]
    checked_by: str = "rules"


TEXT_CACHE_SIZE = 1 << 13
"""Texts remembered: the chunks of a thousand articles."""


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def quantities_in(text: str) -> tuple[Quantity, ...]:
    """`summarizer.text.numbers.find_quantities`, cached."""
    return numbers.find_quantities(text)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def dates_in(text: str) -> tuple[DateMention, ...]:
    """`summarizer.text.dates.find_dates`, cached."""
    return dates.find_dates(text)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def figures_in(text: str) -> frozenset[tuple[str, str]]:
    """Each folded word of a figure or a date, beside the whole of it as it stands."""
    spans = [found.span for found in quantities_in(text)] + [m.span for m in dates_in(text)]
    stretches = [text[start:end] for start, end in spans]
    return frozenset((word, whole) for whole in stretches for word in folded_words(whole))


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def names_in(text: str, elsewhere: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """`summarizer.text.names.find_names`, cached."""
    return names.find_names(text, elsewhere)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def quotations_in(text: str) -> tuple[Quotation, ...]:
    """`summarizer.text.quotes.find_quotations`, cached."""
    return quotes.find_quotations(text)


@lru_cache(maxsize=TEXT_CACHE_SIZE)
def aliases_in(texts: tuple[str, ...]) -> Aliases:
    """`summarizer.text.aliases.find_aliases`, cached."""
    return aliases.find_aliases(texts)
