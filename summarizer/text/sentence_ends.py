"""The marks that end a sentence, in every script that the program reads: one definition for all."""

import re

__all__ = ["CLOSING", "EXCLAIMING", "FULL_STOPS", "QUESTIONING", "STOPS", "final_mark", "is_ended"]

FULL_STOPS = ".。．｡।॥۔։።"
QUESTIONING = "?？؟"
EXCLAIMING = "!！"
STOPS = f"{FULL_STOPS}…{QUESTIONING}{EXCLAIMING}"
"""Sentence terminals (Unicode Sentence_Terminal, as far as news uses them); none is special inside
the brackets of a pattern."""

CLOSING = "\"'”’“‘»«›‹」』)）］\\]〉》】"
"""What may close behind a terminal, escaped for the brackets of a pattern. German and Polish close
„…“ with the mark that opens in English, Danish and German »…« with the French opening mark."""

_END = re.compile(rf"([{STOPS}])[{CLOSING}]*$")


def final_mark(text: str) -> str:
    """The terminal that ends a text, behind it at most closing marks; "" if none does.

    >>> final_mark("„Das Dach brennt.“"), final_mark("आग लग गई।"), final_mark("A title")
    ('.', '।', '')
    """
    found = _END.search(text)
    return found[1] if found else ""


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(final_mark(text))
