"""The source that each marker of a draft refers to, and how it was resolved.

Three steps, each only if the one before finds nothing: the address that the marker itself gives;
the draft's own list of sources or footnotes, whose entries name a source by address, path or title;
the order in which the sources were given. Where a list names any source, its other entries name
none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from summarizer.audit.parse import Marker, ParsedDraft, SourceListEntry
from summarizer.audit.report import MarkerReference
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.tokens import folded_words

__all__ = ["ResolvedReferences", "resolve_references"]

MIN_TITLE_WORDS = 3
"""Words that a title must have to be recognised inside an entry."""

_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"'“”‘’<>()\[\]{}|,;]+")
_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid)=[^&#]*")


class ResolvedReferences(NamedTuple):
    """The references by the mark's label, and in one line how numbers were read."""

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


def _marker_key(mark: Marker) -> str:
    """What tells two marks apart."""
    return f"{mark.label} {mark.address}"


def resolve_references(
    draft: ParsedDraft, given: Sequence[Article | SourceError]
) -> ResolvedReferences:
    """The reference of every mark in the draft. ``given``: what ``--sources`` named, in its order;
    a source that could not be read keeps its number."""
    articles = [one for one in given if isinstance(one, Article)]
    catalogue = _SourceCatalogue(articles)
    listed = {label: catalogue.named(entry.text) for label, entry in draft.source_list.items()}
    telling = any(listed.values())
    marks = {_marker_key(mark): mark for one in draft.sentences for mark in one.marks}
    finder = _ReferenceFinder(catalogue, listed if telling else {}, draft.source_list, given)
    references = {name: finder.find(mark) for name, mark in marks.items()}
    return ResolvedReferences(references, _resolution_note(references.values(), draft, given))


def _resolution_note(
    references: Iterable[MarkerReference],
    draft: ParsedDraft,
    given: Sequence[Article | SourceError],
) -> str:
    """How marks were read, in one line."""
    by = {one.resolved_by for one in references}
    if not by:
        return "no citation marks: each sentence is held against the best passages of all sources"
    if "draft_list" in by:
        return "marks follow the draft's own list of sources"
    if "source_order" in by:
        first = ", ".join(
            f"[{n}] {_source_location(one)}" for n, one in enumerate(given[:3], start=1)
        )
        more = ", ..." if len(given) > 3 else ""
        why = "the draft's list names none of the sources, so " if draft.source_list else ""
        return f"{why}numbers follow the order of --sources: {first}{more}"
    return "marks follow their addresses" if "address" in by else "no mark leads to a source"


def _source_location(source: Article | SourceError) -> str:
    return source.location if isinstance(source, Article) else source.subject


@dataclass(frozen=True, slots=True)
class _ReferenceFinder:
    """All that a mark may be looked up in."""

    catalogue: "_SourceCatalogue"
    listed: Mapping[str, str]
    entries: Mapping[str, SourceListEntry]
    given: Sequence[Article | SourceError]

    def find(self, mark: Marker) -> MarkerReference:
        """The reference of one mark."""
        if mark.address and (source := self.catalogue.addressed(mark.address)):
            return MarkerReference(
                marker=mark.text, source=source, resolved_by="address", detail=mark.address
            )
        label = mark.label
        if label not in self.entries and label.removeprefix("^").isdecimal():
            label = label.removeprefix("^")
        if label in self.listed:
            return self._listed(mark, label)
        if label.isdecimal() and not self.listed:
            return self._counted(mark, int(label))
        why = "is not among the sources" if mark.address else "is in no list of the draft"
        return _unresolved(mark, f"{mark.text} {why}")

    def _listed(self, mark: Marker, label: str) -> MarkerReference:
        entry = " ".join(self.entries[label].text.split())
        if source := self.listed[label]:
            return MarkerReference(
                marker=mark.text, source=source, resolved_by="draft_list", detail=entry
            )
        return _unresolved(mark, f"{mark.text} is “{entry}”, which is not among the sources")

    def _counted(self, mark: Marker, number: int) -> MarkerReference:
        if not 1 <= number <= len(self.given):
            count = len(self.given)
            told = "there is only 1 source" if count == 1 else f"there are only {count} sources"
            return _unresolved(mark, f"{mark.text} leads to nothing: {told}")
        source = self.given[number - 1]
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


class _SourceCatalogue:
    """The articles by all that may name them; what would name two names neither."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._by_address: dict[str, str] = {}
        self._titles: dict[tuple[str, ...], str] = {}
        for article in articles:
            for name in _source_addresses(article):
                same = self._by_address.get(name, article.id) == article.id
                self._by_address[name] = article.id if same else ""
            title = tuple(folded_words(article.title or ""))
            if len(title) >= MIN_TITLE_WORDS:
                same = self._titles.get(title, article.id) == article.id
                self._titles[title] = article.id if same else ""

    def addressed(self, address: str) -> str:
        """The source at a URL or path, empty if there is none."""
        return self._by_address.get(_normalized_address(address), "")

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
