"""``summarizer check``: any text with citations against its sources."""

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from summarizer.cli.brief import Format
from summarizer.cli.options import AllowPrivate, Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from summarizer.drafts import CheckedDraft

__all__ = ["Spread", "check"]


class Spread(TyperCommand):
    """A command whose ``--sources`` takes all that follows up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See `typer.core.TyperCommand`."""
        return super().parse_args(ctx, list(_spread(args)))


def _spread(args: "Sequence[str]") -> "Iterator[str]":
    """``--sources a b`` as ``--sources a --sources b``."""
    sources = waiting = False
    for arg in args:
        if arg.startswith("-") and arg != "-":
            sources = waiting = arg == "--sources"
            yield arg
        else:
            if sources and not waiting:
                yield "--sources"
            waiting = False
            yield arg


def check(
    draft: Annotated[
        str,
        typer.Argument(
            metavar="DRAFT", show_default=False, help="Text or Markdown; - for standard input."
        ),
    ],
    sources: Annotated[
        list[str],
        typer.Option(
            metavar="PATH...",
            show_default=False,
            help="What it may cite, in the order of its numbers.",
        ),
    ],
    format: Annotated[
        Format | None,
        typer.Option(help="Default: by the suffix of --output, else text.", show_default=False),
    ] = None,
    output: Output = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Check a text that somebody wrote against its sources, sentence by sentence.

    Marks such as [1], [2, 3], [^note], (S1), links and addresses lead to sources by the text's own
    list of them, else by the order of --sources. A sentence without a mark is held against the best
    passages of all. Exit code 1 if any sentence is not supported.

    \b
    Examples:
      summarizer check answer.md --sources news/
      summarizer check answer.md --sources a.html b.txt https://example.org/c -o check.html
      pbpaste | summarizer check - --sources report.txt
    """
    from summarizer.cli.formats import choose
    from summarizer.cli.output import deliver, refuse_sources

    refuse_sources(output, [draft])
    chosen = choose(format, output, Format)
    text = _text(draft, sources)
    checked, texts = _run(text, draft, sources, output, allow_private=allow_private)
    deliver(_render(checked, texts, chosen), output)
    if checked.report.supported < checked.report.sentences:
        raise typer.Exit(1)


def _text(draft: str, sources: "Sequence[str]") -> str:
    """The draft's text. Raises SettingsError in one line when there is none to check."""
    from summarizer.errors import SettingsError, SourceError
    from summarizer.sources.extract import decode

    if draft == "-" and "-" in sources:
        raise SettingsError("standard input cannot be both the draft and a source")
    try:
        if draft == "-":
            data = (sys.stdin.buffer if sys.stdin else BytesIO()).read()
        else:
            data = Path(draft).read_bytes()
        text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=draft) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=draft) from error
    except SourceError as error:
        raise SettingsError(error.message, subject=draft) from error
    if text.lstrip()[:1] == "{" and '"summarizer/briefing/1"' in text[:200]:
        hint = f"summarizer verify {draft}"
        raise SettingsError("is a saved briefing, not a text", subject=draft, hint=hint)
    return text


def _run(
    text: str, name: str, sources: "Sequence[str]", output: Path | None, *, allow_private: bool
) -> "tuple[CheckedDraft, Mapping[str, str]]":
    """The verdicts, and the sources' texts by id. Raises SettingsError where nothing is to check,
    or nothing to check it against."""
    from summarizer.checking.drafts import check as run
    from summarizer.checking.manuscripts import read
    from summarizer.cli.inputs import outcomes
    from summarizer.cli.output import refuse_sources
    from summarizer.cli.progress import track
    from summarizer.errors import SettingsError
    from summarizer.pipeline import prepare
    from summarizer.sources.articles import Article

    manuscript = read(text)
    if not manuscript.sentences:
        raise SettingsError("holds no sentence to check", subject=name)
    given = outcomes(sources, allow_private=allow_private)
    articles = [one for one in given if isinstance(one, Article)]
    if not articles:
        raise SettingsError("no source can be read", subject="--sources")
    refuse_sources(output, (article.location for article in articles))
    corpus = prepare(articles, track)
    checked = run(manuscript, given, corpus, name=name, track=track)
    return checked, {article.id: article.text for article in articles}


def _render(checked: "CheckedDraft", texts: "Mapping[str, str]", format: Format) -> str:
    """The verdicts as asked for."""
    from summarizer.rendering import checked as rendering

    if format is Format.html:
        return rendering.html(checked, texts)
    if format is Format.md:
        return rendering.markdown(checked)
    if format is Format.json:
        from summarizer.rendering import interchange

        return interchange.render(checked)
    from summarizer.cli.output import colored, width

    return rendering.terminal(checked, width=width(), color=colored())
