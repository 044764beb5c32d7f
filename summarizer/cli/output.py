"""Where a result goes: standard output, or a file that is replaced whole or not at all."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from summarizer.errors import SettingsError

__all__ = ["colored", "deliver", "width"]

PLAIN_WIDTH = 80


def deliver(text: str, output: Path | None) -> None:
    """Prints ``text`` or writes it to ``output`` atomically.

    Raises SettingsError when the file cannot be written; the old one is then still there.
    """
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        _replace(text, output)
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror or error}", subject=str(output)
        ) from error


def _replace(text: str, output: Path) -> None:
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(output.stat().st_mode if output.exists() else 0o666 & ~mask)
        Path(name).replace(output)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def colored() -> bool:
    """Whether standard output shows colours (https://no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not dumb


def width() -> int:
    """Columns of the terminal; 80 when there is none."""
    if not sys.stdout.isatty():
        return PLAIN_WIDTH
    return max(40, min(os.get_terminal_size(sys.stdout.fileno()).columns, 120))
