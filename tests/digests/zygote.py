"""Runs of `summarizer digest`, each a fork of a process that has loaded everything already.

What is to be killed at a random moment of its work should not spend most of its life on imports.
One line of arguments in (JSON), ``PID`` out, and ``exit CODE`` once it has ended.
"""

import json
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

LOADED = (
    "dbos", "feedparser", "httpx", "psycopg", "pydantic", "smtplib", "sqlalchemy", "trafilatura",
    "summarizer.cli.digest_output", "summarizer.cli.main", "summarizer.digests.delivery.files",
    "summarizer.digests.delivery.mail", "summarizer.digests.delivery.webhooks",
    "summarizer.digests.run", "summarizer.pipeline", "summarizer.rendering.atom",
    "summarizer.rendering.formats", "summarizer.sources.subscriptions", "tantivy",
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """The exit code of one run. Everything it says is on standard error."""
    from summarizer.cli.main import main as command

    os.dup2(2, 1)
    try:
        return command(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def main() -> None:
    """Forks one run for each line of standard input."""
    for name in LOADED:
        __import__(name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 70
            try:
                code = run(json.loads(line))
            finally:
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"exit {os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
