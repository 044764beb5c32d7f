"""Files, folders, globs, standard input and pages -> articles, each failure a value of its own.

locations
| places      what each location names: a file, a page, standard input
| distinct    the same place named twice is said, and read once
| read        by kind, which the suffix tells and else the first bytes
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
from summarizer.sources.collections import SIZE_LIMIT, capped, read_json, read_lines, too_large
from summarizer.sources.extract import Extracted, decode, extract, host, refuse_binary
from summarizer.sources.mail import read_mail

if TYPE_CHECKING:
    from summarizer.sources.fetch import Page

__all__ = ["Map", "Outcome", "page_article", "read", "read_bytes", "read_page"]

Outcome = Article | SourceError
Kind = Literal["text", "html", "json", "lines", "mail"]
Fetch = Callable[[str], "Page"]
Map = Callable[[Callable[[str], Outcome], Iterable[str]], Iterable[Outcome]]

_KINDS: dict[str, Kind] = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "lines", ".ndjson": "lines", ".eml": "mail",
}  # fmt: skip
_PEEK = 4096

_URL = re.compile(r"<?[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_URL_LENGTH = 4096
_PAIRED = {")": "(", "]": "[", "）": "（"}
_CLOSING = frozenset(".,;:!?'\"»”’>}*").union(_PAIRED)
_SCHEMELESS = re.compile(
    r"(www\.|([a-z0-9-]+\.)+(com|org|net|info|eu|uk|de|fr|ua|cn|jp)\b)", re.IGNORECASE
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|head|body|article|div|p\b)", re.IGNORECASE
)
_JSON_START = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*\{)')
_MAIL_START = re.compile(rb"(?:From|Subject|Date|Received|Return-Path|MIME-Version): ")

_REASONS = {
    errno.ENOENT: "does not exist",
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.ELOOP: "is a loop of symbolic links",
    errno.ENAMETOOLONG: "does not exist: the name is too long",
}


class _Place(NamedTuple):
    """One thing to read. ``key`` is the same for two names of the same thing."""

    name: str
    kind: Literal["file", "page", "stdin"]
    key: object


def read(
    locations: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    fetch: Fetch | None = None,
    map: Map = map,  # noqa: A002  # what it replaces
) -> Iterator[Outcome]:
    """Every article that the locations name, in their order; what fails is yielded, not raised.

    A location is a file, a folder (walked), a glob, ``-`` or an http(s) URL. ``map`` runs the
    fetches and nothing else: a thread pool's starts them all at the first outcome. ``fetch``
    raises SourceError, and is `summarizer.sources.fetch.fetch` unless another is given.
    """
    places = list(_distinct(place for location in locations for place in _places(location)))
    urls = [place.name for place in places if isinstance(place, _Place) and place.kind == "page"]
    pages = iter(map(partial(_read_page, fetch=fetch), urls))
    for place in places:
        if isinstance(place, SourceError):
            yield place
        elif place.kind == "page":
            yield next(pages)
        else:
            yield from _read_file(place.name, stdin if place.kind == "stdin" else None)


def read_page(url: str, fetch: Fetch | None = None) -> Outcome:
    """The article behind an http(s) URL; for whoever names URLs and may read no file here."""
    try:
        return _read_page(_page_place(url).name, fetch)
    except SourceError as error:
        return _about(error, url)


def page_article(page: "Page", asked: str) -> Article:
    """The article of a fetched page, located at the URL that was asked for.

    Not at the one it led to: what the user named stays the same from run to run, while the end
    of a redirect may carry a session. Raises ExtractionError when there is no article.
    """
    refuse_binary(page.content)
    if page.content_type in ("text/plain", "text/markdown"):
        text = _unix_lines(decode(page.content, page.charset))
        return Extracted(text, publisher=host(asked)).at(url=asked)
    return extract(page.content, asked, charset=page.charset).at(url=asked)


def _read_page(url: str, fetch: Fetch | None) -> Outcome:
    try:
        return page_article((fetch or _usual_fetch())(url), url)
    except SourceError as error:
        return _about(error, url)


def _usual_fetch() -> Fetch:
    from summarizer.sources.fetch import fetch

    return fetch


def _page_place(location: str) -> _Place:
    """Raises FetchError when the location is no URL that is read."""
    from summarizer.sources.fetch import normalise

    url = normalise(_without_junk(location))
    return _Place(url, "page", url)


def _without_junk(url: str) -> str:
    """The URL without what the sentence or the list around it left at its end.

    >>> _without_junk("<https://example.org/a_(b))>.")
    'https://example.org/a_(b)'
    """
    end = len(url)
    while url[end - 1 : end] in _CLOSING:
        last = url[end - 1 : end]
        if last in _PAIRED and url.count(last, 0, end) <= url.count(_PAIRED[last], 0, end):
            break
        end -= 1
    return url[:end].lstrip("<")


def _places(location: str) -> Iterator[_Place | SourceError]:
    """What one location names."""
    try:
        if not location:
            yield SourceError("an empty location names nothing")
        elif location == "-":
            yield _Place("-", "stdin", "-")
        elif _URL.match(location) and len(location) <= _URL_LENGTH:
            yield _page_place(location)
        elif (path := Path(location)).is_dir():
            yield from _walk(path)
        elif path.exists() or path.is_symlink() or not glob.has_magic(location):
            yield _file(location)
        else:
            yield from _matches(location)
    except SourceError as error:
        yield _about(error, location)
    except OSError as error:
        yield _unreadable(location, error)


def _file(name: str) -> _Place:
    """Raises SourceError or OSError when there is no such file."""
    try:
        found = Path(name).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SourceError("does not exist", hint=_hint(name)) from None
    return _Place(name, "file", (found.st_dev, found.st_ino))


def _walk(folder: Path) -> Iterator[_Place | SourceError]:
    """Readable files under ``folder`` by name, depth first; hidden ones and other kinds are not
    looked at. A folder reached again, through a symbolic link, is not walked again."""
    waiting, walked, empty = [folder], set[object](), True
    while waiting:
        path = waiting.pop()
        try:
            place = _file(str(path))
            if path.is_dir():
                waiting += _inside(path) if place.key not in walked else []
                walked.add(place.key)
            else:
                yield place
                empty = False
        except OSError as error:
            yield _unreadable(str(path), error)
            empty = False
    if empty:
        kinds = " ".join(_KINDS)
        raise SourceError("holds no file to read", hint=f"a folder is searched for {kinds}")


def _inside(folder: Path) -> list[Path]:
    """Its folders and files of a known kind, the last name first. No pipes: they never end."""
    shown = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted((p for p in shown if p.is_dir() or (_kind(p.name) and p.is_file())), reverse=True)


def _matches(pattern: str) -> Iterator[_Place | SourceError]:
    """The files that a glob names, else those in the folders that it names."""
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  # Path.glob takes no absolute one
    paths = [Path(name) for name in sorted(names)]
    if not paths:
        raise SourceError("matches no file")
    files = [path for path in paths if path.is_file()]
    for path in files:
        yield _file(str(path))
    for path in paths if not files else ():
        yield from _places(str(path))


def _distinct(places: Iterable[_Place | SourceError]) -> Iterator[_Place | SourceError]:
    first: dict[object, str] = {}
    for place in places:
        if isinstance(place, SourceError) or place.key not in first:
            yield place
            if isinstance(place, _Place):
                first[place.key] = place.name
        else:
            hint = f"first as {_shown(first[place.key])}" if first[place.key] != place.name else ""
            yield SourceError("is named twice", subject=_shown(place.name), hint=hint)


def read_bytes(data: bytes, name: str) -> Iterator[Outcome]:
    """The articles in bytes that were handed over under a file's name; no file is opened."""
    return _told(_read_stream(io.BytesIO(data), _shown(name)), name)


