"""Lexicons: each language is one file, and a file with a wrong key is refused in one line."""

from pathlib import Path

import pytest
from babel import Locale

from summarizer.errors import SettingsError
from summarizer.text.dates import find_dates
from summarizer.text.languages import detect_language
from summarizer.text.lexicon import (
    Lexicon,
    any_of,
    lexicon,
    lexicons,
    read_lexicon,
    shared_lexicon,
    words_of_all,
)
from summarizer.text.numbers import find_quantities

# Language, a sentence in it, how many dates and which quantities are found there.
LANGUAGES = [
    ("de", "Am 3. März 2025 sollen rund fünfzig Prozent der Häfen wieder öffnen.", 1, [(50, "%")]),
    ("en", "On March 3, 2025, about fifty percent of the ports will open again.", 1, [(50, "%")]),
    ("es", "El 3 de marzo de 2025 se abrió casi el 50 por ciento de los puertos.", 1, [(50, "%")]),
    ("fr", "Le 3 mars 2025, près de 50 pour cent des ports ont été rouverts.", 1, [(50, "%")]),
    ("it", "Il 3 marzo 2025 la metà dei porti è stata riaperta dopo 50 anni.", 1, [(50, "year")]),
    ("nl", "De havens zijn op 3 maart 2025 na 50 dagen weer geopend.", 1, [(50, "day")]),
    ("pt", "Em 3 de março de 2025, os portos foram reabertos após 50 dias.", 1, [(50, "day")]),
    ("ru", "3 марта 2025 года порты были открыты, примерно 50 процентов.", 1, [(50, "%")]),
    ("uk", "3 березня 2025 року порти були відкриті, близько 50 відсотків.", 1, [(50, "%")]),
]


@pytest.mark.parametrize(
    ("language", "text", "dates", "quantities"), LANGUAGES, ids=[row[0] for row in LANGUAGES]
)
def test_a_language_is_read_with_the_words_of_its_file(
    language: str, text: str, dates: int, quantities: list[tuple[float, str]]
) -> None:
    assert detect_language(text) == language
    assert len(find_dates(text)) == dates
    assert [(each.high, each.unit) for each in find_quantities(text)] == quantities


def test_a_language_without_a_file_has_an_empty_lexicon() -> None:
    words = lexicon("tlh")
    assert (words.known, words.language, words.stop_words) == (False, "tlh", frozenset())
    assert not lexicon("../common").known


def test_the_words_of_all_languages_include_those_of_each() -> None:
    assert words_of_all("negations") >= lexicon("fr").negations | lexicon("uk").negations
    assert lexicons()[0].language == "en"
    assert all(words.known for words in lexicons())


@pytest.mark.parametrize("words", lexicons(), ids=lambda words: words.language)
def test_months_and_weekdays_are_whole_and_known_to_the_cldr(words: Lexicon) -> None:
    assert len(words.months) in (0, 12)
    assert len(words.weekdays) in (0, 7)
    names = Locale(words.language)
    # To babel the months of Hindi are those of another calendar.
    for number, forms in enumerate(words.months if words.language != "hi" else (), 1):
        for context in ("format", "stand-alone"):
            assert names.months[context]["wide"][number].lower() in forms
    for number, forms in enumerate(words.weekdays):
        wide = (
            names.days["format"]["wide"][number].lower().translate({ord("’"): "'", ord("ʼ"): "'"})
        )
        assert wide.partition("-")[0][:4] in {form[:4] for form in forms}


@pytest.mark.parametrize("words", lexicons(), ids=lambda words: words.language)
def test_units_and_magnitudes_are_shared_ones(words: Lexicon) -> None:
    shared = shared_lexicon()
    assert words.units.keys() <= shared.units.keys() | shared.currencies.keys()
    assert words.magnitudes.keys() <= shared.magnitudes.keys()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("script = 'Latn'\nmonts = 'a'", "xx.toml: unknown key 'monts'"),
        ("stemmer = 'danish'", "xx.toml: the key 'script' is missing"),
        ("script = 'Latn'\nmonths = 12", "xx.toml: 'months' has a value of another kind"),
        ("script = 'Latn'\nknown = true", "xx.toml: unknown key 'known'"),
        ("script = ", "xx.toml: Invalid value"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_one_line_with_file_and_key(
    content: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "xx.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_lexicon(Lexicon, file, language="xx", known=True)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words_and_patterns_join_into_one_alternation() -> None:
    assert any_of("a|b", "", frozenset({"cd", "cde"}), ("e",)) == "(?:a|b|cde|cd|e)"
