"""Rows added up: each suite's scores with intervals, what failed, and whether that may stand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.results import CaseResult, Score
from summarizer.evaluation.schema import Bound
from summarizer.evaluation.statistics import MeanInterval, bootstrap_mean, mean_attempt_variance
from summarizer.evaluation.suites import Suite

__all__ = [
    "JudgeAgreement",
    "RunSummary",
    "ScoreMean",
    "SuiteSummary",
    "numeric_value",
    "summarize_run",
]


class JudgeAgreement(NamedTuple):
    """How far a judge agrees with the hand-labelled pairs. ``unscored``: pairs without a verdict,
    which count as wrong. ``kappa`` is None where chance would always agree."""

    judge: str
    pairs: int
    balanced_accuracy: MeanInterval
    kappa: float | None
    unscored: int


class ScoreMean(NamedTuple):
    """One score over a suite. ``variance``: within cases over repeated runs, None without them.
    ``judges``: who decided."""

    name: str
    interval: MeanInterval
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
    means: tuple[ScoreMean, ...]
    misses: tuple[str, ...]
    seconds: float


class RunSummary(NamedTuple):
    """A whole run. ``judges``: the agreement of each model that judged."""

    writer: str
    suites: tuple[SuiteSummary, ...]
    rows: tuple[CaseResult, ...]
    judges: tuple[JudgeAgreement, ...] = ()

    @property
    def verdict(self) -> Literal["passed", "failed", "invalid"]:
        """``invalid`` where a suite itself is wrong: then nothing is said of quality."""
        if any(suite.invalid for suite in self.suites) or not self.rows:
            return "invalid"
        sound = all(suite.passed == suite.cases and not suite.misses for suite in self.suites)
        return "passed" if sound else "failed"


def summarize_run(
    rows: Iterable[CaseResult],
    suites: Sequence[Suite],
    *,
    writer: str = "",
    judged: Iterable[JudgeAgreement] = (),
) -> RunSummary:
    """The run, its rows in the order of the suites."""
    order = {case.id: at for at, case in enumerate(case for s in suites for case in s.cases)}
    every = sorted(rows, key=lambda row: (order.get(row.case, len(order)), row.attempt))
    by_suite: dict[str, list[CaseResult]] = defaultdict(list)
    for row in every:
        by_suite[row.suite].append(row)
    thresholds = {suite.name: suite.thresholds for suite in suites}
    return RunSummary(
        writer,
        tuple(
            _summarize_suite(name, held, thresholds.get(name, {}))
            for name, held in by_suite.items()
        ),
        tuple(every),
        tuple(judged),
    )


def _summarize_suite(
    name: str, rows: Sequence[CaseResult], thresholds: Mapping[str, Bound]
) -> SuiteSummary:
    count: Callable[[str], int] = lambda status: sum(row.status == status for row in rows)  # noqa: E731
    means = tuple(_score_means(rows))
    return SuiteSummary(
        name=name,
        cases=len(rows),
        passed=count("passed"),
        failed=count("failed"),
        invalid=count("invalid"),
        means=means,
        misses=tuple(_missed_thresholds(means, thresholds)),
        seconds=sum(row.seconds for row in rows),
    )


def numeric_value(score: Score) -> float | None:
    """The score as a number, an assertion as 0 or 1; None for a label and what is unscored."""
    return None if score.value is None or isinstance(score.value, str) else float(score.value)


def _score_means(rows: Sequence[CaseResult]) -> Iterable[ScoreMean]:
    names = [name for name in EVALUATORS if any(name in row.scores for row in rows)]
    others = sorted({name for row in rows for name in row.scores} - set(names))
    for name in [*names, *others]:
        held = [
            (row, value)
            for row in rows
            if name in row.scores and (value := numeric_value(row.scores[name])) is not None
        ]
        if held:
            yield _score_mean(name, held)


def _score_mean(name: str, held: Sequence[tuple[CaseResult, float]]) -> ScoreMean:
    attempts: dict[str, list[float]] = defaultdict(list)
    for row, value in held:
        attempts[row.case].append(value)
    return ScoreMean(
        name,
        bootstrap_mean((row.story, value) for row, value in held),
        len(held),
        tuple(dict.fromkeys(row.scores[name].judge for row, _ in held)),
        mean_attempt_variance(attempts),
    )


def _missed_thresholds(
    means: Sequence[ScoreMean], thresholds: Mapping[str, Bound]
) -> Iterable[str]:
    """One line for each threshold on a mean that is not met; what is unscored does not meet it."""
    known = {mean.name: mean.interval.mean for mean in means}
    for name, bound in thresholds.items():
        if name not in known:
            yield f"{name} could not be scored in any case, and {bound} is demanded of the mean"
        elif not bound.contains(_value_for_bound(known[name], bound)):
            yield f"the mean of {name} is {known[name]:.4g}, and {bound} is demanded"


def _value_for_bound(mean: float, bound: Bound) -> bool | float:
    """An assertion holds of a suite if it holds of every case."""
    if isinstance(bound.equals, bool):
        return mean == 1.0 if bound.equals else mean > 0.0
    return mean
