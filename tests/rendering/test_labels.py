"""The program's own words on a page are in one language, that of the briefing, or else English."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import summarizer
from summarizer.briefing import Briefing
from summarizer.pipeline import create_briefing
from summarizer.rendering.formats import FORMATS, render_document
from summarizer.rendering.labels import ENGLISH, LABELLED_LANGUAGES, find_labels
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from tests.articles import article
from tests.editions import edition
from tests.languages.reports import LANGUAGES, articles
from tests.rendering.words import html_page, text

ENGLISH_BLOCK = re.compile(r'<(details|ul|p)\b[^>]* lang="en".*?</\1>', re.DOTALL)
ONLY_ENGLISH = re.compile(
    r"\b(Sources|In brief|Report|independent|undated|no earlier|reported|supported|unverified|then"
    r"|Later|differ|sentences?|quotation|checked|cited|no model|in context|at the)\b"
)
MACHINE_READ = re.compile(
    r"<(style|script).*?</\1>|<meta [^>]*>|(class|id|style|aria-labelledby)=\"[^\"]*\"", re.DOTALL
)
FOREIGN = [language for language in LANGUAGES if language != "en"]


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@cache
def briefing(language: str) -> Briefing:
    """Of four reports, one of them undated and one a press release."""
    reports = [
        replace(each, published=date(2025, 11, 20 + at), published_from="page")
        for at, each in enumerate(articles(language))
    ]
    reports[0] = replace(reports[0], published=None, published_from=None)
    reports[3] = replace(reports[3], kind="press_release")
    return create_briefing(reports, Settings(), now=datetime(2025, 11, 26, tzinfo=UTC))


def test_every_language_of_the_lexicons_that_is_widely_read_has_labels() -> None:
    assert set(LANGUAGES) | {"zh-Hant"} == LABELLED_LANGUAGES


@pytest.mark.parametrize("language", sorted(LABELLED_LANGUAGES))
def test_a_language_has_every_label_with_the_values_of_the_english_one(language: str) -> None:
    labels = find_labels(language)
    assert labels.templates.keys() == ENGLISH.templates.keys()
    for key, template in labels.templates.items():
        optional = {"detail", "noun"}
        wanted = placeholders(ENGLISH.templates[key]) - optional
        assert wanted <= placeholders(template) <= wanted | optional, key


def test_every_label_is_used() -> None:
    folder = Path(summarizer.__file__).parent
    code = "".join(
        path.read_text("utf-8")
        for pattern in ("rendering/*.py", "rendering/templates/*.*", "assembly.py", "briefing.py")
        for path in folder.glob(pattern)
    )
    topics = {key for key in ENGLISH.templates if key.startswith(("topic_", "date_"))}
    kinds = {"opinion", "satire", "press_release", "sponsored", "live_blog", "correction", "wire"}
    for key in ENGLISH.templates.keys() - topics - kinds:
        assert re.search(rf"[\"']{key}[\"']", code), key


@pytest.mark.parametrize("language", FOREIGN)
def test_no_format_mixes_english_labels_into_another_language(language: str) -> None:
    told = briefing(language)
    assert told.language == language
    shown = edition(briefing=told, first_line="", notes=())
    native = set(ONLY_ENGLISH.findall(" ".join(find_labels(language).templates.values())))
    for each in FORMATS.values():
        for kind, document in (("briefing", told), ("edition", shown)):
            if kind not in each.renders or each.raw:
                continue
            page = MACHINE_READ.sub("", render_document(document, each.name))
            own = "\n".join(
                line
                for line in ENGLISH_BLOCK.sub("", page).splitlines()
                if not line.startswith("Checks: ")  # findings are in English
            )
            assert set(ONLY_ENGLISH.findall(own)) <= native, each.name


def test_labels_of_a_variety_are_those_of_its_language_and_of_any_other_english() -> None:
    assert find_labels("pt-BR").language == "pt"
    assert find_labels("zh-Hant-TW").language == "zh-Hant"
    assert find_labels("zh-TW").language == "zh"
    assert find_labels("sw") is find_labels("und") is ENGLISH


def test_dates_and_numbers_are_written_as_the_language_writes_them() -> None:
    german, japanese = find_labels("de"), find_labels("ja")
    assert german("report_unverified", n=1200) == "1.200 ungeprüft"
    assert german("support", n=2, support=0.5).endswith("0,50")
    assert german("undated") == "ohne Datum"
    assert german("date_text", day=date(2025, 11, 24)) == "frühestens 24. Nov. 2025"
    assert japanese("title_of_day", day=japanese.long_day(date(2025, 11, 24))) == (
        "ニュース要約、2025年11月24日"
    )


def test_a_value_with_braces_is_text() -> None:
    assert ENGLISH("written_by", model="a/{model}") == "Written by a/{model}"


def test_the_title_names_the_day_in_the_language_of_the_briefing() -> None:
    assert briefing("de").title == "Nachrichtenüberblick, 23. November 2025"
    assert "23. November 2025" in text(briefing("de"))


def test_a_story_in_another_language_than_the_page_is_marked_as_such() -> None:
    page = html_page(mixed())
    assert re.search(r'<html dir="ltr" lang="en">', page)
    assert re.search(r'<h2 dir="ltr" lang="de">', page)
    assert re.search(r'<p dir="ltr" lang="de">', page)
    assert re.search(r'<li id="n\w+" dir="ltr" lang="de">', page)


def test_a_sentence_in_another_language_than_its_paragraph_is_marked_as_such() -> None:
    told = mixed()
    german = next(s for s in told.stories if "Straßenbahn" in s.headline.text)
    english = next(s for s in told.stories if s is not german and "harbour" in s.headline.text)
    sentences = (english.sentences[0], german.sentences[0], *english.sentences[1:])
    stories = (english.model_copy(update={"sentences": sentences}),)
    page = html_page(told.model_copy(update={"stories": stories}))
    assert re.search(r'<span class="sentence"[^>]* lang="de"', page)
    assert not re.search(r"<span[^>]* dir=", page)


def mixed() -> Briefing:
    """An English briefing with a German story."""
    english = (
        "The harbour of Port Mellis will close for three days because of a storm.\n\n"
        "Twenty sailors were taken to hospital after water flooded the deck of their ship. "
        "Minister Dana Holt said 48 ships were waiting outside the harbour. "
        "The ferries to the islands of Orran and Skell will not run before Sunday."
    )
    rewritten = english.replace("Twenty sailors were", "Hospitals treated twenty sailors who were")
    texts = [
        article(english, "one", language="en"),
        article(rewritten, "two", language="en"),
        Article.of(articles("de")[0].text, name="three"),
    ]
    told = create_briefing(texts, Settings(), now=datetime(2025, 11, 26, tzinfo=UTC))
    return told.model_copy(update={"language": "en"})
