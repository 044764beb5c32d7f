"""``summarizer eval compare``: two kept runs, case by case."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import Output

__all__ = ["Format", "compare"]


class Format(StrEnum):
    """How the differences are told."""

    text = "text"
    json = "json"


Run = Annotated[Path, typer.Argument(show_default=False, help="A folder that --keep made.")]


def compare(
    a: Run,
    b: Run,
    format: Annotated[
        Format | None,
        typer.Option(
            help="How the differences are told. Default: by the suffix of --output, else text.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Compare two runs: what differs, case by case, and whether that is more than chance.

    \b
    Example:
      summarizer eval run mine.yaml --keep before
      summarizer eval run mine.yaml --keep after --prompts my-prompts --model ...
      summarizer eval compare before after
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.output import deliver
    from summarizer.evaluation import comparison
    from summarizer.evaluation.kept import rows_of

    chosen = choose(format, output, Format)
    found = comparison.compare(rows_of(a), rows_of(b))
    render = comparison.render_json if chosen is Format.json else comparison.render
    deliver(render(found), output)
