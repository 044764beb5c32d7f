"""Means, balanced accuracy, ROC AUC, kappa and shares, with 95 % intervals.

A value that could not be measured is None, never 0. Rows that share a document, and cases that
share a story, are not independent, so intervals resample documents or stories (bootstrap,
percentiles, fixed seed). A share of counted trials has Wilson's interval.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from statistics import variance
from typing import NamedTuple, TypeVar

from summarizer.briefing import Verdict

T = TypeVar("T")

BOOTSTRAP_RESAMPLES = 1000
BOOTSTRAP_SEED = 20261121
_Z_95 = 1.959964

ConfidenceInterval = tuple[float, float]


def _resamples(count: int, seed: int) -> Iterator[list[int]]:
    """Positions of ``count`` units drawn with replacement, once for each resample."""
    draw = Random(seed)  # noqa: S311 - statistics, no secret
    return (draw.choices(range(count), k=count) for _ in range(BOOTSTRAP_RESAMPLES))


def _percentiles(resampled: Iterable[float]) -> ConfidenceInterval:
    ordered = sorted(resampled)
    last = len(ordered) - 1
    return ordered[round(0.025 * last)], ordered[round(0.975 * last)]


def bootstrap_statistic(
    units: Sequence[T], statistic: Callable[[Sequence[T]], float], seed: int = BOOTSTRAP_SEED
) -> tuple[float, float, float]:
    """The statistic of all units and its interval, by resampling whole units.

    A unit is what was drawn independently: a topic, not an article about it.
    """
    drawn = (statistic([units[at] for at in sample]) for sample in _resamples(len(units), seed))
    return statistic(units), *_percentiles(drawn)


class MeanInterval(NamedTuple):
    """A mean and its interval, whose ends are None with fewer than two clusters."""

    mean: float
    low: float | None
    high: float | None


def bootstrap_mean(values: Iterable[tuple[str, float]]) -> MeanInterval:
    """The mean of (cluster, value) pairs; the interval resamples clusters.

    Raises ValueError without a value.
    """
    clusters: dict[str, list[float]] = defaultdict(list)
    for cluster, value in values:
        clusters[cluster].append(value)
    if not clusters:
        raise ValueError("no value has no mean")
    totals, sizes = [sum(each) for each in clusters.values()], list(map(len, clusters.values()))
    mean = math.fsum(totals) / sum(sizes)
    if len(totals) < 2:
        return MeanInterval(mean, None, None)
    if len({total / size for total, size in zip(totals, sizes, strict=True)}) == 1:
        return MeanInterval(mean, mean, mean)
    means = (
        sum(map(totals.__getitem__, sample)) / sum(map(sizes.__getitem__, sample))
        for sample in _resamples(len(totals), BOOTSTRAP_SEED)
    )
    return MeanInterval(mean, *_percentiles(means))


def mean_attempt_variance(attempts: Mapping[str, Sequence[float]]) -> float | None:
    """Mean over the cases of the variance between attempts; None without a second attempt."""
    variances = [variance(values) for values in attempts.values() if len(values) > 1]
    return math.fsum(variances) / len(variances) if variances else None


class Estimate(NamedTuple):
    """A figure from 0 to 1, its interval, and the resampled figures that gave the interval."""

    value: float | None
    interval: ConfidenceInterval | None
    resampled: tuple[float, ...] = ()


UNSCORED = Estimate(None, None)


def wilson_share(count: int, total: int) -> Estimate:
    """``count`` of ``total`` with Wilson's interval, which also holds for 0 and for all.

    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval

    >>> wilson_share(98, 100).interval
    (0.93, 0.9945)
    """
    if not total:
        return UNSCORED
    part, z = count / total, _Z_95
    middle = part + z * z / (2 * total)
    spread = z * math.sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    low, high = ((middle + side) / (1 + z * z / total) for side in (-spread, spread))
    return Estimate(part, (round(max(0.0, low), 4), round(min(1.0, high), 4)))


def mean_estimate(estimates: Sequence[Estimate]) -> Estimate:
    """The mean over the sets that were scored, each with the same weight; resampled set by set."""
    scored = [one for one in estimates if one.value is not None]
    if not scored:
        return UNSCORED
    value = math.fsum(one.value or 0.0 for one in scored) / len(scored)
    if not all(one.resampled for one in scored):
        return Estimate(value, None)
    draws = zip(*(one.resampled for one in scored), strict=False)
    means = tuple(math.fsum(draw) / len(draw) for draw in draws)
    return Estimate(value, _percentiles(means), means)


class ScoredLabel(NamedTuple):
    """One labelled row: its score, whether it was accepted, and the number of its document."""

    label: int
    score: float
    accepted: bool
    document: int = 0


class ClassifierMetrics(NamedTuple):
    """Figures of one set of rows; ``auc`` and ``balanced`` are None when only one label occurs."""

    rows: int
    positives: int
    documents: int
    auc: Estimate
    balanced: Estimate
    false_accept: Estimate
    false_reject: Estimate


def classifier_metrics(rows: Sequence[ScoredLabel], seed: int = 0) -> ClassifierMetrics:
    """All figures of a set. O(n log n), and O(n) for each resample."""
    ordered = sorted(rows, key=lambda row: row.score)
    numbers = {document: n for n, document in enumerate(sorted({row.document for row in rows}))}
    documents = [numbers[row.document] for row in ordered]
    positives = sum(row.label for row in rows)
    wrong = [row.accepted for row in rows if row.label != row.accepted]
    auc = balanced = UNSCORED
    if figures := _weighted_figures(ordered, [1] * len(rows)):
        auc, balanced = (Estimate(value, None) for value in figures)
        if len(numbers) > 1:
            drawn = filter(None, _resampled_figures(ordered, documents, len(numbers), seed))
            aucs, accuracies = zip(*drawn, strict=True)
            auc = Estimate(figures[0], _percentiles(aucs), aucs)
            balanced = Estimate(figures[1], _percentiles(accuracies), accuracies)
    return ClassifierMetrics(
        len(rows), positives, len(numbers), auc, balanced,
        wilson_share(sum(wrong), len(rows) - positives),
        wilson_share(len(wrong) - sum(wrong), positives),
    )  # fmt: skip


def auc_and_balanced_accuracy(
    scores: Sequence[float], labels: Sequence[int], threshold: float
) -> tuple[float, float] | None:
    """ROC AUC, and balanced accuracy at the threshold; None when only one label occurs."""
    pairs = sorted(zip(scores, labels, strict=True))
    rows = [ScoredLabel(label, score, score >= threshold) for score, label in pairs]
    return _weighted_figures(rows, [1] * len(rows))


def _resampled_figures(
    ordered: Sequence[ScoredLabel], documents: Sequence[int], count: int, seed: int
) -> Iterator[tuple[float, float] | None]:
    for sample in _resamples(count, seed):
        weights = [0] * count
        for document in sample:
            weights[document] += 1
        yield _weighted_figures(ordered, [weights[document] for document in documents])


def _weighted_figures(
    ordered: Sequence[ScoredLabel], weights: Sequence[int]
) -> tuple[float, float] | None:
    """ROC AUC and balanced accuracy of rows that ascend by score; None without both labels."""
    positives = negatives = right_positives = right_negatives = 0
    below = tied_positives = tied_negatives = 0
    won, score = 0.0, math.nan
    for row, weight in zip(ordered, weights, strict=True):
        if row.score != score:
            # A positive wins against every negative with a lower score, and by half if tied.
            won += tied_positives * (below + tied_negatives / 2)
            below += tied_negatives
            tied_positives = tied_negatives = 0
            score = row.score
        if row.label:
            positives += weight
            tied_positives += weight
            right_positives += weight * row.accepted
        else:
            negatives += weight
            tied_negatives += weight
            right_negatives += weight * (not row.accepted)
    won += tied_positives * (below + tied_negatives / 2)
    if not positives or not negatives:
        return None
    accuracy = (right_positives / positives + right_negatives / negatives) / 2
    return won / (positives * negatives), accuracy


class VerdictRow(NamedTuple):
    """One labelled row: its label, 1 or 0, its verdict, and its document."""

    label: int
    verdict: Verdict
    document: int


class VerdictShares(NamedTuple):
    """What verdicts are worth, as shares.

    ``wrong_among_supported``: as if half of all rows were false, p / (p + s), where p is the share
    of the false rows called supported and s that of the true ones. ``undecided``: ``unverified``.
    """

    wrong_among_supported: Estimate
    false_supported: Estimate
    true_supported: Estimate
    true_flagged: Estimate
    false_flagged: Estimate
    undecided: Estimate


def verdict_shares(rows: Sequence[VerdictRow], seed: int = BOOTSTRAP_SEED) -> VerdictShares:
    """The shares with intervals that resample documents."""
    documents = [
        tuple(row for row in rows if row.document == number)
        for number in sorted({row.document for row in rows})
    ]
    return VerdictShares(
        *(
            _resampled_share(documents, share, seed)
            for share in (
                _wrong_among_supported,
                lambda rows: _share_of(rows, 0, "supported"),
                lambda rows: _share_of(rows, 1, "supported"),
                lambda rows: _share_of(rows, 1, "unsupported", "contradicted"),
                lambda rows: _share_of(rows, 0, "unsupported", "contradicted"),
                lambda rows: _share_of(rows, None, "unverified"),
            )
        )
    )


def _wrong_among_supported(rows: Sequence[VerdictRow]) -> float | None:
    wrong, right = _share_of(rows, 0, "supported"), _share_of(rows, 1, "supported")
    return None if wrong is None or not right else wrong / (wrong + right)


def _share_of(rows: Sequence[VerdictRow], label: int | None, *verdicts: Verdict) -> float | None:
    """Of the rows with that label, or of all, the share with one of the verdicts."""
    alike = [row.verdict in verdicts for row in rows if label in (None, row.label)]
    return sum(alike) / len(alike) if alike else None


def _resampled_share(
    documents: Sequence[Sequence[VerdictRow]],
    share: Callable[[Sequence[VerdictRow]], float | None],
    seed: int,
) -> Estimate:
    """Of shares that are 0 or 1, which no resample can move, the interval is Wilson's over the
    documents."""
    value = share([row for each in documents for row in each])
    if value is None:
        return UNSCORED
    if value in (0, 1):
        return wilson_share(round(value * len(documents)), len(documents))
    samples = ([documents[at] for at in drawn] for drawn in _resamples(len(documents), seed))
    found = (share([row for each in sample for row in each]) for sample in samples)
    drawn = [each for each in found if each is not None]
    return Estimate(value, _percentiles(drawn) if len(documents) > 1 else None)


def sign_test(better: int, worse: int) -> float:
    """Exact two-sided p of so uneven a split, without ties: McNemar's exact test for assertions,
    the sign test for scores.

    >>> sign_test(0, 0), sign_test(5, 0), sign_test(8, 2)
    (1.0, 0.0625, 0.109375)
    """
    total, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(total, k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << total))


def cohen_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of (label, judgement) pairs; None where chance alone would always agree.

    >>> cohen_kappa([(True, True), (False, False)]), cohen_kappa([(True, True), (True, True)])
    (1.0, None)
    """
    if not pairs:
        return None
    total = len(pairs)
    agreed = sum(label == judged for label, judged in pairs) / total
    labelled, judged = (sum(side) / total for side in zip(*pairs, strict=True))
    chance = labelled * judged + (1 - labelled) * (1 - judged)
    return None if chance == 1 else (agreed - chance) / (1 - chance)
