"""``python -m summarizer``."""

from summarizer.cli.main import run

run()
