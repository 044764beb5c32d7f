"""``summarizer verify``: a saved briefing against its sources, offline."""

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import NliOption, open_nli_option

__all__ = ["verify"]


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A briefing saved as JSON.")
    ],
    nli: NliOption = None,
) -> None:
    """Check a saved briefing against its sources.

    Every hash, offset and quote is looked up, without the network: paths as they were given, then
    beside FILE; pages in the cache of fetched pages. Exit code 1 if anything fails.

    \b
    Example:
      summarizer brief seeds -o briefing.json && summarizer verify briefing.json
    """
    from summarizer.api import load_briefing, reread_source
    from summarizer.checking.verify import verify_briefing
    from summarizer.rendering.sanitize import clean_line

    entailment = open_nli_option(nli)
    briefing = load_briefing(file)
    found = verify_briefing(briefing, lambda source: reread_source(source, file.parent), entailment)
    for failure in found.failures:
        typer.echo(clean_line(str(failure)))
    for failure in found.unavailable:
        typer.echo(clean_line(f"{failure.subject}: not verified: {failure.message}"))
    total, missing = len(briefing.sources), len(found.unavailable)
    typer.echo(
        f"{found.checked} citations looked up in {total - missing} of {total} sources: "
        f"{len(found.failures)} failures"
    )
    if found.failures or found.unavailable:
        raise typer.Exit(1)
