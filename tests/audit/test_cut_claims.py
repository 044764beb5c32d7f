"""What a text may not gain by leaving something out of a source sentence."""

import pytest

from summarizer import Article, check

CUT: list[tuple[str, str]] = [
    # source, claim
    ("A cousin of Ines Roth robbed the bank in Linz.", "Ines Roth robbed the bank in Linz."),
    ("Supposedly, the yard sold both ferries.", "The yard sold both ferries."),
    ("Hoax: The yard sold both ferries.", "The yard sold both ferries."),
    ("The yard sold both ferries, it was rumoured.", "The yard sold both ferries."),
    ("The yard sold both ferries (parody).", "The yard sold both ferries."),
    ("Fewer than 70 sailors joined the march.", "70 sailors joined the march."),
    ("Neither Kiel nor Emden gets a new quay.", "Emden gets a new quay."),
    ("All towns except Emden raised the fee.", "Emden raised the fee."),
    ("The owner denied that the dam had burst.", "The dam had burst."),
    ("Did the mayor resign?", "Did the mayor resign."),
    ('Lena Hahn said: "The dam is leaking."', "The dam is leaking."),
    ("The pilot, said the guard, is a thief.", "The pilot said the guard is a thief."),
    ("No, the bridge is open.", "No bridge is open."),
    ("副市长周一辞职。", "市长周一辞职。"),
]


@pytest.mark.parametrize(("source", "claim"), CUT)
def test_a_part_of_a_sentence_is_not_supported_by_it(source: str, claim: str) -> None:
    report = check(f"{claim[:-1]} [1]{claim[-1]}", Article.of(source, name="source.txt"))
    assert [sentence.verdict for sentence in report.sentences] != ["supported"]


@pytest.mark.parametrize(("source", "_claim"), CUT[:9])
def test_the_whole_sentence_is(source: str, _claim: str) -> None:
    report = check(f"{source[:-1]} [1].", Article.of(source, name="source.txt"))
    assert [sentence.verdict for sentence in report.sentences] == ["supported"]
