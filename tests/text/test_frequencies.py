from summarizer.text.tokens import build_idf, document_frequency, is_common_stem


def test_common_words_weigh_less_than_telling_ones() -> None:
    idf = build_idf([["year", "yttrium"], ["year"]])
    assert idf("yttrium") > idf("presid") > idf("year") > 0


def test_a_word_of_every_article_is_not_worthless_in_a_small_collection() -> None:
    idf = build_idf([["yttrium"]] * 5)
    assert idf("yttrium") > 2 * idf("year")


def test_a_large_collection_outweighs_the_background() -> None:
    idf = build_idf([["yttrium"]] * 5000)
    assert idf("yttrium") < idf("year")


def test_shares_are_shares() -> None:
    assert (
        document_frequency("year")
        > document_frequency("presid")
        > document_frequency("yttrium")
        > 0
    )
    assert document_frequency("year") < 1


def test_a_word_that_news_capitalise_is_not_common() -> None:
    assert [is_common_stem(stem) for stem in ("water", "london", "yttrium")] == [True, False, False]
