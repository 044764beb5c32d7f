"""What the readers of documents share: a text with its places, parts of zip files, and XML.

Whatever a document contains, reading it takes bounded time and memory: each reader stops at
`MAX_DOCUMENT_CHARS`, and no part of a zip file is unpacked beyond `MAX_PART_BYTES`.
"""

import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from xml.parsers import expat

from summarizer.errors import ExtractionError, SettingsError
from summarizer.extras import require_extra
from summarizer.sources.articles import Boilerplate, BoilerplateKind, Place
from summarizer.sources.extract import ExtractedText
from summarizer.text.spans import Span

if TYPE_CHECKING:
    from zipfile import ZipFile

MAX_DOCUMENT_CHARS = 10_000_000
"""Code points of the text of one document, about 5,000 pages."""

MAX_PART_BYTES = 50_000_000
"""Unpacked bytes of one part of a zip file."""


def require_docs(subject: str) -> None:
    """Raises ExtractionError with the command to type, if the extra ``docs`` is not installed: only
    what needs it is not read."""
    try:
        require_extra("docs", subject=subject)
    except SettingsError as error:
        raise ExtractionError(f"is {subject}, and {error.message}", hint=error.hint) from None


class DocumentText:
    """The text of a document while it is read, one paragraph a line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0
        self._places: list[Place] = []
        self._set_aside: list[Boilerplate] = []

    def add(self, paragraph: str, places: Sequence[Place] = ()) -> None:
        """Adds a paragraph, unless it is blank. ``places``: those that begin in it, by their
        offsets in it. Raises ExtractionError if the text is too long."""
        if not paragraph.strip():
            return
        self._places += [Place(self._length + start, label) for start, label in places]
        self._lines.append(paragraph)
        self._length += len(paragraph) + 1
        if self._length > MAX_DOCUMENT_CHARS:
            limit = f"{MAX_DOCUMENT_CHARS // 1_000_000} million characters"
            raise ExtractionError(f"holds more than {limit}, too many for one article")

    def set_aside(self, line: str, kind: BoilerplateKind, detail: str) -> None:
        """Adds a line that is no part of the text, such as the header of a page."""
        span = Span(self._length, self._length + len(line))
        self.add(line)
        self._set_aside.append(Boilerplate(span, kind, detail))

    def extracted(self, **metadata: Any) -> ExtractedText:
        """The text with its places and ``metadata``, fields of `ExtractedText`. A place that ends
        where it begins is left out. Raises ExtractionError if there is no text."""
        if not self._lines:
            raise ExtractionError("holds no text")
        last = {place.start: place for place in self._places}
        return ExtractedText(
            "\n".join(self._lines) + "\n",
            places=tuple(last[start] for start in sorted(last)),
            set_aside=tuple(self._set_aside),
            **metadata,
        )


def read_part(archive: "ZipFile", name: str) -> bytes:
    """The unpacked part of a zip file; empty if there is none. Raises ExtractionError if it is
    encrypted, damaged, or larger than `MAX_PART_BYTES`."""
    from zipfile import BadZipFile

    try:
        with archive.open(name) as part:
            data = part.read(MAX_PART_BYTES + 1)
    except KeyError:
        return b""
    except RuntimeError:
        raise ExtractionError("is encrypted") from None
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error):
        raise ExtractionError(f"is damaged: {name[:80]} cannot be unpacked") from None
    if len(data) > MAX_PART_BYTES:
        limit = MAX_PART_BYTES // 1_000_000
        raise ExtractionError(f"unpacks to more than {limit} MB, as zip bombs do")
    return data


class XmlReader(Protocol):
    """Called by `parse_xml` for each element and text, in the order of the document."""

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Called at the start of an element."""

    def on_text(self, text: str) -> None:
        """Called with a text; a text may come in several pieces."""

    def on_end(self, name: str) -> None:
        """Called at the end of an element."""


def parse_xml(
    content: bytes, reader: XmlReader, refuse: Callable[[str], Exception] = ExtractionError
) -> str:
    """Parses the document into ``reader``; returns the error in it, empty if there is none.

    Raises ``refuse`` for a document that declares entities: no entity bomb expands, and external
    entities are never fetched.
    """

    def refuse_entities(*_: object) -> None:
        raise refuse("declares entities of its own, as entity bombs do")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.on_start
    parser.EndElementHandler = reader.on_end
    parser.CharacterDataHandler = reader.on_text
    parser.EntityDeclHandler = refuse_entities
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return f"is broken XML: {error}"
    except (ValueError, LookupError):
        return "is in an unknown encoding"
    return ""
