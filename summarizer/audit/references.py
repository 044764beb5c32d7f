"""The source that each marker of a draft refers to, and how it was resolved.

Three steps, each only if the one before finds nothing: the address that the marker itself gives;
the draft's own list of sources or footnotes, whose entries name a source by address, path or title;
the order in which the sources were given. Where a list names any source, its other entries name
none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from summarizer.audit.draft import Marker, ParsedDraft, SourceListEntry
from summarizer.audit.report import MarkerReference
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.tokens import folded_words

MAX_LABEL_DIGITS = 9

MIN_TITLE_WORDS = 3
"""Words that a title must have to be recognised inside an entry."""

_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"'“”‘’<>()\[\]{}|,;]+")
_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_AUTHOR_AND_YEAR = re.compile(r"\W*([^\W\d_]+)[^\d(]*\(?((?:19|20)\d\d[a-z]?)\)?$")
_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid)=[^&#]*")


class ResolvedReferences(NamedTuple):
    """The references by the mark's key, and in one line how numbers were read."""

    references: Mapping[str, MarkerReference]
    note: str

    def sources(self, marks: Iterable[Marker]) -> tuple[str, ...]:
        """Ids of the sources that these marks lead to, each once."""
        found = (self.references[_marker_key(mark)].source for mark in marks)
        return tuple(dict.fromkeys(source for source in found if source))

    def unresolved(self, marks: Iterable[Marker]) -> tuple[MarkerReference, ...]:
        """The marks that lead nowhere."""
        found = (self.references[_marker_key(mark)] for mark in marks)
        return tuple(one for one in found if one.source is None)

    def counted(self, marks: Iterable[Marker]) -> bool:
        """Whether some of these marks were read as numbers, by a list or by the order."""
        found = {self.references[_marker_key(mark)].resolved_by for mark in marks}
        return bool(found & {"source_order", "draft_list"})


def _marker_key(mark: Marker) -> str:
    """What distinguishes a mark from others."""
    return f"{mark.label} {mark.address} {mark.base}"


def resolve_references(
    draft: ParsedDraft, given: Sequence[Article | SourceError]
) -> ResolvedReferences:
    """The reference of every mark in the draft. ``given``: what ``--sources`` named, in its order;
    a source that could not be read keeps its number."""
    marks = {_marker_key(mark): mark for one in draft.sentences for mark in one.marks}
    finder = ReferenceFinder(SourceCatalogue(given), draft.source_list)
    references = {name: finder.find(mark) for name, mark in marks.items()}
    return ResolvedReferences(references, _resolution_note(references.values(), draft, given))


def _resolution_note(
    references: Iterable[MarkerReference],
    draft: ParsedDraft,
    given: Sequence[Article | SourceError],
) -> str:
    """How marks were read, in one line."""
    by = {one.resolved_by for one in references}
    best = "each sentence is compared with the best passages of all sources"
    if draft.unknown_marks:
        shown = ", ".join(f"“{mark}”" for mark in draft.unknown_marks[:3])
        unknown = f"marks of an unknown form: {shown}"
        if not by:
            return f"{unknown}; {best}"
    if not by:
        return f"no citation marks: {best}"
    if "draft_list" in by:
        note = "marks follow the draft's own list of sources"
    elif "source_order" in by:
        first = ", ".join(
            f"[{n}] {_source_location(one)}" for n, one in enumerate(given[:3], start=1)
        )
        more = ", ..." if len(given) > 3 else ""
        why = "the draft's list names none of the sources, so " if draft.source_list else ""
        note = f"{why}numbers follow the order of --sources: {first}{more}"
    elif by & {"address", "name"}:
        note = "marks follow their addresses and names"
    else:
        note = "no mark leads to a source"
    return f"{note}; {unknown}" if draft.unknown_marks else note


def _source_location(source: Article | SourceError) -> str:
    return source.location if isinstance(source, Article) else source.subject


