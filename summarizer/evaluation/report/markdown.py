"""A run as Markdown, short enough for a comment on a pull request."""

import re
from collections.abc import Iterator

from summarizer.evaluation.report.wording import interval, judging, number, outcome, standing
from summarizer.evaluation.rows import Row
from summarizer.evaluation.summary import SuiteSummary, Summary
from summarizer.rendering.visible import line

__all__ = ["render"]

SHOWN = 50
"""Failed cases that are told one by one: comments have an end."""

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~@!])")


def render(summary: Summary) -> str:
    """The outcome first, then a table for each suite, then what failed."""
    failed = [row for row in summary.rows if row.status != "passed"]
    lines = [f"## {outcome(summary)}", "", *(f"{each}  " for each in judging(summary)), ""]
    for suite in summary.suites:
        lines += [*_suite(suite), ""]
    if failed:
        lines += ["### What failed", ""]
        lines += [each for row in failed[:SHOWN] for each in _failure(row)]
    if len(failed) > SHOWN:
        lines.append(f"- and {len(failed) - SHOWN} more")
    return "\n".join(lines).rstrip() + "\n"


def _suite(suite: SuiteSummary) -> Iterator[str]:
    yield f"### {_safe(suite.name)}: {standing(suite)}"
    yield ""
    yield "| score | mean | 95 % interval | cases | judge |"
    yield "|---|---:|---|---:|---|"
    for mean in suite.means:
        cells = (mean.name, number(mean.interval.mean), interval(mean), str(mean.cases))
        yield f"| {' | '.join(cells)} | {_safe(', '.join(mean.judges))} |"
    for miss in suite.misses:
        yield f"\n**Not met:** {_safe(miss)}"


def _failure(row: Row) -> Iterator[str]:
    yield f"- **{_safe(row.case)}** ({row.status}, `{row.place}`)"
    yield from (f"  - {_safe(why)}" for why in (*row.invalid, *row.failures))


def _safe(text: str) -> str:
    """One line that is text and nothing else, whatever an article or a model put in it."""
    shown = line(text)
    return _MARKS.sub(r"\\\1", shown if len(shown) <= 300 else f"{shown[:299]}…")
