"""A draft parsed into sentences, the citation markers of each, and its list of sources.

text
| lines       headings, code, tables and lists of sources are separated, each with its reason
| plain       markers, links and Markdown are blanked, their places kept
| sentences   split, each with the markers inside it and right behind it
-> ParsedDraft

Markers are ``[1]`` ``[1, 2]`` ``[1-3]`` ``[^note]`` ``(S1)`` ``[S1]``, links and addresses. A
marker behind a full stop belongs to the sentence before it; one that opens a line, to the sentence
after it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from summarizer.text.languages import detect_language
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS, split_sentences
from summarizer.text.spans import Span

__all__ = [
    "MarkedSentence",
    "Marker",
    "NonProseLine",
    "ParsedDraft",
    "SourceListEntry",
    "parse_draft",
]

MAX_RANGE_MARKERS = 50
"""Sources that one range may name; "[1-900]" is no citation."""

SkipReason = Literal["heading", "source_list", "code", "table"]


class Marker(NamedTuple):
    """``label`` is what it names: a number, a note's name, or an address. ``text`` is shown."""

    label: str
    text: str
    address: str = ""


class MarkedSentence(NamedTuple):
    """A sentence without its marks, and where it stands in the draft."""

    text: str
    span: Span
    marks: tuple[Marker, ...]


class SourceListEntry(NamedTuple):
    """One line of the draft's own list of sources, or one footnote."""

    label: str
    text: str


class NonProseLine(NamedTuple):
    """A line that is not judged."""

    reason: SkipReason
    text: str


class ParsedDraft(NamedTuple):
    """``source_list`` by label, as marks name them."""

    text: str
    language: str
    sentences: tuple[MarkedSentence, ...]
    source_list: Mapping[str, SourceListEntry]
    skipped: tuple[NonProseLine, ...]


_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)|\s*\*\*[^*\n]+\*\*:?\s*$|\s*__[^_\n]+__:?\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r"(?:[-*_=] *){3,}$|\|?(?: ?:?-{2,}:? ?\|)+")
_LIST_HEAD = re.compile(
    r"\W*(?:\d+\.\s*)?(?:sources?|references?|citations?|footnotes?|endnotes?|bibliography"
    r"|works cited|further reading|quellen|fuentes|références|источники|джерела)\W*$",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"\s{0,3}\[(\^?[^\]\s]{1,60})\]:\s*(.*)")
_ENTRY = re.compile(
    r"\s*(?:[-*•]\s+)?(?:\[\^?S?(\d{1,3})\]|\(S?(\d{1,3})\)|S?(\d{1,3})\s?[.):])\s*(.*)"
)
_BULLET = re.compile(r"\s*[-*•]\s+(.*)")
_CITED_LINE = re.compile(r"\s*\[\^?S?(\d{1,3})\]:?\s+\S")
_URL = r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”»*_]"

_MARKER_NUMBER = r"S?\d{1,3}"
_MARKER_NUMBERS = rf"{_MARKER_NUMBER}(?:\s*[,;–—-]\s*{_MARKER_NUMBER})*"
_MARKUP = re.compile(
    rf"""(?P<lead>^[ \t]*(?:(?:[-*+•>]|\#{{1,6}}|\d{{1,2}}[.)])[ \t]+)+)
    |(?P<image>!\[[^\]\n]*\]\([^)\n]*\))
    |[ \t]{{0,3}}\[\[?(?P<numbers>{_MARKER_NUMBERS})\]?\]
        (?:\((?P<aim>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\))?
    |[ \t]{{0,3}}\[\^(?P<note>[^\]\s]{{1,60}})\]
    |[ \t]{{0,3}}\((?P<keys>S\d{{1,3}}(?:\s*[,;–—-]\s*S?\d{{1,3}})*)\)
    |\[(?P<words>[^\[\]\n]{{1,300}})\]\(<?(?P<href>[^()\s<>]+(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+"[^"\n]*")?\)
    |[ \t]{{0,3}}(?P<bare>\(<?{_URL}[/]?>?\)|<{_URL}[/]?>|{_URL})
    |\\(?P<escaped>[\\`*_\[\]<>&\#~$:.+=-])
    |(?P<markup>\*\*|__|`|</?(?:sup|b|i|em|strong|br)\ ?/?>|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])
        |(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|(?<=\])[ \t]{{0,3}}×\d{{1,3}}\b)""",
    re.VERBOSE | re.MULTILINE,
)
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&#~$:.+=-])")
_TWO_STOPS = re.compile(r"(?<=\w)\.\.$")
_ENDED = re.compile(
    rf"[{SENTENCE_TERMINALS}][{CLOSING_MARKS}]*\s*(?:\[[^\]\n]{{1,80}}\]\([^()\s]{{1,200}}\)\s*)?$"
)
_LINE_ENDS = re.compile(r"\s*(?:$|\n|\[)")
_NUMBER = re.compile(r"S?(\d{1,3})")


