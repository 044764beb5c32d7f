"""What the sources license as the same, and what kind of thing a name names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.aliases import (
    find_aliases,
    is_named_in,
    is_outlet,
    is_same_name,
    is_spelling_variant,
)
from summarizer.text.names import find_names

SOURCES = (
    "They met Donald Trump. The world saw Trump and Xi Jinping; then Xi left with Scott Bessent.",
    "Staff of the World Health Organization (WHO) met with George Bush, and Jeb Bush.",
    "He works for the Department of Government Efficiency (DOGE).",
)
KNOWN = find_aliases(SOURCES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trump", "Donald Trump"),
        ("Trump", "Donald J. Trump"),
        ("Xi", "Xi Jinping"),
        ("Bessent", "Scott Bessent"),
        ("WHO", "World Health Organization"),
        ("DOGE", "Department of Government Efficiency"),
        ("Chinese", "China"),
        ("American", "U.S."),
        ("South Korean", "South Korea"),
        ("Malawian", "Malawi"),
        ("Foreign Ministry", "Ministry of Foreign Affairs"),
        ("Трампа", "Трамп"),
    ],
)
def test_licensed_by_the_sources(one: str, other: str) -> None:
    assert is_same_name(one, other, KNOWN)
    assert is_same_name(other, one, KNOWN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bush", "George Bush"),
        ("Biden", "Joe Biden"),
        ("Iran", "Iran International"),
        ("China", "China Daily"),
        ("Iran", "Iraq"),
        ("Beijing", "China"),
        ("Donald Trump", "Melania Trump"),
        ("Donald Trump", "Donald Trump Jr"),
        ("New York", "New York Times"),
        ("China Daily", "South China Daily"),
    ],
)
def test_not_licensed(one: str, other: str) -> None:
    assert not is_same_name(one, other, KNOWN)
    assert not is_same_name(other, one, KNOWN)


def test_an_outlet_names_no_place() -> None:
    evidence = find_names(
        "Iran International and France 24 reported it, as did Bloomberg Television."
    )
    claims = find_names(
        "The minister of Iran and a man in France saw Bloomberg and Iran International."
    )
    assert [is_named_in(name, evidence, {}) for name in claims] == [False, False, False, True]


@pytest.mark.parametrize("name", ["New York Times", "France 24", "China Daily", "Taipei Times"])
def test_outlets(name: str) -> None:
    assert is_outlet(name)


@pytest.mark.parametrize("name", ["Iran", "France", "Times", "Donald Trump"])
def test_no_outlets(name: str) -> None:
    assert not is_outlet(name)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Howard Lutnick", "Howard Rutnik", True),
        ("Lutnick", "Rutnik", True),
        ("Zelensky", "Zelenskyy", True),
        ("Mohammed bin Salman", "Mohammad bin Salman", True),
        ("Boris Johnson", "Boris Johnston", True),
        ("Trump", "Trump", False),
        ("Trump", "Truman", False),
        ("Iran", "Iraq", False),
        ("Austria", "Australia", False),
        ("Niger", "Nigeria", False),
        ("Slovakia", "Slovenia", False),
        ("Bush", "Rush", False),
        ("John Smith", "Joan Smith", False),
        ("Michael Jackson", "Michaela Jackson", False),
        ("Xi Jinping", "Jinping", False),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str, expected: bool) -> None:
    assert is_spelling_variant(one, other) is expected
    assert is_spelling_variant(other, one) is expected


@given(st.text(min_size=1), st.text(min_size=1))
def test_comparisons_know_no_order(one: str, other: str) -> None:
    assert is_same_name(one, one, {})
    assert is_same_name(one, other, {}) is is_same_name(other, one, {})
    assert is_spelling_variant(one, other) is is_spelling_variant(other, one)