class ReferenceFinder:
    """Finds what a mark refers to, in the draft's list of sources and among the sources."""

    def __init__(
        self, catalogue: "SourceCatalogue", entries: Mapping[str, SourceListEntry]
    ) -> None:
        self._catalogue = catalogue
        self._entries = entries
        self._listed = {label: catalogue.named(entry.text) for label, entry in entries.items()}
        self._list_counts = any(self._listed.values())
        self._words = {label: _identity(entry.text) for label, entry in entries.items()}
        self._found: dict[str, MarkerReference] = {}

    def resolves(self, mark: Marker) -> bool:
        """Whether the mark leads to a source."""
        return self.find(mark).source is not None

    def find(self, mark: Marker) -> MarkerReference:
        """The reference of one mark."""
        key = _marker_key(mark)
        if key not in self._found:
            self._found[key] = self._find(mark)
        return self._found[key]

    def _find(self, mark: Marker) -> MarkerReference:
        if mark.address and (source := self._catalogue.addressed(mark.address)):
            return MarkerReference(
                marker=mark.text, source=source, resolved_by="address", detail=mark.address
            )
        label = mark.label
        if label not in self._entries and label.removeprefix("^").isdecimal():
            label = label.removeprefix("^")
        number = int(label) if label.isdecimal() and len(label) < MAX_LABEL_DIGITS else None
        if number is None:
            label = self._entry_by_author(label) or label
        if label in self._entries and (self._list_counts or number is None):
            return self._listed_reference(mark, label)
        if number is not None and not self._list_counts:
            return self._counted(mark, number)
        named = self._catalogue.called(mark.label) or self._catalogue.named(mark.label)
        if number is None and (source := named):
            return MarkerReference(
                marker=mark.text, source=source, resolved_by="name", detail=mark.label
            )
        why = "is not among the sources" if number is None else "is in no list of the draft"
        return _unresolved(mark, f"{mark.text} {why}")

    def _entry_by_author(self, label: str) -> str:
        """The entry that an author and a year name, if it is one."""
        words = _author_and_year(label)
        found = [entry for entry, said in self._words.items() if words and words <= said]
        return found[0] if len(found) == 1 and label not in self._entries else ""

    def _listed_reference(self, mark: Marker, label: str) -> MarkerReference:
        entry = " ".join(self._entries[label].text.split())
        if source := self._listed[label]:
            return MarkerReference(
                marker=mark.text, source=source, resolved_by="draft_list", detail=entry
            )
        return _unresolved(mark, f"{mark.text} is “{entry}”, which is not among the sources")

    def _counted(self, mark: Marker, number: int) -> MarkerReference:
        given = self._catalogue.given
        if not mark.base <= number < len(given) + mark.base:
            count = len(given)
            only = "there is only 1 source" if count == 1 else f"there are only {count} sources"
            return _unresolved(mark, f"{mark.text} leads to nothing: {only}")
        source = given[number - mark.base]
        if isinstance(source, SourceError):
            return _unresolved(mark, f"{mark.text} is {source.subject}, which {source.message}")
        return MarkerReference(
            marker=mark.text,
            source=source.id,
            resolved_by="source_order",
            detail=source.location,
        )


def _unresolved(mark: Marker, detail: str) -> MarkerReference:
    return MarkerReference(marker=mark.text, source=None, resolved_by="nothing", detail=detail)


def _identity(text: str) -> frozenset[str]:
    """The words and the numbers that a text consists of: "quint2025.txt" has "quint" and "2025"."""
    return frozenset(_LETTERS_OR_DIGITS.findall(" ".join(folded_words(text))))


def _author_and_year(label: str) -> frozenset[str]:
    """The first name and the year of "Holm et al., 2021"; empty without both."""
    found = _AUTHOR_AND_YEAR.match(label)
    return _identity(f"{found[1]} {found[2]}") if found else frozenset()


class SourceCatalogue:
    """The sources by all that may name them; what would name two names neither."""

    def __init__(self, given: Sequence[Article | SourceError]) -> None:
        self.given = given
        self._by_address: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._titles: dict[tuple[str, ...], str] = {}
        self._identities: list[tuple[frozenset[str], str]] = []
        for article in given:
            if not isinstance(article, Article):
                continue
            for name in _source_addresses(article):
                _add_unless_ambiguous(self._by_address, name, article.id)
            title = tuple(folded_words(article.title or ""))
            if len(title) >= MIN_TITLE_WORDS:
                _add_unless_ambiguous(self._titles, title, article.id)
            stem = PurePath(article.path or "").stem
            for name in filter(None, (stem, article.publisher, article.title)):
                _add_unless_ambiguous(self._by_name, name.casefold(), article.id)
            year = str(article.exact_date.year) if article.exact_date else ""
            for words in (stem, f"{article.publisher or ''} {year}"):
                self._identities.append((_identity(words), article.id))

    def addressed(self, address: str) -> str:
        """The source at a URL or path, empty if there is none."""
        return self._by_address.get(_normalized_address(address), "")

    def called(self, name: str) -> str:
        """The source of this file name, publisher or title, or of this author and year."""
        if source := self._by_name.get(name.casefold(), ""):
            return source
        words = _author_and_year(name)
        found = {source for said, source in self._identities if words and words <= said}
        return found.pop() if len(found) == 1 else ""

    def named(self, entry: str) -> str:
        """The source that an entry names by address, path or title; empty if none or several."""
        tokens = [_normalized_address(token) for token in _WORD.findall(entry)]
        found = {self._by_address[token] for token in tokens if token in self._by_address}
        if not found:
            found = set(self._titled(tuple(folded_words(entry))))
        return found.pop() if len(found) == 1 else ""

    def _titled(self, said: tuple[str, ...]) -> Iterator[str]:
        for title, source in self._titles.items():
            size = len(title)
            if any(said[at : at + size] == title for at in range(len(said) - size + 1)):
                yield source


_Key = TypeVar("_Key")


def _add_unless_ambiguous(index: dict[_Key, str], key: _Key, source: str) -> None:
    """Adds the source under the key; a key of two sources leads to none."""
    index[key] = source if index.get(key, source) == source else ""


def _source_addresses(article: Article) -> Iterator[str]:
    """The addresses that an article may be cited by, longest first."""
    yield _normalized_address(article.location)
    if article.path:
        yield _normalized_address(PurePath(article.path).name)
    if article.collection_key:
        yield _normalized_address(article.collection_key)


def _normalized_address(address: str) -> str:
    """An address without what does not tell it from another: scheme, tracking, fragment, slash."""
    bare = _TRACKING.sub("", _SCHEME.sub("", address.strip("<>").rstrip(".,;:")))
    if "://" in address:
        bare = bare.partition("#")[0]
    return bare.removeprefix("./").rstrip("/?&").casefold()
