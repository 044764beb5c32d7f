"""The folder of a run: one line for each finished case, so that a run that was killed goes on.

    DIR/run.jsonl     first line: what is run; then one `Row` a line, in the order they finished

A row belongs to the run only if its key is that of a case as it is now: articles, prompts, replies,
settings and the program itself decide the key.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from summarizer.errors import SettingsError
from summarizer.evaluation.cases import Case
from summarizer.evaluation.rows import Row
from summarizer.sources.articles import digest

__all__ = ["FILE", "Keeper", "fingerprint", "keeping", "key", "rows_of"]

FILE = "run.jsonl"

FORM = {"schema": "summarizer/evaluation/1"}


@cache
def fingerprint() -> str:
    """sha256 of the program's own source: a row of yesterday's program is no row of today's."""
    folder = Path(__file__).parent.parent
    found = sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".tsv", ".txt", ".jsonl"):
            found.update(f"{file.relative_to(folder)}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def key(case: Case, writer: str, plans: Iterable[str], attempt: int) -> str:
    """Hash of all that decides a row. ``writer``: the live model, or nothing."""
    return digest("\n".join([case.content, writer, *plans, fingerprint(), str(attempt)]))


class Keeper:
    """Appends rows to the file, each one whole before the next."""

    def __init__(self, lines: IO[bytes] | None, known: Mapping[str, Row]) -> None:
        self._lines = lines
        self.known = known

    def keep(self, row: Row) -> None:
        """Writes a row down."""
        if self._lines is None:
            return
        try:
            self._lines.write(row.model_dump_json().encode() + b"\n")
            self._lines.flush()
        except OSError as error:
            raise _unwritable(FILE, error) from error

    def end(self) -> None:
        """Marks the run as finished: the next one in this folder begins anew."""
        if self._lines is not None:
            self._lines.write(json.dumps({"finished": True}).encode() + b"\n")


@contextmanager
def keeping(folder: Path | None, keys: Iterable[str]) -> Iterator[Keeper]:
    """The keeper of a folder, with the rows of these keys that an unfinished run left there."""
    if folder is None:
        yield Keeper(None, {})
        return
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _left(file, frozenset(keys))
        _begin(file, known.values())
        lines = file.open("ab", buffering=0)
    except OSError as error:
        raise _unwritable(str(folder), error) from error
    with lines:
        yield Keeper(lines, known)


def _begin(file: Path, known: Iterable[Row]) -> None:
    """The file with what is known already, put in place whole."""
    part = file.with_name(f"{FILE}.part")
    with part.open("wb") as lines:
        lines.write(json.dumps(FORM).encode() + b"\n")
        lines.writelines(row.model_dump_json().encode() + b"\n" for row in known)
        lines.flush()
        os.fsync(lines.fileno())
    part.replace(file)


def _left(file: Path, keys: frozenset[str]) -> dict[str, Row]:
    """The rows of an unfinished run that are still true; none of a finished one."""
    if not file.is_file():
        return {}
    rows, finished = _read(file)
    return {} if finished else {row.key: row for row in rows if row.key in keys}


def rows_of(place: Path) -> list[Row]:
    """The rows of a run: a folder, or its file. Raises SettingsError."""
    file = place / FILE if place.is_dir() else place
    if not file.is_file():
        raise SettingsError("holds no run", subject=str(place), hint="made by: eval run --keep DIR")
    rows, finished = _read(file)
    if not finished:
        raise SettingsError(
            "the run did not end", subject=str(place), hint="run it again: it goes on"
        )
    return rows


def _read(file: Path) -> tuple[list[Row], bool]:
    """The rows, and whether the run ended. A last line without its end was cut off by a kill."""
    try:
        first, *lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(file)) from error
    if first != json.dumps(FORM).encode():
        raise SettingsError("is no run of this program", subject=str(file))
    rows: list[Row] = []
    for number, line in enumerate(lines[:-1], start=2):
        if line == b'{"finished": true}':
            return rows, True
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            raise SettingsError("holds no row of a run", subject=f"{file}:{number}") from error
    return rows, False


def _unwritable(subject: str, error: OSError) -> SettingsError:
    return SettingsError(f"cannot be written: {error.strerror}", subject=subject)
