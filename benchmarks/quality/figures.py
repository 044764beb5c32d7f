"""A measured figure, its interval, and the table of them all."""

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["RESAMPLING_SEED", "Figure", "f1", "row", "table"]

RESAMPLING_SEED = 11
"""Seed of the intervals, so that figures of two commits differ by what was measured alone."""


class Figure(NamedTuple):
    """In per cent unless ``name`` says otherwise. ``low``, ``high``: the 95 % interval.

    ``baseline``: the same figure of the method that ``beside`` names. ``least``: what is asked for;
    ``most`` instead where less is better.
    """

    part: str
    name: str
    value: float
    low: float | None = None
    high: float | None = None
    beside: str = ""
    baseline: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def verdict(self) -> str:
        """``ok``, ``short``, or nothing where nothing is asked for."""
        if self.least is None and self.most is None:
            return ""
        short = self.least is not None and self.value < self.least
        over = self.most is not None and self.value > self.most
        return "short" if short or over else "ok"


def f1(precision: float, recall: float) -> float:
    """Harmonic mean; 0 when both are."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def row(figure: Figure) -> str:
    """One figure as a line of text."""
    span = "" if figure.low is None else f"[{figure.low:.1f}, {figure.high:.1f}]"
    beside = "" if figure.baseline is None else f"{figure.beside} {figure.baseline:.1f}"
    return (
        f"{figure.part:14}{figure.name:52}{figure.value:7.1f} {span:15}{_asked(figure):8}"
        f"{figure.verdict:6}{beside}"
    ).rstrip()


def table(figures: Iterable[Figure]) -> str:
    """All figures as a Markdown table."""
    lines = ["| part | figure | value | 95 % | asked | beside |", "|---|---|--:|---|--:|---|"]
    for each in figures:
        span = "" if each.low is None else f"{each.low:.1f}-{each.high:.1f}"
        beside = "" if each.baseline is None else f"{each.beside}: {each.baseline:.1f}"
        asked = f"{_asked(each)}{' (short)' * (each.verdict == 'short')}"
        lines.append(
            f"| {each.part} | {each.name} | {each.value:.1f} | {span} | {asked} | {beside} |"
        )
    return "\n".join(lines) + "\n"


def _asked(figure: Figure) -> str:
    if figure.least is not None:
        return f"≥ {figure.least:g}"
    return "" if figure.most is None else f"≤ {figure.most:g}"
