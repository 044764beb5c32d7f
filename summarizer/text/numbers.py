"""Quantities in a text, in canonical form: "one hundred percent" and "100%" are one quantity.

A quantity is read at a number (digits, words, numerals), then outwards: sign and currency before
it, magnitude and unit behind it, a second number if it is a range or a score. What is written with
digits but counts nothing is passed over.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.languages import detect
from summarizer.text.numerals import START, number_at, read
from summarizer.text.selectors import Span
from summarizer.text.uncounted import pass_over
from summarizer.text.units import CURRENCIES, currency_before, magnitude, unit_after

__all__ = ["Quantity", "quantities"]


class Quantity(NamedTuple):
    """How much of what. ``text`` stands at ``span``; ``low == high`` unless it is a range.

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
_APPROX_BEFORE = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.|roughly|nearly|almost|some|circa|ca\.|close to"
    r"|(?:more|less|fewer|greater) than|over|under|above|below|at least|at most|up to|as many as"
    r"|as much as|an estimated|unos|unas|casi|más de|menos de|alrededor de|cerca de|environ|près de"
    r"|plus de|etwa|rund|fast|knapp|mehr als|über|около|примерно|почти|более|больше|свыше|близько"
    r"|майже|понад|більше|приблизно) (?:the |an? )?|[~≈]|[约約近超][过過]?|大[约約]|약 ?)\Z"
)
_APPROX_AFTER = re.compile(r"\+|-odd\b| or (?:so|more|less)\b|[多余餘여]| 이상")
_JOIN = re.compile(r" ?[~〜～至到] ?|[-–—:]| (?:to|or|bis|до|à|a) ")
_PAIR = re.compile(r" (?:and|y|et|und|и|і|й|та) ")
_BETWEEN = re.compile(r"\b(?:between|entre|zwischen|между|між) [^\w\s]?\Z")
_CHANGE = re.compile(
    r"\b(?:r[io]se[sn]?|rising|f[ae]ll(?:s|en|ing)?|gr[eo]w\w*|increas\w+|rais\w+|drop\w*|cut\w*"
    r"|reduc\w+|lower\w*|declin\w+|climb\w*|jump\w*|went|up|down)\b[^.;\n]*\bfrom [^\w\s]?\Z"
)
_DASHES = ("-", "–", ":")
_MATCH = re.compile(r"\b(?:w[io]n|beat(?:en)?|draw|drew|lost|lose|loss|victory|defeat|score\w*)\b")
_COMMA_DECIMAL = re.compile(r"\d,\d{1,2}(?![\d,])")
_FLAT = str.maketrans(
    "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩％＄￥￡．：／－−‐‑’‘ʼİ\u00a0\u2007\u2009\u200a\u202f\u3000",
    "01234567890123456789%$¥£.:/----" + "'''I" + " " * 6,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+")


class _Page(NamedTuple):
    """One text, typography folded, offsets kept; ``comma``: it writes decimals with a comma."""

    plain: str
    low: str
    comma: bool


class _Amount(NamedTuple):
    """One number with what belongs to it; ``scale`` is its magnitude."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    approx: bool
    scale: float


def quantities(text: str) -> tuple[Quantity, ...]:
    """What the text counts, measures, orders or pays, in reading order, without overlaps.

    >>> [(q.low, q.unit) for q in quantities("On Nov 14 it paid $1.2bn, 5% of the total.")]
    [(1200000000.0, 'USD'), (5.0, '%')]
    """
    plain = text.translate(_FLAT)
    if "://" in plain or "www." in plain or "@" in plain:
        plain = _LINK.sub(lambda link: "_" * len(link[0]), plain)
    page = _Page(plain, plain.lower(), _COMMA_DECIMAL.search(plain) is not None)
    return tuple(
        Quantity(Span(found.start, found.end), text[found.start : found.end], *found[2:6])
        for found in _scan(page)
    )


def _scan(page: _Page) -> Iterator[_Amount]:
    at = before = 0
    while start := START.search(page.low, at):
        match = number_at(page.low, start.start())
        if match and match.lastgroup == "foreign" and _is_english(page.low):
            match = None  # "quince" is a fruit there
        share = match is not None and match.lastgroup == "share"  # its "one" is no pronoun
        at = 0 if share else _passed(page, start.start()) if match else start.end()
        if match and not at:
            amount = _joined(page, _amount(page, match))
            # "0$½": a sign that the number before it took is not taken again
            yield amount._replace(start=max(amount.start, before))
            at = before = amount.end


@lru_cache(maxsize=1 << 10)
def _is_english(text: str) -> bool:
    return detect(text) == "en"


def _passed(page: _Page, at: int) -> int:
    """Where what counts nothing at ``at`` ends; money always counts."""
    return 0 if currency_before(page.plain, page.low, at)[0] else pass_over(page.plain, at)


def _amount(page: _Page, match: re.Match[str]) -> _Amount:
    """The number at ``match`` with its sign, currency, magnitude and unit."""
    kind, text = str(match.lastgroup), page.low
    unit, start = currency_before(page.plain, text, match.start())
    low, high = read(match, comma=page.comma)
    half = _AND_HALF.match(text, match.end())
    scale, plus, end = magnitude(text, half.end() if half else match.end(), money=bool(unit))
    low, high = (low + 0.5, high + 0.5) if half else (low, high)
    low, high = low * scale + plus, high * scale + plus
    more = _APPROX_AFTER.match(text, end)
    if not unit:
        unit, end = _unit(page, match, more.end() if more else end, rare=high < 100)
    if minus := _MINUS.search(text, max(0, start - 8), start):
        start, low, high = minus.start(), -high, -low
    if unit == "bp":
        unit, low, high = "pp", low / 100, high / 100
    vague = kind == "vague" or more or _APPROX_BEFORE.search(text, max(0, start - 24), start)
    return _Amount(start, end, low, high, unit, bool(vague), scale)


def _unit(page: _Page, match: re.Match[str], at: int, *, rare: bool) -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends."""
    kind = str(match.lastgroup)
    if kind in ("ordinal", "times"):
        return kind, at
    if found := _ORDINAL_AFTER.match(page.low, at):
        return "ordinal", found.end()
    if _ORDINAL_BEFORE.search(page.low, max(0, match.start() - 5), match.start()):
        return "ordinal", at
    return unit_after(page.low, at, rare=rare)


def _joined(page: _Page, left: _Amount) -> _Amount:
    """``left``, or the range or score that it opens."""
    between = _BETWEEN.search(page.low, max(0, left.start - 12), left.start)
    join = (between and _PAIR.match(page.low, left.end)) or _JOIN.match(page.low, left.end)
    symbol = join and _SYMBOL.match(page.low, join.end())
    match = symbol and number_at(page.low, symbol.end())
    if not match or not join or _passed(page, match.start()):
        return left
    right = _amount(page, match)
    if join[0] in _DASHES and _is_score(page, left, right, join[0]):
        low, high = sorted((left.low, right.low))
        return left._replace(end=right.end, low=low, high=high, unit="score")
    if join[0][0] == " " and _changes(page, left, right):
        return left
    return _range(left, right) or left


def _is_score(page: _Page, left: _Amount, right: _Amount, mark: str) -> bool:
    bare = not left.unit and not right.unit and max(left.scale, right.scale) == 1
    around = page.low[max(0, left.start - 40) : right.end + 40]
    wanted = mark == ":" or left.low >= right.low or _MATCH.search(around) is not None
    return bare and wanted and max(left.high, right.high) < 1000


def _changes(page: _Page, left: _Amount, right: _Amount) -> bool:
    """Whether "from 3% to 5%" tells a movement between two quantities, not one range."""
    before = page.low[max(0, left.start - 60) : left.start]
    return _CHANGE.search(before) is not None or (
        left.unit == right.unit != "" and before.endswith(("from ", "от ", "від ", "de "))
    )


def _range(left: _Amount, right: _Amount) -> _Amount | None:
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
