"""The sources that a command reads, its progress on standard error, and its output.

A file is replaced whole or not at all. Progress is shown only on a terminal, and only for work that
takes a while. A source that cannot be read is one line on standard error.
"""

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, TypeVar

from summarizer.errors import SettingsError, SourceError
from summarizer.sources.articles import Article

if TYPE_CHECKING:
    from summarizer.models.middleware import ModelCall
    from summarizer.models.protocol import Usage
    from summarizer.sources.files import ReadResult

DEFAULT_TERMINAL_WIDTH = 80

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


def write_output(text: str, output: Path | None) -> None:
    """Prints ``text`` (also for ``-``) or writes it to ``output`` atomically.

    A link is followed; what is no regular file (a pipe, a device) is written to, not replaced.
    Raises SettingsError when the file cannot be written; the old one is then still there.
    """
    if output is None or str(output) == "-":
        _print_text(text)
        return
    try:
        target = output.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8")
        else:
            _replace_file(text, target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror or error}", subject=str(output)
        ) from error


def _print_text(text: str) -> None:
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


def page_file() -> Path:
    """A new file for a page that is only looked at."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="summarizer-")) / "briefing.html"


def open_page(file: Path) -> None:
    """Shows the page in the user's browser, and says where it is."""
    import webbrowser

    address = file.resolve().as_uri()
    shown = webbrowser.open(address)
    print(
        f"summarizer: {'opened' if shown else 'no browser found; open'} {address}", file=sys.stderr
    )


def refuse_input_file(output: Path | None, sources: Iterable[str]) -> None:
    """Raises SettingsError when ``output`` is one of the files that are read."""
    if output is None or not output.is_file():
        return
    for source in sources:
        if Path(source).is_file() and output.samefile(source):
            raise SettingsError(
                "is one of the files that are read", subject=str(output), hint="name another"
            )


def _replace_file(text: str, output: Path) -> None:
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


def use_color() -> bool:
    """Whether standard output shows colours (https://no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return bool(sys.stdout) and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not dumb


def terminal_width() -> int:
    """Columns of the terminal; 80 when there is none."""
    if not sys.stdout or not sys.stdout.isatty():
        return DEFAULT_TERMINAL_WIDTH
    return max(40, min(os.get_terminal_size(sys.stdout.fileno()).columns, 120))


T = TypeVar("T")

MIN_BAR_ITEMS = 50
"""Items below which a step is over before a bar could be read."""

STEP_LABELS = {
    "facts": "Reading sources",
    "write": "Writing stories",
    "lead": "Writing the synopsis",
    "repair": "Repairing sentences",
    "judge": "Judging sentences",
    "yes_no": "Judging sentences",
}
"""What a model is asked for, by the step of the chain. Steps overlap; the last call tells."""


def track(step: str, items: Iterable[T], /) -> Iterable[T]:
    """The same items, with a bar for ``step`` while they are worked through."""
    if not sys.stderr.isatty() or (isinstance(items, Sized) and len(items) < MIN_BAR_ITEMS):
        return items
    return _with_bar(step, items)


def _with_bar(step: str, items: Iterable[T]) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import Progress

    total = len(items) if isinstance(items, Sized) else None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(step, total=total)
        for item in items:
            yield item
            progress.advance(task)


class ProgressLine:
    """Step, calls and cost so far, in one line that is written over; on a terminal only."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._enabled = stream.isatty()

    def track(self, step: str, items: Iterable[T], /) -> Iterable[T]:
        """The same items, with the name of the step while they are worked through."""
        self._write(step)
        try:
            yield from items
        finally:
            self._write("")

    def on_call(self, call: "ModelCall") -> None:
        """Counts one call more."""
        self._write(f"{STEP_LABELS[call.step]} · {_usage_line(call.usage)}")

    def _write(self, line: str) -> None:
        if self._enabled:
            self._stream.write(f"\r\x1b[K{line}")
            self._stream.flush()


def _usage_line(usage: "Usage") -> str:
    """``12 calls · 3 cached · $0.0123``; a cost that is known in part is at least that."""
    least = "at least " if usage.unpriced else ""
    cost = "cost unknown" if usage.unpriced == usage.calls > 0 else f"{least}${usage.cost_usd:.4f}"
    cached = [f"{usage.cached} cached"] if usage.cached else []
    return " · ".join([f"{usage.calls} call{'s' * (usage.calls != 1)}", *cached, cost])


def gather_articles(
    paths: Sequence[str], *, allow_private: bool, most: int = 20
) -> tuple[list[Article], list[SourceError]]:
    """The articles, and one error for each source that could not be read."""
    outcomes = gather_outcomes(paths, allow_private=allow_private, most=most)
    errors = [outcome for outcome in outcomes if isinstance(outcome, SourceError)]
    return [outcome for outcome in outcomes if isinstance(outcome, Article)], errors


def gather_outcomes(
    paths: Sequence[str], *, allow_private: bool, most: int = 20
) -> "list[ReadResult]":
    """The articles and errors in the order of ``paths``; each error is printed."""
    from summarizer.api import read_sources

    found = read_sources(paths, allow_private=allow_private, stdin=stdin_bytes(), most=most)
    outcomes = list(track("Reading", found))
    for outcome in outcomes:
        if isinstance(outcome, SourceError):
            print(f"summarizer: {outcome}", file=sys.stderr)
    return outcomes


def stdin_bytes() -> BinaryIO:
    """Standard input; an empty one when there is none."""
    return sys.stdin.buffer if sys.stdin else BytesIO()
