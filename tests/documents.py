"""Real documents, made for tests: PDF, Word, OpenDocument, EPUB."""

import zlib
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from pypdf import PdfReader, PdfWriter


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", password: str | None = None) -> bytes:
    """A PDF of the lines of its pages; an empty password encrypts it, too."""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    kids = []
    for number, lines in enumerate(pages):
        page, content = 4 + 2 * number, 5 + 2 * number
        kids.append(f"{page} 0 R")
        drawn = "".join(f"({_pdf_string(line)}) Tj T* " for line in lines)
        stream = zlib.compress(f"BT /F1 10 Tf 14 TL 50 800 Td {drawn}ET".encode("cp1252"))
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        head = f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode()
        objects[content] = head + stream + b"\nendstream"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    file, offsets = b"%PDF-1.7\n", []
    for number, body in sorted(objects.items()):
        offsets.append(len(file))
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    file += (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Root 1 0 R /Size {size} >>\n"
        f"startxref\n{len(file)}\n%%EOF\n"
    ).encode()
    writer = PdfWriter(clone_from=PdfReader(BytesIO(file)))
    if title:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf_string(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **metadata: str) -> bytes:
    """A Word file of the paragraphs of ``body`` (the elements of its body)."""
    core = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in metadata.items())
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}">'
        f"<w:body>{body}</w:body></w:document>",
        "word/header1.xml": f'<w:hdr xmlns:w="{_WORD}"><w:p><w:r><w:t>CONFIDENTIAL</w:t></w:r>'
        "</w:p></w:hdr>",
        "docProps/core.xml": f"<coreProperties>{core}</coreProperties>",
    })  # fmt: skip


def word_paragraph(*runs: str) -> str:
    """A paragraph of Word, its text in several runs."""
    return "<w:p>" + "".join(f"<w:r><w:t>{escape(run)}</w:t></w:r>" for run in runs) + "</w:p>"


def odt(body: str, metadata: str = "") -> bytes:
    """An OpenDocument text of the elements of ``body``."""
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": '<office:document-content xmlns:office="o" xmlns:text="t"><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>",
        "meta.xml": f'<office:meta xmlns:office="o" xmlns:dc="d">{metadata}</office:meta>',
        "META-INF/manifest.xml": "<manifest/>",
    })  # fmt: skip


def epub(chapters: Sequence[tuple[str, str]], *, extra: Mapping[str, str] | None = None) -> bytes:
    """A book of chapters, each a heading and the HTML below it."""
    items = "".join(f'<item id="c{n}" href="c%20{n}.xhtml"/>' for n in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
        "</rootfiles></container>",
        "OPS/book.opf": '<package xmlns:dc="d"><metadata><dc:title>The Harbour Year</dc:title>'
        "<dc:date>2026-03-04</dc:date><dc:language>en</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for number, (heading, html) in enumerate(chapters):
        parts[f"OPS/c {number}.xhtml"] = (
            f"<html><head><title>x</title></head><body><h2>{heading}</h2>{html}</body></html>"
        )
    return zipped({**parts, **(extra or {})})
