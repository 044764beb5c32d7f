"""Quantities in a text, in canonical form: "one hundred percent" and "100%" are one quantity.

A quantity is read at a number (digits, words, numerals), then outwards: sign and currency before
it, magnitude and unit behind it, a second number if it is a range or a score. What is written with
digits but counts nothing (dates, clock times, years, names, links, markers) is passed over.
The tables are patterns over lower-cased text; a new unit or language is one more alternative.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from math import isclose, prod
from typing import NamedTuple

from summarizer.text.selectors import Span

__all__ = ["Quantity", "equal", "quantities"]


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


_UNITS = {
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
_CURRENCIES = tuple(_UNITS)[tuple(_UNITS).index("AUD") :]

_MAGNITUDES = {
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


def _numbered(words: str, start: int = 1) -> dict[str, float]:
    return {word: float(value) for value, word in enumerate(words.split(), start)}


_ONES = _numbered("one two three four five six seven eight nine")
_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
_TENS = {
    word: 10 * value
    for word, value in _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()
}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ENGLISH = {"a": 1.0, "an": 1.0, "zero": 0.0, **_ONES, **_TEENS, **_TENS}
_FOREIGN = {
    word: value
    for value, words in {
        2.0: "dos два две дві двух двох zwei deux",
        3.0: "tres три трёх трех трьох drei trois",
        4.0: "cuatro четыре четырёх четырех чотири чотирьох vier quatre",
        5.0: "cinco пять пяти п'ять п'яти fünf cinq",
        6.0: "seis шесть шести шість sechs",
        7.0: "siete семь семи сім sieben",
        8.0: "ocho восемь восьми вісім acht huit",
        9.0: "nueve девять девяти дев'ять дев'яти neun",
        10.0: "diez десять десяти zehn dix",
        100.0: "cien сто hundert",
    }.items()
    for word in words.split()
}
_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_WORDS = _ENGLISH | _FOREIGN | _ORDINALS | {"twice": 2.0, "thrice": 3.0}
_PARTS = {"half": 2.0, "halve": 2.0, "quarter": 4.0} | {
    word: value for word, value in _ORDINALS.items() if 3 <= value <= 10
}
_VAGUE = {"ten": 1e1, "dozen": 12.0, "hundred": 1e2} | _SCALES
_NUMERALS = {"零": 0, "两": 2, "兩": 2} | {c: n for n, c in enumerate("〇一二三四五六七八九")}
_NUMERAL_SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}


def _any(words: Iterable[str], ending: str = "") -> str:
    return "(?:" + "|".join(word + ending for word in words) + ")"


def _rows(patterns: Iterable[str]) -> str:
    """One alternation with a capturing group for each row: ``lastindex`` tells which."""
    return _any(f"({pattern})" for pattern in patterns)


_BELOW_100 = rf"(?:{_any(_TENS)}(?:[ -]{_any(_ONES)}\b)?|{_any(_TEENS)}|{_any(_ONES)})\b"
_BELOW_1000 = rf"{_BELOW_100}(?:[ -]hundred\b(?:[ ](?:and[ ])?{_BELOW_100})?)?"
_SCALE = _any(_SCALES)
_COUNTED = (
    "(?:[人名个個位家次国國年天周週岁歲票件种種项項公英美欧歐元吨噸米倍多余餘]"
    "|日元|小[时時]|分[钟鐘])"
)
_SLASHED = r"(?:1/[2-9]|2/[3-9]|3/[4-9]|[4-7]/[89]|[1-9]/10)(?![\d/])"
_NUMBER = re.compile(
    rf"""(?<![^\W_])(?:
      (?P<part>
         (?:an?|{_any(_ONES)})[ -](?:half|quarter|{_any(_PARTS, "s")}
           |{_any(_PARTS)}(?![ -](?!(?:of|as|more|less|in|to|and|or)\b)[a-z]))\b
        |half(?:[ ]an?(?=[ ]))?\b(?!-))
     |(?P<vague>
         {_any(_VAGUE, "s")}(?:[ ]of[ ]{_any(_VAGUE, "s")})?\b
        |(?:several|a[ ]few)[ ]{_any(_VAGUE)}\b)
     |(?P<ordinal>(?:{_any(_TENS)}-)?{_any(_ORDINALS)}\b)
     |(?P<english>
         (?:zero\b(?![ -]day)
           |an?\b(?=[ ](?:hundred|dozen|{_SCALE})\b)(?:[ ]hundred(?:[ ]and[ ]{_BELOW_100})?)?
           |{_BELOW_1000})
         (?:[ -]{_SCALE}\b(?:[ ]and[ ]{_BELOW_1000}|[ ]{_BELOW_1000}(?=[ -]{_SCALE}\b)
           |[ ]{_BELOW_100}[ ]hundred\b(?:[ ]and[ ]{_BELOW_100})?)?)*)
     |(?P<times>(?:twice|thrice)\b)
     |(?P<foreign>{_any(_FOREIGN)}\b)
    )
    |(?P<mixed>(?:\d{{1,4}}[ ])?{_SLASHED}|\d{{0,6}}[¼-¾⅐-⅞])
    |(?P<digits>\d{{1,3}}(?:[.,' ]\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)
       |\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)
       |\d+(?:[.,]\d+)?|(?<![\w.])\.\d+)
    |(?P<numeral>(?<=第)[一二三四五六七八九十]+|(?=十|.[十百千万萬亿億]|.{_COUNTED})
       [一二三四五六七八九十两兩][〇零一二三四五六七八九十百千万萬亿億]*(?={_COUNTED}))
    """,
    re.VERBOSE,
)

_FIRST = {word[:3] for word in (*_WORDS, *_VAGUE, "half", "several")} - {"a", "an"} | {"a ", "an "}
# Most of a text begins no number: three letters tell, and the long pattern is tried only there.
_START = re.compile(rf"[\d¼-¾⅐-⅞一二三四五六七八九十两兩]|\.\d|\b{_any(sorted(_FIRST))}")
_END = r"(?![a-zà-ÿа-яёіїєґ0-9])"
_UNIT = re.compile(rf"(?: of )?[ -]?{_rows(_UNITS.values())}{_END}")
_CURRENCY = re.compile(_rows(_UNITS[unit] for unit in _CURRENCIES))
_MAGNITUDE = re.compile(rf"(?: of an?)?[ -]?{_rows(_MAGNITUDES.values())}(?![a-zà-ÿа-яёіїєґ])")
_SHORT = re.compile(r" ?([tbm])(?![a-z])")
_SHORT_COUNT = re.compile(r"(m)(?= (?:[a-z]{3,}s|people|men|women|children|yuan|yen|won)\b)")
_AND_HALF = re.compile(r" and a half\b")
_REST_SCALES = {"천": 1e3, "만": 1e4, "억": 1e8} | _NUMERAL_SCALES
_REST = re.compile(r" ?(\d[\d,.]*) ?([亿億억万萬만千천])")
_PREFIX = re.compile(r"((?:us |[a-z.]{1,4})?[$€£¥₩₴₽₹₺₪]|(?<![a-z])[a-z]{2,3}\.?) ?\Z")
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

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|(?i:enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    r"|sep?tiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|mai|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember"
    r"|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря))\b\.?"
)
_NAMED = (
    r"Boeing|Airbus|France|Channel|Article|Section|Chapter|Flight|Route|Highway|Interstate|Gate|Room"
    r"|Type|Windows|iPhone|Formula|Apollo|Falcon|Radio|Group of|Agenda|Vision|Expo|Resolution|Title"
    r"|Proposition|Model|Xbox|PlayStation|Canal|Rai|Sky|Pier|Catch|Area"
)
_OPENERS = (
    r"About|Around|At|After|All|Almost|Another|Aged|And|As|Before|But|By|For|From|In|Just|Nearly"
    r"|Of|On|Only|Or|Over|Some|Than|The|These|Those|To|Under|Up|With|Within"
)
_FOLLOWS_NAME = (
    r"(?:said|says|reported|reports|is|was|has|had|and|or|in|on|at|to|that|which|with|for|from|by"
    r"|as|will|would|TV|television|journalists?|correspondents?|aircraft|jets?|planes?)\b"
)
_AFTER_PRONOUN = (
    r"(?:of|another|on|in|at|off|way|time|point|sided|and(?! a half)|but|that|who|which|is|was|has"
    r"|had|can|could|must|should|may|might|would|will|day|thing|by|for|with|as|from|after|if|the)\b"
)
# Behind four digits these make a measure of what would be a year: "1900 km", but "in 2020 won".
_COUNTS = "people|persons|men|women|children|troops|soldiers|workers|jobs|homes|cases|deaths|years?"
_MEASURES = [pattern for unit, pattern in _UNITS.items() if unit not in ("year", "KRW")]
_NO_YEAR = rf"(?i:{_any([_COUNTS, *_MEASURES, *_MAGNITUDES.values()])}){_END}"
_OF_YEAR = r" (?:de )?\d{4}\b"
_PASSED_OVER = tuple(
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
        ("", rf"(?!{_SLASHED})\d{{1,2}}/\d{{1,2}}(?!\d)"),
        ("", r"9/11\b|24/7\b|\d{2,4}'?s\b"),
        ("", rf"(?:19|20)\d\d(?:[-–/]\d{{2,4}})?(?![\d%°\w-]|[.,]\d| {_NO_YEAR})"),
        (r"\b(?:in|since|of|from|by|until|to) |\(", r"1[5-8]\d\d\b(?![.,%]?\d)"),
        # clock times
        ("", r"\d{1,2}(?::\d\d){1,2}(?!\d)(?: ?[aApP]\.?[mM]\b)?|\d{1,2}h\d\d\b"),
        ("", r"\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m\b|[AP]\.?M\b|o'clock|Uhr\b)"),
        ("", r"\d{1,2} ?[点點時时시](?![间間간])(?: ?\d{1,2} ?[分분])?"),
        # names
        (r"[A-Za-z_À-ÿА-яІЇЄҐіїєґ]-?", r"\d(?:[\w/-]|\.(?=\d))*"),
        ("", r"[2-6]G\b|[2-4]D\b|[48]K\b|#\d+"),
        (rf"\b(?:{_NAMED}) ", r"\d{1,4}(?:-\d+)?\b|(?i:seven|eight|twenty|one|four)\b"),
        (
            rf"(?<![\w.])(?<!\d, )(?!(?:{_OPENERS})\b)[A-Z][\w'-]*[a-z] ",
            rf"\d{{1,4}}(?:\.0)?(?![\w%°]|[-–.,:/]\d|, [A-Z]\w+ \d)(?![ ](?!{_FOLLOWS_NAME})\S)",
        ),
        ("World War |Air Force |Big |Five ?", r"(?:One|Two|Three|Four|Five|Eyes)\b"),
        ("", r"(?:[Ff]irst|[Ss]econd|[Tt]hird) (?:World|[Ll]ad(?:y|ies)\b|Gentleman|Reich)"),
        (r"[a-z,] ", r"[A-Z][a-z]+ [A-Z][a-z]"),
        # "one" as a pronoun, halves of a match, the Chinese indefinite article
        (r"\b(?:no|any|every|each|some|the|this|that|which|another|other|number)[ -]", r"one\b"),
        ("", rf"[Oo]ne\b(?![ -][a-z])|[Oo]ne[ -]{_AFTER_PRONOUN}"),
        (r"\b(?:[Ff]irst|[Ss]econd|[Oo]ther|[Ll]atter|[Bb]etter|top|bottom) ", r"half\b"),
        ("", r"一(?![〇零一二三四五六七八九十百千万萬亿億])"),
        # marks, numbers to dial, versions
        (r"\[\^?", r"\d{1,3}(?:[ ,–-]{1,2}\d{1,3})*\]"),
        (r"(?:^|\n)[ \t]*\(?", r"\d{1,3}[.)](?=\s)"),
        (r"\+|\(\+?", r"\d[\d ().-]{7,20}\d"),
        ("", r"\d{3}([-.])\d{3}\1\d{4}\b|(?!\d{1,3}(?:\.\d{3})+(?!\d))\d+(?:\.\d+){2,}"),
    )
)  # fmt: skip
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
    at = 0
    while start := _START.search(page.low, at):
        match = _NUMBER.match(page.low, start.start())
        at = _passed(page, start.start()) if match else start.end()
        if match and not at:
            amount = _joined(page, _amount(page, match))
            yield amount
            at = amount.end


def _passed(page: _Page, at: int) -> int:
    """Where the date, time, name or mark at ``at`` ends that only looks like a number, else 0."""
    if _prefix(page, at)[0]:
        return 0
    for before, here in _PASSED_OVER:
        found = here.match(page.plain, at)
        if found and before.search(page.plain, max(0, at - 20), at):
            return found.end()
    return 0


def _amount(page: _Page, match: re.Match[str]) -> _Amount:
    """The number at ``match`` with its sign, currency, magnitude and unit."""
    kind, text = str(match.lastgroup), page.low
    unit, start = _prefix(page, match.start())
    low, high = _READ[kind](match[0], page.comma)
    half = _AND_HALF.match(text, match.end())
    scale, plus, end = _magnitude(text, half.end() if half else match.end(), money=bool(unit))
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


def _prefix(page: _Page, at: int) -> tuple[str, int]:
    """The currency that stands before a number, and where it starts."""
    found = _PREFIX.search(page.low, max(0, at - 8), at)
    for mark in (found[1], found[1][-1]) if found else ():
        row = _CURRENCY.fullmatch(mark)
        start = found.end(1) - len(mark) if found else at
        word = page.plain[start : start + len(mark)]
        if row and (not word.isalpha() or word.isupper() or word == "Rs"):
            return _CURRENCIES[(row.lastindex or 1) - 1], start
    return "", at


def _magnitude(text: str, at: int, *, money: bool) -> tuple[float, float, int]:
    """What the words and letters at ``at`` multiply by, what they add, and where they end."""
    scale, plus = 1.0, 0.0
    while found := _MAGNITUDE.match(text, at):
        scale, at = scale * tuple(_MAGNITUDES)[(found.lastindex or 1) - 1], found.end()
        if rest := _REST.match(text, at):
            plus, at = (
                float(rest[1].replace(",", "")) * _REST_SCALES[rest[2]],
                rest.end(),
            )
    if scale == 1 and (short := (_SHORT if money else _SHORT_COUNT).match(text, at)):
        scale, at = {"t": 1e12, "b": 1e9, "m": 1e6}[short[1]], short.end()
    return scale, plus, at


def _unit(page: _Page, match: re.Match[str], at: int, *, rare: bool) -> tuple[str, int]:
    """The unit behind a number that ends at ``at``, and where the unit ends."""
    kind = str(match.lastgroup)
    if kind in ("ordinal", "times"):
        return kind, at
    if found := _ORDINAL_AFTER.match(page.low, at):
        return "ordinal", found.end()
    if _ORDINAL_BEFORE.search(page.low, max(0, match.start() - 5), match.start()):
        return "ordinal", at
    found = _UNIT.match(page.low, at)
    if not found or (rare and found[0].strip() == "won"):
        return "", at
    return tuple(_UNITS)[(found.lastindex or 1) - 1], found.end()


def _joined(page: _Page, left: _Amount) -> _Amount:
    """``left``, or the range or score that it opens."""
    between = _BETWEEN.search(page.low, max(0, left.start - 12), left.start)
    join = (between and _PAIR.match(page.low, left.end)) or _JOIN.match(page.low, left.end)
    symbol = join and _SYMBOL.match(page.low, join.end())
    match = symbol and _NUMBER.match(page.low, symbol.end())
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
    unit = right.unit or (left.unit if left.unit in _CURRENCIES else "")
    scale = right.scale if left.scale == 1 and left.low < right.low / right.scale else 1.0
    low = left.low * scale
    if left.unit not in ("", unit) or "ordinal" in (left.unit, unit) or not 0 <= low < right.high:
        return None
    if right.high > 100 * max(low, 1):
        return None
    approx = left.approx or right.approx
    return _Amount(left.start, right.end, low, right.high, unit, approx, right.scale)


def _digits(digits: str, comma: bool) -> tuple[float, float]:
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


def _mixed(digits: str, _: bool) -> tuple[float, float]:
    """ "1/2", "2 1/2" or "2½"."""
    if "/" in digits:
        *whole, part = digits.split(" ")
        above, below = part.split("/")
        value = float(whole[0] if whole else 0) + int(above) / int(below)
    else:
        value = float(digits[:-1] or 0) + unicodedata.numeric(digits[-1])
    return value, value


def _words(words: str, _: bool) -> tuple[float, float]:
    """English cardinals and ordinals, a word of another language, "twice"."""
    total = group = 0.0
    for word in re.split("[ -]", words):
        if word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0.0
        elif word == "hundred":
            group *= 100
        else:
            group += _WORDS.get(word, 0.0)
    return total + group, total + group


def _part(words: str, _: bool) -> tuple[float, float]:
    """ "half", "a third", "two-thirds"."""
    first, *rest = re.split("[ -]", words)
    below = _PARTS.get(rest[-1].removesuffix("s")) if rest else None
    value = _WORDS[first] / below if below and first != "half" else 0.5
    return value, value


def _vague(words: str, _: bool) -> tuple[float, float]:
    """ "tens of thousands" is 10,000 to 100,000; "several hundred" is 200 to 1,000."""
    named = [
        _VAGUE[word.removesuffix("s")] for word in words.split() if word.removesuffix("s") in _VAGUE
    ]
    least = 1 if words.split(maxsplit=1)[0].removesuffix("s") in _VAGUE else 2
    return least * prod(named), 10 * prod(named)


def _numeral(numerals: str, _: bool) -> tuple[float, float]:
    """Chinese numerals: 三百, 二十一, 一千二百万."""
    total = group = digit = 0.0
    for char in numerals:
        scale = _NUMERAL_SCALES.get(char)
        if scale is None:
            digit = digit * 10 + _NUMERALS[char]
        elif scale < 1e4:
            group, digit = group + (digit or 1) * scale, 0.0
        else:
            total, group, digit = (total + group + digit) * scale, 0.0, 0.0
    return total + group + digit, total + group + digit


_READ: dict[str, Callable[[str, bool], tuple[float, float]]] = {
    "digits": _digits, "mixed": _mixed, "numeral": _numeral, "vague": _vague, "part": _part,
    "english": _words, "ordinal": _words, "times": _words, "foreign": _words,
}  # fmt: skip

_SIZES = {
    "mm": ("m", 1e-3), "cm": ("m", 1e-2), "km": ("m", 1e3), "mile": ("m", 1609.344),
    "foot": ("m", 0.3048), "inch": ("m", 0.0254), "g": ("kg", 1e-3), "tonne": ("kg", 1e3),
    "lb": ("kg", 0.45359237), "pound": ("kg", 0.45359237), "hectare": ("km2", 1e-2),
    "m2": ("km2", 1e-6), "acre": ("km2", 4.0468564e-3), "square mile": ("km2", 2.589988),
    "mph": ("km/h", 1.609344), "second": ("hour", 1 / 3600), "minute": ("hour", 1 / 60),
    "week": ("day", 7.0), "decade": ("year", 10.0), "century": ("year", 100.0),
    "kW": ("MW", 1e-3), "GW": ("MW", 1e3), "kWh": ("MWh", 1e-3), "GWh": ("MWh", 1e3),
    "TWh": ("MWh", 1e6),
}  # fmt: skip
_IMPERIAL = {"mile", "foot", "inch", "lb", "pound", "acre", "square mile", "mph"}
_NEVER_BARE = {"%", "pp", "ordinal", "score", "times"}


def equal(claim: Quantity, source: Quantity) -> bool:
    """Whether the source's quantity carries the claim's.

    Rounding counts only where the claim says so ("about 5,000" for 4,987; "dozens" for 40). A bare
    count may rest on the same value with a unit; a share may be told as a fraction or in per cent.

    >>> about, exact = quantities("about 5,000 metres or 4,987 m")
    >>> equal(about, exact), equal(exact, about)
    (True, False)
    """
    factor, slack = _exchange(claim, source)
    if not factor:
        return False
    low, high = source.low * factor, source.high * factor
    if claim.unit == source.unit == "%" and claim.low * low < 0:
        low, high = abs(high), abs(low)
        claim = claim._replace(low=abs(claim.high), high=abs(claim.low))
    if claim.approx:
        slack = max(slack, _rounding(claim))
        if claim.low * (1 - slack) <= low and high <= claim.high * (1 + slack):
            return True
    slack = max(slack, 1e-9)
    return isclose(claim.low, low, rel_tol=slack) and isclose(claim.high, high, rel_tol=slack)


def _exchange(claim: Quantity, source: Quantity) -> tuple[float, float]:
    """What the source's value is multiplied by to stand in the claim's unit, and the tolerance."""
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
    base, size = _SIZES.get(ours, (ours, 1.0))
    other, theirs_size = _SIZES.get(theirs, (theirs, 1.0))
    if base != other or not base:
        return 0.0, 0.0
    return theirs_size / size, 0.025 if (ours in _IMPERIAL) != (theirs in _IMPERIAL) else 0.0


def _rounding(claim: Quantity) -> float:
    """Half a unit of the last digit that the claim gives, relative to it; at most 5 %."""
    mantissa, exponent = f"{claim.high:.9e}".split("e")
    places = len(mantissa.strip("-").replace(".", "").rstrip("0")) - 1
    step = 10.0 ** (int(exponent) - places)
    return min(0.05, step / 2 / abs(claim.high)) if claim.high else 0.0
