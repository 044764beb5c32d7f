"""An edition as an email: HTML that mail clients show as intended, and plain text.

Clients drop style sheets, scripts and most layout, so each element has its own style, tables hold
the page, and every number links to the quoted words at their source.
"""

import textwrap
from collections.abc import Iterator
from unicodedata import east_asian_width

from summarizer.rendering.html import template_environment
from summarizer.rendering.view import PageView, SentenceView, SourceView, StoryView

MAX_HTML_BYTES = 100_000
"""Bytes of HTML beyond which a widely used client cuts a mail off."""

TEXT_COLUMNS = 76
_NO_BREAK = "\xa0"
"""Keeps a citation on the line of the word before it; no text that is shown holds one."""


def mail_html(page: PageView) -> str:
    """The mail as HTML; one that a client would cut off comes without the quoted words."""
    template = template_environment().get_template("mail.html")
    whole = template.render(page=page, quotes=True)
    if len(whole.encode()) <= MAX_HTML_BYTES:
        return whole
    return template.render(page=page, quotes=False)


def mail_text(page: PageView) -> str:
    """The mail as plain text, in lines of at most 76 columns except for addresses."""
    return "\n\n".join(_text_blocks(page)) + "\n"


def _text_blocks(page: PageView) -> Iterator[str]:
    yield _capitals(_wrap_text(page.heading), page)
    if page.first_line:
        yield _wrap_text(f"! {page.first_line}")
    if page.synopsis:
        yield _wrap_text(" ".join(map(_cited_sentence, page.synopsis)))
    if page.in_brief:
        lines = [_wrap_text(_cited_sentence(headline), "- ") for headline in page.in_brief]
        yield "\n".join([_underlined(page.labels("in_brief")), *lines])
    for chapter in page.chapters:
        if chapter.title:
            yield _underlined(_wrap_text(chapter.title))
        for story in chapter.stories:
            yield from _story_blocks(story, page)
    if page.sources:
        yield _underlined(page.labels("sources"))
        yield from map(_source_block, page.sources)
    yield "\n".join(_wrap_text(note, "- ") for note in (*page.notes, page.credit) if note)


def _story_blocks(story: StoryView, page: PageView) -> Iterator[str]:
    update = f"{_capitals(page.labels('update'), page)}: " if story.update else ""
    headline = _wrap_text(update + _cited_sentence(story.headline))
    yield "\n".join(filter(None, [_underlined(headline, "-"), story.dateline]))
    for paragraph in story.paragraphs:
        yield _wrap_text(" ".join(map(_cited_sentence, paragraph)))
    for each in story.disagreements:
        sides = [_wrap_text(_cited_sentence(side), "- ") for side in each.sides]
        yield "\n".join([_wrap_text(f"{each.lead} {each.topic}:"), *sides])


def _cited_sentence(sentence: SentenceView) -> str:
    marks = "".join(f"[{citation.key}]" for citation in sentence.citations)
    origins = f"{_NO_BREAK}×{sentence.origins}" if sentence.origins > 1 else ""
    note = f" ({sentence.note})" if sentence.note else ""
    return f"{sentence.text}{_NO_BREAK}{marks}{origins}{note}"


def _source_block(source: SourceView) -> str:
    place = "" if source.url else source.location
    about = " · ".join(filter(None, [source.label, source.byline, place]))
    rows = [_wrap_text(about, f"[{source.number}] ")]
    rows += [f"    {source.url}"] if source.url else []
    for each in source.quotations:
        rows.append(_wrap_text(f"“{each.citation.quote}”", f"    {each.citation.key}: "))
    return "\n".join(rows)


def _capitals(text: str, page: PageView) -> str:
    """The text in capitals where they are English ones: other languages have rules of their own."""
    return text.upper() if page.labels.is_english else text


def _underlined(text: str, rule: str = "=") -> str:
    """The text with a rule as long as its longest line, in which Chinese characters are wide."""
    wide = [sum(east_asian_width(each) in "FW" for each in line) for line in text.splitlines()]
    columns = max(map(int.__add__, map(len, text.splitlines()), wide))
    return f"{text}\n{rule * min(TEXT_COLUMNS, columns)}"


def _wrap_text(text: str, lead: str = "") -> str:
    return textwrap.fill(
        text,
        TEXT_COLUMNS,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_NO_BREAK, " ")
