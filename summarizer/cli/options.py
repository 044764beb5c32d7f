"""Arguments and options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AllowPrivateOption",
    "ApiBaseOption",
    "AtOnceOption",
    "JudgeOption",
    "LanguageOption",
    "MaxCostOption",
    "MaxTokensOption",
    "ModelOption",
    "NoCacheOption",
    "OutputOption",
    "PathsArgument",
    "PerMinuteOption",
    "PromptsOption",
    "RecordOption",
    "ReplayOption",
    "TimeoutOption",
    "VerboseOption",
]


PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        show_default=False,
        help="Files, folders, globs, http(s) URLs, or - for standard input.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, atomically.")
]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Fetch from private and loopback addresses too.")
]
ModelOption = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Model that writes, as PROVIDER/NAME; none: the sources' words."
    ),
]
ApiBaseOption = Annotated[
    str, typer.Option(metavar="URL", help="Server of a local or compatible model.")
]
JudgeOption = Annotated[
    str, typer.Option(metavar="NAME", help="Model that judges what the checks leave uncertain.")
]
MaxCostOption = Annotated[
    float | None, typer.Option(min=0, metavar="USD", help="Spend no more on models.")
]
MaxTokensOption = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Tokens in and out, at most.")
]
AtOnceOption = Annotated[int, typer.Option(min=1, metavar="N", help="Calls under way at a time.")]
PerMinuteOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Calls a minute; default: no limit.")
]
TimeoutOption = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Wait so long for a model to answer.")
]
RecordOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write every answer of the models down.")
]
ReplayOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Answer from a recording, without a key.")
]
PromptsOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of prompt files that replace ours.")
]
LanguageOption = Annotated[
    str, typer.Option(metavar="CODE", help="Language to write in; default: the sources'.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Log one line per call of a model.")]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Neither look up nor keep answers.")
]
