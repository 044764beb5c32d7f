"""Patterns that are compiled when a text first needs them, and parts that many of them share."""

import re
import unicodedata
from functools import cache


def _mark_ranges() -> str:
    """The combining marks of the scripts up to Sinhala as ranges for the brackets of a pattern."""
    marks = [code for code in range(0x300, 0x1000) if unicodedata.category(chr(code))[0] == "M"]
    firsts = [code for code in marks if code - 1 not in marks]
    lasts = [code for code in marks if code + 1 not in marks]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True))


COMBINING_MARKS = f"\u200c\u200d{_mark_ranges()}"
"""Vowel signs, points and accents that stay inside a word, and the joiners of Persian and Hindi: to
``re`` none of them is a letter. For the brackets of a pattern."""

_NATIVE_ZEROS = "٠۰०০๐"
_NATIVE_DIGITS = str.maketrans(
    {chr(ord(zero) + value): str(value) for zero in _NATIVE_ZEROS for value in range(10)}
)
_NATIVE_DIGIT = re.compile("[٠-٩۰-۹०-९০-৯๐-๙]")


def plain_digits(text: str) -> str:
    """The text with the digits of Arabic, Persian, Hindi, Bengali and Thai as 0 to 9; its length
    stays the same.

    >>> plain_digits("٤٨")
    '48'
    """
    return text.translate(_NATIVE_DIGITS) if _NATIVE_DIGIT.search(text) else text


# Of constant size: it holds patterns that are written in this package, never a text. `re.compile`
# also keeps what it compiled, but only the last 512 patterns, and one of these takes 50 ms.
@cache
def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The compiled pattern. For those that most runs never need, or that take long to compile."""
    return re.compile(pattern, flags)
