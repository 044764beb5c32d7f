"""Units, magnitudes and currencies beside a number.

The tables are patterns over lower-cased text; a new unit or language is one more alternative.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from summarizer.text.lexicon import lexicons, shared_lexicon
from summarizer.text.numerals import CHINESE_SCALES


def _with_words(shared: Mapping[str, str], field: Literal["units", "magnitudes"]) -> dict[str, str]:
    """Each unit or factor -> the pattern of its signs and of its words in all languages."""
    spoken = [getattr(words, field) for words in lexicons()]
    return {
        key: "|".join(filter(None, (*(words.get(key) for words in spoken), signs)))
        for key, signs in shared.items()
    }


UNIT_PATTERNS = _with_words({**shared_lexicon().units, **shared_lexicon().currencies}, "units")
"""Canonical unit -> how it is written; of two that fit, the upper one is meant."""
CURRENCIES = tuple(shared_lexicon().currencies)
"""The units of money."""
MAGNITUDE_PATTERNS = {
    float(factor): pattern
    for factor, pattern in _with_words(shared_lexicon().magnitudes, "magnitudes").items()
}
"""What a word multiplies by -> how it is written."""


def _grouped_alternation(patterns: Iterable[str]) -> str:
    """One alternation with a capturing group for each row: ``lastindex`` tells which."""
    return "(?:" + "|".join(f"({pattern})" for pattern in patterns) + ")"


UNIT_END = r"(?![a-zà-ÿа-яёіїєґ0-9])"
"""Pattern of the end of a unit."""
_UNIT = re.compile(rf"(?: of )?[ -]?{_grouped_alternation(UNIT_PATTERNS.values())}{UNIT_END}")
_CURRENCY = re.compile(_grouped_alternation(UNIT_PATTERNS[unit] for unit in CURRENCIES))
_MAGNITUDE = re.compile(
    rf"(?: of an?)?[ -]?{_grouped_alternation(MAGNITUDE_PATTERNS.values())}(?![a-zà-ÿа-яёіїєґ])"
)
_SHORT_MAGNITUDE = re.compile(r" ?([tbm])(?![a-z])")
_SHORT_COUNT_MAGNITUDE = re.compile(
    r"(m)(?= (?:[a-z]{3,}s|people|men|women|children|yuan|yen|won)\b)"
)
_LOWER_SCALES = {"천": 1e3, "만": 1e4, "억": 1e8} | CHINESE_SCALES
_LOWER_MAGNITUDE = re.compile(r" ?(\d[\d,.]*) ?([亿億억万萬만千천])")
_CURRENCY_PREFIX = re.compile(r"((?:us |[a-z.]{1,4})?[$€£¥₩₴₽₹₺₪]|(?<![a-z])[a-z]{2,3}\.?) ?\Z")


def currency_before(plain: str, low: str, at: int) -> tuple[str, int]:
    """The currency before a number, and where it starts; ``low``: lower-cased."""
    found = _CURRENCY_PREFIX.search(low, max(0, at - 8), at)
    for mark in (found[1], found[1][-1]) if found else ():
        row = _CURRENCY.fullmatch(mark)
        start = found.end(1) - len(mark) if found else at
        word = plain[start : start + len(mark)]
        if row and (not word.isalpha() or word.isupper() or word == "Rs"):
            return CURRENCIES[(row.lastindex or 1) - 1], start
    return "", at


def magnitude_after(text: str, at: int, *, money: bool) -> tuple[float, float, int]:
    """What the words and letters at ``at`` multiply by, what they add, and where they end."""
    scale, plus = 1.0, 0.0
    while found := _MAGNITUDE.match(text, at):
        scale, at = scale * tuple(MAGNITUDE_PATTERNS)[(found.lastindex or 1) - 1], found.end()
        if rest := _LOWER_MAGNITUDE.match(text, at):
            plus = float(rest[1].replace(",", "")) * _LOWER_SCALES[rest[2]]
            at = rest.end()
    if scale == 1 and (
        short := (_SHORT_MAGNITUDE if money else _SHORT_COUNT_MAGNITUDE).match(text, at)
    ):
        scale, at = {"t": 1e12, "b": 1e9, "m": 1e6}[short[1]], short.end()
    return scale, plus, at


def unit_after(text: str, at: int, *, rare: bool) -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends.

    ``rare``: after a number so small, "won" is the verb.
    """
    found = _UNIT.match(text, at)
    if not found or (rare and found[0].strip() == "won"):
        return "", at
    return tuple(UNIT_PATTERNS)[(found.lastindex or 1) - 1], found.end()
