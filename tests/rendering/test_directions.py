"""Sentences from right to left: a paragraph has the direction of its language, and a browser lays
its sentences out one after the other, each with its marks at its end."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from summarizer.briefing import Briefing
from summarizer.pipeline import create_briefing
from summarizer.rendering.formats import render_document
from summarizer.settings import Settings
from tests.articles import article
from tests.browser import launch
from tests.editions import edition
from tests.rendering.words import html_page

ARABIC = (
    "أعلنت وزارة النقل يوم الخميس أن ميناء مرسى الصفا سيغلق ثلاثة أيام بسبب العاصفة. "
    "وقال الوزير فادي الخطيب إن 48 سفينة تنتظر خارج الميناء، وتملك شركة Nova Shipping سبعاً. "
    "ونُقل عشرون بحاراً إلى مستشفى الأمل بعد أن غمرت المياه سطح سفينتهم قبل الفجر. "
    "وتوقعت هيئة الأرصاد الجوية أن تهدأ الأمواج العالية في مساء يوم السبت المقبل."
)
HEBREW = (
    "משרד התחבורה הודיע ביום חמישי כי נמל אשדוד ייסגר לשלושה ימים בגלל הסערה הקשה. "
    "שר התחבורה דוד כהן אמר כי 48 ספינות ממתינות מחוץ לנמל, ושבע מהן שייכות לחברת Nova Shipping. "
    "עשרים מלחים פונו לבית החולים העירוני לאחר שהמים הציפו את סיפון הספינה לפני עלות השחר. "
    "השירות המטאורולוגי צופה כי הגלים הגבוהים יירגעו בשעות הערב של יום שבת הקרוב."
)
TEXTS = {"ar": ARABIC, "he": HEBREW}
PAGES = {
    "page": html_page,
    "mail": lambda briefing: render_document(
        edition(briefing=briefing, sections=(), updates=(), first_line=""), "email"
    ),
}

PLACES = """() => {
const told = (p) => /[\\u0590-\\u06ff]/.test(p.textContent) && p.getClientRects().length;
return [...document.querySelectorAll("p")].filter(told).map((p) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const start = node.data.search(/\\S/);
    range.setStart(node, start);
    range.setEnd(node, start + 1);
    const { right, top, height } = range.getClientRects()[0];
    found.push([node.data.trim().slice(0, 12), right, top + height / 2]);
  }
  return found;
});
}"""


def told(language: str) -> Briefing:
    texts = [article(TEXTS[language], "one", language=language)]
    return create_briefing(texts, Settings(), now=datetime(2025, 11, 26, tzinfo=UTC))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("form", PAGES)
def test_a_paragraph_has_the_direction_and_language_of_its_sentences(
    language: str, form: str
) -> None:
    shown = PAGES[form](told(language))
    for tag in ("p", "h2" if form == "page" else "h3"):
        assert re.search(rf'<{tag} dir="rtl" lang="{language}"', shown)
    assert not re.search(r'<(span|a|q) [^>]*dir="auto"', shown)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("form", PAGES)
def test_sentences_and_marks_follow_each_other_from_right_to_left(
    page: Page, language: str, form: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(PAGES[form](told(language)))
    paragraphs = page.evaluate(PLACES)
    assert max(map(len, paragraphs)) > 2
    for places in paragraphs:
        for (_, right, row), (words, next_right, next_row) in pairwise(places):
            lower = next_row > row + 14
            assert lower or next_right < right, f"{words} is not to the left of what goes before"


def test_a_sentence_in_the_other_direction_is_isolated_in_its_paragraph() -> None:
    briefing = told("ar")
    story = briefing.stories[0]
    foreign = story.sentences[0].model_copy(update={"text": "The harbour was closed on Monday."})
    mixed = story.model_copy(update={"sentences": (foreign, *story.sentences[1:])})
    changed = briefing.model_copy(update={"stories": (mixed,)})
    assert re.search(
        r'<span class="sentence"[^>]* dir="ltr" lang="en"[^>]*>The harbour',
        html_page(changed),
    )
    assert '<span dir="ltr" lang="en">The harbour' in PAGES["mail"](changed)


def test_english_paragraphs_of_an_arabic_briefing_run_from_left_to_right() -> None:
    briefing = told("ar").model_copy(update={"language": "en"})
    assert re.search(r'<p dir="rtl" lang="ar">', html_page(briefing))
