"""Where the installed command begins: set the interpreter up, then load the command line."""

import gc
import os
import sys

from summarizer.cli import INTERRUPTED_EXIT_CODE
from summarizer.cli.processes import exit_interrupted

GC_THRESHOLDS = 100_000, 50, 100
"""Thresholds of garbage collection. Nearly all that a run makes lives until its end: the usual ones
would look it over again and again, at a tenth of the time."""


def run() -> None:
    """The installed command. Ctrl-C is one line even while its modules are loading."""
    gc.set_threshold(*GC_THRESHOLDS)
    # Else pydantic searches every installed package for plugins, 30 ms that nobody asked for.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from summarizer.cli.io import close, wrap
        from summarizer.cli.main import main

        wrap()
        code = close(main())
    except KeyboardInterrupt:
        code = INTERRUPTED_EXIT_CODE
    if code == INTERRUPTED_EXIT_CODE:  # which is also what Typer makes of Ctrl-C
        exit_interrupted("nothing was written")
    gc.freeze()  # what the interpreter's end would look over once more: 0.2 s of a short run
    sys.exit(code)
