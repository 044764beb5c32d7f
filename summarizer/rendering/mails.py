"""The edition as a mail: HTML that mail clients show as it is meant, and plain text.

Clients drop style sheets, scripts and most layout: so each element carries its style, tables
hold the page, and every number opens the quoted words at their source.
"""

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.briefings import Disagreement, Sentence
from summarizer.editions import Edition
from summarizer.rendering.arranged import Chapter, Entry, arrange, in_order
from summarizer.rendering.html import environment
from summarizer.rendering.links import quoted, web
from summarizer.rendering.references import Note, Reference, References, number
from summarizer.rendering.visible import line
from summarizer.rendering.wording import (
    PARAGRAPH,
    authorship,
    byline,
    day,
    history,
    masthead,
    place,
    standing,
)

__all__ = [
    "Differing",
    "Letter",
    "Mark",
    "Quoted",
    "Said",
    "Shelf",
    "Told",
    "mail_html",
    "mail_text",
]

LARGEST = 100_000
"""Bytes of HTML beyond which a widely used client cuts a mail off."""

WIDTH = 76
_GLUE = "\xa0"
"""Keeps a mark on the line of the word before it; no text that is shown holds one."""


class Mark(NamedTuple):
    """A quotation's key in the text, and the page opened at the words, if there is one."""

    key: str
    link: str | None


class Quoted(NamedTuple):
    mark: Mark
    words: str


class Shelf(NamedTuple):
    """A source with its number, and what is quoted from it."""

    number: int
    label: str
    about: str
    address: str | None
    quotations: list[Quoted]


class Said(NamedTuple):
    """A sentence, its marks, and what a reader must know beside it."""

    text: str
    marks: list[Mark]
    origins: int
    amiss: str


class Differing(NamedTuple):
    about: str
    sides: list[Said]


class Told(NamedTuple):
    """One story; ``aside`` is its day, and what earlier editions told of it."""

    headline: Said
    update: bool
    aside: str
    paragraphs: list[list[Said]]
    disagreements: list[Differing]


class Letter(NamedTuple):
    """The edition as both forms of the mail lay it out."""

    edition: Edition
    masthead: str
    chapters: list[tuple[str, list[Told]]]
    shelves: list[Shelf]
    writer: str


def mail_html(edition: Edition) -> str:
    """The mail as HTML. One too large to be shown whole comes without the quoted words."""
    letter = _letter(edition)
    template = environment().get_template("mail.html")
    whole = template.render(letter=letter, quotes=True)
    if len(whole.encode()) <= LARGEST:
        return whole
    return template.render(letter=letter, quotes=False)


def mail_text(edition: Edition) -> str:
    """The mail as plain text, in lines of at most 76 columns but for addresses."""
    return "\n\n".join(_text(_letter(edition))) + "\n"


def _letter(edition: Edition) -> Letter:
    chapters = arrange(edition)
    briefing = in_order(edition, chapters)
    if briefing is None:
        return Letter(edition, "", [], [], "")
    references = number(briefing)
    return Letter(
        edition,
        masthead(briefing, references.sources),
        [(each.title, _stories(each, references)) for each in chapters],
        _shelves(references),
        authorship(briefing.writer),
    )


def _stories(chapter: Chapter, references: References) -> list[Told]:
    return [_told(entry, references) for entry in chapter.entries]


def _told(entry: Entry, references: References) -> Told:
    story, update = entry
    said = [_said(one, references) for one in story.sentences]
    aside = (day(story.date) if story.date else "", history(update) if update else "")
    return Told(
        _said(story.headline, references),
        update is not None,
        ", ".join(filter(None, aside)),
        [said[at : at + PARAGRAPH] for at in range(0, len(said), PARAGRAPH)],
        [_differing(each, references) for each in story.disagreements],
    )


def _differing(disagreement: Disagreement, references: References) -> Differing:
    return Differing(disagreement.about, [_said(one, references) for one in disagreement.sides])


def _said(sentence: Sentence, references: References) -> Said:
    marks = [_mark(note) for note in references.of(sentence)]
    return Said(line(sentence.text), marks, sentence.origins, standing(sentence))


def _mark(note: Note) -> Mark:
    return Mark(note.key, quoted(note.reference.source.url, note.citation.quote))


def _shelves(references: References) -> list[Shelf]:
    held: dict[int, list[Quoted]] = {one.number: [] for one in references.sources}
    for note in references.notes.values():
        held[note.reference.number].append(Quoted(_mark(note), line(note.citation.quote)))
    return [_shelf(each, held[each.number]) for each in references.sources]


def _shelf(reference: Reference, quotations: list[Quoted]) -> Shelf:
    source, address = reference.source, web(reference.source.url)
    about = " · ".join(filter(None, [byline(reference), "" if address else place(source)]))
    return Shelf(reference.number, line(source.label), about, address, quotations)


def _text(letter: Letter) -> Iterator[str]:
    edition = letter.edition
    yield _wrap(f"{line(edition.title)} · {day(edition.due)}").upper()
    if edition.first_line:
        yield _wrap(f"! {line(edition.first_line)}")
    for title, stories in letter.chapters:
        if title:
            yield f"{_wrap(line(title))}\n{'=' * min(WIDTH, len(line(title)))}"
        for told in stories:
            yield from _story(told)
    if letter.shelves:
        yield "Sources\n======="
        yield "\n\n".join(map(_shelved, letter.shelves))
    yield "\n".join(_wrap(line(note), "- ") for note in (*edition.notes, letter.writer) if note)


def _story(told: Told) -> Iterator[str]:
    head = _wrap(("UPDATE: " if told.update else "") + _cited(told.headline))
    rule = "-" * max(map(len, head.splitlines()))
    yield "\n".join(filter(None, [head, rule, told.aside]))
    for paragraph in told.paragraphs:
        yield _wrap(" ".join(map(_cited, paragraph)))
    for differing in told.disagreements:
        sides = [_wrap(_cited(side), "- ") for side in differing.sides]
        yield "\n".join([_wrap(f"Sources differ on {line(differing.about)}:"), *sides])


def _cited(said: Said) -> str:
    marks = "".join(f"[{mark.key}]" for mark in said.marks)
    origins = f"{_GLUE}×{said.origins}" if said.origins > 1 else ""
    return f"{said.text}{_GLUE}{marks}{origins}" + (f" ({said.amiss})" if said.amiss else "")


def _shelved(shelf: Shelf) -> str:
    lead = f"[{shelf.number}] "
    rows = [_wrap(f"{shelf.label} · {shelf.about}", lead)]
    rows += [f"    {shelf.address}"] if shelf.address else []
    rows += [_wrap(f"“{each.words}”", f"    {each.mark.key}: ") for each in shelf.quotations]
    return "\n".join(rows)


def _wrap(text: str, lead: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_GLUE, " ")
