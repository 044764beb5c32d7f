"""Learns ``summarizer/checking/weights.tsv`` and measures it on families it has not seen.

    python -m benchmarks.learn_support [--data ../shared/data] [--write]

A family is all sets whose texts come from one place; it is never trained and tested on. Each set
weighs the same within its family and both labels within their set; a family weighs as the square
root of its sets. Beside it stands what a day of work gives (`benchmarks.baselines`). What the
checks forbid is not forbidden here: these are the figures of the score alone.
"""

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from benchmarks import baselines
from benchmarks.baselines import Baselines
from benchmarks.regression import Fitted, fit
from summarizer.checking.claims import Claim, Issue, Passage
from summarizer.checking.restatement import restates
from summarizer.checking.support import (
    VERBATIM_SUPPORT,
    SupportFeatures,
    SupportWeights,
    support_features,
)
from summarizer.checking.verdict import find_issues
from summarizer.evaluation.statistics import auc_and_balanced_accuracy

OUT = Path(__file__).parent.parent / "summarizer" / "checking" / "weights.tsv"
FAMILIES = {
    "bump": "cnndm", "frank_cnndm": "cnndm", "falke": "cnndm", "frank_xsum": "xsum",
    "xsum": "xsum", "wice": "wice", "summedits": "summedits", "factcheckgpt": "factcheckgpt",
    "storysumm": "storysumm",
}  # fmt: skip
ONE_CLASS = "wice_subclaim_tokens"
SIGNS = (1, 1, -1, -1, -1, -1, -1, -1, -1)


class Row(NamedTuple):
    """One labelled claim. ``plain``: the scores beside which ours stands; ``verbatim``: it stands
    there word for word, and no check objects."""

    dataset: str
    label: int
    found: SupportFeatures
    plain: Baselines
    verbatim: bool

    @property
    def family(self) -> str:
        """Where its texts come from."""
        return family(self.dataset)


def family(dataset: str) -> str:
    """Where the texts of a set come from."""
    return next(FAMILIES[key] for key in FAMILIES if dataset.startswith(key))


