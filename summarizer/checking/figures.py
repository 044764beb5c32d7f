"""Checks of the numbers, dates, names and quotations of a claim against the cited passages.

Each check asks whether an equal value occurs anywhere in the passages. A missing value contradicts
the passages when a sentence that otherwise says the same has another value in that place. A
difference, a sum, a share, a ratio or the years between two dates may also be computed from the
figures of the passages; each only where the words beside the figure say so, or any figure would be
the difference of two others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, permutations
from math import isclose
from typing import NamedTuple

from summarizer.briefing import FindingKind
from summarizer.checking.alignment import aligned_sentences, clauses_of, split_clauses
from summarizer.checking.claims import (
    Claim,
    Issue,
    Passage,
    aliases_in,
    dates_in,
    names_in,
    quantities_in,
    quotations_in,
)
from summarizer.text.aliases import Aliases, is_named_in, is_outlet, is_same_name
from summarizer.text.annotations import AnnotatedText
from summarizer.text.date_resolution import dates_compatible
from summarizer.text.dates import DateMention
from summarizer.text.lexicon import lexicon
from summarizer.text.names import COUNTRIES, Name, is_acronym, normalize_name
from summarizer.text.numbers import Quantity, find_quantities, quantity_matches
from summarizer.text.quotes import nearest_wording, occurs_verbatim
from summarizer.text.spans import Span, inside
from summarizer.text.tokens import stems
from summarizer.text.units import CURRENCIES

__all__ = [
    "check_dates",
    "check_names",
    "check_numbers",
    "check_quotations",
    "is_derived_date",
    "is_derived_quantity",
    "is_verbatim",
]

MAX_COMPARED_FIGURES = 6
"""Figures of one unit up to which two are reckoned with: a table holds any difference."""

FIGURE_CONTEXT_CHARS = 60
"""Code points on either side of a figure in which the word that tells a difference stands."""


def _any_of_words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_DIFFERENCE_WORDS = _any_of_words(lexicon("en").difference_words)
_SUM_WORDS = _any_of_words(lexicon("en").sum_words)
_CHANGE_WORDS = _any_of_words(lexicon("en").movement_words)
_COMPARATIVE = re.compile(r"\s+(?:more|less|fewer|higher|lower)\b", re.IGNORECASE)
_ELIDED_UNIT = re.compile(r"(?:\b(?:from|to|than|against|of the|of its|of a|at|and|or)|,) ?\Z")
_COMPOUND_UNITS = {("year", "month"): 12.0, ("hour", "minute"): 60.0, ("minute", "second"): 60.0,
          ("foot", "inch"): 12.0}  # fmt: skip
"""Units that are told one behind the other -> how many of the lower make one of the upper."""
_NEVER_COMPARED_UNITS = ("%", "pp", "ordinal", "score", "times")
_COMPOUND_JOINT = re.compile(r",? (?:and )?\Z|-\Z")


class _SourceQuantity(NamedTuple):
    """A quantity of the evidence and where it stands."""

    quantity: Quantity
    passage: Passage


def is_derived_quantity(quantity: Quantity, claim: Claim, passages: Sequence[Passage]) -> bool:
    """Whether the figures or years of the passages amount to a quantity of the claim."""
    there = [_SourceQuantity(found, p) for p in passages for found in quantities_in(p)]
    return (
        any(
            quantity_matches(quantity, made)
            for made in (*_with_elided_unit(quantity.unit, there), *_compound_measures(there))
        )
        or _is_computed(quantity, claim, there)
        or (quantity.unit == "year" and quantity.low in _years_between(passages))
        or _counts_units_of_date(quantity, claim, passages)
    )


def _with_elided_unit(unit: str, there: Sequence[_SourceQuantity]) -> Iterator[Quantity]:
    """Bare figures that share the unit of another: "300 million dollars of the 1.2 billion"."""
    if unit != "%" and unit not in CURRENCIES:
        return
    given = {one.passage for one in there if one.quantity.unit == unit}
    for figure, passage in there:
        before = passage.text[max(0, figure.span.start - 10) : figure.span.start]
        if not figure.unit and passage in given and _ELIDED_UNIT.search(before):
            yield figure._replace(unit=unit)


def _compound_measures(there: Iterable[_SourceQuantity]) -> Iterator[Quantity]:
    """Two units told as one measure: "four years and six months"."""
    for (upper, passage), (lower, other) in pairwise(there):
        size = _COMPOUND_UNITS.get((upper.unit, lower.unit))
        between = passage.text[upper.span.end : lower.span.start]
        if size and passage == other and _COMPOUND_JOINT.fullmatch(between):
            added = upper.high + lower.high / size
            yield upper._replace(low=added, high=added)


def _is_computed(quantity: Quantity, claim: Claim, there: Sequence[_SourceQuantity]) -> bool:
    """Whether two or three figures of one unit make it, and the words beside it say how."""
    start, end = quantity.span
    near = claim.text[max(0, start - FIGURE_CONTEXT_CHARS) : end + FIGURE_CONTEXT_CHARS]
    if quantity.unit in ("%", "times") or (not quantity.unit and 0 < quantity.high < 1):
        pairs = [pair for group in _figures_by_unit(there) for pair in permutations(group, 2)]
        pairs += [pair for one, _ in there for pair in _inverse_pairs(one)]
        moved = _CHANGE_WORDS.search(near) is not None
        return any(_is_ratio(quantity, a, b, moved=moved) for a, b in pairs)
    if quantity.unit in ("ordinal", "score") or quantity.low != quantity.high:
        return False
    same = [one for one, _ in there if one.unit == quantity.unit]
    whole = (*same, *_with_elided_unit(quantity.unit, there))
    figures = [one.low for one in whole if one.low == one.high]
    if len(figures) > MAX_COMPARED_FIGURES:
        return False
    made: set[float] = set()
    if _DIFFERENCE_WORDS.search(near) or any(
        _COMPARATIVE.match(p.text, q.span.end) for q, p in there
    ):
        made |= {abs(a - b) for a, b in combinations(figures, 2)}
    if _SUM_WORDS.search(near):
        made |= {sum(some) for n in (2, 3) for some in combinations(figures, n)}
    return any(
        quantity_matches(quantity, quantity._replace(low=value, high=value))
        for value in made
        if value
    )


def _figures_by_unit(there: Sequence[_SourceQuantity]) -> Iterator[list[float]]:
    """The plain figures that may be compared, by unit."""
    by: dict[str, list[float]] = {}
    for one, _ in there:
        if one.unit not in _NEVER_COMPARED_UNITS and one.low == one.high > 0:
            by.setdefault(one.unit, []).append(one.high)
    for unit, group in by.items():
        figures = group + [one.high for one in _with_elided_unit(unit, there)]
        if len(figures) <= MAX_COMPARED_FIGURES:
            yield figures


def _inverse_pairs(one: Quantity) -> Iterator[tuple[float, float]]:
    """What costs twice as much makes the other half as dear, and the other way round."""
    if (one.unit == "times" and one.high > 1) or (not one.unit and 0 < one.high < 1):
        yield 1.0, one.high


def _is_ratio(quantity: Quantity, a: float, b: float, *, moved: bool) -> bool:
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
        years = [m.year for m in dates_in(passage) if m.year and not m.decade]
        if passage.published:
            years.append(passage.published.year)
        found |= {float(abs(a - b)) for a, b in combinations(years, 2)}
    return found - {0.0}


def _counts_units_of_date(quantity: Quantity, claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether it only counts the units of a date ("three years ago") that the passages give."""
    for mention in dates_in(claim):
        if inside(quantity.span, mention.span) and mention.relative is not None:
            return any(
                not find_quantities(other.text) and _is_same_day(mention, other, claim, passage)
                for passage in passages
                for other in dates_in(passage)
            )
    return False


