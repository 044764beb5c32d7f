"""Which source each mark of a draft stands for, and how that is known.

Cascade, each step only if the one before does not tell: the address that the mark itself gives; the
draft's own list of sources or footnotes, whose entries name a source by address, path or title; the
order in which the sources were given. Where a list names any source, its other entries name none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from summarizer.checking.manuscripts import Entry, Manuscript, Mark
from summarizer.drafts import Reference
from summarizer.errors import SourceError
from summarizer.sources.articles import Article
from summarizer.text.tokens import words

__all__ = ["Attribution", "attribute"]

SHORTEST_TITLE = 3
"""Words that a title must have to be recognised inside an entry."""

_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"'“”‘’<>()\[\]{}|,;]+")
_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid)=[^&#]*")


class Attribution(NamedTuple):
    """The references by the mark's label, and in one line how numbers were read."""

    references: Mapping[str, Reference]
    note: str

    def sources(self, marks: Iterable[Mark]) -> tuple[str, ...]:
        """Ids of the sources that these marks lead to, each once."""
        found = (self.references[_key(mark)].source for mark in marks)
        return tuple(dict.fromkeys(source for source in found if source))

    def dead(self, marks: Iterable[Mark]) -> tuple[Reference, ...]:
        """The marks that lead nowhere."""
        found = (self.references[_key(mark)] for mark in marks)
        return tuple(one for one in found if one.source is None)


def _key(mark: Mark) -> str:
    """What tells two marks apart."""
    return f"{mark.label} {mark.address}"


def attribute(draft: Manuscript, given: Sequence[Article | SourceError]) -> Attribution:
    """The reference of every mark in the draft. ``given``: what ``--sources`` named, in its order;
    a source that could not be read keeps its number."""
    articles = [one for one in given if isinstance(one, Article)]
    catalogue = _Catalogue(articles)
    listed = {label: catalogue.named(entry.text) for label, entry in draft.entries.items()}
    telling = any(listed.values())
    marks = {_key(mark): mark for one in draft.sentences for mark in one.marks}
    finder = _Finder(catalogue, listed if telling else {}, draft.entries, given)
    references = {name: finder.find(mark) for name, mark in marks.items()}
    return Attribution(references, _told(references.values(), draft, given))


def _told(
    references: Iterable[Reference], draft: Manuscript, given: Sequence[Article | SourceError]
) -> str:
    """How marks were read, in one line."""
    by = {one.by for one in references}
    if not by:
        return "no citation marks: each sentence is held against the best passages of all sources"
    if "the draft's list" in by:
        return "marks follow the draft's own list of sources"
    if "the order of the sources" in by:
        first = ", ".join(f"[{n}] {_place(one)}" for n, one in enumerate(given[:3], start=1))
        more = ", ..." if len(given) > 3 else ""
        why = "the draft's list names none of the sources, so " if draft.entries else ""
        return f"{why}numbers follow the order of --sources: {first}{more}"
    return "marks follow their addresses" if "its address" in by else "no mark leads to a source"


def _place(source: Article | SourceError) -> str:
    return source.location if isinstance(source, Article) else source.subject


@dataclass(frozen=True, slots=True)
class _Finder:
    """All that a mark may be looked up in."""

    catalogue: "_Catalogue"
    listed: Mapping[str, str]
    entries: Mapping[str, Entry]
    given: Sequence[Article | SourceError]

    def find(self, mark: Mark) -> Reference:
        """The reference of one mark."""
        if mark.address and (source := self.catalogue.addressed(mark.address)):
            return Reference(mark=mark.text, source=source, by="its address", detail=mark.address)
        label = mark.label
        if label not in self.entries and label.removeprefix("^").isdecimal():
            label = label.removeprefix("^")
        if label in self.listed:
            return self._listed(mark, label)
        if label.isdecimal() and not self.listed:
            return self._counted(mark, int(label))
        why = "is not among the sources" if mark.address else "is in no list of the draft"
        return _nowhere(mark, f"{mark.text} {why}")

    def _listed(self, mark: Mark, label: str) -> Reference:
        entry = " ".join(self.entries[label].text.split())
        if source := self.listed[label]:
            return Reference(mark=mark.text, source=source, by="the draft's list", detail=entry)
        return _nowhere(mark, f"{mark.text} is “{entry}”, which is not among the sources")

    def _counted(self, mark: Mark, number: int) -> Reference:
        if not 1 <= number <= len(self.given):
            count = len(self.given)
            told = "there is only 1 source" if count == 1 else f"there are only {count} sources"
            return _nowhere(mark, f"{mark.text} leads to nothing: {told}")
        source = self.given[number - 1]
        if isinstance(source, SourceError):
            return _nowhere(mark, f"{mark.text} is {source.subject}, which {source.message}")
        return Reference(
            mark=mark.text,
            source=source.id,
            by="the order of the sources",
            detail=source.location,
        )


def _nowhere(mark: Mark, detail: str) -> Reference:
    return Reference(mark=mark.text, source=None, by="nothing", detail=detail)


class _Catalogue:
    """The articles by all that may name them; what would name two names neither."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._by_address: dict[str, str] = {}
        self._titles: dict[tuple[str, ...], str] = {}
        for article in articles:
            for name in _names(article):
                same = self._by_address.get(name, article.id) == article.id
                self._by_address[name] = article.id if same else ""
            title = tuple(words(article.title or ""))
            if len(title) >= SHORTEST_TITLE:
                same = self._titles.get(title, article.id) == article.id
                self._titles[title] = article.id if same else ""

    def addressed(self, address: str) -> str:
        """The source at a URL or path, empty if there is none."""
        return self._by_address.get(_plain(address), "")

    def named(self, entry: str) -> str:
        """The source that an entry names by address, path or title; empty if none or several."""
        tokens = [_plain(token) for token in _WORD.findall(entry)]
        found = {self._by_address[token] for token in tokens if token in self._by_address}
        if not found:
            found = set(self._titled(tuple(words(entry))))
        return found.pop() if len(found) == 1 else ""

    def _titled(self, said: tuple[str, ...]) -> Iterator[str]:
        for title, source in self._titles.items():
            size = len(title)
            if any(said[at : at + size] == title for at in range(len(said) - size + 1)):
                yield source


def _names(article: Article) -> Iterator[str]:
    """The addresses that an article may be cited by, longest first."""
    yield _plain(article.location)
    if article.path:
        yield _plain(PurePath(article.path).name)
    if article.key:
        yield _plain(article.key)


def _plain(address: str) -> str:
    """An address without what does not tell it from another: scheme, tracking, fragment, slash."""
    bare = _TRACKING.sub("", _SCHEME.sub("", address.strip("<>").rstrip(".,;:")))
    if "://" in address:
        bare = bare.partition("#")[0]
    return bare.removeprefix("./").rstrip("/?&").casefold()
