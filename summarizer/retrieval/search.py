"""BM25 over chunks, and the evidence that one story may cite."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from typing import Any

from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.corpus import Corpus, unique_chunks
from summarizer.sources.articles import Article
from summarizer.text.tokens import content_stems

REPEATED_ORIGIN_FACTOR = 0.7
"""Factor of the score for each further chunk of one origin, so that one wire does not fill the
evidence."""

MAX_EVIDENCE_CHUNKS = 400
"""Chunks that one story may cite: of a larger story the most relevant ones, diverse by origin, and
each text once before the copies of any."""

MAX_QUERY_CHARS = 2000
"""Code points of the articles' openings by which the chunks of a large story are ranked."""


@dataclass(frozen=True)
class EvidenceSet:
    """The chunks that one story may cite, in reading order, and their citation keys."""

    chunks: tuple[Chunk, ...]

    @cached_property
    def keys(self) -> Mapping[str, Chunk]:
        """Citation key -> chunk. Any other key is fabricated."""
        return {chunk.id: chunk for chunk in self.chunks}


class ChunkIndex:
    """BM25 index of chunks in memory; it has one thread, so that ranks never vary."""

    def __init__(self, chunks: Sequence[Chunk], languages: Mapping[str, str]) -> None:
        """``languages``: source id -> language code, for stemming."""
        import tantivy

        fields = tantivy.SchemaBuilder()
        fields.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
        fields.add_unsigned_field("position", stored=True)
        self._schema = fields.build()
        self._index = tantivy.Index(self._schema)
        self._chunks = tuple(chunks)
        writer = self._index.writer(num_threads=1)
        for position, chunk in enumerate(self._chunks):
            stems = " ".join(content_stems(chunk.text, languages.get(chunk.source, "en")))
            writer.add_document(tantivy.Document(stems=stems, position=position))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, query: str, *, limit: int, language: str = "en") -> list[tuple[float, Chunk]]:
        """(BM25 score, chunk), the best first; nothing when no word of the query occurs."""
        from tantivy import Occur, Query

        stems = dict.fromkeys(content_stems(query, language))
        if not stems or not self._chunks:
            return []
        terms = [(Occur.Should, Query.term_query(self._schema, "stems", stem)) for stem in stems]
        searcher = self._index.searcher()
        result: Any = searcher.search(Query.boolean_query(terms), limit=limit)
        hits = [
            (score, int(searcher.doc(address)["position"][0])) for score, address in result.hits
        ]
        ranked = sorted(hits, key=lambda hit: (-hit[0], hit[1]))
        return [(score, self._chunks[position]) for score, position in ranked]


def retrieve_chunks(
    index: ChunkIndex, query: str, origins: Mapping[str, str], *, limit: int, language: str = "en"
) -> list[tuple[float, Chunk]]:
    """(score, chunk) of the chunks that match ``query``, diverse by origin, the best first.

    ``origins``: source id -> origin id.
    """
    hits = index.search(query, limit=4 * limit, language=language)
    seen: Counter[str] = Counter()
    reranked: list[tuple[float, Chunk]] = []
    for score, chunk in hits:
        origin = origins.get(chunk.source, chunk.source)
        reranked.append((score * REPEATED_ORIGIN_FACTOR ** min(seen[origin], 6), chunk))
        seen[origin] += 1
    return sorted(reranked, key=lambda hit: (-hit[0], hit[1].id))[:limit]


def citable_statements(
    articles: Sequence[Article],
    corpus: Corpus,
    origins: Mapping[str, str],
    relevance: Mapping[str, float],
) -> Mapping[str, Sequence[Statement]]:
    """The statements that a story of ``articles`` may cite, by source id: all of them, or those of
    the best `MAX_EVIDENCE_CHUNKS` and of the chunks in ``relevance``.
    """
    statements = {article.id: corpus.statements[article.id] for article in articles}
    chunks = unique_chunks(chain.from_iterable(statements.values()))
    if len(chunks) <= MAX_EVIDENCE_CHUNKS:
        return statements
    copies: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        copies[chunk.text].append(chunk)
    languages = {article.id: corpus.articles[article.id].language for article in articles}
    index = ChunkIndex([same[0] for same in copies.values()], languages)
    openings = " ".join(own[0].text for own in statements.values() if own)
    hits = retrieve_chunks(index, openings[:MAX_QUERY_CHARS], origins, limit=MAX_EVIDENCE_CHUNKS)
    # One copy of every text first, then the second copies, and so on.
    rounds = zip_longest(*(copies[chunk.text] for _, chunk in hits))
    best = [chunk for each in rounds for chunk in each if chunk][:MAX_EVIDENCE_CHUNKS]
    citable = {chunk.id for chunk in best} | set(relevance)
    return {
        source: [item for item in own if item.chunk.id in citable]
        for source, own in statements.items()
    }
