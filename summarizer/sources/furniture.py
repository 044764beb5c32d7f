"""Text of the page that is not the article, set aside as spans with a reason.

Furniture is never evidence, but it stays in the snapshot, so that no offset moves. Lines are
judged by patterns (a table), the tail of the page by what it has in common with the article.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from summarizer.sources.articles import Furniture, FurnitureKind
from summarizer.sources.instructions import instructions
from summarizer.text.selectors import Span, trim
from summarizer.text.sentence_ends import is_ended
from summarizer.text.tokens import content

__all__ = ["find"]

_AGENCIES = (
    r"Reuters|AFP|AP|Associated Press|Agence France-Presse|Bloomberg|Xinhua|CNA|dpa|DPA|EFE|ANSA|"
    r"TASS|Interfax|Ukrinform|UNN|Kyodo(?: News)?|Yonhap|PTI|IANS|UPI|PA Media|Press Association"
)
_AGENCY = re.compile(rf"\b(?:{_AGENCIES})\b")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?[A-Z]{2,5})?"
_DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\s{_MONTH},?\s\d{{4}}"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)"
)
_STAMP = rf"{_DATE}(?:[\s,T|•·-]*{_CLOCK})?"
_PERSON = r"(?:[A-Z][\w.'’-]+\s*){1,4}"

_READ_MORE = (
    r"read (?:more|also|next)|see also|related(?: articles?| stories)?|also read|más información"
    r"|lea también|lire aussi|читайте (?:также|також|ще)|lesen sie auch|相关阅读|相關新聞|관련기사"
)
_RIGHTS = (
    r"©|\bcopyrights?\s*(?:\(c\)|©|\d{4})|all rights reserved|все права защищены"
    r"|усі права захищені|alle rechte vorbehalten|無断転載|版权所有|版權所有|무단\s?전재"
)
_PICTURE = (
    r"(?:file )?(?:photo(?:graph|s)?|image|picture|foto|bild|фото|写真|圖|图|사진)"
    r"(?:\s*(?:by|credit|courtesy|von|de))?"
)
_REPORTING = r"(?:additional |further )?(?:reporting|writing|editing|compiled)"
_SOURCE = (
    r"with (?:files|inputs?|reporting|contributions?) from"
    r"|(?:source|джерело|источник|fuente|quelle)\s*[:：]"
)
_COUNT = r"\d[\d,.]*\s*(?:views?|shares?|comments?|likes?|min(?:ute)?s? read)"
_VIEWED = r"[•·|-]\s*\[?(?:views?(?:\b|_)|\d)"
_BUTTON = (
    r"share(?: this(?: article)?)?(?: on .{1,30})?|print|subscribe(?: now)?"
    r"|sign up(?: for .{1,60})?|advertisement|listen to this article|follow us on .{1,40}"
    r"|click here .{1,60}"
)
_STAMPED = (
    r"(?:published|updated|posted|last (?:updated|modified)|опубликовано|опубліковано"
    r"|veröffentlicht|publicado)(?: on| at)?\s*[:：]?\s*"
)


def _line(kind: FurnitureKind, pattern: str, flags: int = re.IGNORECASE) -> "_LinePattern":
    return kind, re.compile(pattern, flags)


_LinePattern = tuple[FurnitureKind, re.Pattern[str]]
_LINES: tuple[_LinePattern, ...] = (
    _line("teaser", rf"(?=.*{_VIEWED}).{{8,200}}?{_STAMP}\s*{_VIEWED}.*"),
    _line("teaser", rf"(?:{_READ_MORE})\s*[:：>»|].*"),
    _line("copyright", rf".*(?:{_RIGHTS}).*"),
    _line("caption", rf"{_PICTURE}\s*[:：/|].*"),
    _line("credit", rf"\(?{_REPORTING}(?: and (?:reporting|writing|editing))? by .*"),
    _line("credit", rf"(?:{_SOURCE}) .{{2,80}}"),
    _line("credit", rf"[—–-]+\s*(?:with\s+)?(?:{_AGENCIES})(?:[/,\s]+(?:{_AGENCIES}))*\.?", 0),
    _line("byline", rf"(?:By|Von|Por|Par)\s+{_PERSON}(?:(?:,|and|und|y|et|&|\|)\s*{_PERSON})*", 0),
    _line("counter", rf"\[?views?[_:\s]*\d[\d,.]*\]?|{_COUNT}|(?:{_BUTTON})[.!:]?"),
    _line("dateline", rf"(?:{_STAMPED})?{_STAMP}(?:\s*\([A-Z]+\))?"),
)

LONGEST = {
    "caption": 220, "byline": 80, "credit": 240, "copyright": 240, "counter": 80, "dateline": 120,
    "teaser": 400,
}  # fmt: skip
"""Code points beyond which a line of that look is a paragraph that only begins alike."""

_PLACE = r"[A-ZÀ-Þ][\w.'’-]+(?:[ /][A-ZÀ-Þ][\w.'’-]+){0,3}"
_DAY = rf"(?:{_MONTH}\s\d{{1,2}}(?:,\s\d{{4}})?|\d{{1,2}}\.?\s[A-ZÀ-Þa-zà-ÿ]+\.?(?:\s\d{{4}})?)"
_AGENCY_DATELINE = re.compile(
    rf"(?:{_PLACE},?\s+)?(?:{_DAY}\s*)?\((?:{_AGENCIES})\)\s*(?:[—–-]+\s*)?"
    r"|(?:新华社|新華社|中新社|中央社)[^\s，,。]{1,16}?电\s*(?:[（(]记者[^）)]{1,30}[)）]\s*)?"
)
_CAPITAL_DATELINE = re.compile(
    rf"[A-ZÀ-Þ][A-ZÀ-Þ .'’/-]{{2,30}}(?:,\s{_DAY}\s*)?(?:\([A-Z][\w .&-]{{1,30}}\)\s*)?[—–-]+\s"
)
"""A place in capitals before a dash: only at the very beginning of an article."""
_SIGN_OFF = re.compile(rf"\s(?:[—–-]\s?|\()(?:{_AGENCIES})(?:[/,]\s?(?:{_AGENCIES}))*\)?\.?$")


FOREIGN_SHARE = 0.45
"""A cut-off tail paragraph is another article's teaser when less of its content stands in the
article. On the seeds: teasers .05-.30; the article's own last paragraphs are never cut off."""


