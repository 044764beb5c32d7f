"""The process behind ``summarizer serve``: store, engine, listener, and a look after the jobs."""

import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from summarizer.errors import SettingsError, SummarizerError
from summarizer.jobs.briefs import BRIEFS, Desk, brief_workflow
from summarizer.jobs.engine import Engine
from summarizer.jobs.writers import OpenWriter, open_writer
from summarizer.store.database import open_store
from summarizer.web.app import create
from summarizer.web.serving import Service, Serving, listeners

if TYPE_CHECKING:
    import uvicorn

__all__ = ["answering", "local", "opened", "serve"]

POLL = 0.5
"""Seconds between two looks at the queue: a service that waits for work all day looks seldom."""

SETTLE = 1.5
"""Seconds between two looks after jobs that nobody works on."""


BACKLOG = 128
"""Connections that the system holds until they are taken."""


def serve(store: str, serving: Serving, host: str, port: int, say: Callable[[str], None]) -> None:
    """Answers until it is told to stop. ``say`` hears where, once it listens.

    Raises SettingsError when it would be open to everybody, or cannot listen there, and StoreError.
    """
    if not local(host) and not serving.tokens:
        raise SettingsError(
            "would be open to everybody",
            subject=f"--host {host}",
            hint="name a file of tokens with --tokens, or stay on 127.0.0.1",
        )
    _widen()
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it tells of each bad form
    with closing(_listen(host, port)) as listener, opened(store, serving) as service:
        server = answering(service)
        say(f"http://{_shown(host)}:{listener.getsockname()[1]}/")
        server.run(sockets=[listener])


def answering(service: Service) -> "uvicorn.Server":
    """What answers for the service on a socket that it is given."""
    import uvicorn

    from summarizer.web.connections import Connection

    config = uvicorn.Config(
        create(service),
        http=Connection,
        backlog=BACKLOG,
        log_level="critical",  # what goes wrong is told by `problems`, in one line
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64_000,
    )
    server = uvicorn.Server(config)
    service.streams.over = lambda: server.should_exit
    return server


@contextmanager
def opened(
    store: str,
    serving: Serving,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    writer: OpenWriter = open_writer,
    poll: float = POLL,
) -> Iterator[Service]:
    """A service that works on its jobs for as long as the block lasts."""
    database = open_store(store)
    queue = BRIEFS._replace(at_once=serving.at_once)
    workflow = brief_workflow(database, clock, writer=writer)
    with (
        closing(database),
        Engine(database, [workflow], [queue], poll=poll) as engine,
    ):
        desk = Desk(database, engine, clock)
        with _looking_after(desk):
            yield Service(serving, database, desk, clock, streams=listeners(serving.streams))


def local(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _looking_after(desk: Desk) -> Iterator[None]:
    """Takes up what dead processes left, now and for as long as the block lasts."""
    stopped = threading.Event()

    def look() -> None:
        while not stopped.is_set():
            try:
                desk.settle()
            except SummarizerError as error:
                print(f"summarizer: {error}", file=sys.stderr)  # noqa: T201 - the operator's log
            stopped.wait(SETTLE)

    thread = threading.Thread(target=look, name="settle", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _widen() -> None:
    """As many open files as the system allows: each connection is one."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingsError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise SettingsError(
            f"cannot listen: {why}", subject=f"{host}:{port}", hint="another --port may be free"
        ) from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
