import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from summarizer.rendering.sanitize import clean_line, clean_text

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
