"""``summarizer verify``: a saved briefing against its sources, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.briefing import Source
    from summarizer.sources.articles import Article

__all__ = ["read_saved_briefing", "reread_source", "verify"]


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A briefing saved as JSON.")
    ],
) -> None:
    """Check a saved briefing against its sources.

    Every hash, offset and quote is looked up, without the network: paths as they were given, then
    beside FILE; pages in the cache of fetched pages. Exit code 1 if anything fails.

    \b
    Example:
      summarizer brief seeds -o briefing.json && summarizer verify briefing.json
    """
    from summarizer.checking.verify import verify_briefing as run
    from summarizer.rendering.json import parse_briefing
    from summarizer.rendering.sanitize import clean_line

    briefing = parse_briefing(read_saved_briefing(file))
    found = run(briefing, lambda source: reread_source(source, file.parent))
    for failure in found.failures:
        typer.echo(clean_line(str(failure)))
    for failure in found.unavailable:
        typer.echo(clean_line(f"{failure.subject}: not verified: {failure.message}"))
    total, missing = len(briefing.sources), len(found.unavailable)
    typer.echo(
        f"{found.checked} citations looked up in {total - missing} of {total} sources: "
        f"{len(found.failures)} failures"
    )
    if found.failures or found.unavailable:
        raise typer.Exit(1)


def read_saved_briefing(file: Path) -> str:
    """The file's text. Raises SettingsError when it cannot be read."""
    from summarizer.errors import SettingsError

    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", subject=str(file)) from error


def reread_source(source: "Source", beside: Path) -> "Article":
    """The source as it is now. Raises SourceError when it is not at hand."""
    from summarizer.errors import SourceError
    from summarizer.sources.fetch import PageCache
    from summarizer.sources.files import article_from_page

    if source.url:
        page = PageCache().load(source.url)
        if page is None:
            raise SourceError("is not in the cache of fetched pages", subject=source.url)
        return article_from_page(page, source.url)
    path = source.path or ""
    for folder in (Path(), beside):
        for name in (path, path.rpartition("#")[0]):
            place = folder / name
            if name and place.is_file():
                wanted = str(place) + path[len(name) :]
                return _find_article(str(place), wanted)
    raise SourceError("does not exist any more", subject=path)


def _find_article(file: str, wanted: str) -> "Article":
    """The article of that path in a file or collection. Raises SourceError when it is not there."""
    from summarizer.errors import SourceError
    from summarizer.sources.files import read_articles

    for outcome in read_articles([file]):
        if not isinstance(outcome, SourceError) and outcome.path == wanted:
            return outcome
    raise SourceError("holds no such article any more", subject=wanted)
