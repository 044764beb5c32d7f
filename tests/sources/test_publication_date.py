from datetime import UTC, date, datetime

import pytest

from summarizer.sources.articles import Article, PublishedFrom
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.publication_date import infer_publication_dates
from tests.articles import article, seeds


def dated(*articles: Article) -> list[tuple[date | None, str | None]]:
    boilerplate = {each.id: find_boilerplate(each.text) for each in articles}
    return [(a.published, a.published_from) for a in infer_publication_dates(articles, boilerplate)]


def test_the_seeds() -> None:
    assert dated(*seeds()) == [
        (date(2025, 11, 17), "text"),  # its teaser is of that day
        (date(2025, 11, 14), "text"),
        (datetime.fromisoformat("2025-11-25T11:07"), "dateline"),
        (date(2025, 10, 30), "text"),
        (date(2025, 5, 12), "text"),  # the look-alike: half a year before the others
    ]


def test_the_pages_date_stays() -> None:
    page = article("On May 3, 2020 it rained.", published=date(2025, 1, 2))
    assert dated(page) == [(date(2025, 1, 2), "page")]


def test_a_dateline_goes_before_the_dates_in_the_text() -> None:
    text = "2025/11/25 11:07 KST\nThe law of November 30, 2025 was signed."
    assert dated(article(text)) == [(datetime.fromisoformat("2025-11-25T11:07"), "dateline")]


def test_the_latest_past_day_of_the_text_is_taken_and_a_planned_one_is_not() -> None:
    text = "It broke out on 3 May 2024, spread on 5 May 2024 and must end by 9 May 2024."
    assert dated(article(text)) == [(date(2024, 5, 5), "text")]


def test_a_day_without_a_year_is_of_the_year_that_the_collection_knows() -> None:
    known = article("It rained.", "known", published=date(2025, 1, 10))
    assert dated(known, article("It rained on December 28 in Kyiv."))[1] == (
        date(2024, 12, 28),
        "text",
    )


@pytest.mark.parametrize(
    "text",
    [
        "It rained on December 28.",
        "It rained on Monday.",
        "Battle of 1 July 1916.",
        "No date at all.",
    ],
)
def test_what_cannot_be_known_stays_unknown(text: str) -> None:
    assert dated(article(text)) == [(None, None)]


def test_a_day_in_figures_is_read_day_first_where_the_language_writes_it_so() -> None:
    spanish = "El puerto cerró el 09/05/2025 por la tormenta, según la autoridad portuaria."
    english = "The harbour closed on 09/05/2025 because of the storm, the authority said."
    assert dated(article(spanish, language="es")) == [(date(2025, 5, 9), "text")]
    assert dated(article(english)) == [(None, None)]
    assert dated(article(english, language="und")) == [(None, None)]


def test_dates_of_foreign_teasers_do_not_count() -> None:
    own = "The council met on 3 May 2024 and adopted the budget of the city after a long debate."
    teaser = (
        "A glacier collapsed above a Swiss village on 9 June 2024, burying houses under ice, and "
        "experts warned that communities living below fragile ice in the Alps and in Asia face"
    )
    assert dated(article(f"{own}\n{own}\n{own}\n{teaser}")) == [(date(2024, 5, 3), "text")]


NEWS = "\nThe council of Telna met for nine hours and adopted the budget, its speaker said."


