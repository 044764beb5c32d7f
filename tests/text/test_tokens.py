import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.tokens import bigrams, content_stems, fold_word, folded_words, stems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Xi’s call", ["xi", "call"]),
        ("the workers' strike", ["the", "workers", "strike"]),
        ("9,000 of 3.5", ["9,000", "of", "3.5"]),
        ("Erdoğan, Čeští, São", ["erdogan", "cesti", "sao"]),
        ("Київ йде", ["київ", "йде"]),
        ("習近平", ["習近", "近平"]),
        ("平", ["平"]),
        ("don’t", ["don’t"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert folded_words(text) == found


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    for word in folded_words(text):
        assert fold_word(word) == word or not word.isalpha()


def test_content_leaves_function_words_out_and_stems_the_rest() -> None:
    assert content_stems("They lowered the tariffs on 3 goods") == ("lower", "tariff", "3", "good")
    assert stems("They lowered") == ("they", "lower")


def test_each_language_has_its_stemmer() -> None:
    assert content_stems("las negociaciones", "es") == content_stems("la negociación", "es")
    assert content_stems("тарифами", "ru") == content_stems("тарифов", "ru")


def test_bigrams_are_neighbours() -> None:
    assert bigrams(("a", "b", "c")) == {("a", "b"), ("b", "c")}
    assert bigrams(("a",)) == frozenset()