def main() -> None:
    """Measures leave-one-family-out; with ``--write`` learns from all and writes the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(_measured, read(args.data), chunksize=50))
    report(rows, unseen(rows))
    if args.write:
        write(learn(rows), len(rows))


def read(data: Path) -> Iterator[dict[str, Any]]:
    """Every labelled claim of the sets that have both labels."""
    for path in sorted((data / "claims").glob("*.jsonl.gz")):
        if not path.name.startswith(ONE_CLASS):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def _measured(row: dict[str, Any]) -> Row:
    claim, cited = Claim(row["claim"]), [Passage("\n".join(row["evidence"]))]
    return measured(row, find_issues(claim, cited))


def measured(row: Mapping[str, Any], problems: Sequence[Issue]) -> Row:
    """A claim as it is read, with what the checks found; the worst of all where nothing can be
    measured."""
    claim, cited = Claim(row["claim"]), (Passage("\n".join(row["evidence"])),)
    found = support_features(claim, cited, problems) or SupportFeatures(
        *(float(sign < 0) for sign in SIGNS)
    )
    plain = baselines.measure(claim, cited, problems)
    copied = not problems and restates(claim, cited)
    return Row(row["dataset"], row["label"], found, plain, copied)


def unseen(rows: Sequence[Row]) -> list[float]:
    """The score of each row by weights that never saw its family."""
    scores = _unseen(rows, [row.found for row in rows], SIGNS)
    return [
        VERBATIM_SUPPORT if row.verbatim else score for row, score in zip(rows, scores, strict=True)
    ]


def sketched(rows: Sequence[Row]) -> list[float]:
    """The same of the sketch."""
    return _unseen(rows, [row.plain.sketch for row in rows], baselines.SIGNS)


def _unseen(
    rows: Sequence[Row], points: Sequence[Sequence[float]], signs: Sequence[int]
) -> list[float]:
    scores = [0.0] * len(rows)
    for name in sorted({row.family for row in rows}):
        kept = [at for at, row in enumerate(rows) if row.family != name]
        learnt = _fitted([rows[at] for at in kept], [points[at] for at in kept], signs)
        for at, row in enumerate(rows):
            if row.family == name:
                scores[at] = learnt.probability(points[at])
    return scores


def learn(rows: Sequence[Row]) -> SupportWeights:
    """Weights of least loss with the signs of `SIGNS`."""
    means, scales, weights, intercept = _fitted(rows, [row.found for row in rows], SIGNS)
    return SupportWeights(
        SupportFeatures(*means), SupportFeatures(*scales), SupportFeatures(*weights), intercept
    )


def _fitted(rows: Sequence[Row], points: Sequence[Sequence[float]], signs: Sequence[int]) -> Fitted:
    return fit(points, [row.label for row in rows], _shares(rows), signs)


def _shares(rows: Sequence[Row]) -> list[float]:
    """What each row weighs; all together 1."""
    of_kind = Counter((row.dataset, row.label) for row in rows)
    sets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        sets[row.family].add(row.dataset)
    raw = [1 / of_kind[row.dataset, row.label] / math.sqrt(len(sets[row.family])) for row in rows]
    return [share / sum(raw) for share in raw]


def report(rows: Sequence[Row], scores: Sequence[float]) -> None:
    """Prints each set and the means: ROC AUC and balanced accuracy, ours and those beside it."""
    columns = compared(rows, scores)
    print(f"{'set':<24}{'rows':>6}" + "".join(f"{name:>18}" for name in columns))
    count = Counter(row.dataset for row in rows)
    told = {name: figures(rows, *column) for name, column in columns.items()}
    for name in (*count, "mean of sets", "mean of families"):
        cells = (f"{100 * one[name][0]:11.1f} /{100 * one[name][1]:5.1f}" for one in told.values())
        print(f"{name:<24}{count[name] or '':>6}" + "".join(cells))


def compared(
    rows: Sequence[Row], scores: Sequence[float]
) -> dict[str, tuple[Sequence[float], float]]:
    """Scores and threshold of ours and of what stands beside it, each at one for all sets: what is
    learnt at 0.5, what is not at its own best."""
    plain = {
        "share": [row.plain.share for row in rows],
        "bigrams": [row.plain.bigrams for row in rows],
    }
    return {
        "ours": (scores, 0.5),
        **{name: (column, _best_cut(rows, column)) for name, column in plain.items()},
        "sketch": (sketched(rows), 0.5),
    }


def _best_cut(rows: Sequence[Row], scores: Sequence[float]) -> float:
    cuts = (step / 50 for step in range(51))
    return max(cuts, key=lambda cut: figures(rows, scores, cut)["mean of sets"][1])


def figures(
    rows: Sequence[Row], scores: Sequence[float], cut: float
) -> dict[str, tuple[float, float]]:
    """ROC AUC and balanced accuracy of each set, and their means over sets and over families."""
    groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        groups[row.dataset].append((score, row.label))
    found = {}
    for name, group in groups.items():
        values, labels = zip(*group, strict=True)
        if pair := auc_and_balanced_accuracy(values, labels, cut):
            found[name] = pair
    families: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, pair in found.items():
        families[family(name)].append(pair)
    means = [_mean(pairs) for pairs in families.values()]
    return found | {"mean of sets": _mean(found.values()), "mean of families": _mean(means)}


def _mean(pairs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    first, second = zip(*pairs, strict=True)
    return fmean(first), fmean(second)


def write(learnt: SupportWeights, count: int) -> None:
    """One row for each feature, readable and reread by `summarizer.checking.support.read`."""
    head = (
        f"# learnt {datetime.now(UTC):%Y-%m-%d} from {count} labelled claims of the open sets by"
        " benchmarks/learn_support.py; no seed\n# feature\tmean\tscale\tweight when standardised"
    )
    rows = zip(SupportFeatures._fields, learnt.means, learnt.scales, learnt.weights, strict=True)
    body = "\n".join(f"{name}\t{m:.4f}\t{s:.4f}\t{w:+.4f}" for name, m, s, w in rows)
    OUT.write_text(f"{head}\n{body}\nintercept\t{learnt.intercept:+.4f}\n", encoding="utf-8")
    print(f"-> {OUT}")


if __name__ == "__main__":
    main()
