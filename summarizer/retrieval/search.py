"""BM25 over chunks, and the evidence that one story may cite."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from summarizer.retrieval.chunks import Chunk
from summarizer.text.tokens import content_stems

__all__ = ["ChunkIndex", "EvidenceSet", "retrieve_chunks"]

REPEATED_ORIGIN_FACTOR = 0.7
"""What each further chunk of one origin counts, so that one wire does not fill the evidence."""


@dataclass(frozen=True)
class EvidenceSet:
    """The chunks that one story may cite, in reading order, and their citation keys."""

    chunks: tuple[Chunk, ...]

    @cached_property
    def keys(self) -> Mapping[str, Chunk]:
        """Citation key -> chunk; a key outside is fabricated."""
        return {chunk.id: chunk for chunk in self.chunks}


class ChunkIndex:
    """BM25 index of chunks in memory; one thread, so that ranks never vary."""

    def __init__(self, chunks: Sequence[Chunk], languages: Mapping[str, str]) -> None:
        """``languages``: source id -> language code, for stemming."""
        import tantivy

        fields = tantivy.SchemaBuilder()
        fields.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
        fields.add_unsigned_field("at", stored=True)
        self._schema = fields.build()
        self._index = tantivy.Index(self._schema)
        self._chunks = tuple(chunks)
        writer = self._index.writer(num_threads=1)
        for at, chunk in enumerate(self._chunks):
            stems = " ".join(content_stems(chunk.text, languages.get(chunk.source, "en")))
            writer.add_document(tantivy.Document(stems=stems, at=at))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, query: str, *, limit: int, language: str = "en") -> list[tuple[float, Chunk]]:
        """Best chunks first with their BM25 scores; nothing when no word of the query occurs."""
        stems = dict.fromkeys(content_stems(query, language))
        if not stems or not self._chunks:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._any_of(list(stems)), limit=limit)
        hits = [(score, int(searcher.doc(address)["at"][0])) for score, address in found.hits]
        return [
            (score, self._chunks[at]) for score, at in sorted(hits, key=lambda h: (-h[0], h[1]))
        ]

    def _any_of(self, stems: Sequence[str]) -> Any:
        from tantivy import Occur, Query

        terms = [(Occur.Should, Query.term_query(self._schema, "stems", stem)) for stem in stems]
        return Query.boolean_query(terms)


def retrieve_chunks(
    index: ChunkIndex, query: str, origins: Mapping[str, str], *, limit: int, language: str = "en"
) -> list[tuple[float, Chunk]]:
    """The chunks that answer ``query``, diverse by origin: (score, chunk), best first.

    ``origins``: source id -> origin id.
    """
    hits = index.search(query, limit=4 * limit, language=language)
    seen: Counter[str] = Counter()
    weighed: list[tuple[float, Chunk]] = []
    for score, chunk in hits:
        origin = origins.get(chunk.source, chunk.source)
        weighed.append((score * REPEATED_ORIGIN_FACTOR ** min(seen[origin], 6), chunk))
        seen[origin] += 1
    return sorted(weighed, key=lambda h: (-h[0], h[1].id))[:limit]
