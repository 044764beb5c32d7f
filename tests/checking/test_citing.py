from collections.abc import Sequence

from summarizer.checking.citations import (
    CitedSpan,
    DraftSentence,
    needed_citations,
    widened_citations,
)
from summarizer.checking.claims import Judgement
from summarizer.checking.repair import repair_sentence
from summarizer.writing.standalone import is_standalone
from tests.checking.held import FIRE, PAPER, SPORT, hold

CALL = (
    "US President Donald Trump met reporters on Monday. The soybeans of farmers in Iowa were "
    "praised in public. Chinese President Xi Jinping told Donald Trump by phone that Taiwan’s "
    "return is part of the international order."
)
TOLD = (
    "Xi Jinping told US President Donald Trump by phone that Taiwan’s return is part of the "
    "international order."
)


def test_a_country_that_stands_a_sentence_before_is_cited_along() -> None:
    held = hold(CALL)
    kept, findings = repair_sentence(
        DraftSentence(TOLD, (held.evidence.chunks[0].id,), "written"),
        held.evidence,
        held.examiner,
        is_standalone,
    )
    assert kept is not None
    assert (kept.text, findings) == (TOLD, [])
    assert kept.cited[0].quote.startswith("US President")


def test_another_name_is_not_looked_for_elsewhere_in_the_passage() -> None:
    held = hold(FIRE)
    cited = (CitedSpan(held.evidence.chunks[0], held.evidence.chunks[0].sentences[0]),)
    text = "Anna Keller destroyed a depot in Bern on Monday evening, police said."
    assert list(widened_citations(text, cited, held.examiner.judge(text, cited))) == []


def test_a_citation_in_vain_is_taken_out_and_told() -> None:
    held = hold(FIRE, PAPER, SPORT)
    text = "A fire destroyed a depot in Bern on Monday evening, police said."
    draft = DraftSentence(text, (held.key("Thun"), held.key("Keller")), "written")
    kept, findings = repair_sentence(draft, held.evidence, held.examiner, is_standalone)
    assert kept is not None
    assert "Thun" not in {word for item in kept.cited for word in item.quote.split()}
    assert [(f.kind, f.action) for f in findings] == [("misattributed", "citation_replaced")]


def test_what_only_two_carry_together_keeps_both() -> None:
    held = hold(FIRE, PAPER)
    first, second = (CitedSpan(c, c.sentences[0]) for c in held.evidence.chunks)

    def weak(_: Sequence[CitedSpan]) -> Judgement:
        return Judgement("unverified", 0.4, ())

    def halves(cited: Sequence[CitedSpan]) -> float:
        return 1 - 0.5 * len(cited)

    assert needed_citations([first, second], weak, halves) == [first, second]
    assert needed_citations([first, second], weak, lambda _: 0.2) == [first]
    assert needed_citations([first], weak, lambda _: 0.2) == [first]


def test_a_passage_that_carries_it_alone_is_kept() -> None:
    held = hold(FIRE, PAPER)
    cited = [CitedSpan(c, c.sentences[0]) for c in held.evidence.chunks]
    likely = Judgement("unverified", 0.6, ())
    assert needed_citations(cited, lambda _: likely, lambda _: 0.2) == cited


def test_a_source_that_hopes_for_it_is_not_cited_for_it() -> None:
    held = hold(
        "China has resumed purchases of soybeans from the United States this month.",
        "The United States hopes for larger purchases of soybeans by China this month.",
        "This month China has resumed the purchases of soybeans from the United States, it said.",
    )
    text = "China has resumed purchases of soybeans from the United States."
    draft = DraftSentence(text, (held.key("has resumed purchases"),), "written")
    kept, _ = repair_sentence(draft, held.evidence, held.examiner, is_standalone)
    assert kept is not None
    assert [("hopes" in item.quote) for item in kept.cited] == [False, False]
