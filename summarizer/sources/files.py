"""Articles from files, folders, globs, standard input and pages; each failure is a value.

locations
| resolve     what each location names: a file, a page or standard input
| unique      a place that is named twice is reported and read once
| read        by file kind, from the suffix or else from the first bytes
-> Article | SourceError, in the order of the locations
"""

import errno
import glob
import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, NamedTuple, cast

from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import (
    ExtractedText,
    decode_text,
    extract_page,
    outlet_host,
    refuse_binary,
)
from summarizer.sources.json_documents import (
    MAX_FILE_BYTES,
    read_capped,
    read_json_articles,
    read_json_lines,
    too_large_error,
)
from summarizer.sources.mail import read_mail

if TYPE_CHECKING:
    from summarizer.sources.fetch import Page

__all__ = ["ReadMap", "ReadResult", "article_from_page", "read_articles", "read_bytes", "read_page"]

ReadResult = Article | SourceError
FileKind = Literal["text", "html", "json", "lines", "mail"]
FetchPage = Callable[[str], "Page"]
ReadMap = Callable[[Callable[[str], ReadResult], Iterable[str]], Iterable[ReadResult]]

_KINDS_BY_SUFFIX: dict[str, FileKind] = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "lines", ".ndjson": "lines", ".eml": "mail",
}  # fmt: skip
_PEEK_BYTES = 4096

_URL_START = re.compile(r"<?[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAX_URL_CHARS = 4096
_OPENING_BRACKETS = {")": "(", "]": "[", "）": "（"}
_TRAILING_MARKS = frozenset(".,;:!?'\"»”’>}*").union(_OPENING_BRACKETS)
_SCHEMELESS_URL = re.compile(
    r"(www\.|([a-z0-9-]+\.)+(com|org|net|info|eu|uk|de|fr|ua|cn|jp)\b)", re.IGNORECASE
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|head|body|article|div|p\b)", re.IGNORECASE
)
_JSON_START = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*\{)')
_MAIL_START = re.compile(rb"(?:From|Subject|Date|Received|Return-Path|MIME-Version): ")

_ERRNO_REASONS = {
    errno.ENOENT: "does not exist",
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.ELOOP: "is a loop of symbolic links",
    errno.ENAMETOOLONG: "does not exist: the name is too long",
}


class _ReadTarget(NamedTuple):
    """One thing to read. ``key`` is the same for two names of the same thing."""

    name: str
    kind: Literal["file", "page", "stdin"]
    key: object


def read_articles(
    locations: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    fetch: FetchPage | None = None,
    map: ReadMap = map,  # noqa: A002  # what it replaces
) -> Iterator[ReadResult]:
    """Every article that the locations name, in their order; what fails is yielded, not raised.

    A location is a file, a folder (walked), a glob, ``-`` or an http(s) URL. ``map`` runs the
    fetches and nothing else: a thread pool's starts them all at the first outcome. ``fetch``
    raises SourceError, and is `summarizer.sources.fetch.fetch` unless another is given.
    """
    places = list(_unique_targets(place for location in locations for place in _targets(location)))
    urls = [
        place.name for place in places if isinstance(place, _ReadTarget) and place.kind == "page"
    ]
    pages = iter(map(partial(_page_article_or_error, fetch=fetch), urls))
    for place in places:
        if isinstance(place, SourceError):
            yield place
        elif place.kind == "page":
            yield next(pages)
        else:
            yield from _file_articles(place.name, stdin if place.kind == "stdin" else None)


def read_page(url: str, fetch: FetchPage | None = None) -> ReadResult:
    """The article behind an http(s) URL; for whoever names URLs and may read no file here."""
    try:
        return _page_article_or_error(_page_target(url).name, fetch)
    except SourceError as error:
        return _with_subject(error, url)


def article_from_page(page: "Page", asked: str) -> Article:
    """The article of a fetched page, located at the URL that was asked for.

    Not at the one it led to: what the user named stays the same from run to run, while the end
    of a redirect may carry a session. Raises ExtractionError when there is no article.
    """
    refuse_binary(page.content)
    if page.content_type in ("text/plain", "text/markdown"):
        text = _unix_lines(decode_text(page.content, page.charset))
        return ExtractedText(text, publisher=outlet_host(asked)).to_article(url=asked)
    return extract_page(page.content, asked, charset=page.charset).to_article(url=asked)


