"""Dates that a text mentions, as it gives them.

    figures -> mentions, blanked
    the rest -> tokens -> one tag a token -> rules over the tags -> mentions

Month and weekday names are those of all lexicons, as a date rarely has another word that tells its
language. Words for days near by also in Chinese, Japanese, Korean. Which days a mention means is
resolved in `summarizer.text.date_resolution`.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal, NamedTuple, cast

from summarizer.text.lexicon import Lexicon, lexicon, lexicons, shared_lexicon
from summarizer.text.patterns import COMBINING_MARKS, lazy_pattern, plain_digits
from summarizer.text.sentences import SENTENCE_TERMINALS
from summarizer.text.spans import Span

DateUnit = Literal["day", "week", "month", "quarter", "year", "such"]
DATE_UNITS: tuple[DateUnit, ...] = ("day", "week", "month", "quarter", "year")
"""What the word of a unit counts is its place here."""

EAST_ASIAN_DATES = {
    word: (cast("DateUnit", unit), int(offset))
    for words in lexicons()
    for unit, offset, *forms in words.whole_dates
    for word in forms
}
"""A word that is a whole date -> so many units from the day of writing."""
EAST_ASIAN_WEEKDAYS = {
    day: at % 7 for at, day in enumerate("月火水木金土日월화수목금토일一二三四五六天")
}
"""Monday = 0."""


def _spellings(word: str, words: Lexicon) -> tuple[str, ...]:
    """The spellings under which a month or weekday name is one."""
    if word in words.lowercase_dates:
        return (word,)
    raised = (word.capitalize(), word.upper())
    return raised if word in words.capital_dates else (word, *raised)


def _tagged_words() -> Iterator[tuple[str, tuple[str, int]]]:
    """Each known token with its tag and what it counts; the later entry wins."""
    for rows in (shared_lexicon().date_marks, *(words.date_words for words in lexicons())):
        for letter, *entries in rows:
            for word, _, value in (entry.partition("=") for entry in entries):
                for shape in (word, word.capitalize()):
                    yield shape, (letter, int(value or 0))
    for words in lexicons():
        for table, letter, first in ((words.months, "M", 1), (words.weekdays, "W", 0)):
            for number, names in enumerate(table, first):
                for name in names:
                    tag = letter.lower() if name in words.ambiguous_dates else letter
                    yield from ((shape, (tag, number)) for shape in _spellings(name, words))


_TAGGED_WORDS = dict(_tagged_words())
_TAGS = {word: letter for word, (letter, _) in _TAGGED_WORDS.items()}
CALENDAR_NAMES = frozenset(
    word for word, tag in _TAGS.items() if tag in "MmWw" and word[0].isupper()
)
"""Capitalised names of months and weekdays: words that are no proper names."""

DATE_TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th|er|s)\b|[ºª°]|-(?:го|те|е)\b)?"
    r"|[dDlL]['’](?=[^\W\d_]{3})|[^\W\d_]+(?:['’][^\W\d_]{2,})*|[^\w\s]|_|\n"
)
_MARKED_TOKEN = DATE_TOKEN.pattern.replace(
    r"[^\W\d_]+(?:['’]", rf"[^\W\d_](?:[^\W\d_]|[{COMBINING_MARKS}])*(?:['’]"
)
"""The same for a text whose words have vowel signs or points."""
_COMBINING_MARK = re.compile(f"[{COMBINING_MARKS}]")
"""What gets one tag: a figure, a word, a mark, the end of a line."""
_FIGURE_TAG = re.compile(
    r"(?P<E>(?:1[5-9]|20)\d0s)|(?P<Y>(?:19|20)\d\d)|(?P<y>1[0-8]\d\d)"
    r"|(?P<D>(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|[ºª°]|-\w+)?)"
)
_DIGITS = re.compile(r"\d{1,4}")


def token_tag(token: str) -> str:
    """The letter that rules know this token by; "x" for a word that is in no date."""
    if known := _TAGS.get(token):
        return known
    if token[0].isalpha():
        return "x"
    found = _FIGURE_TAG.fullmatch(token)
    return (found.lastgroup if found else None) or ("n" if token[0].isdecimal() else "x")


def token_value(token: str) -> int:
    """What a token counts: its entry in the tables, else its leading digits."""
    known = _TAGGED_WORDS.get(token)
    if known:
        return known[1]
    digits = _DIGITS.match(token)
    return int(digits[0]) if digits else 0


class RelativeDate(NamedTuple):
    """So many calendar units from the day of writing: "last month" is ``("month", -1)``.

    Unit "such" means the nearest such weekday or month strictly before (-1) or after (+1).
    ``from_context``: counted from a day that the text gave before ("two days earlier"), so never
    resolved.
    """

    unit: DateUnit
    offset: int
    from_context: bool = False


class DateMention(NamedTuple):
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
    relative: RelativeDate | None = None


def date_exists(mention: DateMention) -> bool:
    """Whether some year has such a month, day, range of days or quarter."""
    if not 1 <= (mention.month or 1) <= 12 or not 1 <= (mention.quarter or 1) <= 4:
        return False
    first = 1 if mention.day is None else mention.day
    longest = calendar.monthrange(mention.year or 2000, mention.month or 1)[1]
    return 1 <= first <= (mention.last_day or first) <= longest


# Groups are read by the beginning of their names. "day" first unless it cannot be.
_NUMERIC = re.compile(
    r"(?<![\d.,/:-])(?:(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d\d?)(?P=s)(?P<day>\d\d?)"
    r"|(?P<year4>\d{4})\. (?P<month4>\d\d?)\. (?P<day4>\d\d?)(?=\.)"
    r"|(?P<day2>\d\d?)(?:(?P<either>[-/])|\. ?)(?P<month2>\d\d?)"
    r"(?(either)(?P=either)|\. ?)(?P<year2>\d{4})"
    r"|(?P<day3>\d\d)(?:(?P<either3>/)|\.)(?P<month3>\d\d)(?(either3)/|\.)(?P<year3>\d\d))"
    r"(?![\d%]|[.,/:-]\d)"
    r"(?:(?:T|,?[ ])\d\d?:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[ ]?[A-Z]{2,4}\b)?)?"
)
_EAST_ASIAN = (
    r"(?P<era>令和|平成)(?P<year4>\d\d?|元)年(?:(?P<month4>\d\d?)月(?:(?P<day4>\d\d?)日)?)?"
    r"|(?<!\d)(?:(?P<year>\d{4})\s?[年년](?:\s?(?P<month>\d\d?)\s?[月월](?:\s?(?P<day>\d\d?)\s?[日号號일])?)?"
    r"|(?P<month2>\d\d?)\s?[月월](?:\s?(?P<day2>\d\d?)\s?[日号號일])?|(?P<day3>\d\d?)\s?[日号號일])"
    r"(?!\s?[間间간])|(?P<word>" + "|".join(sorted(EAST_ASIAN_DATES, key=len, reverse=True)) + ")"
    r"|(?P<weekday>[月火水木金土日](?=曜)|[월화수목금토일](?=요일))(?:曜日|요일)"
    r"|(?:星期|礼拜|[周週])(?P<weekday2>[一二三四五六日天])"
)
_ERAS = {"令和": 2018, "平成": 1988}
"""Era of Japan -> the year before its first."""
_VIETNAMESE = (
    r"\b(?:(?:[Nn]gày )?(?P<day>\d\d?) )?tháng (?P<month>\d\d?)"
    r"(?: ?(?:,|năm|/) ?(?P<year>\d{4}))?(?!\d)"
    r"|\b[Tt]hứ (?P<weekday>[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy)\b"
)
_VIETNAMESE_WEEKDAYS = {day: at for at, day in enumerate("hai ba tư năm sáu bảy".split())}
_EAST_ASIAN_SIGNS = frozenset("年년月월日号號일曜요星礼周週令平").union(*EAST_ASIAN_DATES)
"""Without one of these a text holds no date of that kind."""
_SENTENCE_END = re.compile(rf"[{SENTENCE_TERMINALS}\n]")
_DIRECTION_WORDS = re.compile(
    rf"\b(?:(?P<ahead>{lexicon('en').ahead_words})|{lexicon('en').past_report_words})\b"
)

RuleValues = dict[str, int]
_EMPTY_MENTION = DateMention(Span(0, 0), "")


def _calendar_date(values: RuleValues) -> DateMention | None:
    """Parts of a calendar date; nothing when there is no such day."""
    unit = values.get("unit")
    mention = _EMPTY_MENTION._replace(
        year=values.get("year"),
        month=values.get("month"),
        day=values.get("day"),
        last_day=values.get("to"),
        weekday=values.get("weekday"),
        quarter=values.get("quarter"),
        relative=None if unit is None else RelativeDate(DATE_UNITS[unit], values.get("rel", 0)),
    )
    return mention if date_exists(mention) else None


def _nearest_such(values: RuleValues) -> DateMention:
    """ "last Monday", "next April"; "this June" is this year's."""
    turn = values["rel"]
    relative = (
        RelativeDate("such", turn)
        if turn
        else RelativeDate("year", 0)
        if "month" in values
        else None
    )
    return _EMPTY_MENTION._replace(
        month=values.get("month"), weekday=values.get("weekday"), relative=relative
    )


