"""Arguments, options and steps that the commands of ``eval`` share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.evaluation.cases import Suite

__all__ = ["AtOnceCases", "Keep", "Limit", "Only", "Repeat", "Suites", "load_suites"]

Suites = Annotated[
    list[Path],
    typer.Argument(metavar="SUITE...", show_default=False, help="Suite files, or folders of them."),
]
Only = Annotated[str, typer.Option(metavar="TEXT", help="Only cases with this in SUITE/NAME.")]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", show_default=False, help="The first N cases.")
]
Repeat = Annotated[int, typer.Option(min=1, metavar="N", help="Each case N times, with variance.")]
AtOnceCases = Annotated[
    int | None,
    typer.Option(
        "--cases-at-once", min=1, metavar="N", show_default=False, help="Default: one a core."
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        show_default=False,
        help="Keep each finished case here; after a kill the same command goes on.",
    ),
]


def load_suites(paths: Sequence[Path]) -> "list[Suite]":
    """The suites in files and folders. Raises SettingsError."""
    from summarizer.evaluation.evaluators import EVALUATORS
    from summarizer.evaluation.suites import find, load

    return load(find(paths), {name: each.kind for name, each in EVALUATORS.items()})
