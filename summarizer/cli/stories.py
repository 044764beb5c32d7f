"""``summarizer stories``: which articles report the same event."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from summarizer.cli.options import (
    AllowPrivateOption,
    OutputOption,
    PathsArgument,
    enum_format_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.retrieval.corpus import Corpus
    from summarizer.retrieval.stories import TracedStory
    from summarizer.sources.articles import Article


class TextOrJson(StrEnum):
    """How the stories are listed."""

    text = "text"
    json = "json"


def stories(
    paths: PathsArgument,
    format: Annotated[TextOrJson | None, enum_format_option()] = None,
    output: OutputOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Group articles into stories, one event each.

    \b
    Examples:
      summarizer stories news/
      summarizer stories day.jsonl --format json
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.io import gather_articles, track, write_output
    from summarizer.errors import NothingToDeliver
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.retrieval.items import split_round_ups
    from summarizer.retrieval.stories import trace_stories

    chosen = choose(format, output, TextOrJson)
    articles, _ = gather_articles(paths, allow_private=allow_private)
    if not articles:
        raise NothingToDeliver("no article is left to read", hint="see the lines above")
    corpus = split_round_ups(prepare_corpus(articles, track))
    found = trace_stories(corpus, track)
    write_output(
        _stories_json(found, corpus) if chosen is TextOrJson.json else _stories_text(found, corpus),
        output,
    )


def _stories_json(found: "Sequence[TracedStory]", corpus: "Corpus") -> str:
    rows = [
        {
            "id": each.story.id,
            "date": each.story.date.isoformat() if each.story.date else None,
            "title": _story_title(each, corpus),
            "sources": [_article_name(article) for article in each.story.articles],
            "origins": each.origin_count,
        }
        for each in found
    ]
    return json.dumps({"stories": rows}, ensure_ascii=False, indent=2) + "\n"


def _stories_text(found: "Sequence[TracedStory]", corpus: "Corpus") -> str:
    from summarizer.rendering.labels import pluralize
    from summarizer.rendering.sanitize import clean_line

    blocks = []
    for each in found:
        numbers = [
            pluralize(len(each.story.articles), "article"),
            pluralize(each.origin_count, "origin"),
        ]
        head = " · ".join([str(each.story.date or "undated"), *numbers])
        names = [f"    {clean_line(_article_name(article))}" for article in each.story.articles]
        blocks.append("\n".join([clean_line(_story_title(each, corpus)), f"  {head}", *names]))
    return "\n\n".join(blocks) + "\n"


def _story_title(traced: "TracedStory", corpus: "Corpus") -> str:
    """The first title that a source gives, else its opening words."""
    from summarizer.writing.standalone import headline_span

    for article in traced.story.articles:
        if article.title:
            return article.title
    for article in traced.story.articles:
        for item in corpus.statements[article.id][:1]:
            return item.text[slice(*headline_span(item.text))]
    return traced.story.articles[0].location


def _article_name(article: "Article") -> str:
    """The path or URL; for an article of a collection, its own id."""
    return article.collection_key or article.location
