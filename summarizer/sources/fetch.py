"""The page at a URL: bounded in time, size and redirects, never from a private network.

asked URL
| normalise   http(s), no user information, a port on which pages are served
| resolve     the addresses of the host; all must be public unless private ones are allowed
| request     the checked address, under the name of the host; a redirect starts again
| read        unpacked here, so that neither the length nor gzip can exceed the limit
-> Page, kept in a PageCache for a conditional request the next time
"""

import ipaddress
import json
import os
import re
import socket
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
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

__all__ = [
    "FetchLimits",
    "Page",
    "PageCache",
    "PageStore",
    "close_sockets_after",
    "fetch",
    "is_public_address",
    "normalise_url",
    "resolve_host",
]


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered. ``url`` is where the redirects ended, ``content`` is unpacked."""

    url: str
    content: bytes
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched: Literal["network", "cache"] = "network"


class PageStore(Protocol):
    """What remembers pages between two fetches."""

    def load(self, url: str) -> Page | None:
        """The page kept for the asked ``url``, or None."""

    def store(self, url: str, page: Page) -> None:
        """Remembers what the asked ``url`` answered."""


class PageCache:
    """The last page of each URL, one private file each: a line of JSON, then the body.

    A damaged file counts as absent; in a folder that cannot be written nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.folder = folder or Path(home) / "summarizer" / "pages"

    def load(self, url: str) -> Page | None:
        """The page kept for the asked ``url``, or None."""
        try:
            head, _, body = self._file(url).read_bytes().partition(b"\n")
            kept = json.loads(head)
            if kept.pop("asked") != url or kept.pop("sha256") != sha256(body).hexdigest():
                return None
            if not all(value is None or isinstance(value, str) for value in kept.values()):
                return None
            return Page(content=body, fetched="cache", **kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def body(self, url: str) -> bytes | None:
        """The bytes kept for the asked ``url``, or None."""
        page = self.load(url)
        return page.content if page else None

    def store(self, url: str, page: Page) -> None:
        """Writes the page whole or not at all."""
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
"""(host, port) -> its addresses in numbers; raises OSError when it has none."""

_REQUEST_HEADERS = {
    "User-Agent": f"summarizer/{__version__} (reads pages its user names; cites and links them)",
    "Accept-Encoding": "gzip",
    "Connection": "close",  # by address, a kept one would serve another host unchecked
}

_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_ACCEPT_HEADERS = {
    "page": "text/html, text/*;q=0.9",
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5",
}
_READABLE_TYPES = {
    "page": re.compile(r"text/|application/(xhtml\+)?xml\b|$"),
    "feed": re.compile(r"(?!image/|audio/|video/|font/|application/pdf\b)"),
}
_CONTENT_TYPE_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_ERROR_NOISE = re.compile(r"^\[[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)")
_HOST_PATTERN = re.compile(r"(?=.{1,254}\Z)(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|[0-9a-f:.]+", re.ASCII)
_IPV6_PUBLIC = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOUD_SERVICE_ADDRESS = ipaddress.ip_address(
    "168.63.129.16"
)  # a data centre's own service, publicly numbered


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds to connect, between two reads and in all; bytes unpacked; redirects followed; and
    what is asked for: a feed comes under any media type, and rarely under its own."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 10_000_000
    redirects: int = 5
    kind: Literal["page", "feed"] = "page"


_DEFAULT_LIMITS = FetchLimits()


def normalise_url(url: str) -> str:
    """The URL as it is asked: without fragment, its host in ASCII.

    Raises FetchError for what is no http(s) URL, or one with user information or an odd port.
    """
    import httpx

    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise FetchError("is not a valid URL", subject=url[:200]) from None
    if wrong := _url_problem(parsed):
        raise FetchError(wrong, subject=url[:200])
    return str(parsed)


def _url_problem(url: "httpx.URL") -> str:
    """Why this URL is not asked; empty if it is."""
    if url.scheme not in ("http", "https"):
        return f"has the scheme {url.scheme!r}; only http and https are read"
    if url.userinfo:
        return "carries a user name or password"
    if not _HOST_PATTERN.fullmatch(url.raw_host.decode("ascii")):
        return "names no valid host"
    if url.port is not None and url.port not in (80, 443) and not 1024 <= url.port <= 65535:
        return f"asks port {url.port}, where no pages are served"
    return ""


def is_public_address(address: str) -> bool:
    """Whether a numeric address belongs to the open internet, the IPv4 one inside it included."""
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
    """Every address of ``host`` that the system's resolver knows."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _checked_addresses(
    url: "httpx.URL", *, resolver: Resolver, allow_private: bool
) -> Sequence[str]:
    """The checked addresses of the host: one that is not public refuses them all, since the
    answers to one name are of one owner."""
    host = url.raw_host.decode("ascii").rstrip(".")
    try:
        addresses = _numeric_address(host) or resolver(host, url.port or 443)
    except (OSError, UnicodeError):
        raise FetchError(f"the host {host} is not known") from None
    for address in addresses if not allow_private else ():
        if not is_public_address(address):
            why = f"leads into a private network ({host} is {address})"
            raise FetchError(why, hint="--allow-private reads it all the same")
    return addresses


def _numeric_address(host: str) -> Sequence[str]:
    """The address that the host spells, in any way a browser takes: ``0x7f.1``, ``2130706433``."""
    with suppress(ValueError):
        return [str(ipaddress.IPv6Address(host))]
    with suppress(OSError):
        return [socket.inet_ntoa(socket.inet_aton(host))]
    return []


@dataclass(frozen=True, slots=True)
class _FetchState:
    """What stays the same through the redirects of one fetch."""

    transport: "httpx.BaseTransport"
    locate: Callable[["httpx.URL"], Sequence[str]]
    limits: FetchLimits
    kept: Page | None
    trace: Callable[[str, dict[str, Any]], None]
    until: float


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: FetchLimits = _DEFAULT_LIMITS,
    pages: PageStore | None = None,
    resolver: Resolver = resolve_host,
    transport: "httpx.BaseTransport | None" = None,
) -> Page:
    """The page at ``url``. With ``pages`` it is sent anew only if it changed, and is kept.

    No cookies, and no proxy from the environment: a proxy would look the name up again and so
    undo the check of its address. ``transport`` is closed at the end. Raises FetchError, or
    ExtractionError for what is no text.
    """
    import httpx

    asked = normalise_url(url)
    kept = pages.load(asked) if pages else None
    until = monotonic() + limits.total
    locate = partial(_checked_addresses, resolver=resolver, allow_private=allow_private)
    usual = transport or httpx.HTTPTransport(verify=_ssl_context(), trust_env=False)
    try:
        with usual as door, close_sockets_after(limits.total) as trace:
            page = _follow_redirects(_FetchState(door, locate, limits, kept, trace, until), asked)
    except SourceError as error:
        error.subject = asked
        raise
    if pages and page.fetched == "network":
        pages.store(asked, page)
    return page


@cache
def _ssl_context() -> Any:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


@contextmanager
def close_sockets_after(seconds: float) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """A trace hook that learns the open sockets, and shuts them when the time is up: a server
    that sends its headers byte by byte would never meet the timeout between two reads."""
    streams: list[Any] = []

    def trace(event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            streams.append(info["return_value"])

    def cut() -> None:
        for stream in streams:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _follow_redirects(visit: _FetchState, asked: str) -> Page:
    seen = [asked]
    while len(seen) <= visit.limits.redirects + 1:
        try:
            answer = _request_once(visit, seen[-1])
        except SourceError as error:
            if len(seen) > 1:
                error.message = f"redirects to {seen[-1]}, which {error.message}"
            raise
        if isinstance(answer, Page):
            return answer
        if answer in seen:
            raise FetchError(f"redirects in a loop, back to {answer}")
        seen.append(answer)
    raise FetchError(f"redirects more than {visit.limits.redirects} times")


def _request_once(visit: _FetchState, url: str) -> Page | str:
    """The page, or the URL that the server redirects to."""
    import httpx

    try:
        with closing(_send_request(visit, httpx.URL(url))) as response:
            if response.status_code in _REDIRECT_STATUSES:
                return _redirect_target(url, response)
            return _page_from_response(visit, url, response)
    except httpx.HTTPError as error:
        _check_deadline(visit)  # when the time is up, that is why
        raise FetchError(_failure_reason(error, visit.limits)) from error


def _send_request(visit: _FetchState, url: "httpx.URL") -> "httpx.Response":
    """The answer of the first address that takes a connection, its body not yet read."""
    import httpx

    timeout = httpx.Timeout(visit.limits.read, connect=visit.limits.connect).as_dict()
    asked = {"Host": url.netloc.decode(), "Accept": _ACCEPT_HEADERS[visit.limits.kind]}
    headers = _REQUEST_HEADERS | asked | _conditional_headers(visit.kept, str(url))
    name = url.raw_host.decode().rstrip(".")
    also = {"timeout": timeout, "trace": visit.trace, "sni_hostname": name}
    failure: httpx.TransportError | None = None
    for address in visit.locate(url)[:3]:
        _check_deadline(visit)
        there = url.copy_with(host=address)
        request = httpx.Request("GET", there, headers=headers, extensions=also)
        try:
            return visit.transport.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
    raise failure or FetchError("names a host without an address")


def _conditional_headers(kept: Page | None, url: str) -> dict[str, str]:
    """The validators of the kept page, for the one URL that gave them."""
    if kept is None or kept.url != url:
        return {}
    named = (("If-None-Match", kept.etag), ("If-Modified-Since", kept.last_modified))
    return {name: value for name, value in named if value}


def _redirect_target(url: str, response: "httpx.Response") -> str:
    place = response.headers.get("location", "")
    try:
        return normalise_url(urljoin(url, place))
    except ValueError:
        raise FetchError("redirects to no valid URL") from None
    except FetchError as error:
        raise FetchError(f"redirects to {place[:200]}, which {error.message}") from None


def _page_from_response(visit: _FetchState, url: str, response: "httpx.Response") -> Page:
    if response.status_code == 304 and visit.kept and visit.kept.url == url:
        return visit.kept
    if response.status_code != 200:
        raise _status_error(response)
    said = response.headers.get("content-type", "")
    kind = said.partition(";")[0].strip().lower()
    if not _READABLE_TYPES[visit.limits.kind].match(kind):
        raise ExtractionError(f"is {kind[:60]}, not text")
    charset = _CONTENT_TYPE_CHARSET.search(said)
    etag, modified = (_cache_validator(response, name) for name in ("etag", "last-modified"))
    return Page(url, _read_body(visit, response), kind, charset and charset[1], etag, modified)


def _status_error(response: "httpx.Response") -> FetchError:
    """The status in words, and how long the server asks to be left alone."""
    wait = response.headers.get("retry-after", "").strip()
    return FetchError(
        f"answered {response.status_code} {response.reason_phrase[:60]}".rstrip(),
        status=response.status_code,
        retry_after=float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None,
    )


def _cache_validator(response: "httpx.Response", name: str) -> str | None:
    value: str = response.headers.get(name, "")
    return value if value and value.isascii() and value.isprintable() else None


def _read_body(visit: _FetchState, response: "httpx.Response") -> bytes:
    """The body, unpacked no further than the limit. Raises FetchError for a partial one."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"is packed as {packing[:20]!r}, which was not asked for")
    gzip = zlib.decompressobj(31) if packing != "identity" else None
    body, limit = bytearray(), visit.limits.size
    try:
        for piece in response.iter_raw():
            _check_deadline(visit)
            body += gzip.decompress(piece, limit + 1 - len(body)) if gzip else piece
            if len(body) > limit:
                raise FetchError(f"is larger than {limit / 1e6:g} MB")
        _check_deadline(visit)  # a socket that was shut looks like the end
    except zlib.error:
        raise FetchError("sent damaged gzip data") from None
    if gzip and body and not gzip.eof:
        raise FetchError(f"was cut short after {len(body)} bytes unpacked")
    return bytes(body)


def _check_deadline(visit: _FetchState) -> None:
    if monotonic() >= visit.until:
        raise FetchError(f"took longer than {visit.limits.total:g} s")


def _failure_reason(error: "httpx.HTTPError", limits: FetchLimits) -> str:
    import httpx

    detail = _ERROR_NOISE.sub("", " ".join(str(error).split()))[:200]
    words = (
        (httpx.ConnectTimeout, f"accepts no connection within {limits.connect:g} s"),
        (httpx.ConnectError, f"cannot be reached: {detail}"),
        (httpx.TimeoutException, f"sent nothing for {limits.read:g} s"),
    )
    known = (text for kind, text in words if isinstance(error, kind))
    return next(known, f"was cut short or garbled: {detail}")
