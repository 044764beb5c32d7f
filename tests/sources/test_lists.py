"""OPML and sitemaps are read as far as they go, and no entity of theirs is expanded."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import FeedError
from summarizer.sources.lists import read_opml, read_sitemap

NOW = datetime(2025, 11, 26, 6, tzinfo=UTC)


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{body}</body></opml>'.encode()


def sitemap(*rows: str, root: str = "urlset") -> bytes:
    return f'<?xml version="1.0"?><{root}>{"".join(rows)}</{root}>'.encode()


def test_feeds_of_all_groups_each_once() -> None:
    body = (
        '<outline text="News"><outline text="A" xmlUrl="https://a.example/f?a=1&amp;b=2"/>'
        '<outline text="B" XMLURL=" https://b.example/f "/></outline>'
        '<outline text="A again" xmlUrl="https://a.example/f?a=1&amp;b=2"/><outline text="empty"/>'
    )
    assert read_opml(opml(body)) == ("https://a.example/f?a=1&b=2", "https://b.example/f")


def test_a_bare_ampersand_is_mended() -> None:
    assert read_opml(opml('<outline xmlUrl="https://a.example/?a=1&b=2&#38;c=3" text="R&D"/>')) == (
        "https://a.example/?a=1&b=2&c=3",
    )


def test_what_comes_before_a_break_is_read() -> None:
    whole = opml('<outline xmlUrl="https://a.example/"/><outline xmlUrl="https://b.example/"/>')
    assert read_opml(whole[:-8]) == ("https://a.example/", "https://b.example/")


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "broken XML"),
        (b"not xml", "broken XML"),
        (b"\xff\xfe\x00", "broken XML"),
        (opml(""), "names no feed"),
        (BOMB + opml('<outline xmlUrl="&b;"/>').partition(b"?>")[2], "as entity bombs do"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "encoding"),
    ],
)
def test_no_outline(content: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        read_opml(content)
    with pytest.raises(FeedError):
        read_sitemap(content, NOW)


def test_a_sitemap_of_news() -> None:
    listing = read_sitemap(
        sitemap(
            "<url><loc>https://a.example/1</loc><lastmod>2025-11-26</lastmod><news:news>"
            "<news:publication><news:name>A</news:name></news:publication>"
            "<news:publication_date>2025-11-25T10:00:00+02:00</news:publication_date>"
            "<news:title>Talks &amp; more</news:title></news:news></url>",
            "<url><loc><![CDATA[ https://a.example/2?a=1&b=2 ]]></loc></url>",
            "<url><lastmod>2025-11-26</lastmod></url>",
        ),
        NOW,
    )
    first, second = listing.entries
    assert (first.url, first.title) == ("https://a.example/1", "Talks & more")
    assert first.published == datetime.fromisoformat("2025-11-25T10:00:00+02:00")
    assert (second.url, second.published) == ("https://a.example/2?a=1&b=2", None)
    assert not first.text
    assert not first.whole


def test_an_index_names_its_sitemaps_the_latest_first() -> None:
    rows = [
        f"<sitemap><loc>https://a.example/{n}</loc><lastmod>2025-11-{n:02}</lastmod></sitemap>"
        for n in (3, 9, 5)
    ]
    listing = read_sitemap(gzip.compress(sitemap(*rows, root="sitemapindex")), NOW)
    assert listing.sitemaps == tuple(f"https://a.example/{n}" for n in (9, 5, 3))


def test_a_damaged_or_huge_gzip_file_is_refused() -> None:
    with pytest.raises(FeedError, match="damaged gzip"):
        read_sitemap(gzip.compress(sitemap("<url/>"))[:-9], NOW)
    with pytest.raises(FeedError, match="larger than 50 MB"):
        read_sitemap(gzip.compress(bytes(51_000_000), 1), NOW)


def refusal(read: Callable[[bytes], object], content: bytes) -> str:
    """Why it is refused; nothing if it is read."""
    try:
        read(content)
    except FeedError as refused:
        return str(refused)
    return ""


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes) -> None:
    told = [refusal(read_opml, content), refusal(lambda data: read_sitemap(data, NOW), content)]
    assert all(len(why.splitlines()) <= 1 for why in told)
