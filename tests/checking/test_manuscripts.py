import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.audit.draft import ParsedDraft
from summarizer.audit.parse import parse_draft
from summarizer.sources.articles import Article


def told(draft: ParsedDraft) -> list[tuple[str, list[str]]]:
    return [(one.text, [mark.label for mark in one.marks]) for one in draft.sentences]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("A fire broke out [1].", ["1"]),
        ("A fire broke out.[1]", ["1"]),
        ("A fire broke out. [1][2]", ["1", "2"]),
        ("A fire broke out [1, 2; 4].", ["1", "2", "4"]),
        ("A fire broke out [1-3].", ["1", "2", "3"]),
        ("A fire broke out [2–3].", ["2", "3"]),
        ("A fire broke out [^1].", ["^1"]),
        ("A fire broke out.[^bbc]", ["^bbc"]),
        ("A fire broke out (S1).", ["1"]),
        ("A fire broke out (S1, S3).", ["1", "3"]),
        ("A fire broke out [S2].", ["2"]),
        ("A fire broke out <sup>[1]</sup>.", ["1"]),
        ("A fire broke out [[1]](https://a.example/x).", ["1"]),
        ("A fire broke out ([Reuters](https://a.example/x_(y))).", ["https://a.example/x_(y)"]),
        ("A fire broke out (https://a.example/x).", ["https://a.example/x"]),
        ("A fire broke out <https://a.example/x>.", ["https://a.example/x"]),
        ("A fire broke out [1-900].", ["1", "900"]),
        ("A fire [1] broke out [2].", ["1", "2"]),
        ("[1] A fire broke out.", ["1"]),
        ("A fire broke out (1) in [2025].", []),
        ("A fire broke out.", []),
    ],
)
def test_marks_in_common_forms(text: str, labels: list[str]) -> None:
    sources = [Article("A fire broke out.", path=f"news/{n}.txt") for n in range(4)]
    ((_, found),) = told(parse_draft(text, sources))
    assert found == labels


def test_a_mark_belongs_to_the_sentence_before_it() -> None:
    text = "A fire broke out. [1] It rained.[2] He left the U.S. [5]. “Why?” she asked [3]. Yes.\n"
    assert told(parse_draft(text)) == [
        ("A fire broke out.", ["1"]),
        ("It rained.", ["2"]),
        ("He left the U.S.", ["5"]),
        ("“Why?” she asked.", ["3"]),
        ("Yes.", []),
    ]


def test_a_wrapped_text_stays_whole() -> None:
    text = (
        "The long discussions about the harbour went on until the late evening [1]. The\n"
        "90-day deal to roll back tariffs and trade restrictions is tenuous, and [2]\n"
        "nobody knows whether it will be renewed when it ends in the coming summer [3]."
    )
    assert [labels for _, labels in told(parse_draft(text))] == [["1"], ["2", "3"]]


def test_markdown_is_taken_out_and_offsets_stay() -> None:
    text = "- **Twelve** people _died_ in `Bern` [1].\n2. See [the report](a.txt): 5 \\* 3.\n"
    draft = parse_draft(text)
    assert [one.text for one in draft.sentences] == [
        "Twelve people died in Bern.",
        "See the report: 5 * 3.",
    ]
    assert text[slice(*draft.sentences[0].span)] == "Twelve** people _died_ in `Bern` [1]."


def test_headings_code_and_tables_are_told_and_not_judged() -> None:
    text = (
        "# A title\n\nIt burnt.\n\nAnother title\n=====\n\n**Bold title**\n\n```\ncode [1]\n```\n"
        "| a | b |\n|---|---|\n\n## A headline with its source [1]\n"
    )
    draft = parse_draft(text)
    assert told(draft)[-1] == ("A headline with its source", ["1"])
    assert {line.reason for line in draft.skipped} == {"heading", "code", "table"}
    assert "It burnt." in [one.text for one in draft.sentences]


@pytest.mark.parametrize(
    "listed",
    [
        "## Sources\n\n1. Reuters, a.txt\n2. AFP,\n   b.txt\n",
        "References:\n[1] Reuters, a.txt\n[2] AFP,\n    b.txt\n",
        "**Sources**\n- Reuters, a.txt\n- AFP, b.txt\n",
        "[1]: Reuters, a.txt\n[2]: AFP, b.txt\n",
        "[1] Reuters, a.txt\n\n[2] AFP, b.txt\n",
    ],
)
def test_lists_of_sources_are_read(listed: str) -> None:
    draft = parse_draft(f"A fire broke out [1]. It rained [2].\n\n{listed}")
    assert len(draft.sentences) == 2
    assert {label: entry.text for label, entry in draft.source_list.items()} == {
        "1": "Reuters, a.txt", "2": "AFP, b.txt"
    }  # fmt: skip


def test_the_words_of_a_link_are_prose_unless_they_only_name_the_source() -> None:
    text = (
        "It burnt ([Reuters](a.txt)). [The police](b.txt) came. Nobody died. [AFP](c.txt)\n\n"
        "It rained. [x](d.txt) [y](e.txt)\n"
    )
    assert told(parse_draft(text)) == [
        ("It burnt.", ["a.txt"]),
        ("The police came.", ["b.txt"]),
        ("Nobody died.", ["c.txt"]),
        ("It rained.", ["d.txt", "e.txt"]),
    ]


def test_prose_behind_a_list_is_judged() -> None:
    draft = parse_draft("It burnt [1].\n\nSources\n\n1. a.txt\n\nIt rained, too.\n")
    assert [one.text for one in draft.sentences] == ["It burnt.", "It rained, too."]


def test_footnotes_have_names_of_their_own() -> None:
    draft = parse_draft(
        "It burnt [^1] here [1].\n\n[^1]: The *depot*,\n    in a\\_b.txt\n\nIt rained.\n"
    )
    assert draft.source_list["^1"].text == "The *depot*, in a_b.txt"
    assert "1" not in draft.source_list
    assert [one.text for one in draft.sentences] == ["It burnt here.", "It rained."]


def test_lines_that_open_with_numbers_nobody_cited_are_sentences() -> None:
    assert told(parse_draft("[1] A fire broke out.\n[2] It rained.\n")) == [
        ("A fire broke out.", ["1"]),
        ("It rained.", ["2"]),
    ]


@given(st.text(st.sampled_from("ab A.[]()^1S2,-–#*_`\\\n<>:/|!"), max_size=80))
def test_any_text_is_read_and_nothing_stands_twice(text: str) -> None:
    draft = parse_draft(text)
    ends = [0]
    for one in draft.sentences:
        assert ends[-1] <= one.span.start < one.span.end <= len(text)
        ends.append(one.span.end)
        assert one.text == " ".join(one.text.split())


@pytest.mark.parametrize("piece", ["[", " ", "- ", "*", "(S1, ", "[a](", "[1, ", "_a", "|--", "\\"])
def test_reading_takes_time_in_proportion_to_the_text(piece: str) -> None:
    text = piece * 20_000
    started = time.process_time()
    parse_draft(text)
    assert time.process_time() - started < 10
