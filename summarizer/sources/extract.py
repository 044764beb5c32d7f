"""Text from bytes, and the article of a page: its text and the metadata of the page."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from summarizer.errors import ExtractionError
from summarizer.sources.article_kinds import kind_of_page
from summarizer.sources.articles import Article, ArticleKind, Boilerplate, Place, PublishedFrom
from summarizer.sources.hidden_text import drop_hidden
from summarizer.sources.page_data import (
    PageData,
    PageTitle,
    embedded_markup,
    page_title,
    read_page_data,
)
from summarizer.sources.page_dates import page_date
from summarizer.sources.page_layout import drop_insertions, without_linked_headlines
from summarizer.sources.text_nodes import HtmlTree, text_nodes
from summarizer.sources.walls import check_walls
from summarizer.text.languages import detect_language
from summarizer.text.sentences import SENTENCE_TERMINALS

PARSER_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError,
                   TypeError, ValueError)  # fmt: skip
"""What parsers written for benign input raise on hostile bytes, RecursionError included."""

_BINARY_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"ID3", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a rar archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Pages declare the old national standard and use its vendor's superset.
_CHARSET_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "shift_jis": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_CHARSET_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
}
_ALLOWED_CHARSET = re.compile(r"utf-(8|16|32)|cp\d|iso8859|koi8|mac|gb|big5|euc|shift|hz|johab|tis")

_CHARSET_DECLARATION = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_DECLARATION_WINDOW_BYTES = 4096
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}>")
_SENTENCE_SIGN = re.compile(rf"[{SENTENCE_TERMINALS}]|[^\n]{{80}}")
"""What an article has and a page of menus does not: a sentence end, or a long line."""
OPENING_LINES = 3
"""First lines of a text in which its headline may be repeated."""
_BINARY_TEXT = "\0"
"""Result for bytes that are in no encoding; it is not readable."""
_SAMPLE_BYTES = 65_536
"""Bytes given to the statistical detector; all bytes must then decode without an error."""


MAX_FILE_BYTES = 20_000_000
"""Decompressed bytes of one file; of JSON lines, which are streamed, of one line."""


class ExtractedText(NamedTuple):
    """The text of a page or mail and its metadata. Paragraphs end with a newline."""

    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | datetime | None = None
    language: str = "und"
    published_from: PublishedFrom | None = None
    """Where the date was found; unless it is given, the data of the page or record."""
    kind: ArticleKind | None = None
    is_excerpt: bool = False
    places: tuple[Place, ...] = ()
    set_aside: tuple[Boilerplate, ...] = ()
    problem: str = ""
    """What of the file could not be read, though the text could."""

    def to_article(
        self, *, path: str | None = None, url: str | None = None, key: str | None = None
    ) -> Article:
        """The article at ``path`` or ``url``; ``key`` is its id inside the collection ``path``.

        A language that the source does not name is detected.
        """
        return Article(
            text=self.text,
            path=f"{path}#{key}" if key else path,
            url=url,
            collection_key=key,
            title=self.title,
            publisher=self.publisher,
            published=self.published,
            published_from=(self.published_from or "page") if self.published else None,
            language=self.language if self.language != "und" else detect_language(self.text),
            kind=self.kind,
            is_excerpt=self.is_excerpt,
            places=self.places,
            set_aside=self.set_aside,
        )


def extract_page(
    html: bytes | str, url: str | None = None, *, charset: str | None = None
) -> ExtractedText:
    """The main text of a page, without navigation and comments; its headline is the first line.

    ``charset`` is that of the response: it is tried after a byte order mark and valid UTF-8, and
    before a declaration in the page. The date is that of `summarizer.sources.page_dates`. Raises
    ExtractionError if the page holds no article.
    """
    text = html if isinstance(html, str) else decode_text(html, charset, declared_charset(html))
    try:
        extracted, rest = _extract_main_text(_XML_DECLARATION.sub("", text), url)
    except PARSER_FAILURES:
        extracted, rest = None, ""
    if extracted is None or not _SENTENCE_SIGN.search(extracted.text):
        reason = check_walls(rest, None).reason if rest else ""
        raise ExtractionError(reason or "holds no article text")
    return extracted


def _extract_main_text(html: str, url: str | None) -> tuple[ExtractedText | None, str]:
    """The text outside tables; if there is none, the text with tables, which then are layout; if
    there is none, the text in the data from which a script would draw it.

    Where there is neither, the text of the whole page is given besides.
    """
    from trafilatura import bare_extraction, load_html

    tree = load_html(html)
    if tree is None:
        return None, ""
    data, embedded = read_page_data(tree), embedded_markup(tree)
    drop_hidden(tree)
    drop_insertions(tree)
    for tables in (False, True):
        page = bare_extraction(
            tree,
            url=url,
            include_comments=False,
            include_tables=tables,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        if page is not None and not isinstance(page, dict) and page.text:
            title = page_title(tree, data, url)
            outlet = one_line(data.publisher) or _site_name(page.sitename, url)
            found = _page_article(tree, page.text, data, title, url)
            published, source = page_date(tree, url, title.text or None, page.date)
            return found._replace(publisher=outlet, published=published, published_from=source), ""
    if text := html_to_text(embedded):
        title = page_title(tree, data, url)
        published, source = page_date(tree, url, title.text or None, None)
        outlet = one_line(data.publisher) or outlet_host(url)
        found = _page_article(tree, text, data, title, url)
        return found._replace(publisher=outlet, published=published, published_from=source), ""
    return None, squeeze_lines("".join(text_nodes(tree)).split("\n"))


def _site_name(name: object, url: str | None) -> str | None:
    """The name of the site, unless it is only the first part of the host, which is then better."""
    site, host = one_line(name), outlet_host(url)
    if site and host and host.split(".")[0] == site.casefold():
        return host
    return host if site and "://" in site else site or host


def _page_article(
    tree: HtmlTree, text: str, data: PageData, title: PageTitle, url: str | None
) -> ExtractedText:
    """The snapshot of a page and what it is. Raises ExtractionError where a wall is all it has."""
    text = without_linked_headlines(tree, text, title.text)
    walls = check_walls(text, title.text, free=data.free)
    if walls.reason:
        raise ExtractionError(walls.reason)
    if title.is_shown and not any(map(title.repeats, text.split("\n")[:OPENING_LINES])):
        text = f"{title.text}\n{text}"
    locales = tree.xpath('.//meta[@property="og:locale"]/@content')
    codes = map(language_code, (tree.get("lang"), tree.get("xml:lang"), *locales))
    return ExtractedText(
        text,
        title.text or None,
        language=next((code for code in codes if code != "und"), "und"),
        kind=kind_of_page(data.types, data.labels, url),
        is_excerpt=walls.is_excerpt,
    )


def language_code(value: object) -> str:
    """The primary subtag of a BCP 47 tag, in lower case: ``zh-Hant-TW`` is ``zh``; else ``und``."""
    code = re.split("[-_]", value.strip(), maxsplit=1)[0].lower() if isinstance(value, str) else ""
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else "und"


def one_line(value: object) -> str | None:
    """``value`` on one line without lone surrogates; None if it is blank or not a string."""
    if not isinstance(value, str):
        return None
    return " ".join(value.encode("utf-8", "replace").decode().split()) or None


def outlet_host(url: object) -> str | None:
    """The host of a URL without ``www.``; None if it has none."""
    try:
        name = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return one_line((name or "").removeprefix("www."))


def read_capped(stream: IO[bytes], before: bytes = b"", limit: int = MAX_FILE_BYTES) -> bytes:
    """``before`` and the rest of ``stream``. Raises ExtractionError beyond ``limit`` bytes."""
    data = before + stream.read(limit + 1 - len(before))
    if len(data) > limit:
        raise too_large_error(f"holds more than {limit // 1_000_000} MB")
    return data


def too_large_error(size: str) -> ExtractionError:
    """The error for a file that is too large for an article."""
    return ExtractionError(
        f"{size}, too large for one article", hint="a .jsonl of many articles may be of any size"
    )


def refuse_binary(head: bytes) -> None:
    """Raises ExtractionError if the first bytes are those of a known binary format."""
    for magic, name in _BINARY_SIGNATURES:
        if head.startswith(magic):
            raise ExtractionError(f"is {name}, not text")


def decode_text(data: bytes, *declared: str | None) -> str:
    """The text of ``data`` in its encoding, without a byte order mark.

    The encoding is found by, in this order: a byte order mark, the zero bytes of UTF-16, the
    escapes of ISO 2022, valid UTF-8, each ``declared`` charset, UTF-8 with a few broken bytes
    (which become U+FFFD), nearly ASCII as cp1252, charset-normalizer. Raises ExtractionError if
    ``data`` is empty or is not text.
    """
    if not data.strip():
        raise ExtractionError("is empty")
    refuse_binary(data)
    if b"\0" in data and _has_stray_zeros(data):
        data = data.replace(b"\0", b"")
    text = next((text for text in _decodings(data, declared) if text is not None), None)
    if text is None:
        raise ExtractionError("is in no encoding that could be recognised")
    if not text.strip():
        raise ExtractionError("is empty")
    if not _is_readable(text):
        raise ExtractionError("looks binary")
    return text


def _decodings(data: bytes, declared: tuple[str | None, ...]) -> Iterator[str | None]:
    """The result of each method, which is run only if those before it returned None."""
    yield _decode_by_bom(data)
    yield _decode_unmarked_utf16(data)
    yield _decode_strictly(data, "iso2022_jp_2") if b"\x1b$" in data else None
    yield _decode_strictly(data, "utf-8")
    yield from (_decode_declared(data, label) for label in declared if label)
    yield _decode_broken_utf8(data)
    # ASCII with a curly quote or an accent here and there is too little for statistics.
    yield _decode_strictly(data, "cp1252") if _wide_bytes(data) * 50 <= len(data) else None
    yield _decode_by_statistics(data)


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _decode_by_bom(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            rest = data.removeprefix(mark)
            utf8 = encoding == "utf-8"
            return _decode_broken_utf8(rest) if utf8 else _decode_whole_units(rest, encoding)
    return None


def _decode_whole_units(data: bytes, encoding: str) -> str | None:
    """Decoded without the incomplete unit at the end of a truncated copy."""
    size = 4 if "32" in encoding else 2
    return _decode_strictly(data[: len(data) - len(data) % size], encoding)


def _has_stray_zeros(data: bytes) -> bool:
    """Whether the zero bytes are a fault of the page, and neither UTF-16 nor a binary format."""
    few = data.count(b"\0") * 50 <= len(data)
    return few and (data.isascii() or _decode_strictly(data, "utf-8") is not None
                    or _wide_bytes(data) * 10 <= len(data))  # fmt: skip


def _decode_unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, in which there are fewer different high bytes than low
    bytes."""
    if b"\0" not in data:
        return None
    even, odd = len(set(data[0:_SAMPLE_BYTES:2])), len(set(data[1:_SAMPLE_BYTES:2]))
    return _decode_whole_units(data, "utf-16-be" if even < odd else "utf-16-le") or _BINARY_TEXT


