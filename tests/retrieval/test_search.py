from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.chunks import chunk_article
from summarizer.retrieval.search import ChunkIndex, EvidenceSet, retrieve_chunks
from tests.articles import article, seeds

CHUNKS = [piece for a in seeds() for piece in chunk_article(a, ())]
LANGUAGES = {a.id: a.language for a in seeds()}
INDEX = ChunkIndex(CHUNKS, LANGUAGES)


def test_the_best_chunk_is_the_one_that_says_it() -> None:
    score, best = INDEX.search("Takaichi military response", limit=3)[0]
    assert "Takaichi" in best.text
    assert score > 0


def test_a_query_finds_other_forms_of_its_words() -> None:
    assert INDEX.search("litigating tariff", limit=1)[0][1].text.count("litigation") == 1


@given(st.text(max_size=40))
def test_any_query_is_only_words(query: str) -> None:
    assert len(INDEX.search(query, limit=5)) <= 5


def test_nothing_found_is_empty() -> None:
    assert INDEX.search("zyxwv", limit=5) == []
    assert INDEX.search("the of and", limit=5) == []
    assert ChunkIndex([], {}).search("anything", limit=5) == []


def test_chinese_is_found_by_its_characters() -> None:
    source = article("国家主席习近平周一与特朗普通电话。", language="zh")
    index = ChunkIndex(chunk_article(source, ()), {source.id: "zh"})
    assert index.search("习近平", limit=1, language="zh")


def test_one_origin_does_not_fill_the_evidence() -> None:
    text = "Rare earths exports were suspended in April."
    copies = [article(f"{text} Copy {n}.", f"copy{n}") for n in range(5)]
    other = article(f"{text} Prices of magnets doubled in Europe within weeks after that.", "other")
    chunks = [piece for a in [*copies, other] for piece in chunk_article(a, ())]
    origins = {a.id: "wire" for a in copies} | {other.id: "own"}
    index = ChunkIndex(chunks, {})
    plain = [piece.source for _, piece in index.search("rare earths", limit=6)]
    diverse = [piece.source for _, piece in retrieve_chunks(index, "rare earths", origins, limit=6)]
    assert plain.index(other.id) == 5
    assert diverse.index(other.id) == 1


def test_a_key_outside_the_evidence_names_nothing() -> None:
    evidence = EvidenceSet(tuple(CHUNKS[:2]))
    assert set(evidence.keys) == {CHUNKS[0].id, CHUNKS[1].id}
