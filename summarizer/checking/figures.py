"""Checks of the figures and dates of a claim against the cited passages.

A figure that no passage gives, and that no passages' figures may amount to, is an issue. What may
be worked out from them (a sum, a share, the years between) is neither confirmed nor refuted here:
whether the right figures were taken needs a reader.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, islice, permutations
from math import isclose

from summarizer.checking.claims import Claim, Issue, Passage, dates_in, quantities_in
from summarizer.text.aliases import Aliases
from summarizer.text.date_resolution import dates_compatible, resolve_date
from summarizer.text.dates import DateMention
from summarizer.text.lexicon import lexicon
from summarizer.text.numbers import Quantity, quantity_matches
from summarizer.text.patterns import lazy_pattern
from summarizer.text.spans import Span, inside
from summarizer.text.tokens import content_stems
from summarizer.text.units import UNIT_END, UNIT_START, unit_pattern

MAX_COMBINED_FIGURES = 30
"""Figures of the evidence that are combined; of more, any figure would be the sum of some."""

LARGEST_PLAIN_NUMBER = 3
"""Up to here a number in words may count what the passages do not count: "one of them", "first"."""

CONTEXT_WORDS, MAX_CONTEXT_CHARS = 2, 40
"""Content words on each side of a figure that tell what it counts; how far they are looked for."""

MAX_DAY_JOINT_CHARS = 5
"""Code points between two days of one month: " and "."""

VAGUE_TOLERANCE, EXACT_TOLERANCE = 0.1, 0.011
"""How far a figure with "about", "more than" or "nearly" may be from what is computed; another."""

NEAR_YEARS = (2020, 2034)
"""Years that hold each date on each weekday."""

_TIME_UNITS = {
    "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.42, "year": 365.0,
    "decade": 3650.0, "century": 36500.0,
}  # fmt: skip
"""A unit of time in days."""


def check_numbers(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Figures that the passages neither give nor allow to compute."""
    there = [found for passage in passages for found in quantities_in(passage)]
    dates = [mention.span for mention in dates_in(claim)]
    for quantity in quantities_in(claim):
        if (
            any(_may_be_equal(quantity, other) for other in there)
            or _is_plain_word(quantity)
            or any(_belongs_to_date(quantity, span) for span in dates)
            or may_be_computed(quantity, there, passages)
        ):
            continue
        rivals = _rival_figures(quantity, claim, passages)
        yield Issue("number", quantity.text, _missing(quantity.text, rivals))


def _rival_figures(quantity: Quantity, claim: Claim, passages: Sequence[Passage]) -> list[str]:
    """The figures of the passages that have this one's counted word, or two of the words around it,
    and that the claim does not give; the likeliest first."""
    before, after = _words_beside(quantity, claim)
    given = quantities_in(claim)
    shared: list[tuple[int, str]] = []
    for passage in passages:
        for other in quantities_in(passage):
            if other.unit == quantity.unit and not any(_may_be_equal(g, other) for g in given):
                there = _words_beside(other, passage)
                counted = 2 * (bool(after) and after[:1] == there[1][:1])
                count = counted + len({*before, *after} & {*there[0], *there[1]})
                shared.append((count, other.text))
    return [text for count, text in sorted(shared, key=lambda pair: -pair[0]) if count > 1]


def _words_beside(quantity: Quantity, source: Claim | Passage) -> tuple[list[str], list[str]]:
    """The stems of the content words before and behind a figure."""
    start, end = quantity.span
    before = content_stems(source.text[max(0, start - MAX_CONTEXT_CHARS) : start], source.language)
    after = content_stems(source.text[end : end + MAX_CONTEXT_CHARS], source.language)
    return list(before)[-CONTEXT_WORDS:], list(after)[:CONTEXT_WORDS]


def _may_be_equal(quantity: Quantity, other: Quantity) -> bool:
    """Whether they are equal, or the same digits, which languages group and point differently."""
    digits = [re.sub(r"\D", "", each.text) for each in (quantity, other)]
    same = len(digits[0]) > 1 and digits[0] == digits[1] and quantity.unit == other.unit
    return same or quantity_matches(quantity, other)


def _belongs_to_date(quantity: Quantity, date: Span) -> bool:
    """Whether it is in a date, or the first day of two: "between 3 and 10 August"."""
    before = date.start - quantity.span.end
    return inside(quantity.span, date) or (0 <= before <= MAX_DAY_JOINT_CHARS and not quantity.unit)


def _is_plain_word(quantity: Quantity) -> bool:
    """Whether it is a small number, an order or a fraction in words: "one", "first", "half"."""
    in_words = not any(char.isdigit() for char in quantity.text)
    plain = quantity.high < 1 or quantity.unit in ("", "ordinal", "times")
    return in_words and plain and quantity.high <= LARGEST_PLAIN_NUMBER


