"""Dates that a text mentions, as it says them.

    figures -> mentions, blanked
    the rest -> tokens -> one tag a token -> rules over the tags -> mentions

Which days are meant is not asked here: see ``periods``.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import NamedTuple

from summarizer.text.date_words import EASTERN, EASTERN_WEEKDAYS, TOKEN, UNITS, Unit, count, tag
from summarizer.text.selectors import Span
from summarizer.text.sentence_ends import STOPS

__all__ = ["Mention", "Relative", "exists", "mentions"]


class Relative(NamedTuple):
    """So many calendar units from the day of writing: "last month" is ``("month", -1)``.

    Unit "such" means the nearest such weekday or month strictly before (-1) or after (+1).
    ``then``: counted from a day the text told before ("two days earlier"), so never resolved.
    """

    unit: Unit
    offset: int
    then: bool = False


class Mention(NamedTuple):
    """A date as the text says it; parts it leaves out are ``None``.

    ``last_day`` closes a range of days ("Nov 14-16"); ``weekday`` counts from Monday = 0;
    ``decade``: ten years from ``year``; ``ambiguous``: 11/12/2025, either way round.
    """

    span: Span
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    decade: bool = False
    ambiguous: bool = False
    relative: Relative | None = None


def exists(mention: Mention) -> bool:
    """Whether some year has such a month, day, range of days or quarter."""
    if not 1 <= (mention.month or 1) <= 12 or not 1 <= (mention.quarter or 1) <= 4:
        return False
    first = 1 if mention.day is None else mention.day
    longest = calendar.monthrange(mention.year or 2000, mention.month or 1)[1]
    return 1 <= first <= (mention.last_day or first) <= longest


# Groups are read by the beginning of their names. "day" first unless it cannot be.
_NUMERIC = re.compile(
    r"(?<![\d.,/:-])(?:(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d\d?)(?P=s)(?P<day>\d\d?)"
    r"|(?P<day2>\d\d?)(?:(?P<either>[-/])|\.)(?P<month2>\d\d?)(?(either)(?P=either)|\.)(?P<year2>\d{4})"
    r"|(?P<day3>\d\d)(?:(?P<either3>/)|\.)(?P<month3>\d\d)(?(either3)/|\.)(?P<year3>\d\d))"
    r"(?![\d%]|[.,/:-]\d)"
    r"(?:(?:T|,?[ ])\d\d?:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[ ]?[A-Z]{2,4}\b)?)?"
)
_EAST = (
    r"(?<!\d)(?:(?P<year>\d{4})\s?[年년](?:\s?(?P<month>\d\d?)\s?[月월](?:\s?(?P<day>\d\d?)\s?[日号號일])?)?"
    r"|(?P<month2>\d\d?)\s?[月월](?:\s?(?P<day2>\d\d?)\s?[日号號일])?|(?P<day3>\d\d?)\s?[日号號일])"
    r"(?!\s?[間间간])|(?P<word>" + "|".join(sorted(EASTERN, key=len, reverse=True)) + ")"
    r"|(?P<weekday>[月火水木金土日](?=曜)|[월화수목금토일](?=요일))(?:曜日|요일)"
    r"|(?:星期|礼拜|[周週])(?P<weekday2>[一二三四五六日天])"
)
_EASTERN_SIGNS = frozenset("年년月월日号號일曜요星礼周週").union(*EASTERN)
"""Without one of these a text holds no date of that kind."""
_SENTENCE_END = re.compile(rf"[{STOPS}\n]")
_AHEAD = re.compile(
    r"\b(?:(?P<ahead>will|would|shall|plans? to|expected|scheduled|due|set to|is to|are to)"
    r"|said|told|added|reported|announced|wrote)\b"
)

Values = dict[str, int]
_BLANK = Mention(Span(0, 0), "")


def _calendar(values: Values) -> Mention | None:
    """Parts that stand on a calendar; nothing when there is no such day."""
    unit = values.get("unit")
    mention = _BLANK._replace(
        year=values.get("year"),
        month=values.get("month"),
        day=values.get("day"),
        last_day=values.get("to"),
        weekday=values.get("weekday"),
        quarter=values.get("quarter"),
        relative=None if unit is None else Relative(UNITS[unit], values.get("rel", 0)),
    )
    return mention if exists(mention) else None


def _such(values: Values) -> Mention:
    """ "last Monday", "next April"; "this June" is this year's."""
    turn = values["rel"]
    relative = (
        Relative("such", turn) if turn else Relative("year", 0) if "month" in values else None
    )
    return _BLANK._replace(
        month=values.get("month"), weekday=values.get("weekday"), relative=relative
    )


