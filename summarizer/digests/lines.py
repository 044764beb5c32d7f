"""On which line of a TOML file a value stands: the parser of the standard library does not say."""

import re
import tomllib
from collections.abc import Sequence

__all__ = ["line_of"]

_BEGINS = re.compile(r"""\s*(?:\[|[\w."'-]+\s*=)""")
"""What a statement begins like; a line inside a string or list may look the same."""


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line on which the statement begins that gives the value at ``keys``; of a value that
    is missing, the line of the innermost table that should hold it.

    ``text`` is valid TOML. It is parsed up to where a statement may end, so that no second
    grammar is needed: the value is in all beginnings that are whole and long enough.

    >>> line_of("a = 1\\n[[b]]\\nc = [\\n 2]\\n", ["b", 0, "c", 0])
    3
    """
    while keys and not _holds(text, keys):
        keys = keys[:-1]
    lines = text.splitlines()
    begins = [at for at, line in enumerate(lines) if _BEGINS.match(line)]
    found, beyond = 0, len(begins)  # the statements found .. beyond - 1 are in question
    while keys and found < beyond - 1:
        middle = (found + beyond) // 2
        whole = next((n for n in range(middle, found, -1) if _is_whole(lines[: begins[n]])), found)
        if whole == found:  # what looks like statements up to here is inside of one
            inside = range(middle + 1, beyond)
            whole = next((n for n in inside if _is_whole(lines[: begins[n]])), beyond)
            if whole == beyond or _holds("\n".join(lines[: begins[whole]]), keys):
                break
            found = whole
        elif _holds("\n".join(lines[: begins[whole]]), keys):
            beyond = whole
        else:
            found = whole
    return begins[found] + 1 if keys else 1


def _is_whole(lines: Sequence[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _holds(text: str, keys: Sequence[str | int]) -> bool:
    found: object = tomllib.loads(text)
    for key in keys:
        try:
            found = found[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return False
    return True
