"""Arguments and options that commands share; `model_options` has those that name a model."""

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["AllowPrivateOption", "NliOption", "OutputOption", "PathsArgument", "enum_format_option"]

PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        show_default=False,
        help="Files, folders, globs, http(s) URLs, or - for standard input.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, atomically.")
]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch private and loopback addresses.")
]
NliOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH", help="Model on this machine that reads what the rules leave open."
    ),
]


def enum_format_option() -> Any:
    """``--format``; its values are those of the command's own enumeration."""
    return typer.Option(
        "--format",
        "-f",
        show_default=False,
        help="Output format; default: by the suffix of --output, else text.",
    )
