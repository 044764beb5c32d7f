"""Quantities in a text, in canonical form: "one hundred percent" and "100%" are one quantity.

A quantity is read at a number (digits, words, numerals), then outwards: sign and currency before
it, magnitude and unit behind it, a second number if it is a range or a score. Dates, clock times,
years, parts of names, pronouns and marks are written with numbers but are no quantities.
`quantity_matches` compares two quantities across units and roundings.
"""

import re
from collections.abc import Iterator
from functools import cache
from math import isclose
from typing import Literal, NamedTuple

from summarizer.text.languages import detect_language
from summarizer.text.lexicon import any_of, lexicon, lexicons, pattern_of_all
from summarizer.text.numerals import (
    FRACTION_PATTERN,
    number_at,
    spoken_numbers,
    value_range,
)
from summarizer.text.patterns import lazy_pattern, plain_digits
from summarizer.text.spans import Span
from summarizer.text.units import (
    CURRENCIES,
    UNIT_END,
    UNIT_START,
    currency_before,
    magnitude_after,
    unit_after,
)

_ENGLISH = lexicon("en")


def _month_pattern() -> str:
    """The months of all languages; of those that are also words, only with a capital."""
    capital = {name for words in lexicons() for name in words.capital_dates}
    names = {name for words in lexicons() for forms in words.months for name in forms}
    raised = frozenset(name.capitalize() for name in capital)
    return rf"(?:{any_of(raised)}|(?i:{any_of(frozenset(names - capital))}))\b\.?"


_MONTH = _month_pattern()
_NUMBERED = _ENGLISH.numbered_things
_FOLLOWS_NAME = rf"(?:{_ENGLISH.words_after_numbered_names})\b"
_COUNTED_NOUNS = re.compile(rf" (?:{_ENGLISH.counted_nouns}){UNIT_END}")
_YEAR = r"(?:19|20)\d\d(?:[-–/]\d{2,4})?(?![\d%°\w-]|[.,]\d)"
_OF_YEAR = r" (?:de )?\d{4}\b"
# Asked before the digits are read, as these may run to the end of a hostile text.
_AFTER_LETTER = r"(?:(?<=[A-Za-z_À-ÿА-яІЇЄҐіїєґ])|(?<=[A-Za-z_À-ÿА-яІЇЄҐіїєґ]-))"
_AFTER_BRACKET = r"(?:(?<=\[)|(?<=\[\^))"
_NON_QUANTITIES = tuple(
    (re.compile(rf"(?:{before})\Z"), re.compile(here))
    for before, here in (
        # dates
        (
            rf"\b{_MONTH} (?:the )?",
            r"\d{1,2}(?:st|nd|rd|th)?\b(?:-\d{1,2}\b)?(?:,? \d{4}\b)?|\d{4}\b",
        ),
        ("", rf"\d{{1,2}}(?:st|nd|rd|th|\.)?(?:[-–]\d\d?)? (?:of |de )?{_MONTH}(?:{_OF_YEAR})?"),
        ("", r"\d{1,2}(?:st|nd|rd|th) (?:of )?(?:this|last|next) month"),
        ("", r"\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([-/.])\d{1,2}\2\d{2,4}(?!\d)"),
        ("", r"\d{4} ?[年년](?: ?\d{1,2} ?[月월])?(?: ?\d{1,2} ?[日일号號])?"),
        ("", r"\d{1,2} ?[月월](?: ?\d{1,2} ?[日일号號])?|\d{1,2} ?[日일号號](?![间間간])"),
        ("", rf"(?!{FRACTION_PATTERN})\d{{1,2}}/\d{{1,2}}(?!\d)"),
        ("", r"9/11\b|24/7\b|\d{2,4}'?s\b"),
        ("", _YEAR),
        (r"\b(?:in|since|of|from|by|until|to) |\(", r"1[5-8]\d\d\b(?![.,%]?\d)"),
        # clock times
        ("", r"\d{1,2}(?::\d\d){1,2}(?!\d)(?: ?[aApP]\.?[mM]\b)?|\d{1,2} ?h ?\d\d\b"),
        ("", r"\d{1,2} giờ \d{1,2}\b"),
        ("", r"\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m\b|[AP]\.?M\b|o'clock|Uhr\b)"),
        ("", r"\d{1,2} ?[点點時时시](?![间間간])(?: ?\d{1,2} ?[分분])?"),
        # names
        ("", rf"{_AFTER_LETTER}\d(?:[\w/-]|\.(?=\d))*"),
        ("", r"[2-6]G\b|[2-4]D\b|[48]K\b|#\d+"),
        (rf"\b(?:{_NUMBERED}) ", r"\d{1,4}(?:-\d+)?\b|(?i:seven|eight|twenty|one|four)\b"),
        (
            rf"(?<![\w.])(?<!\d, )(?!(?:{_ENGLISH.words_before_numbers})\b)[A-Z][\w'-]*[a-z] ",
            rf"\d{{1,4}}(?:\.0)?(?![\w%°]|[-–.,:/]\d|, [A-Z]\w+ \d)(?![ ](?!{_FOLLOWS_NAME})\S)",
        ),
        ("World War |Air Force |Big |Five ?", r"(?:One|Two|Three|Four|Five|Eyes)\b"),
        ("", r"(?:[Ff]irst|[Ss]econd|[Tt]hird) (?:World|[Ll]ad(?:y|ies)\b|Gentleman|Reich)"),
        (r"[a-z,] ", r"[A-Z][a-z]+ [A-Z][a-z]"),
        # "one" as a pronoun, halves of a match, the Chinese indefinite article
        (rf"\b(?:{_ENGLISH.words_before_pronoun_one})[ -]", r"one\b"),
        ("", rf"[Oo]ne\b(?![ -][a-z])|[Oo]ne[ -](?:{_ENGLISH.words_after_pronoun_one})\b"),
        (rf"\b(?:{_ENGLISH.words_before_half_of_match}) ", r"half\b"),
        ("", r"一(?![〇零一二三四五六七八九十百千万萬亿億])"),
        # marks, numbers to dial, versions
        ("", rf"{_AFTER_BRACKET}\d{{1,3}}(?:[ ,–-]{{1,2}}\d{{1,3}})*\]"),
        (r"(?:^|\n)[ \t]*\(?", r"\d{1,3}[.)](?=\s)"),
        (r"\+|\(\+?", r"\d[\d ().-]{7,20}\d"),
        ("", r"\d{3}([-.])\d{3}\1\d{4}\b|(?!\d{1,3}(?:\.\d{3})+(?!\d))\d+(?:\.\d+){2,}"),
    )
)  # fmt: skip


