"""``summarizer mcp``: the tools for an assistant, on standard input and output."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import NliOption, open_nli_option

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from summarizer.store.database import Database


AllowFilesOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR",
        exists=True,
        file_okay=False,
        show_default=False,
        help="Folder whose files a client may name; any number.",
    ),
]
AllowUrlsOption = Annotated[
    bool, typer.Option("--allow-urls", help="Fetch the public web pages that a client names.")
]
StoreOption = Annotated[
    str,
    typer.Option(
        envvar="SUMMARIZER_STORE",
        metavar="PATH|URL",
        show_default=False,
        help="Editions to search: a file, or postgresql://...; default: the user's.",
    ),
]


def mcp(
    allow_files: AllowFilesOption = None,
    allow_urls: AllowUrlsOption = False,
    store: StoreOption = "",
    nli: NliOption = None,
) -> None:
    """Offer read-only tools to an assistant over the Model Context Protocol (stdio).

    check_claims, brief, ask, search_editions, get_edition and story. A client may send texts; files
    and web pages only where an option allows them.

    \b
    Examples of what an assistant starts:
      summarizer mcp
      summarizer mcp --allow-files ~/articles --allow-urls
    """
    from datetime import datetime

    from summarizer.mcp.server import ToolConfig, build_server
    from summarizer.mcp.sources import SourceAccess

    def open_database() -> "AbstractContextManager[Database]":
        from summarizer.store.database import default_store, open_store

        return closing(open_store(store or default_store(), create=False))

    config = ToolConfig(
        clock=lambda: datetime.now().astimezone(),
        open_database=open_database,
        access=SourceAccess(tuple(allow_files or ()), allow_urls),
        entailment=open_nli_option(nli),
    )
    if sys.stdin.isatty():
        print("summarizer: waiting for an MCP client on standard input", file=sys.stderr)
    build_server(config).run("stdio")
