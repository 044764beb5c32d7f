from datetime import date

import pytest

from summarizer.sources.articles import Article
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
        (date(2025, 11, 25), "dateline"),
        (date(2025, 10, 30), "text"),
        (date(2025, 5, 12), "text"),  # the look-alike: half a year before the others
    ]


def test_the_pages_date_stays() -> None:
    page = article("On May 3, 2020 it rained.", published=date(2025, 1, 2))
    assert dated(page) == [(date(2025, 1, 2), "page")]


def test_a_dateline_goes_before_the_dates_in_the_text() -> None:
    text = "2025/11/25 11:07 KST\nThe law of November 30, 2025 was signed."
    assert dated(article(text)) == [(date(2025, 11, 25), "dateline")]


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


def test_dates_of_foreign_teasers_do_not_count() -> None:
    own = "The council met on 3 May 2024 and adopted the budget of the city after a long debate."
    teaser = (
        "A glacier collapsed above a Swiss village on 9 June 2024, burying houses under ice, and "
        "experts warned that communities living below fragile ice in the Alps and in Asia face"
    )
    assert dated(article(f"{own}\n{own}\n{own}\n{teaser}")) == [(date(2024, 5, 3), "text")]
