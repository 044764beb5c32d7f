"""Results added up: each suite's scores with intervals, and the thresholds that are not met."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.schema import Bound
from summarizer.evaluation.statistics import MeanInterval, bootstrap_mean, mean_attempt_variance
from summarizer.evaluation.suites import Suite


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
        """``invalid`` where a suite itself is wrong, since the run then measures nothing."""
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
    """The run, with its results in the order of the suites."""
    order = {case.id: at for at, case in enumerate(case for s in suites for case in s.cases)}
    results = sorted(rows, key=lambda row: (order.get(row.case, len(order)), row.attempt))
    by_suite: dict[str, list[CaseResult]] = defaultdict(list)
    for row in results:
        by_suite[row.suite].append(row)
    thresholds = {suite.name: suite.thresholds for suite in suites}
    summaries = []
    for name, members in by_suite.items():
        counts, means = Counter(row.status for row in members), tuple(_score_means(members))
        summaries.append(
            SuiteSummary(
                name=name,
                cases=len(members),
                passed=counts["passed"],
                failed=counts["failed"],
                invalid=counts["invalid"],
                means=means,
                misses=tuple(_missed_thresholds(means, thresholds.get(name, {}))),
                seconds=sum(row.seconds for row in members),
            )
        )
    return RunSummary(writer, tuple(summaries), tuple(results), tuple(judged))


def in_evaluator_order(names: Iterable[str]) -> list[str]:
    """The names of scores in the order of `EVALUATORS`, other names after them by alphabet."""
    order = {name: at for at, name in enumerate(EVALUATORS)}
    return sorted(set(names), key=lambda name: (order.get(name, len(order)), name))


def _score_means(rows: Sequence[CaseResult]) -> Iterator[ScoreMean]:
    for name in in_evaluator_order(name for row in rows for name in row.scores):
        scored = [(row, score) for row in rows if (score := row.scores.get(name))]
        values = [(row, score.number) for row, score in scored if score.number is not None]
        if not values:
            continue
        attempts: dict[str, list[float]] = defaultdict(list)
        for row, value in values:
            attempts[row.case].append(value)
        yield ScoreMean(
            name,
            bootstrap_mean((row.story, value) for row, value in values),
            len(values),
            tuple(dict.fromkeys(row.scores[name].judge for row, _ in values)),
            mean_attempt_variance(attempts),
        )


def _missed_thresholds(
    means: Sequence[ScoreMean], thresholds: Mapping[str, Bound]
) -> Iterator[str]:
    """One line for each threshold on a mean that is not met; a missing score does not meet it."""
    measured = {mean.name: mean.interval.mean for mean in means}
    for name, bound in thresholds.items():
        if name not in measured:
            yield f"{name} could not be scored in any case, and {bound} is demanded of the mean"
            continue
        value: bool | float = measured[name]
        if isinstance(bound.equals, bool):
            # An assertion holds of a suite if it holds of every case.
            value = value == 1.0 if bound.equals else value > 0.0
        if not bound.contains(value):
            yield f"the mean of {name} is {measured[name]:.4g}, and {bound} is demanded"
