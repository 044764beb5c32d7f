"""Bytes become text in whatever encoding they came, and a page its article."""

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ExtractionError
from summarizer.sources.extract import (
    decode_text,
    extract_page,
    html_to_text,
    language_code,
)

RUSSIAN = (
    "Президент Китая провёл телефонный разговор с президентом США. Стороны обсудили торговлю, "
    "Тайвань и ситуацию на Украине, сообщает агентство Синьхуа.\nПереговоры длились час.\n"
)
UKRAINIAN = (
    "Президент Китаю провів телефонну розмову з президентом США щодо Тайваню. Про це повідомляє "
    "державне агентство, передає УНН.\nЄвропейські лідери підтримують зусилля України.\n"
)
JAPANESE = (
    "中国の習近平国家主席は、アメリカのトランプ大統領と電話会談を行った。両首脳は台湾問題や貿易について"
    "意見を交わしたという。\n会談は約1時間続き、来年4月に北京で会うことで合意した。\n"
)
TRADITIONAL = (
    "中國國家主席與美國總統通電話,雙方就台灣問題及貿易交換意見。新華社報導,會談約一小時。\n"
    "白宮表示,兩國元首同意明年四月在北京會面。日本政府對此未予評論。\n"
)
SIMPLIFIED = (
    "中国国家主席与美国总统通电话，双方就台湾问题及贸易交换意见。新华社报道，会谈约一小时。\n"
    "白宫表示，两国元首同意明年四月在北京会面。日本政府对此未予评论。\n"
)
KOREAN = (
    "중국의 국가주석이 미국 대통령과 전화 통화를 했다. 두 정상은 대만 문제와 무역에 대해 "
    "의견을 나눴다.\n통화는 약 한 시간 동안 이어졌으며, 내년 4월 베이징에서 만나기로 했다.\n"
)
FRENCH = (
    "Le président chinois s’est entretenu par téléphone avec le président américain. « Nous avons "
    "évoqué l’île », a déclaré un conseiller à l’Élysée. La négociation a duré près d’une heure.\n"
)
GERMAN = (
    "Der chinesische Präsident hat mit dem US-Präsidenten telefoniert. Die Gespräche über Zölle "
    "dauerten länger als erwartet, hieß es. Außenminister äußerten sich später dazu.\n"
)
ENGLISH = (
    "The president didn’t say “yes”. " + "The talks went on for an hour on Monday. " * 30 + "Café."
)

LEGACY = [
    (RUSSIAN, "cp1251"), (UKRAINIAN, "cp1251"), (RUSSIAN, "koi8-r"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"), (JAPANESE, "iso2022_jp"), (TRADITIONAL, "big5"),
    (SIMPLIFIED, "gb18030"), (KOREAN, "euc_kr"), (FRENCH, "cp1252"), (GERMAN, "latin-1"),
    (ENGLISH, "cp1252"),
]  # fmt: skip
TEXTS = (RUSSIAN, UKRAINIAN, JAPANESE, TRADITIONAL, SIMPLIFIED, KOREAN, FRENCH, ENGLISH)


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
@pytest.mark.parametrize("times", [1, 4, 400])
def test_national_encodings_are_recognised_undeclared(text: str, encoding: str, times: int) -> None:
    assert decode_text((text * times).encode(encoding)) == text * times


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_unicode_encodings_with_and_without_a_mark(text: str, encoding: str, mark: str) -> None:
    assert decode_text((mark + text).encode(encoding)) == text


def test_a_copy_broken_off_inside_a_character_loses_only_that_character() -> None:
    data = RUSSIAN.encode()
    text = decode_text(data[: data.rindex("ч".encode()) + 1])
    assert text.endswith("�")
    assert RUSSIAN.startswith(text[:-1])


def test_a_wrong_declaration_does_not_outrank_valid_utf8() -> None:
    assert decode_text(RUSSIAN.encode(), "iso-8859-1") == RUSSIAN


def test_a_right_declaration_outranks_statistics() -> None:
    assert decode_text("Ё: да.".encode("cp866"), "ibm866") == "Ё: да."


@pytest.mark.parametrize("label", ["unicode_escape", "rot13", "no-such", "\0", "base64"])
def test_a_declared_codec_that_is_no_charset_is_ignored(label: str) -> None:
    assert decode_text(FRENCH.encode("cp1252"), label) == FRENCH


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"%PDF-1.7\n1 0 obj", "is a PDF, not text"),
        (b"PK\x03\x04....", "is a zip archive or office document, not text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a PNG image, not text"),
        (bytes(range(256)) * 8, "looks binary"),
        (b"\0" * 1000, "looks binary"),
        (b"text \x01\x02\x03\x04 " * 20, "looks binary"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ExtractionError) as refused:
        decode_text(data)
    assert refused.value.message == reason


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_utf8_text_is_never_changed(text: str) -> None:
    data = text.encode()
    try:
        assert decode_text(data) == text.removeprefix("\ufeff")
    except ExtractionError as refused:
        assert refused.message in ("looks binary", "is empty")  # noqa: PT017


