"""The text of a PDF by page (pypdf, extra ``docs``), without the headers and footers of its pages.

pages
| lines       as the PDF draws them
| frame       lines at the edges that most pages repeat are set aside as headers and footers
| paragraphs  lines that break only for want of room are joined, also across pages
-> one paragraph a line, with the page on which each begins
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from statistics import quantiles
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from summarizer.errors import ExtractionError
from summarizer.sources.articles import Place
from summarizer.sources.documents import DocumentText, require_docs
from summarizer.sources.extract import PARSER_FAILURES, ExtractedText, one_line
from summarizer.text.sentences import LIST_ITEM, ends_sentence

if TYPE_CHECKING:
    from datetime import datetime

    from pypdf import PdfReader

MAX_PDF_BYTES = 100_000_000
"""Bytes of a PDF: pictures make most of them, and are not read."""

MAX_PDF_SECONDS = 60.0
"""Time in which a PDF is read or refused; a page of text takes about 0.02 s."""

MIN_PAGE_CHARS = 20
"""Code points below which a page is a picture."""

EDGE_LINES = 2
"""Lines at the top and at the bottom of a page among which its header and footer are looked for."""

MIN_FRAME_SHARE = 0.5
"""Share of the pages that repeat a header or footer; figures in it may differ."""

MIN_FRAME_PAGES = 3

_FIGURES = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:\w{1,9}\W+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\W+\w{1,5}\W+\d{1,4})?\W*")
"""A line that is only the number of a page: "4", "- 4 -", "Page 4 of 12"."""


class _Line(NamedTuple):
    text: str
    page: int
    is_frame: bool


def read_pdf(data: bytes) -> ExtractedText:
    """The text of a PDF with the place of each page.

    Raises ExtractionError if it is encrypted, damaged, without text, or takes too long, and without
    the extra ``docs``.
    """
    require_docs("a PDF")
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    deadline = monotonic() + MAX_PDF_SECONDS
    try:
        with _quiet():
            reader = PdfReader(BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ExtractionError("is encrypted: it needs a password")
            pages = list(_page_lines(reader, deadline))
            metadata = _metadata(reader)
    except DependencyError:
        raise ExtractionError("is encrypted") from None
    except (PyPdfError, OSError, *PARSER_FAILURES) as error:
        raise ExtractionError("is no readable PDF") from error
    blank = sum(sum(map(len, lines)) < MIN_PAGE_CHARS for lines in pages)
    if blank == len(pages):
        raise ExtractionError("holds no text: its pages are pictures, as a scanner makes them")
    problem = f"{blank} of {len(pages)} pages hold no text: they may be pictures" if blank else ""
    return _document(pages).extracted(problem=problem, **metadata)


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf logs each flaw that it repairs; only what cannot be read is reported."""
    import logging

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _page_lines(reader: "PdfReader", deadline: float) -> Iterator[list[str]]:
    def check_time(*_: object) -> None:
        if monotonic() > deadline:
            raise ExtractionError(f"takes longer than {MAX_PDF_SECONDS:.0f} s to read")

    for page in reader.pages:
        check_time()
        text = page.extract_text(visitor_operand_before=check_time)
        text = text.encode("utf-8", "replace").decode().replace("\0", "")
        yield [line for raw in text.splitlines() if (line := " ".join(raw.split()))]


def _metadata(reader: "PdfReader") -> dict[str, object]:
    """Title and date as the PDF states them. The date is that of the file: an estimate."""
    about = reader.metadata
    created: datetime | None = None
    with suppress(ValueError):
        created = about.creation_date if about else None
    return {
        "title": one_line(about.title) if about else None,
        "published": created.date() if created else None,
        "published_from": "estimate" if created else None,
    }


def _document(pages: Sequence[Sequence[str]]) -> DocumentText:
    lines = list(_framed_lines(pages))
    lengths = [len(line.text) for line in lines if not line.is_frame]
    width = quantiles(lengths, n=10)[8] if len(lengths) > 1 else 0
    words = Counter(word for line in lines for word in re.findall(r"[\w-]+", line.text.casefold()))
    document = DocumentText()
    paragraph, places, frame = "", list[Place](), list[str]()
    before, page = "", 0
    for line in lines:
        if line.is_frame:
            # A paragraph may go on behind the footer and the next header: they come after it.
            frame.append(line.text)
            continue
        if paragraph and not _goes_on(before, line.text, width):
            document.add(paragraph, places)
            paragraph, places = "", []
            for each in frame:
                document.set_aside(each, "frame", "header or footer of a page")
            frame = []
        paragraph, start = _joined(paragraph, line.text, words)
        if line.page != page:
            page = line.page
            places.append(Place(start, f"p. {page}"))
        before = line.text
    document.add(paragraph, places)
    for each in frame:
        document.set_aside(each, "frame", "header or footer of a page")
    return document


def _framed_lines(pages: Sequence[Sequence[str]]) -> Iterator[_Line]:
    """The lines of all pages; those at an edge that many pages repeat are their frame."""
    edges = [
        {*range(min(EDGE_LINES, len(lines))), *range(max(0, len(lines) - EDGE_LINES), len(lines))}
        for lines in pages
    ]
    repeated = Counter(
        pattern
        for lines, indices in zip(pages, edges, strict=True)
        for pattern in {_FIGURES.sub("#", lines[index]) for index in indices}
    )
    least = max(MIN_FRAME_PAGES, MIN_FRAME_SHARE * len(pages))
    for number, (lines, indices) in enumerate(zip(pages, edges, strict=True), start=1):
        for index, text in enumerate(lines):
            outermost = index in (0, len(lines) - 1) and len(lines) > 1
            is_frame = index in indices and (
                repeated[_FIGURES.sub("#", text)] >= least
                or (outermost and _PAGE_NUMBER.fullmatch(text) is not None)
            )
            yield _Line(text, number, is_frame)


def _goes_on(line: str, following: str, width: float) -> bool:
    """Whether the paragraph goes on in the next line: it had no room for the first word of it, or
    it breaks off inside a sentence."""
    if LIST_ITEM.match(following):
        return False
    if line.endswith("-") or (following[0].islower() and not ends_sentence(line)):
        return True
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > 0.9 * width


def _joined(paragraph: str, line: str, words: Counter[str]) -> tuple[str, int]:
    """The paragraph with the next line, and where this begins in it.

    A hyphen at the end of a line is dropped before a small letter, unless the document writes the
    word with it elsewhere.
    """
    if not paragraph:
        return line, 0
    if not (paragraph[-1] == "-" and paragraph[-2:-1].isalpha() and line[0].islower()):
        return f"{paragraph} {line}", len(paragraph) + 1
    first, rest = paragraph.rpartition(" ")[2], line.split(maxsplit=1)[0]
    hyphenated = re.match(r"[\w-]+", f"{first}{rest}".casefold())
    if not (hyphenated and words[hyphenated[0]]):
        paragraph = paragraph[:-1]
    return paragraph + line, len(paragraph)
