"""A run as plain text for a terminal or a log, and as Markdown for a pull request's comment."""

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.summary import JudgeAgreement, RunSummary, ScoreMean, SuiteSummary
from summarizer.rendering.sanitize import clean_line

__all__ = [
    "PRECISION_NOTE",
    "agreement_line",
    "align_columns",
    "failure_lines",
    "format_interval",
    "format_number",
    "judge_lines",
    "markdown_report",
    "outcome_line",
    "suite_counts",
    "text_report",
]

PRECISION_NOTE = "citation precision counts unresolved citations against it"


def format_number(value: float | None) -> str:
    """Three decimals at most; large ones in full.

    >>> [format_number(value) for value in (0.98765, 1.0, 15314.0, None)]
    ['0.988', '1', '15314', '-']
    """
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def format_interval(mean: ScoreMean) -> str:
    """``0.95 - 1``, nothing where one story has no interval."""
    low, high = mean.interval.low, mean.interval.high
    return "" if low is None or high is None else f"{format_number(low)} - {format_number(high)}"


def suite_counts(suite: SuiteSummary) -> str:
    """``25 of 27 passed, 2 failed``."""
    more = [
        f"{count} {word}"
        for count, word in ((suite.failed, "failed"), (suite.invalid, "invalid"))
        if count
    ]
    return ", ".join([f"{suite.passed} of {suite.cases} passed", *more])


def outcome_line(summary: RunSummary) -> str:
    """The last line: what the run came to."""
    passed = sum(suite.passed for suite in summary.suites)
    word = {"passed": "Passed", "failed": "FAILED", "invalid": "INVALID"}[summary.verdict]
    return f"{word}: {passed} of {len(summary.rows)} cases"


def judge_lines(summary: RunSummary) -> Iterator[str]:
    """Who judged, and how good that judge is; it stands above every table."""
    judges = {score.judge for row in summary.rows for score in row.scores.values()}
    yield "Judged by checks: their error rates are in docs/checks.md; " + PRECISION_NOTE
    for each in summary.judges:
        yield agreement_line(each)
    known = {each.judge for each in summary.judges} | {"checks", "labels", "measure"}
    for judge in sorted(judges - known):
        yield f"Judged by {judge}: a mocked judge, so its verdicts measure nothing but the chain"


def agreement_line(each: JudgeAgreement) -> str:
    """How far a model agrees with the hand-labelled pairs."""
    low, high = each.balanced_accuracy.low, each.balanced_accuracy.high
    around = f" [{format_number(low)}, {format_number(high)}]" if low is not None else ""
    return (
        f"Judged by {each.judge}: balanced accuracy "
        f"{format_number(each.balanced_accuracy.mean)}{around}, "
        f"kappa {format_number(each.kappa)} on {each.pairs} hand-labelled pairs"
        f" ({each.unscored} unscored, counted as wrong)"
    )


FAILURE_WIDTH = 100
"""Columns that a failure's line may fill."""


def text_report(summary: RunSummary) -> str:
    """Each suite with its scores, then what failed, then the outcome."""
    blocks = ["\n".join(judge_lines(summary))]
    blocks += ["\n".join(_suite_text(suite)) for suite in summary.suites]
    failed = "\n".join(failure_lines(summary.rows))
    return "\n\n".join([*blocks, *([failed] if failed else []), outcome_line(summary)]) + "\n"


def _suite_text(suite: SuiteSummary) -> Iterator[str]:
    yield f"{suite.name}: {suite_counts(suite)} ({suite.seconds:.1f} s of work)"
    yield from (f"  {row}" for row in align_columns(_mean_cells(suite.means)))
    yield from (f"  NOT MET: {miss}" for miss in suite.misses)


def _mean_cells(means: Sequence[ScoreMean]) -> list[tuple[str, ...]]:
    repeated = any(mean.variance is not None for mean in means)
    head = ("score", "mean", "95 % interval", "cases", "judge", *(["variance"] * repeated))
    rows = [
        (
            mean.name,
            format_number(mean.interval.mean),
            format_interval(mean),
            str(mean.cases),
            ", ".join(mean.judges),
            *([format_number(mean.variance)] * repeated),
        )
        for mean in means
    ]
    return [head, *rows]


def align_columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Cells in columns; numbers stand to the right."""
    held = list(rows)
    widths = [max(map(len, column)) for column in zip(*held, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if _is_numeric_cell(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in held
    ]


def _is_numeric_cell(cell: str) -> bool:
    return cell.replace(".", "").replace("-", "").replace("e", "").replace("+", "").isdigit()


def failure_lines(rows: Iterable[CaseResult]) -> Iterator[str]:
    """One line for each case that did not pass, and under it everything that is wrong."""
    for row in rows:
        if row.status != "passed":
            attempt = f" (attempt {row.attempt + 1})" if row.attempt else ""
            yield f"{row.status.upper()} {row.case}{attempt}  {row.place}"
            yield from (
                f"    {_clip_line(clean_line(why))}" for why in (*row.invalid, *row.failures)
            )


def _clip_line(text: str) -> str:
    return text if len(text) <= 3 * FAILURE_WIDTH else f"{text[: 3 * FAILURE_WIDTH - 1]}…"


MAX_LISTED_FAILURES = 50
"""Failed cases that are told one by one: comments have an end."""

_MARKDOWN_SYNTAX = re.compile(r"([\\`*_{}\[\]<>#|~@!])")


def markdown_report(summary: RunSummary) -> str:
    """The outcome first, then a table for each suite, then what failed."""
    failed = [row for row in summary.rows if row.status != "passed"]
    lines = [f"## {outcome_line(summary)}", "", *(f"{each}  " for each in judge_lines(summary)), ""]
    for suite in summary.suites:
        lines += [*_suite_markdown(suite), ""]
    if failed:
        lines += ["### What failed", ""]
        lines += [each for row in failed[:MAX_LISTED_FAILURES] for each in _failure_markdown(row)]
    if len(failed) > MAX_LISTED_FAILURES:
        lines.append(f"- and {len(failed) - MAX_LISTED_FAILURES} more")
    return "\n".join(lines).rstrip() + "\n"


def _suite_markdown(suite: SuiteSummary) -> Iterator[str]:
    yield f"### {_escape_markdown(suite.name)}: {suite_counts(suite)}"
    yield ""
    yield "| score | mean | 95 % interval | cases | judge |"
    yield "|---|---:|---|---:|---|"
    for mean in suite.means:
        cells = (
            mean.name,
            format_number(mean.interval.mean),
            format_interval(mean),
            str(mean.cases),
        )
        yield f"| {' | '.join(cells)} | {_escape_markdown(', '.join(mean.judges))} |"
    for miss in suite.misses:
        yield f"\n**Not met:** {_escape_markdown(miss)}"


def _failure_markdown(row: CaseResult) -> Iterator[str]:
    yield f"- **{_escape_markdown(row.case)}** ({row.status}, `{row.place}`)"
    yield from (f"  - {_escape_markdown(why)}" for why in (*row.invalid, *row.failures))


def _escape_markdown(text: str) -> str:
    """One line that is text and nothing else, whatever an article or a model put in it."""
    shown = clean_line(text)
    return _MARKDOWN_SYNTAX.sub(r"\\\1", shown if len(shown) <= 300 else f"{shown[:299]}…")
