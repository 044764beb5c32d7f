"""Lists of sources in every shape, tables, and sentences that are no claims."""

import pytest

from summarizer.audit.parse import parse_draft
from summarizer.sources.articles import Article

SOURCES = (
    Article("The dam holds.", path="dam.txt", title="Engineers inspect the dam"),
    Article("Rice is dearer.", path="silva2022.txt", title="Rice prices in spring"),
)


@pytest.mark.parametrize(
    "listed",
    [
        "<details><summary>Sources</summary>\n\n1. silva2022.txt\n2. dam.txt\n\n</details>\n",
        "Sources: [1] silva2022.txt, [2] dam.txt\n",
        "**Sources:** silva2022.txt; dam.txt\n",
        "1. silva2022.txt\n2. dam.txt\n",
        "- silva2022.txt\n- dam.txt\n",
        "[1] “Rice prices in spring”, p. 2\n[2] Engineers inspect the dam.\n",
        "¹ silva2022.txt\n² dam.txt\n",
        "## Quellen\n\n[1] silva2022.txt\n[2] dam.txt\n",
        "| # | Source |\n|---|---|\n| 1 | silva2022.txt |\n| 2 | dam.txt |\n",
        "📚 References\n• silva2022.txt\n• dam.txt\n",
        'Sources:\n<ol><li><a href="silva2022.txt">Rice</a></li>\n<li>dam.txt</li></ol>\n',
        "## References\n\nSilva, A. (2022). Rice. silva2022.txt\n\nBoard (2021). dam.txt\n",
    ],
)
def test_a_list_of_sources_is_read_in_every_shape(listed: str) -> None:
    draft = parse_draft(f"The dam holds [2]. Rice is dearer [1].\n\n{listed}", SOURCES)
    assert [one.text for one in draft.sentences] == ["The dam holds.", "Rice is dearer."]
    entries = {label: entry.text for label, entry in draft.source_list.items()}
    named = ("silva", "rice"), ("dam",)
    for label, words in zip("12", named, strict=True):
        assert any(word in entries[label].casefold() for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "Sources close to the mayor said that the dam holds [1].",
        "References to the dam were cut from the text [1].",
        "Sources: two officials who did not want to be named.",
    ],
)
def test_sentences_on_sources_are_no_list(text: str) -> None:
    draft = parse_draft(text, SOURCES)
    assert len(draft.sentences) == 1
    assert draft.source_list == {}


def test_tables_and_their_heads_are_not_judged_but_a_row_that_cites_is() -> None:
    text = (
        "| Claim | Source |\n|:---|---|\n| The dam holds | [1] |\n| Costs | none |\n\n"
        "Item | Price\n--- | ---\nRice | 3\n\nIt rained.\n"
    )
    draft = parse_draft(text, SOURCES)
    assert [one.text for one in draft.sentences] == ["The dam holds", "It rained."]
    assert [each.text for each in draft.skipped if each.reason == "table"] == [
        "| Claim | Source |", "|:---|---|", "| Costs | none |",
        "Item | Price", "--- | ---", "Rice | 3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The sources do not say who paid.", "about_sources"),
        ("None of the articles mentions a price.", "about_sources"),
        ("I could not find anything about the price in the provided documents.", "about_sources"),
        ("Based on the given texts, it is not clear who paid.", "about_sources"),
        ("The price is not stated in the sources.", "about_sources"),
        ("There is no information on the price in these articles.", "about_sources"),
        ("The provided context contains no details on the price.", "about_sources"),
        ("Die Quellen nennen keinen Preis.", "about_sources"),
        ("Sure, here is a short summary of the two articles:", "chat"),
        ("Here's the revised summary you asked for.", "chat"),
        ("Let me know if you would like more.", "chat"),
        ("Would you like me to add the dates?", "chat"),
        ("I hope this helps!", "chat"),
    ],
)
def test_sentences_that_claim_nothing_are_set_apart(text: str, reason: str) -> None:
    draft = parse_draft(f"{text}\n\nThe dam holds [1].", SOURCES)
    assert [one.text for one in draft.sentences] == ["The dam holds."]
    assert [(each.reason, each.text, each.start) for each in draft.skipped] == [(reason, text, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "The sources do not say who paid, but it was 40 million euros.",
        "The sources do not say who paid [1].",
        "The sources agree that the dam holds.",
        "The report does not name the minister.",
        "Sure enough, the dam broke.",
        "He is not named in the court documents.",
        "According to the provided sources, the dam holds.",
        "Here is where the dam broke.",
    ],
)
def test_sentences_that_claim_something_are_judged(text: str) -> None:
    assert len(parse_draft(text, SOURCES).sentences) == 1
