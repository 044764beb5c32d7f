from collections.abc import Sequence

from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Judgement
from summarizer.checking.metrics import JudgedCitations, measure_citations
from summarizer.text.spans import Span
from tests.checking.held import FIRE, PAPER, SPORT, hold

HELD = hold(FIRE, PAPER, SPORT)
A, B, C = (CitedSpan(chunk, Span(chunk.start, chunk.end)) for chunk in HELD.evidence.chunks)


def judge_by(*carrying: frozenset[CitedSpan]) -> object:
    def judge(_: str, cited: Sequence[CitedSpan]) -> Judgement:
        carried = any(needed <= set(cited) for needed in carrying)
        return Judgement("supported" if carried else "unsupported", float(carried), ())

    return judge


def quality(
    cited: list[CitedSpan], *carrying: set[CitedSpan], unresolved: int = 0
) -> tuple[object, object]:
    judge = judge_by(*map(frozenset, carrying))
    sentence = JudgedCitations("text", cited, judge("text", cited))  # type: ignore[operator]
    return tuple(measure_citations([sentence], judge, unresolved))  # type: ignore[arg-type, return-value]


def test_a_citation_that_carries_alone_is_precise() -> None:
    assert quality([A], {A}) == (1, 1)


def test_a_citation_that_adds_nothing_is_not() -> None:
    assert quality([A, B], {A}) == (1, 0.5)


def test_two_that_carry_only_together_are_both_precise() -> None:
    assert quality([A, B], {A, B}) == (1, 1)


def test_an_unsupported_sentence_has_no_recall_and_no_precise_citation() -> None:
    assert quality([A, B], {C}) == (0, 0)


def test_an_unresolved_key_counts_against_precision() -> None:
    assert quality([A], {A}, unresolved=1) == (1, 0.5)


def test_nothing_to_judge_is_none_and_never_nought() -> None:
    judge = judge_by()
    assert measure_citations([], judge) == (None, None)  # type: ignore[arg-type]


def test_the_shipped_judge_fits() -> None:
    text = "A fire destroyed a depot in Bern on Monday evening, police said."
    sentence = JudgedCitations(text, [A], HELD.examiner.judge(text, [A]))
    assert measure_citations([sentence], HELD.examiner.judge) == (1, 1)


def test_an_unverified_sentence_counts_against_recall_and_says_nothing_of_precision() -> None:
    def unsure(_: str, _cited: Sequence[CitedSpan]) -> Judgement:
        return Judgement("unverified", 0.6, ())

    unverified = JudgedCitations("text", [A, B], unsure("text", [A]))
    assert measure_citations([unverified], unsure) == (0, None)
    assert measure_citations([unverified], unsure, unresolved=1) == (0, 0)
