"""The page at a URL: limited in time, size and redirects, and never from a private network.

URL
| normalise   http(s), no user information, a usual port
| resolve     the addresses of the host; all must be public unless private ones are allowed
| request     to the checked address, with the name of the host; a redirect starts again
| read        decompressed here, so that neither length nor compression can exceed the limit
-> Page, stored in a PageCache for a conditional request the next time
"""

import ipaddress
import json
import os
import re
import socket
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urljoin

from summarizer import __version__
from summarizer.errors import ExtractionError, FetchError, SourceError

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Page:
    """The response of a server. ``url`` is the last redirect, ``content`` is decompressed."""

    url: str
    content: bytes
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched: Literal["network", "cache"] = "network"
    served: datetime | None = None
    """The time of day on the server, if it says so."""


class PageStore(Protocol):
    """Storage of pages between two fetches."""

    def load(self, url: str) -> Page | None:
        """The page stored for the requested ``url``, or None."""

    def store(self, url: str, page: Page) -> None:
        """Stores the page of the requested ``url``."""


class PageCache:
    """The last page of each URL, one private file each: a line of JSON, then the body.

    A damaged file counts as absent; if the folder cannot be written, nothing is stored.
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.folder = folder or Path(home) / "summarizer" / "pages"

    def load(self, url: str) -> Page | None:
        """The page kept for the asked ``url``, or None."""
        try:
            head, _, body = self._file(url).read_bytes().partition(b"\n")
            fields = json.loads(head)
            if fields.pop("asked") != url or fields.pop("sha256") != sha256(body).hexdigest():
                return None
            if not all(value is None or isinstance(value, str) for value in fields.values()):
                return None
            return Page(content=body, fetched="cache", **fields)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def body(self, url: str) -> bytes | None:
        """The content stored for the requested ``url``, or None."""
        page = self.load(url)
        return page.content if page else None

    def store(self, url: str, page: Page) -> None:
        """Writes the page completely or not at all."""
        head = {"asked": url, "url": page.url, "content_type": page.content_type,
                "charset": page.charset, "etag": page.etag, "last_modified": page.last_modified,
                "sha256": sha256(page.content).hexdigest()}  # fmt: skip
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with TemporaryDirectory(dir=self.folder) as private:
                file = Path(private) / "page"
                file.write_bytes(json.dumps(head).encode() + b"\n" + page.content)
                file.replace(self._file(url))

    def _file(self, url: str) -> Path:
        return self.folder / sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) -> its numeric addresses; raises OSError if it has none."""

_REQUEST_HEADERS = {
    "User-Agent": f"summarizer/{__version__} (reads pages its user names; cites and links them)",
    "Accept-Encoding": "gzip",
    "Connection": "close",  # a connection kept for an address could serve another host
}

_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_ACCEPT_HEADERS = {
    "page": "text/html, text/*;q=0.9",
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5",
}
_READABLE_TYPES = {
    "page": re.compile(
        r"text/|application/(?:xhtml\+|rss\+|atom\+|rdf\+)?xml\b|application/(?:feed\+)?json\b|$"
        r"|application/(?:pdf|epub\+zip|vnd\.oasis\.opendocument\.text"
        r"|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)\b"
    ),
    "feed": re.compile(r"(?!image/|audio/|video/|font/|application/pdf\b)"),
}
_CONTENT_TYPE_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_ERROR_NOISE = re.compile(r"^\[[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)")
_HOST_PATTERN = re.compile(r"(?=.{1,254}\Z)(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|[0-9a-f:.]+", re.ASCII)
_IPV6_PUBLIC = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOUD_SERVICE_ADDRESS = ipaddress.ip_address("168.63.129.16")
"""A public number for the internal service of a data centre."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds to connect, between two reads and in all; decompressed bytes; redirects; and the kind
    of content: a feed is served under any media type, rarely under its own."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 10_000_000
    redirects: int = 5
    kind: Literal["page", "feed"] = "page"


_DEFAULT_LIMITS = FetchLimits()


def normalise_url(url: str) -> str:
    """The URL as it is requested: without fragment, its host in ASCII.

    Raises FetchError if it is not an http(s) URL, or has user information or an unusual port.
    """
    import httpx

    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise FetchError("is not a valid URL", subject=url[:200]) from None
    if problem := _url_problem(parsed):
        raise FetchError(problem, subject=url[:200])
    return str(parsed)


def _url_problem(url: "httpx.URL") -> str:
    """Why this URL is not requested; empty if it is."""
    if url.scheme not in ("http", "https"):
        return f"has the scheme {url.scheme!r}; only http and https are read"
    if url.userinfo:
        return "carries a user name or password"
    if not _HOST_PATTERN.fullmatch(url.raw_host.decode("ascii")):
        return "names no valid host"
    if url.port is not None and url.port not in (80, 443) and not 1024 <= url.port <= 65535:
        return f"has port {url.port}, which serves no pages"
    return ""


def is_public_address(address: str) -> bool:
    """Whether a numeric address is public, as well as an IPv4 address inside it."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)
        if inner or parsed not in _IPV6_PUBLIC:
            return inner is not None and is_public_address(str(inner))
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed == _CLOUD_SERVICE_ADDRESS
    )


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Every address of ``host`` by the system's resolver."""
    results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in results))


