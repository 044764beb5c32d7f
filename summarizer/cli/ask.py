"""``summarizer ask``: a question to all articles that are stored."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.model_options import open_terminal_chain, with_model_options
from summarizer.cli.options import (
    NliOption,
    OutputOption,
    SinceOption,
    StoreOption,
    UndatedOption,
    UntilOption,
    complete_digests,
    current_time,
    open_nli_option,
    undated_notice,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from summarizer.api import StoredAnswer
    from summarizer.models.config import ModelConfig

QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", show_default=False)]
DigestOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Only articles that this digest read.",
        autocompletion=complete_digests,
    ),
]
WordsOption = Annotated[
    int, typer.Option("--words", "-w", metavar="N", help="Length, if a model writes.")
]


@with_model_options()
def ask(
    question: QuestionArgument,
    store: StoreOption = "",
    digest: DigestOption = "",
    since: SinceOption = None,
    until: UntilOption = None,
    undated: UndatedOption = "",
    words: WordsOption = 120,
    format: Annotated[str | None, format_option("briefing")] = None,
    output: OutputOption = None,
    nli: NliOption = None,
    *,
    models: "ModelConfig",
) -> None:
    """Answer a question from the articles that digests and the service have stored.

    The answer is up to three sentences of the sources, or what a model wrote from them; each is
    cited and checked as in a briefing. Exit code 1 if the sources say nothing.

    \b
    Examples:
      summarizer ask "What did the central bank do?"
      summarizer ask "Who won the election?" --digest world --since 7d
      summarizer ask "Why did the bridge fall?" --model openai/gpt-4o-mini
    """
    from summarizer.api import answer_question
    from summarizer.extras import require_modules
    from summarizer.settings import Settings

    require_modules(["sqlalchemy"], "'citably[digest]'", subject="ask")
    from summarizer.store.article_search import ArticleFilter
    from summarizer.store.database import default_store, open_store
    from summarizer.store.snapshots import article_texts

    chosen = choose_format(format, output, "briefing")
    settings = Settings(words=words, nli=nli)
    open_nli_option(nli)  # what is wrong with it is said before anything is read
    wanted = ArticleFilter(digest, since, until, undated == "keep")
    with (
        closing(open_store(store or default_store(), create=False)) as database,
        open_terminal_chain(models, ()) as (chain, _),
    ):
        answer = answer_question(database, question, wanted, settings, chain, now=current_time())
        sources = answer.briefing.sources if answer.briefing else ()
        texts = article_texts(database, [each.id for each in sources])
    _write_answer(answer, chosen, texts, output)


def _write_answer(
    answer: "StoredAnswer", form: str, texts: "Mapping[str, str]", output: Path | None
) -> None:
    """Writes the answer, or the line that there is none, with exit code 1."""
    if answer.undated:
        print(f"summarizer: {undated_notice(answer.undated)}", file=sys.stderr)
    if answer.briefing is None:
        print(answer.nothing)
        raise typer.Exit(1)
    write_document(answer.briefing, form, texts, output)
