"""``summarizer cache``: the answers of models that are kept on this machine."""

import sys

import typer

__all__ = ["cache_app", "clear", "info"]

cache_app = typer.Typer(
    help="Answers of models that are kept on this machine.",
    rich_markup_mode=None,
)

MEGABYTE_BYTES = 1_000_000


@cache_app.command()
def info() -> None:
    """Print where answers are kept, and how much that is."""
    from contextlib import closing

    from summarizer.models.cache import CompletionCache

    with closing(CompletionCache(log=_log)) as answers:
        kept = answers.stats()
    size, limit = kept.size / MEGABYTE_BYTES, kept.limit // MEGABYTE_BYTES
    print(f"{kept.folder}\n{kept.entries} entries, {size:.1f} of {limit} MB")


@cache_app.command()
def clear() -> None:
    """Forget all answers; the next run asks anew."""
    from contextlib import closing

    from summarizer.models.cache import CompletionCache

    with closing(CompletionCache(log=_log)) as answers:
        print(f"{answers.clear()} entries forgotten")


def _log(what: str) -> None:
    print(f"summarizer: {what}", file=sys.stderr)
