"""``summarizer check``: any text with citations against its sources."""

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from summarizer.cli.brief import OutputFormat
from summarizer.cli.options import AllowPrivateOption, OutputOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from summarizer.audit.report import DraftAudit

__all__ = ["SourcesCommand", "check"]


class SourcesCommand(TyperCommand):
    """A command whose ``--sources`` takes all that follows up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See `typer.core.TyperCommand`."""
        return super().parse_args(ctx, list(_repeat_sources_option(args)))


def _repeat_sources_option(args: "Sequence[str]") -> "Iterator[str]":
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
        OutputFormat | None,
        typer.Option(help="Default: by the suffix of --output, else text.", show_default=False),
    ] = None,
    output: OutputOption = None,
    allow_private: AllowPrivateOption = False,
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
    from summarizer.cli.io import refuse_input_file, write_output

    refuse_input_file(output, [draft])
    chosen = choose(format, output, OutputFormat)
    text = _read_draft(draft, sources)
    checked, texts = _check_draft(text, draft, sources, output, allow_private=allow_private)
    write_output(_render_check(checked, texts, chosen), output)
    if checked.report.supported < checked.report.sentences:
        raise typer.Exit(1)


def _read_draft(draft: str, sources: "Sequence[str]") -> str:
    """The draft's text. Raises SettingsError in one line when there is none to check."""
    from summarizer.errors import SettingsError, SourceError
    from summarizer.sources.extract import decode_text

    if draft == "-" and "-" in sources:
        raise SettingsError("standard input cannot be both the draft and a source")
    try:
        if draft == "-":
            data = (sys.stdin.buffer if sys.stdin else BytesIO()).read()
        else:
            data = Path(draft).read_bytes()
        text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=draft) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=draft) from error
    except SourceError as error:
        raise SettingsError(error.message, subject=draft) from error
    if text.lstrip()[:1] == "{" and '"summarizer/briefing/' in text[:200]:
        hint = f"summarizer verify {draft}"
        raise SettingsError("is a saved briefing, not a text", subject=draft, hint=hint)
    return text


def _check_draft(
    text: str, name: str, sources: "Sequence[str]", output: Path | None, *, allow_private: bool
) -> "tuple[DraftAudit, Mapping[str, str]]":
    """The verdicts, and the sources' texts by id. Raises SettingsError where nothing is to check,
    or nothing to check it against."""
    from summarizer.audit.check import audit_draft as run
    from summarizer.audit.parse import parse_draft
    from summarizer.cli.io import gather_outcomes, refuse_input_file, track
    from summarizer.errors import SettingsError
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.sources.articles import Article

    manuscript = parse_draft(text)
    if not manuscript.sentences:
        raise SettingsError("holds no sentence to check", subject=name)
    given = gather_outcomes(sources, allow_private=allow_private)
    articles = [one for one in given if isinstance(one, Article)]
    if not articles:
        raise SettingsError("no source can be read", subject="--sources")
    refuse_input_file(output, (article.location for article in articles))
    corpus = prepare_corpus(articles, track)
    checked = run(manuscript, given, corpus, name=name, track=track)
    return checked, {article.id: article.text for article in articles}


def _render_check(checked: "DraftAudit", texts: "Mapping[str, str]", format: OutputFormat) -> str:
    """The verdicts as asked for."""
    from summarizer.rendering import audit as rendering

    if format is OutputFormat.html:
        return rendering.audit_html(checked, texts)
    if format is OutputFormat.md:
        return rendering.audit_markdown(checked)
    if format is OutputFormat.json:
        from summarizer.rendering import json

        return json.to_json(checked)
    from summarizer.cli.io import terminal_width, use_color

    return rendering.audit_text(checked, width=terminal_width(), color=use_color())
