"""Pages come whole and bounded from public addresses, or not at all with one clear line."""

import gzip
import socket
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ExtractionError, FetchError, SourceError
from summarizer.sources.fetch import (
    FetchLimits,
    Page,
    PageCache,
    fetch,
    is_public_address,
    normalise_url,
)

BODY = b"<html><body><p>The minister said on Monday that talks would go on.</p></body></html>"
QUICK = FetchLimits(connect=2, read=2, total=4, size=100_000)


class _Site(BaseHTTPRequestHandler):
    """One path for each way in which a server answers."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        getattr(self, "get_" + self.path.strip("/").partition("/")[0])()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers = {"Content_Length": str(len(body)), "Content_Type": "text/html"} | headers
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def get_page(self) -> None:
        if self.headers["If-None-Match"] == '"v1"':
            self.answer(304)
        else:
            self.answer(200, BODY, ETag='"v1"', Content_Type="text/html; charset=koi8-r")

    def get_cookie(self) -> None:
        self.answer(302, Location="/page", Set_Cookie="session=1")

    def get_loop(self) -> None:
        self.answer(302, Location="/loop")

    def get_chain(self) -> None:
        self.answer(302, Location=self.path + "/x")

    def get_away(self) -> None:
        self.answer(302, Location="http://inside.example:8080/secret")

    def get_scheme(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def get_missing(self) -> None:
        self.answer(404)

    def get_rss(self) -> None:
        self.answer(200, b"<rss/>", Content_Type="application/rss+xml")

    def get_busy(self) -> None:
        self.answer(503, Retry_After="120")

    def get_pdf(self) -> None:
        self.answer(200, b"%PDF-1.7", Content_Type="application/pdf")

    def get_picture(self) -> None:
        self.answer(200, b"\x89PNG", Content_Type="image/png")

    def get_short(self) -> None:
        self.answer(200, BODY, Content_Length="5000")

    def get_large(self) -> None:
        self.answer(200, b"x" * 200_000)

    def get_gzip(self) -> None:
        self.answer(200, gzip.compress(BODY), Content_Encoding="gzip")

    def get_halfgzip(self) -> None:
        self.answer(200, gzip.compress(BODY * 50)[:-12], Content_Encoding="gzip")

    def get_badgzip(self) -> None:
        self.answer(200, b"no gzip at all", Content_Encoding="gzip")

    def get_bomb(self) -> None:
        self.answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def get_brotli(self) -> None:
        self.answer(200, b"x", Content_Encoding="br")

    def get_silent(self) -> None:
        time.sleep(3)

    def get_drip(self) -> None:
        self.trickle(b"X-Never-Ending: ")

    def get_slow(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
        self.trickle(b"<p>")

    def trickle(self, piece: bytes) -> None:
        try:
            self.wfile.write(b"HTTP/1.0 200 OK\r\n" if piece.startswith(b"X") else b"")
            for _ in range(100):
                self.wfile.write(piece)
                time.sleep(0.1)
        except OSError:
            return  # the client has gone

    def get_garbage(self) -> None:
        self.wfile.write(b"\0\1\2 not http\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Site)
        self.seen: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *_: Any) -> None:
        """A client that leaves early is part of the tests."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}/{path}"


@pytest.fixture
def site() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _names(**hosts: str) -> Any:
    """A resolver that knows ``name_example=address`` and nothing else."""

    def resolver(host: str, port: int) -> Sequence[str]:
        assert 0 < port < 65536
        if (key := host.replace(".", "_")) not in hosts:
            raise OSError(host)
        return hosts[key].split()

    return resolver


def _reason(url: str, **options: Any) -> str:
    with pytest.raises(SourceError) as refused:
        fetch(url, **{"limits": QUICK, **options})
    assert "\n" not in str(refused.value)
    assert refused.value.subject
    return refused.value.message


def test_a_page_comes_with_its_data_and_says_who_asks(site: _Server) -> None:
    page = fetch(site.url("page#part"), allow_private=True)
    assert page.served is not None
    expected = Page(site.url("page"), BODY, "text/html", "koi8-r", '"v1"', served=page.served)
    assert page == expected
    headers = site.seen[0][1]
    assert headers["User-Agent"].startswith("summarizer/")
    assert headers["Host"] == f"127.0.0.1:{site.server_port}"


