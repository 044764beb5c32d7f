"""``summarizer verify``: a saved briefing against its sources, offline."""

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import NliOption, open_nli_option


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A briefing saved as JSON.")
    ],
    nli: NliOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail sentences that are saved as unverified, too.")
    ] = False,
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
    open_sentences = [s.text for s in briefing.all_sentences() if s.verdict == "unverified"]
    unverified = open_sentences if strict else []
    for failure in (*found.failures, *(f"“{text}”: unverified" for text in unverified)):
        typer.echo(clean_line(str(failure)))
    for failure in found.unavailable:
        typer.echo(clean_line(f"{failure.subject}: not verified: {failure.message}"))
    total, missing = len(briefing.sources), len(found.unavailable)
    typer.echo(
        f"{found.checked} citations looked up in {total - missing} of {total} sources: "
        f"{len(found.failures) + len(unverified)} failures"
    )
    if found.failures or found.unavailable or unverified:
        raise typer.Exit(1)
