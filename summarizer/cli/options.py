"""Arguments and options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AllowPrivate", "Output", "Paths"]

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        show_default=False,
        help="Files, folders, globs, http(s) URLs, or - for standard input.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, atomically.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Fetch from private and loopback addresses too.")
]
