"""Which format is written: what ``--format`` names, else what the suffix of the output names."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from summarizer.errors import SettingsError
from summarizer.rendering.formats import (
    FORMATS,
    document_formats,
    find_format,
    render_document,
)

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit
    from summarizer.briefing import Briefing
    from summarizer.edition import Edition
    from summarizer.rendering.view import DocumentKind

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    **{each.name: each.suffixes for each in FORMATS.values()},
    "jsonl": (".jsonl", ".ndjson"),
    "junit": (".xml", ".junit"),
    "toml": (".toml",),
}
"""Format -> the suffixes that name it, the usual one first: those of documents, and those of what
else a command writes."""

Format = TypeVar("Format", bound=StrEnum)


def format_option(kind: "DocumentKind") -> Any:
    """The option ``--format`` of a command that writes a document of this kind."""
    names = [each.name for each in document_formats(kind)]

    def parse(value: str) -> str:
        chosen = find_format(value, kind)
        if chosen is None:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(map(repr, names))}.")
        return chosen.name

    return typer.Option(
        "--format",
        "-f",
        parser=parse,
        metavar=f"[{'|'.join(names)}]",
        help="Default: by the suffix of --output, else text.",
        show_default=False,
        autocompletion=lambda: names,
    )


def choose_format(asked: str | None, output: Path | None, kind: "DocumentKind") -> str:
    """The name of the format in which a document of this kind is written, as `choose` finds it."""
    return _choose_name(asked, output, [each.name for each in document_formats(kind)])


def write_document(
    document: "Briefing | Edition | DraftAudit",
    name: str,
    texts: Mapping[str, str],
    output: Path | None,
) -> None:
    """Writes the document in the format of that name, as wide and colourful as the terminal is.

    ``texts`` (source id -> article snapshot) are the context of quotations.
    """
    from summarizer.cli.io import terminal_width, use_color, write_output
    from summarizer.rendering.view import RenderOptions

    options = RenderOptions(texts, terminal_width(), use_color())
    write_output(render_document(document, name, options), output)


def choose(asked: Format | None, output: Path | None, formats: type[Format]) -> Format:
    """``asked``, else the format that the suffix of ``output`` names, else the first of all.

    Raises SettingsError where the suffix names another format than the one that is written.
    """
    return formats(_choose_name(asked, output, list(formats)))


def _choose_name(asked: str | None, output: Path | None, names: Sequence[str]) -> str:
    suffix = _suffix(output)
    named = next((name for name in names if suffix in SUFFIXES[name]), None)
    if asked is None and named is None:
        refuse_suffix(output, *names)
    chosen = asked or named or names[0]
    hint = f"name it {SUFFIXES[chosen][0]}, or leave --format out" if named else ""
    refuse_suffix(output, chosen, hint=hint)
    return chosen


def refuse_suffix(output: Path | None, *formats: str, hint: str = "") -> None:
    """Raises SettingsError where the suffix of ``output`` names none of ``formats``."""
    suffix = _suffix(output)
    if suffix and not any(suffix in SUFFIXES[each] for each in formats):
        usual = " or ".join(SUFFIXES[each][0] for each in formats)
        raise SettingsError(
            f"{' or '.join(formats)} is written, which a name in {suffix} does not say",
            subject=str(output),
            hint=hint or f"name it {usual}",
        )


def _suffix(output: Path | None) -> str:
    """The suffix in lower case; "" where it names no format, as in "report.2025", or where the
    output is a device or a pipe."""
    if output is None:
        return ""
    with suppress(OSError):  # a folder that may not be read: writing fails in its own words
        if output.exists() and not output.is_file():
            return ""
    suffix = output.suffix.lower()
    return suffix if any(letter.isalpha() for letter in suffix) else ""
