"""A feed is read whatever it is; what it says is text, and what it gets wrong is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import FeedError
from summarizer.sources.feeds import (
    MAX_FEED_ENTRIES,
    Entry,
    Listing,
    canonical_url,
    parse_timestamp,
    read_feed,
)
from tests.feedserver import Item, atom, rss

NOW = datetime(2025, 11, 26, 6, tzinfo=UTC)
URL = "https://news.example/feeds/world.xml"
TALKS = "The minister said on Monday that talks would go on."


def read(content: bytes | str) -> Listing:
    return read_feed(content if isinstance(content, bytes) else content.encode(), URL, now=NOW)


def only(content: bytes | str) -> Entry:
    (entry,) = read(content).entries
    return entry


def channel(inside: str) -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{inside}</channel></rss>'
    )


def test_rss_atom_rdf_and_json_say_the_same() -> None:
    item = Item("7", "Talks go on", f"<p>{TALKS}</p>", "https://news.example/a")
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>The Feed</title></channel>"
        f'<item rdf:about="7"><title>Talks go on</title><link>{item.link}</link>'
        f"<description>{TALKS}</description><dc:date>2025-11-25T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Feed",
        "items": [
            {"id": "7", "url": item.link, "title": "Talks go on", "content_html": item.text,
             "date_published": "2025-11-25T10:00:00Z"}
        ],
    }  # fmt: skip
    forms = [
        rss(item),
        atom(item._replace(date="2025-11-25T10:00:00Z")),
        rdf.encode(),
        json.dumps(feed).encode(),
    ]
    for form in forms:
        listing = read(form)
        (entry,) = listing.entries
        assert (listing.title, listing.problems) == ("The Feed", ())
        assert entry.url == item.link
        assert (entry.title, entry.text) == ("Talks go on", TALKS)
        assert entry.published == datetime(2025, 11, 25, 10, tzinfo=UTC)
        assert entry.id.endswith("7")


def test_markup_becomes_paragraphs_and_scripts_nothing() -> None:
    text = "<h2>Talks</h2><p>One &amp; <b>two</b>.<br>Three.</p><script>alert(1)</script><p>Four."
    assert only(rss(Item("1", "T", text))).text == "Talks\nOne & two.\nThree.\nFour."


def test_a_title_is_one_line_of_text() -> None:
    title = "<script>alert(1)</script>A <b>bold</b>\n title &amp; more"
    assert only(rss(Item("1", title, "x"))).title == "A bold title & more"
    assert len(only(rss(Item("1", "long " * 5000, "x"))).title or "") <= 500


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/b",
             "http://user:pass@a.example/", "http://a.example:22/", "http://", "mailto:a@b.c"]
)  # fmt: skip
def test_a_link_that_is_no_page_is_none(link: str) -> None:
    assert only(rss(Item("1", "T", TALKS, link))).url is None


def test_a_relative_link_is_of_the_feed() -> None:
    assert only(rss(Item("1", "T", TALKS, "../a?b=1"))).url == "https://news.example/a?b=1"


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 25 Nov 2099 10:00:00 GMT",
             "99999999999999999", "0000-00-00", "Tue, 31 Feb 2025 99:99:99 GMT"]
)  # fmt: skip
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    assert only(rss(Item("1", "T", TALKS, date=date))).published is None


def test_a_date_keeps_the_day_that_it_names() -> None:
    late = only(rss(Item("1", "T", TALKS, date="Mon, 24 Nov 2025 23:30:00 -0500")))
    assert late.published is not None
    assert late.published.date().isoformat() == "2025-11-24"


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("25 Nov 2025", "2025-11-25"),
        ("2025-11-25 10:00:00 +0000", "2025-11-25"),
        ("2025/11/25", "2025-11-25"),
        ("Tue, 25 November 2025 10:00 EST", "2025-11-25"),
        ("2025年11月25日 10:00:00", None),  # feedparser takes it for the first of the month
    ],
)
def test_a_date_in_another_form_is_right_or_none(date: str, day: str | None) -> None:
    found = only(rss(Item("1", "T", TALKS, date=date))).published
    assert (found and found.date().isoformat()) == day


def test_broken_xml_gives_what_can_be_read_and_says_so() -> None:
    whole = rss(*(Item(str(n), f"Title {n}", TALKS) for n in range(5))).decode()
    listing = read(whole[: whole.index("Title 3")].replace("talks", "talks & <b>more"))
    assert [entry.title for entry in listing.entries][:3] == ["Title 0", "Title 1", "Title 2"]
    assert "broken XML" in listing.problems[0]


def test_an_entity_bomb_does_not_go_off() -> None:
    rows = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY b0 "boom">{rows}]>'
    inside = f"<item><title>&b11;</title><description>{TALKS}</description></item>"
    text = f'<?xml version="1.0"?>{bomb}{channel(inside).partition("?>")[2]}'
    for encoding in ("utf-8", "utf-16", "utf-32"):
        listing = read(text.encode(encoding))
        assert [(entry.title, entry.text) for entry in listing.entries] == [("&b11;", TALKS)]
        assert "declares entities of its own" in listing.problems[0]


def test_a_foreign_entity_is_not_fetched() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    inside = f"<item><title>&f;</title><description>{TALKS}</description></item>"
    listing = read(head + channel(inside).partition("?>")[2])
    assert all("root:" not in f"{entry.title}{entry.text}" for entry in listing.entries)


def test_entries_that_say_nothing_are_counted() -> None:
    listing = read(channel(f"<item><author>a</author></item><item><title>{TALKS}</title></item>"))
    assert [entry.title for entry in listing.entries] == [TALKS]
    assert listing.problems == ("1 of 2 entries are empty",)


def test_an_id_of_several_entries_identifies_none() -> None:
    items = [Item("same", f"Title {n}", TALKS, f"https://a.example/{n}") for n in range(3)]
    assert [entry.id for entry in read(rss(*items)).entries] == ["", "", ""]
    keys = [entry.keys for entry in read(rss(*items)).entries]
    assert len(set(keys)) == 3


def test_a_link_of_several_entries_is_not_their_page() -> None:
    items = [Item(str(n), f"Title {n}", TALKS, "https://a.example/") for n in range(3)]
    entries = read(rss(*items)).entries
    assert all(entry.shared for entry in entries)
    assert len({key for entry in entries for key in entry.keys}) == 3


def test_the_same_entry_twice_is_one() -> None:
    item = Item("1", "Title", TALKS, "https://a.example/1")
    (entry,) = read(rss(item, item)).entries
    assert (entry.id.endswith("1"), entry.shared) == (True, False)


def test_of_a_long_feed_the_newest_are_read() -> None:
    items = [
        Item(str(n), f"Title {n}", TALKS, date=f"{2000 + n // 28}-01-{1 + n % 28:02}")
        for n in range(MAX_FEED_ENTRIES + 50)
    ]
    listing = read(rss(*items))
    assert [entry.title for entry in listing.entries] == [
        f"Title {n}" for n in range(50, MAX_FEED_ENTRIES + 50)
    ]
    assert listing.problems == (
        f"holds {MAX_FEED_ENTRIES + 50} entries; only the newest {MAX_FEED_ENTRIES} are read",
    )


def test_what_was_appended_to_the_article_is_cut() -> None:
    text = f"<p>{TALKS}</p><p>The post Talks go on appeared first on The Daily.</p>"
    assert only(rss(Item("1", "T", text))).text == TALKS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\0" * 100, "is no feed"),
        (b"just words", "is no feed"),
        (b'{"a": 1}', "it has no items"),
        (b'{"items": [', "is no JSON"),
        (b"{" * 100_000, "is no JSON"),
        (b"<!doctype html><html><body>Hello", "is a web page, not a feed"),
        (b"<?xml version='1.0'?><note>hi</note>", "is no feed"),
    ],
)
def test_no_feed(content: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why):
        read(content)


def test_a_page_says_where_its_feed_is() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed?a=1&amp;b=2">'
    with pytest.raises(FeedError) as caught:
        read(f"<!DOCTYPE html><html><head>{link}")
    assert caught.value.hint == "its feed is https://news.example/feed?a=1&b=2"


def test_json_that_is_odd_is_survived() -> None:
    items: list[object] = [
        1, None, {"id": True}, {"id": 5, "title": ["x"], "content_text": "Text\nmore < less"},
        {"id": {}, "url": 7, "title": "\ud800 odd", "summary": TALKS, "date_published": 3},
    ]  # fmt: skip
    listing = read(json.dumps({"items": items}))
    assert [(entry.id, entry.title, entry.text) for entry in listing.entries] == [
        ("5", None, "Text\nmore < less"),
        ("", "? odd", TALKS),
    ]
    assert "2 items that are no objects" in listing.problems[0]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_refused(content: bytes) -> None:
    try:
        listing = read(content)
    except FeedError:
        return
    assert all(entry.title or entry.text for entry in listing.entries)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_in_an_entry_are_text_without_markup(title: str, text: str) -> None:
    listing = read(json.dumps({"items": [{"title": title, "content_html": text}]}))
    for entry in listing.entries:
        f"{entry.title}{entry.text}".encode()
        assert "\n" not in (entry.title or "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.example/b", "https://a.example/b/"),
        ("https://a.example/b?utm_source=rss&id=1", "https://A.example/b?id=1#top"),
        ("https://a.example/b?fbclid=x", "https://a.example/b"),
    ],
)
def test_links_that_differ_in_nothing_that_matters(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


def test_links_that_name_different_articles() -> None:
    assert canonical_url("https://a.example/?p=1") != canonical_url("https://a.example/?p=2")
    assert canonical_url("http://[broken") == "http://[broken"


def test_a_time_without_an_offset_is_in_utc() -> None:
    assert parse_timestamp("2025-11-25T10:00:00", NOW) == datetime(2025, 11, 25, 10, tzinfo=UTC)
    assert parse_timestamp("Tue, 25 Nov 2025 10:00:00 -0000", NOW) == datetime(
        2025, 11, 25, 10, tzinfo=UTC
    )


def test_a_time_in_the_wrong_zone_counts_as_now_and_a_later_one_is_none() -> None:
    def ahead(hours: int) -> datetime | None:
        return parse_timestamp((NOW + timedelta(hours=hours)).isoformat(), NOW)

    assert ahead(-1) == NOW - timedelta(hours=1)
    assert ahead(9) == NOW
    assert ahead(30) is None


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (TALKS * 25, True),
        (TALKS, False),
        (TALKS * 25 + " …", False),
        (TALKS * 25 + " [...]", False),
        (TALKS * 25 + "\nContinue reading →", False),
        (TALKS * 25 + " He had read more.", True),
    ],
)
def test_a_teaser_is_told_from_an_article(text: str, whole: bool) -> None:
    assert Entry("1", text=text).whole is whole
