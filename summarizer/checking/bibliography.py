"""Citations, chunks and sources as the values that a reader gets."""

from collections.abc import Iterable, Iterator

from summarizer import briefings
from summarizer.briefings import Citation, Source
from summarizer.checking.resolve import Cited
from summarizer.sources.articles import Article, Furniture

__all__ = ["chunks", "citation", "label", "source"]


def citation(cited: Cited) -> Citation:
    """The pointer."""
    return Citation(
        chunk=cited.chunk.id,
        source=cited.chunk.source,
        start=cited.span.start,
        end=cited.span.end,
        quote=cited.quote,
    )


def chunks(cited: Iterable[Cited]) -> Iterator[briefings.Chunk]:
    """Every cited chunk once, in order of first citation."""
    for chunk in {item.chunk.id: item.chunk for item in cited}.values():
        yield briefings.Chunk(
            id=chunk.id, source=chunk.source, start=chunk.start, end=chunk.end, text=chunk.text
        )


def source(article: Article, furniture: Iterable[Furniture], origin: str) -> Source:
    """The article as the bibliography shows it."""
    return Source(
        id=article.id,
        label=label(article),
        path=article.path,
        url=article.url,
        title=article.title,
        publisher=article.publisher or _agency(furniture),
        published=article.published,
        published_from=article.published_from,
        sha256=article.sha256,
        origin=origin,
        length=len(article.text),
    )


def label(article: Article) -> str:
    """The title, else where it was read."""
    return article.title or article.location


def _agency(furniture: Iterable[Furniture]) -> str | None:
    """The wire that signs an article whose page names no publisher."""
    return next((item.agency for item in furniture if item.agency), None)
