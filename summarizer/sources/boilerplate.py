"""Spans of an article's text that are boilerplate, each with a kind and a reason.

Boilerplate is never evidence, but it stays in the snapshot, so that no offset moves. Lines are
matched against a table of patterns; the end of the page is compared with the words of the article;
orders to a machine reader are found by `summarizer.sources.prompt_injection`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.sources.articles import Boilerplate, BoilerplateKind
from summarizer.sources.datelines import find_datelines
from summarizer.sources.promotions import TextLine, find_promotions
from summarizer.sources.prompt_injection import find_prompt_injections
from summarizer.text.lexicon import lexicon, pattern_of_all, shared_lexicon
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS, ends_sentence
from summarizer.text.spans import Span, trim_span
from summarizer.text.tokens import content_stems

_AGENCY_NAMES = shared_lexicon().news_agencies
_AGENCY = re.compile(rf"\b(?:{_AGENCY_NAMES})\b")

_MONTH = rf"(?:{'|'.join(forms[0][:3].title() for forms in lexicon('en').months)})[a-z]*\.?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?[A-Z]{2,5})?"
_DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\s{_MONTH},?\s\d{{4}}"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)"
)
_DATE_AND_TIME = rf"{_DATE}(?:[\s,T|•·-]*{_CLOCK})?"
_PERSON = r"(?:[A-Z][\w.'’-]+\s*){1,4}"
_BYLINE_WORDS = pattern_of_all("byline_words")
_BYLINE = re.compile(
    rf"{_BYLINE_WORDS}(?P<colon>\s*[:：]\s*|\s+)(?P<name>[^.!?…:：,،\n]{{2,60}})"
    rf"|(?P<name2>[^\s.!?…:：,،]{{2,5}})\s?{pattern_of_all('byline_endings')}",
    re.IGNORECASE,
)
"""An author behind the word that says so, or before it."""
MAX_AUTHOR_WORDS = 4
"""Words of the name of an author."""

_READ_MORE = pattern_of_all("read_more")
_COPYRIGHT = rf"©|{pattern_of_all('copyright_notices')}"
_PICTURE = rf"(?:file )?{pattern_of_all('picture_words')}(?:\s*(?:by|credit|courtesy|von|de))?"
_REPORTING = r"(?:additional |further )?(?:reporting|writing|editing|compiled)"
_SOURCE_CREDIT = rf"{pattern_of_all('reporting_credits')}|{pattern_of_all('source_label')}\s*[:：]"
_COUNTER = r"\d[\d,.]*\s*(?:views?|shares?|comments?|likes?|min(?:ute)?s? read)"
_VIEW_COUNT = r"[•·|-]\s*\[?(?:views?(?:\b|_)|\d)"
_BUTTON_LABEL = pattern_of_all("button_labels")
_DATE_LABEL = rf"{pattern_of_all('date_labels')}(?: on| at)?\s*[:：]?\s*"


def _line_pattern(
    kind: BoilerplateKind, pattern: str, flags: int = re.IGNORECASE
) -> "_LinePattern":
    return kind, re.compile(pattern, flags)


_LinePattern = tuple[BoilerplateKind, re.Pattern[str]]
_LINE_PATTERNS: tuple[_LinePattern, ...] = (
    _line_pattern("teaser", rf"(?=.*{_VIEW_COUNT}).{{8,200}}?{_DATE_AND_TIME}\s*{_VIEW_COUNT}.*"),
    _line_pattern("teaser", rf"(?:{_READ_MORE})\s*[:：>»|].*"),
    _line_pattern("copyright", rf".*(?:{_COPYRIGHT}).*"),
    _line_pattern("caption", rf"{_PICTURE}\s*[:：/|=.].*"),
    _line_pattern("credit", rf"\(?{_REPORTING}(?: and (?:reporting|writing|editing))? by .*"),
    _line_pattern("credit", rf"(?:{_SOURCE_CREDIT}) .{{2,80}}"),
    _line_pattern(
        "credit", rf"[—–-]+\s*(?:with\s+)?(?:{_AGENCY_NAMES})(?:[/,\s]+(?:{_AGENCY_NAMES}))*\.?", 0
    ),
    _line_pattern(
        "byline", rf"(?:By|Von|Por|Par)\s+{_PERSON}(?:(?:,|and|und|y|et|&|\|)\s*{_PERSON})*", 0
    ),
    _line_pattern("counter", rf"\[?views?[_:\s]*\d[\d,.]*\]?|{_COUNTER}|(?:{_BUTTON_LABEL})[.!:]?"),
    _line_pattern(
        "dateline", rf"(?:{_DATE_LABEL})?{_DATE_AND_TIME}(?:\s*\([A-Z]+\))?|{_DATE_LABEL}{_CLOCK}"
    ),
)

MAX_LINE_CHARS = {
    "caption": 220, "byline": 80, "credit": 240, "copyright": 240, "counter": 80, "dateline": 120,
    "teaser": 400,
}  # fmt: skip
"""Code points beyond which a line that matches is a paragraph that only begins like one."""

_PLACE_NAME = r"[A-ZÀ-Þ][\w.'’-]+(?:[ /][A-ZÀ-Þ][\w.'’-]+){0,3}"
_DAY = rf"(?:{_MONTH}\s\d{{1,2}}(?:,\s\d{{4}})?|\d{{1,2}}\.?\s[A-ZÀ-Þa-zà-ÿ]+\.?(?:\s\d{{4}})?)"
_AGENCY_DATELINE = re.compile(
    rf"(?:{_PLACE_NAME},?\s+)?(?:{_DAY}\s*)?\((?:{_AGENCY_NAMES})\)\s*(?:[—–-]+\s*)?"
    r"|(?:新华社|新華社|中新社|中央社)[^\s，,。]{1,16}?电\s*(?:[（(]记者[^）)]{1,30}[)）]\s*)?"
    r"|[^\s，,。]{2,12}\d{4}年\d\d?月\d\d?日[电電]\s+"
    r"|【[^【】\n]{2,40}】\s*|\([가-힣·]{2,12}=[^()\n]{2,20}\)\s*(?:[가-힣]{2,4} 기자\s?=\s?)?"
)
_REGION = r"(?:,\s[A-Z][\w.]{1,12}(?:\s[A-Z][\w.]{1,12})?)?"
_CAPITAL_DATELINE = re.compile(
    rf"[A-ZÀ-Þ][A-ZÀ-Þ .'’/-]{{2,30}}{_REGION}(?:,\s{_DAY},?\s*)?\s?"
    r"(?:(?:\([A-Z][\w .&/-]{1,30}\)|/[A-Z][\w .-]{2,30}/)\s*)?[—–-]+\s"
)
"""A place in capitals before a dash: only in the first line that ends as a sentence."""
_AGENCY_SIGN_OFF = re.compile(
    rf"\s(?:[—–-]\s?|\()(?:{_AGENCY_NAMES})(?:[/,]\s?(?:{_AGENCY_NAMES}))*\)?\.?$"
)
_AUTHOR_MARK = re.compile(
    rf"(?<=[{SENTENCE_TERMINALS}{CLOSING_MARKS}])\s\([a-zà-ÿ]{{2,5}}(?:[/,]\s?[a-zà-ÿ]{{2,5}}){{0,3}}\)$"
)
"""Letters in brackets by which German papers sign an article: "(dpa/hp)"."""


MAX_TEASER_SHARE = 0.45
"""A cut-off paragraph at the end is another article's teaser if less of its content is in the rest
of the article. On the seeds: teasers .05-.30; the article's own last paragraphs are not cut off."""


