from dataclasses import replace

from summarizer.checking.citations import CitedSpan
from summarizer.text.spans import Span
from tests.checking.held import FIRE, hold


def test_what_is_remembered_in_one_language_is_not_answered_in_another() -> None:
    held = hold(FIRE)
    text = "A fire destroyed a depot in Bern on Monday evening, police said."
    chunk = held.evidence.chunks[0]
    cited = [CitedSpan(chunk, Span(chunk.start, chunk.end))]
    assert held.examiner.judge(text, cited).verdict == "supported"
    assert replace(held.examiner, language="de").judge(text, cited).verdict == "unsupported"
    assert held.examiner.judge(text, cited).verdict == "supported"