def non_quantity_end(text: str, at: int, language: str = "") -> int:
    """Where the date, time, name or mark at ``at`` ends that only looks like a number, else 0."""
    for before, here in _NON_QUANTITIES:
        found = here.match(text, at)
        if not found or not before.search(text, max(0, at - 20), at):
            continue
        if here.pattern != _YEAR or not _is_measure_not_year(text, found.end(), language):
            return found.end()
    return 0


def _is_measure_not_year(text: str, at: int, language: str) -> bool:
    """Whether what follows makes a measure of what would be a year: "1900 km", but "2020 won"."""
    if text[at : at + 1] != " ":
        return False
    low = text[at : at + 40].lower()
    unit, _ = unit_after(low, 1, rare=False, language=language)
    return (
        unit not in ("", "year", "KRW")
        or _COUNTED_NOUNS.match(low) is not None
        or magnitude_after(low, 1, money=False, language=language)[0] != 1
    )


class Quantity(NamedTuple):
    """How much of what. ``text`` is at ``span``; ``low == high`` unless it is a range.

    ``unit`` is "" for a count, "%", "pp" (percentage points), "ordinal", "score", "times", a
    currency code, or a measure ("km", "kg", "C", "hour"). Values are in that unit. ``approx``
    says that words around it ("about", "nearly") or its own ("dozens") allow rounding.
    """

    span: Span
    text: str
    low: float
    high: float
    unit: str
    approx: bool