def _page_article_or_error(url: str, fetch: FetchPage | None) -> ReadResult:
    try:
        return article_from_page((fetch or _default_fetch())(url), url)
    except SourceError as error:
        return _with_subject(error, url)


def _default_fetch() -> FetchPage:
    from summarizer.sources.fetch import fetch

    return fetch


def _page_target(location: str) -> _ReadTarget:
    """Raises FetchError when the location is no URL that is read."""
    from summarizer.sources.fetch import normalise_url

    url = normalise_url(_trim_url(location))
    return _ReadTarget(url, "page", url)


def _trim_url(url: str) -> str:
    """The URL without what the sentence or the list around it left at its end.

    >>> _trim_url("<https://example.org/a_(b))>.")
    'https://example.org/a_(b)'
    """
    end = len(url)
    while url[end - 1 : end] in _TRAILING_MARKS:
        last = url[end - 1 : end]
        if last in _OPENING_BRACKETS and url.count(last, 0, end) <= url.count(
            _OPENING_BRACKETS[last], 0, end
        ):
            break
        end -= 1
    return url[:end].lstrip("<")


def _targets(location: str) -> Iterator[_ReadTarget | SourceError]:
    """What one location names."""
    try:
        if not location:
            yield SourceError("an empty location names nothing")
        elif location == "-":
            yield _ReadTarget("-", "stdin", "-")
        elif _URL_START.match(location) and len(location) <= _MAX_URL_CHARS:
            yield _page_target(location)
        elif (path := Path(location)).is_dir():
            yield from _walk_folder(path)
        elif path.exists() or path.is_symlink() or not glob.has_magic(location):
            yield _file_target(location)
        else:
            yield from _glob_targets(location)
    except SourceError as error:
        yield _with_subject(error, location)
    except OSError as error:
        yield _os_error(location, error)


def _file_target(name: str) -> _ReadTarget:
    """Raises SourceError or OSError when there is no such file."""
    try:
        found = Path(name).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SourceError("does not exist", hint=_missing_file_hint(name)) from None
    return _ReadTarget(name, "file", (found.st_dev, found.st_ino))


def _walk_folder(folder: Path) -> Iterator[_ReadTarget | SourceError]:
    """Readable files under ``folder`` by name, depth first; hidden ones and other kinds are not
    looked at. A folder reached again, through a symbolic link, is not walked again."""
    waiting, walked, empty = [folder], set[object](), True
    while waiting:
        path = waiting.pop()
        try:
            place = _file_target(str(path))
            if path.is_dir():
                waiting += _readable_children(path) if place.key not in walked else []
                walked.add(place.key)
            else:
                yield place
                empty = False
        except OSError as error:
            yield _os_error(str(path), error)
            empty = False
    if empty:
        kinds = " ".join(_KINDS_BY_SUFFIX)
        raise SourceError("holds no file to read", hint=f"a folder is searched for {kinds}")


def _readable_children(folder: Path) -> list[Path]:
    """Its folders and files of a known kind, the last name first. No pipes: they never end."""
    shown = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(
        (p for p in shown if p.is_dir() or (_kind_by_suffix(p.name) and p.is_file())), reverse=True
    )


def _glob_targets(pattern: str) -> Iterator[_ReadTarget | SourceError]:
    """The files that a glob names, else those in the folders that it names."""
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  # Path.glob takes no absolute one
    paths = [Path(name) for name in sorted(names)]
    if not paths:
        raise SourceError("matches no file")
    files = [path for path in paths if path.is_file()]
    for path in files:
        yield _file_target(str(path))
    for path in paths if not files else ():
        yield from _targets(str(path))


def _unique_targets(
    places: Iterable[_ReadTarget | SourceError],
) -> Iterator[_ReadTarget | SourceError]:
    first: dict[object, str] = {}
    for place in places:
        if isinstance(place, SourceError) or place.key not in first:
            yield place
            if isinstance(place, _ReadTarget):
                first[place.key] = place.name
        else:
            hint = (
                f"first as {_printable(first[place.key])}" if first[place.key] != place.name else ""
            )
            yield SourceError("is named twice", subject=_printable(place.name), hint=hint)


