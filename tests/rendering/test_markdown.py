import re
from html import escape as html_escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from summarizer.rendering.markdown import escape_markdown
from summarizer.rendering.sanitize import clean_line
from tests.rendering import samples
from tests.rendering.words import markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = st.text(st.sampled_from("ab1 .)(*_`~[]<>#+-=!|\\:/&;^$\n\t@\"'"), min_size=1, max_size=40)


@given(st.one_of(MARKUP, st.text()))
def test_escaped_text_reads_as_it_stands(text: str) -> None:
    shown = clean_line(text)
    expected = f"<p>{html_escape(shown, quote=False)}</p>\n" if shown else ""
    rendered = READER.render(escape_markdown(text)).replace("&quot;", '"')
    assert rendered == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "![x](https://spy.example/pixel)",
        "a | b\n--|--",
        "# heading",
        "&lt;b&gt;",
        "[^1]: taken over",
    ],
)
def test_an_article_brings_no_markup(text: str) -> None:
    shown = markdown(samples.single(text, title=text, label=text))
    html = READER.render(shown)
    assert not re.search(r"<(script|img|table|a )", html)
    assert html.count("<h1>") == 1


def test_each_citation_is_a_footnote_with_words_source_date_and_link() -> None:
    shown = markdown(samples.seeds())
    assert (
        "[^6]: *The call, not previously flagged by either country, came weeks after the two"
        " leaders met* Reuters · 24 Nov 2025 · [at the quote](https://news.example/world/"
    ) in shown
    assert "#:~:text=" in shown


def test_every_mark_has_its_footnote_and_every_footnote_its_mark() -> None:
    shown = markdown(samples.seeds())
    made = re.findall(r"^\[\^(\d+)\]:", shown, re.MULTILINE)
    used = re.findall(r"\[\^(\d+)\](?!:)", shown)
    assert made == [str(at) for at in range(1, len(made) + 1)]
    assert list(dict.fromkeys(used)) == made


def test_no_sentence_is_without_a_mark() -> None:
    shown = markdown(samples.seeds())
    for told in samples.seeds().all_sentences():
        assert f"{escape_markdown(told.text)}[^" in shown


def test_a_script_address_is_text_and_no_link() -> None:
    shown = markdown(samples.single("Words.", url="javascript:alert(1)"))
    assert "](javascript" not in shown
    assert "<javascript" not in shown
