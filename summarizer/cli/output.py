"""Where a result goes: standard output, or a file that is replaced whole or not at all."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from summarizer.errors import SettingsError

__all__ = ["colored", "deliver", "refuse_sources", "width"]

PLAIN_WIDTH = 80


def deliver(text: str, output: Path | None) -> None:
    """Prints ``text`` (also for ``-``) or writes it to ``output`` atomically.

    A link is followed; what is no regular file (a pipe, a device) is written to, not replaced.
    Raises SettingsError when the file cannot be written; the old one is then still there.
    """
    if output is None or str(output) == "-":
        _print(text)
        return
    try:
        target = output.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8")
        else:
            _replace(text, target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror or error}", subject=str(output)
        ) from error


def _print(text: str) -> None:
    """Raises SettingsError when standard output takes no more; a reader that left is no failure."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, AttributeError) as error:  # a full disk; no standard output at all
        sys.stdout = None  # else the interpreter tries again at its end
        why = error.strerror if isinstance(error, OSError) else "it is closed"
        raise SettingsError(f"cannot be written: {why}", subject="standard output") from error


def refuse_sources(output: Path | None, sources: Iterable[str]) -> None:
    """Raises SettingsError when ``output`` is one of the files that are read."""
    if output is None or not output.is_file():
        return
    for source in sources:
        if Path(source).is_file() and output.samefile(source):
            raise SettingsError(
                "is one of the files that are read", subject=str(output), hint="name another"
            )


def _replace(text: str, output: Path) -> None:
    import tempfile

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
    return bool(sys.stdout) and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not dumb


def width() -> int:
    """Columns of the terminal; 80 when there is none."""
    if not sys.stdout or not sys.stdout.isatty():
        return PLAIN_WIDTH
    return max(40, min(os.get_terminal_size(sys.stdout.fileno()).columns, 120))
