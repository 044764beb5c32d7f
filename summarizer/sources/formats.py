"""The formats of files that articles are read from: one row each.

A format is found by the first bytes if they are a signature, by the suffix, or else by how the
text begins.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import (
    MAX_FILE_BYTES,
    ExtractedText,
    decode_text,
    extract_page,
    read_capped,
    unix_lines,
)
from summarizer.sources.json_documents import read_json_articles, read_json_lines
from summarizer.sources.mail import read_mail, read_mailbox
from summarizer.sources.markdown import read_markdown
from summarizer.sources.pdf import MAX_PDF_BYTES, read_pdf
from summarizer.sources.source_state import SourceKind
from summarizer.sources.subtitles import read_subtitles
from summarizer.sources.tables import read_table
from summarizer.sources.zip_documents import read_zip_document

PEEK_BYTES = 4096
"""First bytes by which a format is found."""


class SourceFormat(NamedTuple):
    """One format. ``extract`` makes the text of a whole file, ``read`` the articles of a file that
    may hold many; each format has one of them.

    ``signature``: a pattern of the first bytes that decides before the suffix; ``start``: one that
    decides where the suffix is unknown. ``max_bytes``: 0 where files are read as a stream.
    """

    suffixes: tuple[str, ...]
    extract: Callable[[bytes], ExtractedText] | None = None
    read: Callable[[BufferedReader, str], Iterator[Article | SourceError]] | None = None
    signature: re.Pattern[bytes] | None = None
    start: re.Pattern[bytes] | None = None
    max_bytes: int = MAX_FILE_BYTES


def read_plain_text(data: bytes, charset: str | None = None) -> ExtractedText:
    """The text unchanged but for its line ends; ``charset`` is that of a response."""
    return ExtractedText(unix_lines(decode_text(data, charset)))


def _read_table(stream: BufferedReader, path: str) -> Iterator[Article | SourceError]:
    return read_table(read_capped(stream), path)


def _pattern(start: str) -> re.Pattern[bytes]:
    """How a text in this format begins, behind a byte order mark and white space."""
    return re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:" + start.encode() + rb")", re.IGNORECASE)


PLAIN_TEXT = SourceFormat((".txt", ".text"), read_plain_text)

FORMATS: tuple[SourceFormat, ...] = (
    SourceFormat((".pdf",), read_pdf, signature=re.compile(rb"%PDF-"), max_bytes=MAX_PDF_BYTES),
    SourceFormat(
        (".docx", ".odt", ".epub"), read_zip_document, signature=re.compile(rb"PK\x03\x04")
    ),
    SourceFormat((".json",), read=read_json_articles, start=_pattern(r'\{\s*"|\[\s*\{')),
    SourceFormat((".jsonl", ".ndjson"), read=read_json_lines, max_bytes=0),
    SourceFormat(
        (".html", ".htm", ".xhtml"),
        extract_page,
        start=_pattern(r"<(?:!doctype|html|\?xml|head|body|article|div|p\b)"),
    ),
    SourceFormat(
        (".mbox",), read=read_mailbox, start=re.compile(rb"From \S+ .{8,40}\d{4}\r?\n"), max_bytes=0
    ),
    SourceFormat(
        (".eml", ".mhtml", ".mht"),
        read_mail,
        start=re.compile(rb"(?:From|Subject|Date|Received|Return-Path|MIME-Version): "),
    ),
    SourceFormat(
        (".srt", ".vtt"), read_subtitles, start=_pattern(r"WEBVTT|1\r?\n\d\d:\d\d:\d\d,\d{3} -->")
    ),
    SourceFormat((".csv", ".tsv"), read=_read_table),
    SourceFormat((".md", ".markdown"), read_markdown),
    PLAIN_TEXT,
)

SUFFIXES = {suffix: each for each in FORMATS for suffix in each.suffixes}


def format_by_suffix(name: str) -> SourceFormat | None:
    """The format by the suffix, without ``.gz``; None if it is unknown."""
    return SUFFIXES.get(Path(name.lower().removesuffix(".gz")).suffix)


def detect_format(head: bytes, name: str = "") -> SourceFormat:
    """The format of a file by its first bytes and its name."""
    signed = (each for each in FORMATS if each.signature and each.signature.match(head))
    begun = (each for each in FORMATS if each.start and each.start.match(head))
    return next(signed, None) or format_by_suffix(name) or next(begun, PLAIN_TEXT)


_LIST_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]{0,200}>|<!--.{0,2000}?-->|<!DOCTYPE[^>]{0,200}>)*"
    rb"<(?:\w{1,20}:)?(opml|urlset|sitemapindex|rss|feed|rdf)\b",
    re.IGNORECASE | re.DOTALL,
)
_JSON_FEED = re.compile(rb"\s*\{.{0,2000}?https?:[\\/]{2,4}jsonfeed\.org", re.DOTALL)
_LIST_WINDOW_BYTES = 8192
GZIP_START = b"\x1f\x8b"
_KINDS_BY_ROOT: Mapping[bytes, SourceKind] = {
    b"opml": "opml", b"urlset": "sitemap", b"sitemapindex": "sitemap",
}  # fmt: skip


def detect_list(content: bytes) -> SourceKind | None:
    """What the content lists articles as: a feed, an OPML file or a sitemap; None if nothing."""
    if content.startswith(GZIP_START):
        return "sitemap"  # no other page is a gzip file
    if _JSON_FEED.match(content, 0, _LIST_WINDOW_BYTES):
        return "feed"
    found = _LIST_START.match(content, 0, _LIST_WINDOW_BYTES)
    return _KINDS_BY_ROOT.get(found[1].lower(), "feed") if found else None
