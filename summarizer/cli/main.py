"""The command ``summarizer``: its commands, and how a failure looks.

Heavy imports stay inside the commands, so that ``--help`` and completion are fast.
"""

import copy
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import cache, digest, history, nli
from summarizer.cli import eval_suites as evals
from summarizer.cli.ask import ask
from summarizer.cli.brief import brief
from summarizer.cli.check import SourcesCommand, check
from summarizer.cli.defaults import load_defaults
from summarizer.cli.io import unwritable
from summarizer.cli.mcp import mcp
from summarizer.cli.secret_files import load_secrets
from summarizer.cli.serve import serve, token
from summarizer.cli.stories import stories
from summarizer.cli.verify import verify
from summarizer.errors import SettingsError, SummarizerError
from summarizer.extras import require_extra

OLD_SPELLINGS = {
    ("brief",): {
        "--at-once": "--concurrency",
        "--per-minute": "--rate-limit",
        "--judge": "--judge-model",
    },
    ("eval", "run"): {
        "--at-once": "--concurrency",
        "--per-minute": "--rate-limit",
        "--keep": "--run-dir",
        "--judge": "--judge-model",
    },
    ("serve",): {"--at-once": "--jobs", "--judge": "--judge-model"},
    ("digest",): {"why": "story"},
}
"""Command -> its words of version 0.1, which help does not show, and what they are called now."""

OPTION_NAMES = {"cache": "--no-cache"}
"""Settings whose option is not named after them."""

COMMAND_EXTRAS = {"cache": "model", "digest": "digest", "mcp": "mcp", "serve": "serve"}
"""Commands that need more than the core, and the extra that brings it."""

HELP_OPTIONS = ["-h", "--help"]

app = typer.Typer(
    name="summarizer",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": HELP_OPTIONS},
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _root_options(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """One briefing of many articles: every sentence cites the passages it rests on, and every
    citation was checked against the article's own text.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


for command in (brief, ask, stories, verify, serve, token, mcp):
    app.command()(command)
app.command(cls=SourcesCommand)(check)
app.add_typer(cache.cache_app, name="cache")
app.add_typer(evals.eval_app, name="eval")
app.add_typer(digest.digest_app, name="digest")
app.add_typer(history.history_app, name="history")
app.add_typer(nli.nli_app, name="nli")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; a failure is one line on standard error and an exit code."""
    given = _current_spellings(sys.argv[1:] if arguments is None else arguments)
    try:
        load_secrets(os.environ)
        if given[:1] and given[0] in COMMAND_EXTRAS and not set(HELP_OPTIONS) & set(given):
            require_extra(COMMAND_EXTRAS[given[0]], subject=given[0])
        program = typer.main.get_command(_slim_app(given[:1]))
        defaults = load_defaults(program, given[0]) if given[:1] else {}
        return int(program(args=given, standalone_mode=False, default_map=defaults, obj=given) or 0)
    except SummarizerError as error:
        if error.setting:
            error.subject = OPTION_NAMES.get(error.setting, "--" + error.setting.replace("_", "-"))
        return print_failure(str(error), error.exit_code)
    except typer.TyperException as error:
        return print_failure(f"{error.format_message()} (see --help)", SettingsError.exit_code)
    except OSError as error:
        return print_failure(str(unwritable(error)), SettingsError.exit_code)


def _current_spellings(arguments: Sequence[str]) -> list[str]:
    """The arguments in today's words; each old one is reported once on standard error."""
    given = list(arguments)
    renamed = next(
        (new for old, new in OLD_SPELLINGS.items() if tuple(given[: len(old)]) == old), {}
    )
    reported = set()
    end = given.index("--") if "--" in given else len(given)
    for index, argument in enumerate(given[:end]):
        word, equals, value = argument.partition("=")
        if word not in renamed or (not word.startswith("-") and index != 1):
            continue
        given[index] = f"{renamed[word]}{equals}{value}"
        if word not in reported:
            reported.add(word)
            print(f"summarizer: {word} is now called {renamed[word]}", file=sys.stderr)
    return given


def _slim_app(named: Sequence[str]) -> typer.Typer:
    """The program with no command but the one that is named: to read the options of all takes
    longer than to parse them. With every command where none is named, for help and completion.
    """
    slim = copy.copy(app)
    slim.registered_commands = [
        command
        for command in app.registered_commands
        if command.callback and command.callback.__name__ in named
    ]
    slim.registered_groups = [group for group in app.registered_groups if group.name in named]
    return slim if slim.registered_commands or slim.registered_groups else app


def print_failure(line: str, code: int) -> int:
    """Prints one line on standard error and returns the exit code."""
    print(f"summarizer: {line}", file=sys.stderr)
    return code
