"""Marks of every tool lead to the sources that they mean, and what is no mark stays text."""

from datetime import date

import pytest

from summarizer.audit.parse import parse_draft
from summarizer.audit.references import resolve_references
from summarizer.sources.articles import Article

DAM = Article("The dam holds.", path="reports/dam.txt", title="Engineers inspect the dam")
POLL = Article(
    "Voters are split.",
    url="https://www.daily.example/2024/poll",
    title="Voters split on the tax",
    publisher="The Daily",
    published=date(2024, 6, 1),
    published_from="page",
)
RICE = Article("Rice is dearer.", path="reports/tanaka2022.pdf", title="Rice prices in spring")
SOURCES = (DAM, POLL, RICE)
NUMBERS = {source.id: number for number, source in enumerate(SOURCES, start=1)}


def read(text: str) -> list[tuple[str, list[int]]]:
    """Each sentence with the numbers of the sources that its marks lead to, 0 for nothing."""
    draft = parse_draft(text, SOURCES)
    found = resolve_references(draft, SOURCES)
    return [
        (
            one.text,
            [NUMBERS.get(found.sources([mark])[0], 0) if found.sources([mark]) else 0
             for mark in one.marks],
        )
        for one in draft.sentences
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "sources"),
    [
        (" [2]", [2]),
        ("[2]", [2]),
        (" [ 2 ]", [2]),
        (" ［2］", [2]),
        (" \\[2\\]", [2]),
        (" [[2]]", [2]),
        (" **[2]**", [2]),
        ("²", [2]),
        ("¹,³", [1, 3]),
        ("¹⁻³", [1, 2, 3]),
        ("²³", [2, 3]),
        ("<sup>2</sup>", [2]),
        ('<sup><a href="#fn2">2</a></sup>', [2]),
        ("【2】", [2]),
        ("【2†source】", [2]),
        ("【3†L4-L9】", [3]),
        ("【5:1†source】", [2]),
        ("【5:0†dam.txt】", [1]),
        (" \ue200cite\ue202turn0search0\ue202turn0news2\ue201", [1, 3]),
        (" citeturn0search1", [2]),
        (" :contentReference[oaicite:1]{index=1}", [2]),
        (" ##2$$", [3]),
        (" [ID:0]", [1]),
        (" (source 2)", [2]),
        (" (sources 1 and 3)", [1, 3]),
        (" (Source: dam.txt)", [1]),
        (" [Doc 3, page 12]", [3]),
        (" [doc2]", [2]),
        (" [cite: 1, 3]", [1, 3]),
        (" [citation:2]", [2]),
        (" [S1, S3]", [1, 3]),
        (" (S2)", [2]),
        (" [E1, E2]", [1, 2]),
        (" [1_7]", [1]),
        (" [2, p. 8]", [2]),
        (" [1/3]", [1, 3]),
        (" [1 to 3]", [1, 2, 3]),
        (" [source no. 2]", [2]),
        (" ((source 2))", [2]),
        (" (reports/dam.txt:12)", [1]),
        (" [^2]", [2]),
        ("[^2^]", [2]),
        (" [web:2]", [2]),
        (" [Data: Sources (1, 3)]", [1, 3]),
        (" (Tanaka, 2022)", [3]),
        (" (Tanaka et al., 2022; The Daily, 2024)", [3, 2]),
        (" (Tanaka2022 pages 4-5)", [3]),
        (" ([Tanaka, 2022])", [3]),
        (" [@tanaka2022, pp. 4-5]", [3]),
        (" \\cite{tanaka2022,dam}", [3, 1]),
        (" [dam.txt]", [1]),
        (" (dam.txt)", [1]),
        (" [dam.txt#page=2]", [1]),
        (" [dam.txt][tanaka2022.pdf]", [1, 3]),
        (" [[dam#Findings|the report]]", [1]),
        (" (“Voters split on the tax”)", [2]),
        ("[1](reports/tanaka2022.pdf)", [3]),
        ("[The Daily](https://daily.example/2024/poll)", [2]),
        (" ([daily.example](https://daily.example/2024/poll?utm_source=chat))", [2]),
        ('<a href="reports/dam.txt">[7]</a>', [1]),
        ("^[As in dam.txt]", [1]),
        ("<ref>dam.txt</ref>", [1]),
    ],
)
def test_marks_of_every_tool(mark: str, sources: list[int]) -> None:
    assert read(f"The water rose{mark}. It fell.") == [
        ("The water rose.", sources),
        ("It fell.", []),
    ]
    if not mark.startswith(" \\cite"):
        assert read(f"The water rose again.{mark}\n") == [("The water rose again.", sources)]


