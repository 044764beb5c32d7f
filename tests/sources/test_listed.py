"""Feeds, OPML files and sitemaps that are named as sources of one briefing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summarizer.api import read_sources
from summarizer.errors import FetchError
from summarizer.sources.articles import Article
from summarizer.sources.feeds import read_feed
from summarizer.sources.fetch import Page
from summarizer.sources.formats import detect_list
from summarizer.sources.robots import AGENT, RobotsFetch
from tests.feedserver import Item, Route, Site, page, rss, serve

NOW = datetime(2025, 11, 26, 6, tzinfo=UTC)
LONG = "<p>The port of Marlow closed its lock on Monday, the harbour master said.</p>" * 20
STORY = "The port of Marlow closed its eastern lock on Monday after an inspection. " * 4


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({}) as running:
        yield running


def _read(*sources: str, most: int = 20) -> list[str]:
    outcomes = read_sources(sources, allow_private=True, most=most, now=NOW)
    return [str(each.title) if isinstance(each, Article) else str(each) for each in outcomes]


def _item(number: int, *, day: int = 25, **changes: object) -> Item:
    date = f"{day} Nov 2025 10:00:00 GMT"
    given = Item(str(number), f"Title {number}", LONG, f"/{number}", date)
    return given._replace(**changes)  # type: ignore[arg-type]


def test_the_newest_entries_of_a_feed_are_read_and_the_others_counted(site: Site) -> None:
    site.routes["/feed"] = rss(*(_item(n, day=n + 1) for n in range(6)))
    assert _read(site.url("/feed"), most=2) == [
        "Title 4", "Title 5",
        f"{site.url('/feed')}: lists 6 articles; the newest 2 were read (--most N reads more)",
    ]  # fmt: skip
    assert len(_read(site.url("/feed"))) == 6


def test_a_feed_file_an_opml_file_and_a_sitemap_are_read(site: Site, tmp_path: Path) -> None:
    site.routes["/feed"] = rss(_item(1))
    site.routes["/story"] = page("Lock closed", STORY, "More.")
    (tmp_path / "feed.rss").write_bytes(rss(_item(2)))
    opml = f'<opml><body><outline xmlUrl="{site.url("/feed")}"/></body></opml>'
    (tmp_path / "feeds.opml").write_text(opml)
    site.routes["/map"] = Route(
        f"<urlset><url><loc>{site.url('/story')}</loc></url></urlset>".encode(), media="text/xml"
    )
    names = [str(tmp_path / "feed.rss"), str(tmp_path / "feeds.opml"), site.url("/map")]
    assert _read(*names) == ["Title 2", "Title 1", "Lock closed"]


def test_a_feed_in_a_folder_asks_for_no_page(site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]})
    )
    assert _read(str(tmp_path)) == [
        f"{tmp_path}/a.json: is a list of articles (name it itself, to read what it lists)"
    ]
    assert not site.seen


def test_an_entry_with_only_a_link_is_read_behind_it(site: Site) -> None:
    site.routes["/story"] = page("Lock closed", STORY, "More.")
    feed = f"<rss><channel><item><link>{site.url('/story')}</link></item></channel></rss>"
    site.routes["/feed"] = feed.encode()
    assert _read(site.url("/feed")) == ["Lock closed"]


def test_links_of_alerts_are_unwrapped_and_a_blank_line_before_the_declaration_is_no_fault() -> (
    None
):
    link = "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://m.example/a&amp;ct=ga"
    feed = (
        '\n<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        f'<title>Lock</title><link href="{link}"/></entry></feed>'
    )
    listing = read_feed(feed.encode(), "https://www.google.com/alerts/feeds/1/2", now=NOW)
    assert [entry.url for entry in listing.entries] == ["https://m.example/a"]
    assert listing.problems == ()


def test_a_page_that_robots_txt_excludes_is_not_asked_and_its_teaser_serves(site: Site) -> None:
    site.routes["/robots.txt"] = Route(b"User-agent: *\nDisallow: /private", media="text/plain")
    site.routes["/private/1"] = page("Lock closed", STORY)
    teaser = "The port of Marlow closed its lock on Monday."
    site.routes["/feed"] = rss(_item(1, link="/private/1", text=teaser, whole=False))
    title, problem = _read(site.url("/feed"))
    assert title == "Title 1"
    assert "excludes it; its teaser is read instead" in problem
    assert "/private/1" not in site.paths()


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        (200, f"User-agent: {AGENT}\nDisallow: /a*.pdf$\n\nUser-agent: *\nDisallow: /", True),
        (200, f"User-agent: {AGENT}\nDisallow: /a", False),
        (404, "", True), (503, "", False), (None, "", True),
    ],
)  # fmt: skip
def test_rules_of_a_host(status: int | None, body: str, allowed: bool) -> None:
    asked = []

    def fetch(url: str, **_: object) -> Page:
        asked.append(url)
        if url.endswith("/robots.txt") and status != 200:
            raise FetchError("answered", status=status)
        return Page(url, body.encode(), "text/plain")

    door = RobotsFetch(fetch)
    for _ in range(2):
        if allowed:
            assert door("https://m.example/a").url == "https://m.example/a"
        else:
            with pytest.raises(FetchError, match=r"robots\.txt"):
                door("https://m.example/a")
    assert asked.count("https://m.example/robots.txt") == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'\n<?xml version="1.0"?>\n<!-- a --><rss version="2.0">', "feed"),
        (b'\xef\xbb\xbf<feed xmlns="a">', "feed"), (b"<rdf:RDF>", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "feed"),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}', "feed"),
        (b"<OPML>", "opml"), (b"<urlset>", "sitemap"), (b"<sitemapindex >", "sitemap"),
        (b"<!doctype html><html>", None), (b"<feedback>", None), (b"a <rss>", None), (b"", None),
    ],
)  # fmt: skip
def test_lists_are_known_by_their_root(content: bytes, kind: str | None) -> None:
    assert detect_list(content) == kind


def test_a_feed_of_50000_entries_is_read_in_bounded_time(tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    items = "".join(
        f"<item><title>Title {n}</title><description>{STORY[:75]}</description></item>"
        for n in range(50_000)
    )
    file.write_text(f"<rss><channel>{items}</channel></rss>")
    outcomes = _read(str(file))
    assert len([each for each in outcomes if each.startswith("Title")]) == 20
    assert any("only the newest 200 are read" in each for each in outcomes)
