"""``summarizer verify``: a saved briefing against its sources, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.briefings import Source
    from summarizer.sources.articles import Article

__all__ = ["read_text", "reread", "verify"]


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
    from summarizer.checking.verify import verify as run
    from summarizer.rendering.interchange import parse
    from summarizer.rendering.visible import line

    briefing = parse(read_text(file))
    found = run(briefing, lambda source: reread(source, file.parent))
    for failure in found.failures:
        typer.echo(line(str(failure)))
    for failure in found.unavailable:
        typer.echo(line(f"{failure.subject}: not verified: {failure.message}"))
    total, missing = len(briefing.sources), len(found.unavailable)
    typer.echo(
        f"{found.checked} citations looked up in {total - missing} of {total} sources: "
        f"{len(found.failures)} failures"
    )
    if found.failures or found.unavailable:
        raise typer.Exit(1)


def read_text(file: Path) -> str:
    """The file's text. Raises SettingsError when it cannot be read."""
    from summarizer.errors import SettingsError

    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", subject=str(file)) from error


def reread(source: "Source", beside: Path) -> "Article":
    """The source as it is now. Raises SourceError when it is not at hand."""
    from summarizer.errors import SourceError
    from summarizer.sources.fetch import PageCache
    from summarizer.sources.files import page_article

    if source.url:
        page = PageCache().load(source.url)
        if page is None:
            raise SourceError("is not in the cache of fetched pages", subject=source.url)
        return page_article(page, source.url)
    path = source.path or ""
    for folder in (Path(), beside):
        for name in (path, path.rpartition("#")[0]):
            place = folder / name
            if name and place.is_file():
                wanted = str(place) + path[len(name) :]
                return _article(str(place), wanted)
    raise SourceError("does not exist any more", subject=path)


def _article(file: str, wanted: str) -> "Article":
    """The article of that path in a file or collection. Raises SourceError when it is not there."""
    from summarizer.errors import SourceError
    from summarizer.sources.files import read

    for outcome in read([file]):
        if not isinstance(outcome, SourceError) and outcome.path == wanted:
            return outcome
    raise SourceError("holds no such article any more", subject=wanted)
