"""Units, magnitudes and currencies beside a number.

The tables are patterns over lower-cased text; a new unit or language is one more alternative.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from summarizer.text.lexicon import lexicon, lexicons, shared_lexicon
from summarizer.text.numerals import CHINESE_SCALES

CURRENCIES = tuple(shared_lexicon().currencies)
"""The units of money."""
_UNITS = (*shared_lexicon().units, *CURRENCIES)
_FACTORS = tuple(map(float, shared_lexicon().magnitudes))
_SPACED_LETTER = (
    r"a-zß-ÿ\u0100-\u024f\u0370-\u060b\u0620-\u06d3\u06d5-\u0963\u0971-\u0dff\u1e00-\u1fff"
)
"""Letters and vowel signs of the scripts that put spaces between words."""
UNIT_END = rf"(?![{_SPACED_LETTER}0-9])"
"""Pattern of the end of a unit."""
UNIT_START = rf"(?<![{_SPACED_LETTER}])"
"""Pattern of its beginning."""


# Of constant size, as are the patterns below: one value for each language of the package.
@cache
def _patterns(field: Literal["units", "magnitudes"], language: str) -> dict[str, str]:
    """Each unit or factor -> the pattern of its signs, and of its words in a language and English;
    in all languages if none is given, or it has no words for units.

    Of two units that fit, the upper one is meant.
    """
    own = lexicon(language)
    spoken = (lexicon("en"), own) if own.units else lexicons()
    words = [getattr(each, field) for each in (spoken[1:] if language == "en" else spoken)]
    shared = shared_lexicon()
    signs = {**shared.units, **shared.currencies} if field == "units" else shared.magnitudes
    return {
        key: "|".join(filter(None, (*(each.get(key) for each in words), sign)))
        for key, sign in signs.items()
    }


def unit_pattern(unit: str, language: str = "") -> str:
    """How a unit is written in a language; in all languages if none is given."""
    return _patterns("units", language)[unit]


def _grouped_alternation(patterns: Iterable[str]) -> str:
    """One alternation with a capturing group for each row: ``lastindex`` tells which."""
    return "(?:" + "|".join(f"({pattern})" if pattern else "((?!))" for pattern in patterns) + ")"


# Of constant size: one value for each language.
@cache
def _unit_behind(language: str) -> re.Pattern[str]:
    units = _grouped_alternation(_patterns("units", language).values())
    return re.compile(rf"(?: of )?[ -]?{units}{UNIT_END}")


# Of constant size: one value for each language.
@cache
def _magnitude_behind(language: str) -> re.Pattern[str]:
    factors = _grouped_alternation(_patterns("magnitudes", language).values())
    return re.compile(rf"(?: of an?)?[ -]?{factors}(?![{_SPACED_LETTER}])")


# Of constant size: one value for each language.
@cache
def _currency(language: str) -> re.Pattern[str]:
    return re.compile(_grouped_alternation(unit_pattern(each, language) for each in CURRENCIES))


_SHORT_MAGNITUDE = re.compile(r" ?([tbm])(?![a-z])")
_SHORT_COUNT_MAGNITUDE = re.compile(
    r"(m)(?= (?:[a-z]{3,}s|people|men|women|children|yuan|yen|won)\b)"
)
_LOWER_SCALES = {"천": 1e3, "만": 1e4, "억": 1e8} | CHINESE_SCALES
_LOWER_MAGNITUDE = re.compile(r" ?(\d[\d,.]*) ?([亿億억万萬만千천])")
_CURRENCY_PREFIX = re.compile(r"((?:us |[a-z.]{1,4})?[$€£¥₩₴₽₹₺₪]|(?<![a-z])[a-z]{2,3}\.?) ?\Z")


def currency_before(plain: str, low: str, at: int, language: str = "") -> tuple[str, int]:
    """The currency before a number, and where it starts; ``low``: lower-cased."""
    found = _CURRENCY_PREFIX.search(low, max(0, at - 8), at)
    for mark in (found[1], found[1][-1]) if found else ():
        row = _currency(language).fullmatch(mark)
        start = found.end(1) - len(mark) if found else at
        word = plain[start : start + len(mark)]
        if row and (not word.isalpha() or word.isupper() or word == "Rs"):
            return CURRENCIES[(row.lastindex or 1) - 1], start
    return "", at


def magnitude_after(
    text: str, at: int, *, money: bool, language: str = ""
) -> tuple[float, float, int]:
    """What the words and letters at ``at`` multiply by, what they add, and where they end."""
    scale, plus = 1.0, 0.0
    while found := _magnitude_behind(language).match(text, at):
        scale, at = scale * _FACTORS[(found.lastindex or 1) - 1], found.end()
        if rest := _LOWER_MAGNITUDE.match(text, at):
            plus = float(rest[1].replace(",", "")) * _LOWER_SCALES[rest[2]]
            at = rest.end()
    if scale == 1 and (
        short := (_SHORT_MAGNITUDE if money else _SHORT_COUNT_MAGNITUDE).match(text, at)
    ):
        scale, at = {"t": 1e12, "b": 1e9, "m": 1e6}[short[1]], short.end()
    return scale, plus, at


def unit_after(text: str, at: int, *, rare: bool, language: str = "") -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends.

    ``rare``: after a number so small, "won" is the verb.
    """
    found = _unit_behind(language).match(text, at)
    if not found or (rare and found[0].strip() == "won"):
        return "", at
    return _UNITS[(found.lastindex or 1) - 1], found.end()
