"""Every script's sentence ends are ends in every room that asks where a sentence ends."""

import pytest

from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text.names import find_names
from summarizer.text.sentences import (
    EXCLAMATION_MARKS,
    QUESTION_MARKS,
    SENTENCE_TERMINALS,
    ends_sentence,
    final_mark,
    split_sentences,
)
from summarizer.writing.standalone import headline_span, is_standalone

SENTENCES = {
    "en": "The council approved the new budget for the city on Monday",
    "de": "Der Stadtrat hat am Montag den neuen Haushalt der Stadt beschlossen",
    "pl": "Rada miasta przyjęła w poniedziałek nowy budżet na ten rok",
    "fr": "Le conseil municipal a approuvé lundi le nouveau budget",
    "hi": "नगर परिषद ने सोमवार को शहर का नया बजट पारित किया",
    "ur": "سٹی کونسل نے پیر کو شہر کا نیا بجٹ منظور کر لیا",
    "ar": "وافق مجلس المدينة على الميزانية الجديدة للمدينة يوم الاثنين",
    "bn": "নগর পরিষদ সোমবার শহরের নতুন বাজেট অনুমোদন করেছে",
    "zh": "市议会星期一批准了该市的新预算和新的交通计划",
    "ja": "市議会は月曜日に市の新しい予算を承認したと発表した",
}
QUOTES = ["„“", "„”", "“”", "»«", "«»", "‹›", "「」", "『』", '""']
TELLING = sorted(set(SENTENCE_TERMINALS) - set(QUESTION_MARKS + EXCLAMATION_MARKS))
LONG = 3


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", sorted(SENTENCE_TERMINALS))
def test_a_terminal_ends_a_sentence(mark: str, language: str) -> None:
    ended = SENTENCES[language] + mark
    assert ends_sentence(ended)
    assert not ends_sentence(SENTENCES[language])
    assert [ended, ended] == [
        f"{ended} {ended}"[a:b] for a, b in split_sentences(f"{ended} {ended}", language)
    ]


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", TELLING)
def test_a_statement_stands_alone_whatever_its_full_stop(mark: str, language: str) -> None:
    assert is_standalone(SENTENCES[language] + mark)
    assert not is_standalone(SENTENCES[language])


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", sorted(QUESTION_MARKS + EXCLAMATION_MARKS))
def test_a_question_or_a_cry_does_not(mark: str, language: str) -> None:
    assert not is_standalone(SENTENCES[language] + mark)


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("quotes", QUOTES)
def test_a_full_stop_before_a_closing_mark_ends_a_sentence(quotes: str, language: str) -> None:
    said = f"{quotes[0]}{SENTENCES[language]}.{quotes[1]}"
    assert final_mark(said) == "."
    assert is_standalone(f"Nowak 1: {said}")
    assert len(split_sentences(f"{said} {said}", language)) == 2


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize(
    "end", [*sorted(SENTENCE_TERMINALS), *(f".{marks[1]}" for marks in QUOTES)]
)
def test_a_long_line_that_is_ended_is_no_teaser(end: str, language: str) -> None:
    line = (SENTENCES[language] + ", ") * LONG * 2 + SENTENCES[language] + end
    paragraph = f"{SENTENCES[language]}.\n\n{line}\n\n{SENTENCES[language]}."
    assert not [each.kind for each in find_boilerplate(paragraph) if each.kind == "foreign"]


@pytest.mark.parametrize("mark", sorted(SENTENCE_TERMINALS))
def test_a_name_is_not_made_of_the_word_that_opens_a_sentence(mark: str) -> None:
    assert [each.text for each in find_names(f"Yes{mark} Talks with Anna Keller go on.")] == [
        "Anna Keller"
    ]


def test_an_abbreviation_before_a_closing_mark_ends_a_sentence() -> None:
    for close in "“”»«":
        text = f"„Er kam am Montag mit Prof.{close} Danach sprach die Ministerin."
        assert len(split_sentences(text, "de")) == 2


def test_a_headline_ends_without_its_full_stop() -> None:
    for language in ("hi", "ur", "zh", "en"):
        for mark in ".।۔。":
            text = SENTENCES[language] + mark
            assert text[slice(*headline_span(text))] == SENTENCES[language]
