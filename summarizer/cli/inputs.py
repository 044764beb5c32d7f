"""Sources named on the command line, read with each failure told in one line."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from summarizer.cli.progress import track
from summarizer.errors import SourceError
from summarizer.sources.articles import Article

if TYPE_CHECKING:
    from summarizer.sources.fetch import Page
    from summarizer.sources.files import Map, Outcome

__all__ = ["gather", "outcomes"]

FETCHES = 8
"""Pages that are fetched at a time."""


def gather(paths: Sequence[str], *, allow_private: bool) -> tuple[list[Article], list[SourceError]]:
    """The articles, and one error for each source that could not be read."""
    read_all = outcomes(paths, allow_private=allow_private)
    failed = [outcome for outcome in read_all if isinstance(outcome, SourceError)]
    return [outcome for outcome in read_all if isinstance(outcome, Article)], failed


def outcomes(paths: Sequence[str], *, allow_private: bool) -> "list[Outcome]":
    """The articles and errors in the order of ``paths``; each error is told."""
    from summarizer.sources.files import read

    fetch = partial(_fetch, allow_private=allow_private)
    with _pool(paths) as pages:
        found = read(paths, stdin=_stdin(), fetch=fetch, map=pages)
        read_all = list(track("Reading", found))
    for outcome in read_all:
        if isinstance(outcome, SourceError):
            print(f"summarizer: {outcome}", file=sys.stderr)
    return read_all


def _stdin() -> BinaryIO:
    """Standard input; an empty one when there is none."""
    return sys.stdin.buffer if sys.stdin else BytesIO()


@contextmanager
def _pool(paths: Sequence[str]) -> "Iterator[Map]":
    """A map that fetches several pages at a time; without a page, no threads and no import."""
    if not any("://" in path for path in paths):
        yield map
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(FETCHES) as pool:
        yield pool.map


def _fetch(url: str, *, allow_private: bool) -> "Page":
    from summarizer.sources.fetch import PageCache, fetch

    return fetch(url, allow_private=allow_private, pages=PageCache())
