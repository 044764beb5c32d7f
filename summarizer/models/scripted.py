"""A model that says what it was told to say: for tests, and for suites without a key."""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock

from summarizer.errors import ModelError, SettingsError
from summarizer.models.port import Completion, Request, estimate

__all__ = ["Reply", "ScriptedModel"]

Reply = str | Completion | ModelError
"""What it says, or what it fails with."""


class ScriptedModel:
    """Answers from a queue, or as a function of the request. ``requests``: all it was asked.

    Raises SettingsError when it is asked more than it has, so that no fall-back hides it.
    """

    def __init__(self, replies: Iterable[Reply] | Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self._answer = replies if callable(replies) else _Queue(replies)
        self._lock = Lock()

    def complete(self, request: Request) -> Completion:
        """The next reply."""
        with self._lock:
            self.requests.append(request)
            reply = self._answer(request)
        if isinstance(reply, ModelError):
            raise reply
        if isinstance(reply, Completion):
            return reply
        taken = -(-len(reply) // 4)
        return Completion(text=reply, tokens_in=estimate(request), tokens_out=taken, cost_usd=0.0)


class _Queue:
    def __init__(self, replies: Iterable[Reply]) -> None:
        self._left = deque(replies)
        self._given = 0

    def __call__(self, request: Request) -> Reply:
        if not self._left:
            what = f"the script has {self._given} replies, and was asked for one more"
            raise SettingsError(what, subject=request.step or request.model)
        self._given += 1
        return self._left.popleft()
