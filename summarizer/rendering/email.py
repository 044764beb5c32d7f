"""An edition as an email: HTML that mail clients show as intended, and plain text.

Clients drop style sheets, scripts and most layout, so each element carries its own style,
tables hold the page, and every number links to the quoted words at their source.
"""

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.briefing import Disagreement, Sentence
from summarizer.edition import Edition
from summarizer.rendering.html import template_environment
from summarizer.rendering.phrases import (
    PARAGRAPH_SENTENCES,
    authorship,
    byline,
    format_day,
    masthead,
    source_location,
    update_history,
    verdict_note,
)
from summarizer.rendering.references import (
    Bibliography,
    Footnote,
    NumberedSource,
    number_references,
)
from summarizer.rendering.sanitize import clean_line, text_fragment_url, web_url
from summarizer.rendering.view import (
    Chapter,
    EditionStory,
    arrange_chapters,
    briefing_in_chapter_order,
)

__all__ = [
    "CitationMark",
    "MailDisagreement",
    "MailQuotation",
    "MailSentence",
    "MailSource",
    "MailStory",
    "MailView",
    "mail_html",
    "mail_text",
]

MAX_HTML_BYTES = 100_000
"""Bytes of HTML beyond which a widely used client cuts a mail off."""

TEXT_COLUMNS = 76
_NO_BREAK = "\xa0"
"""Keeps a mark on the line of the word before it; no text that is shown holds one."""


class CitationMark(NamedTuple):
    """A quotation's key in the text, and the page opened at the words, if there is one."""

    key: str
    link: str | None


class MailQuotation(NamedTuple):
    mark: CitationMark
    words: str


class MailSource(NamedTuple):
    """A source with its number, and what is quoted from it."""

    number: int
    label: str
    about: str
    address: str | None
    quotations: list[MailQuotation]


class MailSentence(NamedTuple):
    """A sentence, its marks, and what a reader must know beside it."""

    text: str
    marks: list[CitationMark]
    origins: int
    amiss: str


class MailDisagreement(NamedTuple):
    about: str
    sides: list[MailSentence]


class MailStory(NamedTuple):
    """One story; ``aside`` is its day, and what earlier editions told of it."""

    headline: MailSentence
    update: bool
    aside: str
    paragraphs: list[list[MailSentence]]
    disagreements: list[MailDisagreement]


class MailView(NamedTuple):
    """The edition as both forms of the mail lay it out."""

    edition: Edition
    masthead: str
    chapters: list[tuple[str, list[MailStory]]]
    shelves: list[MailSource]
    writer: str


def mail_html(edition: Edition) -> str:
    """The mail as HTML. One too large to be shown whole comes without the quoted words."""
    letter = _mail_view(edition)
    template = template_environment().get_template("mail.html")
    whole = template.render(letter=letter, quotes=True)
    if len(whole.encode()) <= MAX_HTML_BYTES:
        return whole
    return template.render(letter=letter, quotes=False)


def mail_text(edition: Edition) -> str:
    """The mail as plain text, in lines of at most 76 columns but for addresses."""
    return "\n\n".join(_text_blocks(_mail_view(edition))) + "\n"


def _mail_view(edition: Edition) -> MailView:
    chapters = arrange_chapters(edition)
    briefing = briefing_in_chapter_order(edition, chapters)
    if briefing is None:
        return MailView(edition, "", [], [], "")
    references = number_references(briefing)
    return MailView(
        edition,
        masthead(briefing, references.sources),
        [(each.title, _mail_stories(each, references)) for each in chapters],
        _mail_sources(references),
        authorship(briefing.writer),
    )


def _mail_stories(chapter: Chapter, references: Bibliography) -> list[MailStory]:
    return [_mail_story(entry, references) for entry in chapter.entries]


