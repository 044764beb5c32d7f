"""Articles from files, folders, globs, standard input and pages; each failure is a value.

locations
| resolve     each location into files, a page or standard input
| unique      what is named twice is reported and read once
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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, NamedTuple, cast

from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article
from summarizer.sources.extract import (
    extract_page,
    outlet_host,
    read_capped,
    refuse_binary,
    too_large_error,
)
from summarizer.sources.formats import (
    GZIP_START,
    PEEK_BYTES,
    PLAIN_TEXT,
    SUFFIXES,
    detect_format,
    detect_list,
    format_by_suffix,
    read_plain_text,
)
from summarizer.sources.markdown import read_markdown

if TYPE_CHECKING:
    from summarizer.sources.fetch import Page

ReadResult = Article | SourceError
FetchPage = Callable[[str], "Page"]
ReadList = Callable[[str, bytes], Iterator[ReadResult]]
"""(location, content) of a feed, OPML file or sitemap -> the articles that it lists."""
ReadMap = Callable[[Callable[[str], list[ReadResult]], Iterable[str]], Iterable[list[ReadResult]]]

MAX_LISTED_SUFFIXES = 8
"""Kinds of files that are not read of which a line names the number."""

_URL_START = re.compile(r"<?[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAX_URL_CHARS = 4096
_OPENING_BRACKETS = {")": "(", "]": "[", "）": "（"}
_TRAILING_MARKS = frozenset(".,;:!?'\"»”’>}*").union(_OPENING_BRACKETS)
_SCHEMELESS_URL = re.compile(
    r"(www\.|([a-z0-9-]+\.)+(com|org|net|info|eu|uk|de|fr|ua|cn|jp)\b)", re.IGNORECASE
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_ERRNO_REASONS = {
    errno.ENOENT: "does not exist",
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.ELOOP: "is a loop of symbolic links",
    errno.ENAMETOOLONG: "does not exist: the name is too long",
}


class _ReadTarget(NamedTuple):
    """One file, page or standard input. ``key`` is the same for two names of one file; ``found``:
    it was found in a folder or by a glob, and not named itself."""

    name: str
    kind: Literal["file", "page", "stdin"]
    key: object
    found: bool = False


def read_articles(
    locations: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    fetch: FetchPage | None = None,
    read_list: ReadList | None = None,
    map: ReadMap = map,  # noqa: A002  # what it replaces
) -> Iterator[ReadResult]:
    """The articles at the locations, in their order; errors are yielded, not raised.

    A location is a file, a folder (read with its subfolders), a glob, ``-`` or an http(s) URL.
    ``map`` runs the fetches only; that of a thread pool starts them all at the first result.
    ``fetch`` raises SourceError; the default is `summarizer.sources.fetch.fetch`. ``read_list``
    reads what a feed lists; without it, and for one in a folder, a feed is an error.
    """
    targets = list(_unique_targets(t for location in locations for t in _targets(location)))
    urls = [t.name for t in targets if isinstance(t, _ReadTarget) and t.kind == "page"]
    pages = iter(map(partial(_page_results, fetch=fetch, read_list=read_list), urls))
    for target in targets:
        if isinstance(target, SourceError):
            yield target
        elif target.kind == "page":
            yield from next(pages)
        elif target.kind == "stdin":
            stream = _read_stream(stdin or sys.stdin.buffer, "-", read_list)
            yield from _errors_as_values(stream, "-")
        else:
            opened = _open_and_read(target.name, None if target.found else read_list)
            yield from _errors_as_values(opened, target.name)


def read_page(
    url: str, fetch: FetchPage | None = None, read_list: ReadList | None = None
) -> list[ReadResult]:
    """The article at an http(s) URL, or those that a feed there lists. Unlike `read_articles` it
    never opens a file."""
    try:
        return _page_results(_page_target(url).name, fetch, read_list)
    except SourceError as error:
        return [_with_subject(error, url)]


def article_from_page(page: "Page", asked: str) -> Article:
    """The article of a fetched page, located at the URL that was ``asked`` for.

    That URL is the same from run to run, while the one that a redirect leads to may contain a
    session. Raises ExtractionError if the page holds no article.
    """
    found = detect_format(page.content[:PEEK_BYTES])
    if found.signature and found.extract:
        extracted = found.extract(page.content)
    else:
        refuse_binary(page.content)
        readers = {"text/plain": read_plain_text, "text/markdown": read_markdown}
        read_text = readers.get(page.content_type)
        if read_text is None:
            return extract_page(page.content, asked, charset=page.charset).to_article(url=asked)
        extracted = read_text(page.content, page.charset)
    outlet = extracted.publisher or outlet_host(asked)
    return extracted._replace(publisher=outlet).to_article(url=asked)


def _page_results(
    url: str, fetch: FetchPage | None, read_list: ReadList | None
) -> list[ReadResult]:
    from summarizer.sources.fetch import fetch as default_fetch

    try:
        page = (fetch or default_fetch)(url)
        if detect_list(page.content):
            return list(_listed(url, page.content, read_list))
        return [article_from_page(page, url)]
    except SourceError as error:
        return [_with_subject(error, url)]


def _listed(location: str, content: bytes, read_list: ReadList | None) -> Iterator[ReadResult]:
    """What a feed lists. Raises ExtractionError where no feeds are read."""
    if read_list is None:
        raise ExtractionError("is a list of articles", hint="name it itself, to read what it lists")
    return read_list(location, content)


def _page_target(location: str) -> _ReadTarget:
    """The page at a URL. Raises FetchError if the location is not an http(s) URL."""
    from summarizer.sources.fetch import normalise_url

    url = normalise_url(_trim_url(location))
    return _ReadTarget(url, "page", url)


def _trim_url(url: str) -> str:
    """The URL without the marks at its end that belong to the text around it.

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
    """The files, page or standard input that one location names."""
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
    """The file. Raises SourceError or OSError if there is none."""
    try:
        status = Path(name).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SourceError("does not exist", hint=_missing_file_hint(name)) from None
    return _ReadTarget(name, "file", (status.st_dev, status.st_ino))