def is_derived_date(mention: DateMention, claim: Claim, passages: Sequence[Passage]) -> bool:
    """Whether a date of the claim is one that the passages tell by its distance from another.

    "2019" of "in 2018 ... a year later"; "two years earlier", told from the day of writing, of
    "in 2023".
    """
    if mention.year and mention.month is None and not mention.decade:
        return any(mention.year in _derived_years(passage) for passage in passages)
    return mention.relative is not None and any(
        _is_same_day(mention, other, claim, passage)
        for passage in passages
        for other in dates_in(passage)
    )


def _derived_years(passage: Passage) -> set[int]:
    """The years so many before or after one that the passage names."""
    held = dates_in(passage)
    steps = [
        m.relative.offset
        for m in held
        if m.relative and m.relative.from_context and m.relative.unit == "year"
    ]
    return {m.year + step for m in held if m.year for step in steps}


def _is_same_day(mention: DateMention, other: DateMention, claim: Claim, passage: Passage) -> bool:
    """Whether a relative date, counted from the day of writing, may be that of the passage."""
    relative = mention.relative
    if relative is None or not relative.offset:
        return False
    day = claim.published or passage.published
    resolved = mention._replace(relative=relative._replace(from_context=False))
    told = other.relative is None or not other.relative.from_context
    return day is not None and told and dates_compatible(resolved, other, day, passage.published)


