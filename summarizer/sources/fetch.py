"""A URL -> its page: bounded in time, size and redirects, and never from a private network.

asked URL
| normalise   http(s), no user information, a port where pages are served
| locate      the host's addresses, every one of them public, unless private ones are allowed
| ask         the very address that was checked, under the host's name; a redirect starts anew
| receive     unpacked here, so that neither length nor gzip can exceed the limit
-> Page, kept for a conditional request next time
"""

import ipaddress
import re
import socket
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin

from summarizer import __version__
from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources.pages import Page, PageCache, Pages

if TYPE_CHECKING:
    import httpx

__all__ = ["Limits", "Page", "PageCache", "fetch", "is_public", "normalise", "resolve"]

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> its addresses in numbers; raises OSError when it has none."""

_HEADERS = {
    "User-Agent": f"summarizer/{__version__} (reads pages its user names; cites and links them)",
    "Accept-Encoding": "gzip",
    "Connection": "close",  # by address, a kept one would serve another host unchecked
}

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPTED = {
    "page": "text/html, text/*;q=0.9",
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5",
}
_READABLE = {
    "page": re.compile(r"text/|application/(xhtml\+)?xml\b|$"),
    "feed": re.compile(r"(?!image/|audio/|video/|font/|application/pdf\b)"),
}
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_NOISE = re.compile(r"^\[[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)")
_HOST = re.compile(r"(?=.{1,254}\Z)(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|[0-9a-f:.]+", re.ASCII)
_IPV6_PUBLIC = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOUD = ipaddress.ip_address("168.63.129.16")  # a data centre's own service, publicly numbered


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two reads and in all; bytes unpacked; redirects followed; and
    what is asked for: a feed comes under any media type, and rarely under its own."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 10_000_000
    redirects: int = 5
    kind: Literal["page", "feed"] = "page"


_LIMITS = Limits()


def normalise(url: str) -> str:
    """The URL as it is asked: without fragment, its host in ASCII.

    Raises FetchError for what is no http(s) URL, or one with user information or an odd port.
    """
    import httpx

    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise FetchError("is not a valid URL", subject=url[:200]) from None
    if wrong := _wrong(parsed):
        raise FetchError(wrong, subject=url[:200])
    return str(parsed)


def _wrong(url: "httpx.URL") -> str:
    """Why this URL is not asked; empty if it is."""
    if url.scheme not in ("http", "https"):
        return f"has the scheme {url.scheme!r}; only http and https are read"
    if url.userinfo:
        return "carries a user name or password"
    if not _HOST.fullmatch(url.raw_host.decode("ascii")):
        return "names no valid host"
    if url.port is not None and url.port not in (80, 443) and not 1024 <= url.port <= 65535:
        return f"asks port {url.port}, where no pages are served"
    return ""


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the open internet, the IPv4 one inside it included."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)
        if inner or parsed not in _IPV6_PUBLIC:
            return inner is not None and is_public(str(inner))
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed == _CLOUD)


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of ``host`` that the system's resolver knows."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _locate(url: "httpx.URL", *, resolver: Resolve, allow_private: bool) -> Sequence[str]:
    """The checked addresses of the host: one that is not public refuses them all, since the
    answers to one name are of one owner."""
    host = url.raw_host.decode("ascii").rstrip(".")
    try:
        addresses = _numeric(host) or resolver(host, url.port or 443)
    except (OSError, UnicodeError):
        raise FetchError(f"the host {host} is not known") from None
    for address in addresses if not allow_private else ():
        if not is_public(address):
            why = f"leads into a private network ({host} is {address})"
            raise FetchError(why, hint="--allow-private reads it all the same")
    return addresses


def _numeric(host: str) -> Sequence[str]:
    """The address that the host spells, in any way a browser takes: ``0x7f.1``, ``2130706433``."""
    with suppress(ValueError):
        return [str(ipaddress.IPv6Address(host))]
    with suppress(OSError):
        return [socket.inet_ntoa(socket.inet_aton(host))]
    return []


@dataclass(frozen=True, slots=True)
class _Visit:
    """What stays the same through the redirects of one fetch."""

    transport: "httpx.BaseTransport"
    locate: Callable[["httpx.URL"], Sequence[str]]
    limits: Limits
    kept: Page | None
    trace: Callable[[str, dict[str, Any]], None]
    until: float


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: Limits = _LIMITS,
    pages: Pages | None = None,
    resolver: Resolve = resolve,
    transport: "httpx.BaseTransport | None" = None,
) -> Page:
    """The page at ``url``. With ``pages`` it is sent anew only if it changed, and is kept.

    No cookies, and no proxy from the environment: a proxy would look the name up again and so
    undo the check of its address. ``transport`` is closed at the end. Raises FetchError, or
    ExtractionError for what is no text.
    """
    import httpx

    asked = normalise(url)
    kept = pages.load(asked) if pages else None
    until = monotonic() + limits.total
    locate = partial(_locate, resolver=resolver, allow_private=allow_private)
    usual = transport or httpx.HTTPTransport(verify=_certificates(), trust_env=False)
    try:
        with usual as door, _cut_off(limits.total) as trace:
            page = _follow(_Visit(door, locate, limits, kept, trace, until), asked)
    except SourceError as error:
        error.subject = asked
        raise
    if pages and page.fetched == "network":
        pages.keep(asked, page)
    return page


@cache
def _certificates() -> Any:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


@contextmanager
def _cut_off(seconds: float) -> Iterator[Callable[[str, dict[str, Any]], None]]:
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


def _follow(visit: _Visit, asked: str) -> Page:
    seen = [asked]
    while len(seen) <= visit.limits.redirects + 1:
        try:
            answer = _hop(visit, seen[-1])
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


def _hop(visit: _Visit, url: str) -> Page | str:
    """The page, or the URL that the server redirects to."""
    import httpx

    try:
        with closing(_ask(visit, httpx.URL(url))) as response:
            if response.status_code in _REDIRECTS:
                return _target(url, response)
            return _page(visit, url, response)
    except httpx.HTTPError as error:
        _in_time(visit)  # when the time is up, that is why
        raise FetchError(_why(error, visit.limits)) from error


def _ask(visit: _Visit, url: "httpx.URL") -> "httpx.Response":
    """The answer of the first address that takes a connection, its body not yet read."""
    import httpx

    timeout = httpx.Timeout(visit.limits.read, connect=visit.limits.connect).as_dict()
    asked = {"Host": url.netloc.decode(), "Accept": _ACCEPTED[visit.limits.kind]}
    headers = _HEADERS | asked | _conditions(visit.kept, str(url))
    name = url.raw_host.decode().rstrip(".")
    also = {"timeout": timeout, "trace": visit.trace, "sni_hostname": name}
    failure: httpx.TransportError | None = None
    for address in visit.locate(url)[:3]:
        _in_time(visit)
        there = url.copy_with(host=address)
        request = httpx.Request("GET", there, headers=headers, extensions=also)
        try:
            return visit.transport.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
    raise failure or FetchError("names a host without an address")


def _conditions(kept: Page | None, url: str) -> dict[str, str]:
    """The validators of the kept page, for the one URL that gave them."""
    if kept is None or kept.url != url:
        return {}
    named = (("If-None-Match", kept.etag), ("If-Modified-Since", kept.last_modified))
    return {name: value for name, value in named if value}


def _target(url: str, response: "httpx.Response") -> str:
    place = response.headers.get("location", "")
    try:
        return normalise(urljoin(url, place))
    except ValueError:
        raise FetchError("redirects to no valid URL") from None
    except FetchError as error:
        raise FetchError(f"redirects to {place[:200]}, which {error.message}") from None


def _page(visit: _Visit, url: str, response: "httpx.Response") -> Page:
    if response.status_code == 304 and visit.kept and visit.kept.url == url:
        return visit.kept
    if response.status_code != 200:
        raise _refused(response)
    said = response.headers.get("content-type", "")
    kind = said.partition(";")[0].strip().lower()
    if not _READABLE[visit.limits.kind].match(kind):
        raise ExtractionError(f"is {kind[:60]}, not text")
    charset = _CHARSET.search(said)
    etag, modified = (_validator(response, name) for name in ("etag", "last-modified"))
    return Page(url, _receive(visit, response), kind, charset and charset[1], etag, modified)


def _refused(response: "httpx.Response") -> FetchError:
    """The status in words, and how long the server asks to be left alone."""
    wait = response.headers.get("retry-after", "").strip()
    return FetchError(
        f"answered {response.status_code} {response.reason_phrase[:60]}".rstrip(),
        status=response.status_code,
        retry_after=float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None,
    )


def _validator(response: "httpx.Response", name: str) -> str | None:
    value: str = response.headers.get(name, "")
    return value if value and value.isascii() and value.isprintable() else None


def _receive(visit: _Visit, response: "httpx.Response") -> bytes:
    """The body, unpacked no further than the limit. Raises FetchError for a partial one."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"is packed as {packing[:20]!r}, which was not asked for")
    gzip = zlib.decompressobj(31) if packing != "identity" else None
    body, limit = bytearray(), visit.limits.size
    try:
        for piece in response.iter_raw():
            _in_time(visit)
            body += gzip.decompress(piece, limit + 1 - len(body)) if gzip else piece
            if len(body) > limit:
                raise FetchError(f"is larger than {limit / 1e6:g} MB")
        _in_time(visit)  # a socket that was shut looks like the end
    except zlib.error:
        raise FetchError("sent damaged gzip data") from None
    if gzip and body and not gzip.eof:
        raise FetchError(f"was cut short after {len(body)} bytes unpacked")
    return bytes(body)


def _in_time(visit: _Visit) -> None:
    if monotonic() >= visit.until:
        raise FetchError(f"took longer than {visit.limits.total:g} s")


def _why(error: "httpx.HTTPError", limits: Limits) -> str:
    import httpx

    detail = _NOISE.sub("", " ".join(str(error).split()))[:200]
    words = (
        (httpx.ConnectTimeout, f"accepts no connection within {limits.connect:g} s"),
        (httpx.ConnectError, f"cannot be reached: {detail}"),
        (httpx.TimeoutException, f"sent nothing for {limits.read:g} s"),
    )
    known = (text for kind, text in words if isinstance(error, kind))
    return next(known, f"was cut short or garbled: {detail}")
