"""The text of documents that are zip files of XML: Word (docx), OpenDocument (odt) and EPUB.

Headers, footers, comments and deleted text are not part of the text: they stand in parts or
elements of their own, which are not read.
"""

import posixpath
import re
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

from summarizer.errors import ExtractionError
from summarizer.sources.articles import Place
from summarizer.sources.documents import MAX_PART_BYTES, DocumentText, parse_xml, read_part
from summarizer.sources.extract import (
    ExtractedText,
    decode_text,
    html_to_text,
    language_code,
    one_line,
)
from summarizer.sources.page_dates import parse_published

if TYPE_CHECKING:
    from zipfile import ZipFile

MAX_ZIP_PARTS = 3000
"""Parts of a zip file: a long book with pictures has a few hundred."""

_OOXML_SKIPPED = frozenset({"del", "delText", "instrText", "moveFrom", "fallback"})
_ODF_SKIPPED = frozenset({"annotation", "tracked-changes", "note", "header", "footer"})
_LINE_ELEMENTS = frozenset({"p", "h"})
_SPACE_ELEMENTS = frozenset({"tab", "br", "cr", "s", "line-break"})
_HTML_HEAD = re.compile(r"<head\b.*?</head\s*>", re.IGNORECASE | re.DOTALL)
_TITLE_ELEMENT = re.compile(
    r"<(h[1-6]|title)\b[^>]*>(.{1,2000}?)</\1\s*>", re.IGNORECASE | re.DOTALL
)
_MAX_CHAPTER_CHARS = 60


def read_zip_document(data: bytes) -> ExtractedText:
    """The text of a docx, odt or epub file; a chapter of an epub is a place in it.

    Raises ExtractionError if it is none of these, encrypted, damaged or unpacks to too much.
    """
    from zipfile import BadZipFile, ZipFile

    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        encrypted = data.startswith(b"\xd0\xcf\x11\xe0")
        reason = "is encrypted, or an old office document" if encrypted else "is a damaged zip file"
        raise ExtractionError(reason) from None
    with archive:
        names = archive.namelist()
        if len(names) > MAX_ZIP_PARTS:
            limit = f"more than the {MAX_ZIP_PARTS:,} that are read"
            raise ExtractionError(f"has {len(names):,} parts, {limit}")
        if sum(info.file_size for info in archive.infolist()) > 10 * MAX_PART_BYTES:
            raise ExtractionError("unpacks to too much, as zip bombs do")
        if "word/document.xml" in names:
            return _read_office(archive, "word/document.xml", "docProps/core.xml", _OOXML_SKIPPED)
        if "META-INF/container.xml" in names:
            return _read_epub(archive)
        if "content.xml" in names:
            if b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
                raise ExtractionError("is encrypted")
            return _read_office(archive, "content.xml", "meta.xml", _ODF_SKIPPED)
    raise ExtractionError("is a zip archive that holds no text document")


class _Paragraphs:
    """The paragraphs of an office document, without the elements ``skipped``."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self.document = DocumentText()
        self._skipped = skipped
        self._depth_skipped = 0
        self._pieces: list[str] = []
        self._runs_only = False

    def on_start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in self._skipped:
            self._depth_skipped += 1
        elif name in _SPACE_ELEMENTS:
            self._pieces.append(" ")
        elif name in _LINE_ELEMENTS:
            self._end_paragraph()  # a text box holds paragraphs inside a paragraph

    def on_text(self, text: str) -> None:
        if not self._depth_skipped:
            self._pieces.append(text)

    def on_end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in self._skipped:
            self._depth_skipped -= 1
        elif name in _LINE_ELEMENTS:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        self.document.add(" ".join("".join(self._pieces).split()))
        self._pieces = []


class _Metadata:
    """The first text of each element of a metadata part, by local name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._name = ""

    def on_start(self, name: str, _: dict[str, str]) -> None:
        self._name = name.rpartition(":")[2]

    def on_text(self, text: str) -> None:
        if self._name and text.strip():
            self.values.setdefault(self._name, text.strip())

    def on_end(self, _: str) -> None:
        self._name = ""


