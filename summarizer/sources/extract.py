"""Bytes -> text, and a page -> its article: what it says, with the data it gives about itself."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from summarizer.errors import ExtractionError
from summarizer.sources.articles import Article
from summarizer.text.languages import detect_language
from summarizer.text.sentences import SENTENCE_TERMINALS

HtmlTree = Any
"""An lxml element; lxml carries no types."""

__all__ = [
    "PARSER_FAILURES",
    "ExtractedText",
    "declared_charset",
    "decode_text",
    "extract_page",
    "html_to_text",
    "language_code",
    "one_line",
    "outlet_host",
    "parse_date",
    "refuse_binary",
]

PARSER_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError,
                   TypeError, ValueError)  # fmt: skip
"""What parsers written for well-meant input raise on hostile bytes; RecursionError included."""

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
"""What an article has and a page of menus has not: one sentence end, or one long line."""
_BINARY_TEXT = "\0"
"""Stands for bytes that no encoding explains."""
_SAMPLE_BYTES = 65_536
"""Bytes shown to the statistical detector; the whole must then decode without an error."""

_SILENT_TAGS = frozenset("script style template noscript svg math object iframe figcaption".split())
_INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp"
    " small span strike strong sub sup time tt u var wbr".split()
)

_DATE_META_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "date.published", "published_time", "publication_date", "publishdate", "publish-date",
    "publish_date", "pubdate", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "dcterms.issued", "dc.date.issued", "dcterms.created",
    "dcterms.date", "dc.date", "citation_publication_date", "date",
)  # fmt: skip
_JSON_LD_DATE = re.compile(r'"(?:datePublished|dateCreated)"\s*:\s*"([^"]{8,40})"')
_DATE_XPATHS = (
    './/*[@itemprop="datePublished"]/@datetime|.//*[@itemprop="datePublished"]/@content',
    ".//time[@pubdate]/@datetime",
    "(.//article|.//main)[1]//time/@datetime",
)
_ISO_DATE = re.compile(r"\s*(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_PLACEHOLDER_DATES = {date(1, 1, 1), date(1970, 1, 1)}


class ExtractedText(NamedTuple):
    """What a page or mail says, and what it says about itself. Paragraphs end with a newline."""

    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str = "und"

    def to_article(
        self, *, path: str | None = None, url: str | None = None, key: str | None = None
    ) -> Article:
        """The article at that one place; ``key`` is its id inside the collection ``path``.

        A language that the source does not name is told by its words.
        """
        return Article(
            text=self.text,
            path=f"{path}#{key}" if key else path,
            url=url,
            collection_key=key,
            title=self.title,
            publisher=self.publisher,
            published=self.published,
            published_from="page" if self.published else None,
            language=self.language if self.language != "und" else detect_language(self.text),
        )


def extract_page(
    html: bytes | str, url: str | None = None, *, charset: str | None = None
) -> ExtractedText:
    """The main text of a page, without navigation, comments and tables.

    ``charset`` is what the server said; a byte order mark and valid UTF-8 outrank it, a
    declaration in the page is asked after it. The date is the one the page's data gives, and is
    never guessed from its words. Raises ExtractionError when the page holds no article.
    """
    text = html if isinstance(html, str) else decode_text(html, charset, declared_charset(html))
    try:
        extracted = _extract_main_text(_XML_DECLARATION.sub("", text), url)
    except PARSER_FAILURES:
        extracted = None
    if extracted is None or not _SENTENCE_SIGN.search(extracted.text):
        raise ExtractionError("holds no article text")
    return extracted


def _extract_main_text(html: str, url: str | None) -> ExtractedText | None:
    """1. the text outside tables; 2. if there is none, the page is laid out as a table."""
    from trafilatura import bare_extraction, load_html

    tree = load_html(html)
    if tree is None:
        return None
    language, published = _page_language(tree), _page_date(tree)
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
            publisher = one_line(page.sitename) or outlet_host(url)
            return ExtractedText(page.text, one_line(page.title), publisher, published, language)
    return None


def _page_language(tree: HtmlTree) -> str:
    locales = tree.xpath('.//meta[@property="og:locale"]/@content')
    named = (tree.get("lang"), tree.get("xml:lang"), *locales)
    return next((code for code in map(language_code, named) if code != "und"), "und")


def _page_date(tree: HtmlTree) -> date | None:
    return next((day for value in _date_candidates(tree) if (day := parse_date(value))), None)


def _date_candidates(tree: HtmlTree) -> Iterator[str]:
    """Every date in the page's data, the surest first. Modification dates are not among them."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            named.setdefault(meta.get(key, "").lower(), meta.get("content", ""))
    yield from (named[name] for name in _DATE_META_NAMES if name in named)
    for script in tree.iter("script"):
        if "json" in script.get("type", ""):
            yield from _JSON_LD_DATE.findall(script.text or "")
    for path in _DATE_XPATHS:
        yield from map(str, tree.xpath(path))


