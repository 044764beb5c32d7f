"""Feeds and their articles on loopback, and the ways in which such servers fail.

    with serve({"/feed.xml": rss(Item("1", "Title", "text"))}) as site:
        site.url("/feed.xml")          # http://127.0.0.1:PORT/feed.xml
        site.url("/feed.xml", host=7)  # the same server under another address, 127.0.0.7
        site.seen                      # (address asked, path, request headers) of every request

A route is bytes, or a `Route`; it may be changed while the server runs. Bytes come with an ETag
and answer 304 when it is sent back.
"""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

__all__ = ["Item", "Route", "Site", "atom", "page", "rss", "serve"]


class Item(NamedTuple):
    """One entry of a feed. ``text`` is HTML; ``whole`` puts it where the whole article stands."""

    id: str
    title: str
    text: str
    link: str = ""
    date: str = "Tue, 25 Nov 2025 10:00:00 GMT"
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """How one path answers. ``drip``: seconds between single bytes; ``endless``: it never stops.

    ``validators`` false: no ETag, and so never 304.
    """

    body: bytes = b""
    status: int = 200
    media: str = "application/rss+xml"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    endless: bool = False
    packed: bool = False
    validators: bool = True
    last_modified: str = ""


class Site(ThreadingHTTPServer):
    """The running server. ``most``: requests under way at the same time, by address asked.

    ``clock``: its time of day; None: it does not say it.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, routes: dict[str, bytes | Route]) -> None:
        super().__init__(("0.0.0.0", 0), _Handler)  # noqa: S104 - all of 127.0.0.0/8
        self.routes = routes
        self.seen: list[tuple[str, str, Mapping[str, str]]] = []
        self.lock = threading.Lock()
        self.busy: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.clock: datetime | None = None

    def url(self, path: str, *, host: int = 1) -> str:
        """The address of ``path`` under 127.0.(host / 250).(host % 250)."""
        return f"http://127.0.{host // 250}.{host % 250}:{self.server_address[1]}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked, in order."""
        return [path for _, path, _ in self.seen]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        asked = self.headers.get("Host", "").partition(":")[0]
        with self.server.lock:
            self.server.seen.append((asked, self.path, dict(self.headers)))
            self.server.busy[asked] = self.server.busy.get(asked, 0) + 1
            most = max(self.server.most.get(asked, 0), self.server.busy[asked])
            self.server.most[asked] = most
        try:
            self.answer(self.server.routes.get(urlsplit(self.path).path, Route(status=404)))
        finally:
            with self.server.lock:
                self.server.busy[asked] -= 1

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
        clock = self.server.clock
        return format_datetime(clock.astimezone(UTC), usegmt=True) if clock else ""

    def answer(self, route: bytes | Route) -> None:
        route = route if isinstance(route, Route) else Route(route)
        time.sleep(route.delay)
        tag = f'"{sha256(route.body).hexdigest()[:16]}"'
        known = (self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        unchanged = route.validators and known[0] == tag
        unchanged = unchanged or bool(route.last_modified and known[1] == route.last_modified)
        self.send_response(304 if unchanged else route.status)
        if not unchanged:
            self.describe(route, tag)
        self.end_headers()
        if not unchanged:
            self.pour(route)

    def describe(self, route: Route, tag: str) -> None:
        self.send_header("Content-Type", route.media)
        if route.validators:
            self.send_header("ETag", tag)
        if route.last_modified:
            self.send_header("Last-Modified", route.last_modified)
        if route.packed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in route.headers.items():
            self.send_header(name, value)

    def pour(self, route: Route) -> None:
        body = gzip.compress(route.body) if route.packed else route.body
        with suppress(OSError):
            while route.endless:
                self.wfile.write(body)
                time.sleep(route.drip)
            if not route.drip:
                self.wfile.write(body)
                return
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(route.drip)

    def log_message(self, *_: object) -> None:
        """Tests read `Site.seen`."""


@contextmanager
def serve(routes: Mapping[str, bytes | Route]) -> Iterator[Site]:
    """The server for as long as the block lasts."""
    site = Site(dict(routes))
    thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def rss(*items: Item, title: str = "The Feed") -> bytes:
    """An RSS 2.0 feed of the items."""
    entries = "".join(map(_rss_item, items))
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {space}><channel>'
    return f"{head}<title>{escape(title)}</title>{entries}</channel></rss>".encode()


def _rss_item(item: Item) -> str:
    name = "content:encoded" if item.whole else "description"
    parts = (
        f'<guid isPermaLink="false">{escape(item.id)}</guid>' if item.id else "",
        f"<title>{escape(item.title)}</title>",
        f"<link>{escape(item.link)}</link>" if item.link else "",
        f"<pubDate>{item.date}</pubDate>" if item.date else "",
        f"<{name}>{escape(item.text)}</{name}>",
    )
    return f"<item>{''.join(parts)}</item>"


def atom(*items: Item, title: str = "The Feed") -> bytes:
    """An Atom feed of the items; their dates are to be ISO 8601."""
    entries = "".join(
        f"<entry><id>{escape(item.id)}</id><title>{escape(item.title)}</title>"
        f'<link href="{escape(item.link)}"/><published>{item.date}</published>'
        f'<content type="html">{escape(item.text)}</content></entry>'
        for item in items
    )
    head = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
    return f"{head}<title>{escape(title)}</title>{entries}</feed>".encode()


def page(title: str, *paragraphs: str, date: str = "2025-11-25") -> Route:
    """An article as a news site serves it."""
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    meta = f'<meta property="article:published_time" content="{date}T10:00:00Z">'
    body = f"<article><h1>{escape(title)}</h1>{told}</article>"
    whole = f"<html><head><title>{escape(title)}</title>{meta}</head><body>{body}</body></html>"
    return Route(whole.encode(), media="text/html; charset=utf-8")
