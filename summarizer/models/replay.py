"""A whole run in one file of JSON Lines, and the run again from that file, without a key.

The first line names the form; each further one holds the key of a request, its step and plan for
people, and the answer or the failure. No request text, no header, no key of a provider. Failures
are part of a run, so they come again too.
"""

import json
import os
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Any, Self

from summarizer.errors import (
    BudgetExceeded,
    MalformedCompletion,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    PromptTooLong,
    SettingsError,
)
from summarizer.models.port import Completion, LanguageModel, Request, unpack

__all__ = ["RecordedModel", "ReplayedModel"]

FORM = {"schema": "summarizer/recording/1"}

_ERRORS: Mapping[str, type[ModelError]] = {
    error.__name__: error
    for error in (
        BudgetExceeded,
        MalformedCompletion,
        ModelError,
        ModelRefused,
        ModelUnavailable,
        PromptTooLong,
    )
}


class RecordedModel:
    """Writes down what passes. To be used in a ``with`` block around the run.

    Each answer is written at once to ``FILE.part``, which becomes ``FILE`` when the block ends
    well. After a kill the part can be replayed as far as it goes, and the old file is untouched.
    """

    def __init__(self, inner: LanguageModel, file: Path) -> None:
        self._inner = inner
        self._file = file
        self._part = file.with_name(f"{file.name}.part")
        self._lock = Lock()
        self._lines: IO[bytes] | None = None

    def __enter__(self) -> Self:
        if self._file.is_dir():  # else that would be told when all is paid for
            raise SettingsError("cannot be written: it is a folder", subject=str(self._file))
        try:
            private = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise _unwritable(self._file, error) from error
        self._lines = os.fdopen(private, "wb", buffering=0)
        try:
            self._write(FORM)
        except SettingsError:
            self._lines.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        if kind is None:
            self._part.replace(self._file)

    def complete(self, request: Request) -> Completion:
        """The answer or failure of the inner model, once it is in the file."""
        about = {"key": request.key, "step": request.step, "plan": request.plan}
        try:
            completion = self._inner.complete(request)
        except ModelError as error:
            self._write({**about, "error": _pack(error)})
            raise
        self._write({**about, "completion": completion.pack()})
        return completion

    def _write(self, entry: Mapping[str, object]) -> None:
        with self._lock:
            if self._lines is None:
                raise SettingsError("the recording is not open", subject=str(self._file))
            try:
                self._lines.write(json.dumps(entry).encode() + b"\n")
            except OSError as error:
                raise _unwritable(self._file, error) from error


class ReplayedModel:
    """Answers as the recorded run did, in whatever order it is asked; equal requests are answered
    in the order of the recording.

    Raises SettingsError for a file that is no recording, and for a request that is not in it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._outcomes: defaultdict[str, deque[Completion | ModelError]] = defaultdict(deque)
        self._plans: set[tuple[object, object]] = set()
        for entry in _read(file):
            self._outcomes[str(entry["key"])].append(_unpack(entry))
            self._plans.add((entry.get("step"), entry.get("plan")))

    def complete(self, request: Request) -> Completion:
        """The recorded answer, byte for byte, or the recorded failure."""
        with self._lock:
            outcomes = self._outcomes.get(request.key)
            if not outcomes:
                why = self._explain(request, asked_before=outcomes is not None)
                raise SettingsError(why, subject=str(self._file), hint="record the run anew")
            outcome = outcomes.popleft()
        if isinstance(outcome, ModelError):
            raise outcome
        return outcome

    def _explain(self, request: Request, *, asked_before: bool) -> str:
        what = f"holds no answer to this request of the step {request.step!r}"
        if asked_before:
            return f"{what} any more: it was asked less often when it was recorded"
        if any(step == request.step for step, _ in self._plans):
            same = (request.step, request.plan) in self._plans
            return what if same else f"{what}, whose prompt file has changed since"
        return f"{what}, nor to any other"


def _read(file: Path) -> Iterator[dict[str, Any]]:
    """The entries. A last line without its end was cut off by a kill, and is passed over."""
    try:
        first, *lines = file.read_bytes().split(b"\n")
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise SettingsError(why, subject=str(file)) from error
    if first != json.dumps(FORM).encode():
        raise SettingsError("is no recording of this program", subject=str(file))
    for number, line in enumerate(lines[:-1], start=2):
        try:
            entry = json.loads(line)
            _unpack(entry)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            where = f"{file}:{number}"
            raise SettingsError("holds no recorded answer", subject=where) from error
        yield entry


def _unwritable(file: Path, error: OSError) -> SettingsError:
    return SettingsError(f"cannot be written: {error.strerror}", subject=str(file))


def _pack(error: ModelError) -> dict[str, str]:
    said = {"message": error.message, "subject": error.subject, "hint": error.hint}
    return {"kind": type(error).__name__, **said}


def _unpack(entry: dict[str, Any]) -> Completion | ModelError:
    error = entry.get("error")
    if not isinstance(error, dict):
        return unpack(entry["completion"])
    kind = _ERRORS[error["kind"]]
    return kind(str(error["message"]), subject=str(error["subject"]), hint=str(error["hint"]))
