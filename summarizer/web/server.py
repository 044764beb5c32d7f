"""The process behind ``summarizer serve``: store, engine, listener, and a look after the jobs."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address

from summarizer.errors import SettingsError, SummarizerError
from summarizer.jobs.briefs import BRIEFS, Desk, brief_workflow
from summarizer.jobs.engine import Engine
from summarizer.jobs.writers import OpenWriter, open_writer
from summarizer.store.database import open_store
from summarizer.web.app import create
from summarizer.web.serving import Service, Serving, Streams

__all__ = ["local", "opened", "serve"]

SETTLE = 1.5
"""Seconds between two looks after jobs that nobody works on."""


def serve(store: str, serving: Serving, host: str, port: int, say: Callable[[str], None]) -> None:
    """Answers until it is told to stop. ``say`` hears where, once it listens.

    Raises SettingsError when it would be open to everybody, or cannot listen there, and StoreError.
    """
    import uvicorn

    if not local(host) and not serving.tokens:
        raise SettingsError(
            "would be open to everybody",
            subject=f"--host {host}",
            hint="name a file of tokens with --tokens, or stay on 127.0.0.1",
        )
    with closing(_listen(host, port)) as listener, opened(store, serving) as service:
        config = uvicorn.Config(
            create(service),
            log_level="error",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
            h11_max_incomplete_event_size=64_000,
        )
        say(f"http://{_shown(host)}:{listener.getsockname()[1]}/")
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def opened(
    store: str,
    serving: Serving,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    writer: OpenWriter = open_writer,
) -> Iterator[Service]:
    """A service that works on its jobs for as long as the block lasts."""
    database = open_store(store)
    queue = BRIEFS._replace(at_once=serving.at_once)
    with (
        closing(database),
        Engine(database, [brief_workflow(database, clock, writer=writer)], [queue]) as engine,
    ):
        desk = Desk(database, engine, clock)
        with _looking_after(desk):
            yield Service(serving, database, desk, clock, streams=Streams(serving.streams))


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


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingsError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise SettingsError(
            f"cannot listen: {why}", subject=f"{host}:{port}", hint="another --port may be free"
        ) from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
