"""Which of a digest's topics a story belongs to: by the words that its topic looks for."""

from collections.abc import Sequence

from summarizer.checking.resolve import covered, weights
from summarizer.digests.config import Topic
from summarizer.sources.articles import Article
from summarizer.text.tokens import content

__all__ = ["assign"]

ENOUGH = 0.5
"""Share of a query's weight that one article of the story must hold."""


def assign(articles: Sequence[Article], topics: Sequence[Topic]) -> Topic | None:
    """The topic whose query an article of the story answers best; None if none is answered.

    The earlier topic wins among equals.
    """
    if not topics:
        return None
    held = [frozenset(content(_text(article), article.language)) for article in articles]
    scores = [
        max(covered(weights(set(content(topic.query, article.language))), stems)
            for article, stems in zip(articles, held, strict=True))
        for topic in topics
    ]  # fmt: skip
    best = max(scores)
    return topics[scores.index(best)] if best >= ENOUGH else None


def _text(article: Article) -> str:
    return f"{article.title}. {article.text}" if article.title else article.text
