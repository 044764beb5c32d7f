"""What a text holds, found once: a passage is asked about many times."""

from functools import lru_cache

from summarizer.text import dates, entities, names, numbers, quotes
from summarizer.text.dates import Mention
from summarizer.text.entities import Aliases
from summarizer.text.names import Name
from summarizer.text.numbers import Quantity
from summarizer.text.quotes import Quotation
from summarizer.text.tokens import words

__all__ = [
    "aliases_in",
    "figures_in",
    "mentions_in",
    "names_in",
    "quantities_in",
    "quotations_in",
]

KEPT = 1 << 13
"""Texts remembered: the chunks of a thousand articles."""


@lru_cache(maxsize=KEPT)
def quantities_in(text: str) -> tuple[Quantity, ...]:
    """See `summarizer.text.numbers.quantities`."""
    return numbers.quantities(text)


@lru_cache(maxsize=KEPT)
def mentions_in(text: str) -> tuple[Mention, ...]:
    """See `summarizer.text.dates.mentions`."""
    return dates.mentions(text)


@lru_cache(maxsize=KEPT)
def figures_in(text: str) -> frozenset[tuple[str, str]]:
    """Each folded word of a figure or a date, beside the whole of it as it stands."""
    spans = [found.span for found in quantities_in(text)] + [m.span for m in mentions_in(text)]
    stretches = [text[start:end] for start, end in spans]
    return frozenset((word, whole) for whole in stretches for word in words(whole))


@lru_cache(maxsize=KEPT)
def names_in(text: str, elsewhere: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """See `summarizer.text.names.names`."""
    return names.names(text, elsewhere)


@lru_cache(maxsize=KEPT)
def quotations_in(text: str) -> tuple[Quotation, ...]:
    """See `summarizer.text.quotes.quotations`."""
    return quotes.quotations(text)


@lru_cache(maxsize=KEPT)
def aliases_in(texts: tuple[str, ...]) -> Aliases:
    """What the texts themselves license, see `summarizer.text.entities.aliases`."""
    return entities.aliases(texts)