_WORD_BEFORE = re.compile(r"\w+\W*$")
_WORD_BEHIND = re.compile(r"\W*\w+")
_BETWEEN_WORDS = re.compile(r"(?:[^\w$€£¥₩₴₽₹₺₪%]|_)+")
_SYMBOL = re.compile(r"([$€£¥₩₴₽₹₺₪%])")
_PAIR_WORDS = _any_of_words(lexicon("en").pair_words)

MAX_NEIGHBOUR_CHARS = 40
"""Code points before a mention in which the word beside it is looked for."""


def _one_of_noun(noun: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:an?|per|each|every|the)[ -](?:\w+ )?{re.escape(noun)}\b", re.IGNORECASE
    )


SPOKEN_QUANTITIES = {
    "day": {1.0: _one_of_noun("day"), 7.0: _one_of_noun("week")},
    "week": {1.0: _one_of_noun("week"), 2.0: _one_of_noun("fortnight")},
    "month": {1.0: _one_of_noun("month"), 12.0: _one_of_noun("year"), 3.0: _one_of_noun("quarter")},
    "year": {
        1.0: _one_of_noun("year"),
        5.0: _any_of_words("half a decade"),
        10.0: _one_of_noun("decade"),
        15.0: _any_of_words("a decade and a half"),
        50.0: _any_of_words("half a century"),
        100.0: _one_of_noun("century"),
        150.0: _any_of_words("a century and a half"),
    },
    "hour": {1.0: _one_of_noun("hour"), 24.0: _one_of_noun("day")},
    "minute": {1.0: _one_of_noun("minute"), 60.0: _one_of_noun("hour")},
    "times": {
        2.0: _any_of_words(r"doubl\w+|two-?fold"),
        3.0: _any_of_words(r"tripl\w+|trebl\w+|three-?fold"),
    },
}
"""A unit of time, or times -> how many of it are told in a word without a figure."""
_HALVED = _any_of_words("halv(?:es?|ed|ing)")
_TWO_SIDES = re.compile(r"\b(?:the|both) $", re.IGNORECASE)


class _Rival(NamedTuple):
    """Something of the same kind that the evidence has and the claim has not."""

    span: Span
    passage: Passage

    @property
    def text(self) -> str:
        return self.passage.text[self.span.start : self.span.end]


