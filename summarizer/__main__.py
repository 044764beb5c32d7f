"""``python -m summarizer``."""

from summarizer.cli.entry import run

run()