_AND_HALF = re.compile(r" and a half\b")
_SYMBOL = re.compile(r"(?:us|[a-z]{1,2})?[$€£¥₩₴₽₹₺₪]|")
_MINUS = re.compile(r"(?:(?<![^\s(])-|(?<!plus or )\b(?:minus|мінус|минус|menos) )\Z")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b|[ºª]|-(?:й|я|е|го|му|ма)\b")
_ORDINAL_BEFORE = re.compile(r"(?:\bno\. ?|№ ?|第)\Z")
_APPROX_AFTER = re.compile(r"\+|-odd\b| or (?:so|more|less)\b|[多余餘여]| 이상")
_RANGE_JOINT = re.compile(r" ?[~〜～至到] ?|[-–—:]| (?:to|or|bis|до|à|a) ")
_CHANGE_WORDS = re.compile(rf"\b(?:{_ENGLISH.change_words})\b[^.;\n]*\bfrom [^\w\s]?\Z")
_DASHES = ("-", "–", ":")
_MATCH_WORDS = re.compile(rf"\b(?:{_ENGLISH.match_words})\b")
_COMMA_DECIMAL = re.compile(r"\d,\d{1,2}(?![\d,])")
_FOLDED_CHARS = str.maketrans(
    "０１２３４５６７８９％＄￥￡．：／－−‐‑’‘ʼİ\u00a0\u2007\u2009\u200a\u202f\u3000",
    "0123456789%$¥£.:/----" + "'''I" + " " * 6,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+")


class _FoldedText(NamedTuple):
    """One text, typography folded, offsets kept; ``comma``: it writes decimals with a comma.
    ``language``: whose words are read; those of all if it is empty."""

    plain: str
    low: str
    comma: bool
    language: str


def _spoken(field: Literal["approximations", "and_words", "between_words"], language: str) -> str:
    """The words of a language and of English; of all without one."""
    if not language:
        return pattern_of_all(field)
    return any_of(getattr(_ENGLISH, field), getattr(lexicon(language), field))


# Of constant size, as below: one value for each language of the package.
@cache
def _range_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before the first number of a range "between" two, and between them."""
    return (
        re.compile(rf"\b{_spoken('between_words', language)} [^\w\s]?\Z"),
        re.compile(rf" {_spoken('and_words', language)} "),
    )


# Of constant size: one value for each language.
@cache
def _approximation_before(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{UNIT_START}{_spoken('approximations', language)} ?(?:the |an? |de |d’)?"
        r"|[~≈]|[约約近超][过過]?|大[约約]|약 ?)\Z"
    )


class _Amount(NamedTuple):
    """One number with what belongs to it; ``scale`` is its magnitude."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    approx: bool
    scale: float


def find_quantities(text: str, language: str = "") -> tuple[Quantity, ...]:
    """What the text counts, measures, orders or pays, in reading order, without overlaps.

    ``language``: whose words are read. Without one, or if it has no words for numbers, those of all
    languages are.

    >>> [(q.low, q.unit) for q in find_quantities("On Nov 14 it paid $1.2bn, 5% of the total.")]
    [(1200000000.0, 'USD'), (5.0, '%')]
    """
    known = language if language == "en" or lexicon(language).number_words else ""
    plain = plain_digits(text.translate(_FOLDED_CHARS))
    if "://" in plain or "www." in plain or "@" in plain:
        plain = _LINK.sub(lambda link: "_" * len(link[0]), plain)
    page = _FoldedText(plain, plain.lower(), _COMMA_DECIMAL.search(plain) is not None, known)
    return tuple(
        Quantity(Span(found.start, found.end), text[found.start : found.end], *found[2:6])
        for found in _find_amounts(page)
    )


def _find_amounts(page: _FoldedText) -> Iterator[_Amount]:
    at = before = 0
    number_start = lazy_pattern(spoken_numbers(page.language).start)
    while start := number_start.search(page.low, at):
        match = number_at(page.low, start.start(), page.language)
        if (
            match
            and match.lastgroup == "foreign"
            and not page.language
            and (detect_language(page.low) == "en")
        ):
            match = None  # "quince" is a fruit there
        share = match is not None and match.lastgroup == "share"  # its "one" is no pronoun
        at = 0 if share else _non_quantity_at(page, start.start()) if match else start.end()
        if match and not at:
            amount = _with_range_or_score(page, _amount_at(page, match))
            # "0$½": a sign that the number before it took is not taken again
            yield amount._replace(start=max(amount.start, before))
            at = before = amount.end


def _non_quantity_at(page: _FoldedText, at: int) -> int:
    """Where what counts nothing at ``at`` ends; money always counts."""
    if currency_before(page.plain, page.low, at, page.language)[0]:
        return 0
    return non_quantity_end(page.plain, at, page.language)


def _amount_at(page: _FoldedText, match: re.Match[str]) -> _Amount:
    """The number at ``match`` with its sign, currency, magnitude and unit."""
    kind, text = str(match.lastgroup), page.low
    unit, start = currency_before(page.plain, text, match.start(), page.language)
    low, high = value_range(match, comma=page.comma, language=page.language)
    half = _AND_HALF.match(text, match.end())
    behind = half.end() if half else match.end()
    scale, plus, end = magnitude_after(text, behind, money=bool(unit), language=page.language)
    low, high = (low + 0.5, high + 0.5) if half else (low, high)
    low, high = low * scale + plus, high * scale + plus
    more = _APPROX_AFTER.match(text, end)
    if not unit:
        unit, end = _unit_behind(page, match, more.end() if more else end, rare=high < 100)
    if minus := _MINUS.search(text, max(0, start - 8), start):
        start, low, high = minus.start(), -high, -low
    if unit == "bp":
        unit, low, high = "pp", low / 100, high / 100
    about = _approximation_before(page.language).search(text, max(0, start - 24), start)
    vague = kind == "vague" or more or about
    return _Amount(start, end, low, high, unit, bool(vague), scale)


def _unit_behind(
    page: _FoldedText, match: re.Match[str], at: int, *, rare: bool
) -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends."""
    kind = str(match.lastgroup)
    if kind in ("ordinal", "times"):
        return kind, at
    if found := _ORDINAL_AFTER.match(page.low, at):
        return "ordinal", found.end()
    if _ORDINAL_BEFORE.search(page.low, max(0, match.start() - 5), match.start()):
        return "ordinal", at
    return unit_after(page.low, at, rare=rare, language=page.language)


def _with_range_or_score(page: _FoldedText, left: _Amount) -> _Amount:
    """``left``, or the range or score that it opens."""
    between, pair = _range_patterns(page.language)
    opened = between.search(page.low, max(0, left.start - 12), left.start)
    join = (opened and pair.match(page.low, left.end)) or _RANGE_JOINT.match(page.low, left.end)
    symbol = join and _SYMBOL.match(page.low, join.end())
    match = symbol and number_at(page.low, symbol.end(), page.language)
    if not match or not join or _non_quantity_at(page, match.start()):
        return left
    right = _amount_at(page, match)
    if join[0] in _DASHES and _is_score(page, left, right, join[0]):
        low, high = sorted((left.low, right.low))
        return left._replace(end=right.end, low=low, high=high, unit="score")
    if join[0][0] == " " and _is_change(page, left, right):
        return left
    return _merged_range(left, right) or left


def _is_score(page: _FoldedText, left: _Amount, right: _Amount, mark: str) -> bool:
    bare = not left.unit and not right.unit and max(left.scale, right.scale) == 1
    around = page.low[max(0, left.start - 40) : right.end + 40]
    wanted = mark == ":" or left.low >= right.low or _MATCH_WORDS.search(around) is not None
    return bare and wanted and max(left.high, right.high) < 1000


def _is_change(page: _FoldedText, left: _Amount, right: _Amount) -> bool:
    """Whether "from 3% to 5%" is a change between two quantities, not one range."""
    before = page.low[max(0, left.start - 60) : left.start]
    return _CHANGE_WORDS.search(before) is not None or (
        left.unit == right.unit != "" and before.endswith(("from ", "от ", "від ", "de "))
    )


def _merged_range(left: _Amount, right: _Amount) -> _Amount | None:
    """From ``left`` to ``right``, each lending the other the unit or magnitude it lacks."""
    unit = right.unit or (left.unit if left.unit in CURRENCIES else "")
    scale = right.scale if left.scale == 1 and left.low < right.low / right.scale else 1.0
    low = left.low * scale
    if left.unit not in ("", unit) or "ordinal" in (left.unit, unit) or not 0 <= low < right.high:
        return None
    if right.high > 100 * max(low, 1):
        return None
    approx = left.approx or right.approx
    return _Amount(left.start, right.end, low, right.high, unit, approx, right.scale)


_UNIT_SIZES = {
    "mm": ("m", 1e-3), "cm": ("m", 1e-2), "km": ("m", 1e3), "mile": ("m", 1609.344),
    "foot": ("m", 0.3048), "inch": ("m", 0.0254), "g": ("kg", 1e-3), "tonne": ("kg", 1e3),
    "lb": ("kg", 0.45359237), "pound": ("kg", 0.45359237), "hectare": ("km2", 1e-2),
    "m2": ("km2", 1e-6), "acre": ("km2", 4.0468564e-3), "square mile": ("km2", 2.589988),
    "mph": ("km/h", 1.609344), "second": ("hour", 1 / 3600), "minute": ("hour", 1 / 60),
    "day": ("hour", 24.0), "week": ("hour", 168.0), "month": ("year", 1 / 12),
    "decade": ("year", 10.0), "century": ("year", 100.0),
    "kW": ("MW", 1e-3), "GW": ("MW", 1e3), "kWh": ("MWh", 1e-3), "GWh": ("MWh", 1e3),
    "TWh": ("MWh", 1e6),
}  # fmt: skip
_IMPERIAL = {"mile", "foot", "inch", "lb", "pound", "acre", "square mile", "mph"}
_NEVER_BARE = {"%", "pp", "ordinal", "score", "times"}


def quantity_matches(claim: Quantity, source: Quantity) -> bool:
    """Whether the source's quantity carries the claim's.

    Rounding counts only where the claim says so ("about 5,000" for 4,987; "dozens" for 40). A bare
    count may rest on the same value with a unit; a share may be a fraction or in per cent.

    >>> from summarizer.text.numbers import find_quantities
    >>> about, exact = find_quantities("about 5,000 metres or 4,987 m")
    >>> quantity_matches(about, exact), quantity_matches(exact, about)
    (True, False)
    """
    factor, slack = _conversion(claim, source)
    if not factor:
        return False
    low, high = source.low * factor, source.high * factor
    if claim.unit == source.unit == "%" and claim.low * low < 0:
        low, high = abs(high), abs(low)
        claim = claim._replace(low=abs(claim.high), high=abs(claim.low))
    if claim.approx:
        slack = max(slack, _rounding_tolerance(claim))
        if claim.low * (1 - slack) <= low and high <= claim.high * (1 + slack):
            return True
    slack = max(slack, 1e-9)
    return isclose(claim.low, low, rel_tol=slack) and isclose(claim.high, high, rel_tol=slack)


def base_unit(unit: str) -> str:
    """The unit in which all that convert into ``unit`` are measured.

    >>> base_unit("mile"), base_unit("USD")
    ('m', 'USD')
    """
    return _UNIT_SIZES.get(unit, (unit, 1.0))[0]


def _conversion(claim: Quantity, source: Quantity) -> tuple[float, float]:
    """The factor that converts the source's value to the claim's unit, and the tolerance."""
    ours, theirs = claim.unit, source.unit
    if (
        ours == theirs
        or (not ours and theirs not in _NEVER_BARE)
        or {ours, theirs} == {"pound", "GBP"}
    ):
        return 1.0, 0.0
    if {ours, theirs} == {"", "%"}:
        part = claim.high if ours == "" else source.high
        return (0.01 if ours == "" else 100.0, 0.011) if 0 < part < 1 else (0.0, 0.0)
    base, size = _UNIT_SIZES.get(ours, (ours, 1.0))
    other, theirs_size = _UNIT_SIZES.get(theirs, (theirs, 1.0))
    if base != other or not base:
        return 0.0, 0.0
    return theirs_size / size, 0.025 if (ours in _IMPERIAL) != (theirs in _IMPERIAL) else 0.0


def _rounding_tolerance(claim: Quantity) -> float:
    """Half a unit of the last digit that the claim gives, relative to it; at most 5 %."""
    mantissa, exponent = f"{claim.high:.9e}".split("e")
    places = len(mantissa.strip("-").replace(".", "").rstrip("0")) - 1
    step = 10.0 ** (int(exponent) - places)
    return min(0.05, step / 2 / abs(claim.high)) if claim.high else 0.0
