"""OPML and sitemaps: lists of addresses in XML. Of broken XML, what comes before the break.

Entities are not declared in either format: a document that declares one is refused, and so no
bomb grows. External ones are never fetched.
"""

import gzip
import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import NoReturn, TypeVar
from xml.parsers import expat

from summarizer.errors import FeedError
from summarizer.sources.entries import Entry, Listing, instant, newest
from summarizer.sources.extract import one_line

__all__ = ["read_opml", "read_sitemap"]

SIZE = 50_000_000
"""Bytes of one list, unpacked: what the sitemap protocol allows."""

_BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_DATES = ("publication_date", "lastmod")


def read_opml(content: bytes) -> tuple[str, ...]:
    """The addresses of the feeds, each once, in their order. Raises FeedError if there is none."""
    outline, broken = _parsed(content, _Outline)
    if not outline.feeds:
        raise FeedError(broken or "names no feed", hint="an OPML file names them as xmlUrl")
    return tuple(outline.feeds)


def read_sitemap(content: bytes, now: datetime) -> Listing:
    """The pages of a sitemap, or the sitemaps of an index in ``deeper``, the latest first.

    Raises FeedError for what is neither.
    """
    rows, broken = _parsed(_unpacked(content), _Rows)
    if not (rows.pages or rows.lists):
        raise FeedError(broken or "names no page: is it a sitemap?")
    dated = [(_when(row, now), row) for row in rows.lists]
    deeper = sorted(dated, key=lambda pair: -(pair[0].timestamp() if pair[0] else 0))
    return Listing(
        entries=tuple(newest([_entry(row, now) for row in rows.pages])),
        problems=(broken,) if broken else (),
        deeper=tuple(row["loc"] for _, row in deeper),
    )


class _Outline:
    """The feeds of an OPML file."""

    def __init__(self) -> None:
        self.feeds: dict[str, None] = {}

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        if name.lower() == "outline" and named.get("xmlurl"):
            self.feeds[named["xmlurl"]] = None

    def said(self, text: str) -> None:
        """Its text is about the feeds."""

    def closed(self, name: str) -> None:
        """Groups of feeds are no matter."""


class _Rows:
    """The rows of a sitemap: names of their fields -> what they say."""

    def __init__(self) -> None:
        self.pages: list[dict[str, str]] = []
        self.lists: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._field = ""

    def opened(self, name: str, _: Mapping[str, str]) -> None:
        self._field = name.rpartition(":")[2]
        if self._field in ("url", "sitemap"):
            self._row = {}

    def said(self, text: str) -> None:
        if self._row is not None and self._field in ("loc", "title", *_DATES):
            self._row[self._field] = self._row.get(self._field, "") + text

    def closed(self, name: str) -> None:
        self._field = ""
        if self._row is not None and name in ("url", "sitemap"):
            row, self._row = {key: value.strip() for key, value in self._row.items()}, None
            if row.get("loc"):
                (self.pages if name == "url" else self.lists).append(row)


T = TypeVar("T", _Outline, _Rows)


def _entry(row: Mapping[str, str], now: datetime) -> Entry:
    return Entry(row["loc"], row["loc"], one_line(row.get("title")), published=_when(row, now))


def _when(row: Mapping[str, str], now: datetime) -> datetime | None:
    return next((day for name in _DATES if (day := instant(row.get(name), now))), None)


def _unpacked(content: bytes) -> bytes:
    """Sitemaps are often files that are packed themselves."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as stream:
            unpacked = stream.read(SIZE + 1)
    except (OSError, EOFError, zlib.error):
        raise FeedError("is a damaged gzip file") from None
    if len(unpacked) > SIZE:
        raise FeedError(f"is larger than {SIZE // 1_000_000} MB")
    return unpacked


def _parsed(content: bytes, made: type[T]) -> tuple[T, str]:
    """What the document says, and why it breaks off (empty if it does not).

    A broken one is read again with its bare ampersands mended, the commonest break of all.
    """
    for data in (content, _BARE.sub(b"&amp;", content)):
        reader = made()
        broken = _parse(data, reader)
        if not broken:
            break
    return reader, broken


def _parse(content: bytes, reader: _Outline | _Rows) -> str:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.opened
    parser.EndElementHandler = reader.closed
    parser.CharacterDataHandler = reader.said
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return f"is broken XML: {error}"
    except (ValueError, LookupError):
        return "is in an unknown encoding"
    return ""


def _refuse(*_: object) -> NoReturn:
    raise FeedError("declares entities of its own, as bombs do")