def _walk_folder(folder: Path) -> Iterator[_ReadTarget | SourceError]:
    """Files of known kinds under ``folder`` by name, depth first, without hidden ones.

    An error at the end counts the files of other kinds. A folder that is reached again, through a
    symbolic link, is not walked again.
    """
    waiting, walked, empty = [folder], set[object](), True
    others: Counter[str] = Counter()
    while waiting:
        path = waiting.pop()
        try:
            target = _file_target(str(path))
            if path.is_dir():
                if target.key not in walked:
                    children, unread = _children(path)
                    waiting += children
                    others.update(unread)
                walked.add(target.key)
            else:
                yield target._replace(found=True)
                empty = False
        except OSError as error:
            yield _os_error(str(path), error)
            empty = False
    if empty:
        kinds = " ".join(SUFFIXES)
        found = f"; it holds {_counted(others)}" if others else ""
        hint = f"a folder is searched for {kinds}{found}"
        raise SourceError("holds no file to read", hint=hint)
    if others:
        total = others.total()
        verb = "file of another kind was" if total == 1 else "files of other kinds were"
        message = f"{total} {verb} not read: {_counted(others)}"
        yield SourceError(message, subject=_printable(str(folder)))


def _counted(suffixes: Counter[str]) -> str:
    """The suffixes with their numbers, the most frequent first."""
    shown = [f"{suffix} {count}" for suffix, count in suffixes.most_common(MAX_LISTED_SUFFIXES)]
    rest = len(suffixes) - len(shown)
    return ", ".join([*shown, f"{rest} more kinds"] if rest else shown)


def _children(folder: Path) -> tuple[list[Path], list[str]]:
    """Its folders and files of a known kind, the last name first, and the suffixes of its other
    files. A pipe is not a file here: it may never end."""
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    known = [p for p in visible if p.is_dir() or (format_by_suffix(p.name) and p.is_file())]
    others = set(visible).difference(known)
    suffixes = [p.suffix.lower() or "without a suffix" for p in others if p.is_file()]
    return sorted(known, reverse=True), sorted(suffixes)


