"""What a reader works out from the figures and dates of the evidence, as an editor does.

A difference, a sum, a share, a ratio, years between two dates. Each is looked for only where the
words beside the figure say that it is one, else any figure would be the difference of two others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, permutations
from math import isclose
from typing import NamedTuple

from summarizer.checking.claims import Claim, Passage
from summarizer.checking.found import mentions_in, quantities_in
from summarizer.text.dates import Mention
from summarizer.text.measures import equal
from summarizer.text.numbers import Quantity
from summarizer.text.periods import compatible
from summarizer.text.selectors import inside
from summarizer.text.units import CURRENCIES

__all__ = ["falls_on", "follows"]

MOST = 6
"""Figures of one unit up to which two are reckoned with: a table holds any difference."""

AROUND = 60
"""Code points on either side of a figure in which the word that tells a difference stands."""


def _spoken(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_APART = _spoken(
    r"more|fewer|less|higher|lower|rise[sn]?|rose|grow[sn]?|grew|gain\w*|increas\w+|add(?:s|ed)"
    r"|f[ae]ll(?:s|en)?|drop\w*|declin\w+|decreas\w+|cut|up|down|los[et]s?|difference|gap|margin"
    r"|other|others|another|rest|remain\w*|left|not|no|never|fail(?:s|ed)?|without|missing|short"
    r"|budgeted|planned|originally|previously"
)
_TOGETHER = _spoken(
    r"total\w*|all|altogether|together|combined|both|overall|sum|(?:among|of) (?:them|whom)"
    r"|including|includes?"
)
_MOVED = _spoken(
    r"rise[sn]?|rose|grow[sn]?|grew|grown|gain\w*|increas\w+|jump\w*|climb\w*|up|higher|more|surge\w*"
    r"|f[ae]ll(?:s|en|ing)?|drop\w*|declin\w+|decreas\w+|cut\w*|down|lower\w*|los[et]s?|fewer|less"
    r"|shr[aiu]nk|reduc\w+|push\w*|slump\w*"
)
_THAN = re.compile(r"\s+(?:more|less|fewer|higher|lower)\b", re.IGNORECASE)
_ELIDED = re.compile(r"(?:\b(?:from|to|than|against|of the|of its|of a|at|and|or)|,) ?\Z")
_PARTS = {("year", "month"): 12.0, ("hour", "minute"): 60.0, ("minute", "second"): 60.0,
          ("foot", "inch"): 12.0}  # fmt: skip
"""Units that are told one behind the other -> how many of the lower make one of the upper."""
_NEVER_COMPARED = ("%", "pp", "ordinal", "score", "times")
_JOINED = re.compile(r",? (?:and )?\Z|-\Z")


class _Held(NamedTuple):
    """A quantity of the evidence and where it stands."""

    quantity: Quantity
    passage: Passage


def follows(quantity: Quantity, claim: Claim, passages: Sequence[Passage]) -> bool:
    """Whether the figures or years of the passages amount to a quantity of the claim."""
    there = [_Held(found, p) for p in passages for found in quantities_in(p.text)]
    return (
        any(equal(quantity, made) for made in (*_elided(quantity.unit, there), *_whole(there)))
        or _reckoned(quantity, claim, there)
        or (quantity.unit == "year" and quantity.low in _years_between(passages))
        or _in_date(quantity, claim, passages)
    )


def _elided(unit: str, there: Sequence[_Held]) -> Iterator[Quantity]:
    """Bare figures that share the unit of another: "300 million dollars of the 1.2 billion"."""
    if unit != "%" and unit not in CURRENCIES:
        return
    given = {one.passage for one in there if one.quantity.unit == unit}
    for figure, passage in there:
        before = passage.text[max(0, figure.span.start - 10) : figure.span.start]
        if not figure.unit and passage in given and _ELIDED.search(before):
            yield figure._replace(unit=unit)


def _whole(there: Iterable[_Held]) -> Iterator[Quantity]:
    """Two units told as one measure: "four years and six months"."""
    for (upper, passage), (lower, other) in pairwise(there):
        size = _PARTS.get((upper.unit, lower.unit))
        between = passage.text[upper.span.end : lower.span.start]
        if size and passage == other and _JOINED.fullmatch(between):
            added = upper.high + lower.high / size
            yield upper._replace(low=added, high=added)


def _reckoned(quantity: Quantity, claim: Claim, there: Sequence[_Held]) -> bool:
    """Whether two or three figures of one unit make it, and the words beside it say how."""
    start, end = quantity.span
    near = claim.text[max(0, start - AROUND) : end + AROUND]
    if quantity.unit in ("%", "times") or (not quantity.unit and 0 < quantity.high < 1):
        pairs = [pair for group in _by_unit(there) for pair in permutations(group, 2)]
        pairs += [pair for one, _ in there for pair in _turned(one)]
        moved = _MOVED.search(near) is not None
        return any(_in_proportion(quantity, a, b, moved=moved) for a, b in pairs)
    if quantity.unit in ("ordinal", "score") or quantity.low != quantity.high:
        return False
    same = [one for one, _ in there if one.unit == quantity.unit]
    whole = (*same, *_elided(quantity.unit, there))
    figures = [one.low for one in whole if one.low == one.high]
    if len(figures) > MOST:
        return False
    made: set[float] = set()
    if _APART.search(near) or any(_THAN.match(p.text, q.span.end) for q, p in there):
        made |= {abs(a - b) for a, b in combinations(figures, 2)}
    if _TOGETHER.search(near):
        made |= {sum(some) for n in (2, 3) for some in combinations(figures, n)}
    return any(equal(quantity, quantity._replace(low=value, high=value)) for value in made if value)


def _by_unit(there: Sequence[_Held]) -> Iterator[list[float]]:
    """The plain figures that may be compared, by unit."""
    by: dict[str, list[float]] = {}
    for one, _ in there:
        if one.unit not in _NEVER_COMPARED and one.low == one.high > 0:
            by.setdefault(one.unit, []).append(one.high)
    for unit, group in by.items():
        figures = group + [one.high for one in _elided(unit, there)]
        if len(figures) <= MOST:
            yield figures


def _turned(one: Quantity) -> Iterator[tuple[float, float]]:
    """What costs twice as much makes the other half as dear, and the other way round."""
    if (one.unit == "times" and one.high > 1) or (not one.unit and 0 < one.high < 1):
        yield 1.0, one.high


def _in_proportion(quantity: Quantity, a: float, b: float, *, moved: bool) -> bool:
    """Whether it is the share, the ratio or the change that ``a`` is of ``b``."""
    if quantity.unit == "times":
        ratio = a / b
        slack = 0.2 if quantity.approx else 0.01
        return ratio > 1 and isclose(ratio, quantity.high, rel_tol=slack)
    ways = [a / b, *([abs(a - b) / b] if moved else [])]
    if quantity.unit == "%":
        digits = len(f"{quantity.high:g}".partition(".")[2])
        return any(round(100 * way, digits) == abs(quantity.high) for way in ways if way <= 3)
    slack = 0.05 if quantity.approx else 0.01
    return any(isclose(way, quantity.high, rel_tol=slack) for way in ways if way < 1)


def _years_between(passages: Iterable[Passage]) -> set[float]:
    """From every year that a passage names to the day it was written, and between two of them."""
    found: set[float] = set()
    for passage in passages:
        years = [m.year for m in mentions_in(passage.text) if m.year and not m.decade]
        if passage.published:
            years.append(passage.published.year)
        found |= {float(abs(a - b)) for a, b in combinations(years, 2)}
    return found - {0.0}


def _in_date(quantity: Quantity, claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether it only counts the units of a date ("three years ago") that the passages give."""
    for mention in mentions_in(claim.text):
        if inside(quantity.span, mention.span) and mention.relative is not None:
            return any(
                not quantities_in(other.text) and _same_day(mention, other, claim, passage)
                for passage in passages
                for other in mentions_in(passage.text)
            )
    return False