def test_no_cookie_is_carried_over_a_redirect(site: _Server) -> None:
    page = fetch(site.url("cookie"), allow_private=True)
    assert page.url == site.url("page")
    assert "Cookie" not in site.seen[-1][1]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "answered 404 Not Found"),
        ("loop", "redirects in a loop, back to "),
        ("chain", "redirects more than 5 times"),
        ("scheme", "redirects to file:///etc/passwd, which has the scheme 'file'"),
        ("picture", "is image/png, not text"),
        ("short", "was cut short or garbled: "),
        ("large", "is larger than 0.1 MB"),
        ("halfgzip", "was cut short after "),
        ("badgzip", "sent damaged gzip data"),
        ("bomb", "is larger than 0.1 MB"),
        ("brotli", "is compressed as 'br', which was not requested"),
        ("silent", "sent nothing for 2 s"),
        ("garbage", "was cut short or garbled: "),
    ],
)
def test_each_failure_is_told_in_one_line(site: _Server, path: str, reason: str) -> None:
    assert _reason(site.url(path), allow_private=True).startswith(reason)


def test_a_page_that_is_no_text_is_an_extraction_error(site: _Server) -> None:
    with pytest.raises(ExtractionError):
        fetch(site.url("picture"), allow_private=True)


def test_a_document_and_a_feed_are_fetched_as_pages_are(site: _Server) -> None:
    assert fetch(site.url("pdf"), allow_private=True).content == b"%PDF-1.7"
    assert fetch(site.url("rss"), allow_private=True).content_type == "application/rss+xml"


@pytest.mark.parametrize("path", ["drip", "slow"])
def test_a_server_that_trickles_is_cut_off_in_time(site: _Server, path: str) -> None:
    begun = time.monotonic()
    limits = FetchLimits(read=1, total=1)
    assert _reason(site.url(path), allow_private=True, limits=limits) == "took longer than 1 s"
    assert time.monotonic() - begun < 3


def test_a_refused_connection_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    assert _reason(url, allow_private=True) == "cannot be reached: Connection refused"


def test_the_next_address_is_tried_when_one_refuses(site: _Server) -> None:
    resolver = _names(two_example="127.9.9.9 127.0.0.1")
    page = fetch(site.url("page", "two.example"), allow_private=True, resolver=resolver)
    assert page.content == BODY
    assert site.seen[0][1]["Host"] == f"two.example:{site.server_port}"


def test_gzip_is_unpacked(site: _Server) -> None:
    assert fetch(site.url("gzip"), allow_private=True).content == BODY


def test_an_unchanged_page_is_served_from_the_cache(site: _Server, tmp_path: Path) -> None:
    pages = PageCache(tmp_path / "pages")
    url = site.url("cookie")
    first = fetch(url, allow_private=True, pages=pages)
    again = fetch(url, allow_private=True, pages=pages)
    assert (first.fetched, again.fetched) == ("network", "cache")
    assert again.content == first.content == pages.body(url)
    conditional = [path for path, headers in site.seen if "If-None-Match" in headers]
    assert conditional == ["/page"]


def test_kept_pages_are_private_and_damaged_ones_count_as_absent(tmp_path: Path) -> None:
    pages, url = PageCache(tmp_path / "a" / "pages"), "http://example.org/"
    pages.store(url, Page(url, BODY, "text/html", None, '"v1"'))
    assert stat.S_IMODE(pages.folder.stat().st_mode) == 0o700
    (kept,) = pages.folder.iterdir()
    whole = kept.read_bytes()
    damages = [
        whole[:-1],
        b"",
        b"{}\n",
        whole.replace(b'"etag": "', b'"etag": 5, "x": "'),
        b"[" * 9999,
    ]
    for damage in damages:
        kept.write_bytes(damage)
        assert pages.load(url) is None
    kept.write_bytes(whole)
    assert pages.body(url) == BODY


