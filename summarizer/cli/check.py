"""``summarizer check``: any text with citations against its sources."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.model_options import open_terminal_chain, with_model_options
from summarizer.cli.options import AllowPrivateOption, NliOption, OutputOption, open_nli_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from summarizer.models.config import ModelConfig


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


DraftArgument = Annotated[
    str,
    typer.Argument(
        metavar="DRAFT", show_default=False, help="Text or Markdown; - for standard input."
    ),
]
SourcesOption = Annotated[
    list[str],
    typer.Option(
        metavar="PATH...", show_default=False, help="What it may cite, in the order of its numbers."
    ),
]


StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit code 1 also if a sentence is unverified.")
]
JudgeOption = Annotated[
    str,
    typer.Option(
        "--judge-model",
        metavar="NAME",
        help="Model that judges what the rules leave open: PROVIDER/NAME.",
    ),
]


@with_model_options(
    "model", "api_base", "max_cost", "timeout", "record", "replay", model=JudgeOption
)
def check(
    draft: DraftArgument,
    sources: SourcesOption,
    format: Annotated[str | None, format_option("audit")] = None,
    output: OutputOption = None,
    nli: NliOption = None,
    strict: StrictOption = False,
    allow_private: AllowPrivateOption = False,
    *,
    models: "ModelConfig",
) -> None:
    """Check a text against its sources, sentence by sentence.

    Citations in any common form, such as [1], [^note], (Name, 2025), superscripts and links, lead
    to sources by the text's own list of them, else by the order of --sources. A sentence without a
    citation is compared with the best passages of all. Exit code 1 if any sentence is not
    supported; sentences that the checks cannot decide (unverified) count only with --strict.

    \b
    Examples:
      summarizer check answer.md --sources news/
      summarizer check answer.md --sources a.html b.txt https://example.org/c -o check.html
      summarizer check answer.md --sources news/ --format github --strict
      pbpaste | summarizer check - --sources report.txt
    """
    from summarizer.api import audit_text, read_draft
    from summarizer.cli.io import gather_outcomes, refuse_input_file, stdin_bytes
    from summarizer.errors import SettingsError
    from summarizer.sources.articles import Article

    refuse_input_file(output, [draft])
    chosen = choose_format(format, output, "audit")
    if draft == "-" and "-" in sources:
        raise SettingsError("standard input cannot be both the draft and a source")
    entailment, text = open_nli_option(nli), read_draft(draft, stdin_bytes())
    with open_terminal_chain(models, sources) as (chain, track):
        outcomes = gather_outcomes(sources, allow_private=allow_private)
        articles = [each for each in outcomes if isinstance(each, Article)]
        if not articles:
            raise SettingsError("no source can be read", setting="sources")
        refuse_input_file(output, (each.location for each in articles))
        checked = audit_text(
            text, outcomes, name=draft, chain=chain, entailment=entailment, track=track
        )
    write_document(checked, chosen, {each.id: each.text for each in articles}, output)
    passed = {"supported"} if strict else {"supported", "unverified"}
    raise typer.Exit(int(any(each.verdict not in passed for each in checked.sentences)))
