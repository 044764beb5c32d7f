"""Numbers as they are written, and the range of values that each gives.

Digits grouped in any manner, fractions, English cardinals and ordinals, cardinals of other
languages below 1000, Chinese numerals. "Dozens" and "several hundred" give a range.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from math import prod
from typing import NamedTuple

from summarizer.text.languages import has_decimal_comma
from summarizer.text.lexicon import any_of, lexicon, lexicons, pattern_of_all
from summarizer.text.patterns import COMBINING_MARKS, lazy_pattern

_ENGLISH_WORDS = lexicon("en")
_ONES = {word: value for word, value in _ENGLISH_WORDS.number_words.items() if value < 10}
_TEENS = {word: value for word, value in _ENGLISH_WORDS.number_words.items() if value >= 10}
_TENS = _ENGLISH_WORDS.number_tens
_SCALES = _ENGLISH_WORDS.number_scales
_ENGLISH = {"a": 1.0, "an": 1.0, "zero": 0.0, **_ONES, **_TEENS, **_TENS}


_ORDINALS = {word: float(place) for place, word in enumerate(_ENGLISH_WORDS.ordinals, 1)}
_WORDS = _ENGLISH | _ORDINALS | {"twice": 2.0, "thrice": 3.0}
_PARTS = {"half": 2.0, "halve": 2.0, "quarter": 4.0} | {
    word: value for word, value in _ORDINALS.items() if 3 <= value <= 10
}
_VAGUE = {"ten": 1e1, "dozen": 12.0, "hundred": 1e2, **_SCALES}
_NUMERALS = {"零": 0, "两": 2, "兩": 2} | {c: n for n, c in enumerate("〇一二三四五六七八九")}
CHINESE_SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
"""Chinese numeral -> what it multiplies by."""


def _alternation(words: Iterable[str], ending: str = "") -> str:
    return "(?:" + "|".join(word + ending for word in words) + ")"


_BELOW_100 = (
    rf"(?:{_alternation(_TENS)}(?:[ -]{_alternation(_ONES)}\b)?"
    rf"|{_alternation(_TEENS)}|{_alternation(_ONES)})\b"
)
_BELOW_1000 = rf"{_BELOW_100}(?:[ -]hundred\b(?:[ ](?:and[ ])?{_BELOW_100})?)?"
_SCALE = _alternation(_SCALES)
_CHINESE_COUNTED = pattern_of_all("counters")
# "nine in ten" is a share, but "two in ten minutes" is none, and "one goal in five games" neither
_ABOVE = rf"(?:{_alternation(_ONES)}|[1-9])"
_BELOW = (
    rf"(?:{_alternation(_TENS)}|ten|{_alternation([*_ONES][1:])}|a[ ]hundred|1000|100|[1-9]0|[2-9])"
)
_TIME_UNITS = rf"(?:{_ENGLISH_WORDS.time_units_after_share})\b"
_AFTER_SHARE = rf"(?:{_ENGLISH_WORDS.words_after_share})\b"
FRACTION_PATTERN = r"(?:1/[2-9]|2/[3-9]|3/[4-9]|[4-7]/[89]|[1-9]/10)(?![\d/])"
"""Pattern of the figures that are a fraction and not a date."""
_FIGURES = rf"""
     (?P<mixed>(?:\d{{1,4}}[ ])?{FRACTION_PATTERN}|\d{{0,6}}[¼-¾⅐-⅞])
    |(?P<digits>\d{{1,3}}(?:[.,' ]\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)
       |\d{{1,2}}(?:,\d{{2}}){{1,8}},\d{{3}}(?!\d)
       |\d+(?:[.,]\d+)?|(?<![\w.])\.\d+)
    |(?P<numeral>(?<=第)[一二三四五六七八九十]+|(?=十|.[十百千万萬亿億]|.{_CHINESE_COUNTED})
       [一二三四五六七八九十两兩][〇零一二三四五六七八九十百千万萬亿億]{{0,30}}(?={_CHINESE_COUNTED}))
"""
_NUMBER = re.compile(
    rf"""(?<![^\W_])(?:
      (?P<share>(?<!\d[-–/:.]){_ABOVE}[ -](?:in|out[ ]of)(?:[ ]every)?[ -]{_BELOW}\b
           (?![ -]{_TIME_UNITS}|[.,]\d)
         |one[ ][a-z]+[ ](?:in|out[ ]of)[ ](?:every[ ])?{_BELOW}\b(?=\W*$|[,.;:]|[ ]{_AFTER_SHARE}))
     |(?P<part>
         (?:an?|{_alternation(_ONES)})[ -](?:half|quarter|{_alternation(_PARTS, "s")}
           |{_alternation(_PARTS)}(?![ -](?!(?:of|as|more|less|in|to|and|or)\b)[a-z]))\b
        |half(?:[ ]an?(?=[ ]))?\b(?!-))
     |(?P<vague>
         {_alternation(_VAGUE, "s")}(?:[ ]of[ ]{_alternation(_VAGUE, "s")})?\b
        |(?:several|a[ ]few)[ ]{_alternation(_VAGUE)}\b)
     |(?P<ordinal>(?:{_alternation(_TENS)}-)?{_alternation(_ORDINALS)}\b)
     |(?P<english>
         (?:zero\b(?![ -]day)
           |an?\b(?=[ ](?:hundred|dozen|{_SCALE})\b)(?:[ ]hundred(?:[ ]and[ ]{_BELOW_100})?)?
           |{_BELOW_1000})
         (?:[ -]{_SCALE}\b(?:[ ]and[ ]{_BELOW_1000}|[ ]{_BELOW_1000}(?=[ -]{_SCALE}\b)
           |[ ]{_BELOW_100}[ ]hundred\b(?:[ ]and[ ]{_BELOW_100})?)?)*)
     |(?P<times>(?:twice|thrice)\b)
    )
    |{_FIGURES}
    """,
    re.VERBOSE,
)
# Longer than any of the words, so that a long run of letters is none and costs no more
_LETTERS = re.compile(r"[^\W\d_]{1,24}")
_ENGLISH_OPENINGS = (*_ENGLISH, *_ORDINALS, *_VAGUE, "twice", "thrice", "half", "several")
_ENGLISH_OPENING_LETTERS = {word[:3] for word in _ENGLISH_OPENINGS} - {"a", "an"} | {"a ", "an "}


class SpokenNumbers(NamedTuple):
    """The cardinals of one language, or of all but English: their values, the letters that they
    begin with, and the pattern of one of them."""

    values: Mapping[str, float]
    openings: frozenset[str]
    pattern: str
    start: str


# Of constant size: one value for each language of the package.
@cache
def spoken_numbers(language: str) -> SpokenNumbers:
    """The cardinals of a language below a thousand; of all languages but English without one."""
    every = [lexicon(language)] if language else lexicons()[1:]
    ones: dict[str, float] = {}
    tens: dict[str, float] = {}
    hundreds: dict[str, float] = {}
    joined: dict[str, float] = {}
    for words in every if language != "en" else ():
        hundreds.update(words.number_hundreds)
        joined.update(
            (words.compound_number.format(one=one, ten=ten), value + place)
            for ten, value in (words.compound_tens or words.number_tens).items()
            for place, one in enumerate(words.compound_ones, 1)
        )
        for prefix in ("", *words.number_prefixes):
            ones |= {prefix + word: value for word, value in words.number_words.items()}
            tens |= {prefix + word: value for word, value in words.number_tens.items()}
    values = joined | hundreds | tens | ones
    openings = {word[:4] for word in values}
    if language in ("", "en"):
        openings |= _ENGLISH_OPENING_LETTERS
    # Most of a text begins no number: a few letters tell, and the long pattern is tried only there.
    by_letter = groupby(sorted(openings), key=lambda word: word[0])
    letters = [letter + _alternation(word[1:] for word in words) for letter, words in by_letter]
    start = r"[\d¼-¾⅐-⅞一二三四五六七八九十两兩]|\.\d" + (
        rf"|(?<![^\W_]){_alternation(letters)}" if letters else ""
    )
    if not values:
        return SpokenNumbers(values, frozenset(), "", start)
    endings = any_of(*(words.number_endings for words in every))
    one, ten = _alternation_of(joined | ones, endings), _alternation_of(tens, endings)
    joint = _JOINT
    below_100 = rf"(?:{ten}(?:{joint}{one})?|{one}(?:[ ][וو]{ten})?)"
    any_hundred = _alternation_of(hundreds, endings)
    pattern = (
        rf"(?<![^\W_])(?<![{COMBINING_MARKS}])"
        rf"(?P<foreign>{any_hundred}(?:{joint}{below_100})?|{below_100})"
    )
    return SpokenNumbers(
        values, frozenset(_LETTERS.findall(word)[0] for word in values), pattern, start
    )


_JOINT = r"[ -](?:(?:y|e|et|și|и|і|og|och|a|και|و)[ ])?[וو]?"
"""Between the tens and the ones of other languages."""


def _alternation_of(words: Iterable[str], endings: str) -> str:
    """Whole words, the longest first; a word that never occurs if there are none."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"(?:{'|'.join(longest_first) or '(?!)'}){endings}?(?![^\W\d_]|[{COMBINING_MARKS}])"


def number_at(text: str, at: int, language: str = "") -> re.Match[str] | None:
    """The number that begins at ``at`` in lower-cased text; the name of its group is its kind.

    ``language``: whose words are numbers there; without one, those of all languages are.
    """
    english = language in ("", "en")
    own = (_NUMBER if english else lazy_pattern(_FIGURES, re.VERBOSE)).match(text, at)
    opening = None if own else _LETTERS.match(text, at)
    if opening is None or language == "en":
        return own
    spoken = spoken_numbers(language)
    return lazy_pattern(spoken.pattern).match(text, at) if opening[0] in spoken.openings else None


def value_range(number: re.Match[str], *, comma: bool, language: str = "") -> tuple[float, float]:
    """The least and the most that what `number_at` found says; ``comma``: "1.234" is 1,234, as it
    is in a language that writes decimals with a comma."""
    if number.lastgroup == "foreign":
        value = _spoken_value(number[0], spoken_numbers(language))
        return value, value
    comma = comma or ("." in number[0] and "," not in number[0] and has_decimal_comma(language))
    return _VALUE_READERS[str(number.lastgroup)](number[0], comma)


def _digits_value(digits: str, comma: bool) -> tuple[float, float]:
    """ "1,234.5", "1.234,5", "1 234,5" or "1'234" as one number; ``comma`` decides "1.234"."""
    marks = [char for char in digits if not char.isdigit()]
    decimal = ""
    if len(set(marks)) > 1 or (len(marks) == 1 and marks[0] in ",."):
        whole, _, tail = digits.rpartition(marks[-1])
        ambiguous = len(marks) == 1 and len(tail) == 3 and whole != "0"
        decimal = marks[-1] if not ambiguous or (marks[0] == ",") == comma else ""
    if len(set(marks)) > 1 and marks.count(marks[-1]) > 1:
        decimal = ""
    whole, _, tail = digits.partition(decimal) if decimal else (digits, "", "0")
    value = float("".join(filter(str.isdigit, whole)) + "." + tail)
    return value, value


def _fraction_value(digits: str, _: bool) -> tuple[float, float]:
    """ "1/2", "2 1/2" or "2½"."""
    if "/" in digits:
        *whole, part = digits.split(" ")
        above, below = part.split("/")
        value = float(whole[0] if whole else 0) + int(above) / int(below)
    else:
        value = float(digits[:-1] or 0) + unicodedata.numeric(digits[-1])
    return value, value


def _words_value(words: str, _: bool) -> tuple[float, float]:
    """English cardinals and ordinals, "twice"."""
    total = group = 0.0
    for word in re.split("[ -]", words):
        if word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0.0
        elif word == "hundred":
            group *= 100
        else:
            group += _WORDS.get(word, 0.0)
    return total + group, total + group


def _spoken_value(words: str, spoken: SpokenNumbers) -> float:
    """ "trente-deux", "двести десять", "veintitrés"; the longest words that fit are added up."""
    total, rest = 0.0, words
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if rest[:n] in spoken.values), 0)
        total += spoken.values.get(rest[:size], 0.0)
        rest = rest[max(size, 1) :]
    return total


