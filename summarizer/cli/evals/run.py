"""``summarizer eval run``: the cases of suites, run and measured."""

import sys
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import (
    AtOnceCases,
    Keep,
    Limit,
    Only,
    Repeat,
    Suites,
    load_suites,
)
from summarizer.cli.options import (
    ApiBase,
    AtOnce,
    Judge,
    Language,
    MaxCost,
    MaxTokens,
    Model,
    NoCache,
    Output,
    PerMinute,
    Prompts,
    Record,
    Replay,
    Timeout,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from summarizer.cli.writers import ModelOptions
    from summarizer.evaluation.rows import Row
    from summarizer.evaluation.runner import Plan
    from summarizer.evaluation.summary import Agreement, Summary
    from summarizer.writing.chain import Chain

__all__ = ["Format", "run"]


class Format(StrEnum):
    """How a run is told."""

    text = "text"
    json = "json"
    junit = "junit"
    md = "md"
    html = "html"


WHOLE = (Format.json, Format.html)
"""Formats that show the briefings themselves."""

CODES = {"passed": 0, "failed": 1, "invalid": 2}

As = Annotated[
    Format | None,
    typer.Option(help="Default: by the suffix of --output, else text.", show_default=False),
]


def run(
    suites: Suites,
    only: Only = "",
    limit: Limit = None,
    repeat: Repeat = 1,
    format: As = None,
    output: Output = None,
    keep: Keep = None,
    cases_at_once: AtOnceCases = None,
    model: Model = "",
    api_base: ApiBase = "",
    judge: Judge = "",
    language: Language = "",
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    at_once: AtOnce = 16,
    per_minute: PerMinute = None,
    timeout: Timeout = 120.0,
    record: Record = None,
    replay: Replay = None,
    prompts: Prompts = None,
    no_cache: NoCache = False,
) -> None:
    """Run suites, with the models that they mock or with --model.

    Exit code 1 when a case or a threshold fails, 2 when a suite itself is wrong.

    \b
    Examples:
      summarizer eval run evals/suites
      summarizer eval run evals/suites/seeds.yaml --only good -o report.html
      summarizer eval run evals/suites --keep run-1 --format junit -o junit.xml
      summarizer eval run mine.yaml --model anthropic/claude-sonnet-4-5 --repeat 3 --max-cost 2
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.writers import ModelOptions
    from summarizer.evaluation.runner import Plan

    told = choose(format, output, Format)
    options = ModelOptions(
        model=model, api_base=api_base, judge=judge, language=language, max_cost=max_cost,
        max_tokens=max_tokens, at_once=at_once, per_minute=per_minute, timeout=timeout,
        record=record, replay=replay, prompts=prompts,
        no_cache=no_cache or bool(model and repeat > 1),
    )  # fmt: skip
    plan = Plan(only=only, limit=limit, repeat=repeat, at_once=cases_at_once, folder=keep)
    summary = _summary(suites, plan, options, whole=told in WHOLE)
    _tell(summary, told, output)


@contextmanager
def _live(options: "ModelOptions", paths: "Sequence[Path]") -> "Iterator[Chain | None]":
    """The chain of the model that the options name, if they name one."""
    if not options.model:
        yield None
        return
    from summarizer.cli.writers import writer

    with writer(options, [str(path) for path in paths]) as hand:
        yield hand.chain


def _summary(
    paths: "Sequence[Path]", plan: "Plan", options: "ModelOptions", *, whole: bool
) -> "Summary":
    from summarizer.evaluation.runner import chosen
    from summarizer.evaluation.runner import run as rows_of
    from summarizer.evaluation.summary import summarise

    suites = load_suites(paths)
    with _live(options, paths) as chain:
        planned = replace(plan, live=chain)
        cases = chosen(suites, planned)
        judged = _agreements(chain) if chain else ()
        counted = _counted(rows_of(cases, planned), len(cases) * plan.repeat)
        rows = [row if whole else row.scored() for row in counted]
    if plan.only or plan.limit:  # a part of a suite has no mean that a threshold was meant for
        suites = [replace(suite, thresholds={}) for suite in suites]
    return summarise(rows, suites, writer=options.model, judged=judged)


def _agreements(chain: "Chain") -> "list[Agreement]":
    """How good the judge is, before anything is judged by it."""
    if chain.judge is None:
        return []
    from summarizer.evaluation.judging import agreement

    return [agreement(chain.judge, chain.judge_name, chain.prompts.judge, each=chain.map)]


def _counted(rows: "Iterator[Row]", total: int) -> "Iterator[Row]":
    """The rows, with a count on a terminal."""
    seen = sys.stderr.isatty()
    for number, row in enumerate(rows, start=1):
        if seen:
            sys.stderr.write(f"\r\x1b[K{number} of {total} cases")
            sys.stderr.flush()
        yield row
    if seen:
        sys.stderr.write("\r\x1b[K")


def _tell(summary: "Summary", format: Format, output: Output) -> None:
    """The report, and the table beside it where the report goes to a file; one line on standard
    error for each mistake of a suite; the exit code."""
    from summarizer.cli.output import deliver

    deliver(_render(summary, format), output)
    if output is not None and str(output) != "-":
        deliver(_render(summary, Format.text), None)
    for row in summary.rows:
        for why in row.invalid:
            typer.echo(f"summarizer: {row.place}: {row.case}: {why}", err=True)
    raise typer.Exit(CODES[summary.verdict])


def _render(summary: "Summary", format: Format) -> str:
    """The run as asked for; each renderer is loaded only when it is used."""
    if format is Format.html:
        from summarizer.evaluation.report import html

        return html.render(summary)
    if format is Format.md:
        from summarizer.evaluation.report import markdown

        return markdown.render(summary)
    from summarizer.evaluation.report import machine, text

    renderers = {Format.json: machine.render, Format.junit: machine.junit}
    return renderers.get(format, text.render)(summary)