class _Line(NamedTuple):
    span: Span
    text: str


def find(text: str) -> tuple[Furniture, ...]:
    """Furniture of one article, in order, not overlapping."""
    lines = list(_lines(text))
    found = [item for line in lines for item in _judge(line)]
    found += _foreign(lines, found)
    found += instructions(text)
    return tuple(_apart(found))


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.split("\n"):
        span = trim(text, Span(at, at + len(raw)))
        if span.end > span.start:
            yield _Line(span, text[span.start : span.end])
        at += len(raw) + 1


def _judge(line: _Line) -> Iterator[Furniture]:
    """Whole-line furniture, else what stands before or behind the article's words in it."""
    bare = line.text.strip(" *_|()[]") if len(line.text) < 260 else line.text
    for kind, pattern in _LINES:
        if len(line.text) <= LONGEST[kind] and pattern.fullmatch(bare):
            yield Furniture(line.span, kind, "the whole line", _agency(line.text, kind))
            return
    start, end = line.span
    head = _AGENCY_DATELINE.match(line.text)
    if start == 0 and not head:
        head = _CAPITAL_DATELINE.match(line.text)
    if head:
        span = Span(start, start + head.end())
        yield Furniture(span, "dateline", "agency and place", _agency(head.group(), "credit"))
    if tail := _SIGN_OFF.search(line.text, max(0, len(line.text) - 80)):
        span = Span(start + tail.start() + 1, end)
        yield Furniture(span, "credit", "agency sign-off", _agency(tail.group(), "credit"))


def _agency(text: str, kind: FurnitureKind) -> str:
    """The wire that signs, when it is one alone and not one of several who helped."""
    named = set(_AGENCY.findall(text)) if kind == "credit" else set()
    helped = re.match(rf"\(?{_REPORTING}|with", text, re.IGNORECASE)
    return named.pop() if len(named) == 1 and not helped else ""


def _foreign(lines: list[_Line], found: list[Furniture]) -> list[Furniture]:
    """Teasers of other articles at the end: cut off in mid-sentence, about something else.

    Only a run at the very end counts, and never more than half of the page's lines.
    """
    aside = {item.span for item in found}
    signed = {item.span.end for item in found}
    body = [line for line in lines if line.span not in aside]
    tail: list[_Line] = []
    while len(body) > 2 and len(tail) <= len(lines) // 2 and _cut_off(body[-1], signed):
        tail.append(body.pop())
    if not tail:
        return []
    known = {stem for line in body for stem in content(line.text)}
    return [
        Furniture(
            line.span, "foreign", f"teaser of another article: {share:.0%} of its words are here"
        )
        for line in tail
        if (share := _share(line.text, known)) < FOREIGN_SHARE
    ]


def _cut_off(line: _Line, signed: set[int]) -> bool:
    """Whether a paragraph breaks off; one that a sign-off closes does not."""
    return len(line.text) >= 120 and line.span.end not in signed and not is_ended(line.text)


def _share(text: str, known: set[str]) -> float:
    stems = set(content(text))
    return len(stems & known) / len(stems) if stems else 0.0


def _apart(found: Iterable[Furniture]) -> Iterator[Furniture]:
    """In order; where two overlap the longer stays."""
    kept: list[Furniture] = []
    for item in sorted(found, key=lambda f: (f.span.start, -f.span.end)):
        if not kept or kept[-1].span.end <= item.span.start:
            kept.append(item)
    return iter(kept)