def _glob_targets(pattern: str) -> Iterator[_ReadTarget | SourceError]:
    """The files that a glob matches; if there are none, those in the folders that it matches."""
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  # Path.glob takes no absolute one
    paths = [Path(name) for name in sorted(names)]
    if not paths:
        raise SourceError("matches no file")
    files = [path for path in paths if path.is_file()]
    for path in files:
        yield _file_target(str(path))._replace(found=True)
    for path in paths if not files else ():
        yield from _targets(str(path))


def _unique_targets(
    targets: Iterable[_ReadTarget | SourceError],
) -> Iterator[_ReadTarget | SourceError]:
    first: dict[object, str] = {}
    for target in targets:
        if isinstance(target, SourceError):
            yield target
        elif target.key not in first:
            first[target.key] = target.name
            yield target
        else:
            name = first[target.key]
            hint = f"first as {_printable(name)}" if name != target.name else ""
            yield SourceError("is named twice", subject=_printable(target.name), hint=hint)


def read_bytes(data: bytes, name: str) -> Iterator[ReadResult]:
    """The articles in the content of a file called ``name``; no file is opened."""
    return _errors_as_values(_read_stream(io.BytesIO(data), _printable(name), None), name)


def _open_and_read(name: str, read_list: ReadList | None) -> Iterator[ReadResult]:
    with Path(name).open("rb") as stream:
        status = os.fstat(stream.fileno())
        known = format_by_suffix(name) or PLAIN_TEXT
        if stat.S_ISREG(status.st_mode) and 0 < known.max_bytes < status.st_size:
            raise too_large_error(f"is {status.st_size / 1e6:.0f} MB")
        yield from _read_stream(stream, _printable(name), read_list)


def _errors_as_values(results: Iterator[ReadResult], name: str) -> Iterator[ReadResult]:
    """The results of one file; the exceptions of reading it are yielded as SourceError."""
    try:
        yield from results
    except SourceError as error:
        yield _with_subject(error, name)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield ExtractionError("is a damaged gzip file", subject=_printable(name))
    except OSError as error:
        yield _os_error(name, error)


def _read_stream(stream: IO[bytes], path: str, read_list: ReadList | None) -> Iterator[ReadResult]:
    buffered = cast("io.BufferedReader", stream)
    if not hasattr(stream, "peek"):
        buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    head = buffered.peek(PEEK_BYTES)[:PEEK_BYTES]
    if head.startswith(GZIP_START):
        buffered = cast("io.BufferedReader", gzip.GzipFile(fileobj=buffered))
        head = buffered.peek(PEEK_BYTES)[:PEEK_BYTES]
    if not head:
        raise ExtractionError("is empty")
    found = detect_format(head, path)
    if found.signature is None:
        refuse_binary(head)
    if detect_list(head):
        yield from _listed(path, read_capped(buffered), read_list)
    elif found.read:
        yield from found.read(buffered, path)
    elif found.extract:
        extracted = found.extract(read_capped(buffered, limit=found.max_bytes))
        yield extracted.to_article(path=path)
        if extracted.problem:
            yield ExtractionError(extracted.problem, subject=path)


def _printable(name: str) -> str:
    """The name on one line, with escapes for characters that cannot be printed or saved."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), name)


def _with_subject(error: SourceError, name: str) -> SourceError:
    """The error, its subject set unless it has one."""
    error.subject = error.subject or _printable(name)
    return error


def _os_error(name: str, error: OSError) -> SourceError:
    reason = _ERRNO_REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror or error}"
    return SourceError(reason, subject=_printable(name))


def _missing_file_hint(name: str) -> str:
    """A guess at the location that was meant by a path that does not exist; may be empty."""
    if _SCHEMELESS_URL.match(name):
        return f"for a web page write https://{name}"
    path = Path(name)
    try:
        siblings = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    near = get_close_matches(path.name, siblings, n=1, cutoff=0.75)
    return f"did you mean {_printable(str(path.with_name(near[0])))}?" if near else ""
