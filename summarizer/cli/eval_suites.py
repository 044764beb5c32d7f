"""``summarizer eval``: its commands; ``run``, ``compare`` and ``gate`` over suites of cases."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.check import SourcesCommand
from summarizer.cli.eval_checks import claims, mutate
from summarizer.cli.model_options import open_terminal_chain, with_model_options
from summarizer.cli.options import NliOption, OutputOption, enum_format_option, open_nli_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarizer.evaluation.gate import Baseline, MissedFloor
    from summarizer.evaluation.results import CaseResult
    from summarizer.evaluation.runner import RunPlan
    from summarizer.evaluation.suites import Suite
    from summarizer.evaluation.summary import RunSummary
    from summarizer.models.config import ModelConfig

SuitesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="SUITE...", show_default=False, help="Suite files, or folders of them."),
]
OnlyOption = Annotated[
    str, typer.Option(metavar="TEXT", help="Only cases with this in SUITE/NAME.")
]
LimitOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", show_default=False, help="The first N cases.")
]
RepeatOption = Annotated[
    int, typer.Option(min=1, metavar="N", help="Each case N times, with variance.")
]
CasesAtOnceOption = Annotated[
    int | None,
    typer.Option(
        "--cases-at-once", min=1, metavar="N", show_default=False, help="Default: one a core."
    ),
]
RunDirOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        show_default=False,
        help="Keep each finished case in DIR; the same command resumes after them.",
    ),
]


def open_suites(paths: Sequence[Path]) -> "list[Suite]":
    """The suites in files and folders. Raises SettingsError."""
    from summarizer.evaluation.evaluators import EVALUATORS
    from summarizer.evaluation.suites import find_suite_files, load_suites

    return load_suites(
        find_suite_files(paths), {name: each.kind for name, each in EVALUATORS.items()}
    )


class ReportFormat(StrEnum):
    """Formats of the report of a run."""

    text = "text"
    json = "json"
    junit = "junit"
    md = "md"
    html = "html"


FORMATS_WITH_BRIEFINGS = (ReportFormat.json, ReportFormat.html)
"""Formats that show the briefings themselves."""

VERDICT_EXIT_CODES = {"passed": 0, "failed": 1, "invalid": 2}

ReportFormatOption = Annotated[
    ReportFormat | None,
    enum_format_option(),
]


@with_model_options()
def run(
    suites: SuitesArgument,
    only: OnlyOption = "",
    limit: LimitOption = None,
    repeat: RepeatOption = 1,
    nli: NliOption = None,
    format: ReportFormatOption = None,
    output: OutputOption = None,
    run_dir: RunDirOption = None,
    cases_at_once: CasesAtOnceOption = None,
    *,
    models: "ModelConfig",
) -> None:
    """Run suites, with the models that they mock or with --model.

    Exit code 1 when a case or a threshold fails, 2 when a suite itself is wrong.

    \b
    Examples:
      summarizer eval run evals/suites
      summarizer eval run evals/suites/seeds.yaml --only good -o report.html
      summarizer eval run evals/suites --run-dir run-1 --format junit -o junit.xml
      summarizer eval run mine.yaml --model anthropic/claude-sonnet-4-5 --repeat 3 --max-cost 2
    """
    from summarizer.cli.formats import choose
    from summarizer.evaluation.runner import RunPlan

    chosen = choose(format, output, ReportFormat)
    if models.model:
        # What is measured is this model: a run that it cannot write measures nothing.
        models = replace(models, required=True, cache=models.cache and repeat == 1)
    plan = RunPlan(
        name_filter=only, limit=limit, repeat=repeat, max_workers=cases_at_once, run_dir=run_dir,
        nli=nli,
    )  # fmt: skip
    open_nli_option(nli)  # what is wrong with it is said before anything is run
    summary = _run_suites(suites, plan, models, whole=chosen in FORMATS_WITH_BRIEFINGS)
    _write_report(summary, chosen, output)


def _run_suites(
    paths: Sequence[Path], plan: "RunPlan", models: "ModelConfig", *, whole: bool
) -> "RunSummary":
    """The summary of a run. ``whole``: with the texts of the briefings."""
    from summarizer.evaluation.judge_agreement import measure_judge_agreement
    from summarizer.evaluation.runner import run_cases, select_cases
    from summarizer.evaluation.summary import summarize_run

    suites = open_suites(paths)
    with open_terminal_chain(models, [str(path) for path in paths]) as (chain, _):
        plan = replace(plan, live=chain)
        cases = select_cases(suites, plan)
        judged = []
        if chain and chain.judge:
            # The judge itself is measured before it judges anything.
            judge, name = chain.judge, chain.judge_name
            judged = [measure_judge_agreement(judge, name, chain.prompts, each=chain.map)]
        counted = _with_counter(run_cases(cases, plan), len(cases) * plan.repeat)
        rows = [row if whole else row.without_texts() for row in counted]
    if plan.name_filter or plan.limit:
        # Thresholds on the means of a suite do not apply to a part of it.
        suites = [replace(suite, thresholds={}) for suite in suites]
    return summarize_run(rows, suites, writer=models.model, judged=judged)


def _with_counter(results: "Iterator[CaseResult]", total: int) -> "Iterator[CaseResult]":
    """The results, with a count on a terminal."""
    shown = sys.stderr.isatty()
    for number, result in enumerate(results, start=1):
        if shown:
            sys.stderr.write(f"\r\x1b[K{number} of {total} cases")
            sys.stderr.flush()
        yield result
    if shown:
        sys.stderr.write("\r\x1b[K")


def _write_report(summary: "RunSummary", format: ReportFormat, output: OutputOption) -> None:
    """Writes the report; prints the table if the report goes to a file, and the mistakes of suites
    on standard error; exits with the code of the verdict."""
    from summarizer.cli.io import write_output

    write_output(_render_report(summary, format), output)
    if output is not None and str(output) != "-":
        write_output(_render_report(summary, ReportFormat.text), None)
    for row in summary.rows:
        for reason in row.invalid:
            typer.echo(f"summarizer: {row.place}: {row.case}: {reason}", err=True)
    raise typer.Exit(VERDICT_EXIT_CODES[summary.verdict])


def _render_report(summary: "RunSummary", format: ReportFormat) -> str:
    """The report; the library of the HTML page is loaded only for HTML."""
    if format is ReportFormat.html:
        from summarizer.evaluation.report.html import html_report

        return html_report(summary)
    from summarizer.evaluation.report import machine, text

    renderers = {
        ReportFormat.text: text.text_report,
        ReportFormat.md: text.markdown_report,
        ReportFormat.json: machine.json_report,
        ReportFormat.junit: machine.junit_report,
    }
    return renderers[format](summary)


BaselineOption = Annotated[Path, typer.Option("--baseline", metavar="FILE", help="The floors.")]
UpdateOption = Annotated[
    bool, typer.Option("--update", help="Write what is measured now as the new floors.")
]
AllowRegressionOption = Annotated[
    bool, typer.Option("--allow-regression", help="With --update: lower floors too.")
]
ClaimsOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", help="With --update: labelled claims that are counted from now on."
    ),
]


def gate(
    suites: SuitesArgument,
    baseline: BaselineOption = Path("evals/baseline.json"),
    claims: ClaimsOption = None,
    update: UpdateOption = False,
    allow_regression: AllowRegressionOption = False,
    cases_at_once: CasesAtOnceOption = None,
) -> None:
    """Run suites with their mocked models, and fail when a score falls below its floor.

    Files of labelled claims that the baseline names are scored by the rules, and counted. Exit code
    1 when a floor is not met or a case fails, 2 when the suites, claims or prompts are not those on
    which the floors were measured: look at what changed, then renew them with --update.

    \b
    Examples:
      summarizer eval gate evals/suites
      summarizer eval gate evals/suites --update
    """
    from summarizer.errors import SettingsError
    from summarizer.evaluation import gate as floors
    from summarizer.evaluation.runner import RunPlan, run_cases, select_cases
    from summarizer.evaluation.summary import summarize_run

    for name, given in (("--allow-regression", allow_regression), ("--claims", claims)):
        if given and not update:
            raise SettingsError("means nothing without --update", subject=name)
    loaded = open_suites(suites)
    old = None if update and not baseline.exists() else floors.read_baseline(baseline)
    paths = [os.path.relpath(each, baseline.parent) for each in claims or ()]
    paths = sorted({*paths, *(old.claims if old else ())})
    counted = {path: floors.count_claims(baseline.parent / path) for path in paths}
    if old is not None and not update:
        floors.refuse_changed_inputs(old, floors.describe_suites(loaded, counted), baseline)
    plan = RunPlan(max_workers=cases_at_once)
    summary = summarize_run(run_cases(select_cases(loaded, plan), plan), loaded)
    for row in summary.rows:
        for reason in row.invalid:  # a wrong suite measures nothing
            raise SettingsError(f"{row.case}: {reason}", subject=row.place)
    if update:
        new = floors.measure_baseline(summary, loaded, counted)
        _renew_baseline(baseline, old, new, summary, allow=allow_regression)
    elif old is not None:
        _print_gate_result(old, summary, floors.missed_floors(old, summary, counted))


def _print_gate_result(
    baseline: "Baseline", summary: "RunSummary", missed: "Sequence[MissedFloor]"
) -> None:
    """Prints what is not met; exits with code 1 if anything is."""
    from summarizer.evaluation.report.text import failure_lines

    total = sum(len(each.floors) for each in baseline.sets.values())
    for line in (*failure_lines(summary.rows), *map(str, missed)):
        typer.echo(line)
    for suite in summary.suites:
        for miss in suite.misses:
            typer.echo(f"{suite.name}: {miss}")
    passed = not missed and summary.verdict == "passed"
    typer.echo(
        f"Gate {'met' if passed else 'NOT MET'}: {total - len(missed)} of {total} floors, "
        f"{len(summary.rows)} cases in {len(summary.suites)} suites"
        + "".join(f", {each.cases} claims of {path}" for path, each in baseline.claims.items())
    )
    if not passed:
        raise typer.Exit(1)


def _renew_baseline(
    file: Path, old: "Baseline | None", new: "Baseline", summary: "RunSummary", *, allow: bool
) -> None:
    """Writes the new floors; exits with code 1 where they would be lower."""
    from summarizer.cli.io import write_output
    from summarizer.evaluation.gate import baseline_json, lowered_floors
    from summarizer.evaluation.report.text import failure_lines

    worse = [*failure_lines(summary.rows), *(lowered_floors(old, new) if old else [])]
    for line in worse:
        typer.echo(line)
    if worse and not allow:
        typer.echo(f"{file}: not renewed: floors would fall (--allow-regression lowers them)")
        raise typer.Exit(1)
    write_output(baseline_json(new), file)
    typer.echo(f"{file}: renewed, {sum(len(s.floors) for s in new.sets.values())} floors")


class ComparisonFormat(StrEnum):
    """Formats of the differences."""

    text = "text"
    json = "json"


RunArgument = Annotated[
    Path, typer.Argument(show_default=False, help="A folder that --run-dir made.")
]


def compare(
    a: RunArgument,
    b: RunArgument,
    format: Annotated[ComparisonFormat | None, enum_format_option()] = None,
    output: OutputOption = None,
) -> None:
    """Compare two runs case by case, and test whether they differ by more than chance.

    \b
    Example:
      summarizer eval run mine.yaml --run-dir before
      summarizer eval run mine.yaml --run-dir after --prompts my-prompts --model ...
      summarizer eval compare before after
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.io import write_output
    from summarizer.evaluation import comparison
    from summarizer.evaluation.results import read_run

    chosen = choose(format, output, ComparisonFormat)
    compared = comparison.compare_runs(read_run(a), read_run(b))
    as_json = chosen is ComparisonFormat.json
    render = comparison.comparison_json if as_json else comparison.comparison_text
    write_output(render(compared), output)


eval_app = typer.Typer(
    help="Measure how often the product errs, and keep its quality from falling.",
    rich_markup_mode=None,
)

for command in (run, compare, gate, claims):
    eval_app.command()(command)
eval_app.command(cls=SourcesCommand)(mutate)
