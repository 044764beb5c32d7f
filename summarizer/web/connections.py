"""The server's side of a connection, which does not wait for ever."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["WAIT", "Connection"]

WAIT = 20.0
"""Seconds within which a request's head must have come, the first one and each later one."""


class Connection(H11Protocol):
    """uvicorn's, closed where somebody holds it open with half a request."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        super().connection_lost(exc)
        self._stop_waiting()

    def _wait(self) -> None:
        if not getattr(self.cycle, "response_complete", True):
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(WAIT, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
