from summarizer.retrieval.answers import FactCluster, question_weights, rank_answers
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
