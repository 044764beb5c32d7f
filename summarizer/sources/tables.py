"""Articles from the rows of a CSV or TSV file with a header."""

import csv
from collections.abc import Iterator

from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import decode_text, unix_lines
from summarizer.sources.json_documents import TEXT_KEYS, articles_of_records

_DELIMITERS = "\t,;|"


def read_table(data: bytes, path: str) -> Iterator[Article | SourceError]:
    """One article a row; its columns are the keys of an article in JSON.

    Raises ExtractionError if no column is called text, content or body.
    """
    lines = unix_lines(decode_text(data)).split("\n")
    header = next((line for line in lines if line.strip()), "")
    delimiter = next((each for each in _DELIMITERS if _has_text(_columns(header, each))), "")
    if not delimiter and not _has_text(_columns(header, ",")):
        first = header.strip()[:60]
        hint = f"its first line is {first!r}"
        raise ExtractionError(f"has no column {', '.join(TEXT_KEYS)}", hint=hint)
    rows = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter or ",")
    yield from articles_of_records(_records(rows), path, "row")


def _columns(header: str, delimiter: str) -> list[str]:
    try:
        row = next(csv.reader([header], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return []
    return [name.strip().casefold() for name in row]


def _has_text(columns: list[str]) -> bool:
    return any(name in TEXT_KEYS for name in columns)


def _records(rows: Iterator[list[str]]) -> Iterator[tuple[int, object]]:
    """Each row as an object with its number, counted as a table shows it: 1 is the first row below
    the header. A row that cannot be read ends the table."""
    columns: list[str] = []
    number = 0
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = [name.strip().casefold() for name in row]
                continue
            number += 1
            yield number, dict(zip(columns, row, strict=False))
    except csv.Error as error:
        yield number + 1, ExtractionError(f"cannot be read: {error}")
