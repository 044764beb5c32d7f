"""Stories of stored editions that match words."""

from summarizer.mcp.answers import EditionHit, SearchAnswer, shorten
from summarizer.retrieval.chunks import Chunk
from summarizer.retrieval.search import ChunkIndex
from summarizer.store.database import Database
from summarizer.store.editions import edition_history
from summarizer.text.languages import detect_language


def search_editions(
    database: Database, query: str, digest: str, editions: int, limit: int
) -> SearchAnswer:
    """The best matches among the stories of the newest ``editions``, at most ``limit``."""
    records = edition_history(database, digest, limit=editions)
    hits: dict[str, EditionHit] = {}
    chunks, languages = [], {}
    for record in records:
        briefing = record.edition.briefing if record.edition else None
        for story in briefing.stories if briefing else ():
            text = " ".join(each.text for each in story.all_sentences())
            key = f"{record.id} {story.id}"
            chunks.append(Chunk(key, record.id, 0, len(text), text, ()))
            hits[key] = EditionHit(
                edition=f"{record.digest}/{record.number}",
                due=record.due,
                story=story.id,
                headline=shorten(story.headline.text),
            )
        if briefing:
            languages[record.id] = briefing.language
    found = ChunkIndex(chunks, languages).search(
        query, limit=limit, language=detect_language(query)
    )
    return SearchAnswer(searched=len(records), hits=tuple(hits[chunk.id] for _, chunk in found))
