"""``summarizer history``: the briefings that ``summarizer brief`` wrote on this machine.

Each run is a file in the user's data folder: the briefing, its command line and where it was given.
The newest `MAX_RUNS` are kept. With ``SUMMARIZER_HISTORY=off`` nothing is.
"""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.formats import choose_format, format_option, write_document
from summarizer.cli.options import OutputOption
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from summarizer.briefing import Briefing

MAX_RUNS = 100

history_app = typer.Typer(
    help="Briefings written before: list them, show one, or write it again.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

RunArgument = Annotated[
    int, typer.Argument(metavar="[N]", min=1, help="Its number in the list; 1 is the last one.")
]


def remember_run(briefing: "Briefing", arguments: Sequence[str]) -> None:
    """Stores the briefing with its command line, and deletes the oldest runs. What cannot be stored
    is left out: the briefing itself is written."""
    if os.environ.get("SUMMARIZER_HISTORY") == "off" or not arguments:
        return
    run = {"arguments": list(arguments), "folder": str(Path.cwd()), "briefing": None}
    text = json.dumps(run)[: -len("null}")] + briefing.model_dump_json() + "}"
    folder = _history_folder()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S%f")
        (folder / f"{stamp}.json").write_text(text, encoding="utf-8")
        for old in _run_files()[MAX_RUNS:]:
            old.unlink(missing_ok=True)


def _history_folder() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "summarizer" / "history"


def _run_files() -> list[Path]:
    """The files of all runs, the newest first."""
    return sorted(_history_folder().glob("*.json"), reverse=True)


def _load_run(number: int) -> tuple[list[str], str, "Briefing"]:
    """Command line, folder and briefing of a run. Raises SettingsError."""
    from summarizer.rendering.json import parse_briefing

    files = _run_files()
    if number > len(files):
        count = f"{len(files)} run{'s' * (len(files) != 1)}"
        raise SettingsError(f"there are only {count}", subject=str(number))
    file = files[number - 1]
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
        return run["arguments"], run["folder"], parse_briefing(json.dumps(run["briefing"]))
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError("is damaged", subject=str(file), hint="delete it") from error


@history_app.callback()
def list_runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Runs, newest first.")] = 20,
) -> None:
    """List the briefings that were written on this machine, the newest first."""
    if context.invoked_subcommand:
        return
    import shlex

    for number in range(1, min(limit, len(_run_files())) + 1):
        arguments, _, briefing = _load_run(number)
        when = briefing.created.strftime("%Y-%m-%d %H:%M")
        print(f"{number:>3}  {when}  {briefing.title}  ({shlex.join(arguments)})")


@history_app.command("show")
def show_run(
    number: RunArgument = 1,
    format: Annotated[str | None, format_option("briefing")] = None,
    output: OutputOption = None,
) -> None:
    """Print a briefing as it was written, in any format."""
    chosen = choose_format(format, output, "briefing")
    write_document(_load_run(number)[2], chosen, {}, output)


@history_app.command()
def again(number: RunArgument = 1) -> None:
    """Run the same command again, in the same folder, over what its sources say now."""
    import subprocess

    arguments, folder, _ = _load_run(number)
    print(f"summarizer: {' '.join(arguments)}", file=sys.stderr)
    command = [sys.executable, "-m", "summarizer", *arguments]
    try:
        code = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603
    except OSError as error:
        raise SettingsError(f"cannot be entered: {error.strerror}", subject=folder) from error
    raise typer.Exit(code)
