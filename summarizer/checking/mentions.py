"""Numbers, dates, names and quotations of a claim that the cited passages do not hold.

Each check asks whether an equal stands anywhere in the passages. What is missing is a clash when a
sentence that says the same otherwise has another of its kind in that place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from summarizer.briefings import FindingKind
from summarizer.checking.alignment import aligned, clauses
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.found import (
    aliases_in,
    mentions_in,
    names_in,
    quantities_in,
    quotations_in,
)
from summarizer.text.dates import Mention
from summarizer.text.entities import Aliases, named_in, outlet
from summarizer.text.measures import equal
from summarizer.text.names import Name
from summarizer.text.periods import compatible
from summarizer.text.quotes import nearest, stands_in
from summarizer.text.selectors import Span, inside
from summarizer.text.tokens import stems

__all__ = ["dates", "named", "numbers", "quotes", "verbatim"]

_BEFORE = re.compile(r"\w+\W*$")
_BEHIND = re.compile(r"\W*\w+")
_APART = re.compile(r"[\W_]+")

BESIDE = 40
"""Code points before a mention in which the word beside it is looked for."""


class _Rival(NamedTuple):
    """Something of the same kind that the evidence has and the claim has not."""

    span: Span
    passage: Passage

    @property
    def text(self) -> str:
        return self.passage.text[self.span.start : self.span.end]


def numbers(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Problem]:
    """Quantities with no equal in the passages."""
    here = quantities_in(claim.text)
    there = [(found, passage) for passage in passages for found in quantities_in(passage.text)]
    for quantity in here:
        if any(equal(quantity, other) for other, _ in there):
            continue
        if _stands(claim, quantity.span, passages):
            continue
        free = [(other, p) for other, p in there if not any(equal(own, other) for own in here)]
        of_unit = [(other, p) for other, p in free if other.unit == quantity.unit]
        rivals = [_Rival(other.span, passage) for other, passage in of_unit or free]
        yield _missing("number", claim, quantity.span, rivals)


def dates(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Problem]:
    """Dates that no date of the passages is compatible with; each is read from its own day."""
    there = [(found, passage) for passage in passages for found in mentions_in(passage.text)]
    same_day = [passage for passage in passages if claim.published in (None, passage.published)]
    for mention in mentions_in(claim.text):
        if any(
            compatible(mention, other, claim.published, passage.published)
            for other, passage in there
        ):
            continue
        if not _stands(claim, mention.span, same_day):
            alike = [(other, p) for other, p in there if _grain(other) == _grain(mention)]
            rivals = [_Rival(other.span, passage) for other, passage in alike]
            yield _missing("date", claim, mention.span, rivals)


def named(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Problem]:
    """Names that the passages do not give, or give only inside the name of an outlet."""
    missing = _unnamed(claim, passages, known)
    here = names_in(claim.text) if missing else ()
    rivals = [
        _Rival(name.span, passage)
        for passage in (passages if missing else ())
        for name in names_in(passage.text)
        if not named_in(name, here, known)
    ]
    for name in missing:
        yield _missing("name", claim, name.span, rivals)


def _unnamed(claim: Claim, passages: Sequence[Passage], known: Aliases) -> list[Name]:
    """The names of the claim that no passage licenses."""
    there = [name for passage in passages for name in names_in(passage.text)]
    as_written = {name.text for name in there}
    strange = [name for name in names_in(claim.text) if name.text not in as_written]
    if not strange:
        return []
    licensed = known or aliases_in(tuple(passage.text for passage in passages))
    # A capital that only opens a sentence there ("Xi reportedly told ...") is a name if it is here.
    ours = frozenset(word for name in strange for word in name.words)
    there = [name for passage in passages for name in names_in(passage.text, ours)]
    return [
        name
        for name in strange
        if not named_in(name, there, licensed) and not _told(name, claim, passages)
    ]


def quotes(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Problem]:
    """Quoted words that stand in no passage."""
    for quotation in quotations_in(claim.text):
        if any(stands_in(quotation.text, passage.text) for passage in passages):
            continue
        near = next(filter(None, (nearest(quotation.text, p.text) for p in passages)), "")
        yield Problem("quote", quotation.text, f"not words of the cited passages{_beside(near)}")


def verbatim(claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether the whole claim stands in a passage, punctuation and case aside."""
    wanted = _plain(claim.text)
    return not wanted.isspace() and any(wanted in _plain(passage.text) for passage in passages)


def _told(name: Name, claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether all words of a name stand in one clause, whatever their case; outlets aside."""
    wanted = set(stems(name.text, claim.language))
    return any(
        wanted <= {word.stem for word in clause.words}
        for passage in passages
        for clause in clauses(_without_outlets(passage.text), passage.language)
    )


@lru_cache(maxsize=1 << 12)
def _without_outlets(text: str) -> str:
    for name in filter(outlet, reversed(names_in(text))):
        text = f"{text[: name.span.start]},{text[name.span.end :]}"
    return text


def _stands(claim: Claim, span: Span, passages: Iterable[Passage]) -> bool:
    """Whether the words stand in a passage with the same word on either side."""
    before = _BEFORE.search(claim.text, max(0, span.start - BESIDE), span.start)
    behind = _BEHIND.match(claim.text, span.end)
    start = before.start() if before else span.start
    wanted = _plain(claim.text[start : behind.end() if behind else span.end])
    beside = before is not None or behind is not None
    return beside and any(wanted in _plain(passage.text) for passage in passages)


@lru_cache(maxsize=1 << 13)
def _plain(text: str) -> str:
    """Words only, one space between, so that typography does not matter."""
    return f" {_APART.sub(' ', text).strip().casefold()} "


def _grain(mention: Mention) -> tuple[bool, ...]:
    """Which parts a date has."""
    day = mention.day if mention.weekday is None else mention.weekday
    return tuple(part is not None for part in (day, mention.month, mention.relative))


def _missing(kind: FindingKind, claim: Claim, span: Span, rivals: Sequence[_Rival]) -> Problem:
    """The problem, with the rival that stands in that place, else with the first of its kind."""
    words = claim.text[span.start : span.end]
    whole = clauses(claim.text, claim.language)
    clause = next((found for found in whole if found.span.end > span.start), None)
    for rival in rivals:
        sentences = aligned(clause, words, rival.passage) if clause else ()
        if any(inside(rival.span, sentence) for sentence in sentences):
            detail = f"{words} not in the cited passages{_beside(rival.text)}"
            return Problem(kind, words, detail, clash=True)
    near = rivals[0].text if rivals else ""
    return Problem(kind, words, f"{words} not in the cited passages{_beside(near)}")


def _beside(near: str) -> str:
    return f"; there: {near}" if near else ""
