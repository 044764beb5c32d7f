"""Which format is written: what ``--format`` asks for, else what the suffix of the output names."""

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from summarizer.errors import SettingsError

__all__ = ["choose", "refuse_suffix"]

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "text": (".txt", ".text"),
    "md": (".md", ".markdown"),
    "html": (".html", ".htm"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "junit": (".xml", ".junit"),
    "toml": (".toml",),
}
"""Format -> the suffixes that name it, the usual one first."""

Format = TypeVar("Format", bound=StrEnum)


def choose(asked: Format | None, output: Path | None, formats: type[Format]) -> Format:
    """``asked``, else the format that the suffix of ``output`` names, else the first there is.

    Raises SettingsError where the suffix names another format than the one that is written.
    """
    suffix = _suffix(output)
    named = next((each for each in formats if suffix in SUFFIXES[each]), None)
    if asked is None and named is None:
        refuse_suffix(output, *formats)
    chosen = asked or named or next(iter(formats))
    hint = f"name it {SUFFIXES[chosen][0]}, or leave --format out" if named else ""
    refuse_suffix(output, chosen, hint=hint)
    return chosen


def refuse_suffix(output: Path | None, *formats: str, hint: str = "") -> None:
    """Raises SettingsError where the suffix of ``output`` names none of ``formats``."""
    suffix = _suffix(output)
    if suffix and not any(suffix in SUFFIXES[each] for each in formats):
        written = " or ".join(formats)
        usual = " or ".join(SUFFIXES[each][0] for each in formats)
        raise SettingsError(
            f"{written} is written, which a name in {suffix} does not say",
            subject=str(output),
            hint=hint or f"name it {usual}",
        )


def _suffix(output: Path | None) -> str:
    """The suffix in lower case; "" where it names no format, as in "report.2025", or where what is
    written to is a device or a pipe."""
    if output is None:
        return ""
    with suppress(OSError):  # a folder that may not be read: writing fails in its own words
        if output.exists() and not output.is_file():
            return ""
    suffix = output.suffix.lower()
    return suffix if any(letter.isalpha() for letter in suffix) else ""
