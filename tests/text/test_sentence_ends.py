"""Every script's sentence ends are ends in every room that asks where a sentence ends."""

import pytest

from summarizer.sources.furniture import find
from summarizer.text.names import names
from summarizer.text.sentence_ends import EXCLAIMING, QUESTIONING, STOPS, final_mark, is_ended
from summarizer.text.sentences import split
from summarizer.writing.standalone import headline, stands_alone

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
TELLING = sorted(set(STOPS) - set(QUESTIONING + EXCLAIMING))
LONG = 3


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", sorted(STOPS))
def test_a_terminal_ends_a_sentence(mark: str, language: str) -> None:
    ended = SENTENCES[language] + mark
    assert is_ended(ended)
    assert not is_ended(SENTENCES[language])
    assert [ended, ended] == [
        f"{ended} {ended}"[a:b] for a, b in split(f"{ended} {ended}", language)
    ]


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", TELLING)
def test_a_statement_stands_alone_whatever_its_full_stop(mark: str, language: str) -> None:
    assert stands_alone(SENTENCES[language] + mark)
    assert not stands_alone(SENTENCES[language])


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("mark", sorted(QUESTIONING + EXCLAIMING))
def test_a_question_or_a_cry_does_not(mark: str, language: str) -> None:
    assert not stands_alone(SENTENCES[language] + mark)


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("quotes", QUOTES)
def test_a_full_stop_before_a_closing_mark_ends_a_sentence(quotes: str, language: str) -> None:
    said = f"{quotes[0]}{SENTENCES[language]}.{quotes[1]}"
    assert final_mark(said) == "."
    assert stands_alone(f"Nowak 1: {said}")
    assert len(split(f"{said} {said}", language)) == 2


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("end", [*sorted(STOPS), *(f".{close}" for _, close in QUOTES)])
def test_a_long_line_that_is_ended_is_no_teaser(end: str, language: str) -> None:
    line = (SENTENCES[language] + ", ") * LONG * 2 + SENTENCES[language] + end
    paragraph = f"{SENTENCES[language]}.\n\n{line}\n\n{SENTENCES[language]}."
    assert not [each.kind for each in find(paragraph) if each.kind == "foreign"]


@pytest.mark.parametrize("mark", sorted(STOPS))
def test_a_name_is_not_made_of_the_word_that_opens_a_sentence(mark: str) -> None:
    assert [each.text for each in names(f"Yes{mark} Talks with Anna Keller go on.")] == [
        "Anna Keller"
    ]


def test_an_abbreviation_before_a_closing_mark_ends_a_sentence() -> None:
    for close in "“”»«":
        text = f"„Er kam am Montag mit Prof.{close} Danach sprach die Ministerin."
        assert len(split(text, "de")) == 2


def test_a_headline_ends_without_its_full_stop() -> None:
    for language in ("hi", "ur", "zh", "en"):
        for mark in ".।۔。":
            text = SENTENCES[language] + mark
            assert text[slice(*headline(text))] == SENTENCES[language]
