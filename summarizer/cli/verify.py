"""``summarizer verify``: a saved briefing against its sources, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import AllowPrivateOption, NliOption, open_nli_option

if TYPE_CHECKING:
    from summarizer.briefing import Briefing


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A briefing saved as JSON.")
    ],
    nli: NliOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail sentences that are saved as unverified, too.")
    ] = False,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Compare each citation with its source as it is on the web now."
        ),
    ] = False,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Check a saved briefing against its sources.

    Every hash, offset and quote is looked up, without the network: paths as they were given, then
    beside FILE; pages in the cache of fetched pages. Exit code 1 if anything fails. With --live the
    pages are fetched again, and each citation is the same, moved, changed or unavailable.

    \b
    Example:
      summarizer brief seeds -o briefing.json && summarizer verify briefing.json
    """
    from summarizer.api import load_briefing, reread_source
    from summarizer.checking.verify import verify_briefing
    from summarizer.rendering.sanitize import clean_line

    entailment = open_nli_option(nli)
    briefing = load_briefing(file)
    if live:
        _print_live(briefing, file.parent, allow_private)
        return
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


def _print_live(briefing: "Briefing", folder: Path, allow_private: bool) -> None:
    """A line for each citation; exit code 1 unless all are at their place."""
    from collections import Counter

    from summarizer.api import fetch_source
    from summarizer.checking.verify import compare_live
    from summarizer.rendering.sanitize import clean_line, clip_line

    states: Counter[str] = Counter()
    for each in compare_live(briefing, lambda source: fetch_source(source, folder, allow_private)):
        states[each.state] += 1
        where = each.source.url or each.source.path or each.source.id
        reason = f" ({each.detail})" if each.detail else ""
        typer.echo(f"{each.state:<11} {clean_line(where)}{reason}: “{clip_line(each.quote, 60)}”")
    counts = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    typer.echo(f"{states.total()} citations: {counts}")
    if set(states) - {"same"}:
        raise typer.Exit(1)