def check_numbers(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Quantities with no equal in the passages."""
    here = quantities_in(claim)
    there = [(found, passage) for passage in passages for found in quantities_in(passage)]
    for quantity in here:
        if any(quantity_matches(quantity, other) for other, _ in there):
            continue
        if (
            _occurs_in_context(claim, quantity.span, passages)
            or _is_implied(quantity, claim.text, there, passages)
            or is_derived_quantity(quantity, claim, passages)
        ):
            continue
        free = [
            (other, p)
            for other, p in there
            if not any(quantity_matches(own, other) for own in here)
        ]
        of_unit = [(other, p) for other, p in free if other.unit == quantity.unit]
        rivals = [_Rival(other.span, passage) for other, passage in of_unit or free]
        yield _missing_issue("number", claim, quantity.span, rivals)


def _is_implied(
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
    if quantity.unit in SPOKEN_QUANTITIES:
        spoken = SPOKEN_QUANTITIES[quantity.unit].get(quantity.low)
        return spoken is not None and any(spoken.search(passage.text) for passage in passages)
    if quantity.unit == "pp":
        shares = [other.low for other, _ in there if other.unit == "%"]
        return any(isclose(abs(a - b), abs(quantity.low)) for a, b in combinations(shares, 2))
    if quantity.unit or not quantity.text[:1].isalpha():
        return False
    if quantity.low == 1 / 2:
        return any(_HALVED.search(passage.text) for passage in passages)
    return _is_implied_one_or_two(quantity, text, there, passages)


def _is_implied_one_or_two(
    quantity: Quantity,
    text: str,
    there: Sequence[tuple[Quantity, Passage]],
    passages: Sequence[Passage],
) -> bool:
    """Whether "one vote" is "a single vote" there, or "two" a pair or two names, or those that the
    claim speaks of ("the two sides"), where nothing else is counted."""
    if quantity.low == 1:
        noun = _WORD_BEHIND.match(text, quantity.span.end)
        spoken = noun and _one_of_noun(noun[0].strip())
        return spoken is not None and any(spoken.search(passage.text) for passage in passages)
    if quantity.low != 2 or any(not other.unit for other, _ in there):
        return False
    if _TWO_SIDES.search(
        text, max(0, quantity.span.start - MAX_NEIGHBOUR_CHARS), quantity.span.start
    ):
        return True
    named_there = {name.words[-1] for passage in passages for name in names_in(passage)}
    return len(named_there) > 1 or any(_PAIR_WORDS.search(passage.text) for passage in passages)


def check_dates(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Dates that no date of the passages is compatible with; each is read from its own day."""
    there = [(found, passage) for passage in passages for found in dates_in(passage)]
    same_day = [passage for passage in passages if claim.published in (None, passage.published)]
    for mention in dates_in(claim):
        if any(
            dates_compatible(mention, other, claim.published, passage.published)
            for other, passage in there
        ):
            continue
        if not (
            _occurs_in_context(claim, mention.span, same_day)
            or _is_implied_distance(mention, passages)
            or is_derived_date(mention, claim, passages)
        ):
            alike = [(other, p) for other, p in there if _date_parts(other) == _date_parts(mention)]
            rivals = [_Rival(other.span, passage) for other, passage in alike]
            yield _missing_issue("date", claim, mention.span, rivals)


def _is_implied_distance(mention: DateMention, passages: Sequence[Passage]) -> bool:
    """Whether it hangs on a day told before, and the passages give the distance ("one year later").

    "the same year" hangs on what the text told last: nothing to compare.
    """
    if mention.relative is None or not mention.relative.from_context:
        return False
    distance = find_quantities(mention.text)
    there = [(other, p) for p in passages for other in quantities_in(p)]
    return mention.relative.offset == 0 or any(
        any(quantity_matches(one, other) for other, _ in there)
        or _is_implied(one, mention.text, there, passages)
        for one in distance
    )


def check_names(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Issue]:
    """Names that the passages do not give, or give only inside the name of an outlet."""
    missing = _missing_names(claim, passages, known)
    here = names_in(claim) if missing else ()
    rivals = [
        _Rival(name.span, passage)
        for passage in (passages if missing else ())
        for name in names_in(passage)
        if not is_named_in(name, here, known)
    ]
    for name in missing:
        yield _missing_issue("name", claim, name.span, rivals)


def _missing_names(claim: Claim, passages: Sequence[Passage], known: Aliases) -> list[Name]:
    """The names of the claim that no passage licenses."""
    there = [name for passage in passages for name in names_in(passage)]
    as_written = {_singular_acronym(name.text) for name in there}
    told = [mention.span for mention in dates_in(claim)]  # "Q2" is a date
    strange = [
        name
        for name in names_in(claim)
        if _singular_acronym(name.text) not in as_written
        and not any(inside(name.span, at) for at in told)
    ]
    if not strange:
        return []
    licensed = known or aliases_in(passages)
    # A capital that only opens a sentence there ("Xi reportedly told ...") is a name if it is here.
    ours = frozenset(word for name in strange for word in name.words)
    there = [name for passage in passages for name in names_in(passage, ours)]
    return [
        name
        for name in strange
        if not is_named_in(name, there, licensed)
        and not _is_named_in_parts(name, there, licensed)
        and not _occurs_in_any_case(name, claim, passages)
    ]


def _is_named_in_parts(name: Name, there: Sequence[Name], known: Aliases) -> bool:
    """Whether it is a name and a people side by side ("the London Russian embassy"), both named
    there."""
    peoples = [word for word in name.words if normalize_name(word) in COUNTRIES]
    rest = " ".join(word for word in name.words if word not in peoples)
    parts = (*peoples, rest) if peoples and rest else ()
    return bool(parts) and all(any(is_same_name(p, other, known) for other in there) for p in parts)


def _singular_acronym(name: str) -> str:
    """An acronym without the s of its plural."""
    return name[:-1] if name.endswith("s") and is_acronym(name[:-1]) else name


def check_quotations(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Quoted words that stand in no passage."""
    for quotation in quotations_in(claim):
        if any(occurs_verbatim(quotation.text, passage.text) for passage in passages):
            continue
        near = next(filter(None, (nearest_wording(quotation.text, p.text) for p in passages)), "")
        yield Issue(
            "quote", quotation.text, f"not words of the cited passages{_there_suffix(near)}"
        )


def is_verbatim(claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether the whole claim stands in a passage, punctuation and case aside."""
    wanted = _plain_words_of(claim)
    return not wanted.isspace() and any(wanted in _plain_words_of(passage) for passage in passages)


def _occurs_in_any_case(name: Name, claim: Claim, passages: Iterable[Passage]) -> bool:
    """Whether all words of a name stand in one clause, whatever their case; outlets aside."""
    wanted = set(stems(name.text, claim.language))
    return any(
        wanted <= {word.stem for word in clause.words}
        for passage in passages
        for clause in passage.annotations.get(
            split_clauses, _blank_outlets(passage), passage.language
        )
    )


def _blank_outlets(passage: Passage) -> str:
    text = passage.text
    for name in filter(is_outlet, reversed(names_in(passage))):
        text = f"{text[: name.span.start]},{text[name.span.end :]}"
    return text


def _occurs_in_context(claim: Claim, span: Span, passages: Iterable[Passage]) -> bool:
    """Whether the words stand in a passage with the same word on either side."""
    before = _WORD_BEFORE.search(claim.text, max(0, span.start - MAX_NEIGHBOUR_CHARS), span.start)
    behind = _WORD_BEHIND.match(claim.text, span.end)
    start = before.start() if before else span.start
    wanted = _plain_words(claim.text[start : behind.end() if behind else span.end])
    beside = before is not None or behind is not None
    return beside and any(wanted in _plain_words_of(passage) for passage in passages)


def _plain_words_of(source: AnnotatedText) -> str:
    return source.annotations.get(_plain_words, source.text)


def _plain_words(text: str) -> str:
    """Words only, one space between, so that typography does not matter."""
    spaced = _SYMBOL.sub(r" \1 ", text)
    return f" {_BETWEEN_WORDS.sub(' ', spaced).strip().casefold()} "


def _date_parts(mention: DateMention) -> tuple[bool, ...]:
    """Which parts a date has."""
    day = mention.day if mention.weekday is None else mention.weekday
    return tuple(part is not None for part in (day, mention.month, mention.relative))


def _missing_issue(kind: FindingKind, claim: Claim, span: Span, rivals: Sequence[_Rival]) -> Issue:
    """The problem, with the rival that stands in that place, else with the first of its kind."""
    words = claim.text[span.start : span.end]
    whole = clauses_of(claim)
    clause = next((found for found in whole if found.span.end > span.start), None)
    for rival in rivals:
        sentences = aligned_sentences(clause, words, rival.passage) if clause else ()
        if any(inside(rival.span, sentence) for sentence in sentences):
            detail = f"{words} not in the cited passages{_there_suffix(rival.text)}"
            return Issue(kind, words, detail, contradicts=True)
    near = rivals[0].text if rivals else ""
    return Issue(kind, words, f"{words} not in the cited passages{_there_suffix(near)}")


def _there_suffix(near: str) -> str:
    return f"; there: {near}" if near else ""