def _checked_addresses(
    url: "httpx.URL", *, resolver: Resolver, allow_private: bool
) -> Sequence[str]:
    """The addresses of the host. Raises FetchError if any is not public, since all addresses of one
    name have one owner."""
    host = url.raw_host.decode("ascii").rstrip(".")
    try:
        addresses = _numeric_address(host) or resolver(host, url.port or 443)
    except (OSError, UnicodeError):
        raise FetchError(f"the host {host} is not known") from None
    for address in addresses if not allow_private else ():
        if not is_public_address(address):
            reason = f"is in a private network ({host} is {address})"
            raise FetchError(reason, hint="--allow-private reads it nevertheless")
    return addresses


def _numeric_address(host: str) -> Sequence[str]:
    """The address that the host is, in any notation of a browser (``0x7f.1``, ``2130706433``);
    empty if it is a name."""
    with suppress(ValueError):
        return [str(ipaddress.IPv6Address(host))]
    with suppress(OSError):
        return [socket.inet_ntoa(socket.inet_aton(host))]
    return []


@dataclass(frozen=True, slots=True)
class _FetchState:
    """What is the same for all requests of one fetch."""

    transport: "httpx.BaseTransport"
    locate: Callable[["httpx.URL"], Sequence[str]]
    limits: FetchLimits
    stored: Page | None
    trace: Callable[[str, dict[str, Any]], None]
    deadline: float


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: FetchLimits = _DEFAULT_LIMITS,
    pages: PageStore | None = None,
    resolver: Resolver = resolve_host,
    transport: "httpx.BaseTransport | None" = None,
) -> Page:
    """The page at ``url``. With ``pages`` it is downloaded only if it changed, and is stored.

    There are no cookies, and no proxy from the environment: a proxy would resolve the name again,
    which makes the check of its address useless. ``transport`` is closed at the end. Raises
    FetchError, or ExtractionError if the page is not text.
    """
    import httpx

    requested = normalise_url(url)
    stored = pages.load(requested) if pages else None
    deadline = monotonic() + limits.total
    locate = partial(_checked_addresses, resolver=resolver, allow_private=allow_private)
    transport = transport or httpx.HTTPTransport(verify=_ssl_context(), trust_env=False)
    try:
        with transport as opened, close_sockets_after(limits.total) as trace:
            state = _FetchState(opened, locate, limits, stored, trace, deadline)
            page = _follow_redirects(state, requested)
    except SourceError as error:
        error.subject = requested
        raise
    if pages and page.fetched == "network":
        pages.store(requested, page)
    return page


# Of constant size: the certificates of the system, which take long to read.
@cache
def _ssl_context() -> Any:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


@contextmanager
def close_sockets_after(seconds: float) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """A trace hook that collects the open sockets, which are closed after ``seconds``: a server
    that sends its headers byte by byte would never exceed the timeout between two reads."""
    streams: list[Any] = []

    def trace(event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            streams.append(info["return_value"])

    def shut_down() -> None:
        for stream in streams:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, shut_down)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _follow_redirects(state: _FetchState, requested: str) -> Page:
    urls = [requested]
    while len(urls) <= state.limits.redirects + 1:
        try:
            result = _request_once(state, urls[-1])
        except SourceError as error:
            if len(urls) > 1:
                error.message = f"redirects to {urls[-1]}, which {error.message}"
            raise
        if isinstance(result, Page):
            return result
        if result in urls:
            raise FetchError(f"redirects in a loop, back to {result}")
        urls.append(result)
    raise FetchError(f"redirects more than {state.limits.redirects} times")


def _request_once(state: _FetchState, url: str) -> Page | str:
    """The page, or the URL that the server redirects to."""
    import httpx

    try:
        with closing(_send_request(state, httpx.URL(url))) as response:
            if response.status_code not in _REDIRECT_STATUSES:
                return _page_from_response(state, url, response)
            target = response.headers.get("location", "")
    except httpx.HTTPError as error:
        _check_deadline(state)  # the closed socket is only the effect
        raise FetchError(_failure_reason(error, state.limits)) from error
    try:
        return normalise_url(urljoin(url, target))
    except ValueError:
        raise FetchError("redirects to no valid URL") from None
    except FetchError as error:
        raise FetchError(f"redirects to {target[:200]}, which {error.message}") from None


