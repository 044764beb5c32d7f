"""Arguments and options that commands share; `model_options` has those that name a model."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from summarizer.checking.entailment import EntailmentModel

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


def open_nli_option(path: Path | None) -> "EntailmentModel | None":
    """The model that ``--nli`` names; None where it names none. One that may decide nothing is one
    line on standard error. Raises SettingsError."""
    from summarizer.checking.entailment import open_named_model

    model = open_named_model(path)
    if path and model and (reason := why_undecided(model, path)):
        print(f"summarizer: {reason}", file=sys.stderr)
    return model


def why_undecided(model: "EntailmentModel", path: Path) -> str:
    """Why a model decides nothing, in one line; "" where it decides."""
    if not model.calibration:
        command = f"summarizer nli calibrate {path} ROWS.jsonl"
        return f"{model.name} is not calibrated, so it decides nothing; to measure it: {command}"
    if not model.calibration.decides:
        return f"{model.name} decides nothing: no threshold keeps its errors at 5 % or less"
    return ""