def _read_file(name: str, stdin: BinaryIO | None) -> Iterator[Outcome]:
    if name == "-":
        return _told(_read_stream(stdin or sys.stdin.buffer, _shown(name)), name)
    return _told(_opened(name), name)


def _opened(name: str) -> Iterator[Outcome]:
    with Path(name).open("rb") as stream:
        _refuse_large(stream, name)
        yield from _read_stream(stream, _shown(name))


def _told(outcomes: Iterator[Outcome], name: str) -> Iterator[Outcome]:
    """The outcomes of one file: the one place where its failures become values."""
    shown = _shown(name)
    try:
        yield from outcomes
    except SourceError as error:
        yield _about(error, name)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield ExtractionError("is a damaged gzip file", subject=shown)
    except OSError as error:
        yield _unreadable(name, error)


def _refuse_large(stream: IO[bytes], name: str) -> None:
    """Raises ExtractionError for a large file before it is read."""
    found = os.fstat(stream.fileno())
    if not stat.S_ISREG(found.st_mode) or _kind(name) == "lines":
        return
    if found.st_size > SIZE_LIMIT:
        raise too_large(f"is {found.st_size / 1e6:.0f} MB")


def _read_stream(stream: IO[bytes], path: str) -> Iterator[Outcome]:
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else _buffered(stream))
    head = buffered.peek(_PEEK)[:_PEEK]
    if head.startswith(b"\x1f\x8b"):
        buffered = cast("io.BufferedReader", gzip.GzipFile(fileobj=buffered))
        head = buffered.peek(_PEEK)[:_PEEK]
    if not head:
        raise ExtractionError("is empty")
    refuse_binary(head)
    kind = _kind(path) or _sniff(head)
    if kind == "lines":
        yield from read_lines(buffered, path)
    elif kind == "json":
        yield from read_json(buffered, path)
    else:
        yield _whole(capped(buffered), kind).at(path=path)


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _whole(data: bytes, kind: Kind) -> Extracted:
    if kind == "html":
        return extract(data)
    if kind == "mail":
        return read_mail(data)
    return Extracted(_unix_lines(decode(data)))


def _kind(name: str) -> Kind | None:
    """What the suffix says, ``.gz`` set aside."""
    return _KINDS.get(Path(name.lower().removesuffix(".gz")).suffix)


def _sniff(head: bytes) -> Kind:
    """What the first bytes look like."""
    if _JSON_START.match(head):
        return "json"
    if _HTML_START.match(head):
        return "html"
    return "mail" if _MAIL_START.match(head) else "text"


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(name: str) -> str:
    """The name on one line: what cannot be printed or saved is spelt out."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), name)


def _about(error: SourceError, name: str) -> SourceError:
    """The error with the name of its source."""
    error.subject = error.subject or _shown(name)
    return error


def _unreadable(name: str, error: OSError) -> SourceError:
    why = _REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror or error}"
    return SourceError(why, subject=_shown(name))


def _hint(name: str) -> str:
    """A guess at what was meant by a path that does not exist."""
    if _SCHEMELESS.match(name):
        return f"for a web page write https://{name}"
    path = Path(name)
    try:
        siblings = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    near = get_close_matches(path.name, siblings, n=1, cutoff=0.75)
    return f"did you mean {_shown(str(path.with_name(near[0])))}?" if near else ""
