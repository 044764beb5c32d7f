"""Learns ``summarizer/checking/weights.tsv`` and measures it on families it has not seen.

    python -m benchmarks.learn_support [--data ../shared/data] [--write]

Logistic regression with constrained signs, by accelerated projected gradient: no chance, no seed. A
family is all sets whose texts come from one place; it is never trained and tested on. Each set
weighs the same within its family and both labels within their set; a family weighs as the square
root of its sets. Plain overlap (share of the claim's telling stems that the evidence has) stands
beside it, at its own best shared threshold.
"""

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from summarizer.checking.checks import Claim, Passage, check
from summarizer.checking.support import Features, Weights, features, probability
from summarizer.text.tokens import content

OUT = Path(__file__).parent.parent / "summarizer" / "checking" / "weights.tsv"
FAMILIES = {
    "bump": "cnndm", "frank_cnndm": "cnndm", "falke": "cnndm", "frank_xsum": "xsum",
    "xsum": "xsum", "wice": "wice", "summedits": "summedits", "factcheckgpt": "factcheckgpt",
    "storysumm": "storysumm",
}  # fmt: skip
ONE_CLASS = "wice_subclaim_tokens"
SIGNS = Features(1, 1, -1, -1)
RIDGE = 0.01
STEPS = 200


class Row(NamedTuple):
    """One labelled claim. ``overlap`` is the plain baseline."""

    dataset: str
    label: int
    found: Features
    overlap: float

    @property
    def family(self) -> str:
        """Where its texts come from."""
        return family(self.dataset)


def family(dataset: str) -> str:
    """Where the texts of a set come from."""
    return next(FAMILIES[key] for key in FAMILIES if dataset.startswith(key))


def overlap(claim: str, evidence: Sequence[str]) -> float:
    """The plain baseline: share of the claim's telling stems that the evidence has."""
    stems = set(content(claim))
    return len(stems & set(content("\n".join(evidence)))) / max(1, len(stems))


def main() -> None:
    """Measures leave-one-family-out; with ``--write`` learns from all and writes the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        rows = [row for row in pool.map(_measured, read(args.data), chunksize=200) if row]
    report(rows, unseen(rows))
    if args.write:
        write(learn(rows), len(rows))


def read(data: Path) -> Iterator[dict[str, Any]]:
    """Every labelled claim of the sets that have both labels."""
    for path in sorted((data / "claims").glob("*.jsonl.gz")):
        if not path.name.startswith(ONE_CLASS):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def _measured(row: dict[str, Any]) -> Row | None:
    evidence = "\n".join(row["evidence"])
    claim, cited = Claim(row["claim"]), [Passage(evidence)]
    found = features(claim, cited, check(claim, cited))
    if found is None:
        return None
    plain = overlap(row["claim"], row["evidence"])
    return Row(row["dataset"], row["label"], found, plain)


def unseen_scores(raw: Sequence[dict[str, Any]]) -> list[float]:
    """The same for claims as they are read; 0 where nothing can be measured."""
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(_measured, raw, chunksize=200))
    scores = iter(unseen([row for row in rows if row]))
    return [next(scores) if row else 0.0 for row in rows]


def unseen(rows: Sequence[Row]) -> list[float]:
    """The score of each row by weights that never saw its family."""
    families = sorted({row.family for row in rows})
    learnt = {name: learn([row for row in rows if row.family != name]) for name in families}
    return [probability(row.found, learnt[row.family]) for row in rows]


def learn(rows: Sequence[Row]) -> Weights:
    """Weights of least loss with the signs of `SIGNS`."""
    shares = _shares(rows)
    columns = list(zip(*(row.found for row in rows), strict=True))
    means = [sum(column) / len(rows) for column in columns]
    scales = [
        math.sqrt(sum((x - mean) ** 2 for x in column) / len(rows)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    points = [
        (*((x - m) / s for x, m, s in zip(row.found, means, scales, strict=True)), 1.0)
        for row in rows
    ]
    *weights, intercept = _descend(points, [row.label for row in rows], shares)
    return Weights(Features(*means), Features(*scales), Features(*weights), intercept)


def _shares(rows: Sequence[Row]) -> list[float]:
    """What each row weighs; all together 1."""
    of_kind = Counter((row.dataset, row.label) for row in rows)
    sets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        sets[row.family].add(row.dataset)
    raw = [1 / of_kind[row.dataset, row.label] / math.sqrt(len(sets[row.family])) for row in rows]
    return [share / sum(raw) for share in raw]


def _descend(
    points: Sequence[tuple[float, ...]], labels: Sequence[int], shares: Sequence[float]
) -> list[float]:
    """Accelerated gradient, projected on the allowed signs; the intercept comes last."""
    step = 4 / sum(
        share * sum(x * x for x in point) for point, share in zip(points, shares, strict=True)
    )
    now = ahead = [0.0] * len(points[0])
    pace = 1.0
    for _ in range(STEPS):
        slope = _slope(ahead, points, labels, shares)
        moved = [a - step * (s + RIDGE * a) for a, s in zip(ahead[:-1], slope, strict=False)]
        new = [max(0.0, w * sign) * sign for w, sign in zip(moved, SIGNS, strict=True)]
        new.append(ahead[-1] - step * slope[-1])
        following = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = [b + (pace - 1) / following * (b - a) for a, b in zip(now, new, strict=True)]
        now, pace = new, following
    return now


def _slope(
    weights: Sequence[float],
    points: Iterable[tuple[float, ...]],
    labels: Iterable[int],
    shares: Iterable[float],
) -> list[float]:
    slope = [0.0] * len(weights)
    for point, label, share in zip(points, labels, shares, strict=True):
        total = sum(map(float.__mul__, weights, point))
        error = share * (1 / (1 + math.exp(-total)) - label)
        for at, x in enumerate(point):
            slope[at] += error * x
    return slope


def report(rows: Sequence[Row], scores: Sequence[float]) -> None:
    """Prints each set and the means: ROC AUC and balanced accuracy, ours and plain overlap's."""
    cut = max((step / 50 for step in range(51)), key=lambda at: _overlap_accuracy(rows, at))
    print(f"threshold 0.50 for all sets; plain overlap at {cut:.2f}, its best shared one")
    print(f"{'set':<24}{'rows':>6}{'AUC':>8}{'BAcc':>8}{'plain AUC':>11}{'BAcc':>8}")
    lines: dict[str, list[list[float]]] = defaultdict(list)
    for name, group in _sets(zip(rows, scores, strict=True)).items():
        labels = [row.label for row, _ in group]
        ours, plain = [value for _, value in group], [row.overlap for row, _ in group]
        line = [auc(ours, labels), accuracy(ours, labels, 0.5), auc(plain, labels)]
        line.append(accuracy(plain, labels, cut))
        lines[group[0][0].family].append(line)
        print(_line(name, str(len(group)), line))
    sets = [line for group in lines.values() for line in group]
    print(_line("mean of sets", str(len(sets)), _means(sets)))
    families = [_means(group) for group in lines.values()]
    print(_line("mean of families", str(len(families)), _means(families)))


