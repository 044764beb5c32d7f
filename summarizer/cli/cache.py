"""``summarizer cache``: the cache of model replies on this machine."""

import sys

import typer

cache_app = typer.Typer(
    help="The cache of model replies on this machine.",
    rich_markup_mode=None,
)

MEGABYTE_BYTES = 1_000_000


@cache_app.command()
def info() -> None:
    """Print where the cache is, and how full."""
    from contextlib import closing

    from summarizer.models.cache import CompletionCache

    with closing(CompletionCache(log=_log)) as cache:
        stats = cache.stats()
    size, limit = stats.size / MEGABYTE_BYTES, stats.limit // MEGABYTE_BYTES
    print(f"{stats.folder}\n{stats.entries} entries, {size:.1f} of {limit} MB")


@cache_app.command()
def clear() -> None:
    """Delete all cached replies; the next run asks the models again."""
    from contextlib import closing

    from summarizer.models.cache import CompletionCache

    with closing(CompletionCache(log=_log)) as cache:
        print(f"{cache.clear()} entries deleted")


def _log(what: str) -> None:
    print(f"summarizer: {what}", file=sys.stderr)