def find_boilerplate(
    text: str,
    outlet: str | None = None,
    repeated: frozenset[str] = frozenset(),
    marked: Sequence[Boilerplate] = (),
) -> tuple[Boilerplate, ...]:
    """The boilerplate of one article, in order, without overlaps.

    ``outlet``: its publisher; ``repeated``: lines that several pages of the publisher have;
    ``marked``: what the reader of its file set aside.
    """
    lines, start = list[TextLine](), 0
    for raw in text.split("\n"):
        span = trim_span(text, Span(start, start + len(raw)))
        if span.end > span.start:
            lines.append(TextLine(span, text[span.start : span.end]))
        start += len(raw) + 1
    opening = next((line for line in lines if ends_sentence(line.text)), None)
    candidates = [*marked]
    candidates += [item for line in lines for item in _line_boilerplate(line, line is opening)]
    candidates += [
        Boilerplate(span, "dateline", "place and day")
        for span in find_datelines(text, [line.span for line in lines])
    ]
    candidates += find_promotions(lines, outlet or "", repeated)
    candidates += _foreign_teasers(lines, candidates)
    candidates += find_prompt_injections(text)
    boilerplate: list[Boilerplate] = []
    for item in sorted(candidates, key=lambda item: (item.span.start, -item.span.end)):
        if boilerplate and boilerplate[-1].span.end > item.span.start:
            before = boilerplate[-1]
            if item.kind != "instruction" or before.kind == "instruction":
                continue
            # A dateline or credit in front of an order must not shield it.
            boilerplate.pop()
            span = Span(before.span.start, max(before.span.end, item.span.end))
            item = replace(item, span=span)  # noqa: PLW2901
        boilerplate.append(item)
    return tuple(boilerplate)


