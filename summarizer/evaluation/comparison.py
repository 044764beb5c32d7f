"""Two runs side by side, case by case: what differs, and whether that is more than chance."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.intervals import Interval, clustered, sign_test
from summarizer.evaluation.report.text import table
from summarizer.evaluation.report.wording import number
from summarizer.evaluation.rows import Row
from summarizer.evaluation.summary import numeric

__all__ = ["Comparison", "Difference", "compare", "render", "render_json"]

SIGNIFICANT = 0.05


class Difference(NamedTuple):
    """One score over the cases that both runs have. ``difference``: the second minus the first,
    with its paired interval; ``p``: exact, by sign test (McNemar's for assertions)."""

    name: str
    cases: int
    before: float
    after: float
    difference: Interval
    better: int
    worse: int
    p: float


class Comparison(NamedTuple):
    """``broken``: cases that passed and do not any more; ``mended``: the other way."""

    shared: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    differences: tuple[Difference, ...]


Values = Mapping[str, float]
"""Case -> value, the mean over attempts."""


def compare(first: Sequence[Row], second: Sequence[Row]) -> Comparison:
    """The runs, by the cases they share. Raises SettingsError when they share none."""
    before, after = _scores(first), _scores(second)
    known, now = set(before["passed"]), set(after["passed"])
    if not known & now:
        raise SettingsError("the two runs share no case", hint="compare runs of the same suites")
    passed = [(case, before["passed"][case], after["passed"][case]) for case in known & now]
    stories = {row.case: row.story for row in first}
    return Comparison(
        len(known & now),
        tuple(sorted(known - now)),
        tuple(sorted(now - known)),
        tuple(sorted(case for case, was, is_ in passed if is_ < was)),
        tuple(sorted(case for case, was, is_ in passed if is_ > was)),
        tuple(_differences(before, after, stories)),
    )


def _scores(rows: Iterable[Row]) -> Mapping[str, Values]:
    """Score -> case -> mean; ``passed`` is a score too."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found["passed"][row.case].append(float(row.status == "passed"))
        for name, score in row.scores.items():
            if (value := numeric(score)) is not None:
                found[name][row.case].append(value)
    return {
        name: {case: sum(values) / len(values) for case, values in by_case.items()}
        for name, by_case in found.items()
    }


def _differences(
    before: Mapping[str, Values], after: Mapping[str, Values], stories: Mapping[str, str]
) -> Iterator[Difference]:
    names = [name for name in before if name in after]
    order = {name: at for at, name in enumerate(("passed", *EVALUATORS))}
    for name in sorted(names, key=lambda each: order.get(each, len(order))):
        shared = sorted(before[name].keys() & after[name].keys())
        if shared:
            yield _difference(name, before[name], after[name], shared, stories)


def _difference(
    name: str, before: Values, after: Values, cases: Sequence[str], stories: Mapping[str, str]
) -> Difference:
    moved = [(stories[case], after[case] - before[case]) for case in cases]
    lower = name in EVALUATORS and EVALUATORS[name].better == "lower"
    up, down = sum(step > 0 for _, step in moved), sum(step < 0 for _, step in moved)
    better, worse = (down, up) if lower else (up, down)
    return Difference(
        name=name,
        cases=len(cases),
        before=sum(before[case] for case in cases) / len(cases),
        after=sum(after[case] for case in cases) / len(cases),
        difference=clustered(moved),
        better=better,
        worse=worse,
        p=sign_test(better, worse),
    )


def render(found: Comparison) -> str:
    """A table, then the cases that changed sides."""
    head = ("score", "cases", "A", "B", "B - A", "95 % interval", "better", "worse", "p", "")
    lines = table([head, *(_row(each) for each in found.differences)])
    lines += [f"BROKEN {case}" for case in found.broken]
    lines += [f"mended {case}" for case in found.mended]
    for label, cases in (("A", found.only_first), ("B", found.only_second)):
        if cases:
            lines.append(f"only in {label}: {', '.join(cases)}")
    return "\n".join([f"{found.shared} cases in both runs", "", *lines]) + "\n"


def _row(each: Difference) -> tuple[str, ...]:
    low, high = each.difference.low, each.difference.high
    return (
        each.name,
        str(each.cases),
        number(each.before),
        number(each.after),
        number(each.difference.mean),
        "" if low is None else f"{number(low)} to {number(high)}",
        str(each.better),
        str(each.worse),
        f"{each.p:.3f}",
        "significant" if each.p < SIGNIFICANT else "",
    )


def render_json(found: Comparison) -> str:
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
