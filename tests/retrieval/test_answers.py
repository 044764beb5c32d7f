from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.answers import (
    FactCluster,
    cluster_facts,
    question_weights,
    rank_answers,
)
from summarizer.retrieval.chunks import Statement, chunk_article, split_statements
from tests.articles import article, seeds

PAGES = (
    "Wheat prices in Odesa rose by four percent on Friday. Traders blamed a drought in the south "
    "on Friday.\n\nThe opera of Odesa opens its season with Verdi on Saturday.",
    "On Friday prices of wheat in Odesa rose by four percent. Ports stayed open.\n\n"
    "The mayor of Lviv promised new trams for the city on Friday.",
    "Four percent more than before was paid for wheat in Odesa, where prices rose on Friday.\n\n"
    "A new bridge over the river was opened in Kyiv by the minister.",
)


def found(question: str, *texts: str) -> list[FactCluster]:
    pages = [article(text, f"a{n}") for n, text in enumerate(texts)] if texts else seeds()
    every: list[Statement] = [
        i for page in pages for i in split_statements(chunk_article(page, ()), "en")
    ]
    chunks = dict.fromkeys(item.chunk for item in every)
    return rank_answers(
        chunks, every, question_weights(question, "en"), {page.id: page.id for page in pages}
    )


def test_the_fact_that_most_tell_answers_best() -> None:
    best = found("wheat prices", *PAGES)[0]
    assert best.answer_score == 1
    assert len({item.source for item in best.statements}) == 3


def test_what_stands_beside_the_answer_answers_more_than_what_stands_elsewhere() -> None:
    ranked = [each.statements[0].text for each in found("wheat prices", *PAGES)]
    traders = next(n for n, text in enumerate(ranked) if text.startswith("Traders"))
    trams = next(n for n, text in enumerate(ranked) if "trams" in text)
    assert traders < trams


def test_what_shares_no_word_with_the_question_and_its_answers_is_none() -> None:
    assert not any("bridge" in each.statements[0].text for each in found("wheat prices", *PAGES))


def test_answers_come_best_first_and_never_above_one() -> None:
    values = [each.answer_score for each in found("Taiwan")]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1
    assert values[-1] > 0


def test_what_nobody_speaks_of_is_not_answered() -> None:
    assert found("zeppelin", *PAGES) == []


def test_words_that_only_ask_are_not_asked_for() -> None:
    assert set(question_weights("What happened to wheat prices?", "en")) == {"wheat", "price"}
    assert set(question_weights("Discuss", "en")) == {"discuss"}


BUDGET = (
    "The council of Bern adopted a budget of two billion francs on Monday.",
    "On Monday a budget of two billion francs was adopted by the council in Bern.",
    "A budget of two billion francs, adopted by the Bern council, was criticised at once.",
)
STRIKE = (
    "Tram drivers in Basel walked out over night shifts and pay.",
    "Over pay and night shifts, drivers of trams in Basel have walked out.",
)


def statements_of(*texts: str) -> list[Statement]:
    pages = [article(text, f"a{n}") for n, text in enumerate(texts)]
    return [item for page in pages for item in split_statements(chunk_article(page, ()), "en")]


def test_one_fact_in_different_words_is_one_fact() -> None:
    facts = cluster_facts(
        statements_of(*BUDGET, *STRIKE, "Nothing like it was seen in Geneva for years.")
    )
    assert [len(each.statements) for each in facts] == [3, 2, 1]


@given(st.lists(st.sampled_from([*BUDGET, *STRIKE, "Rain is likely."]), max_size=12))
def test_every_statement_is_in_exactly_one_fact(texts: list[str]) -> None:
    every = statements_of(*texts)
    found = [item for each in cluster_facts(every) for item in each.statements]
    assert sorted((i.source, i.span) for i in found) == sorted((i.source, i.span) for i in every)


def test_short_statements_are_similar_only_when_they_are_the_same() -> None:
    facts = cluster_facts(statements_of("Rain is likely.", "Snow is likely.", "Rain is likely."))
    assert [len(each.statements) for each in facts] == [2, 1]


def test_a_thousand_copies_are_one_fact() -> None:
    assert [len(each.statements) for each in cluster_facts(statements_of(*BUDGET[:1] * 1000))] == [
        1000
    ]
