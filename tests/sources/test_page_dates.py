"""The day of a page: what its data states, unless the page shows its reader another one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.articles import PublishedFrom
from summarizer.sources.extract import ExtractedText, extract_page
from summarizer.sources.page_dates import parse_published, url_day

STORY = (
    "The council of Ostby voted for a new bridge over the Elling after a debate of nine hours. "
    "The bridge will cost 40 million euros, its treasurer said, and open in three years.\n"
)


def page(
    *, head: str = "", byline: str = "", story: str = STORY, end: str = "", url: str = ""
) -> ExtractedText:
    html = (
        f"<html><head><title>Ostby votes for a bridge</title>{head}</head><body>"
        f"<header>Ostby Post</header><article><h1>Ostby votes for a bridge</h1>{byline}"
        f"<p>{story}</p><p>{STORY}</p></article>{end}</body></html>"
    )
    return extract_page(html, url or None)


def dated(found: ExtractedText) -> tuple[date | None, PublishedFrom | None]:
    article = found.to_article(path="x")
    return article.day, article.published_from


STATED = '<meta property="article:published_time" content="2026-03-04T21:30:00+01:00">'


@pytest.mark.parametrize(
    "head",
    [
        STATED,
        '<meta name="DC.date.issued" content="2026-03-04">',
        '<meta itemprop="datePublished" content="20260304">',
        '<script type="application/ld+json">{"datePublished": "2026-03-04T08:00:00Z"}</script>',
        '<meta name="pubdate" content="Wed, 04 Mar 2026 08:00:00 GMT">',
        '<meta name="date" content="0001-01-01"><meta name="dc.date" content="2026-03-04">',
    ],
)
def test_the_day_is_read_wherever_the_page_states_it(head: str) -> None:
    assert dated(page(head=head)) == (date(2026, 3, 4), "page")


@pytest.mark.parametrize(
    "shown",
    ["4 March 2026", "March 4, 2026", "Mittwoch, 4. März 2026", "4 mars 2026", "4 de marzo de 2026",
     "4 marzo 2026", "4 maart 2026", "4 de março de 2026", "4 марта 2026", "4 березня 2026 року",
     "2026年3月4日", "2026년 3월 4일", "2026-03-04", "04.03.2026, 21:30"],
)  # fmt: skip
def test_the_day_beside_the_title_is_read_in_many_languages(shown: str) -> None:
    assert dated(page(byline=f"<p>Ida Falk | {shown}</p>")) == (date(2026, 3, 4), "visible")
    assert dated(page(head=STATED, byline=f"<p>{shown}</p>"))[1] == "page"


def test_a_machine_readable_time_counts_as_shown() -> None:
    ago = '<time datetime="2026-03-04T20:30:00Z">2 hours ago</time>'
    assert dated(page(byline=ago)) == (date(2026, 3, 4), "visible")


def test_data_that_the_page_contradicts_is_only_an_estimate() -> None:
    found = page(head=STATED, byline="<p>By Ida Falk</p><p>19 September 2026</p>")
    assert dated(found) == (date(2026, 9, 19), "estimate")
    assert found.to_article(path="x").exact_date is None


def test_the_day_in_the_url_decides_before_what_the_page_shows() -> None:
    url = "https://post.example/2026/03/05/bridge"
    assert dated(page(url=url)) == (date(2026, 3, 5), "url")
    assert dated(page(byline="<p>19 September 2026</p>", url=url)) == (date(2026, 3, 5), "url")
    assert dated(page(head=STATED, url=url)) == (date(2026, 3, 4), "page")


def test_days_of_which_the_story_tells_or_the_margins_are_not_that_of_the_page() -> None:
    story = f"On 3 May 2019 the council had said no. {STORY}"
    end = "<footer>Archive 1 January 2020</footer><aside>Most read, 2 January 2020</aside>"
    assert dated(page(head=STATED, story=story, end=end)) == (date(2026, 3, 4), "page")
    assert dated(page(story=story, end=end))[1] in (None, "estimate")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/03/04/x", date(2026, 3, 4)),
        ("https://a.example/home/2026/3/4/x", date(2026, 3, 4)),
        ("https://a.example/20260304-x", date(2026, 3, 4)),
        ("https://a.example/2026-03-04/2026/03/04", date(2026, 3, 4)),
        ("https://a.example/2026/03/x", None),
        ("https://a.example/2026/13/44/x", None),
        ("https://a.example/120260304", None),
        ("https://a.example/2025-01-01-to-2026-03-04", None),
        ("https://a.example/?day=2026-03-04", None),
        ("https://[broken/2026/03/04", None),
        (None, None),
    ],
)
def test_a_url_gives_a_day_if_its_path_holds_one(url: str | None, day: date | None) -> None:
    assert url_day(url) == day


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026/3/4", date(2026, 3, 4)),
        ("2026-03-04T09:00:00Z", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("2026-03-04 09:00", datetime.fromisoformat("2026-03-04T09:00")),
        ("2026-03-04T09:00:00.123+0000", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 09:00:00 GMT", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("04.03.2026", None),
        ("2026-13-40", None),
        ("2026-03-04T25:00:00Z", None),
        ("soon", None),
        (20260304, None),
        ("1970-01-01", None),
        ("", None),
    ],
)
def test_dates_are_read_as_written_or_not_at_all(
    value: object, published: date | datetime | None
) -> None:
    assert parse_published(value) == published


def test_the_zone_of_the_source_is_kept() -> None:
    written = "2026-03-05T00:20:00+09:00"
    published = parse_published(written)
    assert published is not None
    assert published.isoformat() == written


@given(st.text())
def test_anything_is_a_date_or_none(text: str) -> None:
    assert parse_published(text) is None or isinstance(parse_published(text), date)


@given(st.datetimes(timezones=st.just(UTC)).map(lambda when: when.replace(microsecond=0)))
def test_iso_times_are_read_back(when: datetime) -> None:
    if when.date() not in (date(1, 1, 1), date(1970, 1, 1)):
        assert parse_published(when.isoformat()) == when