def _current_unit(values: RuleValues) -> DateMention:
    """ "today", "last night", "last week", "later in the year", "month's end"."""
    unit, turn = DATE_UNITS[values.get("unit", 0)], values.get("rel", 0)
    then = unit == "day" and turn > 0  # "next day" counts from another day, "tomorrow" does not
    return _EMPTY_MENTION._replace(relative=RelativeDate(unit, values.get("today", turn), then))


def _counted_units(values: RuleValues) -> DateMention:
    """ "three weeks ago"; "two days earlier"."""
    step = values["count"] * (values["ago"] if "ago" in values else values["then"])
    return _EMPTY_MENTION._replace(
        relative=RelativeDate(DATE_UNITS[values["unit"]], step, "ago" not in values)
    )


def _relative_to_context(values: RuleValues) -> DateMention | None:
    """ "the following day", "the week before"; "the last year" is no calendar year: nothing."""
    if values.get("rel", 1) < 1:
        return None
    step = values.get("then", values.get("rel", 0))
    return _EMPTY_MENTION._replace(
        relative=RelativeDate(DATE_UNITS[values["unit"]], step, from_context=True)
    )


_DAY_NAME = r"(?:(?P<weekday>[Ww])[.,]{0,2}d?)?"
_YEAR = r"(?:\.?[,o]?(?:(?P<year>[Yy])|(?P<rel>r)(?P<unit>a)))"
_ANY_UNIT = r"(?P<unit>[uUba])"

