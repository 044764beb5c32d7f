"""What is measured in each language: stories, candidates, dates, boilerplate, verdicts."""

from datetime import date

import pytest

from summarizer import check
from summarizer.retrieval.stories import group_into_stories
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text.dates import find_dates
from summarizer.text.lexicon import lexicon
from summarizer.text.sentences import split_sentences
from summarizer.writing.standalone import is_standalone
from tests.languages.reports import EVENTS, LANGUAGES, articles, sections

DAY = date(2025, 2, 4)

each_language = pytest.mark.parametrize("language", LANGUAGES)


def body(article: Article) -> str:
    """The text with its boilerplate blanked, and without its title."""
    text = article.text
    for item in find_boilerplate(text):
        start, end = item.span
        text = text[:start] + " " * (end - start) + text[end:]
    return text.partition("\n")[2].strip()


def verdicts(language: str, section: str) -> list[str]:
    """The verdicts on the sentences of a section."""
    draft = "\n\n".join(sections(language)[section])
    return [each.verdict for each in check(draft, sources=articles(language)).sentences]


@each_language
def test_reports_of_one_event_are_one_story_and_its_look_alike_another(language: str) -> None:
    stories = group_into_stories(articles(language))
    assert sorted(sorted(a.path or "" for a in each.articles) for each in stories) == [
        ["a1", "a2"],
        ["b1", "b2"],
    ]


@each_language
def test_each_report_is_in_its_language_and_its_day_is_read(language: str) -> None:
    for article in articles(language):
        assert article.language == language
        days = [(each.year, each.month, each.day) for each in find_dates(article.text)]
        assert (DAY.year, DAY.month, DAY.day) in days


@each_language
def test_lines_that_are_no_text_are_boilerplate(language: str) -> None:
    for name, article in zip(EVENTS, articles(language), strict=True):
        paragraphs = [
            line
            for line in sections(language)[name][1:]
            if len(split_sentences(line, language)) > 2
        ]
        left = body(article).splitlines()
        assert len([line for line in left if line.strip()]) == len(paragraphs) == 1


@each_language
def test_most_whole_sentences_may_be_told(language: str) -> None:
    sentences = [
        text[start:end]
        for text in map(body, articles(language))
        for start, end in split_sentences(text, language)
    ]
    told = [each for each in sentences if is_standalone(each, language)]
    assert len(sentences) >= 18
    assert len(told) >= 0.8 * len(sentences)


@each_language
def test_no_faithful_sentence_is_refused_and_no_wrong_one_supported(language: str) -> None:
    assert {"unsupported", "contradicted"}.isdisjoint(verdicts(language, "good"))
    number, status = verdicts(language, "wrong")
    assert number in ("unsupported", "contradicted")
    assert status != "supported"
    assert verdicts(language, "denial") != ["supported"]


@each_language
def test_the_lexicon_is_full(language: str) -> None:
    words = lexicon(language)
    needed = ("stop_words", "number_words", "negations", "read_more", "picture_words", "units")
    assert [name for name in needed if not getattr(words, name)] == []
    assert words.dependent_openings or words.dependent_beginnings
    assert words.months or words.whole_dates or language == "vi"  # "tháng 2": months have numbers
    assert words.button_labels
    assert words.byline_words or language == "en"
