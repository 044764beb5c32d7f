"""``summarizer serve`` and ``summarizer token``: the service, and who may use it."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli import INTERRUPTED_EXIT_CODE
from summarizer.cli.model_options import with_model_options
from summarizer.cli.options import NliOption, StoreOption, open_nli_option

if TYPE_CHECKING:
    from summarizer.models.config import ModelConfig
    from summarizer.web.service import ServiceConfig
    from summarizer.web.tokens import Tokens

TokensOption = Annotated[
    Path | None, typer.Option(help="File of access tokens, see `summarizer token`.")
]
McpOption = Annotated[
    bool, typer.Option("--mcp", help="Also offer the tools of `summarizer mcp`, at /mcp.")
]


@with_model_options("model", "api_base", "judge_model", "max_cost", "timeout")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8080,
    store: StoreOption = "",
    tokens: TokensOption = None,
    hostname: Annotated[
        list[str] | None, typer.Option(help="Name under which it is reached; any number.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Most jobs to write at a time.")] = 2,
    queue: Annotated[int, typer.Option(min=1, help="Jobs that may wait.")] = 100,
    allow_private: Annotated[
        bool, typer.Option(help="Also fetch addresses of the private network.")
    ] = False,
    mcp: McpOption = False,
    nli: NliOption = None,
    *,
    models: "ModelConfig",
) -> None:
    """Serve briefings over HTTP: a reading page, and an API under /api/v1.

    It listens on this machine only, unless --host names another address; then it needs a token.

    \b
    Example:
      summarizer serve --port 8080
    """
    from summarizer.extras import require_extra
    from summarizer.store.database import default_store
    from summarizer.web.server import is_local_host
    from summarizer.web.service import ServiceConfig

    names = (
        {"localhost", "127.0.0.1", "[::1]", *(hostname or ())} if is_local_host(host) else hostname
    )
    for extra in [*(["model"] if models.model else []), *(["mcp"] if mcp else [])]:
        require_extra(extra, setting=extra)
    open_nli_option(nli)  # loaded before the first request, and what is wrong with it is said
    serving = ServiceConfig(
        model=models,
        nli=nli.absolute() if nli else None,
        tokens=_access_tokens(tokens),
        hosts=frozenset(each.lower() for each in names or ()),
        allow_private=allow_private,
        mcp=mcp,
        max_queued=queue,
        at_once=jobs,
    )
    _serve_until_interrupted(store or default_store(), serving, host, port)


def _serve_until_interrupted(store: str, serving: "ServiceConfig", host: str, port: int) -> None:
    from summarizer.web.server import run_service as run

    with suppress(KeyboardInterrupt):
        run(store, serving, host, port, _log_address)
    print("summarizer: stopped; what is under way goes on at the next start", file=sys.stderr)
    sys.stderr.flush()
    os._exit(INTERRUPTED_EXIT_CODE)  # a job that is being written would hold up the end


def token(
    name: Annotated[str, typer.Argument(help="Whose it is: one word.", show_default=False)],
    tokens: Annotated[Path, typer.Option(help="File to which its hash is added.")],
    days: Annotated[int | None, typer.Option(min=1, help="Days for which it counts.")] = None,
) -> None:
    """Make an access token for `summarizer serve --tokens FILE`.

    It is printed once; the file keeps only its hash. Delete the line to take it back.
    """
    from datetime import UTC, datetime

    from summarizer.errors import SettingsError
    from summarizer.web.tokens import create_token

    made, line = create_token(name, days, datetime.now(UTC))
    try:
        descriptor = os.open(tokens, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror}", subject=str(tokens)) from error
    typer.echo(made)


def _access_tokens(file: Path | None) -> "Tokens":
    from summarizer.web.tokens import Tokens, read_tokens, single_token

    given = os.environ.get("SUMMARIZER_TOKEN", "")
    if file:
        return read_tokens(file)
    return single_token(given) if given else Tokens()


def _log_address(address: str) -> None:
    print(f"summarizer: reading at {address}, until Ctrl-C", file=sys.stderr, flush=True)
