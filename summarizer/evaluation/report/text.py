"""A run as plain text for a terminal or a log, and as Markdown for a comment on a pull request."""

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.statistics import MeanInterval
from summarizer.evaluation.summary import RunSummary, ScoreMean, SuiteSummary
from summarizer.rendering.sanitize import clean_line

MAX_FAILURE_CHARS = 300
"""Code points of a failure's line."""

MAX_LISTED_FAILURES = 50
"""Failed cases that Markdown lists: a comment has a maximum length."""

SCORE_COLUMNS = ("score", "mean", "95 % interval", "cases", "judge", "variance")
_MARKDOWN_SYNTAX = re.compile(r"([\\`*_{}\[\]<>#|~@!])")


def format_number(value: float | None) -> str:
    """Three significant digits; large numbers without decimals.

    >>> [format_number(value) for value in (0.98765, 1.0, 15314.0, None)]
    ['0.988', '1', '15314', '-']
    """
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def format_interval(interval: MeanInterval, between: str = " - ") -> str:
    """``0.95 - 1``; empty where a single story has no interval."""
    low, high = interval.low, interval.high
    return "" if low is None else f"{format_number(low)}{between}{format_number(high)}"


def suite_counts(suite: SuiteSummary) -> str:
    """``25 of 27 passed, 2 failed``."""
    failed = ((suite.failed, "failed"), (suite.invalid, "invalid"))
    more = [f"{count} {word}" for count, word in failed if count]
    return ", ".join([f"{suite.passed} of {suite.cases} passed", *more])


def outcome_line(summary: RunSummary) -> str:
    """The verdict and the count of passed cases."""
    passed = sum(suite.passed for suite in summary.suites)
    word = {"passed": "Passed", "failed": "FAILED", "invalid": "INVALID"}[summary.verdict]
    return f"{word}: {passed} of {len(summary.rows)} cases"


def judge_lines(summary: RunSummary) -> Iterator[str]:
    """Who judged, and how good each judging model is. Printed above every table."""
    yield (
        "Judged by checks: their error rates are in docs/checks.md; citation precision counts"
        " unresolved citations against it"
    )
    for each in summary.judges:
        accuracy, interval = each.balanced_accuracy, format_interval(each.balanced_accuracy, ", ")
        yield (
            f"Judged by {each.judge}: balanced accuracy {format_number(accuracy.mean)}"
            f"{f' [{interval}]' if interval else ''}, kappa {format_number(each.kappa)} on"
            f" {each.pairs} hand-labelled pairs ({each.unscored} unscored, counted as wrong)"
        )
    judges = {score.judge for row in summary.rows for score in row.scores.values()}
    measured = {each.judge for each in summary.judges} | {"checks", "labels", "measure"}
    for judge in sorted(judges - measured):
        yield f"Judged by {judge}: a mocked judge, so its verdicts measure nothing but the chain"


def score_cells(means: Sequence[ScoreMean]) -> Iterator[tuple[str, ...]]:
    """A row of text cells for each score, in the order of `SCORE_COLUMNS`."""
    for mean in means:
        yield (
            mean.name,
            format_number(mean.interval.mean),
            format_interval(mean.interval),
            str(mean.cases),
            ", ".join(mean.judges),
            format_number(mean.variance),
        )


def align_columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """One line for each row; cells are padded to the width of their column, numbers to the left."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = zip(row, widths, strict=True)
        padded = (
            c.rjust(n) if re.fullmatch(r"[.e+-]*\d[\d.e+-]*", c) else c.ljust(n) for c, n in cells
        )
        lines.append("  ".join(padded).rstrip())
    return lines


def failure_lines(rows: Iterable[CaseResult]) -> Iterator[str]:
    """One line for each case that did not pass, followed by one for each thing that is wrong."""
    for row in rows:
        if row.status == "passed":
            continue
        attempt = f" (attempt {row.attempt + 1})" if row.attempt else ""
        yield f"{row.status.upper()} {row.case}{attempt}  {row.place}"
        for reason in (*row.invalid, *row.failures):
            yield f"    {_clip(clean_line(reason))}"


def _clip(text: str) -> str:
    return text if len(text) <= MAX_FAILURE_CHARS else f"{text[: MAX_FAILURE_CHARS - 1]}…"


def text_report(summary: RunSummary) -> str:
    """Each suite with its scores, then what failed, then the outcome."""
    blocks = ["\n".join(judge_lines(summary))]
    for suite in summary.suites:
        repeated = any(mean.variance is not None for mean in suite.means)
        table = [SCORE_COLUMNS, *score_cells(suite.means)]
        lines = align_columns(row if repeated else row[:-1] for row in table)
        lines += [f"NOT MET: {miss}" for miss in suite.misses]
        head = f"{suite.name}: {suite_counts(suite)} ({suite.seconds:.1f} s of work)"
        blocks.append("\n  ".join([head, *lines]))
    if failed := "\n".join(failure_lines(summary.rows)):
        blocks.append(failed)
    return "\n\n".join([*blocks, outcome_line(summary)]) + "\n"


def markdown_report(summary: RunSummary) -> str:
    """The outcome first, then a table for each suite, then what failed."""
    lines = [f"## {outcome_line(summary)}", "", *(f"{each}  " for each in judge_lines(summary)), ""]
    for suite in summary.suites:
        lines += [f"### {_escape_markdown(suite.name)}: {suite_counts(suite)}", ""]
        lines += [f"| {' | '.join(SCORE_COLUMNS[:-1])} |", "|---|---:|---|---:|---|"]
        for *cells, judges, _ in score_cells(suite.means):
            lines.append(f"| {' | '.join([*cells, _escape_markdown(judges)])} |")
        lines += [f"\n**Not met:** {_escape_markdown(miss)}" for miss in suite.misses]
        lines.append("")
    failed = [row for row in summary.rows if row.status != "passed"]
    lines += ["### What failed", ""] if failed else []
    for row in failed[:MAX_LISTED_FAILURES]:
        lines.append(f"- **{_escape_markdown(row.case)}** ({row.status}, `{row.place}`)")
        lines += [f"  - {_escape_markdown(reason)}" for reason in (*row.invalid, *row.failures)]
    if len(failed) > MAX_LISTED_FAILURES:
        lines.append(f"- and {len(failed) - MAX_LISTED_FAILURES} more")
    return "\n".join(lines).rstrip() + "\n"


def _escape_markdown(text: str) -> str:
    """One line that Markdown shows as it is, whatever an article or a model wrote in it."""
    return _MARKDOWN_SYNTAX.sub(r"\\\1", _clip(clean_line(text)))
