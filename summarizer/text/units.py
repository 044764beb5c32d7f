"""Units, magnitudes and currencies beside a number.

The tables are patterns over lower-cased text; a new unit or language is one more alternative.
"""

import re
from collections.abc import Iterable

from summarizer.text.numerals import CHINESE_SCALES

__all__ = [
    "CURRENCIES",
    "MAGNITUDE_PATTERNS",
    "UNIT_END",
    "UNIT_PATTERNS",
    "currency_before",
    "magnitude_after",
    "unit_after",
]

UNIT_PATTERNS = {
    "pp": r"percentage[ -]points?|%p\b|pp|%포인트|[个個]百分[点點]|процентн\w+ пункт\w*"
    r"|відсотков\w+ пункт\w*|prozentpunkten?|puntos porcentuales|points? de pourcentage",
    "bp": r"basis[ -]points?|bps?",
    "%": r"%|per[ -]?cent|pct|процент\w*|відсот\w*|por ciento|pour cent|prozent|퍼센트|パーセント",
    "km/h": r"km/h|kph|kmh|kilomet(?:er|re)s? (?:per|an) hour|км/(?:ч|год)|公里/小时",
    "mph": r"mph|miles? (?:per|an) hour",
    "km2": r"(?:square |sq\.? ?)(?:km|kilomet(?:er|re)s?)|km[²2]|кв\.? ?км|平方公里",
    "m2": r"(?:square |sq\.? ?)(?:m|met(?:er|re)s?)|m²|кв\.? ?м|平方米",
    "square mile": r"(?:square|sq\.?) miles?",
    "km": r"km|kilomet(?:er|re)s?|kilómetros?|километр\w*|кілометр\w*|км"
    r"|公里|千米|킬로미터|キロ(?!グ|ワ)",
    "cm": r"cm|centimet(?:er|re)s?|сантиметр\w*|см|厘米|センチ",
    "mm": r"mm|millimet(?:er|re)s?|миллиметр\w*|міліметр\w*|мм|毫米",
    "m": r"m|met(?:er|re)s?|metros|метр\w*|м|米(?!ドル)|미터|メートル",
    "mile": r"miles?|英里|миль|마일",
    "foot": r"feet|foot|ft",
    "inch": r"inch(?:es)?",
    "kg": r"kgs?|kilo(?:gram(?:me)?)?s?|キログラム|килограмм\w*|кілограм\w*|кг|公斤|킬로그램",
    "g": r"g|gram(?:me)?s?|грамм\w*|грам\w*|克(?!拉)|그램",
    "tonne": r"(?:metric )?ton(?:ne)?s?|t|toneladas|tonnen|тонн\w*|吨|噸|톤|トン",
    "lb": r"lbs?",
    "pound": r"pounds?(?! sterling)",
    "barrel": r"barrels?|баррел\w*|барел\w*|桶|배럴",
    "litre": r"lit(?:er|re)s?|литр\w*|літр\w*|升",
    "hectare": r"hectares?|ha|гектар\w*|公顷",
    "acre": r"acres?",
    "C": r"° ?c|(?<=\d)c|degrees? (?:c|celsius)|℃|摄氏度|градус\w* цельс\w*",
    "F": r"° ?f|(?<=\d)f|degrees? (?:f|fahrenheit)|℉",
    "degree": r"°|degrees?|градус\w*",
    "kWh": r"kwh|kilowatt[ -]hours?",
    "MWh": r"mwh|megawatt[ -]hours?",
    "GWh": r"gwh|gigawatt[ -]hours?",
    "TWh": r"twh|terawatt[ -]hours?",
    "kW": r"kw|kilowatts?",
    "MW": r"mw|megawatts?",
    "GW": r"gw|gigawatts?",
    "second": r"seconds?|secs?|секунд\w*|segundos?|秒|초",
    "minute": r"minutes?|mins?|минут\w*|хвилин\w*|minutos?|minuten|分[钟鐘間]|분(?!기)",
    "hour": r"hours?|hrs?|час(?:а|ов)?|годин\w*|horas?|stunden?|heures?|小[时時]|时间|時間|시간",
    "day": r"days?|день|дн(?:я|ей|ів|і)|días?|tagen?|tage|jours?|天|日[间間]|일간",
    "week": r"weeks?|недел\w*|тижн\w*|semanas?|wochen?|semaines?|周(?!年)|週間?|주(?!년|자|의)",
    "month": r"months?|месяц\w*|місяц\w*|mes(?:es)?|monaten?|monate|mois|[个個かカヶ]月|개월",
    "year": r"years?|yrs?|год(?:а|ов)?|лет|рок(?:и|ів|ами|ах)|років|años?|jahren?|jahre|ans|年|년",
    "decade": r"decades?|десятилет\w*|десятиліт\w*",
    "century": r"century|centuries",
    "times": r"times|[ -]?fold|倍|раз[аи]?|veces",
    "AUD": r"australian dollars?|aud|a\$|au\$",
    "CAD": r"canadian dollars?|cad|c\$|ca\$",
    "HKD": r"hong kong dollars?|hkd|hk\$|港元|港币",
    "TWD": r"(?:new )?taiwan(?:ese)? dollars?|ntd|twd|nt\$|新[台臺]币|新[台臺]幣",
    "SGD": r"singapore(?:an)? dollars?|sgd|s\$",
    "NZD": r"new zealand dollars?|nzd|nz\$",
    "BRL": r"reais|brl|r\$",
    "USD": r"(?:us|u\.s\.|american) dollars?|dollars?|us-dollars?|usd|us ?\$|u\.s\.\$|\$"
    r"|dólar(?:es)?|доллар\w*|долар\w*|달러|美元|米?ドル",
    "EUR": r"euros?|eur|€|евро|євро|유로|欧元|歐元|ユーロ",
    "GBP": r"pounds? sterling|gbp|£|фунт\w*(?: стерлинг\w*)?|파운드|英[镑鎊]",
    "JPY": r"yen|jpy|jp¥|¥|иен\w*|ієн\w*|일본 엔|엔(?!진)|円|日[元圆]",
    "CNY": r"(?:chinese )?yuan|renminbi|rmb ?¥?|cny|cn¥|юан\w*|위안|人民[币幣]|元",
    "KRW": r"won|krw|₩|вон|원|[韩韓]元",
    "UAH": r"hryvni?as?|uah|₴|грн|грив\w+",
    "RUB": r"rou?bles?|rub|₽|рубл\w+|руб|卢布|루블",
    "INR": r"(?:indian )?rupees?|inr|₹|rs\.?",
    "CHF": r"swiss francs?|chf|франк\w*",
    "PLN": r"z[lł]ot(?:y|ys|ych)|pln|злот\w+",
    "TRY": r"(?:turkish )?liras?|₺|лир\w*",
    "ILS": r"shekels?|₪",
    "MYR": r"ringgit|rm",
    "ZAR": r"rand",
    "peso": r"pesos?",
    "krona": r"kron(?:or|er|a|e)",
    "cent": r"cents?",
}
"""Canonical unit -> how it is written; of two that fit, the upper one is meant."""
CURRENCIES = tuple(UNIT_PATTERNS)[tuple(UNIT_PATTERNS).index("AUD") :]
"""The units of money."""
MAGNITUDE_PATTERNS = {
    1e12: r"trillions?|tn|billones|billonen|трлн|триллион\w*|трильйон\w*|万亿|萬億|兆|조",
    1e9: r"billions?|bn|mil millones|milliard(?:en|s)?|mrd\.?|млрд|миллиард\w*|мільярд\w*"
    r"|十亿|십억",
    1e8: r"[亿億억]",
    1e7: r"crores?|千万|천만",
    1e6: r"millions?|mn|mln|mill(?:ones|ón|ionen)|mio\.?|млн|миллион\w*|мільйон\w*|百万|백만",
    1e5: r"lakhs?",
    1e4: r"[万萬만]",
    1e3: r"thousand|k|mil|tausend|тыс\.?|тысяч\w*|тис\.?|тисяч\w*|[千천]",
    1e2: r"hundred|[百백]",
    12.0: r"dozen",
}
"""What a word multiplies by -> how it is written."""


