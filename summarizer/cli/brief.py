"""``summarizer brief``: many articles in, one cited briefing out."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.options import (
    AllowPrivateOption,
    ApiBaseOption,
    AtOnceOption,
    JudgeOption,
    LanguageOption,
    MaxCostOption,
    MaxTokensOption,
    ModelOption,
    NoCacheOption,
    OutputOption,
    PathsArgument,
    PerMinuteOption,
    PromptsOption,
    RecordOption,
    ReplayOption,
    TimeoutOption,
    VerboseOption,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.briefing import Briefing
    from summarizer.cli.model_options import ModelOptions, WriterSession
    from summarizer.errors import SourceError
    from summarizer.settings import Settings
    from summarizer.sources.articles import Article
    from summarizer.writing.briefing_cache import BriefingCacheEntry

__all__ = ["brief"]


FocusOption = Annotated[str, typer.Option(metavar="TEXT", help="What the briefing is to be about.")]
WordsOption = Annotated[
    int, typer.Option(metavar="N", help="About how long, all stories together.")
]
TitleOption = Annotated[str, typer.Option(metavar="TEXT", help="Title; default: the date.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Leave older articles out."),
]


def brief(
    paths: PathsArgument,
    focus: FocusOption = "",
    words: WordsOption = 300,
    format: Annotated[str | None, format_option("briefing")] = None,
    output: OutputOption = None,
    title: TitleOption = "",
    since: SinceOption = None,
    allow_private: AllowPrivateOption = False,
    model: ModelOption = "",
    api_base: ApiBaseOption = "",
    judge: JudgeOption = "",
    language: LanguageOption = "",
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    at_once: AtOnceOption = 16,
    per_minute: PerMinuteOption = None,
    timeout: TimeoutOption = 120.0,
    record: RecordOption = None,
    replay: ReplayOption = None,
    prompts: PromptsOption = None,
    no_cache: NoCacheOption = False,
    verbose: VerboseOption = False,
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
    from summarizer.cli.model_options import ModelOptions
    from summarizer.settings import Settings

    chosen = choose_format(format, output, "briefing")
    settings = Settings(focus, words, title, since.date() if since else None)
    options = ModelOptions(
        model=model, api_base=api_base, judge=judge, language=language, max_cost=max_cost,
        max_tokens=max_tokens, at_once=at_once, per_minute=per_minute, timeout=timeout,
        record=record, replay=replay, prompts=prompts, no_cache=no_cache, verbose=verbose,
    )  # fmt: skip
    briefing, articles = _make_briefing(
        paths, settings, options, output, allow_private=allow_private
    )
    texts = {article.id: article.text for article in articles}
    write_document(briefing, chosen, texts, output)


def _make_briefing(
    paths: "Sequence[str]",
    settings: "Settings",
    options: "ModelOptions",
    output: Path | None,
    *,
    allow_private: bool,
) -> "tuple[Briefing, Sequence[Article]]":
    """The briefing, and the articles that it was made from."""
    from summarizer.cli.io import gather_articles, refuse_input_file
    from summarizer.cli.model_options import open_writer_session

    with open_writer_session(options, paths) as hand:
        articles, unreadable = gather_articles(paths, allow_private=allow_private)
        refuse_input_file(output, (article.location for article in articles))
        memory = _briefing_cache(hand, articles, unreadable, settings, options.api_base)
        now = datetime.now().astimezone()
        briefing = memory.load(now) if memory else None
        if briefing is None:
            from summarizer.pipeline import create_briefing as run

            chain, track, _ = hand
            briefing = run(
                articles, settings, now=now, unreadable=unreadable, track=track, chain=chain
            )
            if memory:
                memory.store(briefing)
    return briefing, articles


def _briefing_cache(
    hand: "WriterSession",
    articles: "Sequence[Article]",
    unreadable: "Sequence[SourceError]",
    settings: "Settings",
    endpoint: str,
) -> "BriefingCacheEntry | None":
    """Where this very briefing is kept, if it was made before."""
    if hand.chain is None or hand.cache is None:
        return None
    from summarizer.writing.briefing_cache import BriefingCacheEntry, briefing_fingerprint

    key = briefing_fingerprint(articles, unreadable, settings, hand.chain, endpoint)
    return BriefingCacheEntry(hand.cache, key, {article.id: article.text for article in articles})