@pytest.mark.parametrize(
    "dateline",
    [
        "TELNA, 4 March 2026 - The council met.",
        "TELNA, 4 March 2026 (Wire) -- The council met.",
        "Telna Post, March 4, 2026",
        "Council adopts budget\nTelna Post, Mar. 4, 2026",
        "Posted on Wednesday, March 4, 2026",
        "Telna, 4. März 2026 – Der Rat hat getagt.",
        "TELNA, le 4 mars 2026 — Le conseil a siégé.",
        "TELNA, 4 de marzo de 2026 (Hilo) - El consejo se reunió.",
        "Telna, 4 marzo 2026 - Il consiglio si è riunito.",
        "Telna, 4 maart 2026 – De raad kwam bijeen.",
        "4 de março de 2026, Correio de Telna",
        "ТЕЛЬНА, 4 марта 2026 г. — Совет заседал.",
        "ТЕЛЬНА, 4 березня 2026 – Рада засідала.",
        "特尔纳，2026年3月4日 — 议会开会了。",
        "텔나, 2026년 3월 4일 — 의회가 열렸다.",
    ],
)
def test_datelines_are_read_in_every_language_of_the_calendar(dateline: str) -> None:
    assert dated(article(dateline + NEWS)) == [(date(2026, 3, 4), "dateline")]


@pytest.mark.parametrize(
    "text",
    [
        "On 4 March 2026 - a Wednesday - the council met." + NEWS,
        "The council met on 4 March 2026." + NEWS,
        f"Council adopts budget{NEWS}\nIda Falk, 4 March 2026",
    ],
)
def test_a_day_in_a_sentence_or_behind_the_first_paragraph_is_no_dateline(text: str) -> None:
    assert dated(article(text)) == [(date(2026, 3, 4), "text")]


def test_the_time_of_a_dateline_is_kept() -> None:
    def published(line: str) -> str:
        (day, _), *_ = dated(article(line + NEWS))
        return day.isoformat() if day else ""

    assert published("2026/03/04 11:07 KST") == "2026-03-04T11:07:00"
    assert published("March 4, 2026 2:30 PM GMT") == "2026-03-04T14:30:00+00:00"


def test_a_dateline_goes_before_url_and_page_but_not_before_a_source_that_states_its_day() -> None:
    text = "TELNA, 4 March 2026 - The council met." + NEWS
    day = date(2026, 3, 9)
    weaker: tuple[PublishedFrom, ...] = ("url", "visible")
    for source in weaker:
        known = article(text, published=day, published_from=source)
        assert dated(known) == [(date(2026, 3, 4), "dateline")]
    stronger: tuple[PublishedFrom, ...] = ("page", "feed", "mail")
    for source in stronger:
        known = article(text, published=day, published_from=source)
        assert dated(known) == [(day, source)]


def test_a_dateline_confirms_an_estimate_and_is_not_believed_against_it() -> None:
    text = "TELNA, 4 March 2026 - The council met." + NEWS
    near = article(text, published=date(2026, 3, 5), published_from="estimate")
    far = article(text, published=date(2026, 9, 5), published_from="estimate")
    assert dated(near, far) == [
        (date(2026, 3, 4), "dateline"),
        (date(2026, 9, 5), "estimate"),
    ]


def test_a_dateline_without_a_year_is_no_date_if_only_its_text_names_one() -> None:
    text = "OSTBY, Nov. 24 (Reuters) - The dam of 3 May 2015 broke." + NEWS
    assert dated(article(text)) == [(date(2015, 5, 3), "text")]
    known = article("It rained.", "known", published=date(2026, 11, 25))
    assert dated(known, article(text))[1] == (date(2026, 11, 24), "dateline")


NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_a_date_after_now_is_marked_and_replaced_by_a_dateline() -> None:
    ahead = article("It rained.", published=date(2026, 3, 9))
    told = article("TELNA, 4 March 2026 - It rained." + NEWS, published=date(2026, 3, 9))
    today = article("It rained there.", published=datetime(2026, 3, 4, 22, tzinfo=UTC))
    planned = article("TELNA, 4 May 2026 - It rained." + NEWS)
    articles = [ahead, told, today, planned]
    boilerplate = {each.id: find_boilerplate(each.text) for each in articles}
    found = infer_publication_dates(articles, boilerplate, NOW)
    assert [(a.exact_date, a.published_from) for a in found] == [
        (None, "future"),
        (date(2026, 3, 4), "dateline"),
        (date(2026, 3, 4), "page"),
        (None, None),
    ]
