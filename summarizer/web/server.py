"""The process behind ``summarizer serve``: store, engine, listener, connections, and the thread
that settles jobs.
"""

import asyncio
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.errors import SettingsError, SummarizerError
from summarizer.jobs.engine import WorkflowEngine
from summarizer.jobs.queue import BRIEFING_QUEUE, JobQueue, briefing_workflow
from summarizer.store.database import open_store
from summarizer.web.app import create_app
from summarizer.web.service import Service, ServiceConfig, stream_limit
from summarizer.writing.prompting import ChainOpener, open_chain

if TYPE_CHECKING:
    import uvicorn

REQUEST_HEAD_SECONDS = 20.0
"""Seconds within which the head of each request must arrive."""


class TimedConnection(H11Protocol):
    """uvicorn's connection, which is closed if the head of a request does not arrive in time."""

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
            self._waiting = self.loop.call_later(REQUEST_HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


SERVICE_POLL_SECONDS = 0.5
"""Seconds between two polls of the queue by a service that mostly waits."""

SETTLE_SECONDS = 1.5
"""Seconds between two searches for jobs that no process works on."""

LISTEN_BACKLOG = 128
"""Connections that the system queues until they are accepted."""


def run_service(
    store: str, config: ServiceConfig, host: str, port: int, on_listen: Callable[[str], None]
) -> None:
    """Serves until the process is stopped. ``on_listen`` gets the address once it listens.

    Raises SettingsError when it would be open to everybody, or cannot listen there, and StoreError.
    """
    if not is_local_host(host) and not config.tokens:
        raise SettingsError(
            "would be open to everybody",
            subject=f"--host {host}",
            hint="name a file of tokens with --tokens, or use --host 127.0.0.1",
        )
    _raise_file_limit()
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it warns of each bad form
    with (
        closing(_listening_socket(host, port)) as listener,
        open_service(store, config) as service,
    ):
        server = http_server(service)
        url_host = f"[{host}]" if ":" in host else host
        on_listen(f"http://{url_host}:{listener.getsockname()[1]}/")
        server.run(sockets=[listener])


def http_server(service: Service) -> "uvicorn.Server":
    """The HTTP server of the service, to be run on a listening socket."""
    import uvicorn

    config = uvicorn.Config(
        create_app(service),
        http=TimedConnection,
        backlog=LISTEN_BACKLOG,
        log_level="critical",  # `problems` logs errors, in one line
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64_000,
    )
    server = uvicorn.Server(config)
    service.stream_limit.is_stopping = lambda: server.should_exit
    return server


@contextmanager
def open_service(
    store: str,
    config: ServiceConfig,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    chain_opener: ChainOpener = open_chain,
    poll: float = SERVICE_POLL_SECONDS,
) -> Iterator[Service]:
    """The service, which runs its jobs during the block."""
    database = open_store(store)
    queue = BRIEFING_QUEUE._replace(concurrency=config.at_once)
    workflow = briefing_workflow(database, clock, chain_opener=chain_opener)
    with (
        closing(database),
        WorkflowEngine(database, [workflow], [queue], poll=poll) as engine,
    ):
        job_queue = JobQueue(database, engine, clock)
        streams = stream_limit(config.max_streams)
        with _settle_jobs(job_queue):
            yield Service(config, database, job_queue, clock, stream_limit=streams)


def is_local_host(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _settle_jobs(queue: JobQueue) -> Iterator[None]:
    """Takes over what dead processes left unfinished, repeatedly during the block."""
    stopped = threading.Event()

    def settle() -> None:
        while not stopped.is_set():
            try:
                queue.settle()
            except SummarizerError as error:
                print(f"summarizer: {error}", file=sys.stderr)  # noqa: T201 - the operator's log
            stopped.wait(SETTLE_SECONDS)

    thread = threading.Thread(target=settle, name="settle", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _raise_file_limit() -> None:
    """Allows as many open files as the system permits: each connection is one."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingsError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(LISTEN_BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise SettingsError(
            f"cannot listen: {reason}", subject=f"{host}:{port}", hint="try another --port"
        ) from error
    return listener
