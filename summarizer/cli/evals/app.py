"""``summarizer eval``: its commands, one a module."""

import typer

from summarizer.cli.evals.compare import compare
from summarizer.cli.evals.gate import gate
from summarizer.cli.evals.run import run

__all__ = ["app"]

app = typer.Typer(
    help="Measure briefings against suites of cases, and hold their quality.",
    rich_markup_mode=None,
)

for command in (run, compare, gate):
    app.command()(command)
