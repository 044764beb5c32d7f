"""Two runs side by side, case by case: what differs, and whether that is more than chance."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.report.text import align_columns, format_number
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.statistics import MeanInterval, bootstrap_mean, sign_test
from summarizer.evaluation.summary import numeric_value

__all__ = ["RunComparison", "ScoreDifference", "compare_runs", "comparison_json", "comparison_text"]

SIGNIFICANCE_LEVEL = 0.05


class ScoreDifference(NamedTuple):
    """One score over the cases that both runs have. ``difference``: the second minus the first,
    with its paired interval; ``p``: exact, by sign test (McNemar's for assertions)."""

    name: str
    cases: int
    before: float
    after: float
    difference: MeanInterval
    better: int
    worse: int
    p: float


class RunComparison(NamedTuple):
    """``broken``: cases that passed and do not any more; ``mended``: the other way."""

    shared: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    differences: tuple[ScoreDifference, ...]


ValueByCase = Mapping[str, float]
"""Case -> value, the mean over attempts."""


def compare_runs(first: Sequence[CaseResult], second: Sequence[CaseResult]) -> RunComparison:
    """The runs, by the cases they share. Raises SettingsError when they share none."""
    before, after = _values_by_score(first), _values_by_score(second)
    known, now = set(before["passed"]), set(after["passed"])
    if not known & now:
        raise SettingsError("the two runs share no case", hint="compare runs of the same suites")
    passed = [(case, before["passed"][case], after["passed"][case]) for case in known & now]
    stories = {row.case: row.story for row in first}
    return RunComparison(
        len(known & now),
        tuple(sorted(known - now)),
        tuple(sorted(now - known)),
        tuple(sorted(case for case, was, is_ in passed if is_ < was)),
        tuple(sorted(case for case, was, is_ in passed if is_ > was)),
        tuple(_score_differences(before, after, stories)),
    )


def _values_by_score(rows: Iterable[CaseResult]) -> Mapping[str, ValueByCase]:
    """Score -> case -> mean; ``passed`` is a score too."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found["passed"][row.case].append(float(row.status == "passed"))
        for name, score in row.scores.items():
            if (value := numeric_value(score)) is not None:
                found[name][row.case].append(value)
    return {
        name: {case: sum(values) / len(values) for case, values in by_case.items()}
        for name, by_case in found.items()
    }


def _score_differences(
    before: Mapping[str, ValueByCase], after: Mapping[str, ValueByCase], stories: Mapping[str, str]
) -> Iterator[ScoreDifference]:
    names = [name for name in before if name in after]
    order = {name: at for at, name in enumerate(("passed", *EVALUATORS))}
    for name in sorted(names, key=lambda each: order.get(each, len(order))):
        shared = sorted(before[name].keys() & after[name].keys())
        if shared:
            yield _score_difference(name, before[name], after[name], shared, stories)


def _score_difference(
    name: str,
    before: ValueByCase,
    after: ValueByCase,
    cases: Sequence[str],
    stories: Mapping[str, str],
) -> ScoreDifference:
    moved = [(stories[case], after[case] - before[case]) for case in cases]
    lower = name in EVALUATORS and EVALUATORS[name].better == "lower"
    up, down = sum(step > 0 for _, step in moved), sum(step < 0 for _, step in moved)
    better, worse = (down, up) if lower else (up, down)
    return ScoreDifference(
        name=name,
        cases=len(cases),
        before=sum(before[case] for case in cases) / len(cases),
        after=sum(after[case] for case in cases) / len(cases),
        difference=bootstrap_mean(moved),
        better=better,
        worse=worse,
        p=sign_test(better, worse),
    )


def comparison_text(found: RunComparison) -> str:
    """A table, then the cases that changed sides."""
    head = ("score", "cases", "A", "B", "B - A", "95 % interval", "better", "worse", "p", "")
    lines = align_columns([head, *(_difference_cells(each) for each in found.differences)])
    lines += [f"BROKEN {case}" for case in found.broken]
    lines += [f"mended {case}" for case in found.mended]
    for label, cases in (("A", found.only_first), ("B", found.only_second)):
        if cases:
            lines.append(f"only in {label}: {', '.join(cases)}")
    return "\n".join([f"{found.shared} cases in both runs", "", *lines]) + "\n"


def _difference_cells(each: ScoreDifference) -> tuple[str, ...]:
    low, high = each.difference.low, each.difference.high
    return (
        each.name,
        str(each.cases),
        format_number(each.before),
        format_number(each.after),
        format_number(each.difference.mean),
        "" if low is None else f"{format_number(low)} to {format_number(high)}",
        str(each.better),
        str(each.worse),
        f"{each.p:.3f}",
        "significant" if each.p < SIGNIFICANCE_LEVEL else "",
    )


def comparison_json(found: RunComparison) -> str:
    """The same for machines."""
    held = found._asdict() | {
        "differences": [
            each._asdict() | {"difference": each.difference._asdict()} for each in found.differences
        ]
    }
    return (
        json.dumps({"schema": "summarizer/comparison/1", **held}, ensure_ascii=False, indent=2)
        + "\n"
    )