def _grouped_alternation(patterns: Iterable[str]) -> str:
    """One alternation with a capturing group for each row: ``lastindex`` tells which."""
    return "(?:" + "|".join(f"({pattern})" for pattern in patterns) + ")"


UNIT_END = r"(?![a-zà-ÿа-яёіїєґ0-9])"
"""Pattern of the end of a unit."""
_UNIT = re.compile(rf"(?: of )?[ -]?{_grouped_alternation(UNIT_PATTERNS.values())}{UNIT_END}")
_CURRENCY = re.compile(_grouped_alternation(UNIT_PATTERNS[unit] for unit in CURRENCIES))
_MAGNITUDE = re.compile(
    rf"(?: of an?)?[ -]?{_grouped_alternation(MAGNITUDE_PATTERNS.values())}(?![a-zà-ÿа-яёіїєґ])"
)
_SHORT_MAGNITUDE = re.compile(r" ?([tbm])(?![a-z])")
_SHORT_COUNT_MAGNITUDE = re.compile(
    r"(m)(?= (?:[a-z]{3,}s|people|men|women|children|yuan|yen|won)\b)"
)
_LOWER_SCALES = {"천": 1e3, "만": 1e4, "억": 1e8} | CHINESE_SCALES
_LOWER_MAGNITUDE = re.compile(r" ?(\d[\d,.]*) ?([亿億억万萬만千천])")
_CURRENCY_PREFIX = re.compile(r"((?:us |[a-z.]{1,4})?[$€£¥₩₴₽₹₺₪]|(?<![a-z])[a-z]{2,3}\.?) ?\Z")