def test_a_cache_that_cannot_be_written_stops_nothing(site: _Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pages = PageCache(tmp_path / "file" / "pages")
    assert fetch(site.url("page"), allow_private=True, pages=pages).content == BODY
    assert pages.body(site.url("page")) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "ff02::1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2001:db8::1", "2001:0:7f00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public_address(address)
    resolver = _names(inside_example="93.184.216.34 " + address)
    assert "private network" in _reason("http://inside.example/", resolver=resolver)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "127.1", "0x7f.1", "127.0.0.1.", "[::1]",
     "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "0"],
)  # fmt: skip
def test_odd_spellings_of_a_private_address_are_seen_through(host: str) -> None:
    assert "private network" in _reason(f"http://{host}/", resolver=_names())


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
def test_names_of_this_machine_are_refused(host: str) -> None:
    resolver = _names(localhost="127.0.0.1")
    assert "private network" in _reason(f"http://{host}/", resolver=resolver)


def test_a_redirect_into_a_private_network_is_refused() -> None:
    asked: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(302, headers={"Location": "http://inside.example/secret"})

    resolver = _names(news_example="93.184.216.34", inside_example="10.0.0.5")
    reason = _reason(
        "http://news.example/a", resolver=resolver, transport=httpx.MockTransport(server)
    )
    assert reason.startswith("redirects to http://inside.example/secret, which is in a private")
    assert [str(request.url) for request in asked] == ["http://93.184.216.34/a"]


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    asked: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(BODY))

    page = fetch(
        "https://news.example/a",
        resolver=lambda *_: [next(answers)],
        transport=httpx.MockTransport(server),
    )
    assert page.url == "https://news.example/a"
    assert asked[0].url.host == "93.184.216.34"
    assert asked[0].headers["Host"] == "news.example"
    assert asked[0].extensions["sni_hostname"] == "news.example"
    assert next(answers) == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a", "has the scheme 'ftp'; only http and https are read"),
        ("http://user:pw@example.org/", "carries a user name or password"),
        ("http://example.org:25/", "has port 25, which serves no pages"),
        ("http://example.org:0/", "has port 0, which serves no pages"),
        ("http://example.org:99999/", "has port 99999, which serves no pages"),
        ("http:///path", "names no valid host"),
        ("http://exa mple.org/", "names no valid host"),
        ("http://１２７.0.0.1/", "is not a valid URL"),
        ("http://" + "a" * 64 + ".org/", "names no valid host"),
        ("http://[::1", "is not a valid URL"),
        ("http://0177.0.0.1/", "is not a valid URL"),
    ],
)
def test_urls_that_are_not_asked(url: str, reason: str) -> None:
    assert _reason(url) == reason


def test_an_international_name_is_asked_in_ascii() -> None:
    assert normalise_url("HTTP://Bücher.example:80/ä#x") == "http://xn--bcher-kva.example/%C3%A4"


@given(st.text())
def test_any_text_is_a_url_or_a_fetch_error(text: str) -> None:
    for url in (text, "http://" + text, "http://example.org/" + text):
        try:
            once = normalise_url(url)
        except FetchError:
            continue
        assert normalise_url(once) == once


def test_a_feed_comes_under_any_media_type_but_those_without_text(site: _Server) -> None:
    feeds = FetchLimits(connect=2, read=2, total=4, kind="feed")
    assert fetch(site.url("rss"), allow_private=True, limits=feeds).content == b"<rss/>"
    assert "application/atom+xml" in site.seen[-1][1]["Accept"]
    with pytest.raises(ExtractionError, match="application/pdf, not text"):
        fetch(site.url("pdf"), allow_private=True, limits=feeds)


def test_a_refusal_tells_its_status_and_how_long_to_wait(site: _Server) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(site.url("busy"), allow_private=True, limits=QUICK)
    assert (caught.value.status, caught.value.retry_after) == (503, 120)
    with pytest.raises(FetchError) as caught:
        fetch(site.url("loop"), allow_private=True, limits=QUICK)
    assert caught.value.status is None