def _part_value(words: str, _: bool) -> tuple[float, float]:
    """ "half", "a third", "two-thirds"."""
    first, *rest = re.split("[ -]", words)
    below = _PARTS.get(rest[-1].removesuffix("s")) if rest else None
    value = _WORDS[first] / below if below and first != "half" else 0.5
    return value, value


def _proportion_value(words: str, _: bool) -> tuple[float, float]:
    """ "one in five", "9 out of 10", "one sailor in five"."""
    values = [
        100.0 if word == "hundred" else _WORDS.get(word, 0.0) or float(word)
        for word in re.split("[ -]", words)
        if word.isdecimal() or word == "hundred" or (word in _WORDS and word != "a")
    ]
    return values[0] / values[-1], values[0] / values[-1]


def _vague_range(words: str, _: bool) -> tuple[float, float]:
    """ "tens of thousands" is 10,000 to 100,000; "several hundred" is 200 to 1,000."""
    named = [
        _VAGUE[word.removesuffix("s")] for word in words.split() if word.removesuffix("s") in _VAGUE
    ]
    least = 1 if words.split(maxsplit=1)[0].removesuffix("s") in _VAGUE else 2
    return least * prod(named), 10 * prod(named)


def _chinese_value(numerals: str, _: bool) -> tuple[float, float]:
    """Chinese numerals: 三百, 二十一, 一千二百万."""
    total = group = digit = 0.0
    for char in numerals:
        scale = CHINESE_SCALES.get(char)
        if scale is None:
            digit = digit * 10 + _NUMERALS[char]
        elif scale < 1e4:
            group, digit = group + (digit or 1) * scale, 0.0
        else:
            total, group, digit = (total + group + digit) * scale, 0.0, 0.0
    return total + group + digit, total + group + digit


_VALUE_READERS: dict[str, Callable[[str, bool], tuple[float, float]]] = {
    "digits": _digits_value, "mixed": _fraction_value, "numeral": _chinese_value,
    "vague": _vague_range, "part": _part_value, "share": _proportion_value,
    "english": _words_value, "ordinal": _words_value, "times": _words_value,
}  # fmt: skip