PAGE = """<!doctype html><html lang="uk-UA"><head><title>Розмова | УНН</title>
<meta property="og:site_name" content="УНН">{head}</head><body>
<nav><ul><li><a href="/">Головна</a></li><li><a href="/news">Усі новини</a></li></ul></nav>
<article><h1>Розмова двох лідерів</h1><p>{text}</p>
<p>Переговори 5 травня 2019 року тривали близько години, сказав речник у понеділок.</p></article>
<section class="comments"><h2>Comments</h2><p>First! 2024-01-02 I do not believe it.</p></section>
<footer>Copyright 2020-03-04 Site</footer></body></html>"""
DATED = '<meta property="article:published_time" content="2025-11-24T23:30:00+02:00">'


def test_a_page_gives_title_publisher_date_language_and_text_alone() -> None:
    page = extract_page(PAGE.format(head=DATED, text=UKRAINIAN).encode(), "https://www.unn.ua/x")
    assert page.title == "Розмова двох лідерів"
    assert page.publisher == "УНН"
    evening = datetime(2025, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (page.published, page.language) == (evening, "uk")
    assert UKRAINIAN.partition("\n")[0] in page.text
    assert not any(noise in page.text for noise in ("Усі новини", "First!", "Copyright"))
    assert "\n" in page.text
    assert page.to_article(path="x").published_from == "page"


@pytest.mark.parametrize(
    "declaration", ["<meta charset=windows-1251>", '<?xml encoding="cp1251"?>']
)
def test_a_page_is_decoded_as_it_declares(declaration: str) -> None:
    html = f"<html><head>{declaration}</head><body><p>Ёлка горит. {RUSSIAN}</p></body></html>"
    assert "Ёлка горит." in extract_page(html.encode("cp1251")).text


def test_a_page_laid_out_as_a_table_still_has_its_text() -> None:
    html = f"<html><body><table><tr><td>{FRENCH}</td></tr></table></body></html>"
    assert "Élysée" in extract_page(html).text


@pytest.mark.parametrize(
    "html",
    ["<html><body><a href='/'>Home</a></body></html>", "<p></p>", "<html></html>", "<!-- x -->",
     "<div>" * 5000, "<rss><channel/></rss>"],
)  # fmt: skip
def test_a_page_without_an_article_says_so(html: str) -> None:
    with pytest.raises(ExtractionError, match="holds no article text"):
        extract_page(html)


@pytest.mark.parametrize("piece", ["<", "<meta ", "<a href='", "&#", "<p>a", "charset=", "<table>"])
def test_hostile_pages_are_over_in_seconds(piece: str) -> None:
    begun = time.process_time()
    try:
        extract_page(piece * (100_000 // len(piece)))
    except ExtractionError as refused:
        assert "\n" not in str(refused)  # noqa: PT017
    assert time.process_time() - begun < 10


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_an_extraction_error(data: bytes) -> None:
    for html in (data, b"<html><body><p>" + data):
        try:
            assert extract_page(html).text.strip()
        except ExtractionError as refused:
            assert "\n" not in str(refused)  # noqa: PT017


@given(st.text())
def test_languages_are_read_from_anything(text: str) -> None:
    assert 2 <= len(language_code(text)) <= 3


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One &amp; two.<br>Three <b>bold</b>ed</p>tail", "One & two.\nThree bolded\ntail"),
        ("plain &lt; text", "plain < text"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("two\n\n lines ", "two\nlines"),
        ("<script>alert(1)</script><style>x</style>after<!-- no --> more", "after more"),
        ("<figure><img src=x onerror=y><figcaption>Photo</figcaption></figure>Said.", "Said."),
        ("<p>unclosed <i>tags", "unclosed tags"),
        ("<p>\ud800\x00</p>", "?"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_prose_is_the_words_of_a_fragment(html: str, words: str) -> None:
    assert html_to_text(html) == words
