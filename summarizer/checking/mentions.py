"""Numbers, dates, names and quotations of a claim that the cited passages do not hold.

Each check asks whether an equal stands anywhere in the passages. What is missing is a clash when a
sentence that says the same otherwise has another of its kind in that place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import isclose
from typing import NamedTuple

from summarizer.briefings import FindingKind
from summarizer.checking.alignment import aligned, clauses
from summarizer.checking.arithmetic import falls_on, follows
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.found import (
    aliases_in,
    mentions_in,
    names_in,
    quantities_in,
    quotations_in,
)
from summarizer.text.dates import Mention
from summarizer.text.entities import Aliases, named_in, outlet, same
from summarizer.text.measures import equal
from summarizer.text.name_words import COUNTRIES, is_acronym, normalize
from summarizer.text.names import Name
from summarizer.text.numbers import Quantity
from summarizer.text.periods import compatible
from summarizer.text.quotes import nearest, stands_in
from summarizer.text.selectors import Span, inside
from summarizer.text.tokens import stems

__all__ = ["dates", "named", "numbers", "quotes", "verbatim"]

_BEFORE = re.compile(r"\w+\W*$")
_BEHIND = re.compile(r"\W*\w+")
_APART = re.compile(r"(?:[^\w$€£¥₩₴₽₹₺₪%]|_)+")
_SYMBOL = re.compile(r"([$€£¥₩₴₽₹₺₪%])")
_PAIR = re.compile(
    r"\b(?:both|pair|couple|duo|twins?|twice|each other|one another|either)\b", re.IGNORECASE
)

BESIDE = 40
"""Code points before a mention in which the word beside it is looked for."""


def _one(noun: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:an?|per|each|every|the)[ -](?:\w+ )?{re.escape(noun)}\b", re.IGNORECASE
    )


def _spoken(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


PERIODS = {
    "day": {1.0: _one("day"), 7.0: _one("week")},
    "week": {1.0: _one("week"), 2.0: _one("fortnight")},
    "month": {1.0: _one("month"), 12.0: _one("year"), 3.0: _one("quarter")},
    "year": {
        1.0: _one("year"),
        5.0: _spoken("half a decade"),
        10.0: _one("decade"),
        15.0: _spoken("a decade and a half"),
        50.0: _spoken("half a century"),
        100.0: _one("century"),
        150.0: _spoken("a century and a half"),
    },
    "hour": {1.0: _one("hour"), 24.0: _one("day")},
    "minute": {1.0: _one("minute"), 60.0: _one("hour")},
    "times": {2.0: _spoken(r"doubl\w+|two-?fold"), 3.0: _spoken(r"tripl\w+|trebl\w+|three-?fold")},
}
"""A unit of time, or times -> how many of it are told in a word without a figure."""
_HALVED = _spoken("halv(?:es?|ed|ing)")
_TWO_SIDES = re.compile(r"\b(?:the|both) $", re.IGNORECASE)


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
        if (
            _stands(claim, quantity.span, passages)
            or _implied(quantity, claim.text, there, passages)
            or follows(quantity, claim, passages)
        ):
            continue
        free = [(other, p) for other, p in there if not any(equal(own, other) for own in here)]
        of_unit = [(other, p) for other, p in free if other.unit == quantity.unit]
        rivals = [_Rival(other.span, passage) for other, passage in of_unit or free]
        yield _missing("number", claim, quantity.span, rivals)


def _implied(
    quantity: Quantity,
    text: str,
    there: Sequence[tuple[Quantity, Passage]],
    passages: Sequence[Passage],
) -> bool:
    """Whether the passages give a quantity of ``text`` without a figure, or as an end of a range.

    "one year" of "a year", "ten years" of "a decade", "two" of a pair, "half" of what was halved,
    "$90 million" of "$90 million to $100 million", a range of the two figures at its ends, and the
    points between two shares.
    """
    ends = {end for other, _ in there if other.unit == quantity.unit for end in other[2:4]}
    if quantity.low in ends and quantity.high in ends:
        return True
    if quantity.unit in PERIODS:
        spoken = PERIODS[quantity.unit].get(quantity.low)
        return spoken is not None and any(spoken.search(passage.text) for passage in passages)
    if quantity.unit == "pp":
        shares = [other.low for other, _ in there if other.unit == "%"]
        return any(isclose(abs(a - b), abs(quantity.low)) for a, b in combinations(shares, 2))
    if quantity.unit or not quantity.text[:1].isalpha():
        return False
    if quantity.low == 1 / 2:
        return any(_HALVED.search(passage.text) for passage in passages)
    return _one_or_two(quantity, text, there, passages)


def _one_or_two(
    quantity: Quantity,
    text: str,
    there: Sequence[tuple[Quantity, Passage]],
    passages: Sequence[Passage],
) -> bool:
    """Whether "one vote" is "a single vote" there, or "two" a pair or two names, or those that the
    claim speaks of ("the two sides"), where nothing else is counted."""
    texts = [passage.text for passage in passages]
    if quantity.low == 1:
        noun = _BEHIND.match(text, quantity.span.end)
        spoken = noun and _one(noun[0].strip())
        return spoken is not None and any(map(spoken.search, texts))
    if quantity.low != 2 or any(not other.unit for other, _ in there):
        return False
    if _TWO_SIDES.search(text, max(0, quantity.span.start - BESIDE), quantity.span.start):
        return True
    named_there = {name.words[-1] for text in texts for name in names_in(text)}
    return len(named_there) > 1 or any(map(_PAIR.search, texts))


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
        if not (
            _stands(claim, mention.span, same_day)
            or _retold(mention, passages)
            or falls_on(mention, claim, passages)
        ):
            alike = [(other, p) for other, p in there if _grain(other) == _grain(mention)]
            rivals = [_Rival(other.span, passage) for other, passage in alike]
            yield _missing("date", claim, mention.span, rivals)


def _retold(mention: Mention, passages: Sequence[Passage]) -> bool:
    """Whether it hangs on a day told before, and the passages give the distance ("one year later").

    "the same year" hangs on what the text told last: nothing to compare.
    """
    if mention.relative is None or not mention.relative.then:
        return False
    distance = quantities_in(mention.text)
    there = [(other, p) for p in passages for other in quantities_in(p.text)]
    return mention.relative.offset == 0 or any(
        any(equal(one, other) for other, _ in there) or _implied(one, mention.text, there, passages)
        for one in distance
    )


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
    as_written = {_one_of(name.text) for name in there}
    told = [mention.span for mention in mentions_in(claim.text)]  # "Q2" is a date
    strange = [
        name
        for name in names_in(claim.text)
        if _one_of(name.text) not in as_written and not any(inside(name.span, at) for at in told)
    ]
    if not strange:
        return []
    licensed = known or aliases_in(tuple(passage.text for passage in passages))
    # A capital that only opens a sentence there ("Xi reportedly told ...") is a name if it is here.
    ours = frozenset(word for name in strange for word in name.words)
    there = [name for passage in passages for name in names_in(passage.text, ours)]
    return [
        name
        for name in strange
        if not named_in(name, there, licensed)
        and not _apart(name, there, licensed)
        and not _told(name, claim, passages)
    ]


def _apart(name: Name, there: Sequence[Name], known: Aliases) -> bool:
    """Whether it is a name and a people side by side ("the London Russian embassy"), both named
    there."""
    peoples = [word for word in name.words if normalize(word) in COUNTRIES]
    rest = " ".join(word for word in name.words if word not in peoples)
    parts = (*peoples, rest) if peoples and rest else ()
    return bool(parts) and all(any(same(p, other, known) for other in there) for p in parts)


def _one_of(name: str) -> str:
    """An acronym without the s of its plural."""
    return name[:-1] if name.endswith("s") and is_acronym(name[:-1]) else name


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
    spaced = _SYMBOL.sub(r" \1 ", text)
    return f" {_APART.sub(' ', spaced).strip().casefold()} "


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
