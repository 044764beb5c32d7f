"""The text of a Markdown file as its reader sees it, and the metadata of its front matter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from summarizer.errors import ExtractionError
from summarizer.sources.documents import DocumentText
from summarizer.sources.extract import (
    PARSER_FAILURES,
    ExtractedText,
    decode_text,
    html_to_text,
    language_code,
    one_line,
    unix_lines,
)
from summarizer.sources.page_dates import parse_published

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_MARKDOWN_CHARS = 500_000
"""Code points of a Markdown file: 1 s of parsing, and 10 s where it is made to be slow."""

_FRONT_MATTER = re.compile(
    r"\A(---|\+\+\+)[ \t]*\n(.{0,20000}?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_FIELD = re.compile(r"^([A-Za-z_]\w*)[ \t]*[:=][ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]:?")


def read_markdown(data: bytes, charset: str | None = None) -> ExtractedText:
    """The text, one paragraph a line, without markup, code and pictures.

    Title, date, publisher and language are those of the front matter (YAML or TOML). Without one
    the title is the heading that opens the file. ``charset`` is that of a response.
    """
    text = unix_lines(decode_text(data, charset))
    if len(text) > MAX_MARKDOWN_CHARS:
        limit = f"{MAX_MARKDOWN_CHARS:,} characters"
        raise ExtractionError(f"holds more than {limit}, too many for one article")
    front = _FRONT_MATTER.match(text)
    fields = _fields(front[2]) if front else {}
    try:
        blocks = list(_blocks(text[front.end() :] if front else text))
    except PARSER_FAILURES as error:
        raise ExtractionError("is no readable Markdown") from error
    document = DocumentText()
    for _, block in blocks:
        document.add(block)
    heading = blocks[0][1] if blocks and blocks[0][0] == "h1" else None
    return document.extracted(
        title=one_line(fields.get("title")) or heading,
        publisher=one_line(fields.get("publisher") or fields.get("source")),
        published=parse_published(fields.get("date") or fields.get("published")),
        language=language_code(fields.get("lang") or fields.get("language")),
    )


def _fields(front_matter: str) -> Mapping[str, str]:
    """The plain fields of YAML or TOML, without their quotation marks; lists and tables are not
    used."""
    return {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(front_matter) if value}


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each block of text with its element: ``h1``, ``p``, ``li``, ``tr``."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    element, cells = "", list[str]()
    for token in tokens:
        if token.type in ("heading_open", "paragraph_open"):
            element = token.tag
        elif token.type == "tr_close":
            yield "tr", " | ".join(cells)
            cells = []
        elif token.type in ("th_open", "td_open"):
            element = "td"
        elif token.type == "inline":
            words = " ".join(_inline_text(token.children or ()).split())
            if element == "td":
                cells.append(words)
            else:
                yield element, words
        elif token.type == "html_block":
            yield from (("p", line) for line in html_to_text(token.content).splitlines())


def _inline_text(tokens: "Sequence[Token]") -> str:
    """The words that a reader sees, without marks of footnotes, pictures and tags."""
    pieces = {"text": "", "code_inline": "", "softbreak": " ", "hardbreak": " "}
    shown = (token.content or pieces[token.type] for token in tokens if token.type in pieces)
    return _FOOTNOTE_MARK.sub("", "".join(shown))
