"""The days that a mentioned date means.

    mention + the day of writing -> every period it may mean, the likeliest first

Two mentions are compatible when a period of one shares a day with a period of the other.
"""

from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from summarizer.text.dates import DateMention, RelativeDate, date_exists
from summarizer.text.spans import Span

MAX_PAST_DAYS, MAX_FUTURE_DAYS = 300, 65
"""Days around the day of writing in which a date without a year is sought."""


class Period(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


def resolve_date(mention: DateMention, reference: date | None = None) -> Period | None:
    """The days that a text of the day ``reference`` means; ``None`` when that cannot be known."""
    found = possible_periods(mention, reference)
    return found[0] if found and not mention.ambiguous else None


def possible_periods(mention: DateMention, reference: date | None = None) -> tuple[Period, ...]:
    """Every period the mention may mean, the likeliest first; none when that cannot be known.

    News looks back: a day without a year is sought from 300 days before to 65 after ``reference``;
    a bare weekday is the last one up to ``reference``, unless its sentence speaks of what will be.
    """
    try:
        if mention.year is not None:
            return _in_year(mention, mention.year)
        return () if reference is None else _relative_to_reference(mention, reference)
    except (ValueError, OverflowError):  # beyond the calendar: "9000 years ago"
        return ()


def _month_period(index: int, count: int = 1) -> Period:
    """Whole months, ``index`` counted from the month January of the year 0."""
    after = date((index + count) // 12, (index + count) % 12 + 1, 1)
    return Period(date(index // 12, index % 12 + 1, 1), after - timedelta(1))


def _in_year(mention: DateMention, year: int) -> tuple[Period, ...]:
    if mention.quarter is not None:
        return (_month_period(year * 12 + 3 * (mention.quarter - 1), 3),)
    if mention.month is None:
        return (_month_period(year * 12, 120 if mention.decade else 12),)
    if mention.day is None:
        return (_month_period(year * 12 + mention.month - 1),)
    first = date(year, mention.month, mention.day)
    written = Period(first, first.replace(day=mention.last_day or mention.day))
    if not mention.ambiguous:
        return (written,)
    return (written, _single_day(date(year, mention.day, mention.month)))


def _relative_to_reference(mention: DateMention, reference: date) -> tuple[Period, ...]:
    """Periods that depend on the day of writing."""
    relative = mention.relative
    if relative and relative.from_context:
        return ()
    if (relative and relative.unit == "such") or (mention.weekday is not None and not mention.day):
        return (_nearest_period(mention, reference),)
    if relative:
        base = _shifted_unit(relative, reference)
        if mention.month or mention.quarter:
            return _in_year(mention, base.first.year)
        return (
            (base,) if mention.day is None else (_single_day(base.first.replace(day=mention.day)),)
        )
    return _without_year(mention, reference)


def _single_day(day: date) -> Period:
    return Period(day, day)


def _nearest_period(mention: DateMention, reference: date) -> Period:
    """The nearest such weekday or month; without a direction the weekday may be ``reference``."""
    turn = mention.relative.offset if mention.relative else 0
    if mention.weekday is None:
        here = reference.year * 12 + reference.month - 1
        away = ((mention.month or 1) - reference.month) * turn
        return _month_period(here + turn * ((away - 1) % 12 + 1))
    if not turn:
        return _single_day(reference - timedelta((reference.weekday() - mention.weekday) % 7))
    away = (mention.weekday - reference.weekday()) * turn
    return _single_day(reference + timedelta(turn * ((away - 1) % 7 + 1)))


def _shifted_unit(relative: RelativeDate, reference: date) -> Period:
    """The calendar unit so many before or after that of ``reference``."""
    unit, offset, _ = relative
    month = reference.year * 12 + reference.month - 1
    if unit == "day":
        return _single_day(reference + timedelta(offset))
    if unit == "week":
        monday = reference + timedelta(7 * offset - reference.weekday())
        # "three weeks ago" is a round figure: a week more is meant as often as not
        return Period(monday - timedelta(7 if offset < -1 else 0), monday + timedelta(6))
    if unit == "month":
        return _month_period(month + offset)
    if unit == "quarter":
        return _month_period((month // 3 + offset) * 3, 3)
    return _month_period((reference.year + offset) * 12, 12)


def _without_year(mention: DateMention, reference: date) -> tuple[Period, ...]:
    """The nearest such days: all within 300 days, or the one of a bare "25日"."""
    if mention.month is None and mention.quarter is None:
        month = reference.year * 12 + reference.month - 1
        around = (_month_period(index) for index in (month - 1, month, month + 1))
        fits = (m for m in around if mention.day and mention.day <= m.last.day)
        days = (_single_day(m.first.replace(day=mention.day or 1)) for m in fits)
        return tuple(sorted(days, key=lambda p: _distance_in_days(p, reference))[:1])
    years = range(reference.year - 1, reference.year + 2)
    real = [year for year in years if date_exists(mention._replace(year=year))]
    periods = [period for year in real for period in _in_year(mention, year)]
    near = [p for p in periods if abs((p.first - reference).days) <= MAX_PAST_DAYS]
    return tuple(sorted(near, key=lambda p: _distance_in_days(p, reference)))


def _distance_in_days(period: Period, reference: date) -> float:
    """Days away, those to come counted as rarer in news."""
    if period.first > reference:
        return (period.first - reference).days * MAX_PAST_DAYS / MAX_FUTURE_DAYS
    return max(0, (reference - period.last).days)


def periods_overlap(one: Period, other: Period) -> bool:
    """Whether they share a day."""
    return one.first <= other.last and other.first <= one.last


def dates_compatible(
    claim: DateMention,
    source: DateMention,
    claim_reference: date | None = None,
    source_reference: date | None = None,
) -> bool:
    """Whether both may mean the same date, at the coarser of their granularities.

    What cannot be resolved is compared part by part: month and day, weekday, or the same words.
    """
    if claim_reference == source_reference:
        # One weekday, and at most one sentence gives the direction.
        left, right = (_without_position(m)._replace(relative=None) for m in (claim, source))
        bare = left.weekday is not None and not (left.day or left.month or left.year)
        if bare and left == right and None in (claim.relative, source.relative):
            return True
    ours = possible_periods(claim, claim_reference)
    theirs = possible_periods(source, source_reference)
    if not (ours and theirs) and _lacks_at_most_year(claim) and _lacks_at_most_year(source):
        year = claim.year or source.year or 2000
        ours, theirs = (possible_periods(m._replace(year=m.year or year)) for m in (claim, source))
    if ours and theirs:
        return any(periods_overlap(one, other) for one, other in product(ours, theirs))
    # "the previous year" of "last year" too
    return _without_position(claim) == _without_position(source)


def _lacks_at_most_year(mention: DateMention) -> bool:
    """Whether at most the year is missing."""
    return mention.relative is None and (mention.month or mention.quarter) is not None


def _without_position(mention: DateMention) -> DateMention:
    relative = mention.relative and mention.relative._replace(from_context=False)
    return mention._replace(span=Span(0, 0), text="", relative=relative)
