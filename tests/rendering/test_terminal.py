import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from summarizer.briefing import Briefing
from summarizer.rendering import terminal
from tests.rendering import samples
from tests.rendering.words import text


@pytest.fixture(scope="module")
def plain() -> str:
    return text(samples.seeds(), color=False)


def test_every_sentence_is_followed_by_the_numbers_of_its_sources(plain: str) -> None:
    flat = " ".join(plain.split())
    assert "post-World War II international order. [2][1][3–4] ×3" in flat
    assert "after a call with Xi [1] 24 Nov 2025" in flat
    for told in samples.seeds().all_sentences():
        assert f"{told.text} [" in flat


def test_sources_say_date_origin_and_place(plain: str) -> None:
    flat = " ".join(plain.split())
    assert "[1] Reuters · 24 Nov 2025 https://news.example/world/xi-trump-call" in flat
    assert "no earlier than 25 Nov 2025 · same origin as [2]" in flat
    assert "[4] Edaily · 25 Nov 2025 (dateline) seeds/002_" in flat


def test_both_sides_of_a_disagreement_are_cited(plain: str) -> None:
    assert "Sources differ on the name of the Commerce Secretary" in plain
    assert "- Commerce Secretary Howard Lutnick [2][3]" in plain
    assert "- Secretary of Commerce Howard Rutnik [4]" in plain


def test_what_was_set_aside_is_counted_and_not_told(plain: str) -> None:
    flat = " ".join(plain.split())
    assert "1 citation replaced (misattributed) · 1 dropped (number) · 5 set aside" in flat
    assert "Photo: Reuters" not in plain


def test_a_sentence_that_is_not_wholly_supported_says_so(plain: str) -> None:
    assert "may\n  come by Thanksgiving. [1] (unverified)" in plain


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal_nor_ends_in_blanks(width: int) -> None:
    rows = text(samples.seeds(), width=width, color=False).splitlines()
    assert all(cell_len(row) <= width and row == row.rstrip() for row in rows)


def test_a_citation_never_begins_a_line() -> None:
    for width in range(40, 100):
        rows = text(samples.seeds(), width=width, color=False).split("Sources\n")[0]
        assert not [row for row in rows.splitlines() if row.lstrip().startswith(("[", "×"))]


def test_colour_changes_nothing_but_the_codes(plain: str) -> None:
    coloured = text(samples.seeds(), color=True)
    parts = coloured.split("\x1b[")
    assert len(parts) > 20
    shown = parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
    assert [row.rstrip() for row in shown.splitlines()] == plain.splitlines()


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR"])
def test_the_environment_decides_nothing(
    plain: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coloured = text(samples.seeds(), color=True)
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "30")
    assert text(samples.seeds(), color=False) == plain
    assert text(samples.seeds(), color=True) == coloured


HOSTILE = "\x1b]0;owned\x07 \x9b2J \u202egnirts [red]x[/red] :smile: \x1b[31m"


@given(st.text(min_size=1), st.text(st.characters(exclude_categories=())))
def test_no_article_text_reaches_the_terminal_as_a_command(words: str, title: str) -> None:
    shown = text(samples.single(words, title=title, label=title), color=False)
    shown.encode()
    assert not [c for c in shown if c != "\n" and not c.isprintable() and c < "\xa0"]


def test_markup_of_the_terminal_library_stays_text() -> None:
    shown = text(samples.single(HOSTILE, title=HOSTILE, label=HOSTILE), color=False)
    assert "[red]x[/red] :smile:" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e")


def test_wide_letters_fit_the_columns() -> None:
    shown = text(samples.single("中国国家主席习近平" * 20), width=40, color=False)
    assert all(cell_len(row) <= 40 for row in shown.splitlines())


def test_an_empty_briefing_is_still_a_page() -> None:
    empty = Briefing.model_validate(
        samples.seeds().model_dump() | {"stories": (), "chunks": (), "findings": ()}
    )
    assert "0 sources" in text(empty, color=False)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([2], "[2]"),
        ([4, 1, 2], "[4][1][2]"),
        ([4, 1, 2, 3], "[4][1–3]"),
        ([4, 1, 2, 3, 9, 6, 7], "[4][1–3][6–7][9]"),
    ],
)
def test_many_citations_are_written_as_ranges_behind_the_best(
    numbers: list[int], shown: str
) -> None:
    assert terminal._citation_numbers(numbers) == shown
