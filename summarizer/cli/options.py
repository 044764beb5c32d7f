"""Arguments and options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AllowPrivate",
    "ApiBase",
    "AtOnce",
    "Judge",
    "Language",
    "MaxCost",
    "MaxTokens",
    "Model",
    "NoCache",
    "Output",
    "Paths",
    "PerMinute",
    "Prompts",
    "Record",
    "Replay",
    "Timeout",
    "Verbose",
]


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
Model = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Model that writes, as PROVIDER/NAME; none: the sources' words."
    ),
]
ApiBase = Annotated[str, typer.Option(metavar="URL", help="Server of a local or compatible model.")]
Judge = Annotated[
    str, typer.Option(metavar="NAME", help="Model that judges what the checks leave uncertain.")
]
MaxCost = Annotated[
    float | None, typer.Option(min=0, metavar="USD", help="Spend no more on models.")
]
MaxTokens = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Tokens in and out, at most.")
]
AtOnce = Annotated[int, typer.Option(min=1, metavar="N", help="Calls under way at a time.")]
PerMinute = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Calls a minute; default: no limit.")
]
Timeout = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Wait so long for a model to answer.")
]
Record = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write every answer of the models down.")
]
Replay = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Answer from a recording, without a key.")
]
Prompts = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of prompt files that replace ours.")
]
Language = Annotated[
    str, typer.Option(metavar="CODE", help="Language to write in; default: the sources'.")
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log one line per call of a model.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither look up nor keep answers.")]