def may_be_computed(
    quantity: Quantity, there: Sequence[Quantity], passages: Sequence[Passage]
) -> bool:
    """Whether figures or years of the passages may amount to it: two or three of them together, a
    round figure near one, a figure without its unit, or a time in other units."""
    alike = [other for other in there if other.unit in (quantity.unit, "")]
    values = [other.high for other in alike if quantity.approx or other.unit != quantity.unit]
    figures = [
        value
        for other in there
        for value in {other.low, other.high}
        if value > 0 and other.unit not in ("ordinal", "score")
    ]
    days = _TIME_UNITS.get(quantity.unit)
    if days:
        figures = values = [each / days for each in _days_in(there, passages)]
        values = values + (_year_distances(passages) if quantity.unit == "year" else [])
    values = [*values, *_multiplied_values(figures, passages)]
    relative = quantity.unit in ("%", "times", "")
    values = [*values, *_computed_values(figures[:MAX_COMBINED_FIGURES], relative=relative)]
    if quantity.low != quantity.high:
        values += [end for other in alike for end in (other.low, other.high)]
    tolerance = VAGUE_TOLERANCE if quantity.approx else EXACT_TOLERANCE
    return all(
        any(isclose(value, end, rel_tol=tolerance) for value in values)
        for end in {abs(quantity.low), abs(quantity.high)}
    )


def _days_in(there: Sequence[Quantity], passages: Sequence[Passage]) -> Iterator[float]:
    """The times of the passages in days; those without a figure ("a decade") once, and with a half
    more or less."""
    for other in there:
        yield other.high * _TIME_UNITS.get(other.unit, 0.0)
    text = "\n".join(passage.text for passage in passages).lower()
    for unit, days in _TIME_UNITS.items():
        if any(
            re.search(rf"{UNIT_START}(?:{unit_pattern(unit, language)}){UNIT_END}", text)
            for language in dict.fromkeys(passage.language for passage in passages)
        ):
            yield from (days, 1.5 * days, 0.5 * days)


def _computed_values(figures: Sequence[float], *, relative: bool) -> Iterator[float]:
    """What the figures give by twos and by threes; ``relative``: shares and ratios too."""
    for one, other in combinations(figures, 2):
        yield one + other
        yield abs(one - other)
        if one < 1 or other < 1:
            share, whole = sorted((one, other))
            yield share * whole
            yield (1 - share) * whole
    for some in combinations(figures[:12], 3):
        yield sum(some)
    if relative:
        yield from (abs(100 - one) for one in figures)
        for one, other in permutations(figures, 2):
            yield one / other
            yield 100 * one / other
            yield 100 * abs(one - other) / other
            yield one * other / 100


def _multiplied_values(figures: Sequence[float], passages: Sequence[Passage]) -> Iterator[float]:
    """What the figures give by words that multiply ("doubled", "tiers"), and what these leave."""
    for language in dict.fromkeys(passage.language for passage in passages):
        text = "\n".join(each.text for each in passages if each.language == language).lower()
        for factor, words in lexicon(language).multiples.items():
            if lazy_pattern(rf"{UNIT_START}(?:{words}){UNIT_END}").search(text):
                shares = (
                    [float(factor)] if float(factor) > 1 else [float(factor), 1 - float(factor)]
                )
                yield from (share * figure for share in shares for figure in figures)


def _year_distances(passages: Sequence[Passage]) -> list[float]:
    """The years between those that the passages name, and to the day each was published."""
    years = {m.year for passage in passages for m in dates_in(passage) if m.year}
    years |= {passage.published.year for passage in passages if passage.published}
    return [float(abs(one - other)) for one, other in islice(combinations(sorted(years), 2), 99)]


def check_dates(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Dates that no date of the passages may be; each is read from the day of its own text.

    What hangs on a day that is not known, or on another date of the passages ("a month later"),
    is left open.
    """
    there = [(found, passage) for passage in passages for found in dates_in(passage)]
    stepped = any(found.relative and found.relative.from_context for found, _ in there)
    for mention in dates_in(claim):
        unknown = mention.relative is not None and (
            claim.published is None or mention.relative.from_context
        )
        if unknown or stepped or _may_be_one_of(mention, claim, there):
            continue
        alike = [other.text for other, _ in there]
        yield Issue("date", mention.text, _missing(mention.text, alike))


def _may_be_one_of(
    mention: DateMention, claim: Claim, there: Sequence[tuple[DateMention, Passage]]
) -> bool:
    """Whether it is compatible with a date of the passages, or they are published on it.

    A weekday of the passages may also be counted from the dates that they give, as a dateline is.
    """
    for other, passage in there:
        days = (
            {passage.published, *_exact_days(there)}
            if _hangs_on_day(other)
            else {passage.published}
        )
        if any(dates_compatible(mention, other, claim.published or day, day) for day in days):
            return True
    published = {passage.published for _, passage in there if passage.published}
    meant = resolve_date(mention, claim.published)
    return meant is not None and any(meant.first <= day <= meant.last for day in published)


def _hangs_on_day(mention: DateMention) -> bool:
    return mention.relative is not None or (mention.weekday is not None and not mention.day)


def _exact_days(there: Sequence[tuple[DateMention, Passage]]) -> Iterator[date]:
    """The days that the passages give with month and day; a dateline without a year is put in one
    in which its weekday is right."""
    for mention, passage in there:
        if mention.day is None:
            continue
        years = [mention.year] if mention.year else range(*NEAR_YEARS)
        dated = (resolve_date(mention._replace(year=year), passage.published) for year in years)
        days = [period.first for period in dated if period]
        yield from [day for day in days if mention.weekday in (None, day.weekday())][:1]


def _missing(words: str, rivals: Sequence[str]) -> str:
    return f"{words} not in the cited passages" + (f"; there: {rivals[0]}" if rivals else "")