def falls_on(mention: Mention, claim: Claim, passages: Sequence[Passage]) -> bool:
    """Whether a date of the claim is one that the passages tell by its distance from another.

    "2019" of "in 2018 ... a year later"; "two years earlier", told from the day of writing, of
    "in 2023".
    """
    if mention.year and mention.month is None and not mention.decade:
        return any(mention.year in _years_told(passage) for passage in passages)
    return mention.relative is not None and any(
        _same_day(mention, other, claim, passage)
        for passage in passages
        for other in mentions_in(passage.text)
    )


def _years_told(passage: Passage) -> set[int]:
    """The years so many before or after one that the passage names."""
    held = mentions_in(passage.text)
    steps = [
        m.relative.offset
        for m in held
        if m.relative and m.relative.then and m.relative.unit == "year"
    ]
    return {m.year + step for m in held if m.year for step in steps}


def _same_day(mention: Mention, other: Mention, claim: Claim, passage: Passage) -> bool:
    """Whether a relative date, counted from the day of writing, may be that of the passage."""
    relative = mention.relative
    if relative is None or not relative.offset:
        return False
    day = claim.published or passage.published
    resolved = mention._replace(relative=relative._replace(then=False))
    told = other.relative is None or not other.relative.then
    return day is not None and told and compatible(resolved, other, day, passage.published)