def test_tags_before_their_words() -> None:
    claude = '<cite index="0-1,2-4">The water rose.</cite> <cite index="1-1">It fell.</cite>'
    cohere = "<co: 0,2>The water rose.</co: 0,2> <co: 1>It fell.</co: 1>"
    gemini = "[cite_start]The water rose. [cite: 1, 3] [cite_start]It fell. [cite: 2]"
    for text in (claude, cohere, gemini):
        assert read(text) == [("The water rose.", [1, 3]), ("It fell.", [2])]


def test_one_zero_makes_its_whole_series_count_from_zero() -> None:
    assert read("It rose [chunk 0]. It fell [chunk 2].") == [("It rose.", [1]), ("It fell.", [3])]
    assert read("It rose [0]. It fell [3].") == [("It rose.", [0]), ("It fell.", [3])]


@pytest.mark.parametrize(
    "text",
    [
        "The hall has 900 m² and 10³ seats.",
        "The treaty (1998) and the bridge (2004) are old.",
        "They (1) came, (2) saw and (3) left.",
        "The matrix `m[1]` has `[2]` rows.",
        "“He [the mayor] saw [12] men [sic],” they wrote.",
        "Mail info@daily.example or @thedaily for more.",
        "It is version 2.1 of the plan (June 2022).",
        "The team (Tanaka, Silva and Roy) won.",
        "Under the pact (Article 2) nobody pays.",
        "The blaze (dam) went on.",
        "The Colts (3-1) beat the Jets (2-2).",
        "The race was shown live (@IndyCar).",
    ],
)
def test_what_cites_nothing_is_text(text: str) -> None:
    shown = text.replace("`", "")
    assert read(text) == [(shown, [])]


def test_doubtful_forms_count_where_the_draft_uses_them() -> None:
    assert read("It rose (Tanaka, 2022). It fell (Silva, 2020).") == [
        ("It rose.", [3]),
        ("It fell.", [0]),
    ]
    assert read("It fell (Silva, 2020).") == [("It fell (Silva, 2020).", [])]
    assert read("It rose.1 It fell.2\n") == [("It rose.", [1]), ("It fell.", [2])]
    assert read("It rose {1}. It fell {2}.") == [("It rose.", [1]), ("It fell.", [2])]
    assert read("It rose.1 It fell.\n") == [("It rose.1 It fell.", [])]


def test_a_year_behind_a_name_is_a_mark_and_the_name_stays() -> None:
    assert read("Tanaka (2022) says that rice is dearer.") == [
        ("Tanaka says that rice is dearer.", [3])
    ]


def test_a_mark_may_be_the_subject_of_its_sentence() -> None:
    text = "According to [1], the water rose. [2] reports that it fell. It stood. [3]\n"
    assert read(text) == [
        ("According to, the water rose.", [1]),
        ("reports that it fell.", [2]),
        ("It stood.", [3]),
    ]


def test_marks_on_a_line_of_their_own_belong_to_what_is_above() -> None:
    assert read("It rose\n[1]\n\nIt fell.\n\n[2]\n\nIt stood.\n") == [
        ("It rose", [1]),
        ("It fell.", [2]),
        ("It stood.", []),
    ]


def test_marks_that_lead_nowhere_are_marks() -> None:
    for mark in ("[9]", "[^9]", "(source 9)", "【9†source】", "[gone.txt]", "[@gone]", "##9$$"):
        assert read(f"The water rose {mark}.") == [("The water rose.", [0])], mark


def test_leftovers_of_one_pattern_are_marks_of_an_unknown_form() -> None:
    text = "It rose |#1|. It fell |#2|. It stood |#3|.\n"
    draft = parse_draft(text, SOURCES)
    assert [one.text for one in draft.sentences] == ["It rose.", "It fell.", "It stood."]
    note = resolve_references(draft, SOURCES).note
    assert note.startswith("marks of an unknown form: “|#1|”, “|#2|”, “|#3|”; each sentence")
    note = resolve_references(parse_draft(f"It came [1]. {text}", SOURCES), SOURCES).note
    assert note.startswith("numbers follow the order")
    assert note.endswith("; marks of an unknown form: “|#1|”, “|#2|”, “|#3|”")
    assert "unknown" not in resolve_references(parse_draft("He |#1| came.", SOURCES), SOURCES).note
