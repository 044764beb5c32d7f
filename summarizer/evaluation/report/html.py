"""A run as one self-contained page: scores with bars, each case with briefing and findings."""

from collections.abc import Sequence
from typing import NamedTuple

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.report.text import (
    format_interval,
    format_number,
    judge_lines,
    outcome_line,
    suite_counts,
)
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.summary import RunSummary, ScoreMean, SuiteSummary
from summarizer.rendering.html import standalone_page

__all__ = ["html_report"]

BAR_LENGTH = 160
"""Length of a bar that stands for 1."""


class _Bar(NamedTuple):
    """A row of the table. ``bar``, ``low``, ``high``: lengths; None where the score is no share."""

    name: str
    value: str
    interval: str
    bar: float | None
    low: float | None
    high: float | None
    cases: int
    judges: str
    variance: str


class _SuiteView(NamedTuple):
    name: str
    verdict: str
    standing: str
    misses: Sequence[str]
    means: Sequence[_Bar]
    rows: Sequence[CaseResult]


class _PageView(NamedTuple):
    title: str
    verdict: str
    judging: Sequence[str]
    repeated: bool
    suites: Sequence[_SuiteView]


def html_report(summary: RunSummary) -> str:
    """The page."""
    means = [mean for suite in summary.suites for mean in suite.means]
    shown = _PageView(
        outcome_line(summary),
        summary.verdict,
        list(judge_lines(summary)),
        any(mean.variance is not None for mean in means),
        [_suite_view(suite, summary) for suite in summary.suites],
    )
    return standalone_page("evals.html", shown.title, "evals.css", "", page=shown)


def _suite_view(suite: SuiteSummary, summary: RunSummary) -> _SuiteView:
    sound = suite.passed == suite.cases and not suite.misses
    return _SuiteView(
        suite.name,
        "passed" if sound else "failed",
        suite_counts(suite),
        suite.misses,
        [_bar_view(mean) for mean in suite.means],
        [row for row in summary.rows if row.suite == suite.name],
    )


def _bar_view(mean: ScoreMean) -> _Bar:
    share = mean.name in EVALUATORS and EVALUATORS[mean.name].kind in ("share", "assertion")
    value, low, high = mean.interval
    return _Bar(
        name=mean.name,
        value=format_number(value),
        interval=format_interval(mean),
        bar=_bar_length(value) if share else None,
        low=_bar_length(low) if share else None,
        high=_bar_length(high) if share else None,
        cases=mean.cases,
        judges=", ".join(mean.judges),
        variance=format_number(mean.variance),
    )


def _bar_length(share: float | None) -> float | None:
    return None if share is None else round(BAR_LENGTH * min(max(share, 0.0), 1.0), 1)
