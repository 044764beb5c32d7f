from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefing import CitedChunk
from summarizer.rendering.excerpts import (
    SourceExcerpt,
    context_windows,
    merge_chunks,
    split_at_quotations,
)
from summarizer.text.spans import Span

TEXTS = st.text("ab \n", min_size=1, max_size=120)


@st.composite
def quoted(draw: st.DrawFn) -> tuple[str, list[tuple[str, Span]]]:
    text = draw(TEXTS)
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges), max_size=6))
    spans = [Span(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    return text, [(str(at), span) for at, span in enumerate(spans)]


@given(quoted())
def test_pieces_make_up_the_block_and_each_quotation(
    made: tuple[str, list[tuple[str, Span]]],
) -> None:
    text, spans = made
    pieces = list(split_at_quotations(SourceExcerpt(0, text), spans))
    assert "".join(piece.text for piece in pieces) == text
    for key, (start, end) in spans:
        own = [piece for piece in pieces if key in piece.keys]
        assert "".join(piece.text for piece in own) == text[start:end]
        assert [key in piece.opens for piece in own] == [True] + [False] * (len(own) - 1)


@given(quoted(), st.integers(0, 40))
def test_windows_hold_every_quotation_in_order_and_apart(
    made: tuple[str, list[tuple[str, Span]]], context: int
) -> None:
    text, keyed = made
    spans = [span for _, span in keyed]
    blocks = context_windows(text, spans, context)
    assert all(text[block.start : block.end] == block.text for block in blocks)
    assert all(a.end < b.start for a, b in pairwise(blocks))
    for start, end in spans:
        assert any(block.start <= start and end <= block.end for block in blocks)


@given(quoted())
def test_chunks_are_joined_where_they_touch(made: tuple[str, list[tuple[str, Span]]]) -> None:
    text, spans = made
    chunks = [
        CitedChunk(id=key, source="s", start=start, end=end, text=text[start:end])
        for key, (start, end) in spans
    ]
    blocks = merge_chunks(chunks)
    assert all(text[block.start : block.end] == block.text for block in blocks)
    assert {i for b in blocks for i in range(b.start, b.end)} == {
        i for c in chunks for i in range(c.start, c.end)
    }
    assert all(a.end < b.start for a, b in pairwise(blocks))


def test_a_window_begins_with_a_line_where_one_begins_early_enough() -> None:
    text = "x" * 100 + "\nA whole line before it.\nThe quoted words stand here."
    at = text.index("quoted")
    assert context_windows(text, [Span(at, at + 6)], 30)[0].text.startswith("A whole line")
