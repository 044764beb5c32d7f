"""What is wrong with a digest's file, in one line: file, line, key, and how to correct it."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.digests.delivery import CHANNELS
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import ValidationError

_STATEMENT_START = re.compile(r"""\s*(?:\[|[\w."'-]+\s*=)""")
"""The beginning of a statement; a line inside a string or list may look the same."""


def line_of_key(text: str, keys: Sequence[str | int]) -> int:
    """The line on which the statement with the value at ``keys`` begins; for a missing value, that
    of the innermost table that should contain it.

    ``text`` is valid TOML. Beginnings of it are parsed, so that no second grammar is needed: the
    value is in all beginnings that are complete and long enough.

    >>> line_of_key("a = 1\\n[[b]]\\nc = [\\n 2]\\n", ["b", 0, "c", 0])
    3
    """
    while keys and not _has_key(text, keys):
        keys = keys[:-1]
    lines = text.splitlines()
    starts = [index for index, line in enumerate(lines) if _STATEMENT_START.match(line)]

    def last_complete(number: int) -> int:
        """The last of the first starts at which a statement begins, not a line inside of one."""
        return next((n for n in range(number, 0, -1) if _is_complete(lines[: starts[n]])), 0)

    def has_key_before(number: int) -> bool:
        return _has_key("\n".join(lines[: starts[last_complete(number)]]), keys)

    if not keys:
        return 1
    first_behind = bisect_left(range(len(starts)), True, key=has_key_before)
    return starts[last_complete(first_behind - 1)] + 1


def _is_complete(lines: Sequence[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _has_key(text: str, keys: Sequence[str | int]) -> bool:
    value: object = tomllib.loads(text)
    for key in keys:
        try:
            value = value[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return False
    return True


_TOML_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_FORM_HINTS = {
    "name": "small letters, digits and hyphens, at most 64, beginning with a letter or digit",
    "_env": "the name of an environment variable, such as SMTP_PASSWORD, which holds the secret",
}
_MISSING_HINTS = {
    "name": 'name = "world"',
    "schedule": 'schedule = "0 6 * * *" is six every morning',
    "timezone": 'timezone = "Europe/Berlin"',
    "sources": "a table [sources] with feeds, opml, sitemaps, pages or folders, or [[mailboxes]]",
    "deliveries": "at least one table [[deliveries]]",
    "kind": f"kind is {', '.join([*CHANNELS][:-1])} or {[*CHANNELS][-1]}",
}


def toml_error(path: Path, text: str, error: Exception) -> SettingsError:
    """The error of a file that is not TOML, with the line."""
    if isinstance(error, RecursionError):
        return SettingsError("is nested too deeply", subject=str(path))
    place = _TOML_POSITION.search(str(error))
    line = place[1] if place and place[1] else str(len(text.splitlines()))
    what = _TOML_POSITION.sub("", str(error))
    return SettingsError(
        f"is not TOML: {what[:1].lower()}{what[1:]}",
        subject=f"{path}:{line}",
        hint="a text needs quotes" if "Invalid value" in what else "",
    )


def config_error(
    path: Path, text: str, error: "ValidationError", known: Sequence[str], *, within: str = ""
) -> SettingsError:
    """The first error (a misspelt key before all others), and how many more there are.

    ``known``: all keys there are; ``within``: the table that was validated.
    """
    errors = error.errors(include_url=False)
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    keys = _keys_in_file(tomllib.loads(text), (*filter(None, [within]), *first["loc"]))
    what, hint = _message_and_hint(first, str(keys[-1]) if keys else "", known)
    named = ".".join(key for key in keys if isinstance(key, str))
    more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
    return SettingsError(
        f"{named}: {what}{more}" if named else f"{what}{more}",
        subject=f"{path}:{line_of_key(text, keys)}",
        hint=hint,
    )


def _keys_in_file(raw: Mapping[str, Any], where: Sequence[str | int]) -> list[str | int]:
    """pydantic's location without the tags of a union, which are not keys; the last key may be
    missing."""
    keys: list[str | int] = []
    value: Any = raw
    for index, key in enumerate(where):
        missing = isinstance(value, dict) and key not in value
        if missing and (index < len(where) - 1 or value.get("kind") == key):
            continue
        if isinstance(value, dict):
            keys.append(key)
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            keys.append(key)
            value = value[key]
    return keys


def _message_and_hint(error: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, str]:
    kind, shown = error["type"], repr(error["input"])[:60]
    message = " ".join(error["msg"].removeprefix("Value error, ").split())
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    secret = key.endswith("_env")  # its value may be the secret itself, which is not shown
    texts = {
        "missing": ("is missing", _MISSING_HINTS.get(key, "")),
        "union_tag_not_found": ("has no kind", _MISSING_HINTS["kind"]),
        "union_tag_invalid": ("has an unknown kind", _MISSING_HINTS["kind"]),
        "extra_forbidden": ("is not known here", f"did you mean {near[0]}?" if near else ""),
        "string_pattern_mismatch": (
            "has the wrong form" if secret else f"has the wrong form: {shown}",
            _FORM_HINTS["_env" if secret else "name"],
        ),
        "too_short": ("is empty", _MISSING_HINTS.get(key, "")),
        "value_error": (message, ""),
    }
    form = message.removeprefix("Input ").partition(", unable")[0]
    return texts.get(kind, (f"{form}, and is {shown}", ""))
