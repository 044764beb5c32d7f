"""The command line, one file per command: parse, build, call one function, print."""

INTERRUPTED_EXIT_CODE = 130
"""Exit code of a run that Ctrl-C ended."""
