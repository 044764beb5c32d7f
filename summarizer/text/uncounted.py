"""Numbers that count nothing: dates, clock times, years, parts of names, pronouns, marks."""

import re

from summarizer.text.numerals import SLASHED
from summarizer.text.units import END, magnitude, unit_after

__all__ = ["pass_over"]

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
_COUNTED = re.compile(
    r" (?:people|persons|men|women|children|troops|soldiers|workers|jobs|homes|cases|deaths|years?)"
    + END
)
_YEAR = r"(?:19|20)\d\d(?:[-–/]\d{2,4})?(?![\d%°\w-]|[.,]\d)"
_OF_YEAR = r" (?:de )?\d{4}\b"
# Asked before the digits are read, as these may run to the end of a hostile text.
_AFTER_LETTER = r"(?:(?<=[A-Za-z_À-ÿА-яІЇЄҐіїєґ])|(?<=[A-Za-z_À-ÿА-яІЇЄҐіїєґ]-))"
_AFTER_BRACKET = r"(?:(?<=\[)|(?<=\[\^))"
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
        ("", rf"(?!{SLASHED})\d{{1,2}}/\d{{1,2}}(?!\d)"),
        ("", r"9/11\b|24/7\b|\d{2,4}'?s\b"),
        ("", _YEAR),
        (r"\b(?:in|since|of|from|by|until|to) |\(", r"1[5-8]\d\d\b(?![.,%]?\d)"),
        # clock times
        ("", r"\d{1,2}(?::\d\d){1,2}(?!\d)(?: ?[aApP]\.?[mM]\b)?|\d{1,2}h\d\d\b"),
        ("", r"\d{1,2}(?:[.:]\d\d)? ?(?:[ap]\.?m\b|[AP]\.?M\b|o'clock|Uhr\b)"),
        ("", r"\d{1,2} ?[点點時时시](?![间間간])(?: ?\d{1,2} ?[分분])?"),
        # names
        ("", rf"{_AFTER_LETTER}\d(?:[\w/-]|\.(?=\d))*"),
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
        ("", rf"{_AFTER_BRACKET}\d{{1,3}}(?:[ ,–-]{{1,2}}\d{{1,3}})*\]"),
        (r"(?:^|\n)[ \t]*\(?", r"\d{1,3}[.)](?=\s)"),
        (r"\+|\(\+?", r"\d[\d ().-]{7,20}\d"),
        ("", r"\d{3}([-.])\d{3}\1\d{4}\b|(?!\d{1,3}(?:\.\d{3})+(?!\d))\d+(?:\.\d+){2,}"),
    )
)  # fmt: skip


def pass_over(text: str, at: int) -> int:
    """Where the date, time, name or mark at ``at`` ends that only looks like a number, else 0."""
    for before, here in _PASSED_OVER:
        found = here.match(text, at)
        if not found or not before.search(text, max(0, at - 20), at):
            continue
        if here.pattern != _YEAR or not _is_measured(text, found.end()):
            return found.end()
    return 0


def _is_measured(text: str, at: int) -> bool:
    """Whether what follows makes a measure of what would be a year: "1900 km", but "2020 won"."""
    if text[at : at + 1] != " ":
        return False
    low = text[at : at + 40].lower()
    unit, _ = unit_after(low, 1, rare=False)
    return (
        unit not in ("", "year", "KRW")
        or _COUNTED.match(low) is not None
        or magnitude(low, 1, money=False)[0] != 1
    )
