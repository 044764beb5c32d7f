"""Articles from JSON and JSON Lines, in the schema of ``docs/articles.md``."""

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
    MAX_FILE_BYTES,
    ExtractedText,
    decode_text,
    extract_page,
    language_code,
    one_line,
    outlet_host,
    read_capped,
)
from summarizer.sources.page_dates import parse_published

TEXT_KEYS = ("text", "content", "body")
_ID_KEYS = ("id", "doc_id")
_PUBLISHER_KEYS = ("publisher", "source")
_DATE_KEYS = ("published", "date")

_CLOSING_TAG = re.compile(
    r"</(?:p|div|article|section|h[1-6]|li|body|html)\s*>|<br\s*/?>", re.IGNORECASE
)

JsonRecord = dict[str, Any]
"""One parsed object; nothing in it is trusted."""


def read_json_articles(stream: BufferedReader, path: str) -> Iterator[Article | SourceError]:
    """One article object, a list of them, ``{"articles": [...]}``, or JSON lines in spite of the
    suffix.

    Raises ExtractionError if it is not JSON.
    """
    stream = _as_utf8(stream)
    first = stream.readline(MAX_FILE_BYTES + 1)
    if stream.peek(1) and _is_article_object(_parse_line(first)):
        yield from _articles_of_lines(chain([first], _capped_lines(stream)), path)
        return
    records = _parse_records(decode_text(read_capped(stream, first)))
    if isinstance(records, dict):
        yield _article_or_error(records, path, "")
    else:
        yield from articles_of_records(enumerate(records, 1), path, "article")


def _parse_records(text: str) -> JsonRecord | list[object]:
    """One article object or a list of them. Raises ExtractionError for anything else."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExtractionError(f"is not JSON: {_json_error_reason(error)}") from error
    if _is_article_object(parsed):
        return cast("JsonRecord", parsed)
    records = parsed["articles"] if isinstance(parsed, dict) else parsed
    if not isinstance(records, list) or not records:
        raise ExtractionError("holds no article objects")
    return records


def _is_article_object(value: object) -> bool:
    return isinstance(value, dict) and not isinstance(value.get("articles"), list)


def read_json_lines(stream: BufferedReader, path: str) -> Iterator[Article | SourceError]:
    """One article a line, read as a stream; a broken line is one error with its number."""
    yield from _articles_of_lines(_capped_lines(_as_utf8(stream)), path)


def _as_utf8(stream: BufferedReader) -> BufferedReader:
    """The stream, unless it is UTF-16, whose line ends are not single bytes; then a recoded one."""
    if stream.peek(2)[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    return BufferedReader(cast("RawIOBase", BytesIO(decode_text(read_capped(stream)).encode())))


def _articles_of_lines(lines: Iterable[bytes], path: str) -> Iterator[Article | SourceError]:
    records = ((number, _parse_line(line)) for number, line in enumerate(lines, 1) if line.strip())
    empty = True
    for article in articles_of_records(records, path, "line"):
        empty = False
        yield article
    if empty:
        raise ExtractionError("is empty")


def _capped_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines of at most MAX_FILE_BYTES; of a longer one only the beginning."""
    line = stream.readline(MAX_FILE_BYTES + 1).removeprefix(codecs.BOM_UTF8)
    while line:
        yield line
        while len(line) > MAX_FILE_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_FILE_BYTES + 1)
        line = stream.readline(MAX_FILE_BYTES + 1)


def _parse_line(line: bytes) -> object:
    """The value of a line, or the error if it has none."""
    if len(line) > MAX_FILE_BYTES:
        return ExtractionError(f"is longer than {MAX_FILE_BYTES // 1_000_000} MB")
    try:
        try:
            return json.loads(line)
        except UnicodeDecodeError:
            return json.loads(decode_text(line))
    except (ValueError, RecursionError) as error:
        return ExtractionError(f"is not JSON: {_json_error_reason(error)}")
    except ExtractionError as error:
        return error


def articles_of_records(
    records: Iterable[tuple[int, object]], path: str, unit: str
) -> Iterator[Article | SourceError]:
    """The article of each numbered record, or its error; ``unit`` is what a record is called.

    A second one with the same id is an error, because a citation could not distinguish the two.
    """
    seen: set[str] = set()
    for number, record in records:
        label = f"{unit} {number}"
        if not isinstance(record, dict):
            reason = record.message if isinstance(record, ExtractionError) else "is no JSON object"
            yield ExtractionError(f"{label} {reason}", subject=path)
            continue
        key = _record_id(record) or str(number)
        if key in seen:
            yield ExtractionError(f"{label} has the id {key!r} of an earlier one", subject=path)
            continue
        seen.add(key)
        yield _article_or_error(record, path, label, key)


def _article_or_error(
    record: JsonRecord, path: str, label: str, key: str = ""
) -> Article | SourceError:
    try:
        text = _record_text(record)
    except ExtractionError as error:
        return ExtractionError(f"{label} {error.message}".strip(), subject=path)
    key = key or _record_id(record)
    return ExtractedText(
        text=text,
        title=one_line(record.get("title")),
        publisher=_first_value(record, _PUBLISHER_KEYS) or outlet_host(record.get("url")),
        published=parse_published(_first_value(record, _DATE_KEYS)),
        language=language_code(record.get("language")),
    ).to_article(path=path, key=key or None)


def _record_text(record: JsonRecord) -> str:
    """The text of the record; raises ExtractionError if it has none. A lone surrogate, which no
    file and no database can store, becomes U+FFFD: no offset moves."""
    texts = ((name, record.get(name)) for name in TEXT_KEYS)
    name, text = next(((n, t) for n, t in texts if isinstance(t, str) and t.strip()), ("", ""))
    if not text:
        raise ExtractionError("has no text")
    if name != "text" and _CLOSING_TAG.search(text):
        text = extract_page(f"<html><body><article>{text}</article></body></html>").text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _record_id(record: JsonRecord) -> str:
    """The record's own id, a string or a number; empty if it has none."""
    for name in _ID_KEYS:
        value = record.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return one_line(str(value)) or ""
    return ""


def _first_value(record: JsonRecord, keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if (value := one_line(record.get(key)))), None)


def _json_error_reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f"{error.msg} at {line}column {error.colno}"
    deep = isinstance(error, RecursionError)
    return "it is nested too deeply" if deep else "a value is unreadable"
