"""A run as one self-contained page: scores with bars, each case with briefing and findings."""

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.report.text import judge_lines, outcome_line, score_cells, suite_counts
from summarizer.evaluation.summary import RunSummary, ScoreMean
from summarizer.rendering.html import standalone_page

BAR_PIXELS = 160
"""Length of a bar for the value 1."""


def html_report(summary: RunSummary) -> str:
    """The page."""
    suites = [
        {
            "name": suite.name,
            "verdict": ("passed" if suite.passed == suite.cases and not suite.misses else "failed"),
            "standing": suite_counts(suite),
            "misses": suite.misses,
            "means": [
                {
                    "name": name,
                    "value": value,
                    "interval": interval,
                    "cases": cases,
                    "judges": judges,
                    "variance": variance,
                    **_bar_lengths(mean),
                }
                for mean, (name, value, interval, cases, judges, variance) in zip(
                    suite.means, score_cells(suite.means), strict=True
                )
            ],
            "rows": [row for row in summary.rows if row.suite == suite.name],
        }
        for suite in summary.suites
    ]
    title = outcome_line(summary)
    page = {
        "title": title,
        "verdict": summary.verdict,
        "judging": list(judge_lines(summary)),
        "repeated": any(mean.variance is not None for s in summary.suites for mean in s.means),
        "suites": suites,
    }
    return standalone_page("evals.html", title, "evals.css", "", page=page)


def _bar_lengths(mean: ScoreMean) -> dict[str, float | None]:
    """Pixels of the bar and of the ends of its interval; None where the score is no share."""
    share = mean.name in EVALUATORS and EVALUATORS[mean.name].kind in ("share", "assertion")
    return {
        key: round(BAR_PIXELS * min(max(value, 0.0), 1.0), 1)
        if share and value is not None
        else None
        for key, value in zip(("bar", "low", "high"), mean.interval, strict=True)
    }