def _decode_declared(data: bytes, label: str) -> str | None:
    try:
        name = codecs.lookup(_CHARSET_LABELS.get(label.lower(), label)).name
    except (LookupError, ValueError):
        return None
    allowed = _ALLOWED_CHARSET.match(name)
    return _decode_strictly(data, _CHARSET_SUPERSETS.get(name, name)) if allowed else None


def _decode_broken_utf8(data: bytes) -> str | None:
    """UTF-8 in which at most one byte in twenty beyond ASCII is broken, as in a truncated copy."""
    text = data.decode("utf-8", "replace")
    broken = text.count("�") - data.count("�".encode())
    return text if broken * 20 <= _wide_bytes(data) else None


def _wide_bytes(data: bytes) -> int:
    """The number of bytes beyond ASCII."""
    return len(data) - len(data.decode("ascii", "ignore"))


def _decode_by_statistics(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    if len(sample) < len(data):  # no multi-byte character may be cut in half
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" "), _SAMPLE_BYTES // 2)]
    texts = (_decode_strictly(data, match.encoding) for match in from_bytes(sample))
    return next((text for text in texts if text is not None), None)


def _is_readable(text: str) -> bool:
    """Whether at most one in fifty of the first characters is a control, unassigned or a surrogate.

    Private characters are text: chats mark their citations with them.
    """
    sample = "".join(text[:4000].split())
    if sample.isprintable():
        return True
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Cs"} for c in sample)
    return odd * 50 <= len(sample)


def declared_charset(html: bytes) -> str | None:
    """The charset in a ``<meta>`` or XML declaration; None without one."""
    match = _CHARSET_DECLARATION.search(html, 0, _DECLARATION_WINDOW_BYTES)
    return match[1].decode("ascii", "replace") if match else None


def html_to_text(html: str) -> str:
    """The text of an HTML fragment that is all article, one paragraph a line.

    Scripts, styles and elements without text are left out.
    """
    from trafilatura import load_html

    html = html.encode("utf-8", "replace").decode()
    if "<" not in html and "&" not in html:
        return squeeze_lines(html.splitlines())
    try:
        tree = load_html(f"<html><body><div>{html}</div></body></html>")
    except PARSER_FAILURES:
        tree = None
    if tree is None:
        return ""
    drop_hidden(tree)
    return squeeze_lines("".join(text_nodes(tree)).split("\n"))


def squeeze_lines(lines: Iterable[str]) -> str:
    """The lines that are not blank, each with single spaces."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def unix_lines(text: str) -> str:
    r"""The text with ``\n`` for every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
