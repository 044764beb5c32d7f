"""``summarizer eval``: its commands, one a module."""

import typer

from summarizer.cli.check import Spread
from summarizer.cli.evals.claims import claims
from summarizer.cli.evals.compare import compare
from summarizer.cli.evals.gate import gate
from summarizer.cli.evals.mutate import mutate
from summarizer.cli.evals.run import run

__all__ = ["app"]

app = typer.Typer(
    help="Measure how often the product errs, and hold its quality.",
    rich_markup_mode=None,
)

for command in (run, compare, gate, claims):
    app.command()(command)
app.command(cls=Spread)(mutate)
