"""How sure a mean is. Cases that share a story are no independent evidence, so intervals resample
stories, never single cases."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

__all__ = ["Interval", "clustered", "kappa", "sign_test", "spread"]

RESAMPLES = 1000
SEED = 20261121


class Interval(NamedTuple):
    """A mean and its 95 % interval; the ends are None with fewer than two clusters."""

    mean: float
    low: float | None
    high: float | None


def clustered(values: Iterable[tuple[str, float]]) -> Interval:
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
        return Interval(mean, None, None)
    if len({total / size for total, size in zip(totals, sizes, strict=True)}) == 1:
        return Interval(mean, mean, mean)
    means = sorted(_resampled(totals, sizes))
    return Interval(
        mean, means[round(0.025 * (RESAMPLES - 1))], means[round(0.975 * (RESAMPLES - 1))]
    )


def _resampled(totals: Sequence[float], sizes: Sequence[int]) -> list[float]:
    random = Random(SEED)  # noqa: S311 - statistics
    among = range(len(totals))
    drawn = (random.choices(among, k=len(totals)) for _ in range(RESAMPLES))
    return [sum(map(totals.__getitem__, at)) / sum(map(sizes.__getitem__, at)) for at in drawn]


def spread(attempts: Mapping[str, Sequence[float]]) -> float | None:
    """Mean variance of a case's own values over its attempts; None without a second attempt."""
    repeated = [values for values in attempts.values() if len(values) > 1]
    if not repeated:
        return None
    return math.fsum(_variance(values) for values in repeated) / len(repeated)


def _variance(values: Sequence[float]) -> float:
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


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of (label, judgement); None where chance alone would agree always.

    >>> kappa([(True, True), (False, False)]), kappa([(True, True), (True, True)])
    (1.0, None)
    """
    if not pairs:
        return None
    total = len(pairs)
    agreed = sum(label == said for label, said in pairs) / total
    labelled, judged = (sum(side) / total for side in zip(*pairs, strict=True))
    chance = labelled * judged + (1 - labelled) * (1 - judged)
    return None if chance == 1 else (agreed - chance) / (1 - chance)
