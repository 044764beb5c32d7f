"""The table for a terminal or a log."""

from collections.abc import Iterable, Iterator, Sequence

from summarizer.evaluation.report.wording import interval, judging, number, outcome, standing
from summarizer.evaluation.rows import Row
from summarizer.evaluation.summary import Mean, SuiteSummary, Summary
from summarizer.rendering.visible import line

__all__ = ["failures", "render", "table"]

WIDTH = 100
"""Columns that a failure's line may fill."""


def render(summary: Summary) -> str:
    """Each suite with its scores, then what failed, then the outcome."""
    blocks = ["\n".join(judging(summary))]
    blocks += ["\n".join(_suite(suite)) for suite in summary.suites]
    failed = "\n".join(failures(summary.rows))
    return "\n\n".join([*blocks, *([failed] if failed else []), outcome(summary)]) + "\n"


def _suite(suite: SuiteSummary) -> Iterator[str]:
    yield f"{suite.name}: {standing(suite)} ({suite.seconds:.1f} s of work)"
    yield from (f"  {row}" for row in table(_cells(suite.means)))
    yield from (f"  NOT MET: {miss}" for miss in suite.misses)


def _cells(means: Sequence[Mean]) -> list[tuple[str, ...]]:
    repeated = any(mean.variance is not None for mean in means)
    head = ("score", "mean", "95 % interval", "cases", "judge", *(["variance"] * repeated))
    rows = [
        (
            mean.name,
            number(mean.interval.mean),
            interval(mean),
            str(mean.cases),
            ", ".join(mean.judges),
            *([number(mean.variance)] * repeated),
        )
        for mean in means
    ]
    return [head, *rows]


def table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Cells in columns; numbers stand to the right."""
    held = list(rows)
    widths = [max(map(len, column)) for column in zip(*held, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if _is_number(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in held
    ]


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").replace("-", "").replace("e", "").replace("+", "").isdigit()


def failures(rows: Iterable[Row]) -> Iterator[str]:
    """One line for each case that did not pass, and under it everything that is wrong."""
    for row in rows:
        if row.status != "passed":
            attempt = f" (attempt {row.attempt + 1})" if row.attempt else ""
            yield f"{row.status.upper()} {row.case}{attempt}  {row.place}"
            yield from (f"    {_clip(line(why))}" for why in (*row.invalid, *row.failures))


def _clip(text: str) -> str:
    return text if len(text) <= 3 * WIDTH else f"{text[: 3 * WIDTH - 1]}…"
