import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.rendering.sanitize import clean_line, clean_text, text_fragment_url, web_url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//host/path",
        "http:no-host",
        "https://[broken",
        "",
        None,
    ],
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert web_url(url) is None
    assert text_fragment_url(url, "words") is None


@given(st.text())
def test_an_address_holds_nothing_that_ends_an_attribute_or_a_link(tail: str) -> None:
    address = web_url(f"https://a.example/{tail}")
    assert address is None or not set(address) & set("\"'<>()` \n\\")


def test_what_is_encoded_is_not_encoded_again() -> None:
    assert web_url("https://a.example/%D1%8F?q=1&r=2#x") == "https://a.example/%D1%8F?q=1&r=2#x"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_short_quotation_is_matched_whole(words: str) -> None:
    flat = " ".join(words.split())
    if words.strip() and "\n" not in words:
        link = text_fragment_url("https://a.example/", words) or ""
        directive = link.removeprefix("https://a.example/#:~:text=")
        assert unquote(directive) == flat
        assert not set(directive) & set(",-&")


def test_a_long_quotation_is_matched_by_its_beginning_and_end() -> None:
    words = (
        "The call, not previously flagged by either country, came weeks after the leaders met in"
    )
    assert text_fragment_url("https://a.example/", words) == (
        "https://a.example/#:~:text=The%20call%2C%20not%20previously%20flagged,"
        "after%20the%20leaders%20met%20in"
    )


def test_a_long_quotation_without_spaces_is_matched_by_letters() -> None:
    link = text_fragment_url("https://a.example/", "中国国家主席" * 20) or ""
    start, _, end = link.partition("text=")[2].partition(",")
    assert unquote(start) == unquote(end) == "中国国家主席" * 2


def test_a_quotation_over_two_lines_is_not_matched_whole() -> None:
    link = text_fragment_url("https://a.example/", "first line of it\nsecond line of it all") or ""
    assert "," in link.partition("text=")[2]


def test_the_page_s_own_anchor_stays_and_an_old_fragment_goes() -> None:
    assert text_fragment_url("https://a.example/#part", "x") == "https://a.example/#part:~:text=x"
    assert (
        text_fragment_url("https://a.example/#part:~:text=y", "x")
        == "https://a.example/#part:~:text=x"
    )


ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_nothing_shown_can_command_a_terminal(text: str) -> None:
    shown = clean_text(text)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in shown)
    assert not set(shown) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )


@given(ANY_TEXT)
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1
    assert clean_line(clean_line(text)) == clean_line(text)


def test_words_of_every_script_stay_whole() -> None:
    text = "Сі 習近平 می‌خواهم שלום 👩‍🚀 naïve"  # the zero-width joiners carry meaning
    assert clean_line(text) == text


def test_text_cannot_reorder_what_follows_it() -> None:
    assert clean_line("a\u202eb\u202cc\u2066d\u2069e\u200ff") == "abcdef"


def test_terminal_sequences_lose_their_escape() -> None:
    assert clean_line("a\x1b]8;;http://x\x07b\x9b31m") == "a]8;;http://xb31m"