def _line_boilerplate(line: TextLine, is_opening: bool) -> Iterator[Boilerplate]:
    """The whole line, or else a dateline at its start and a sign-off at its end."""
    bare = line.text.strip(" *_|()[]") if len(line.text) < 260 else line.text
    for kind, pattern in _LINE_PATTERNS:
        if len(line.text) <= MAX_LINE_CHARS[kind] and pattern.fullmatch(bare):
            yield Boilerplate(line.span, kind, "the whole line", _signing_agency(line.text, kind))
            return
    if _is_byline(bare):
        yield Boilerplate(line.span, "byline", "the whole line")
        return
    start, end = line.span
    head = _AGENCY_DATELINE.match(line.text)
    if is_opening and not head:
        head = _CAPITAL_DATELINE.match(line.text)
    if head:
        span = Span(start, start + head.end())
        yield Boilerplate(
            span, "dateline", "agency and place", _signing_agency(head.group(), "credit")
        )
    edge = max(0, len(line.text) - 80)
    tail = _AGENCY_SIGN_OFF.search(line.text, edge) or _AUTHOR_MARK.search(line.text, edge)
    if tail:
        span = Span(start + tail.start() + 1, end)
        yield Boilerplate(
            span, "credit", "agency sign-off", _signing_agency(tail.group(), "credit")
        )


def _is_byline(line: str) -> bool:
    """Whether a line is an author: a few words with capitals, or any behind a colon."""
    found = _BYLINE.fullmatch(line) if len(line) <= MAX_LINE_CHARS["byline"] else None
    if not found:
        return False
    words = (found["name"] or found["name2"]).split()
    named = found["colon"] is None or ":" in found["colon"] or "：" in found["colon"]
    return len(words) <= MAX_AUTHOR_WORDS and (
        named or not any(word[0].islower() for word in words)
    )


def _signing_agency(text: str, kind: BoilerplateKind) -> str:
    """The agency that signs the text, if it names only one and not as one of several helpers."""
    agencies = set(_AGENCY.findall(text)) if kind == "credit" else set()
    helped = re.match(rf"\(?{_REPORTING}|with", text, re.IGNORECASE)
    return agencies.pop() if len(agencies) == 1 and not helped else ""


def _foreign_teasers(lines: list[TextLine], boilerplate: list[Boilerplate]) -> list[Boilerplate]:
    """Teasers of other articles at the end: cut off in mid-sentence, about something else.

    They are searched backwards from the last line, in at most half of the page's lines.
    """
    excluded = {item.span for item in boilerplate}
    signed_ends = {item.span.end for item in boilerplate}
    body = [line for line in lines if line.span not in excluded]
    cut_off: list[TextLine] = []
    while len(body) > 2 and len(cut_off) <= len(lines) // 2:
        last = body[-1]
        if len(last.text) < 120 or last.span.end in signed_ends or ends_sentence(last.text):
            break
        cut_off.append(body.pop())
    if not cut_off:
        return []
    body_stems = {stem for line in body for stem in content_stems(line.text)}
    teasers = []
    for line in cut_off:
        stems = set(content_stems(line.text))
        share = len(stems & body_stems) / len(stems) if stems else 0.0
        if share < MAX_TEASER_SHARE:
            detail = f"teaser of another article: {share:.0%} of its words are here"
            teasers.append(Boilerplate(line.span, "foreign", detail))
    return teasers
