from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.answers import cluster_facts
from summarizer.retrieval.chunks import Statement, chunk_article, split_statements
from tests.articles import article

BUDGET = (
    "The council of Bern adopted a budget of two billion francs on Monday.",
    "On Monday a budget of two billion francs was adopted by the council in Bern.",
    "A budget of two billion francs, adopted by the Bern council, was criticised at once.",
)
STRIKE = (
    "Tram drivers in Basel walked out over night shifts and pay.",
    "Over pay and night shifts, drivers of trams in Basel have walked out.",
)


def said(*texts: str) -> list[Statement]:
    pages = [article(text, f"a{n}") for n, text in enumerate(texts)]
    return [item for page in pages for item in split_statements(chunk_article(page, ()), "en")]


def test_one_fact_in_different_words_is_one_saying() -> None:
    found = cluster_facts(said(*BUDGET, *STRIKE, "Nothing like it was seen in Geneva for years."))
    assert [len(each.statements) for each in found] == [3, 2, 1]


@given(st.lists(st.sampled_from([*BUDGET, *STRIKE, "Rain is likely."]), max_size=12))
def test_every_statement_is_in_exactly_one_saying(texts: list[str]) -> None:
    every = said(*texts)
    found = [item for each in cluster_facts(every) for item in each.statements]
    assert sorted((i.source, i.span) for i in found) == sorted((i.source, i.span) for i in every)


def test_short_statements_are_alike_only_when_they_are_the_same() -> None:
    found = cluster_facts(said("Rain is likely.", "Snow is likely.", "Rain is likely."))
    assert [len(each.statements) for each in found] == [2, 1]


def test_a_thousand_copies_are_one_saying() -> None:
    assert [len(each.statements) for each in cluster_facts(said(*BUDGET[:1] * 1000))] == [1000]
