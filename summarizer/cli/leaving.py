"""How a process ends in which Ctrl-C was pressed."""

import os
import sys
from typing import NoReturn

from summarizer.cli import INTERRUPTED

__all__ = ["leave"]


def leave(what: str) -> NoReturn:
    """Ends the process and says what has become of its work."""
    sys.stderr.write(f"summarizer: interrupted; {what}\n")
    # Calls of a model that are under way would hold up the end until they are answered.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
