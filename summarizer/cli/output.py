"""Where a result goes: standard output, or a file that is replaced whole or not at all."""

import codecs
import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from summarizer.errors import SettingsError

__all__ = ["close", "colored", "deliver", "refuse_sources", "unwritable", "width", "wrap"]

PLAIN_WIDTH = 80

_ESCAPED = "summarizer.escaped"


def wrap() -> None:
    """Makes standard output take each text whole, whatever its encoding.

    With ``python -u`` Python hands a text to the system once and drops what a pipe did not take; a
    buffered writer repeats until all is written. Characters that the encoding lacks are escaped as
    JSON escapes them, which leaves JSON valid.
    """
    codecs.register_error(_ESCAPED, _escape)
    out = sys.stdout
    if not isinstance(out, io.TextIOWrapper):
        return
    if isinstance(out.buffer, io.RawIOBase):
        sys.stdout = open(  # noqa: SIM115
            out.fileno(), "w", buffering=1, encoding=out.encoding, errors=_ESCAPED, closefd=False
        )
    else:
        out.reconfigure(errors=_ESCAPED)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


def close(code: int) -> int:
    """Writes what standard output still holds. Returns ``code``, unless that fails."""
    try:
        _flush()
    except BrokenPipeError:
        sys.stdout = None  # else the interpreter tries again at its end
        return code or 1
    except SettingsError as error:
        print(f"summarizer: {error}", file=sys.stderr)
        return code or error.exit_code
    return code


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
    except (OSError, AttributeError) as error:
        raise unwritable(error) from error
    _flush()


def _flush() -> None:
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError | AttributeError) -> Exception:
    """The error to raise: a full disk, or no standard output at all. A reader that left is none."""
    if isinstance(error, BrokenPipeError):
        return error
    sys.stdout = None  # else the interpreter tries again at its end
    why = error.strerror if isinstance(error, OSError) else "it is closed"
    return SettingsError(f"cannot be written: {why}", subject="standard output")


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
