"""``summarizer eval``: how often the checks err, measured."""

import typer

from summarizer.cli.check import Spread
from summarizer.cli.evals.claims import claims
from summarizer.cli.evals.mutate import mutate

__all__ = ["app"]

app = typer.Typer(help="Measure how often the product errs.", rich_markup_mode=None)

app.command()(claims)
app.command(cls=Spread)(mutate)
