"""A run recorded to a file and replayed without a key, and a model with scripted replies.

A recording is JSON Lines. Its first line names the format. Each further line holds the key of a
request, its step and the hash of its prompt file, and the completion or the error. It holds no text
of a request, no header and no API key. Errors are part of a run, so they are replayed too.
"""

import json
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from summarizer.models.protocol import (
    Completion,
    CompletionRequest,
    LanguageModel,
    estimate_request_tokens,
    unpack_completion,
)

RECORDING_HEADER = {"schema": "summarizer/recording/1"}

_ERROR_TYPES: Mapping[str, type[ModelError]] = {
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
    """Records all replies. Use it in a ``with`` block around the run.

    Each reply is written to ``FILE.part`` as it comes, which becomes ``FILE`` when the block ends
    without an error. After a kill the part can be replayed, and the old file is unchanged.
    """

    def __init__(self, inner: LanguageModel, file: Path) -> None:
        self._inner = inner
        self._file = file
        self._part = file.with_name(f"{file.name}.part")
        self._lock = Lock()
        self._lines: IO[bytes] | None = None

    def __enter__(self) -> Self:
        if self._file.is_dir():  # else it would fail after all calls are paid for
            raise SettingsError("cannot be written: it is a folder", subject=str(self._file))
        try:
            private = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise _cannot_write(self._file, error) from error
        self._lines = os.fdopen(private, "wb", buffering=0)
        try:
            self._write(RECORDING_HEADER)
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

    def complete(self, request: CompletionRequest) -> Completion:
        """The reply or failure of the inner model, after it is in the file."""
        about = {"key": request.key, "step": request.step, "plan": request.plan}
        try:
            completion = self._inner.complete(request)
        except ModelError as error:
            self._write({**about, "error": _pack_error(error)})
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
                raise _cannot_write(self._file, error) from error


class ReplayedModel:
    """Replies as in the recorded run, in whatever order requests come; equal requests get their
    replies in the order of the recording.

    Raises SettingsError for a file that is not a recording, and for a request that is not in it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._outcomes: defaultdict[str, deque[Completion | ModelError]] = defaultdict(deque)
        self._plans: set[tuple[object, object]] = set()
        for entry in _read_recording(file):
            self._outcomes[str(entry["key"])].append(_unpack_outcome(entry))
            self._plans.add((entry.get("step"), entry.get("plan")))

    def complete(self, request: CompletionRequest) -> Completion:
        """The recorded reply, byte for byte, or the recorded failure."""
        with self._lock:
            outcomes = self._outcomes.get(request.key)
            if not outcomes:
                why = self._explain(request, asked_before=outcomes is not None)
                raise SettingsError(why, subject=str(self._file), hint="record the run anew")
            outcome = outcomes.popleft()
        if isinstance(outcome, ModelError):
            raise outcome
        return outcome

    def _explain(self, request: CompletionRequest, *, asked_before: bool) -> str:
        what = f"holds no answer to this request of the step {request.step!r}"
        if asked_before:
            return f"{what} any more: it was asked less often when it was recorded"
        if any(step == request.step for step, _ in self._plans):
            same = (request.step, request.plan) in self._plans
            return what if same else f"{what}, whose prompt file has changed since"
        return f"{what}, nor to any other"


def _read_recording(file: Path) -> Iterator[dict[str, Any]]:
    """The entries. A last line without a newline was cut off by a kill, and is skipped."""
    try:
        first, *lines = file.read_bytes().split(b"\n")
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise SettingsError(why, subject=str(file)) from error
    if first != json.dumps(RECORDING_HEADER).encode():
        raise SettingsError("is no recording of this program", subject=str(file))
    for number, line in enumerate(lines[:-1], start=2):
        try:
            entry = json.loads(line)
            _unpack_outcome(entry)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            where = f"{file}:{number}"
            raise SettingsError("holds no recorded answer", subject=where) from error
        yield entry


def _cannot_write(file: Path, error: OSError) -> SettingsError:
    return SettingsError(f"cannot be written: {error.strerror}", subject=str(file))


def _pack_error(error: ModelError) -> dict[str, str]:
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "subject": error.subject,
        "hint": error.hint,
    }


def _unpack_outcome(entry: dict[str, Any]) -> Completion | ModelError:
    error = entry.get("error")
    if not isinstance(error, dict):
        return unpack_completion(entry["completion"])
    kind = _ERROR_TYPES[error["kind"]]
    return kind(str(error["message"]), subject=str(error["subject"]), hint=str(error["hint"]))


ScriptedReply = str | Completion | ModelError
"""A text, a whole completion, or the error to raise."""


class ScriptedModel:
    """Replies from a queue, or from a function of the request. ``requests``: all requests so far.

    Raises SettingsError when the queue is empty, which no fallback of a step hides.
    """

    def __init__(
        self, replies: Iterable[ScriptedReply] | Callable[[CompletionRequest], ScriptedReply]
    ) -> None:
        self.requests: list[CompletionRequest] = []
        self._answer = replies if callable(replies) else _ReplyQueue(replies)
        self._lock = Lock()

    def complete(self, request: CompletionRequest) -> Completion:
        """The next reply."""
        with self._lock:
            self.requests.append(request)
            reply = self._answer(request)
        if isinstance(reply, ModelError):
            raise reply
        if isinstance(reply, Completion):
            return reply
        tokens_out = -(-len(reply) // 4)
        tokens_in = estimate_request_tokens(request)
        return Completion(text=reply, tokens_in=tokens_in, tokens_out=tokens_out, cost_usd=0.0)


class _ReplyQueue:
    def __init__(self, replies: Iterable[ScriptedReply]) -> None:
        self._left = deque(replies)
        self._given = 0

    def __call__(self, request: CompletionRequest) -> ScriptedReply:
        if not self._left:
            what = f"the script has {self._given} replies, and was asked for one more"
            raise SettingsError(what, subject=request.step or request.model)
        self._given += 1
        return self._left.popleft()