def _mail_story(entry: EditionStory, references: Bibliography) -> MailStory:
    story, update = entry
    said = [_mail_sentence(one, references) for one in story.sentences]
    aside = (format_day(story.date) if story.date else "", update_history(update) if update else "")
    return MailStory(
        _mail_sentence(story.headline, references),
        update is not None,
        ", ".join(filter(None, aside)),
        [said[at : at + PARAGRAPH_SENTENCES] for at in range(0, len(said), PARAGRAPH_SENTENCES)],
        [_mail_disagreement(each, references) for each in story.disagreements],
    )


def _mail_disagreement(disagreement: Disagreement, references: Bibliography) -> MailDisagreement:
    return MailDisagreement(
        disagreement.topic, [_mail_sentence(one, references) for one in disagreement.sides]
    )


def _mail_sentence(sentence: Sentence, references: Bibliography) -> MailSentence:
    marks = [_citation_mark(note) for note in references.of(sentence)]
    return MailSentence(clean_line(sentence.text), marks, sentence.origins, verdict_note(sentence))


def _citation_mark(note: Footnote) -> CitationMark:
    return CitationMark(note.key, text_fragment_url(note.reference.source.url, note.citation.quote))


def _mail_sources(references: Bibliography) -> list[MailSource]:
    held: dict[int, list[MailQuotation]] = {one.number: [] for one in references.sources}
    for note in references.notes.values():
        held[note.reference.number].append(
            MailQuotation(_citation_mark(note), clean_line(note.citation.quote))
        )
    return [_mail_source(each, held[each.number]) for each in references.sources]


def _mail_source(reference: NumberedSource, quotations: list[MailQuotation]) -> MailSource:
    source, address = reference.source, web_url(reference.source.url)
    about = " · ".join(
        filter(None, [byline(reference), "" if address else source_location(source)])
    )
    return MailSource(reference.number, clean_line(source.label), about, address, quotations)


def _text_blocks(letter: MailView) -> Iterator[str]:
    edition = letter.edition
    yield _wrap_text(f"{clean_line(edition.title)} · {format_day(edition.due)}").upper()
    if edition.first_line:
        yield _wrap_text(f"! {clean_line(edition.first_line)}")
    for title, stories in letter.chapters:
        if title:
            heading = clean_line(title)
            yield f"{_wrap_text(heading)}\n{'=' * min(TEXT_COLUMNS, len(heading))}"
        for told in stories:
            yield from _story_blocks(told)
    if letter.shelves:
        yield "Sources\n======="
        yield "\n\n".join(map(_source_block, letter.shelves))
    yield "\n".join(
        _wrap_text(clean_line(note), "- ") for note in (*edition.notes, letter.writer) if note
    )


def _story_blocks(told: MailStory) -> Iterator[str]:
    head = _wrap_text(("UPDATE: " if told.update else "") + _cited_sentence(told.headline))
    rule = "-" * max(map(len, head.splitlines()))
    yield "\n".join(filter(None, [head, rule, told.aside]))
    for paragraph in told.paragraphs:
        yield _wrap_text(" ".join(map(_cited_sentence, paragraph)))
    for differing in told.disagreements:
        sides = [_wrap_text(_cited_sentence(side), "- ") for side in differing.sides]
        yield "\n".join([_wrap_text(f"Sources differ on {clean_line(differing.about)}:"), *sides])


def _cited_sentence(said: MailSentence) -> str:
    marks = "".join(f"[{mark.key}]" for mark in said.marks)
    origins = f"{_NO_BREAK}×{said.origins}" if said.origins > 1 else ""
    return f"{said.text}{_NO_BREAK}{marks}{origins}" + (f" ({said.amiss})" if said.amiss else "")


def _source_block(shelf: MailSource) -> str:
    lead = f"[{shelf.number}] "
    rows = [_wrap_text(f"{shelf.label} · {shelf.about}", lead)]
    rows += [f"    {shelf.address}"] if shelf.address else []
    rows += [_wrap_text(f"“{each.words}”", f"    {each.mark.key}: ") for each in shelf.quotations]
    return "\n".join(rows)


def _wrap_text(text: str, lead: str = "") -> str:
    return textwrap.fill(
        text,
        TEXT_COLUMNS,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_NO_BREAK, " ")
