"""``summarizer brief``: many articles in, one cited briefing out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.model_options import open_terminal_chain, with_model_options
from summarizer.cli.options import (
    AllowPrivateOption,
    NliOption,
    OutputOption,
    PathsArgument,
    SinceOption,
    UndatedOption,
    current_time,
    open_nli_option,
    undated_notice,
)
from summarizer.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from summarizer.briefing import Briefing
    from summarizer.models.config import ModelConfig

FocusOption = Annotated[str, typer.Option(metavar="TEXT", help="What the briefing is about.")]
WordsOption = Annotated[
    int, typer.Option("--words", "-w", metavar="N", help="Approximate length of all stories.")
]
FormatOption = Annotated[str | None, format_option("briefing")]
TitleOption = Annotated[str, typer.Option(metavar="TEXT", help="Title; default: the date.")]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Replace or leave out sentences that stay unverified."),
]
OpenOption = Annotated[
    bool, typer.Option("--open", help="Open the reading page in the browser; -o names its file.")
]
MostOption = Annotated[
    int, typer.Option(metavar="N", min=1, help="Articles read of a feed, OPML file or sitemap.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Log one line per model call.")]


@with_model_options()
def brief(
    context: typer.Context,
    paths: PathsArgument,
    focus: FocusOption = "",
    words: WordsOption = 300,
    format: FormatOption = None,
    output: OutputOption = None,
    title: TitleOption = "",
    since: SinceOption = None,
    undated: UndatedOption = "",
    nli: NliOption = None,
    strict: StrictOption = False,
    most: MostOption = 20,
    allow_private: AllowPrivateOption = False,
    verbose: VerboseOption = False,
    open: OpenOption = False,
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
    from summarizer.cli.history import remember_run
    from summarizer.cli.io import gather_articles, open_page, refuse_input_file
    from summarizer.settings import Settings

    if verbose and not models.model:
        raise SettingsError("has no effect without a model", setting="verbose")
    chosen, output = _choose_output(format, output, open)
    keep = undated == "keep"
    settings = Settings(focus, words, title, since, nli=nli, strict=strict, undated=keep)
    open_nli_option(nli)  # what is wrong with it is said before anything is read
    with open_terminal_chain(models, paths, verbose=verbose) as (chain, track):
        articles, unreadable = gather_articles(paths, allow_private=allow_private, most=most)
        refuse_input_file(output, (article.location for article in articles))
        briefing = write_briefing(
            articles, settings, chain, now=current_time(), unreadable=unreadable, track=track
        )
    write_document(briefing, chosen, {each.id: each.text for each in articles}, output)
    remember_run(briefing, context.obj or ())
    if open and output:
        open_page(output)
    _print_notices(briefing)


def _choose_output(format: str | None, output: Path | None, open: bool) -> tuple[str, Path | None]:
    """The format and the file; a page that is opened has a file. Raises SettingsError."""
    from summarizer.cli.io import page_file

    if open and output is None:
        output = page_file()
    chosen = choose_format(format, output, "briefing")
    if open and chosen != "html":
        raise SettingsError(f"shows a page, not {chosen}", setting="open", hint="-o briefing.html")
    return chosen, output


def _print_notices(briefing: "Briefing") -> None:
    """What a reader should know, on standard error; exit code 3 where a model wrote nothing."""
    from summarizer.assembly import UNDATED_REASON
    from summarizer.rendering.phrases import unwritten_notice

    if left_out := sum(each.detail == UNDATED_REASON for each in briefing.findings):
        print(f"summarizer: {undated_notice(left_out)}", file=sys.stderr)
    if notice := unwritten_notice(briefing):
        print(f"summarizer: {notice}", file=sys.stderr)
        if briefing.writer == "extractive":
            raise typer.Exit(ModelError.exit_code)
