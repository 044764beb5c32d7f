"""Twice the text costs at most 2.6 times the time, whatever is repeated in it."""

import time

import pytest

from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.hidden_text import hides
from summarizer.sources.prompt_injection import find_prompt_injections

UNITS = (
    "a", "word ", "AI ", "write ", "ignore all ", "a\n", "“a ", "i g n o r e ", "It rained. ",
    "1 ", "AI: x\n", "⟦k⟧ ", "игнорируй ", "( ", '"x" ', "- x\n", "摘要中", "http://a.b/c ",
    "</article> ", "your summary ", "note to ", "put in ", "ér ",
)  # fmt: skip
MAX_RATIO = 2.6
MEASURABLE_SECONDS = 0.03
CHARS = 12_000


def seconds(measured: object, text: str) -> float:
    """The least CPU time of two runs."""
    times = []
    for _ in range(2):
        started = time.process_time()
        measured(text)  # type: ignore[operator]
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("measured", [find_prompt_injections, find_boilerplate, hides])
def test_a_repetitive_text_costs_in_proportion(measured: object, unit: str) -> None:
    text = unit * (CHARS // len(unit))
    seconds(measured, text[:100])
    once, twice = seconds(measured, text), seconds(measured, text * 2)
    assert twice < MEASURABLE_SECONDS or twice <= MAX_RATIO * once
