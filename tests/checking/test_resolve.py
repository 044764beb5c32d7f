from hypothesis import given
from hypothesis import strategies as st

from summarizer.checking.citations import (
    DraftSentence,
    covered_share,
    locate_in_chunk,
    resolve_keys,
    stem_shares,
)
from summarizer.retrieval.chunks import chunk_article
from tests.articles import seeds
from tests.checking.held import FIRE, PAPER, hold

HELD = hold(FIRE, PAPER)
CHUNKS = [piece for a in seeds() for piece in chunk_article(a, ())]


def test_keys_become_citations_in_the_writers_order_and_unknown_ones_are_told() -> None:
    first, second = HELD.key("Anna Keller"), HELD.key("3 million")
    draft = DraftSentence(
        "A fire destroyed a depot.", (second, "c-invented", first, second), "written"
    )
    cited, unknown = resolve_keys(draft, HELD.evidence)
    assert [item.chunk.id for item in cited] == [second, first]
    assert unknown == ("c-invented",)


def test_verbatim_words_are_cited_exactly() -> None:
    piece = HELD.evidence.keys[HELD.key("Anna Keller")]
    span = locate_in_chunk("Twelve people were injured.", piece)
    assert piece.quote(span) == "Twelve people were injured."


def test_other_words_are_cited_by_the_sentence_that_carries_them() -> None:
    piece = HELD.evidence.keys[HELD.key("3 million")]
    span = locate_in_chunk("Damage of three million francs was done.", piece)
    assert piece.quote(span) == "Damage is put at 3 million francs."


def test_two_sentences_are_cited_when_it_takes_both() -> None:
    piece = HELD.evidence.keys[HELD.key("Anna Keller")]
    text = "Police said a fire destroyed a depot in Bern and twelve people were injured."
    span = locate_in_chunk(text, piece)
    assert piece.quote(span).startswith("A fire destroyed")
    assert piece.quote(span).endswith("were injured.")


@given(st.integers(0, len(CHUNKS) - 1), st.text(max_size=60))
def test_any_words_are_located_inside_the_chunk(at: int, text: str) -> None:
    piece = CHUNKS[at]
    start, end = locate_in_chunk(text, piece)
    assert piece.start <= start <= end <= piece.end


def test_weights_are_shares_and_rare_words_weigh_more() -> None:
    shares = stem_shares(["year", "yttrium"])
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert shares["yttrium"] > shares["year"]
    assert covered_share(shares, {"yttrium", "other"}) == shares["yttrium"]
    assert stem_shares([]) == {}
