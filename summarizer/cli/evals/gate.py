"""``summarizer eval gate``: quality against the floors it may not fall below."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import AtOnceCases, Suites, load_suites

if TYPE_CHECKING:
    from summarizer.evaluation.gate import Baseline
    from summarizer.evaluation.summary import Summary

__all__ = ["gate"]

File = Annotated[Path, typer.Option("--baseline", metavar="FILE", help="The floors.")]
Update = Annotated[
    bool, typer.Option("--update", help="Write what is measured now as the new floors.")
]
AllowRegression = Annotated[
    bool, typer.Option("--allow-regression", help="With --update: lower floors too.")
]


def gate(
    suites: Suites,
    baseline: File = Path("evals/baseline.json"),
    update: Update = False,
    allow_regression: AllowRegression = False,
    cases_at_once: AtOnceCases = None,
) -> None:
    """Run suites with their mocked models, and fail when a score falls below its floor.

    Exit code 1 when a floor is not met or a case fails, 2 when the suites or the prompts are not
    those that the floors were measured on: look at what changed, and renew them with --update.

    \b
    Examples:
      summarizer eval gate evals/suites
      summarizer eval gate evals/suites --update
    """
    from summarizer.errors import SettingsError
    from summarizer.evaluation import gate as held
    from summarizer.evaluation.runner import Plan, chosen, run
    from summarizer.evaluation.summary import summarise

    if allow_regression and not update:
        raise SettingsError("means nothing without --update", subject="--allow-regression")
    loaded = load_suites(suites)
    old = None if update and not baseline.exists() else held.read(baseline)
    if old is not None and not update:
        held.refuse_changed(old, held.described(loaded), baseline)
    plan = Plan(at_once=cases_at_once)
    summary = summarise(run(chosen(loaded, plan), plan), loaded)
    _refuse_invalid(summary)
    if update:
        _renew(baseline, old, held.measured(summary, loaded), summary, allow=allow_regression)
    elif old is not None:
        _judge(old, summary)


def _refuse_invalid(summary: "Summary") -> None:
    """Raises SettingsError when a suite is wrong: its scores say nothing."""
    from summarizer.errors import SettingsError

    for row in summary.rows:
        for why in row.invalid:
            raise SettingsError(f"{row.case}: {why}", subject=row.place)


def _judge(baseline: "Baseline", summary: "Summary") -> None:
    """Tells what is not met; leaves with exit code 1 if anything is."""
    from summarizer.evaluation.gate import misses
    from summarizer.evaluation.report.text import failures

    missed = misses(baseline, summary)
    floors = sum(len(each.floors) for each in baseline.suites.values())
    for line in (*failures(summary.rows), *map(str, missed)):
        typer.echo(line)
    for suite in summary.suites:
        for miss in suite.misses:
            typer.echo(f"{suite.name}: {miss}")
    passed = not missed and summary.verdict == "passed"
    state = "met" if passed else "NOT MET"
    typer.echo(
        f"Gate {state}: {floors - len(missed)} of {floors} floors, "
        f"{len(summary.rows)} cases in {len(summary.suites)} suites"
    )
    if not passed:
        raise typer.Exit(1)


def _renew(
    file: Path, old: "Baseline | None", new: "Baseline", summary: "Summary", *, allow: bool
) -> None:
    """Writes the new floors; leaves with exit code 1 where they would be lower."""
    from summarizer.cli.output import deliver
    from summarizer.evaluation.gate import lowered, render
    from summarizer.evaluation.report.text import failures

    worse = lowered(old, new) if old else []
    failed = list(failures(summary.rows))
    for line in (*failed, *worse):
        typer.echo(line)
    if (worse or failed) and not allow:
        typer.echo(f"{file}: not renewed: floors would fall (--allow-regression lowers them)")
        raise typer.Exit(1)
    deliver(render(new), file)
    typer.echo(f"{file}: renewed, {sum(len(s.floors) for s in new.suites.values())} floors")