def currency_before(plain: str, low: str, at: int) -> tuple[str, int]:
    """The currency that stands before a number, and where it starts; ``low``: lower-cased."""
    found = _CURRENCY_PREFIX.search(low, max(0, at - 8), at)
    for mark in (found[1], found[1][-1]) if found else ():
        row = _CURRENCY.fullmatch(mark)
        start = found.end(1) - len(mark) if found else at
        word = plain[start : start + len(mark)]
        if row and (not word.isalpha() or word.isupper() or word == "Rs"):
            return CURRENCIES[(row.lastindex or 1) - 1], start
    return "", at


def magnitude_after(text: str, at: int, *, money: bool) -> tuple[float, float, int]:
    """What the words and letters at ``at`` multiply by, what they add, and where they end."""
    scale, plus = 1.0, 0.0
    while found := _MAGNITUDE.match(text, at):
        scale, at = scale * tuple(MAGNITUDE_PATTERNS)[(found.lastindex or 1) - 1], found.end()
        if rest := _LOWER_MAGNITUDE.match(text, at):
            plus = float(rest[1].replace(",", "")) * _LOWER_SCALES[rest[2]]
            at = rest.end()
    if scale == 1 and (
        short := (_SHORT_MAGNITUDE if money else _SHORT_COUNT_MAGNITUDE).match(text, at)
    ):
        scale, at = {"t": 1e12, "b": 1e9, "m": 1e6}[short[1]], short.end()
    return scale, plus, at


def unit_after(text: str, at: int, *, rare: bool) -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends.

    ``rare``: after a number so small, "won" is the verb.
    """
    found = _UNIT.match(text, at)
    if not found or (rare and found[0].strip() == "won"):
        return "", at
    return tuple(UNIT_PATTERNS)[(found.lastindex or 1) - 1], found.end()