def _offset(values: Values) -> Mention:
    """ "today", "last night", "last week", "later in the year", "month's end"."""
    unit, turn = UNITS[values.get("unit", 0)], values.get("rel", 0)
    then = unit == "day" and turn > 0  # "next day" is told from another day, "tomorrow" is not
    return _BLANK._replace(relative=Relative(unit, values.get("today", turn), then))


def _counted(values: Values) -> Mention:
    """ "three weeks ago"; "two days earlier"."""
    step = values["count"] * (values["ago"] if "ago" in values else values["then"])
    return _BLANK._replace(relative=Relative(UNITS[values["unit"]], step, "ago" not in values))


def _then(values: Values) -> Mention | None:
    """ "the following day", "the week before"; "the last year" is no calendar year: nothing."""
    if values.get("rel", 1) < 1:
        return None
    step = values.get("then", values.get("rel", 0))
    return _BLANK._replace(relative=Relative(UNITS[values["unit"]], step, then=True))


def _decade(values: Values) -> Mention:
    return _BLANK._replace(year=values["decade"], decade=True)


_DAY_NAME = r"(?:(?P<weekday>[Ww])[.,]{0,2}d?)?"
_YEAR = r"(?:\.?[,o]?(?:(?P<year>[Yy])|(?P<rel>r)(?P<unit>a)))"
_ANY = r"(?P<unit>[uUba])"

_RULES: tuple[tuple[re.Pattern[str], Callable[[Values], Mention | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_DAY_NAME}(?P<day>D)\.?(?:-(?P<to>D)\.?)?o?d?(?P<month>[Mm]){_YEAR}?", _calendar),
        (rf"{_DAY_NAME}(?P<month>[Mm])\.?d?(?P<day>D)(?:-(?P<to>D))?(?![k:]){_YEAR}?", _calendar),
        (rf"(?P<month>[Mm]){_YEAR}", _calendar),
        (r"(?P<day>D)o(?:(?P<rel>r)|d)(?P<unit>U)", _calendar),
        (rf"(?P<quarter>q)b{_YEAR}?", _calendar),
        (rf"Q(?P<quarter>D){_YEAR}?", _calendar),
        (r"(?P<rel>r)(?:(?P<weekday>W)|(?P<month>[Mm]))", _such),
        (r"(?P<today>t)|(?P<rel>r)P", _offset),
        (rf"(?P<count>[#Dn]){_ANY}(?:(?P<ago>g)|(?P<then>h))", _counted),
        (rf"(?P<then>v){_ANY}", _then),
        (rf"d(?P<rel>r){_ANY}", _then),
        (r"d(?P<unit>u)(?P<then>h)", _then),
        (rf"(?<!d)(?P<rel>r){_ANY}", _offset),
        (r"(?:eo|hi)d(?P<unit>[Uba])", _offset),
        (r"(?P<unit>[Uba])(?:'s|-)e", _offset),
        (r"(?P<decade>E)", _decade),
        (r"(?<=i)(?P<year>[Yy])", _calendar),
        (r"(?<![$n])(?<!n-)(?P<year>Y)(?![kz])", _calendar),
        (r"(?P<month>M)", _calendar),
        (r"(?:(?<=[ieh])|(?<=[ieh]-)|(?<=eo))(?P<month>m)", _calendar),
        (r"(?P<weekday>W)", _calendar),
    )
)
"""In this order; a token serves one mention."""
_TELLING = re.compile(
    r"[MmWEYtQ]|iy|[rvq][uUbaP]|[uUba][gh]|Do[rd]U|(?:eo|hi)d[uUba]|[Uba](?:'s|-)e"
)


