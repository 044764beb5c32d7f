"""The lines of a draft by what they are: prose, headings, code, tables, and its list of sources.

A list of sources has a heading, is in a ``<details>`` block, on one line ("Sources: [1] a.txt"),
or is the last lines of the text, which open with numbers that are cited above or name sources.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from summarizer.audit.draft import NonProseText, SkipReason, SourceListEntry
from summarizer.audit.markers import find_markers
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.sentences import ends_sentence
from summarizer.text.spans import Span


class DraftLines(NamedTuple):
    """``prose``: stretches of lines, each with its line end."""

    prose: list[Span]
    entries: list[SourceListEntry]
    skipped: list[NonProseText]


_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(
    r"\s{0,3}#{1,6}(?:\s|$)|\s*\*\*[^*\n]+\*\*:?\s*$|\s*__[^_\n]+__:?\s*$|\s*<(?:h[1-6]|summary)\b"
)
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r"(?:[-*_=] *){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?$")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>\n]*)?/?>")
_LINK_TAG = re.compile(r"<a\b[^<>\n]*\bhref=[\"']?([^\"'<>\s]+)[^<>\n]*>")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&#~$:.+=-])")

_HEADS = pattern_of_all("source_list_heads")
_LIST_HEAD = re.compile(rf"\W*(?:\d+\.\s*)?{_HEADS}\W*$", re.IGNORECASE)
_LIST_LINE = re.compile(rf"\W*{_HEADS}[*_\s]*[:：][*_\s]*(\S.*)", re.IGNORECASE)
_LABEL_WORDS = (
    rf"(?:S|[A-Z]|{pattern_of_all('citation_labels')}s?\s*|{pattern_of_all('document_labels')}\s*)?"
)
_BRACKETED = rf"[\[(【［]\s*\^?{_LABEL_WORDS}[:#]?\s*(\d{{1,3}})\^?\s*[\])】］]"
_DEFINITION = re.compile(r"\s{0,3}\[(\^?[^\]\s]{1,60})\]:\s*(.*)")
_ENTRY = re.compile(
    rf"\s*(?:(?:[-*•]|\.\.)\s+)?(?:{_BRACKETED}:?"
    rf"|{_LABEL_WORDS}#?(\d{{1,3}})(?:\s?[.):](?!\d)|[ \t]+(?=\S+\.[a-z]{{2,5}}\b|https?:))"
    r"|([¹²³⁴-⁹])\s?|\[([^\]\s]{1,30})\](?=\s))\s*(.*)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*[-*•]\s+(.*)")
_INNER_LABEL = re.compile(rf"(?:^|(?<=[\s,;|])){_BRACKETED}|(?:^|(?<=[\s,;|]))(\d{{1,3}})[.):]\s")
_YEAR_OF_WORK = re.compile(r"\w.{0,120}\((?:19|20)\d\d[a-z]?\)[.,:]")
_NUMBER_LABEL = re.compile(r"S?(\d{1,3})")

Named = Callable[[str], str]
"""The source that an entry names, empty if none."""


def separate_lines(text: str, named: Named) -> DraftLines:
    """The lines of a draft. Nothing is left out in silence."""
    result = DraftLines([], [], [])
    spans = list(_line_spans(text))
    lines = [text[start:end] for start, end in spans]
    tables = _table_lines(lines)
    tail = _source_list_start(text, spans, lines, named)
    mode: SkipReason | None = None
    noted = blank = False
    for index, (span, line) in enumerate(zip(spans, lines, strict=True)):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        ended = "</details>" in line.lower() or (blank and _is_prose(line, named))
        if mode == "source_list" and ended:
            mode = None
        blank = line.isspace()
        mode, reason = _next_mode(line, following, mode)
        noted = bool(_DEFINITION.match(line)) or (noted and line[:1] in " \t\n")
        listed = [] if reason else _entries_on_one_line(line, named)
        result.entries.extend(listed)
        if reason is None and (index >= tail or noted or listed):
            reason = "source_list"
        if reason is None and index in tables and not (tables[index] and _has_marker(line)):
            reason = "table"
        if reason is None:
            result.prose.append(span)
        elif line.strip():
            result.skipped.append(NonProseText(reason, line.strip(), span.start))
        if reason == "source_list" and not listed:
            _add_entry(line, result.entries, named)
    return result


def _line_spans(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Span(start, start + len(line))
        start += len(line)


def _table_lines(lines: Sequence[str]) -> dict[int, bool]:
    """The lines of tables; True for a row that may cite a source, which is not the header."""
    rows: dict[int, bool] = {}
    for index, line in enumerate(lines):
        if _TABLE_RULE.match(line) and index and "|" in lines[index - 1]:
            rows |= {index - 1: False, index: False}
        elif (index - 1 in rows and "|" in line) or _TABLE_ROW.match(line):
            rows[index] = True
    return rows


def _has_marker(line: str) -> bool:
    """Whether the line cites a source: then a headline or a row is a sentence like any other."""
    return any(token.markers for token in find_markers(line, [Span(0, len(line))], lambda _: False))


def _source_list_start(text: str, spans: Sequence[Span], lines: Sequence[str], named: Named) -> int:
    """The first of the last lines that all are entries of a list without a heading."""
    first, labels = len(lines), set[str]()
    for index in reversed(range(len(lines))):
        line = lines[index]
        label, entry = _entry_of(line)
        if named(entry) and (label or (entry and not ends_sentence(entry.rstrip()))):
            first = index
        elif label and line.lstrip()[:1] in "[【" and label not in labels:
            first, labels = index, labels | {label}
        elif line.strip() and line[:1] not in " \t" and not _is_table_head(lines, index):
            break
    if first == len(lines):
        return first
    above = find_markers(text, [Span(0, spans[first].start)], lambda _: False)
    cited = {mark.label.removeprefix("^") for token in above for mark in token.markers}
    return first if labels <= cited else len(lines)


def _is_table_head(lines: Sequence[str], index: int) -> bool:
    """Whether this line is the header of a table, or the rule below it."""
    return any(map(_TABLE_RULE.match, lines[index : index + 2])) and "|" in lines[index]


def _next_mode(
    line: str, following: str, mode: SkipReason | None
) -> tuple[SkipReason | None, SkipReason | None]:
    """The mode behind this line, and why it is not judged, if it is not."""
    if _FENCE.match(line):
        return (None if mode == "code" else "code"), "code"
    if mode == "code":
        return mode, "code"
    if _LIST_HEAD.match(_TAG.sub("", line).strip()):
        return "source_list", "heading"
    underlined = bool(line.strip()) and bool(_UNDERLINE.match(following))
    if (underlined or _HEADING.match(line)) and not _has_marker(line):
        return None, "heading"
    if _RULE.match(line.strip()):
        return mode, "table"
    return mode, mode


def _is_prose(line: str, named: Named) -> bool:
    """Whether this line, behind an empty one, is no entry of a list, and ends it."""
    entry = any(_entry_of(line)) or _DEFINITION.match(line) or _TABLE_ROW.match(line)
    return not entry and line[:1] not in " \t\n<" and not _is_work(line, named)


def _is_work(line: str, named: Named) -> bool:
    """Whether a line without a label names a source, or has the year of a bibliography's entry."""
    return bool(_YEAR_OF_WORK.match(line) or named(line))


