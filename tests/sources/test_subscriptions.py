"""What is new in each place, once; what fails is told, and tried again where that may help."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from summarizer.errors import SourceError
from summarizer.sources.fetch import Page, fetch
from summarizer.sources.source_state import SourceKind, SourceReading, SourceState, SubscribedSource
from summarizer.sources.subscriptions import expand_sources, list_sources, read_sources
from tests.feedserver import Item, Route, Site, page, rss, serve

NOW = datetime(2025, 11, 26, 6, tzinfo=UTC)
SINCE = date(2025, 11, 20)
LONG = "<p>The minister said on Monday that talks would go on in Geneva.</p>" * 20
TEASER = "The minister said on Monday that talks would go on in Geneva, and that. " * 4
ARTICLE = page("Two", TEASER, "More was said later.")


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({}) as running:
        yield running


def feed(site: Site, path: str = "/feed", kind: SourceKind = "feed") -> SubscribedSource:
    return SubscribedSource(kind, site.url(path))


def once(
    place: SubscribedSource,
    state: SourceState = SourceState(),  # noqa: B008
    now: datetime = NOW,
) -> SourceReading:
    (reading,) = read_sources([(place, state)], now=now, since=SINCE, allow_private=True)
    assert SourceState.from_json(reading.state.to_json()) == reading.state
    return reading


def titles(reading: SourceReading) -> list[str | None]:
    return [article.title for article in reading.articles]


def item(number: int, **changes: object) -> Item:
    given = Item(str(number), f"Title {number}", f"<p>{number}.</p>{LONG}", f"/{number}")
    return given._replace(**changes)  # type: ignore[arg-type]


def test_an_entry_is_given_once(site: Site) -> None:
    site.routes["/feed"] = rss(item(1), item(2))
    first = once(feed(site))
    assert titles(first) == ["Title 1", "Title 2"]
    assert {(a.publisher, a.published) for a in first.articles} == {
        ("The Feed", datetime(2025, 11, 25, 10, tzinfo=UTC))
    }
    assert first.articles[0].url == site.url("/1")
    assert (first.entries, first.old, first.unchanged, first.stale) == (2, 0, False, False)
    assert once(feed(site), first.state).unchanged
    site.routes["/feed"] = rss(item(3), item(1), item(2))
    second = once(feed(site), first.state)
    assert (titles(second), second.unchanged) == (["Title 3"], False)


def test_an_unchanged_feed_is_not_sent_again(site: Site) -> None:
    site.routes["/feed"] = Route(rss(item(1)), last_modified="Tue, 25 Nov 2025 10:00:00 GMT")
    state = once(feed(site)).state
    again = once(feed(site), state)
    assert (again.unchanged, again.articles, again.entries) == (True, (), 0)
    assert again.state.seen == state.seen
    sent = site.seen[-1][2]
    assert sent["If-None-Match"].startswith('"')
    assert sent["If-Modified-Since"] == "Tue, 25 Nov 2025 10:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_a_failure(site: Site) -> None:
    site.routes["/feed"] = Route(status=304)
    assert "304" in str(once(feed(site)).error)


def test_a_304_without_validators_keeps_those_there_are(site: Site) -> None:
    site.routes["/feed"] = rss(item(1))
    state = once(feed(site)).state
    site.routes["/feed"] = Route(status=304, validators=False)
    again = once(feed(site), state)
    assert (again.unchanged, again.state) == (True, state)


def test_a_server_without_validators_is_known_by_its_bytes(site: Site) -> None:
    site.routes["/feed"] = Route(rss(item(1)), validators=False)
    assert once(feed(site), once(feed(site)).state).unchanged


def test_a_reworded_entry_is_given_again(site: Site) -> None:
    site.routes["/feed"] = rss(item(1), item(2))
    state = once(feed(site)).state
    site.routes["/feed"] = rss(item(1), item(2, text=f"<p>2, corrected.</p>{LONG}"))
    again = once(feed(site), state)
    assert titles(again) == ["Title 2"]
    assert again.articles[0].url == site.url("/2")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "other"},
        {"id": ""},
        {"id": "other", "link": "/moved"},
        {"link": "/1?utm_source=feed"},
        {"text": f"<div> <p>1.</p>\n{LONG}</div>"},
    ],
)
def test_the_same_under_another_name_is_not_given_again(
    site: Site, changes: dict[str, str]
) -> None:
    site.routes["/feed"] = rss(item(1))
    state = once(feed(site)).state
    site.routes["/feed"] = rss(item(1, **changes))
    assert titles(once(feed(site), state)) == []


def test_two_reports_with_one_title_are_two(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, title="Morning news", text="Today.", link=""))
    state = once(feed(site)).state
    site.routes["/feed"] = rss(item(2, title="Morning news", text="Today.", link=""))
    assert titles(once(feed(site), state)) == ["Morning news"]


def test_a_teaser_leads_to_its_page(site: Site) -> None:
    site.routes |= {"/feed": rss(item(1, text="A teaser …", whole=False)), "/1": ARTICLE}
    (article,) = once(feed(site)).articles
    assert "More was said later." in article.text
    assert article.title == "Two"


def test_a_page_that_is_gone_leaves_its_teaser(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, text=TEASER, whole=False), item(2, text="Cut", whole=False))
    reading = once(feed(site))
    assert [article.text for article in reading.articles] == [TEASER.strip()]
    assert [str(problem) for problem in reading.problems] == [
        f"{site.url('/1')}: answered 404 Not Found; its teaser is read instead",
        f"{site.url('/2')}: answered 404 Not Found",
    ]
    assert once(feed(site), reading.state).unchanged, "what is gone for good is told once"


def test_a_page_that_is_down_is_tried_again(site: Site) -> None:
    site.routes |= {"/feed": rss(item(1, text=TEASER, whole=False)), "/1": Route(status=500)}
    reading = once(feed(site))
    assert (reading.articles, len(reading.problems), reading.unchanged) == ((), 1, False)
    site.routes["/1"] = ARTICLE
    assert titles(once(feed(site), reading.state, NOW + timedelta(hours=2))) == ["Two"]


@pytest.mark.parametrize("status", [401, 402, 403, 451, 503])
def test_a_blocked_page_is_tried_for_days_then_given_up(site: Site, status: int) -> None:
    site.routes |= {"/feed": rss(item(1, text="Cut", whole=False)), "/1": Route(status=status)}
    state, asked, told = SourceState(), [], []
    for hour in range(0, 24 * 7, 2):
        reading = once(feed(site), state, NOW + timedelta(hours=hour))
        asked.append(site.paths().count("/1"))
        told += [(each.title, each.first, each.given_up) for each in reading.unread]
        state = reading.state
    assert 6 <= asked[-1] <= 10, "with growing pauses"
    assert asked[0] < asked[1] < asked[-1] == asked[-12], "given up before the last day"
    assert told[0] == ("Title 1", True, False)
    assert told[-1] == ("Title 1", False, True)
    assert not any(first or given_up for _, first, given_up in told[1:-1])
    assert (state.entries_given_up, state.pending) == (1, ())


def test_what_waits_is_read_although_the_feed_does_not_list_it_any_more(site: Site) -> None:
    site.routes |= {"/feed": rss(item(1, text="Cut", whole=False)), "/1": Route(status=403)}
    state = once(feed(site)).state
    site.routes |= {"/feed": rss(item(2)), "/1": ARTICLE}
    again = once(feed(site), state, NOW + timedelta(days=1))
    assert sorted(map(str, titles(again))) == ["Title 2", "Two"]
    assert (again.state.pending, again.state.entries_read) == ((), 2)
    site.routes["/feed"] = rss(item(1, text="Cut", whole=False), item(2))
    assert titles(once(feed(site), again.state, NOW + timedelta(days=2))) == []


def test_a_blocked_page_has_its_teaser_read_at_once(site: Site) -> None:
    site.routes |= {"/feed": rss(item(1, text=TEASER, whole=False)), "/1": Route(status=403)}
    reading = once(feed(site))
    assert [article.text for article in reading.articles] == [TEASER.strip()]
    assert (reading.unread, reading.state.pending) == ((), ())


def test_a_source_that_keeps_failing_is_left_alone_for_a_while(site: Site) -> None:
    site.routes["/feed"] = Route(status=500)
    state = SourceState()
    for _ in range(5):
        reading = once(feed(site), state)
        state = reading.state
    assert site.paths() == ["/feed"] * 3
    assert "failed 3 times in a row, and is left alone until 26 Nov 07:00 UTC" in str(reading.error)
    site.routes["/feed"] = rss(item(1))
    well = once(feed(site), state, NOW + timedelta(hours=1))
    assert (titles(well), well.state.failures, well.state.retry) == (["Title 1"], 0, "")
    early = once(feed(site), state, NOW - timedelta(days=300))
    assert titles(early) == ["Title 1"], "a pause that a wrong clock has set does not last"


def test_what_is_too_old_is_counted_once(site: Site) -> None:
    old = item(2, date="Tue, 04 Nov 2025 10:00:00 GMT")
    site.routes["/feed"] = rss(item(1), old)
    first = once(feed(site))
    assert (titles(first), first.old) == (["Title 1"], 1)
    site.routes["/feed"] = rss(item(3), old)
    assert once(feed(site), first.state).old == 0


def test_an_entry_dated_in_the_future_is_counted_and_undated(site: Site) -> None:
    site.routes["/feed"] = rss(
        item(1, date="Fri, 28 Nov 2025 10:00:00 GMT"), item(2, date="Wed, 26 Nov 2025 13:00:00 GMT")
    )
    reading = once(feed(site))
    assert {a.title: a.exact_date for a in reading.articles} == {
        "Title 1": None,
        "Title 2": date(2025, 11, 26),
    }
    assert reading.future == 1


def test_an_old_page_under_a_fresh_entry_is_too_old(site: Site) -> None:
    site.routes["/feed"] = rss(item(1), item(2, text="<p>Teaser.</p>", link="/2"))
    site.routes["/2"] = page("Two", TEASER, TEASER, date="2019-05-03")
    first = once(feed(site))
    assert (titles(first), first.old, first.problems) == (["Title 1"], 1, ())
    site.routes["/feed"] = rss(item(1), item(2, text="<p>Teaser.</p>", link="/2"), item(3))
    again = once(feed(site), first.state)
    assert (titles(again), again.old) == (["Title 3"], 0)


def test_the_feed_dates_an_article_whose_page_does_not_state_its_day(site: Site) -> None:
    site.routes["/feed"] = rss(item(2, text="<p>Teaser.</p>", link="/2025/11/22/two"))
    shown = f"<h1>Talks in Geneva</h1><p>21 November 2025</p><p>{TEASER}</p><p>{TEASER}</p>"
    html = f"<html><head><title>Talks in Geneva</title></head><body>{shown}</body></html>"
    site.routes["/2025/11/22/two"] = Route(html.encode(), media="text/html")
    (told,) = once(feed(site)).articles
    assert (told.exact_date, told.published_from) == (date(2025, 11, 25), "feed")


def test_a_wrong_date_does_not_hide_an_entry(site: Site) -> None:
    dates = ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "soon"]
    site.routes["/feed"] = rss(*(item(n, date=each) for n, each in enumerate(dates)))
    reading = once(feed(site))
    assert len(reading.articles) == 3
    assert {article.published for article in reading.articles} == {None}


def test_an_entry_without_a_link_is_named_by_its_feed(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, link="", id="a b"), item(2, link="", id=""))
    urls = [article.url for article in once(feed(site)).articles]
    assert urls[0] == f"{site.url('/feed')}#a%20b"
    assert len(set(urls)) == 2


def test_an_entry_without_id_and_link_is_given_once(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, link="", id="", text="Short."))
    state = once(feed(site)).state
    site.routes["/feed"] = rss(*(item(n, link="", id="", text="Short.") for n in (2, 1)))
    assert titles(once(feed(site), state)) == ["Title 2"]


def test_ids_that_change_at_every_fetch_give_nothing_twice(site: Site) -> None:
    state = SourceState()
    given = []
    for run in range(3):
        items = [item(n, id=f"run-{run}-{n}", link=f"/{n}?session={run}") for n in (1, 2)]
        site.routes["/feed"] = rss(*items)
        reading = once(feed(site), state)
        given += titles(reading)
        state = reading.state
    assert given == ["Title 1", "Title 2"]


def test_a_feed_with_nothing_new_for_long_is_stale(site: Site) -> None:
    dates = [f"{day} Nov 2025 10:00:00 GMT" for day in ("24", "25")]
    site.routes["/feed"] = rss(*(item(n, date=each) for n, each in enumerate(dates)))
    state = once(feed(site)).state
    for days, stale in ((1, False), (4, False), (6, True)):
        assert once(feed(site), state, NOW + timedelta(days=days)).stale is stale


FAULTS = {
    "missing": (Route(status=404), "answered 404"),
    "loop": (Route(status=302, headers={"Location": "/loop"}), "redirects in a loop"),
    "empty": (Route(b""), "is empty"),
    "page": (Route(b"<html><body>Hello", media="text/html"), "is a web page"),
    "picture": (Route(b"\x89PNG\r\n", media="image/png"), "image/png"),
    "junk": (Route(b"\x00\x01\x02" * 100), "is no feed"),
    "large": (Route(rss(*(item(n) for n in range(3600)))), "is larger than 5 MB"),
    "bomb": (Route(bytes(100_000_000), packed=True), "is larger than 5 MB"),
    "cut": (Route(b"x", headers={"Content-Length": "5000"}), "cut short"),
    "odd": (Route(b"x", headers={"Content-Encoding": "br"}), "was not requested"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_feed_is_one_line(site: Site, name: str) -> None:
    route, why = FAULTS[name]
    site.routes[f"/{name}"] = route
    place = feed(site, f"/{name}")
    kept = SourceState(etag='"x"', seen={"a": "b"})
    reading = once(place, kept)
    assert isinstance(reading.error, SourceError)
    assert reading.error.subject.startswith(site.url(""))
    assert why in str(reading.error)
    assert (reading.articles, reading.state) == ((), replace(kept, failures=1))


def test_a_feed_that_drips_or_never_ends_is_left(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarizer.sources import lists

    monkeypatch.setattr(lists, "FEED_LIMITS", replace(lists.FEED_LIMITS, read=0.5, total=0.5))
    site.routes["/drip"] = Route(rss(item(1)), drip=0.1)
    site.routes["/endless"] = Route(b"<rss>" * 10_000, endless=True, validators=False)
    began = time.monotonic()
    readings = read_sources(
        [(feed(site, "/drip"), SourceState()), (feed(site, "/endless"), SourceState())],
        now=NOW, since=SINCE, allow_private=True,
    )  # fmt: skip
    assert all(reading.error for reading in readings)
    assert time.monotonic() - began < 5


def test_a_private_address_is_not_asked(site: Site) -> None:
    site.routes["/feed"] = rss(item(1))
    (reading,) = read_sources([(feed(site), SourceState())], now=NOW, since=SINCE)
    assert "private network" in str(reading.error)
    assert site.seen == []


def test_what_nobody_expected_is_a_failure_of_its_source(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, text="A teaser …", whole=False), item(2))

    def odd(url: str, **options: object) -> Page:
        if url.endswith(("/odd", "/1")):
            raise RuntimeError("a bug\nof ours")
        return fetch(url, **options)  # type: ignore[arg-type]

    wanted = [(feed(site, path), SourceState()) for path in ("/odd", "/feed")]
    first, second = read_sources(wanted, now=NOW, since=SINCE, allow_private=True, fetch=odd)
    assert str(first.error).endswith("/odd: could not be read (RuntimeError: a bug of ours)")
    assert (titles(second), len(second.problems)) == (["Title 2"], 1)


def test_readings_come_in_order_whatever_fails(site: Site) -> None:
    site.routes |= {"/slow": Route(rss(item(1)), delay=0.3), "/fast": rss(item(2))}
    places = [feed(site, "/slow"), feed(site, "/none"), feed(site, "/fast")]
    readings = list(
        read_sources([(p, SourceState()) for p in places], now=NOW, since=SINCE, allow_private=True)
    )
    assert [reading.source for reading in readings] == places
    assert [titles(reading) for reading in readings] == [["Title 1"], [], ["Title 2"]]


def test_many_feeds_are_read_side_by_side(site: Site) -> None:
    site.routes["/feed"] = Route(rss(item(1)), delay=0.3)
    wanted = [
        (SubscribedSource("feed", site.url("/feed", host=n)), SourceState()) for n in range(1, 41)
    ]
    began = time.monotonic()
    readings = list(read_sources(wanted, now=NOW, since=SINCE, allow_private=True, at_once=20))
    assert sum(len(reading.articles) for reading in readings) == 40
    assert time.monotonic() - began < 9, "40 waits of 0.3 s, 20 at a time"
    assert max(site.most.values()) == 1


def test_a_sitemap_leads_to_its_pages(site: Site) -> None:
    row = "<url><loc>{}</loc><lastmod>2025-11-{}</lastmod></url>"
    inner = f"<urlset>{row.format(site.url('/1'), 25)}{row.format(site.url('/2'), '01')}</urlset>"
    lists = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/in", "/no"))
    index = f"<sitemapindex>{lists}</sitemapindex>"
    site.routes |= {"/map": index.encode(), "/in": inner.encode(), "/1": ARTICLE, "/2": ARTICLE}
    reading = once(feed(site, "/map", "sitemap"))
    assert (titles(reading), reading.entries, reading.old) == (["Two"], 2, 1)
    assert [str(problem) for problem in reading.problems] == [
        f"{site.url('/no')}: answered 404 Not Found"
    ]
    assert titles(once(feed(site, "/map", "sitemap"), reading.state)) == []


def test_a_page_is_read_when_it_changed(site: Site) -> None:
    site.routes["/live"] = ARTICLE
    first = once(feed(site, "/live", "url"))
    assert titles(first) == ["Two"]
    assert once(feed(site, "/live", "url"), first.state).unchanged
    site.routes["/live"] = page(
        "Two", "The minister said on Monday that talks had ended. So be it."
    )
    assert titles(once(feed(site, "/live", "url"), first.state)) == ["Two"]


def test_a_folder_gives_its_new_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The minister said on Monday that talks would go on.")
    place = SubscribedSource("folder", str(tmp_path))
    first = once(place)
    assert [article.path for article in first.articles] == [str(tmp_path / "a.txt")]
    (tmp_path / "b.txt").write_text("The ambassador flew in on Tuesday, and nobody met her.")
    (tmp_path / "c.txt").write_bytes(b"%PDF-1.7")
    second = once(place, first.state)
    assert [article.path for article in second.articles] == [str(tmp_path / "b.txt")]
    assert len(second.problems) == 1
    assert "does not exist" in str(once(SubscribedSource("folder", str(tmp_path / "none"))).error)


def test_an_outline_stands_for_its_feeds(site: Site, tmp_path: Path) -> None:
    rows = [site.url("/1"), "https://b.example/f", "ftp://c.example/", site.url("/1")]
    body = "".join(f'<outline xmlUrl="{row}"/>' for row in rows)
    (tmp_path / "a.opml").write_text(f"<opml><body>{body}</body></opml>")
    site.routes["/b.opml"] = f"<opml>{body}</opml>".encode()
    outlines = [SubscribedSource("opml", str(tmp_path / "a.opml")), feed(site, "/b.opml", "opml")]
    other = SubscribedSource("folder", "x")
    found = list(expand_sources([other, *outlines, other], allow_private=True))
    places = [each for each in found if isinstance(each, SubscribedSource)]
    assert places == [other, feed(site, "/1"), SubscribedSource("feed", "https://b.example/f")]
    assert all("ftp" in str(each) for each in found if isinstance(each, SourceError))


@pytest.mark.parametrize("location", ["/none.opml", "/", "\0"])
def test_an_outline_that_cannot_be_read_is_one_line(location: str) -> None:
    (error,) = expand_sources([SubscribedSource("opml", location)])
    assert isinstance(error, SourceError)
    shown = location.replace("\0", " ")  # no control character reaches a terminal
    assert str(error).startswith(f"{shown}: cannot be read")


def test_looking_reads_no_entry(site: Site) -> None:
    site.routes["/feed"] = rss(item(1, text="A teaser …", whole=False, date=""), item(2))
    (reading,) = list_sources([feed(site)], now=NOW, allow_private=True)
    assert (reading.entries, reading.articles, site.paths()) == (2, (), ["/feed"])


DAMAGED: Sequence[str] = (
    "", "{", "[]", "null", '{"etag": 1}', '{"seen": [1]}', '{"seen": {"a": 1}}', '{"x": 1}',
    '{"pace": "fast"}', '{"newest": "2025-11-26T06:00:00"}', '{"newest": "never"}', "[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_state_is_an_empty_one(text: str) -> None:
    assert SourceState.from_json(text) == SourceState()


def test_a_state_does_not_grow_for_ever(site: Site) -> None:
    state = SourceState()
    for day in range(12):
        site.routes["/feed"] = rss(*(item(day * 50 + n, link="") for n in range(50)))
        state = once(feed(site), state).state
    assert len(state.seen) == 400
