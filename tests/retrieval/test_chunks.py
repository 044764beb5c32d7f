from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.chunks import MAX_CHUNK_CHARS, Chunk, chunk_article, split_statements
from summarizer.sources.articles import Article, Boilerplate
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text.spans import Span
from tests.articles import article, seeds


@st.composite
def furnished(draw: st.DrawFn) -> tuple[Article, tuple[Boilerplate, ...]]:
    words = st.sampled_from(
        ["Mr. Xi", "call", "“yes.”", "U.S.", "習近平。", "Oct. 30", "\n", "end."]
    )
    text = " ".join(draw(st.lists(words, min_size=1, max_size=60)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return article(text), tuple(Boilerplate(Span(a, b), "teaser") for a, b in pairs)


def check_laws(source: Article, boilerplate: tuple[Boilerplate, ...]) -> None:
    chunks = chunk_article(source, boilerplate)
    aside = {at for item in boilerplate for at in range(*item.span)}
    seen: set[int] = set()
    for piece in chunks:
        assert source.text[piece.start : piece.end] == piece.text
        assert not aside.intersection(range(piece.start, piece.end))
        assert not seen.intersection(range(piece.start, piece.end))
        seen.update(range(piece.start, piece.end))
        assert [s.start for s in piece.sentences] == sorted(s.start for s in piece.sentences)
        assert all(piece.quote(s) == source.text[s.start : s.end] for s in piece.sentences)
    left = set(range(len(source.text))) - seen - aside
    assert not "".join(source.text[at] for at in sorted(left)).strip()
    assert len({piece.id for piece in chunks}) == len(chunks)


@given(furnished())
def test_chunks_cover_everything_but_boilerplate_with_exact_offsets(
    drawn: tuple[Article, tuple[Boilerplate, ...]],
) -> None:
    check_laws(*drawn)


def test_the_seeds_obey_the_laws() -> None:
    for source in seeds():
        check_laws(source, find_boilerplate(source.text))


def test_a_chunk_is_longer_than_the_limit_only_for_one_long_sentence() -> None:
    long = "word " * 300 + "end."
    for piece in chunk_article(article(f"Short one. {long} Short two."), ()):
        assert len(piece.text) <= MAX_CHUNK_CHARS or len(piece.sentences) == 1


def test_ids_are_content() -> None:
    text = "One sentence. Another one."
    assert chunk_article(article(text), ()) == chunk_article(article(text), ())
    assert ids(chunk_article(article(text), ())) != ids(chunk_article(article(text, "b"), ()))


def ids(chunks: tuple[Chunk, ...]) -> set[str]:
    return {piece.id for piece in chunks}


def test_statements_are_the_sentences_with_their_stems() -> None:
    source = article("Beijing lowered tariffs. The U.S. agreed.")
    said = split_statements(chunk_article(source, ()), "en")
    assert [item.text for item in said] == ["Beijing lowered tariffs.", "The U.S. agreed."]
    assert said[0].stems == {"beij", "lower", "tariff"}
    assert said[0].source == source.id


def test_even_a_single_letter_of_boilerplate_is_in_no_chunk() -> None:
    source = article("Mr. Xi " * 7)
    check_laws(source, (Boilerplate(Span(42, 43), "teaser"),))
    assert len(chunk_article(source, (Boilerplate(Span(42, 43), "teaser"),))) == 2


def statements(text: str, language: str = "en") -> list[tuple[str, bool]]:
    """The statements of a text, each with whether it is framed."""
    source = article(text, language=language)
    chunks = chunk_article(source, find_boilerplate(text))
    check_laws(source, find_boilerplate(text))
    said = split_statements(chunks, language)
    return [(item.text, item.frame is not None) for item in said]


def test_a_short_quotation_is_one_statement_with_its_speaker() -> None:
    quoted = (
        "“The lock was open when we reached the boathouse at dawn. The guard was asleep. Anyone"
        " could walk in,” said rower Mia Falk."
    )
    assert statements(f"{quoted} It rained.") == [(quoted, False), ("It rained.", False)]
    denied = "The guard was asleep. He denied it."
    assert statements(f"It rained. {denied}") == [("It rained.", False), (denied, False)]


def test_a_long_quotation_stays_apart_and_framed() -> None:
    inner = " ".join(f"The guard of boathouse {n} was asleep at dawn on Monday." for n in range(9))
    said = statements(f"“It began in May. {inner} Anyone could walk in,” said rower Mia Falk.")
    assert [framed for _, framed in said] == [True] * 10 + [False]


def test_a_quotation_of_several_paragraphs_stays_framed() -> None:
    text = "“We came at dawn.\n\n“The guard was asleep.\n\n“Nobody saw us,” Mia Falk said."
    assert [framed for _, framed in statements(text)] == [True, True, False]


def test_the_statements_of_a_list_under_a_denial_are_framed() -> None:
    text = "The club met on Monday.\n\nUntrue:\n\n- The guard was asleep.\n- The boats were sold."
    assert dict(statements(text)) == {
        "The club met on Monday.": False, "Untrue:": False, "- The guard was asleep.": True,
        "- The boats were sold.": True,
    }  # fmt: skip
