"""Balanced accuracy, ROC AUC and shares, each with a 95 % interval; "unscored" is None, never 0.

Rows that rest on the same document are no independent evidence: intervals of the first two are a
bootstrap over documents (percentiles, seeded); a share of counted trials has Wilson's.
"""

import math
import random
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

__all__ = ["Estimate", "Interval", "Scored", "Sheet", "mean", "share", "sheet"]

RESAMPLES = 1000
_NORMAL = 1.959964

Interval = tuple[float, float]


class Scored(NamedTuple):
    """One labelled row: its score, whether it was accepted, and the document it rests on."""

    label: int
    score: float
    accepted: bool
    document: int = 0


class Estimate(NamedTuple):
    """A figure, 0..1, its 95 % interval, and the resampled figures behind that."""

    value: float | None
    interval: Interval | None
    resampled: tuple[float, ...] = ()


class Sheet(NamedTuple):
    """The rows of one set in figures; ``auc`` and ``balanced`` are None with one class only."""

    rows: int
    positives: int
    documents: int
    auc: Estimate
    balanced: Estimate
    false_accept: Estimate
    false_reject: Estimate


UNSCORED = Estimate(None, None)


def sheet(rows: Sequence[Scored], seed: int = 0) -> Sheet:
    """All figures of a set. O(n log n), and O(n) for each of `RESAMPLES` resamples."""
    ordered = sorted(rows, key=lambda row: row.score)
    at = {document: n for n, document in enumerate(sorted({row.document for row in rows}))}
    tallies = [_Tally(row.label, row.accepted, at[row.document], 0) for row in ordered]
    for rank, (_, tied) in enumerate(groupby(range(len(ordered)), lambda n: ordered[n].score)):
        for n in tied:
            tallies[n] = tallies[n]._replace(rank=rank)
    positives = sum(row.label for row in rows)
    wrong = [row for row in rows if row.label != row.accepted]
    accepted = sum(row.accepted for row in wrong)
    auc, balanced = _curves(tallies, len(at), seed)
    return Sheet(
        len(rows), positives, len(at), auc, balanced,
        share(accepted, len(rows) - positives), share(len(wrong) - accepted, positives),
    )  # fmt: skip


class _Tally(NamedTuple):
    """A row as the bootstrap sees it: ``rank`` is shared by equal scores."""

    label: int
    accepted: bool
    document: int
    rank: int


def _curves(rows: Sequence[_Tally], documents: int, seed: int) -> tuple[Estimate, Estimate]:
    whole = _figures(rows, [1] * documents)
    if whole is None:
        return UNSCORED, UNSCORED
    if documents < 2:
        return Estimate(whole[0], None), Estimate(whole[1], None)
    draw = random.Random(seed)  # noqa: S311 - a resample, no secret
    found = []
    for _ in range(RESAMPLES):
        weights = [0] * documents
        for document in draw.choices(range(documents), k=documents):
            weights[document] += 1
        if (figures := _figures(rows, weights)) is not None:
            found.append(figures)
    aucs, balances = zip(*found, strict=True)
    return _spread(whole[0], aucs), _spread(whole[1], balances)


def _figures(rows: Sequence[_Tally], weights: Sequence[int]) -> tuple[float, float] | None:
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


def _spread(value: float, resampled: Sequence[float]) -> Estimate:
    ordered = sorted(resampled)
    low = ordered[math.floor(0.025 * (len(ordered) - 1))]
    high = ordered[math.ceil(0.975 * (len(ordered) - 1))]
    return Estimate(value, (low, high), tuple(resampled))


def mean(estimates: Sequence[Estimate]) -> Estimate:
    """The mean over sets that were scored, each set the same; resampled set by set."""
    scored = [one for one in estimates if one.value is not None]
    if not scored:
        return UNSCORED
    value = math.fsum(one.value or 0.0 for one in scored) / len(scored)
    resampled = [one.resampled for one in scored if one.resampled]
    if len(resampled) < len(scored):
        return Estimate(value, None)
    return _spread(value, [math.fsum(draw) / len(draw) for draw in zip(*resampled, strict=False)])


def share(count: int, total: int) -> Estimate:
    """``count`` of ``total`` with Wilson's interval, which holds for 0 and for all, too.

    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval

    >>> share(98, 100).interval
    (0.93, 0.9945)
    """
    if not total:
        return UNSCORED
    part, z = count / total, _NORMAL
    middle = part + z * z / (2 * total)
    spread = z * math.sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    low, high = ((middle + side) / (1 + z * z / total) for side in (-spread, spread))
    return Estimate(part, (round(max(0.0, low), 4), round(min(1.0, high), 4)))