def _read_office(
    archive: "ZipFile", text_part: str, metadata_part: str, skipped: frozenset[str]
) -> ExtractedText:
    paragraphs, metadata = _Paragraphs(skipped), _Metadata()
    if broken := parse_xml(read_part(archive, text_part), paragraphs):
        raise ExtractionError(f"is damaged: {text_part} {broken}")
    parse_xml(read_part(archive, metadata_part), metadata)
    values = metadata.values
    # The date is that of the file, whose words may be older: an estimate.
    changed = next((v for k in ("modified", "date", "created") if (v := values.get(k))), None)
    published = parse_published(changed)
    return paragraphs.document.extracted(
        title=one_line(values.get("title")),
        published=published,
        published_from="estimate" if published else None,
        language=language_code(values.get("language")),
    )


class _Package:
    """The files of an EPUB in reading order, from its package document."""

    def __init__(self) -> None:
        self.metadata = _Metadata()
        self.files: dict[str, str] = {}
        self.spine: list[str] = []

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        self.metadata.on_start(name, attributes)
        name = name.rpartition(":")[2]
        if name == "item" and "nav" not in attributes.get("properties", "").split():
            self.files[attributes.get("id", "")] = attributes.get("href", "")
        elif name == "itemref" and attributes.get("linear") != "no":
            self.spine.append(attributes.get("idref", ""))

    def on_text(self, text: str) -> None:
        self.metadata.on_text(text)

    def on_end(self, name: str) -> None:
        self.metadata.on_end(name)


class _Container:
    """The path of the package document of an EPUB."""

    def __init__(self) -> None:
        self.path = ""

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "rootfile" and not self.path:
            self.path = attributes.get("full-path", "")

    def on_text(self, text: str) -> None: ...

    def on_end(self, name: str) -> None: ...


def _read_epub(archive: "ZipFile") -> ExtractedText:
    container, package = _Container(), _Package()
    broken = parse_xml(read_part(archive, "META-INF/container.xml"), container)
    broken = broken or parse_xml(read_part(archive, container.path), package)
    if broken or not package.spine:
        raise ExtractionError(f"is damaged: its list of chapters {broken or 'is empty'}")
    paths = [
        posixpath.normpath(
            posixpath.join(posixpath.dirname(container.path), unquote(package.files[item]))
        )
        for item in package.spine
        if package.files.get(item)
    ]
    encrypted = decode_part(read_part(archive, "META-INF/encryption.xml"))
    if any(path in encrypted for path in paths):
        raise ExtractionError("is encrypted")
    document = DocumentText()
    unread = sum(not _add_chapter(document, read_part(archive, path)) for path in paths)
    values = package.metadata.values
    return document.extracted(
        title=one_line(values.get("title")),
        publisher=one_line(values.get("publisher")),
        published=parse_published(values.get("date")),
        language=language_code(values.get("language")),
        problem=f"{unread} of {len(paths)} chapters are missing" if unread else "",
    )


def decode_part(data: bytes) -> str:
    """The text of a part; empty if it has none."""
    return decode_text(data) if data.strip() else ""


def _add_chapter(document: DocumentText, data: bytes) -> bool:
    """Adds the paragraphs of a chapter, and its heading as their place; whether there is a
    chapter."""
    html = decode_part(data)
    heading = _TITLE_ELEMENT.search(_HTML_HEAD.sub("", html)) or _TITLE_ELEMENT.search(html)
    label = one_line(html_to_text(heading[2])) if heading else None
    places = (Place(0, label[:_MAX_CHAPTER_CHARS]),) if label else ()
    for paragraph in html_to_text(_HTML_HEAD.sub("", html)).splitlines():
        document.add(paragraph, places)
        places = ()
    return bool(html)
