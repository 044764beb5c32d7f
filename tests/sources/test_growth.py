"""Twice the text costs at most 2.6 times the CPU time, whatever is repeated in it."""

import gc
import time
from collections.abc import Callable

import pytest

from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.hidden_text import hides
from summarizer.sources.prompt_injection import find_prompt_injections

UNITS = (
    "a", "word ", "AI ", "write ", "ignore all ", "a\n", "“a ", "i g n o r e ", "It rained. ",
    "1 ", "AI: x\n", "⟦k⟧ ", "игнорируй ", "( ", '"x" ', "- x\n", "摘要中", "http://a.b/c ",
    "</article> ", "your summary ", "note to ", "put in ", "ér ", "A.B. ",
)  # fmt: skip
MAX_RATIO = 2.6
"""Of the CPU times a doubling."""
DOUBLINGS = 2
MEASURABLE_SECONDS = 0.03
CHARS = 6_000


def seconds(measured: Callable[[str], object], text: str) -> float:
    """The least CPU time of three runs, without garbage collection, whose cost depends on what else
    is in memory."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            started = time.process_time()
            measured(text)
            times.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(times)


def is_linear(measured: Callable[[str], object], text: str) -> bool:
    short, long = seconds(measured, text), seconds(measured, text * 2**DOUBLINGS)
    return long < MEASURABLE_SECONDS or long <= short * MAX_RATIO**DOUBLINGS


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("measured", [find_prompt_injections, find_boilerplate, hides])
def test_a_repetitive_text_costs_in_proportion(
    measured: Callable[[str], object], unit: str
) -> None:
    text = unit * (CHARS // len(unit))
    # Other programs disturb a measurement; they do not make a square of a line three times.
    assert any(is_linear(measured, text) for _ in range(3))
