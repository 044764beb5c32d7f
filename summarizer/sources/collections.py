"""JSON and JSON lines -> articles. The schema is told in ``docs/articles.md``."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from io import BufferedReader, BytesIO, RawIOBase
from itertools import chain
from typing import IO, Any, cast

from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import (
    Extracted,
    decode,
    extract,
    host,
    language_code,
    one_line,
    read_date,
)

__all__ = ["SIZE_LIMIT", "capped", "read_json", "read_lines", "too_large"]

SIZE_LIMIT = 20_000_000
"""Bytes of one file, unpacked; in JSON lines, which are streamed, of one line."""

_TEXT_KEYS = ("text", "content", "body")
_ID_KEYS = ("id", "doc_id")
_PUBLISHER_KEYS = ("publisher", "source")
_DATE_KEYS = ("published", "date")

_MARKUP = re.compile(
    r"</(?:p|div|article|section|h[1-6]|li|body|html)\s*>|<br\s*/?>", re.IGNORECASE
)

Record = dict[str, Any]
"""One object as it was parsed; nothing in it is trusted."""


def capped(stream: IO[bytes], before: bytes = b"") -> bytes:
    """The rest of ``stream`` after ``before``. Raises ExtractionError beyond SIZE_LIMIT bytes."""
    data = before + stream.read(SIZE_LIMIT + 1 - len(before))
    if len(data) > SIZE_LIMIT:
        raise too_large(f"holds more than {SIZE_LIMIT // 1_000_000} MB")
    return data


def too_large(size: str) -> ExtractionError:
    """The refusal of a file that no article fills."""
    return ExtractionError(
        f"{size}, too large for one article", hint="a .jsonl of many articles may be of any size"
    )


def read_json(stream: BufferedReader, path: str) -> Iterator[Article | SourceError]:
    """One article object, a list of them, ``{"articles": [...]}``, or JSON lines all the same.

    Raises ExtractionError when it is no JSON.
    """
    stream = _in_utf8(stream)
    first = stream.readline(SIZE_LIMIT + 1)
    if stream.peek(1) and _is_article(_parse(first)):
        yield from _articles(chain([first], _lines(stream)), path)
        return
    records = _records(decode(capped(stream, first)))
    if isinstance(records, dict):
        yield _outcome(records, path, "")
    else:
        yield from _distinct(enumerate(records, 1), path, "article")


def _records(text: str) -> Record | list[object]:
    """Raises ExtractionError unless ``text`` is one article object or some."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExtractionError(f"is not JSON: {_reason(error)}") from error
    if _is_article(parsed):
        return cast("Record", parsed)
    records = parsed["articles"] if isinstance(parsed, dict) else parsed
    if not isinstance(records, list) or not records:
        raise ExtractionError("holds no article objects")
    return records


def _is_article(value: object) -> bool:
    return isinstance(value, dict) and not isinstance(value.get("articles"), list)


def read_lines(stream: BufferedReader, path: str) -> Iterator[Article | SourceError]:
    """One article a line, read as a stream; a broken line is one outcome with its number."""
    yield from _articles(_lines(_in_utf8(stream)), path)


def _in_utf8(stream: BufferedReader) -> BufferedReader:
    """UTF-16 is decoded as a whole: its line ends are no single bytes."""
    if stream.peek(2)[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    return BufferedReader(cast("RawIOBase", BytesIO(decode(capped(stream)).encode())))


def _articles(lines: Iterable[bytes], path: str) -> Iterator[Article | SourceError]:
    full = ((number, _parse(line)) for number, line in enumerate(lines, 1) if line.strip())
    empty = True
    for outcome in _distinct(full, path, "line"):
        empty = False
        yield outcome
    if empty:
        raise ExtractionError("is empty")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines of at most SIZE_LIMIT bytes; of a longer one only the beginning."""
    line = stream.readline(SIZE_LIMIT + 1).removeprefix(codecs.BOM_UTF8)
    while line:
        yield line
        while len(line) > SIZE_LIMIT and not line.endswith(b"\n"):
            line = stream.readline(SIZE_LIMIT + 1)
        line = stream.readline(SIZE_LIMIT + 1)


def _parse(line: bytes) -> object:
    """The value of a line, or the error that says why there is none."""
    if len(line) > SIZE_LIMIT:
        return ExtractionError(f"is longer than {SIZE_LIMIT // 1_000_000} MB")
    try:
        try:
            return json.loads(line)
        except UnicodeDecodeError:
            return json.loads(decode(line))
    except (ValueError, RecursionError) as error:
        return ExtractionError(f"is not JSON: {_reason(error)}")
    except ExtractionError as error:
        return error


def _distinct(
    records: Iterable[tuple[int, object]], path: str, unit: str
) -> Iterator[Article | SourceError]:
    """The outcome of each record; a second one with the same id is refused, as nothing could
    cite it apart from the first."""
    seen: set[str] = set()
    for number, record in records:
        where = f"{unit} {number}"
        if not isinstance(record, dict):
            why = record.message if isinstance(record, ExtractionError) else "is no JSON object"
            yield ExtractionError(f"{where} {why}", subject=path)
            continue
        key = _key(record) or str(number)
        if key in seen:
            yield ExtractionError(f"{where} has the id {key!r} of an earlier one", subject=path)
            continue
        seen.add(key)
        yield _outcome(record, path, where, key)


def _outcome(record: Record, path: str, where: str, key: str = "") -> Article | SourceError:
    try:
        text = _text(record)
    except ExtractionError as error:
        return ExtractionError(f"{where} {error.message}".strip(), subject=path)
    key = key or _key(record)
    return Extracted(
        text=text,
        title=one_line(record.get("title")),
        publisher=_first(record, _PUBLISHER_KEYS) or host(record.get("url")),
        published=read_date(_first(record, _DATE_KEYS)),
        language=language_code(record.get("language")),
    ).at(path=path, key=key or None)


def _text(record: Record) -> str:
    """Raises ExtractionError when there is none. A lone surrogate, which no file and no database
    can hold, becomes U+FFFD; that moves no offset."""
    name = next((key for key in _TEXT_KEYS if not _blank(record.get(key))), None)
    if name is None:
        raise ExtractionError("has no text")
    text: str = record[name]
    if name != "text" and _MARKUP.search(text):
        text = extract(f"<html><body><article>{text}</article></body></html>").text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _key(record: Record) -> str:
    """The id that the record gives itself, a text or a number; else nothing."""
    for name in _ID_KEYS:
        value = record.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return one_line(str(value)) or ""
    return ""


def _first(record: Record, keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if (value := one_line(record.get(key)))), None)


def _blank(value: object) -> bool:
    return not isinstance(value, str) or not value.strip()


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{error.msg} at {line}column {error.colno}"
    return (
        "it is nested too deeply" if isinstance(error, RecursionError) else "a value is unreadable"
    )
