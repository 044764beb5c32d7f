"""Sources named on the command line, read with each failure told in one line."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from summarizer.cli.progress import track
from summarizer.errors import SourceError
from summarizer.sources.articles import Article

if TYPE_CHECKING:
    from summarizer.sources.fetch import Page

__all__ = ["gather"]

FETCHES = 8
"""Pages that are fetched at a time."""


def gather(paths: Sequence[str], *, allow_private: bool) -> tuple[list[Article], list[SourceError]]:
    """The articles, and one error for each source that could not be read."""
    from summarizer.sources.files import Outcome, read

    with ThreadPoolExecutor(FETCHES) as pool:
        fetch = partial(_fetch, allow_private=allow_private)
        outcomes = read(paths, stdin=sys.stdin.buffer, fetch=fetch, map=pool.map)
        read_all: list[Outcome] = list(track("Reading", outcomes))
    failed = [outcome for outcome in read_all if isinstance(outcome, SourceError)]
    for error in failed:
        print(f"summarizer: {error}", file=sys.stderr)
    return [outcome for outcome in read_all if isinstance(outcome, Article)], failed


def _fetch(url: str, *, allow_private: bool) -> "Page":
    from summarizer.sources.fetch import PageCache, fetch

    return fetch(url, allow_private=allow_private, pages=PageCache())