def parse_draft(text: str) -> ParsedDraft:
    """The sentences of a draft with their marks. Nothing is left out in silence."""
    kept, entries, passed = _separate_prose(text)
    prose, taken, marks = _blank_markup(text, kept)
    language = detect_language(prose)
    sentences = tuple(_marked_sentences(text, prose, taken, marks, language))
    listed = {entry.label: entry for entry in reversed(entries)}
    return ParsedDraft(text, language, sentences, listed, tuple(passed))


def _separate_prose(text: str) -> tuple[list[Span], list[SourceListEntry], list[NonProseLine]]:
    """Where prose stands, the entries of the list of sources, and the lines that are not prose."""
    kept: list[Span] = []
    entries: list[SourceListEntry] = []
    passed: list[NonProseLine] = []
    lines = list(_lines(text))
    tail = _source_list_start(text, lines)
    mode: SkipReason | None = None
    noted = blank = False
    for at, span in enumerate(lines):
        line = text[span.start : span.end]
        following = text[slice(*lines[at + 1])] if at + 1 < len(lines) else ""
        if mode == "source_list" and blank and _is_prose(line):
            mode = None
        blank = line.isspace()
        mode, why = _next_mode(line, following, mode)
        noted = bool(_DEFINITION.match(line)) or (noted and line[:1] in " \t\n")
        if at >= tail or (why is None and noted):
            why = "source_list"
        if why is None:
            kept.append(span)
        elif line.strip():
            passed.append(NonProseLine(why, line.strip()))
        if why == "source_list":
            _add_entry(line, entries)
    return kept, entries, passed


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield Span(at, at + len(line))
        at += len(line)


def _source_list_start(text: str, lines: Sequence[Span]) -> int:
    """The first of the last lines that all open with a number which is cited above them: a list of
    sources without a heading."""
    first, labels = len(lines), set[str]()
    for at in reversed(range(len(lines))):
        line = text[slice(*lines[at])]
        found = _CITED_LINE.match(line)
        if found and found[1] not in labels:
            first, labels = at, labels | {found[1]}
        elif line.strip() and not (line[:1] in " \t" and at > 0):
            break
    above = text[: lines[first].start] if first < len(lines) else ""
    cited = {label for token in _MARKUP.finditer(above) for label in _marker_labels(token)}
    return first if labels and labels <= cited else len(lines)


def _has_marker(token: re.Match[str]) -> bool:
    """A headline that cites a source is a sentence like any other."""
    return any(_markers_of(token))


def _marker_labels(token: re.Match[str]) -> Iterator[str]:
    for mark in _markers_of(token):
        yield mark.label


def _next_mode(
    line: str, following: str, mode: SkipReason | None
) -> tuple[SkipReason | None, SkipReason | None]:
    """The mode behind this line, and why it is not judged, if it is not."""
    if _FENCE.match(line):
        return (None if mode == "code" else "code"), "code"
    if mode == "code":
        return mode, "code"
    underlined = bool(line.strip()) and bool(_UNDERLINE.match(following))
    heading = (underlined or _HEADING.match(line)) and not any(
        map(_has_marker, _MARKUP.finditer(line))
    )
    if _LIST_HEAD.match(line.strip()):
        return "source_list", "heading"
    if heading:
        return None, "heading"
    if _RULE.match(line.strip()):
        return mode, "table"
    return mode, mode


def _is_prose(line: str) -> bool:
    """Whether this line, behind an empty one, is no entry of a list, and ends it."""
    entry = _ENTRY.match(line) or _BULLET.match(line) or _DEFINITION.match(line)
    return not entry and line[:1] not in " \t\n"


def _add_entry(line: str, entries: list[SourceListEntry]) -> None:
    """Takes a line of the list: a new entry, or more of the one before."""
    line = _ESCAPED.sub(r"\1", line)
    if found := _DEFINITION.match(line):
        entries.append(SourceListEntry(_entry_label(found[1]), found[2].strip()))
    elif found := _ENTRY.match(line):
        entries.append(SourceListEntry(found[1] or found[2] or found[3], found[4].strip()))
    elif found := _BULLET.match(line):
        entries.append(SourceListEntry(str(len(entries) + 1), found[1].strip()))
    elif entries and line.strip():
        entries[-1] = SourceListEntry(entries[-1].label, f"{entries[-1].text} {line.strip()}")


