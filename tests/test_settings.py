import pytest

from summarizer.errors import FetchError, NothingToDeliver, SettingsError, SummarizerError
from summarizer.settings import Settings


def test_too_few_words_are_refused_with_a_hint() -> None:
    with pytest.raises(
        SettingsError, match=r"words: 5 words hold no briefing \(give at least 20\)"
    ):
        Settings(words=5)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (SummarizerError("is empty"), "is empty"),
        (FetchError("HTTP 404 \x1b[2JNo\r\n\x9d", subject="a\x07"), "a : HTTP 404  [2JNo   "),
        (FetchError("timed out", subject="https://a.example"), "https://a.example: timed out"),
        (SettingsError("is unknown", subject="--x", hint="try --y"), "--x: is unknown (try --y)"),
    ],
)
def test_an_error_is_one_line(error: SummarizerError, line: str) -> None:
    assert str(error) == line


def test_exit_codes() -> None:
    assert SettingsError("").exit_code == 2
    assert NothingToDeliver("").exit_code == 1
