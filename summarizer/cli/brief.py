"""``summarizer brief``: many articles in, one cited briefing out."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.model_options import open_terminal_chain, with_model_options
from summarizer.cli.options import (
    AllowPrivateOption,
    NliOption,
    OutputOption,
    PathsArgument,
    open_nli_option,
)

if TYPE_CHECKING:
    from summarizer.models.config import ModelConfig

FocusOption = Annotated[str, typer.Option(metavar="TEXT", help="What the briefing is about.")]
WordsOption = Annotated[
    int, typer.Option("--words", "-w", metavar="N", help="Approximate length of all stories.")
]
FormatOption = Annotated[str | None, format_option("briefing")]
TitleOption = Annotated[str, typer.Option(metavar="TEXT", help="Title; default: the date.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Leave older articles out."),
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Replace or leave out sentences that stay unverified."),
]
MostOption = Annotated[
    int, typer.Option(metavar="N", min=1, help="Articles read of a feed, OPML file or sitemap.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Log one line per model call.")]


@with_model_options()
def brief(
    paths: PathsArgument,
    focus: FocusOption = "",
    words: WordsOption = 300,
    format: FormatOption = None,
    output: OutputOption = None,
    title: TitleOption = "",
    since: SinceOption = None,
    nli: NliOption = None,
    strict: StrictOption = False,
    most: MostOption = 20,
    allow_private: AllowPrivateOption = False,
    verbose: VerboseOption = False,
    *,
    models: "ModelConfig",
) -> None:
    """Write one cited and checked briefing of many articles.

    \b
    Examples:
      summarizer brief a.html b.txt https://example.org/story --words 200
      summarizer brief https://example.org/feed.xml --most 10 --focus "rare earths"
      cat article.txt | summarizer brief - --format json
      summarizer brief news/ --model anthropic/claude-sonnet-4-5 --max-cost 0.50
    """
    from summarizer.api import write_briefing
    from summarizer.cli.io import gather_articles, refuse_input_file
    from summarizer.errors import ModelError, SettingsError
    from summarizer.rendering.phrases import unwritten_notice
    from summarizer.settings import Settings

    if verbose and not models.model:
        raise SettingsError("has no effect without a model", setting="verbose")
    chosen = choose_format(format, output, "briefing")
    settings = Settings(
        focus, words, title, since.date() if since else None, nli=nli, strict=strict
    )
    open_nli_option(nli)  # what is wrong with it is said before anything is read
    with open_terminal_chain(models, paths, verbose=verbose) as (chain, track):
        articles, unreadable = gather_articles(paths, allow_private=allow_private, most=most)
        refuse_input_file(output, (article.location for article in articles))
        now = datetime.now().astimezone()
        briefing = write_briefing(
            articles, settings, chain, now=now, unreadable=unreadable, track=track
        )
    write_document(briefing, chosen, {each.id: each.text for each in articles}, output)
    if notice := unwritten_notice(briefing):
        print(f"summarizer: {notice}", file=sys.stderr)
        if briefing.writer == "extractive":
            raise typer.Exit(ModelError.exit_code)
