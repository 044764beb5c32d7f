from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.spans import (
    QuoteSelector,
    Span,
    find_quote,
    inside,
    quote_selector_at,
    trim_span,
)

TEXTS = st.text(alphabet="ab \n“”é習", min_size=1, max_size=60)


@st.composite
def placed(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@given(placed())
def test_a_described_place_is_found_again_in_the_same_text(place: tuple[str, Span]) -> None:
    text, span = place
    assert find_quote(text, quote_selector_at(text, span), span.start) == span


@given(placed(), st.text(alphabet="xyz", max_size=20))
def test_words_put_before_move_the_anchor_with_the_quotation(
    place: tuple[str, Span], prefix: str
) -> None:
    text, span = place
    found = find_quote(prefix + text, quote_selector_at(text, span), span.start + len(prefix))
    assert found is not None
    assert (prefix + text)[found.start : found.end] == text[span.start : span.end]


@given(placed())
def test_trimmed_span_has_the_same_words_and_no_space_at_its_edges(place: tuple[str, Span]) -> None:
    text, span = place
    found = trim_span(text, span)
    assert text[found.start : found.end] == text[span.start : span.end].strip()
    assert inside(found, span)


def test_of_two_occurrences_the_one_with_the_right_context_is_found() -> None:
    text = "He said yes. She said yes."
    selector = QuoteSelector("yes", "She said ", ".")
    assert find_quote(text, selector) == Span(22, 25)


def test_of_equal_contexts_the_nearer_one_is_found() -> None:
    assert find_quote("yes yes yes", QuoteSelector("yes", "", ""), hint=5) == Span(4, 7)


def test_words_that_are_gone_are_orphaned() -> None:
    assert find_quote("nothing of it", QuoteSelector("yes", "", "")) is None
    assert find_quote("nothing of it", QuoteSelector("", "", "")) is None
