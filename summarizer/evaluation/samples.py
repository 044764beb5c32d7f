"""Sentences that are known to be supported, and the sources around them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.briefings import Briefing
from summarizer.checking.claims import Claim, Passage
from summarizer.text.entities import Aliases, aliases
from summarizer.text.names import Name, names
from summarizer.text.sentences import split

__all__ = ["Library", "Sample", "Shelf", "samples", "shelve"]


class Shelf(NamedTuple):
    """One source: its sentences as passages, and the names in it, each once."""

    sentences: tuple[Passage, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """The sources by id, and what short names stand for in them."""

    shelves: Mapping[str, Shelf]
    aliases: Aliases


class Sample(NamedTuple):
    """A sentence, the words that it cites, and the id of the source of each."""

    claim: Claim
    passages: tuple[Passage, ...]
    sources: tuple[str, ...]


def shelve(texts: Mapping[str, Passage]) -> Library:
    """The library of whole texts by source id."""
    return Library(
        {name: _shelf(text) for name, text in texts.items()},
        aliases(text.text for text in texts.values()),
    )


def _shelf(whole: Passage) -> Shelf:
    spans = split(whole.text, whole.language)
    sentences = tuple(_part(whole, start, end) for start, end in spans)
    distinct = {name.text: name for name in names(whole.text)}
    return Shelf(sentences, tuple(distinct.values()))


def _part(whole: Passage, start: int, end: int) -> Passage:
    """A stretch of a text, read from the same day."""
    return Passage(whole.text[start:end], whole.language, whole.published)


def samples(briefing: Briefing) -> Iterator[Sample]:
    """The supported sentences of a briefing, each wording once."""
    sources = {source.id: source for source in briefing.sources}
    told = {one.text: one for one in briefing.told() if one.verdict == "supported"}
    for text, sentence in told.items():
        cited = [sources[citation.source] for citation in sentence.citations]
        passages = tuple(
            Passage(citation.quote, briefing.language, source.written)
            for citation, source in zip(sentence.citations, cited, strict=True)
        )
        claim = Claim(text, briefing.language, passages[0].published)
        yield Sample(claim, passages, tuple(source.id for source in cited))