def _entry_label(label: str) -> str:
    """``S1`` is the number; a footnote's name, ``^1``, stays."""
    found = _NUMBER.fullmatch(label)
    return found[1] if found else label


def _blank_markup(
    text: str, kept: Iterable[Span]
) -> tuple[str, set[int], list[tuple[int, Marker]]]:
    """The prose with all else blanked, so that offsets stay; the places of marks and Markdown in
    it; and the marks by place."""
    prose = ["\n" if letter == "\n" else " " for letter in text]
    taken: set[int] = set()
    marks: list[tuple[int, Marker]] = []
    for block in _joined_lines(kept):
        prose[block.start : block.end] = text[block.start : block.end]
        for token in _MARKUP.finditer(text, block.start, block.end):
            inner = Span(*token.span("words" if token["words"] else "escaped"))
            whole = Span(*token.span())
            if token["words"] and (label := _link_label_span(text, whole)):
                whole, inner = label, Span(-1, -1)
            gone = [n for n in range(*whole) if not inner.start <= n < inner.end]
            taken.update(gone)
            for n in gone:
                prose[n] = " "
            place = max(token.start(), inner.start)
            marks += [(place, mark) for mark in _markers_of(token)]
    return "".join(prose), taken, marks


def _link_label_span(text: str, link: Span) -> Span | None:
    """The link with its brackets, if its words only name the source: alone in brackets, or behind
    the last sentence of a line."""
    before, behind = text[max(0, link.start - 300) : link.start], text[link.end : link.end + 8]
    if before.endswith("(") and behind.startswith(")"):
        return Span(link.start - 1 - before.endswith(" ("), link.end + 1)
    return link if _ENDED.search(before) and _LINE_ENDS.match(behind) else None


def _joined_lines(kept: Iterable[Span]) -> Iterator[Span]:
    """Lines that follow each other as one stretch."""
    whole: Span | None = None
    for span in kept:
        if whole and whole.end == span.start:
            whole = Span(whole.start, span.end)
            continue
        if whole:
            yield whole
        whole = span
    if whole:
        yield whole


def _markers_of(token: re.Match[str]) -> Iterator[Marker]:
    """What a token cites."""
    if numbers := token["numbers"] or token["keys"]:
        sign = "S" if "S" in numbers else ""
        for number in _expanded_numbers(numbers):
            yield Marker(number, f"[{sign}{number}]", token["aim"] or "")
    elif note := token["note"]:
        yield Marker(f"^{note}", f"[^{note}]")
    elif address := token["href"] or token["bare"]:
        address = address.strip("()<>") if token["bare"] else address
        yield Marker(address, address, address)


def _expanded_numbers(numbers: str) -> Iterator[str]:
    """``1, 3-5`` -> 1, 3, 4, 5; leading noughts are dropped."""
    for part in re.split(r"\s*[,;]\s*", numbers):
        ends = [int(found) for found in re.findall(r"\d+", part)]
        if 0 <= ends[-1] - ends[0] < MAX_RANGE_MARKERS:
            yield from map(str, range(ends[0], ends[-1] + 1))
        else:
            yield from map(str, ends)


def _marked_sentences(
    text: str,
    prose: str,
    taken: Collection[int],
    marks: Sequence[tuple[int, Marker]],
    language: str,
) -> Iterator[MarkedSentence]:
    """The sentences of the prose with their marks; their words are the draft's that were not taken
    out."""
    spans = [span for span in split_sentences(prose, language) if _has_word(prose[slice(*span)])]
    held: list[list[Marker]] = [[] for _ in spans]
    at = 0
    for place, mark in marks:
        while at + 1 < len(spans) and spans[at + 1].start <= place:
            at += 1
        owner = _owning_sentence(prose, spans, at, place)
        if owner is not None and mark not in held[owner]:
            held[owner].append(mark)
    for span, own in zip(spans, held, strict=True):
        words = "".join(text[n] for n in range(*span) if n not in taken)
        yield MarkedSentence(_TWO_STOPS.sub(".", " ".join(words.split())), span, tuple(own))


def _has_word(words: str) -> bool:
    return any(letter.isalnum() for letter in words)


def _owning_sentence(prose: str, spans: Sequence[Span], at: int, place: int) -> int | None:
    """The sentence that a mark belongs to: the one it stands in or right behind, else the next."""
    if not spans:
        return None
    behind = spans[at].start <= place
    if behind and "\n" not in prose[spans[at].end : place]:
        return at
    following = at + 1 if behind else at
    return following if following < len(spans) else at
