"""The sources of a tool's call: texts always, files and web addresses only where they are allowed.

What a client asks for is written by a model that may have read hostile text, so that a path or an
address is never followed on its word alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from summarizer.api import SourceInput, read_sources
from summarizer.errors import SettingsError, SourceError
from summarizer.sources.articles import Article

if TYPE_CHECKING:
    from summarizer.sources.files import ReadResult


MAX_SOURCES = 100
MAX_SOURCES_CHARS = 5_000_000
"""Of all sources of one call together: about a thousand articles."""


class RequestedSource(BaseModel):
    """One source: its text, or where the server may be allowed to read it."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(description="The whole text of the source.")] = ""
    title: Annotated[str, Field(description="Title, shown with its quotations.")] = ""
    path: Annotated[str, Field(description="File to read, if the server allows files.")] = ""
    url: Annotated[
        str, Field(description="Where the text is from; without a text, the page to fetch.")
    ] = ""


@dataclass(frozen=True, slots=True)
class SourceAccess:
    """What a client may name besides texts. ``folders``: files inside them; ``urls``: public web
    pages."""

    folders: tuple[Path, ...] = ()
    urls: bool = False


def read_requested_sources(
    sources: Sequence[RequestedSource], access: SourceAccess
) -> "list[ReadResult]":
    """The articles in the order of ``sources``, with errors for those that cannot be read.

    Raises SettingsError for a request that is too large or not allowed, and SourceError if nothing
    can be read.
    """
    if not sources:
        raise SettingsError("at least one is needed", subject="sources")
    if len(sources) > MAX_SOURCES:
        limit = f"{len(sources):,} are more than the {MAX_SOURCES} of one call"
        raise SettingsError(limit, subject="sources", hint="split the call")
    chars = sum(len(each.text) for each in sources)
    if chars > MAX_SOURCES_CHARS:
        limit = f"{chars:,} characters are more than the {MAX_SOURCES_CHARS:,} of one call"
        raise SettingsError(limit, subject="sources", hint="split the call")
    inputs = [_allowed_input(each, n, access) for n, each in enumerate(sources, start=1)]
    outcomes = list(read_sources(inputs, allow_private=False))
    errors = [each for each in outcomes if isinstance(each, SourceError)]
    if len(errors) == len(outcomes):
        raise errors[0] if errors else SettingsError("hold no article", subject="sources")
    return outcomes


def _allowed_input(source: RequestedSource, number: int, access: SourceAccess) -> SourceInput:
    """The article of a text, or the path or address to read. Raises SettingsError."""
    name = f"sources[{number}]"
    if source.text.strip():
        url = source.url or None
        return Article.of(source.text, name=f"source {number}", title=source.title or None, url=url)
    if source.url:
        if not access.urls:
            raise SettingsError(
                "this server fetches no web pages",
                subject=name,
                hint="send the text, or start the server with --allow-urls",
            )
        if not source.url.startswith(("http://", "https://")):
            raise SettingsError("the address must begin with https://", subject=name)
        return source.url
    if not source.path:
        raise SettingsError("has no text", subject=name)
    if not access.folders:
        raise SettingsError(
            "this server reads no files",
            subject=name,
            hint="send the text, or start the server with --allow-files DIR",
        )
    file = Path(source.path).expanduser().resolve()
    if not any(file.is_relative_to(folder.resolve()) for folder in access.folders):
        raise SettingsError("is outside the folders that this server may read", subject=name)
    if not file.is_file():
        raise SettingsError("is not a file", subject=name)
    return file