def _send_request(state: _FetchState, url: "httpx.URL") -> "httpx.Response":
    """The response of the first address that accepts a connection; its body is not yet read."""
    import httpx

    timeout = httpx.Timeout(state.limits.read, connect=state.limits.connect).as_dict()
    accept = _ACCEPT_HEADERS[state.limits.kind]
    headers = _REQUEST_HEADERS | {"Host": url.netloc.decode(), "Accept": accept}
    if state.stored and state.stored.url == str(url):  # validators hold for one URL only
        tags = {"If-None-Match": state.stored.etag, "If-Modified-Since": state.stored.last_modified}
        headers |= {name: value for name, value in tags.items() if value}
    name = url.raw_host.decode().rstrip(".")
    extensions = {"timeout": timeout, "trace": state.trace, "sni_hostname": name}
    failure: httpx.TransportError | None = None
    for address in state.locate(url)[:3]:
        _check_deadline(state)
        numeric = url.copy_with(host=address)
        request = httpx.Request("GET", numeric, headers=headers, extensions=extensions)
        try:
            return state.transport.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
    raise failure or FetchError("names a host without an address")


def _page_from_response(state: _FetchState, url: str, response: "httpx.Response") -> Page:
    if response.status_code == 304 and state.stored and state.stored.url == url:
        return replace(state.stored, served=_server_time(response))
    if response.status_code != 200:
        wait = response.headers.get("retry-after", "").strip()
        is_seconds = wait.isascii() and wait.isdigit() and len(wait) < 9
        raise FetchError(
            f"answered {response.status_code} {response.reason_phrase[:60]}".rstrip(),
            status=response.status_code,
            retry_after=float(wait) if is_seconds else None,
        )
    media_type = response.headers.get("content-type", "")
    kind = media_type.partition(";")[0].strip().lower()
    if not _READABLE_TYPES[state.limits.kind].match(kind):
        raise ExtractionError(f"is {kind[:60]}, not text")
    charset = _CONTENT_TYPE_CHARSET.search(media_type)
    tags = (response.headers.get(name) for name in ("etag", "last-modified"))
    etag, modified = (tag if tag and tag.isascii() and tag.isprintable() else None for tag in tags)
    return Page(
        url,
        _read_body(state, response),
        kind,
        charset and charset[1],
        etag,
        modified,
        served=_server_time(response),
    )


def _server_time(response: "httpx.Response") -> datetime | None:
    """The time of day on the server; None if it does not say it. A proxy repeats the ``Date`` of an
    old response, and says its age."""
    age = response.headers.get("age", "0").strip()
    try:
        stated = parsedate_to_datetime(response.headers.get("date", ""))
        seconds = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
        return stated + timedelta(seconds=seconds) if stated.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _read_body(state: _FetchState, response: "httpx.Response") -> bytes:
    """The body, decompressed up to the limit. Raises FetchError if it is incomplete."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"is compressed as {encoding[:20]!r}, which was not requested")
    gzip = zlib.decompressobj(31) if encoding != "identity" else None
    body, limit = bytearray(), state.limits.size
    try:
        for piece in response.iter_raw():
            _check_deadline(state)
            body += gzip.decompress(piece, limit + 1 - len(body)) if gzip else piece
            if len(body) > limit:
                raise FetchError(f"is larger than {limit / 1e6:g} MB")
        _check_deadline(state)  # a socket that was shut down looks like the end of the body
    except zlib.error:
        raise FetchError("sent damaged gzip data") from None
    if gzip and body and not gzip.eof:
        raise FetchError(f"was cut short after {len(body)} decompressed bytes")
    return bytes(body)


def _check_deadline(state: _FetchState) -> None:
    if monotonic() >= state.deadline:
        raise FetchError(f"took longer than {state.limits.total:g} s")


def _failure_reason(error: "httpx.HTTPError", limits: FetchLimits) -> str:
    import httpx

    detail = _ERROR_NOISE.sub("", " ".join(str(error).split()))[:200]
    reasons = (
        (httpx.ConnectTimeout, f"accepts no connection within {limits.connect:g} s"),
        (httpx.ConnectError, f"cannot be reached: {detail}"),
        (httpx.TimeoutException, f"sent nothing for {limits.read:g} s"),
    )
    known = (text for kind, text in reasons if isinstance(error, kind))
    return next(known, f"was cut short or garbled: {detail}")
