"""Two runs side by side, case by case: what differs, and whether that is more than chance."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.report.text import align_columns, format_interval, format_number
from summarizer.evaluation.results import CaseResult
from summarizer.evaluation.statistics import MeanInterval, bootstrap_mean, sign_test
from summarizer.evaluation.summary import in_evaluator_order

SIGNIFICANCE_LEVEL = 0.05


class ScoreDifference(NamedTuple):
    """One score over the cases that both runs have. ``difference``: the second minus the first,
    with its paired interval; ``p``: exact, by the sign test (McNemar's for assertions)."""

    name: str
    cases: int
    before: float
    after: float
    difference: MeanInterval
    better: int
    worse: int
    p: float


class RunComparison(NamedTuple):
    """``broken``: cases that passed and now fail; ``mended``: the reverse."""

    shared: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    differences: tuple[ScoreDifference, ...]


ValueByCase = Mapping[str, float]
"""Case -> value, the mean over attempts."""


def compare_runs(first: Sequence[CaseResult], second: Sequence[CaseResult]) -> RunComparison:
    """The runs, by the cases that they share. Raises SettingsError when they share none."""
    before, after = _values_by_score(first), _values_by_score(second)
    was, now = before["passed"], after["passed"]
    shared = was.keys() & now.keys()
    if not shared:
        raise SettingsError("the two runs share no case", hint="compare runs of the same suites")
    stories = {row.case: row.story for row in first}
    names = in_evaluator_order((before.keys() & after.keys()) - {"passed"})
    return RunComparison(
        len(shared),
        tuple(sorted(was.keys() - now.keys())),
        tuple(sorted(now.keys() - was.keys())),
        tuple(sorted(case for case in shared if now[case] < was[case])),
        tuple(sorted(case for case in shared if now[case] > was[case])),
        tuple(
            _score_difference(name, before[name], after[name], stories)
            for name in ("passed", *names)
            if before[name].keys() & after[name].keys()
        ),
    )


def _values_by_score(rows: Iterable[CaseResult]) -> Mapping[str, ValueByCase]:
    """Score -> case -> mean over attempts; ``passed`` is a score too."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        values["passed"][row.case].append(float(row.status == "passed"))
        for name, score in row.scores.items():
            if score.number is not None:
                values[name][row.case].append(score.number)
    return {
        name: {case: sum(attempts) / len(attempts) for case, attempts in by_case.items()}
        for name, by_case in values.items()
    }


def _score_difference(
    name: str, before: ValueByCase, after: ValueByCase, stories: Mapping[str, str]
) -> ScoreDifference:
    cases = sorted(before.keys() & after.keys())
    steps = [after[case] - before[case] for case in cases]
    better, worse = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if name in EVALUATORS and EVALUATORS[name].better == "lower":
        better, worse = worse, better
    return ScoreDifference(
        name=name,
        cases=len(cases),
        before=sum(before[case] for case in cases) / len(cases),
        after=sum(after[case] for case in cases) / len(cases),
        difference=bootstrap_mean((stories[c], step) for c, step in zip(cases, steps, strict=True)),
        better=better,
        worse=worse,
        p=sign_test(better, worse),
    )


def comparison_text(comparison: RunComparison) -> str:
    """A table, then the cases whose verdict changed."""
    head = ("score", "cases", "A", "B", "B - A", "95 % interval", "better", "worse", "p", "")
    table: list[tuple[str, ...]] = [head]
    for each in comparison.differences:
        numbers = map(format_number, (each.before, each.after, each.difference.mean))
        table.append(
            (
                each.name,
                str(each.cases),
                *numbers,
                format_interval(each.difference, " to "),
                str(each.better),
                str(each.worse),
                f"{each.p:.3f}",
                "significant" if each.p < SIGNIFICANCE_LEVEL else "",
            )
        )
    lines = [f"{comparison.shared} cases in both runs", "", *align_columns(table)]
    lines += [f"BROKEN {case}" for case in comparison.broken]
    lines += [f"mended {case}" for case in comparison.mended]
    for run, cases in (("A", comparison.only_first), ("B", comparison.only_second)):
        if cases:
            lines.append(f"only in {run}: {', '.join(cases)}")
    return "\n".join(lines) + "\n"


def comparison_json(comparison: RunComparison) -> str:
    """The same for machines."""
    differences = [
        each._asdict() | {"difference": each.difference._asdict()}
        for each in comparison.differences
    ]
    document = {
        "schema": "summarizer/comparison/1",
        **comparison._asdict(),
        "differences": differences,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