def _entry_of(line: str) -> tuple[str, str]:
    """Label and text of an entry; the label is empty behind a bullet, both if it is no entry."""
    if _TABLE_ROW.match(line):
        line = re.sub(r"\s*\|\s*\[?([^\s|\]]{1,30})\]?\s*\|", r"[\1] ", line, count=1).replace(
            "|", " "
        )
    line = _TAG.sub("", _LINK_TAG.sub(r" \1 ", line))
    if found := _ENTRY.match(line):
        raised = found[3] and str("¹²³⁴⁵⁶⁷⁸⁹".index(found[3]) + 1)
        return found[1] or found[2] or raised or found[4], found[5].strip()
    bullet = _BULLET.match(line)
    return "", bullet[1].strip() if bullet else ""


def _add_entry(line: str, entries: list[SourceListEntry], named: Named) -> None:
    """Adds a line of the list: a new entry, or more of the one before."""
    line = _ESCAPED.sub(r"\1", line)
    if found := _DEFINITION.match(line):
        number = _NUMBER_LABEL.fullmatch(found[1])
        entries.append(SourceListEntry(number[1] if number else found[1], found[2].strip()))
        return
    label, text = _entry_of(line)
    if not label and not text and line[:1] not in " \t\n" and _is_work(line, named):
        text = line.strip()
    if label or text:
        entries.append(SourceListEntry(label or str(len(entries) + 1), text))
    elif entries and (more := _TAG.sub("", line).strip()) and not _TABLE_RULE.match(line):
        entries[-1] = SourceListEntry(entries[-1].label, f"{entries[-1].text} {more}")


def _entries_on_one_line(line: str, named: Named) -> list[SourceListEntry]:
    """The entries of "Sources: [1] a.txt, [2] b.txt"; empty for any other line."""
    found = _LIST_LINE.match(_TAG.sub("", _LINK_TAG.sub(r" \1 ", line)).strip())
    content = found[1] if found else ""
    labels = list(_INNER_LABEL.finditer(content))
    if labels and labels[0].start() == 0:
        ends = [*(each.start() for each in labels[1:]), len(content)]
        return [
            SourceListEntry(label[1] or label[2], content[label.end() : end].strip(" ,;|"))
            for label, end in zip(labels, ends, strict=True)
        ]
    parts = [part.strip() for part in re.split(r"[;,|·•]", content) if part.strip()]
    if not any(map(named, parts)):
        return []
    return [SourceListEntry(str(number), part) for number, part in enumerate(parts, start=1)]