_RULES: tuple[tuple[re.Pattern[str], Callable[[RuleValues], DateMention | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_DAY_NAME}(?P<day>D)\.?(?:-(?P<to>D)\.?)?o?d?(?P<month>[Mm]){_YEAR}?", _calendar_date),
        (
            rf"{_DAY_NAME}(?P<month>[Mm])\.?d?(?P<day>D)(?:-(?P<to>D))?(?![k:]){_YEAR}?",
            _calendar_date,
        ),
        (rf"(?P<month>[Mm]){_YEAR}", _calendar_date),
        (r"(?P<day>D)o(?:(?P<rel>r)|d)(?P<unit>U)", _calendar_date),
        (rf"(?P<quarter>q)b{_YEAR}?", _calendar_date),
        (rf"Q(?P<quarter>D){_YEAR}?", _calendar_date),
        (r"(?P<rel>r)(?:(?P<weekday>W)|(?P<month>[Mm]))", _nearest_such),
        (r"(?P<today>t)|(?P<rel>r)P", _current_unit),
        (rf"(?P<count>[#Dn]){_ANY_UNIT}(?:(?P<ago>g)|(?P<then>h))", _counted_units),
        (rf"(?P<then>v){_ANY_UNIT}", _relative_to_context),
        (rf"d(?P<rel>r){_ANY_UNIT}", _relative_to_context),
        (r"d(?P<unit>u)(?P<then>h)", _relative_to_context),
        (rf"(?<!d)(?P<rel>r){_ANY_UNIT}", _current_unit),
        (r"(?:eo|hi)d(?P<unit>[Uba])", _current_unit),
        (r"(?P<unit>[Uba])(?:'s|-)e", _current_unit),
        (
            r"(?P<decade>E)",
            lambda values: _EMPTY_MENTION._replace(year=values["decade"], decade=True),
        ),
        (r"(?<=i)(?P<year>[Yy])", _calendar_date),
        (r"(?<![$n])(?<!n-)(?P<year>Y)(?![kz])", _calendar_date),
        (r"(?P<month>M)", _calendar_date),
        (r"(?:(?<=[ieh])|(?<=[ieh]-)|(?<=eo))(?P<month>m)", _calendar_date),
        (r"(?P<weekday>W)", _calendar_date),
    )
)
"""In this order; a token serves one mention."""
_DATE_SIGNS = re.compile(
    r"[MmWEYtQ]|iy|[rvq][uUbaP]|[uUba][gh]|Do[rd]U|(?:eo|hi)d[uUba]|[Uba](?:'s|-)e"
)


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Every date in the text, in order, none inside another. Linear in the text.

    >>> [m.text for m in find_dates("On Monday he said 2,025 people met on Nov. 14, 2025.")]
    ['Monday', 'Nov. 14, 2025']
    """
    found: list[DateMention] = []
    rest, patterns, token = plain_digits(text), [_NUMERIC], DATE_TOKEN
    if not text.isascii():
        if not _EAST_ASIAN_SIGNS.isdisjoint(text):
            patterns.append(lazy_pattern(_EAST_ASIAN))
        if "tháng " in text or "hứ " in text:
            patterns.append(lazy_pattern(_VIETNAMESE))
        token = lazy_pattern(_MARKED_TOKEN) if _COMBINING_MARK.search(text) else DATE_TOKEN
    for pattern in patterns:
        rest = pattern.sub(partial(_blank_numeric_date, found), rest)
    tokens = list(token.finditer(rest))
    tags = "".join([token_tag(token[0]) for token in tokens]) + "x"
    end = 0
    for sign in _DATE_SIGNS.finditer(tags):
        if sign.start() >= end:  # rules never cross an unknown word
            start = tags.rfind("x", 0, sign.start()) + 1
            end = tags.index("x", sign.end())
            part, own = tags[start:end], tokens[start:end]
            for rule, read in _RULES:
                part = rule.sub(partial(_apply_rule, found, read, own), part)
    return tuple(sorted(_with_direction(mention, text) for mention in found))


def _with_direction(mention: DateMention, text: str) -> DateMention:
    """The mention with its words, and with the direction its sentence gives a bare weekday."""
    start, end = mention.span
    if mention.weekday is not None and mention.day is None and mention.relative is None:
        before = _SENTENCE_END.split(text[max(0, start - 60) : start])[-1]
        hints = list(_DIRECTION_WORDS.finditer(before))
        if hints and hints[-1]["ahead"]:
            mention = mention._replace(relative=RelativeDate("such", 1))
    return mention._replace(text=text[start:end])


def _blank_numeric_date(found: list[DateMention], match: re.Match[str]) -> str:
    """Keep a date in figures, and blank it so that nothing reads it twice."""
    mention = _numeric_date(match)
    if mention is None:
        return match[0]
    found.append(mention._replace(span=Span(*match.span())))
    return "\n" * len(match[0])


def _numeric_date(match: re.Match[str]) -> DateMention | None:
    parts = {key.rstrip("234"): part for key, part in match.groupdict().items() if part}
    if "word" in parts:
        return _EMPTY_MENTION._replace(relative=RelativeDate(*EAST_ASIAN_DATES[parts["word"]]))
    if "weekday" in parts:
        name = parts["weekday"]
        weekdays = EAST_ASIAN_WEEKDAYS if name in EAST_ASIAN_WEEKDAYS else _VIETNAMESE_WEEKDAYS
        return _EMPTY_MENTION._replace(weekday=weekdays[name.lower()])
    year, month, day = (
        int(parts[key].replace("元", "1")) if key in parts else None
        for key in ("year", "month", "day")
    )
    if "era" in parts and year is not None:
        year += _ERAS[parts["era"]]
    year = 2000 + year if year is not None and year < 100 else year
    either = "either" in parts and day != month
    if day and month and month > 12:
        day, month, either = month, day, False
    either = either and (day or 0) <= 12
    mention = _EMPTY_MENTION._replace(year=year, month=month, day=day, ambiguous=either)
    return mention if date_exists(mention) else None


def _apply_rule(
    found: list[DateMention],
    read: Callable[[RuleValues], DateMention | None],
    tokens: Sequence[re.Match[str]],
    match: re.Match[str],
) -> str:
    """Keep what a rule reads from the tagged tokens, and mark them as used."""
    groups = match.groupdict()
    mention = read({key: token_value(tokens[match.start(key)][0]) for key in groups if groups[key]})
    if mention is None:
        return match[0]
    start, end = match.span()
    found.append(mention._replace(span=Span(tokens[start].start(), tokens[end - 1].end())))
    return "_" * len(match[0])
