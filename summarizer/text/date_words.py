"""The words that dates are told in, and what each counts.

Month and weekday names: English, Spanish, French, German, Italian, Portuguese (months), Dutch,
Ukrainian, Russian. Words for days near by also in Chinese, Japanese, Korean.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, cast

__all__ = ["CALENDAR", "EASTERN", "EASTERN_WEEKDAYS", "TOKEN", "UNITS", "Unit", "count", "tag"]

Unit = Literal["day", "week", "month", "quarter", "year", "such"]
UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")
"""What the word of a unit counts is its place here."""

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
EASTERN = {
    word: (cast("Unit", unit), int(offset))
    for unit, offset, *words in map(str.split, _EASTERN.strip().splitlines())
    for word in words
}
"""A word that is a whole date -> so many units from the day of writing."""
EASTERN_WEEKDAYS = {
    day: at % 7 for at, day in enumerate("月火水木金土日월화수목금토일一二三四五六天")
}
"""Monday = 0."""


def _shapes(word: str) -> tuple[str, ...]:
    """The spellings under which a month or weekday name is one."""
    if word in _LOWER_ONLY.split():
        return (word,)
    raised = (word.capitalize(), word.upper())
    return raised if word in _CAPITAL_ONLY.split() else (word, *raised)


def _words() -> Iterator[tuple[str, tuple[str, int]]]:
    """Each known token with its tag and what it counts; the later entry wins."""
    for letter, *entries in map(str.split, _GRAMMAR.strip().splitlines()):
        for word, _, value in (entry.partition("=") for entry in entries):
            yield from ((shape, (letter, int(value or 0))) for shape in (word, word.capitalize()))
    for table, letter, first in ((_MONTHS, "M", 1), (_WEEKDAYS, "W", 0)):
        for number, line in enumerate(table.strip().splitlines(), first):
            for name in line.split():
                kind = letter.lower() if name in _WEAK.split() else letter
                yield from ((shape, (kind, number)) for shape in _shapes(name))


_WORDS = dict(_words())
_TAGS = {word: letter for word, (letter, _) in _WORDS.items()}
CALENDAR = frozenset(word for word, tag in _TAGS.items() if tag in "MmWw" and word[0].isupper())
"""Capitalised names of months and weekdays: words that are no proper names."""

TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th|er|s)\b|[ºª°]|-(?:го|те|е)\b)?"
    r"|[dDlL]['’](?=[^\W\d_]{3})|[^\W\d_]+(?:['’][^\W\d_]{2,})*|[^\w\s]|_|\n"
)
"""What gets one tag: a figure, a word, a mark, the end of a line."""
_NUMBER = re.compile(
    r"(?P<E>(?:1[5-9]|20)\d0s)|(?P<Y>(?:19|20)\d\d)|(?P<y>1[0-8]\d\d)"
    r"|(?P<D>(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|[ºª°]|-\w+)?)"
)
_DIGITS = re.compile(r"\d{1,4}")


def tag(token: str) -> str:
    """The letter that rules know this token by; "x" for a word that is in no date."""
    return _TAGS.get(token) or ("x" if token[0].isalpha() else _figure_tag(token))


@lru_cache(maxsize=4096)
def _figure_tag(token: str) -> str:
    found = _NUMBER.fullmatch(token)
    return (found.lastgroup if found else None) or ("n" if token[0].isdecimal() else "x")


def count(token: str) -> int:
    """What a token counts: its entry in the tables, else its leading digits."""
    known = _WORDS.get(token)
    if known:
        return known[1]
    digits = _DIGITS.match(token)
    return int(digits[0]) if digits else 0
