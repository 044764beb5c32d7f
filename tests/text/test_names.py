"""Proper names: what counts as one."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.names import find_names


def found(text: str) -> list[str]:
    return [name.text for name in find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beijing lifted some curbs.", ["Beijing"]),
        ("Shortages of rare earths have threatened output.", []),
        ("Officials said so. However, nothing moved.", []),
        ("Since Trump returned, prices rose.", ["Trump"]),
        ("Major US stock indices rose.", ["US"]),
        ("US Treasury Secretary Scott Bessent said", ["US", "Scott Bessent"]),
        ("U.S. Secretary of Commerce Howard Rutnik", ["U.S.", "Howard Rutnik"]),
        ("US Secretary of the Treasury Scott Bessent", ["US", "Scott Bessent"]),
        ("a call with Prime Minister Sanae Takaichi", ["Sanae Takaichi"]),
        ("Crown Prince Mohammed bin Salman met Xi.", ["Mohammed bin Salman", "Xi"]),
        (
            "the Department of Government Efficiency (DOGE)",
            ["Department of Government Efficiency", "DOGE"],
        ),
        ("South Korean President Lee Jae-myung", ["South Korean", "Lee Jae-myung"]),
        ("the US-China talks and Taiwan-based firms", ["US", "China", "Taiwan"]),
        ("the U.S.-China talks", ["U.S.", "China"]),
        ("praised O'Brien's plan and Xi’s", ["O'Brien", "Xi"]),
        ("Sen. Ted Cruz and J. D. Vance", ["Ted Cruz", "J. D. Vance"]),
        ("On Monday Trump met them in November.", ["Trump"]),
        ("In 2019 Theresa May left.", ["Theresa May"]),
        ("China's Ministry of Foreign Affairs", ["China", "Ministry of Foreign Affairs"]),
        ("Trump and Xi and the White House", ["Trump", "Xi", "White House"]),
        ("according to France 24 and Iran International", ["France 24", "Iran International"]),
        ("he told the New York Times", ["New York Times"]),
        ("Traffic was stopped. Children were led away.", []),
        ("Everybody said so. Un barco se hundió.", []),
        ("Iran\nInternational reported it.", ["Iran\nInternational"]),
        ("He said, “We have made progress.”", []),
        ("- Trade Truce: The call follows", []),
        ("Президент США Дональд Трамп прибув до Києва.", ["США", "Дональд Трамп", "Києва"]),
        ("ドナルド・トランプ大統領がデータを", ["ドナルド・トランプ"]),
        ("", []),
    ],
)
def test_names_in_a_text(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_headings_are_no_evidence() -> None:
    text = "Negotiations On Rare Earths Begin\nThe negotiations on rare earths, he said, begin."
    assert found(text) == []
    assert found("CHINA HALTS SALES OF CHIPS") == ["CHINA"]


def test_a_first_word_is_a_name_when_it_is_one_elsewhere() -> None:
    assert found("Nvidia chips are sold. They like Nvidia.") == ["Nvidia", "Nvidia"]
    assert find_names("Nvidia soars.") == ()
    assert [name.text for name in find_names("Nvidia soars.", {"Nvidia"})] == ["Nvidia"]
    assert found("Oil is sold. They like oil.") == []


@given(st.text(alphabet="AbC .-'\nдЖ’,of24:“”ア・") | st.text())
def test_spans_are_true_ordered_and_apart(text: str) -> None:
    found_names = find_names(text)
    assert all(text[n.span.start : n.span.end] == n.text for n in found_names)
    assert all(n.words for n in found_names)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found_names))


@pytest.mark.parametrize(
    "piece", ["Ab ", "Ab of ", "Ab-", "A.", "A'", "Ab\n", "French ", "ア・", "."]
)
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    find_names(piece * (60_000 // len(piece)))
    assert time.process_time() - started < 3
