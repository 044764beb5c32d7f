"""Rows added up: each suite's scores with intervals, what failed, and whether that may stand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from summarizer.evaluation.cases import Suite
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.forms import Bound
from summarizer.evaluation.intervals import Interval, clustered, spread
from summarizer.evaluation.rows import Row, Score

__all__ = ["Agreement", "Mean", "SuiteSummary", "Summary", "numeric", "summarise"]


class Agreement(NamedTuple):
    """How far a judge agrees with the hand-labelled pairs. ``unscored``: pairs without a verdict,
    which count as wrong. ``kappa`` is None where chance would always agree."""

    judge: str
    pairs: int
    balanced_accuracy: Interval
    kappa: float | None
    unscored: int


class Mean(NamedTuple):
    """One score over a suite. ``variance``: within cases over repeated runs, None without them.
    ``judges``: who decided."""

    name: str
    interval: Interval
    cases: int
    judges: tuple[str, ...]
    variance: float | None


class SuiteSummary(NamedTuple):
    """One suite. ``misses``: thresholds on its means that are not met."""

    name: str
    cases: int
    passed: int
    failed: int
    invalid: int
    means: tuple[Mean, ...]
    misses: tuple[str, ...]
    seconds: float


class Summary(NamedTuple):
    """A whole run. ``judged``: the agreement of each model that judged."""

    writer: str
    suites: tuple[SuiteSummary, ...]
    rows: tuple[Row, ...]
    judged: tuple[Agreement, ...] = ()

    @property
    def verdict(self) -> Literal["passed", "failed", "invalid"]:
        """``invalid`` where a suite itself is wrong: then nothing is said of quality."""
        if any(suite.invalid for suite in self.suites) or not self.rows:
            return "invalid"
        sound = all(suite.passed == suite.cases and not suite.misses for suite in self.suites)
        return "passed" if sound else "failed"


def summarise(
    rows: Iterable[Row],
    suites: Sequence[Suite],
    *,
    writer: str = "",
    judged: Iterable[Agreement] = (),
) -> Summary:
    """The run, its rows in the order of the suites."""
    order = {case.id: at for at, case in enumerate(case for s in suites for case in s.cases)}
    every = sorted(rows, key=lambda row: (order.get(row.case, len(order)), row.attempt))
    by_suite: dict[str, list[Row]] = defaultdict(list)
    for row in every:
        by_suite[row.suite].append(row)
    thresholds = {suite.name: suite.thresholds for suite in suites}
    return Summary(
        writer,
        tuple(_suite(name, held, thresholds.get(name, {})) for name, held in by_suite.items()),
        tuple(every),
        tuple(judged),
    )


def _suite(name: str, rows: Sequence[Row], thresholds: Mapping[str, Bound]) -> SuiteSummary:
    count: Callable[[str], int] = lambda status: sum(row.status == status for row in rows)  # noqa: E731
    means = tuple(_means(rows))
    return SuiteSummary(
        name=name,
        cases=len(rows),
        passed=count("passed"),
        failed=count("failed"),
        invalid=count("invalid"),
        means=means,
        misses=tuple(_misses(means, thresholds)),
        seconds=sum(row.seconds for row in rows),
    )


def numeric(score: Score) -> float | None:
    """The score as a number, an assertion as 0 or 1; None for a label and what is unscored."""
    return None if score.value is None or isinstance(score.value, str) else float(score.value)


def _means(rows: Sequence[Row]) -> Iterable[Mean]:
    names = [name for name in EVALUATORS if any(name in row.scores for row in rows)]
    others = sorted({name for row in rows for name in row.scores} - set(names))
    for name in [*names, *others]:
        held = [
            (row, value)
            for row in rows
            if name in row.scores and (value := numeric(row.scores[name])) is not None
        ]
        if held:
            yield _mean(name, held)


def _mean(name: str, held: Sequence[tuple[Row, float]]) -> Mean:
    attempts: dict[str, list[float]] = defaultdict(list)
    for row, value in held:
        attempts[row.case].append(value)
    return Mean(
        name,
        clustered((row.story, value) for row, value in held),
        len(held),
        tuple(dict.fromkeys(row.scores[name].judge for row, _ in held)),
        spread(attempts),
    )


def _misses(means: Sequence[Mean], thresholds: Mapping[str, Bound]) -> Iterable[str]:
    """One line for each threshold on a mean that is not met; what is unscored does not meet it."""
    known = {mean.name: mean.interval.mean for mean in means}
    for name, bound in thresholds.items():
        if name not in known:
            yield f"{name} could not be scored in any case, and {bound} is demanded of the mean"
        elif not bound.admits(_as_demanded(known[name], bound)):
            yield f"the mean of {name} is {known[name]:.4g}, and {bound} is demanded"


def _as_demanded(mean: float, bound: Bound) -> bool | float:
    """An assertion holds of a suite if it holds of every case."""
    if isinstance(bound.equals, bool):
        return mean == 1.0 if bound.equals else mean > 0.0
    return mean