def read_bytes(data: bytes, name: str) -> Iterator[ReadResult]:
    """The articles in bytes that were handed over under a file's name; no file is opened."""
    return _errors_as_values(_read_stream(io.BytesIO(data), _printable(name)), name)


def _file_articles(name: str, stdin: BinaryIO | None) -> Iterator[ReadResult]:
    if name == "-":
        return _errors_as_values(_read_stream(stdin or sys.stdin.buffer, _printable(name)), name)
    return _errors_as_values(_open_and_read(name), name)


def _open_and_read(name: str) -> Iterator[ReadResult]:
    with Path(name).open("rb") as stream:
        _refuse_large(stream, name)
        yield from _read_stream(stream, _printable(name))


def _errors_as_values(outcomes: Iterator[ReadResult], name: str) -> Iterator[ReadResult]:
    """The outcomes of one file: the one place where its failures become values."""
    shown = _printable(name)
    try:
        yield from outcomes
    except SourceError as error:
        yield _with_subject(error, name)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield ExtractionError("is a damaged gzip file", subject=shown)
    except OSError as error:
        yield _os_error(name, error)


def _refuse_large(stream: IO[bytes], name: str) -> None:
    """Raises ExtractionError for a large file before it is read."""
    found = os.fstat(stream.fileno())
    if not stat.S_ISREG(found.st_mode) or _kind_by_suffix(name) == "lines":
        return
    if found.st_size > MAX_FILE_BYTES:
        raise too_large_error(f"is {found.st_size / 1e6:.0f} MB")


def _read_stream(stream: IO[bytes], path: str) -> Iterator[ReadResult]:
    buffered = cast(
        "io.BufferedReader", stream if hasattr(stream, "peek") else _buffered_reader(stream)
    )
    head = buffered.peek(_PEEK_BYTES)[:_PEEK_BYTES]
    if head.startswith(b"\x1f\x8b"):
        buffered = cast("io.BufferedReader", gzip.GzipFile(fileobj=buffered))
        head = buffered.peek(_PEEK_BYTES)[:_PEEK_BYTES]
    if not head:
        raise ExtractionError("is empty")
    refuse_binary(head)
    kind = _kind_by_suffix(path) or _kind_by_content(head)
    if kind == "lines":
        yield from read_json_lines(buffered, path)
    elif kind == "json":
        yield from read_json_articles(buffered, path)
    else:
        yield _extract_whole(read_capped(buffered), kind).to_article(path=path)


def _buffered_reader(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _extract_whole(data: bytes, kind: FileKind) -> ExtractedText:
    if kind == "html":
        return extract_page(data)
    if kind == "mail":
        return read_mail(data)
    return ExtractedText(_unix_lines(decode_text(data)))


def _kind_by_suffix(name: str) -> FileKind | None:
    """What the suffix says, ``.gz`` set aside."""
    return _KINDS_BY_SUFFIX.get(Path(name.lower().removesuffix(".gz")).suffix)


def _kind_by_content(head: bytes) -> FileKind:
    """What the first bytes look like."""
    if _JSON_START.match(head):
        return "json"
    if _HTML_START.match(head):
        return "html"
    return "mail" if _MAIL_START.match(head) else "text"


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _printable(name: str) -> str:
    """The name on one line: what cannot be printed or saved is spelt out."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), name)


def _with_subject(error: SourceError, name: str) -> SourceError:
    """The error with the name of its source."""
    error.subject = error.subject or _printable(name)
    return error


def _os_error(name: str, error: OSError) -> SourceError:
    why = _ERRNO_REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror or error}"
    return SourceError(why, subject=_printable(name))


def _missing_file_hint(name: str) -> str:
    """A guess at what was meant by a path that does not exist."""
    if _SCHEMELESS_URL.match(name):
        return f"for a web page write https://{name}"
    path = Path(name)
    try:
        siblings = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    near = get_close_matches(path.name, siblings, n=1, cutoff=0.75)
    return f"did you mean {_printable(str(path.with_name(near[0])))}?" if near else ""
