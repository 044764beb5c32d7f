from collections.abc import Sequence

from summarizer.checking.citations import (
    CitedSpan,
    DraftSentence,
    narrow_citations,
    needed_citations,
)
from summarizer.checking.claims import Judgement
from summarizer.checking.prompt_passages import ArticlePassages
from summarizer.checking.repair import repair_sentence
from summarizer.text.spans import Span
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


def test_the_only_passage_that_says_resumed_is_kept_and_shown() -> None:
    held = hold(
        "The soybean trade was on the agenda in Busan. US and Chinese officials are in talks about "
        "buying US soybeans, the ministry said. Farmers in Iowa are watching.",
        "Prices rose in Chicago on Monday. Traders said China has resumed buying US soybeans after "
        "a pause of five months. The harvest is late this year.",
        "China is in talks on buying US soybeans, a broker said. Freight was dearer.",
    )
    text = "China has resumed buying US soybeans."
    keys = tuple(chunk.id for chunk in held.evidence.chunks)
    kept, _ = repair_sentence(
        DraftSentence(text, keys, "written"), held.evidence, held.examiner, is_standalone
    )
    assert kept is not None
    assert any("resumed" in item.quote for item in kept.cited)


def test_what_is_shown_is_every_sentence_that_carries_a_clause_and_no_other() -> None:
    held = hold(
        "Snow fell on Monday. The bridge over the Aare was closed at noon. Traffic was calm. "
        "It will be open again on Thursday, the canton said. The weather improves."
    )
    (chunk,) = held.evidence.chunks
    text = "The bridge over the Aare, closed at noon, will be open again on Thursday."
    whole = CitedSpan(chunk, Span(chunk.start, chunk.end))
    (shown,) = narrow_citations(text, [whole], 1, lambda c: held.examiner.novel_share(text, c))
    assert shown.quote.startswith("The bridge")
    assert shown.quote.endswith("the canton said.")


def test_without_a_shared_word_the_whole_passage_is_shown() -> None:
    held = hold("Snow fell on Monday. The bridge was closed at noon.")
    (chunk,) = held.evidence.chunks
    whole = CitedSpan(chunk, Span(chunk.start, chunk.end))
    assert narrow_citations("Es hat geschneit.", [whole], 1, lambda _: 0.0) == [whole]


def test_whom_a_pronoun_means_is_read_in_the_passage_before() -> None:
    before = "Health minister Olga Petrova opened the hospital in Tartu. " + "It is large. " * 50
    held = hold(before + "She said that it has ninety beds. " + "Nurses are sought. " * 10)
    (key,) = (c.id for c in held.evidence.chunks if "ninety" in c.text)
    passages = ArticlePassages(held.examiner.statements)
    chunk = held.evidence.keys[key]
    if chunk.text.startswith("She"):
        assert [each.text[:6] for each in passages.explaining(chunk)] == ["Health"]
    assert [each.id for each in passages.neighbours(chunk)] != []
