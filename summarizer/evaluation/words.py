"""Whether a text holds words, however they are capitalised, quoted or spaced."""

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["holds", "holds_all", "plain"]

_QUOTES = str.maketrans("“”„‟«»‘’‚‛`", '""""""\'\'\'\'\'')


@lru_cache(maxsize=1 << 12)
def plain(text: str) -> str:
    """Case-folded, with straight quotation marks and single spaces.

    >>> plain("“Taiwan’s  return”")
    '"taiwan\\'s return"'
    """
    return " ".join(text.translate(_QUOTES).casefold().split())


def holds(text: str, words: str) -> bool:
    """Whether ``words`` stand in ``text``, from one word's edge to another's. ``|`` parts
    alternatives. Scripts that write no spaces, or glue endings on, know no edges.

    >>> holds("Twelve people, not 312", "12|twelve"), holds("not 312", "12"), holds("東京都", "京")
    (True, False, True)
    """
    return _pattern(words).search(plain(text)) is not None


def holds_all(text: str, words: Iterable[str]) -> bool:
    """Whether all of them stand in the text."""
    return all(holds(text, each) for each in words)


@lru_cache(maxsize=1 << 10)
def _pattern(words: str) -> re.Pattern[str]:
    alternatives = (plain(each) for each in words.split("|"))
    return re.compile("|".join(_edged(each) for each in alternatives if each) or r"(?!)")


def _edged(words: str) -> str:
    before = r"(?<!\w)" if _has_edges(words[0]) else ""
    after = r"(?!\w)" if _has_edges(words[-1]) else ""
    return f"{before}{re.escape(words)}{after}"


def _has_edges(letter: str) -> bool:
    """Digits, and the letters of scripts that have capitals: Latin, Cyrillic, Greek."""
    return letter.isdigit() or letter.upper() != letter.lower()
