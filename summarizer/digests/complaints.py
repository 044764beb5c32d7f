"""What is wrong with a digest's file, in one line: file, line, key, and what would mend it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.digests.lines import line_of
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["broken", "told"]

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_FORMS = {
    "name": "small letters, digits and hyphens, at most 64, beginning with a letter or digit",
    "_env": "the name of an environment variable, as in SMTP_PASSWORD; the secret is put there",
}
_MISSING = {
    "name": 'name = "world"',
    "schedule": 'schedule = "0 6 * * *" is six every morning',
    "timezone": 'timezone = "Europe/Berlin"',
    "sources": "a table [sources] with feeds, opml, sitemaps, pages or folders",
    "deliveries": "at least one table [[deliveries]]",
    "kind": "kind is file, email, webhook or atom",
}


def broken(path: Path, text: str, error: Exception) -> SettingsError:
    """Of a file that is no TOML."""
    if isinstance(error, RecursionError):
        return SettingsError("is nested too deeply", subject=str(path))
    place = _PLACE.search(str(error))
    line = place[1] if place and place[1] else str(len(text.splitlines()))
    what = _PLACE.sub("", str(error))
    return SettingsError(
        f"is no TOML: {what[:1].lower()}{what[1:]}",
        subject=f"{path}:{line}",
        hint="a text stands in quotes" if "Invalid value" in what else "",
    )


def told(
    path: Path, text: str, error: "ValidationError", known: Sequence[str], *, within: str = ""
) -> SettingsError:
    """The first complaint (a misspelt key before all), and how many there are beside it.

    ``known`` are
    the table that was looked at."""
    errors = error.errors(include_url=False)
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    keys = _in_file(tomllib.loads(text), (*filter(None, [within]), *first["loc"]))
    what, hint = _said(first, str(keys[-1]) if keys else "", known)
    named = ".".join(key for key in keys if isinstance(key, str))
    more = f"; and {len(errors) - 1} more" if len(errors) > 1 else ""
    return SettingsError(
        f"{named}: {what}{more}" if named else f"{what}{more}",
        subject=f"{path}:{line_of(text, keys)}",
        hint=hint,
    )


def _in_file(raw: Mapping[str, Any], where: Sequence[str | int]) -> list[str | int]:
    """pydantic's place without the tags of a union, which are no keys; the last may be missing."""
    keys: list[str | int] = []
    found: Any = raw
    for at, key in enumerate(where):
        missing = isinstance(found, dict) and key not in found
        if missing and (at < len(where) - 1 or found.get("kind") == key):
            continue
        if isinstance(found, dict):
            keys.append(key)
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(found):
            keys.append(key)
            found = found[key]
    return keys


def _said(error: "ErrorDetails", key: str, known: Sequence[str]) -> tuple[str, str]:
    """What is wrong, and the hint."""
    kind, shown = error["type"], repr(error["input"])[:60]
    message = " ".join(error["msg"].removeprefix("Value error, ").split())
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    secret = key.endswith("_env")  # somebody may have put the secret itself there
    said = {
        "missing": ("is missing", _MISSING.get(key, "")),
        "union_tag_not_found": ("has no kind", _MISSING["kind"]),
        "union_tag_invalid": ("has an unknown kind", _MISSING["kind"]),
        "extra_forbidden": ("is not known here", f"did you mean {near[0]}?" if near else ""),
        "string_pattern_mismatch": (
            "has the wrong form" if secret else f"has the wrong form: {shown}",
            _FORMS["_env" if secret else "name"],
        ),
        "too_short": ("is empty", _MISSING.get(key, "")),
        "value_error": (message, ""),
    }
    form = message.removeprefix("Input ").partition(", unable")[0]
    return said.get(kind, (f"{form}, and is {shown}", ""))
