"""``summarizer brief``: many articles in, one cited briefing out."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import AllowPrivate, Output, Paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.briefings import Briefing
    from summarizer.sources.articles import Article

__all__ = ["Format", "brief"]


class Format(StrEnum):
    """How the briefing is written."""

    text = "text"
    md = "md"
    html = "html"
    json = "json"


Focus = Annotated[str, typer.Option(metavar="TEXT", help="What the briefing is to be about.")]
Words = Annotated[int, typer.Option(metavar="N", help="About how long, all stories together.")]
Model = Annotated[
    str, typer.Option(metavar="NAME", help="Language model that writes; none: the sources' words.")
]
As = Annotated[
    Format | None,
    typer.Option(help="Default: by the suffix of --output, else text.", show_default=False),
]
Title = Annotated[str, typer.Option(metavar="TEXT", help="Title; default: the date.")]
Since = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Leave older articles out."),
]


def brief(
    paths: Paths,
    focus: Focus = "",
    words: Words = 300,
    model: Model = "",
    format: As = None,
    output: Output = None,
    title: Title = "",
    since: Since = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Write one cited and checked briefing of many articles.

    \b
    Examples:
      summarizer brief news/
      summarizer brief a.html b.txt https://example.org/story --words 200
      summarizer brief feed.jsonl --focus "rare earths" -o briefing.html
      cat article.txt | summarizer brief - --format json
    """
    from summarizer.cli.inputs import gather
    from summarizer.cli.output import deliver, refuse_sources
    from summarizer.cli.progress import track
    from summarizer.settings import Settings

    _refuse(model)
    settings = Settings(focus, words, title, since.date() if since else None)
    articles, unreadable = gather(paths, allow_private=allow_private)
    refuse_sources(output, (article.location for article in articles))
    from summarizer.pipeline import brief as run

    now = datetime.now().astimezone()
    briefing = run(articles, settings, now=now, unreadable=unreadable, track=track)
    deliver(_render(briefing, articles, format or _format_of(output)), output)


def _refuse(model: str) -> None:
    from summarizer.errors import SettingsError

    if model:
        raise SettingsError(
            "this version writes without a model",
            subject="--model",
            hint="leave it out: the briefing is then made of the sources' own sentences",
        )


def _format_of(output: Path | None) -> Format:
    """The format that a file's suffix names, text for all others."""
    suffix = output.suffix.lower().lstrip(".") if output else ""
    suffix = {"htm": "html", "markdown": "md"}.get(suffix, suffix)
    return Format(suffix) if suffix in set(Format) else Format.text


def _render(briefing: "Briefing", articles: "Sequence[Article]", format: Format) -> str:
    """The briefing as asked for; each renderer is loaded only when it is used."""
    if format is Format.html:
        from summarizer.rendering import html

        return html.render(briefing, {article.id: article.text for article in articles})
    if format is Format.md:
        from summarizer.rendering import markdown

        return markdown.render(briefing)
    if format is Format.json:
        from summarizer.rendering import interchange

        return interchange.render(briefing)
    from summarizer.cli.output import colored, width
    from summarizer.rendering import terminal

    return terminal.render(briefing, width=width(), color=colored())