def parse_date(value: object) -> date | None:
    """The day of an ISO 8601 or RFC 2822 date as written, whatever its time zone; else None.

    >>> parse_date("2025-11-25T23:30:00-05:00"), parse_date("Tue, 25 Nov 2025 10:00:00 GMT")
    (datetime.date(2025, 11, 25), datetime.date(2025, 11, 25))
    """
    if not isinstance(value, str):
        return None
    try:
        if iso := _ISO_DATE.match(value):
            day = date(int(iso[1]), int(iso[3]), int(iso[4]))
        else:
            from email.utils import parsedate_to_datetime

            day = parsedate_to_datetime(value[:100]).date()
    except PARSER_FAILURES:
        return None
    return None if day in _PLACEHOLDER_DATES else day


def language_code(value: object) -> str:
    """The primary subtag of a BCP 47 tag, in lower case: ``zh-Hant-TW`` is ``zh``; else ``und``."""
    code = re.split("[-_]", value.strip(), maxsplit=1)[0].lower() if isinstance(value, str) else ""
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else "und"


def one_line(value: object) -> str | None:
    """``value`` on one line and fit to be saved, None if it is blank or no text."""
    if not isinstance(value, str):
        return None
    return " ".join(value.encode("utf-8", "replace").decode().split()) or None


def outlet_host(url: object) -> str | None:
    """The outlet that a URL names: its host without ``www.``."""
    try:
        name = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return one_line((name or "").removeprefix("www."))


def refuse_binary(head: bytes) -> None:
    """Raises ExtractionError when the first bytes are those of a known format without text."""
    for magic, name in _BINARY_SIGNATURES:
        if head.startswith(magic):
            raise ExtractionError(f"is {name}, not text")


def decode_text(data: bytes, *declared: str | None) -> str:
    """The text of ``data`` in its encoding, without a byte order mark; nothing else changes.

    Byte order mark, UTF-16 by its zero bytes, ISO 2022 by its escapes, valid UTF-8, then each
    ``declared`` charset, UTF-8 with a few broken bytes (which become U+FFFD), nearly ASCII as
    cp1252, and last what charset-normalizer finds. Raises ExtractionError for emptiness and for
    what is no text.
    """
    if not data.strip():
        raise ExtractionError("is empty")
    refuse_binary(data)
    text = next((text for text in _decodings(data, declared) if text is not None), None)
    if text is None:
        raise ExtractionError("is in no encoding that could be recognised")
    if not text.strip():
        raise ExtractionError("is empty")
    if not _is_readable(text):
        raise ExtractionError("looks binary")
    return text


def _decodings(data: bytes, declared: tuple[str | None, ...]) -> Iterator[str | None]:
    """Each way in turn, tried only when those before it gave None."""
    yield _decode_by_bom(data)
    yield _decode_unmarked_utf16(data)
    yield _decode_iso2022(data)
    yield _decode_strictly(data, "utf-8")
    yield from (_decode_declared(data, label) for label in declared if label)
    yield _decode_broken_utf8(data)
    yield _decode_near_ascii(data)
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
            return (
                _decode_broken_utf8(rest)
                if encoding == "utf-8"
                else _decode_whole_units(rest, encoding)
            )
    return None


