"""A loopback server that speaks the OpenAI, the Anthropic and the Ollama protocol, faults included.

Answers are given in the order in which they were queued, then those of ``respond`` for ever.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKENS_IN, TOKENS_OUT = 11, 7
"""What every answer says it took."""

SECRET = "sk-ant-0123456789"  # noqa: S105 - of nobody


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. ``body`` replaces the well-formed one; ``cut`` breaks off in its middle."""

    text: str = "Fine."
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False
    finish: str = "stop"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Server(ThreadingHTTPServer):
    """Listens on a free loopback port. ``seen`` holds what was asked, in order."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.respond: Callable[[Seen], Answer] = lambda _: Answer()
        self.answers: deque[Answer] = deque()
        self.seen: list[Seen] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        return self.answers.popleft() if self.answers else self.respond(seen)


class _Conversation(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/api/show"):
            self._send(Answer(body=b'{"template": "", "model_info": {}}'), b"")
            return
        answer = self.server.next(Seen(self.path, dict(self.headers), asked))
        time.sleep(answer.delay)
        said = BODIES[self.path.rpartition("/")[2]](answer, asked["model"])
        whole = FAULTS[answer.status] if answer.status in FAULTS else json.dumps(said).encode()
        self._send(answer, whole)

    def _send(self, answer: Answer, whole: bytes) -> None:
        body = whole if answer.body is None else answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # who asked may not have waited
            self.wfile.write(body[: len(body) // 2] if answer.cut else body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing on standard error."""


def _openai(answer: Answer, name: str) -> dict[str, Any]:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": answer.text},
        "finish_reason": answer.finish,
    }
    usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": TOKENS_OUT, "total_tokens": 18}
    return {"id": "r1", "object": "chat.completion", "created": 1, "model": name,
            "choices": [choice], "usage": usage}  # fmt: skip


def _anthropic(answer: Answer, name: str) -> dict[str, Any]:
    reasons = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}
    return {"id": "r1", "type": "message", "role": "assistant", "model": name,
            "content": [{"type": "text", "text": answer.text}],
            "stop_reason": reasons[answer.finish], "stop_sequence": None,
            "usage": {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT}}  # fmt: skip


def _ollama(answer: Answer, name: str) -> dict[str, Any]:
    return {"model": name, "created_at": "2025-11-01T00:00:00Z", "response": answer.text,
            "message": {"role": "assistant", "content": answer.text}, "done": True,
            "done_reason": answer.finish,
            "prompt_eval_count": TOKENS_IN, "eval_count": TOKENS_OUT}  # fmt: skip


BODIES = {"completions": _openai, "messages": _anthropic, "generate": _ollama, "chat": _ollama}

FAULTS = {
    401: b'{"error": {"type": "authentication_error", "message": "bad key sk-secret-12345678"}}',
    429: b'{"error": {"type": "rate_limit_error", "message": "Too many requests"}}',
    500: b'{"error": {"type": "api_error", "message": "It broke"}}',
    502: b"<html>Bad gateway</html>",
    529: b'{"error": {"type": "overloaded_error", "message": "Overloaded"}}',
}


@contextmanager
def serve() -> Iterator[Server]:
    """A running server; its answers may be queued at any time."""
    with Server() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
