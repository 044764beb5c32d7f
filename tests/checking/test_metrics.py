from collections.abc import Sequence

from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Judgement
from summarizer.checking.metrics import measure_citations
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
    return tuple(measure_citations([("text", cited)], judge, unresolved))  # type: ignore[arg-type, return-value]


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
    assert measure_citations([(text, [A])], HELD.examiner.judge) == (1, 1)
