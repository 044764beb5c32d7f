"""Means, balanced accuracy, ROC AUC and shares, each with a 95 % interval.

"Unscored" is None, never 0. Rows that share a document, and cases that share a story, are not
independent. So intervals are a bootstrap over documents or stories (percentiles, fixed seed); a
share of counted trials has Wilson's interval.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

__all__ = [
    "ClassifierMetrics",
    "ConfidenceInterval",
    "Estimate",
    "MeanInterval",
    "ScoredLabel",
    "bootstrap_mean",
    "classifier_metrics",
    "cohen_kappa",
    "mean_attempt_variance",
    "mean_estimate",
    "sign_test",
    "wilson_share",
]

BOOTSTRAP_RESAMPLES = 1000
_Z_95 = 1.959964

ConfidenceInterval = tuple[float, float]


class ScoredLabel(NamedTuple):
    """One labelled row: its score, whether it was accepted, and the document it rests on."""

    label: int
    score: float
    accepted: bool
    document: int = 0


class Estimate(NamedTuple):
    """A figure, 0..1, its 95 % interval, and the resampled figures behind that."""

    value: float | None
    interval: ConfidenceInterval | None
    resampled: tuple[float, ...] = ()


class ClassifierMetrics(NamedTuple):
    """The rows of one set in figures; ``auc`` and ``balanced`` are None with one class only."""

    rows: int
    positives: int
    documents: int
    auc: Estimate
    balanced: Estimate
    false_accept: Estimate
    false_reject: Estimate


UNSCORED = Estimate(None, None)


def classifier_metrics(rows: Sequence[ScoredLabel], seed: int = 0) -> ClassifierMetrics:
    """All figures of a set. O(n log n), and O(n) for each of `RESAMPLES` resamples."""
    ordered = sorted(rows, key=lambda row: row.score)
    at = {document: n for n, document in enumerate(sorted({row.document for row in rows}))}
    tallies = [_RankedLabel(row.label, row.accepted, at[row.document], 0) for row in ordered]
    for rank, (_, tied) in enumerate(groupby(range(len(ordered)), lambda n: ordered[n].score)):
        for n in tied:
            tallies[n] = tallies[n]._replace(rank=rank)
    positives = sum(row.label for row in rows)
    wrong = [row for row in rows if row.label != row.accepted]
    accepted = sum(row.accepted for row in wrong)
    auc, balanced = _auc_and_accuracy_estimates(tallies, len(at), seed)
    return ClassifierMetrics(
        len(rows), positives, len(at), auc, balanced,
        wilson_share(accepted, len(rows) - positives),
        wilson_share(len(wrong) - accepted, positives),
    )  # fmt: skip


class _RankedLabel(NamedTuple):
    """A row as the bootstrap sees it: ``rank`` is shared by equal scores."""

    label: int
    accepted: bool
    document: int
    rank: int


def _auc_and_accuracy_estimates(
    rows: Sequence[_RankedLabel], documents: int, seed: int
) -> tuple[Estimate, Estimate]:
    whole = _auc_and_balanced_accuracy(rows, [1] * documents)
    if whole is None:
        return UNSCORED, UNSCORED
    if documents < 2:
        return Estimate(whole[0], None), Estimate(whole[1], None)
    draw = random.Random(seed)  # noqa: S311 - a resample, no secret
    found = []
    for _ in range(BOOTSTRAP_RESAMPLES):
        weights = [0] * documents
        for document in draw.choices(range(documents), k=documents):
            weights[document] += 1
        if (figures := _auc_and_balanced_accuracy(rows, weights)) is not None:
            found.append(figures)
    aucs, balances = zip(*found, strict=True)
    return _percentile_estimate(whole[0], aucs), _percentile_estimate(whole[1], balances)


def _auc_and_balanced_accuracy(
    rows: Sequence[_RankedLabel], weights: Sequence[int]
) -> tuple[float, float] | None:
    """AUC (ties count half) and balanced accuracy of the weighed rows; None without both classes.

    ``rows`` ascend by rank.
    """
    ones = zeros = below = tied_ones = tied_zeros = right_ones = right_zeros = 0
    above, rank = 0.0, -1
    for row in rows:
        if row.rank != rank:
            above += tied_ones * (below + tied_zeros / 2)
            below += tied_zeros
            tied_ones = tied_zeros = 0
            rank = row.rank
        weight = weights[row.document]
        if row.label:
            ones += weight
            tied_ones += weight
            right_ones += weight * row.accepted
        else:
            zeros += weight
            tied_zeros += weight
            right_zeros += weight * (not row.accepted)
    above += tied_ones * (below + tied_zeros / 2)
    if not ones or not zeros:
        return None
    return above / (ones * zeros), (right_ones / ones + right_zeros / zeros) / 2


def _percentile_estimate(value: float, resampled: Sequence[float]) -> Estimate:
    ordered = sorted(resampled)
    low = ordered[math.floor(0.025 * (len(ordered) - 1))]
    high = ordered[math.ceil(0.975 * (len(ordered) - 1))]
    return Estimate(value, (low, high), tuple(resampled))


def mean_estimate(estimates: Sequence[Estimate]) -> Estimate:
    """The mean over sets that were scored, each set the same; resampled set by set."""
    scored = [one for one in estimates if one.value is not None]
    if not scored:
        return UNSCORED
    value = math.fsum(one.value or 0.0 for one in scored) / len(scored)
    resampled = [one.resampled for one in scored if one.resampled]
    if len(resampled) < len(scored):
        return Estimate(value, None)
    return _percentile_estimate(
        value, [math.fsum(draw) / len(draw) for draw in zip(*resampled, strict=False)]
    )


def wilson_share(count: int, total: int) -> Estimate:
    """``count`` of ``total`` with Wilson's interval, which holds for 0 and for all, too.

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


