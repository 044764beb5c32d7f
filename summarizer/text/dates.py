"""Dates that a text mentions, and the days they stand for.

    text -> tokens -> one tag a token -> rules over the tags -> mentions
    mention + the day of writing -> readings: every period it may mean, the likeliest first

Month and weekday names: English, Spanish, French, German, Italian, Portuguese (months), Dutch,
Ukrainian, Russian; numeric dates; Chinese, Japanese, Korean.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import product
from typing import Literal, NamedTuple, cast

from summarizer.text.selectors import Span

__all__ = [
    "CALENDAR",
    "Mention",
    "Period",
    "Relative",
    "compatible",
    "mentions",
    "overlaps",
    "readings",
    "resolve",
]

Unit = Literal["day", "week", "month", "quarter", "year", "such"]
PAST, FUTURE = 300, 65
"""Days around the day of writing in which a date without a year is sought."""

_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")


class Period(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


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


# One line a month; the forms of each language as they stand in a date or after a preposition.
_MONTHS = """
january jan enero janvier janv januar jänner gennaio janeiro januari січень січня січні январь января январе
february feb febrero février févr februar febbraio fevereiro februari лютий лютого лютому февраль февраля феврале
march mar marzo mars märz mrz março maart березень березня березні март марта марте
april apr abril avril avr aprile квітень квітня квітні апрель апреля апреле
may mayo mai maggio maio mei травень травня травні май мая мае
june jun junio juin juni giugno junho червень червня червні июнь июня июне
july jul julio juillet juil juli luglio julho липень липня липні июль июля июле
august aug agosto août augustus серпень серпня серпні август августа августе
september sept sep septiembre septembre settembre setembro вересень вересня вересні сентябрь сентября сентябре
october oct octubre octobre oktober okt ottobre outubro жовтень жовтня жовтні октябрь октября октябре
november nov noviembre novembre novembro листопад листопада листопаді ноябрь ноября ноябре
december dec diciembre décembre dezember dez dicembre dezembro грудень грудня грудні декабрь декабря декабре
"""  # noqa: E501
_WEEKDAYS = """
monday lunes lundi montag lunedì maandag понеділок понедельник
tuesday martes mardi dienstag martedì dinsdag вівторок вторник
wednesday miércoles mercredi mittwoch mercoledì woensdag середу среду
thursday jueves jeudi donnerstag giovedì donderdag четвер четверг
friday viernes vendredi freitag venerdì vrijdag п'ятницю п’ятницю пятницу
saturday sábado samedi samstag sabato zaterdag суботу субботу
sunday domingo dimanche sonntag domenica zondag неділю воскресенье
"""
# Also words, names or fragments: a date only beside a day, a year or a preposition.
_WEAK = """
may march mar jan jun jul apr aug sep sept dec feb oct nov okt dez mrz avr janv févr juil mai mei
mars март марта май лютий
"""
_CAPITAL_ONLY = "may march mar jan jun jul apr aug sep sept dec feb oct nov dez"
_LOWER_ONLY = "mars марта"

# A tag a line, then its words, with what they count.
_GRAMMAR = """
t today=0 tonight=0 yesterday=-1 tomorrow=1 hoy=0 ayer=-1 aujourd'hui=0 aujourd’hui=0 demain=1
t heute=0 gestern=-1 oggi=0 ieri=-1 domani=1 hoje=0 ontem=-1 amanhã=1 vandaag=0 gisteren=-1
t сьогодні=0 вчора=-1 учора=-1 завтра=1 сегодня=0 вчера=-1
r last=-1 this=0 next=1 coming=1
v previous=-1 preceding=-1 following=1 same=0
h earlier=-1 before=-1 prior=-1 later=1 after=1 afterwards=1
g ago=-1
# a=1 an=1 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12
w Mon=0 Tue=1 Tues=1 Wed=2 Thu=3 Thur=3 Thurs=3 Fri=4 Sat=5 Sun=6
q first=1 second=2 third=3 fourth=4
u day=0 days=0 week=1 weeks=1
U month=2 months=2
b quarter=3 quarters=3
a year=4 years=4
P morning afternoon evening night
e end mid early late start beginning middle close
i in since until till during through en im em seit depuis desde в у з с до
o of de del di do von van d' d’
d the le la el il den der l' l’
s s
Q Q
z GMT UTC EST EDT PST PDT CET CEST BST JST KST IST MSK ET T Z hrs
- - – to
k % percent per cent people persons men women children troops soldiers civilians deaths dead cases
k votes jobs homes houses seats members workers employees students patients passengers prisoners
k refugees fighters million billion trillion thousand hundred points units vehicles km miles metres
k kilometers kilometres meters feet acres hectares tons tonnes dollars euros pounds yuan hours
k minutes others more
$ $ € £ ¥ ₩ ₴ ₽ # № _
' ' ’
. .
, ,
: :
"""
_EASTERN = """
day 0 今日 今天 오늘
day -1 昨日 昨天 어제
day 1 明日 明天 내일
week 0 今週 本周 本週 이번주
week -1 先週 上周 上週 지난주
week 1 来週 下周 下週 다음주
month 0 今月 本月 이달
month -1 先月 上月 上个月 上個月 지난달
month 1 来月 下月 下个月 下個月
year 0 今年 올해
year -1 昨年 去年 작년 지난해
year 1 来年 明年 내년
"""
_EASTERN_WORDS = {
    word: Relative(cast("Unit", unit), int(offset))
    for unit, offset, *words in map(str.split, _EASTERN.strip().splitlines())
    for word in words
}
_EASTERN_WEEKDAYS = {
    day: at % 7 for at, day in enumerate("月火水木金土日월화수목금토일一二三四五六天")
}


def _shapes(word: str) -> tuple[str, ...]:
    """The spellings under which a month or weekday name is one."""
    if word in _LOWER_ONLY.split():
        return (word,)
    raised = (word.capitalize(), word.upper())
    return raised if word in _CAPITAL_ONLY.split() else (word, *raised)


def _words() -> Iterator[tuple[str, tuple[str, int]]]:
    """Each known token with its tag and what it counts; the later entry wins."""
    for tag, *entries in map(str.split, _GRAMMAR.strip().splitlines()):
        for word, _, value in (entry.partition("=") for entry in entries):
            yield from ((shape, (tag, int(value or 0))) for shape in (word, word.capitalize()))
    for table, tag, first in ((_MONTHS, "M", 1), (_WEEKDAYS, "W", 0)):
        for number, line in enumerate(table.strip().splitlines(), first):
            for name in line.split():
                kind = tag.lower() if name in _WEAK.split() else tag
                yield from ((shape, (kind, number)) for shape in _shapes(name))


_WORDS = dict(_words())
_TAGS = {word: tag for word, (tag, _) in _WORDS.items()}
CALENDAR = frozenset(w for w, (tag, _) in _WORDS.items() if tag in "MmWw" and w[0].isupper())
"""Capitalised names of months and weekdays: words that are no proper names."""

_TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th|er|s)\b|[ºª°]|-(?:го|те|е)\b)?"
    r"|[dDlL]['’](?=[^\W\d_]{3})|[^\W\d_]+(?:['’][^\W\d_]{2,})*|[^\w\s]|_|\n"
)
_NUMBER = re.compile(
    r"(?P<E>(?:1[5-9]|20)\d0s)|(?P<Y>(?:19|20)\d\d)|(?P<y>1[0-8]\d\d)"
    r"|(?P<D>(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|[ºª°]|-\w+)?)"
)
_DIGITS = re.compile(r"\d{1,4}")
# Groups are read by the beginning of their names. "day" first unless it cannot be.
_NUMERIC = re.compile(
    r"(?<![\d.,/:-])(?:(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d\d?)(?P=s)(?P<day>\d\d?)"
    r"|(?P<day2>\d\d?)(?:(?P<either>[-/])|\.)(?P<month2>\d\d?)(?(either)(?P=either)|\.)(?P<year2>\d{4})"
    r"|(?P<day3>\d\d)(?:(?P<either3>/)|\.)(?P<month3>\d\d)(?(either3)/|\.)(?P<year3>\d\d))"
    r"(?![\d%]|[.,/:-]\d)"
    r"(?:(?:T|,?[ ])\d\d?:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[ ]?[A-Z]{2,4}\b)?)?"
)
_EAST = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})\s?[年년](?:\s?(?P<month>\d\d?)\s?[月월](?:\s?(?P<day>\d\d?)\s?[日号號일])?)?"
    r"|(?P<month2>\d\d?)\s?[月월](?:\s?(?P<day2>\d\d?)\s?[日号號일])?|(?P<day3>\d\d?)\s?[日号號일])"
    r"(?!\s?[間间간])|(?P<word>" + "|".join(sorted(_EASTERN_WORDS, key=len, reverse=True)) + ")"
    r"|(?P<weekday>[月火水木金土日](?=曜)|[월화수목금토일](?=요일))(?:曜日|요일)"
    r"|(?:星期|礼拜|[周週])(?P<weekday2>[一二三四五六日天])"
)
_SENTENCE_END = re.compile(r"[.!?\n]")
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
        relative=None if unit is None else Relative(_UNITS[unit], values.get("rel", 0)),
    )
    return mention if _exists(mention) else None


def _exists(mention: Mention) -> bool:
    """Whether some year has such a month, day, range of days or quarter."""
    if not 1 <= (mention.month or 1) <= 12 or not 1 <= (mention.quarter or 1) <= 4:
        return False
    first = 1 if mention.day is None else mention.day
    longest = calendar.monthrange(mention.year or 2000, mention.month or 1)[1]
    return 1 <= first <= (mention.last_day or first) <= longest


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
    unit, turn = _UNITS[values.get("unit", 0)], values.get("rel", 0)
    then = unit == "day" and turn > 0  # "next day" is told from another day, "tomorrow" is not
    return _BLANK._replace(relative=Relative(unit, values.get("today", turn), then))


def _counted(values: Values) -> Mention:
    """ "three weeks ago"; "two days earlier"."""
    step = values["count"] * (values["ago"] if "ago" in values else values["then"])
    return _BLANK._replace(relative=Relative(_UNITS[values["unit"]], step, "ago" not in values))


def _then(values: Values) -> Mention | None:
    """ "the following day", "the week before"; "the last year" is no calendar year: nothing."""
    if values.get("rel", 1) < 1:
        return None
    step = values.get("then", values.get("rel", 0))
    return _BLANK._replace(relative=Relative(_UNITS[values["unit"]], step, then=True))


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
    for pattern in (_NUMERIC,) if text.isascii() else (_NUMERIC, _EAST):
        rest = pattern.sub(partial(_claim, found), rest)
    tokens = list(_TOKEN.finditer(rest))
    tags = "".join([_tag(token[0]) for token in tokens]) + "x"
    end = 0
    for telling in _TELLING.finditer(tags):
        if telling.start() >= end:  # rules never reach over an unknown word
            start = tags.rfind("x", 0, telling.start()) + 1
            end = tags.index("x", telling.end())
            _read_run(tags[start:end], tokens[start:end], found)
    return tuple(sorted(_placed(mention, text) for mention in found))


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
        return _BLANK._replace(relative=_EASTERN_WORDS[parts["word"]])
    if "weekday" in parts:
        return _BLANK._replace(weekday=_EASTERN_WEEKDAYS[parts["weekday"]])
    year, month, day = (
        int(parts[key]) if key in parts else None for key in ("year", "month", "day")
    )
    year = 2000 + year if year is not None and year < 100 else year
    either = "either" in parts and day != month
    if day and month and month > 12:
        day, month, either = month, day, False
    either = either and (day or 0) <= 12
    mention = _BLANK._replace(year=year, month=month, day=day, ambiguous=either)
    return mention if _exists(mention) else None


def _tag(token: str) -> str:
    return _TAGS.get(token) or ("x" if token[0].isalpha() else _figure_tag(token))


@lru_cache(maxsize=4096)
def _figure_tag(token: str) -> str:
    found = _NUMBER.fullmatch(token)
    return (found.lastgroup if found else None) or ("n" if token[0].isdecimal() else "x")


def _value(token: str) -> int:
    """What a token counts: its entry in the tables, else its leading digits."""
    known = _WORDS.get(token)
    if known:
        return known[1]
    digits = _DIGITS.match(token)
    return int(digits[0]) if digits else 0


def _apply(
    found: list[Mention],
    read: Callable[[Values], Mention | None],
    tokens: Sequence[re.Match[str]],
    match: re.Match[str],
) -> str:
    """Keep what a rule reads from the tagged tokens, and mark them as used."""
    groups = match.groupdict()
    mention = read({key: _value(tokens[match.start(key)][0]) for key in groups if groups[key]})
    if mention is None:
        return match[0]
    start, end = match.span()
    found.append(mention._replace(span=Span(tokens[start].start(), tokens[end - 1].end())))
    return "_" * len(match[0])


def resolve(mention: Mention, reference: date | None = None) -> Period | None:
    """The days meant, told on the day ``reference``; ``None`` when that cannot be known."""
    found = readings(mention, reference)
    return found[0] if found and not mention.ambiguous else None


def readings(mention: Mention, reference: date | None = None) -> tuple[Period, ...]:
    """Every period the mention may mean, the likeliest first; none when that cannot be known.

    News looks back: a day without a year is sought from 300 days before to 65 after ``reference``;
    a bare weekday is the last one up to ``reference``, unless its sentence speaks of what will be.
    """
    try:
        if mention.year is not None:
            return _in_year(mention, mention.year)
        return () if reference is None else _from(mention, reference)
    except (ValueError, OverflowError):  # beyond the calendar: "9000 years ago"
        return ()


def _months(index: int, count: int = 1) -> Period:
    """Whole months, ``index`` counted from the month January of the year 0."""
    after = date((index + count) // 12, (index + count) % 12 + 1, 1)
    return Period(date(index // 12, index % 12 + 1, 1), after - timedelta(1))


def _in_year(mention: Mention, year: int) -> tuple[Period, ...]:
    if mention.quarter is not None:
        return (_months(year * 12 + 3 * (mention.quarter - 1), 3),)
    if mention.month is None:
        return (_months(year * 12, 120 if mention.decade else 12),)
    if mention.day is None:
        return (_months(year * 12 + mention.month - 1),)
    first = date(year, mention.month, mention.day)
    told = Period(first, first.replace(day=mention.last_day or mention.day))
    if not mention.ambiguous:
        return (told,)
    swapped = date(year, mention.day, mention.month)
    return (told, Period(swapped, swapped))


def _from(mention: Mention, reference: date) -> tuple[Period, ...]:
    """Readings of what the text leaves to its day of writing."""
    relative = mention.relative
    if relative and relative.then:
        return ()
    if (relative and relative.unit == "such") or (mention.weekday is not None and not mention.day):
        return (_nearest(mention, reference),)
    if relative:
        base = _shifted(relative, reference)
        if mention.month or mention.quarter:
            return _in_year(mention, base.first.year)
        return (base,) if mention.day is None else (_on(base.first.replace(day=mention.day)),)
    return _yearless(mention, reference)


def _on(day: date) -> Period:
    return Period(day, day)


def _nearest(mention: Mention, reference: date) -> Period:
    """The nearest such weekday or month; without a direction the weekday may be ``reference``."""
    turn = mention.relative.offset if mention.relative else 0
    if mention.weekday is None:
        here = reference.year * 12 + reference.month - 1
        away = ((mention.month or 1) - reference.month) * turn
        return _months(here + turn * ((away - 1) % 12 + 1))
    if not turn:
        return _on(reference - timedelta((reference.weekday() - mention.weekday) % 7))
    away = (mention.weekday - reference.weekday()) * turn
    return _on(reference + timedelta(turn * ((away - 1) % 7 + 1)))


def _shifted(relative: Relative, reference: date) -> Period:
    """The calendar unit so many before or after that of ``reference``."""
    unit, offset, _ = relative
    month = reference.year * 12 + reference.month - 1
    if unit == "day":
        return _on(reference + timedelta(offset))
    if unit == "week":
        monday = reference + timedelta(7 * offset - reference.weekday())
        # "three weeks ago" is a round figure: a week more is meant as often as not
        return Period(monday - timedelta(7 if offset < -1 else 0), monday + timedelta(6))
    if unit == "month":
        return _months(month + offset)
    if unit == "quarter":
        return _months((month // 3 + offset) * 3, 3)
    return _months((reference.year + offset) * 12, 12)


def _yearless(mention: Mention, reference: date) -> tuple[Period, ...]:
    """The nearest such days: all within 300 days, or the one of a bare "25日"."""
    if mention.month is None and mention.quarter is None:
        month = reference.year * 12 + reference.month - 1
        around = (_months(index) for index in (month - 1, month, month + 1))
        fits = (m for m in around if mention.day and mention.day <= m.last.day)
        days = (_on(m.first.replace(day=mention.day or 1)) for m in fits)
        return tuple(sorted(days, key=lambda p: _remoteness(p, reference))[:1])
    years = range(reference.year - 1, reference.year + 2)
    real = [year for year in years if _exists(mention._replace(year=year))]
    periods = [period for year in real for period in _in_year(mention, year)]
    near = [p for p in periods if abs((p.first - reference).days) <= PAST]
    return tuple(sorted(near, key=lambda p: _remoteness(p, reference)))


def _remoteness(period: Period, reference: date) -> float:
    """Days away, those to come counted as rarer in news."""
    if period.first > reference:
        return (period.first - reference).days * PAST / FUTURE
    return max(0, (reference - period.last).days)


def overlaps(one: Period, other: Period) -> bool:
    """Whether they share a day."""
    return one.first <= other.last and other.first <= one.last


def compatible(
    claim: Mention,
    source: Mention,
    claim_reference: date | None = None,
    source_reference: date | None = None,
) -> bool:
    """Whether both may mean the same date, at the coarser of their granularities.

    What cannot be resolved is compared part by part: month and day, weekday, or the same words.
    """
    ours, theirs = readings(claim, claim_reference), readings(source, source_reference)
    if not (ours and theirs) and _dated(claim) and _dated(source):
        year = claim.year or source.year or 2000
        ours, theirs = (readings(m._replace(year=m.year or year)) for m in (claim, source))
    if ours and theirs:
        return any(overlaps(one, other) for one, other in product(ours, theirs))
    return _parts(claim) == _parts(source)


def _dated(mention: Mention) -> bool:
    """Whether at most the year is wanting."""
    return mention.relative is None and (mention.month or mention.quarter) is not None


def _parts(mention: Mention) -> Mention:
    return mention._replace(span=_BLANK.span, text="")
