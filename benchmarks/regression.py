"""Logistic regression with constrained signs, by Newton's method: no chance, no seed."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Fitted", "fit"]

RIDGE = 0.01
STEPS, SWEEPS, PRECISE = 30, 200, 1e-7


class Fitted(NamedTuple):
    """Features are standardised by ``means`` and ``scales``, then weighed."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def probability(self, features: Sequence[float]) -> float:
        """Chance of label 1."""
        rows = zip(features, self.means, self.scales, self.weights, strict=True)
        return _logistic(self.intercept + sum(w * (x - mean) / scale for x, mean, scale, w in rows))


def fit(
    features: Sequence[Sequence[float]],
    labels: Sequence[int],
    shares: Sequence[float],
    signs: Sequence[int],
) -> Fitted:
    """Weights of least loss with the ``signs`` (1 or -1); ``shares`` are what the rows weigh."""
    columns = list(zip(*features, strict=True))
    means = tuple(sum(column) / len(column) for column in columns)
    scales = tuple(
        math.sqrt(sum((x - mean) ** 2 for x in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    )
    points = [
        (*((x - m) / s for x, m, s in zip(row, means, scales, strict=True)), 1.0)
        for row in features
    ]
    now = [0.0] * (len(signs) + 1)
    for _ in range(STEPS):
        before, now = now, _bounded(now, *_bends(now, points, labels, shares), signs)
        if max(abs(a - b) for a, b in zip(before, now, strict=True)) < PRECISE:
            break
    *weights, intercept = now
    return Fitted(means, scales, tuple(weights), intercept)


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _bends(
    weights: Sequence[float],
    points: Iterable[tuple[float, ...]],
    labels: Iterable[int],
    shares: Iterable[float],
) -> tuple[list[float], list[list[float]]]:
    """First and second derivatives of the loss, the second on and below its diagonal."""
    size = len(weights)
    slope, curve = [0.0] * size, [[0.0] * (at + 1) for at in range(size)]
    for point, label, share in zip(points, labels, shares, strict=True):
        chance = _logistic(sum(map(float.__mul__, weights, point)))
        error, bend = share * (chance - label), share * chance * (1 - chance)
        for at, (x, row) in enumerate(zip(point, curve, strict=True)):
            slope[at] += error * x
            bent = bend * x
            for other in range(at + 1):
                row[other] += bent * point[other]
    for at in range(size - 1):
        slope[at] += RIDGE * weights[at]
        curve[at][at] += RIDGE
    return slope, curve


def _bounded(
    now: Sequence[float],
    slope: Sequence[float],
    curve: Sequence[Sequence[float]],
    signs: Sequence[int],
) -> list[float]:
    """Where the quadratic is least under the signs, coordinate by coordinate; the intercept, which
    comes last, is free."""
    size, new = len(now), list(now)
    for _ in range(SWEEPS):
        for at in range(size):
            bends = [curve[max(at, other)][min(at, other)] for other in range(size)]
            moved = (bend * (b - a) for bend, a, b in zip(bends, now, new, strict=True))
            new[at] -= (slope[at] + sum(moved)) / bends[at]
            if at < size - 1:
                new[at] = max(0.0, new[at] * signs[at]) * signs[at]
    return new