def _sets(pairs: Iterable[tuple[Row, float]]) -> dict[str, list[tuple[Row, float]]]:
    groups: dict[str, list[tuple[Row, float]]] = defaultdict(list)
    for row, value in pairs:
        groups[row.dataset].append((row, value))
    return groups


def _overlap_accuracy(rows: Sequence[Row], cut: float) -> float:
    groups = _sets((row, row.overlap) for row in rows).values()
    return fmean(accuracy([x for _, x in g], [row.label for row, _ in g], cut) for g in groups)


def _means(lines: Sequence[Sequence[float]]) -> list[float]:
    return [fmean(column) for column in zip(*lines, strict=True)]


def _line(name: str, count: str, values: Sequence[float]) -> str:
    first, second, third, fourth = (100 * value for value in values)
    return f"{name:<24}{count:>6}{first:8.1f}{second:8.1f}{third:11.1f}{fourth:8.1f}"


def auc(scores: Sequence[float], labels: Sequence[int]) -> float:
    """Chance that a supported claim scores higher than another; ties count half."""
    order = sorted(zip(scores, labels, strict=True))
    ranks = above = 0.0
    for _, tied in groupby(order, key=lambda pair: pair[0]):
        group = [label for _, label in tied]
        ranks += sum(group) * (above + (len(group) + 1) / 2)
        above += len(group)
    ones = sum(labels)
    return (ranks - ones * (ones + 1) / 2) / (ones * (len(labels) - ones))


def accuracy(scores: Sequence[float], labels: Sequence[int], cut: float) -> float:
    """Balanced accuracy: the mean of the shares of both labels told right."""
    right = Counter(label for x, label in zip(scores, labels, strict=True) if (x >= cut) == label)
    return fmean(right[label] / labels.count(label) for label in (0, 1))


def write(learnt: Weights, count: int) -> None:
    """One row for each feature, readable and reread by `summarizer.checking.support.read`."""
    head = (
        f"# learnt {datetime.now(UTC):%Y-%m-%d} from {count} labelled claims of the open sets by"
        " benchmarks/learn_support.py; no seed\n# feature\tmean\tscale\tweight when standardised"
    )
    rows = zip(Features._fields, learnt.means, learnt.scales, learnt.weights, strict=True)
    body = "\n".join(f"{name}\t{m:.4f}\t{s:.4f}\t{w:+.4f}" for name, m, s, w in rows)
    OUT.write_text(f"{head}\n{body}\nintercept\t{learnt.intercept:+.4f}\n", encoding="utf-8")
    print(f"-> {OUT}")


if __name__ == "__main__":
    main()