def _decode_whole_units(data: bytes, encoding: str) -> str | None:
    """Decoded without the half unit that a broken-off copy ends with."""
    size = 4 if "32" in encoding else 2
    return _decode_strictly(data[: len(data) - len(data) % size], encoding)


def _decode_unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: of each pair, the high bytes are few and the low bytes many."""
    if b"\0" not in data:
        return None
    even, odd = len(set(data[0:_SAMPLE_BYTES:2])), len(set(data[1:_SAMPLE_BYTES:2]))
    return _decode_whole_units(data, "utf-16-be" if even < odd else "utf-16-le") or _BINARY_TEXT


def _decode_iso2022(data: bytes) -> str | None:
    return _decode_strictly(data, "iso2022_jp_2") if b"\x1b$" in data else None


def _decode_declared(data: bytes, label: str) -> str | None:
    try:
        name = codecs.lookup(_CHARSET_LABELS.get(label.lower(), label)).name
    except (LookupError, ValueError):
        return None
    return (
        _decode_strictly(data, _CHARSET_SUPERSETS.get(name, name))
        if _ALLOWED_CHARSET.match(name)
        else None
    )


def _decode_broken_utf8(data: bytes) -> str | None:
    """UTF-8 in which at most one byte in twenty beyond ASCII is broken, as in a cut-off copy."""
    text = data.decode("utf-8", "replace")
    wide = len(data) - len(data.decode("ascii", "ignore"))
    return text if (text.count("�") - data.count("�".encode())) * 20 <= wide else None


def _decode_near_ascii(data: bytes) -> str | None:
    """ASCII with a curly quote or an accent here and there: too little for statistics."""
    wide = len(data) - len(data.decode("ascii", "ignore"))
    return _decode_strictly(data, "cp1252") if wide * 50 <= len(data) else None


def _decode_by_statistics(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    if len(sample) < len(data):  # no multi-byte character may be cut in half
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" "), _SAMPLE_BYTES // 2)]
    texts = (_decode_strictly(data, match.encoding) for match in from_bytes(sample))
    return next((text for text in texts if text is not None), None)


def _is_readable(text: str) -> bool:
    """Whether at most one in fifty of the first characters is a control or unassigned."""
    sample = "".join(text[:4000].split())
    if sample.isprintable():
        return True
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} for c in sample)
    return odd * 50 <= len(sample)


def declared_charset(html: bytes) -> str | None:
    """The charset in a ``<meta>`` or XML declaration."""
    found = _CHARSET_DECLARATION.search(html, 0, _DECLARATION_WINDOW_BYTES)
    return found[1].decode("ascii", "replace") if found else None


def html_to_text(html: str) -> str:
    """The words of an HTML fragment that is known to be an article's, one paragraph a line.

    Scripts, styles and what has no words are left out; nothing is judged to be navigation.
    """
    from trafilatura import load_html

    html = html.encode("utf-8", "replace").decode()
    if "<" not in html and "&" not in html:
        return "\n".join(filter(None, (" ".join(line.split()) for line in html.splitlines())))
    try:
        tree = load_html(f"<html><body><div>{html}</div></body></html>")
    except PARSER_FAILURES:
        tree = None
    if tree is None:
        return ""
    lines = "".join(_text_nodes(tree)).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _text_nodes(tree: HtmlTree) -> Iterator[str]:
    """The text nodes in their order, with line ends where blocks begin and end."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        edge = "\n" if isinstance(node.tag, str) and node.tag not in _INLINE_TAGS else ""
        waiting.append(edge + (node.tail or "").replace("\n", " "))
        if isinstance(node.tag, str) and node.tag not in _SILENT_TAGS:
            yield edge + (node.text or "").replace("\n", " ")
            waiting += reversed(node)
