"""A run as one self-contained page: scores with bars, each case with briefing and findings."""

from collections.abc import Sequence
from typing import NamedTuple

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.report.wording import interval, judging, number, outcome, standing
from summarizer.evaluation.rows import Row
from summarizer.evaluation.summary import Mean, SuiteSummary, Summary
from summarizer.rendering.html import page

__all__ = ["render"]

WIDE = 160
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


class _Suite(NamedTuple):
    name: str
    verdict: str
    standing: str
    misses: Sequence[str]
    means: Sequence[_Bar]
    rows: Sequence[Row]


class _Page(NamedTuple):
    title: str
    verdict: str
    judging: Sequence[str]
    repeated: bool
    suites: Sequence[_Suite]


def render(summary: Summary) -> str:
    """The page."""
    means = [mean for suite in summary.suites for mean in suite.means]
    shown = _Page(
        outcome(summary),
        summary.verdict,
        list(judging(summary)),
        any(mean.variance is not None for mean in means),
        [_suite(suite, summary) for suite in summary.suites],
    )
    return page("evals.html", shown.title, "evals.css", "", page=shown)


def _suite(suite: SuiteSummary, summary: Summary) -> _Suite:
    sound = suite.passed == suite.cases and not suite.misses
    return _Suite(
        suite.name,
        "passed" if sound else "failed",
        standing(suite),
        suite.misses,
        [_bar(mean) for mean in suite.means],
        [row for row in summary.rows if row.suite == suite.name],
    )


def _bar(mean: Mean) -> _Bar:
    share = mean.name in EVALUATORS and EVALUATORS[mean.name].kind in ("share", "assertion")
    value, low, high = mean.interval
    return _Bar(
        name=mean.name,
        value=number(value),
        interval=interval(mean),
        bar=_length(value) if share else None,
        low=_length(low) if share else None,
        high=_length(high) if share else None,
        cases=mean.cases,
        judges=", ".join(mean.judges),
        variance=number(mean.variance),
    )


def _length(share: float | None) -> float | None:
    return None if share is None else round(WIDE * min(max(share, 0.0), 1.0), 1)