BOOTSTRAP_SEED = 20261121


class MeanInterval(NamedTuple):
    """A mean and its 95 % interval; the ends are None with fewer than two clusters."""

    mean: float
    low: float | None
    high: float | None


def bootstrap_mean(values: Iterable[tuple[str, float]]) -> MeanInterval:
    """The mean of (cluster, value) with a percentile interval of the cluster bootstrap.

    Raises ValueError without a value.
    """
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for cluster, value in values:
        sums[cluster] += value
        counts[cluster] += 1
    if not sums:
        raise ValueError("no value has no mean")
    totals, sizes = list(sums.values()), [counts[cluster] for cluster in sums]
    mean = math.fsum(totals) / sum(sizes)
    if len(totals) < 2:
        return MeanInterval(mean, None, None)
    if len({total / size for total, size in zip(totals, sizes, strict=True)}) == 1:
        return MeanInterval(mean, mean, mean)
    means = sorted(_resampled_means(totals, sizes))
    return MeanInterval(
        mean,
        means[round(0.025 * (BOOTSTRAP_RESAMPLES - 1))],
        means[round(0.975 * (BOOTSTRAP_RESAMPLES - 1))],
    )


def _resampled_means(totals: Sequence[float], sizes: Sequence[int]) -> list[float]:
    random = Random(BOOTSTRAP_SEED)  # noqa: S311 - statistics
    among = range(len(totals))
    drawn = (random.choices(among, k=len(totals)) for _ in range(BOOTSTRAP_RESAMPLES))
    return [sum(map(totals.__getitem__, at)) / sum(map(sizes.__getitem__, at)) for at in drawn]


def mean_attempt_variance(attempts: Mapping[str, Sequence[float]]) -> float | None:
    """Mean variance of a case's own values over its attempts; None without a second attempt."""
    repeated = [values for values in attempts.values() if len(values) > 1]
    if not repeated:
        return None
    return math.fsum(_sample_variance(values) for values in repeated) / len(repeated)


def _sample_variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) * (value - mean) for value in values) / (len(values) - 1)


def sign_test(better: int, worse: int) -> float:
    """Exact two-sided p of so uneven a split, ties left out: McNemar's exact test for assertions,
    the sign test for scores.

    >>> sign_test(0, 0), sign_test(5, 0), sign_test(8, 2)
    (1.0, 0.0625, 0.109375)
    """
    total, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(total, k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << total))


def cohen_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of (label, judgement); None where chance alone would agree always.

    >>> cohen_kappa([(True, True), (False, False)]), cohen_kappa([(True, True), (True, True)])
    (1.0, None)
    """
    if not pairs:
        return None
    total = len(pairs)
    agreed = sum(label == said for label, said in pairs) / total
    labelled, judged = (sum(side) / total for side in zip(*pairs, strict=True))
    chance = labelled * judged + (1 - labelled) * (1 - judged)
    return None if chance == 1 else (agreed - chance) / (1 - chance)
