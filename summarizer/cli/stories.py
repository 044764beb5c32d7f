"""``summarizer stories``: which articles tell one event."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import AllowPrivate, Output, Paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.retrieval.corpus import Corpus, Traced
    from summarizer.sources.articles import Article

__all__ = ["Format", "stories"]


class Format(StrEnum):
    """How the stories are listed."""

    text = "text"
    json = "json"


def stories(
    paths: Paths,
    format: Annotated[
        Format | None,
        typer.Option(
            help="How the stories are listed. Default: by the suffix of --output, else text.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Group articles into stories, one event each.

    \b
    Examples:
      summarizer stories news/
      summarizer stories day.jsonl --format json
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.inputs import gather
    from summarizer.cli.output import deliver
    from summarizer.cli.progress import track
    from summarizer.errors import NothingToDeliver
    from summarizer.pipeline import prepare, trace_stories

    chosen = choose(format, output, Format)
    articles, _ = gather(paths, allow_private=allow_private)
    if not articles:
        raise NothingToDeliver("no article is left to read", hint="see the lines above")
    corpus = prepare(articles, track)
    found = trace_stories(corpus, track)
    deliver(_as_json(found, corpus) if chosen is Format.json else _as_text(found, corpus), output)


def _as_json(found: "Sequence[Traced]", corpus: "Corpus") -> str:
    rows = [
        {
            "id": each.story.id,
            "date": each.story.date.isoformat() if each.story.date else None,
            "title": _title(each, corpus),
            "sources": [_name(article) for article in each.story.articles],
            "origins": each.independent,
        }
        for each in found
    ]
    return json.dumps({"stories": rows}, ensure_ascii=False, indent=2) + "\n"


def _as_text(found: "Sequence[Traced]", corpus: "Corpus") -> str:
    from summarizer.rendering.visible import line
    from summarizer.rendering.wording import count

    blocks = []
    for each in found:
        numbers = [count(len(each.story.articles), "article"), count(each.independent, "origin")]
        head = " · ".join([str(each.story.date or "undated"), *numbers])
        names = [f"    {line(_name(article))}" for article in each.story.articles]
        blocks.append("\n".join([line(_title(each, corpus)), f"  {head}", *names]))
    return "\n\n".join(blocks) + "\n"


def _title(traced: "Traced", corpus: "Corpus") -> str:
    """The first title that a source gives, else its opening words."""
    from summarizer.writing.standalone import headline

    for article in traced.story.articles:
        if article.title:
            return article.title
    for article in traced.story.articles:
        for item in corpus.said[article.id][:1]:
            return item.text[slice(*headline(item.text))]
    return traced.story.articles[0].location


def _name(article: "Article") -> str:
    """The path or URL; for an article of a collection, its own id."""
    return article.key or article.location
