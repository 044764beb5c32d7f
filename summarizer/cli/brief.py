"""``summarizer brief``: many articles in, one cited briefing out."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import (
    AllowPrivate,
    ApiBase,
    AtOnce,
    Judge,
    Language,
    MaxCost,
    MaxTokens,
    Model,
    NoCache,
    Output,
    Paths,
    PerMinute,
    Prompts,
    Record,
    Replay,
    Timeout,
    Verbose,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.briefings import Briefing
    from summarizer.cli.writers import ModelOptions, Writer
    from summarizer.errors import SourceError
    from summarizer.settings import Settings
    from summarizer.sources.articles import Article
    from summarizer.writing.remembered import Memory

__all__ = ["Format", "brief"]


class Format(StrEnum):
    """How the briefing is written."""

    text = "text"
    md = "md"
    html = "html"
    json = "json"


Focus = Annotated[str, typer.Option(metavar="TEXT", help="What the briefing is to be about.")]
Words = Annotated[int, typer.Option(metavar="N", help="About how long, all stories together.")]
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
    format: As = None,
    output: Output = None,
    title: Title = "",
    since: Since = None,
    allow_private: AllowPrivate = False,
    model: Model = "",
    api_base: ApiBase = "",
    judge: Judge = "",
    language: Language = "",
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    at_once: AtOnce = 16,
    per_minute: PerMinute = None,
    timeout: Timeout = 120.0,
    record: Record = None,
    replay: Replay = None,
    prompts: Prompts = None,
    no_cache: NoCache = False,
    verbose: Verbose = False,
) -> None:
    """Write one cited and checked briefing of many articles.

    \b
    Examples:
      summarizer brief news/
      summarizer brief a.html b.txt https://example.org/story --words 200
      summarizer brief feed.jsonl --focus "rare earths" -o briefing.html
      cat article.txt | summarizer brief - --format json
      summarizer brief news/ --model anthropic/claude-sonnet-4-5 --max-cost 0.50
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.output import deliver
    from summarizer.cli.writers import ModelOptions
    from summarizer.settings import Settings

    chosen = choose(format, output, Format)
    settings = Settings(focus, words, title, since.date() if since else None)
    options = ModelOptions(
        model=model, api_base=api_base, judge=judge, language=language, max_cost=max_cost,
        max_tokens=max_tokens, at_once=at_once, per_minute=per_minute, timeout=timeout,
        record=record, replay=replay, prompts=prompts, no_cache=no_cache, verbose=verbose,
    )  # fmt: skip
    briefing, articles = _run(paths, settings, options, output, allow_private=allow_private)
    deliver(_render(briefing, articles, chosen), output)


def _run(
    paths: "Sequence[str]",
    settings: "Settings",
    options: "ModelOptions",
    output: Path | None,
    *,
    allow_private: bool,
) -> "tuple[Briefing, Sequence[Article]]":
    """The briefing, and the articles that it was made from."""
    from summarizer.cli.inputs import gather
    from summarizer.cli.output import refuse_sources
    from summarizer.cli.writers import writer

    with writer(options, paths) as hand:
        articles, unreadable = gather(paths, allow_private=allow_private)
        refuse_sources(output, (article.location for article in articles))
        memory = _memory(hand, articles, unreadable, settings, options.api_base)
        now = datetime.now().astimezone()
        briefing = memory.find(now) if memory else None
        if briefing is None:
            from summarizer.pipeline import brief as run

            chain, track, _ = hand
            briefing = run(
                articles, settings, now=now, unreadable=unreadable, track=track, chain=chain
            )
            if memory:
                memory.keep(briefing)
    return briefing, articles


def _memory(
    hand: "Writer",
    articles: "Sequence[Article]",
    unreadable: "Sequence[SourceError]",
    settings: "Settings",
    endpoint: str,
) -> "Memory | None":
    """Where this very briefing is kept, if it was made before."""
    if hand.chain is None or hand.answers is None:
        return None
    from summarizer.writing.remembered import Memory, fingerprint

    key = fingerprint(articles, unreadable, settings, hand.chain, endpoint)
    return Memory(hand.answers, key, {article.id: article.text for article in articles})


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