def mentions(text: str) -> tuple[Mention, ...]:
    """Every date in the text, in order, none inside another. Linear in the text.

    >>> [m.text for m in mentions("On Monday he said 2,025 people met on Nov. 14, 2025.")]
    ['Monday', 'Nov. 14, 2025']
    """
    found: list[Mention] = []
    rest = text
    western = text.isascii() or _EASTERN_SIGNS.isdisjoint(text)
    for pattern in (_NUMERIC,) if western else (_NUMERIC, _east()):
        rest = pattern.sub(partial(_claim, found), rest)
    tokens = list(TOKEN.finditer(rest))
    tags = "".join([tag(token[0]) for token in tokens]) + "x"
    end = 0
    for telling in _TELLING.finditer(tags):
        if telling.start() >= end:  # rules never reach over an unknown word
            start = tags.rfind("x", 0, telling.start()) + 1
            end = tags.index("x", telling.end())
            _read_run(tags[start:end], tokens[start:end], found)
    return tuple(sorted(_placed(mention, text) for mention in found))


@cache
def _east() -> re.Pattern[str]:
    return re.compile(_EAST)


def _read_run(tags: str, tokens: Sequence[re.Match[str]], found: list[Mention]) -> None:
    """Add what the rules read from tokens that all have a tag."""
    for rule, read in _RULES:
        tags = rule.sub(partial(_apply, found, read, tokens), tags)


def _placed(mention: Mention, text: str) -> Mention:
    """The mention with its words, and with the direction its sentence gives a bare weekday."""
    start, end = mention.span
    if mention.weekday is not None and mention.day is None and mention.relative is None:
        before = _SENTENCE_END.split(text[max(0, start - 60) : start])[-1]
        hints = list(_AHEAD.finditer(before))
        if hints and hints[-1]["ahead"]:
            mention = mention._replace(relative=Relative("such", 1))
    return mention._replace(text=text[start:end])


def _claim(found: list[Mention], match: re.Match[str]) -> str:
    """Keep a date in figures, and blank it so that nothing reads it twice."""
    mention = _figures(match)
    if mention is None:
        return match[0]
    found.append(mention._replace(span=Span(*match.span())))
    return "\n" * len(match[0])


def _figures(match: re.Match[str]) -> Mention | None:
    parts = {key.rstrip("23"): part for key, part in match.groupdict().items() if part}
    if "word" in parts:
        return _BLANK._replace(relative=Relative(*EASTERN[parts["word"]]))
    if "weekday" in parts:
        return _BLANK._replace(weekday=EASTERN_WEEKDAYS[parts["weekday"]])
    year, month, day = (
        int(parts[key]) if key in parts else None for key in ("year", "month", "day")
    )
    year = 2000 + year if year is not None and year < 100 else year
    either = "either" in parts and day != month
    if day and month and month > 12:
        day, month, either = month, day, False
    either = either and (day or 0) <= 12
    mention = _BLANK._replace(year=year, month=month, day=day, ambiguous=either)
    return mention if exists(mention) else None


def _apply(
    found: list[Mention],
    read: Callable[[Values], Mention | None],
    tokens: Sequence[re.Match[str]],
    match: re.Match[str],
) -> str:
    """Keep what a rule reads from the tagged tokens, and mark them as used."""
    groups = match.groupdict()
    mention = read({key: count(tokens[match.start(key)][0]) for key in groups if groups[key]})
    if mention is None:
        return match[0]
    start, end = match.span()
    found.append(mention._replace(span=Span(tokens[start].start(), tokens[end - 1].end())))
    return "_" * len(match[0])
