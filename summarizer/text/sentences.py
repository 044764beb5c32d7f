"""The marks that end a sentence, in every script that the program reads: one definition for all.

Where sentences begin and end, in code points over the untouched text.

    text
    | blocks      lines, bullets; the lines of a hard-wrapped paragraph are put together again
    | mask        same length, but quotation marks, brackets and odd spaces are plain spaces
    | segment     sentencex, window by window (its time grows with the square of its input)
    | mend        false ends taken back, closing marks given to the sentence they close
    -> spans

The mask is what keeps an unclosed quotation mark from swallowing an article, and what keeps
sentencex alive: 1.0.32 panics at wide white space after an initial.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.text.languages import detect_language
from summarizer.text.lexicon import lexicon, shared_lexicon
from summarizer.text.spans import Span, trim_span

FULL_STOPS = ".。．｡।॥۔։።"
QUESTION_MARKS = "?？؟"
EXCLAMATION_MARKS = "!！"
SENTENCE_TERMINALS = f"{FULL_STOPS}…{QUESTION_MARKS}{EXCLAMATION_MARKS}"
"""Sentence terminals (Unicode Sentence_Terminal, as far as news uses them); none is special inside
the brackets of a pattern."""

CLOSING_MARKS = "\"'”’“‘»«›‹」』)）］\\]〉》】"
"""What may close behind a terminal, escaped for the brackets of a pattern. German and Polish close
„…“ with the mark that opens in English, Danish and German »…« with the French opening mark."""

_SIGN_OFF = (
    r"[\s\ufe0f]*(?:[(\[/][\w/.,:& ^-]{1,24}[)\]/]|[—–-]\s?\w{2,12}"
    "|[\u25a0-\u27bf\u2b1b-\u2b55\U0001f300-\U0001faff]+)"
)
"""What may stand behind the last sentence: an agency's or an author's mark, a footnote, an ornament
or an emoji."""

_FINAL_MARK = re.compile(
    rf"([{SENTENCE_TERMINALS}])[{CLOSING_MARKS}]*(?:{_SIGN_OFF}[\s{FULL_STOPS}\ufe0f]*)*$"
)
FINAL_MARK_WINDOW_CHARS = 100
"""Code points at the end of a text in which its terminal is."""


def final_mark(text: str) -> str:
    """The terminal that ends a text, behind it at most closing marks, a sign-off or an ornament.

    >>> final_mark("„Das Dach brennt.“"), final_mark("Es brennt. (dpa/hp)"), final_mark("A title")
    ('.', '.', '')
    """
    found = _FINAL_MARK.search(text, max(0, len(text) - FINAL_MARK_WINDOW_CHARS))
    return found[1] if found else ""


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(final_mark(text))


SEGMENT_WINDOW_CHARS = 2000
"""Code points given to sentencex at once. A longer sentence is found all the same."""

MIN_WRAPPED_LINE_CHARS = 24
"""Shorter lines say nothing about how a text was wrapped."""

_BULLETS = "•●▪‣◦■□►▶➤◆♦★○∙⁃⚫"
_INNER_BULLET = re.compile(rf"[{_BULLETS}](?<=\s.)(?=\s)")
LIST_ITEM = re.compile(rf"\s*(?:[-*–—{_BULLETS}]|\d{{1,2}}[.)])\s")
"""What opens an item of a list."""

_SHORT_QUOTE = re.compile(
    rf"""["“„«](?<![\w,{SENTENCE_TERMINALS}]")(?:(?<=«)|(?=\S))[^"“”„«»]{{1,60}}["”“»]"""
)
_INNER_END = re.compile(rf"""[{SENTENCE_TERMINALS}](?=\s+[^\s"”“»])""")

# A full stop before a closing quotation mark, and "etc." before a capital, do end a sentence,
# whatever abbreviation stands there. "!" ends one and is never part of an abbreviation.
_QUOTED_STOP = re.compile(r"""\.(?=["”“»«›‹」』])""")
_STOP_REPLACEMENTS = (("…", "!"), ("’", "'"))
# In a Korean headline it divides two clauses.
_KOREAN_ELLIPSIS = re.compile("…(?=[가-힣])")
_ET_CETERA = re.compile(r"\b(?:т\. ?[дп]|[иі] др|(?:та|і) ін)\.(?=\s+[А-ЯЁІЇЄҐ])")

# One class each, beginning with what is sought: that is what the regex engine finds fast.
_BLANKED_MARKS = re.compile(
    r"""[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff"""
    rf"""(){{}}<>（）"“”„‟«»‹›「」『』《》〈〉‘‚‛`{_BULLETS}]"""
)
_OPENING_FIGURE = re.compile(
    rf"(?<=[^\W\d_]{{4}}[{SENTENCE_TERMINALS}]\s)\d|(?<=[。！？])\d|(?<=।\s)\d"
)
_QUOTING_APOSTROPHE = re.compile(r"'(?:(?<!\w')|(?!\w))")
_CLOSING = re.compile(r"""(?:["')\]”’»」』》〉）]+|[“«](?=\s|$)|\s+["”»](?=\s|$))*""")
_LETTER = re.compile(r"[^\W\d_]")
_MERIDIEM = re.compile(r"(?:^|\W)[ap]\.?m\.$", re.IGNORECASE)
_DAYS, _MONTHS = (
    "|".join(form.title() for forms in rows for form in forms)
    for rows in (lexicon("en").weekdays, lexicon("en").months)
)
_DAY_OR_ZONE = re.compile(
    rf"(?:{_DAYS})\b|(?:{_MONTHS})\.? \d"
    r"|[A-Z]{2,4}[^\w\s]|(?:[A-Z][a-z]+ ){1,3}[Tt]ime\b"
)
_GLUED_INITIAL = re.compile(r"(?<![^\W\d_])[^\W\d_]\.$")
# "J.-P. Morgan"; but "J.-C." of French dates, Jesus Christ, may end a sentence.
_JOINED_INITIALS = re.compile(r"(?<!\S)[^\W\d_]\.-(?!C)[^\W\d_]\.\s*$")
_CYRILLIC_INITIAL = re.compile(r"(?<!\w)[А-ЯЇІЄҐ]\.\s*$")


def split_sentences(text: str, language: str = "en") -> tuple[Span, ...]:
    """Sentence spans in order, trimmed; each character that is no space lies in exactly one.

    ``language`` is an ISO 639-1 code or a tag that begins with one; ``und`` is looked at.

    >>> text = "He left the U.S. [5]. “Why?” she said."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['He left the U.S. [5].', '“Why?” she said.']
    """
    tongue = detect_language(text) if language == "und" else language.lower().partition("-")[0]
    code = _sentence_rules(tongue)
    spans = (
        trim_span(text, Span(start, end))
        for block in _blocks(text)
        for start, end in pairwise([block.start, *_sentence_ends(text, block, code), block.end])
    )
    return tuple(span for span in spans if span.start < span.end)


def _sentence_rules(language: str) -> str:
    """The language whose rules sentencex applies to this one: English, the fullest, for many."""
    if language in shared_lexicon().sentencex_languages:
        return language
    return lexicon(language).sentence_rules or "en"


def _blocks(text: str) -> Iterator[Span]:
    """Stretches that no sentence crosses: lines, wrapped paragraphs, bullets within a line."""
    for start, end in split_paragraphs(text):
        items = [bullet.start() for bullet in _INNER_BULLET.finditer(text, start + 1, end)]
        if len(items) == 1 and not LIST_ITEM.match(text, start, end):
            items.clear()  # a bullet that only divides: "17 May • 3 min read"
        yield from map(Span, [start, *items], [*items, end])


def split_paragraphs(text: str) -> Iterator[Span]:
    """Lines, with those that were broken only for want of room put together again."""
    lines = text.splitlines(keepends=True)
    width = _wrap_width(lines)
    start = end = 0
    for line, following in pairwise([*lines, ""]):
        end += len(line)
        if _is_wrapped(line, following, width):
            continue
        if not line.isspace():
            yield Span(start, end)
        start = end


def _wrap_width(lines: list[str]) -> int:
    """The column at which this text is wrapped, 0 if each line is a paragraph.

    It is wrapped if two line ends of five stand visibly inside a sentence.
    """
    written = [(a, b) for a, b in pairwise(lines) if not a.isspace() and not b.isspace()]
    broken = [len(a.rstrip()) for a, b in written if _crosses_line_end(a, b)]
    return max(broken, default=0) if 5 * len(broken) >= 2 * len(written) else 0


def _crosses_line_end(line: str, following: str) -> bool:
    """Whether a sentence visibly crosses the line end: no full stop, no capital."""
    line, first = line.rstrip(), following.lstrip()[:1]
    goes_on = first.isalpha() and not first.isupper()
    return (
        goes_on
        and len(line) >= MIN_WRAPPED_LINE_CHARS
        and (line[-1].isalnum() or line[-1] in ",-–—")
    )


def _is_wrapped(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word found no room on this line."""
    if not width or line.isspace() or not following.strip() or LIST_ITEM.match(following):
        return False
    word = following.split(maxsplit=1)[0]
    room = width - len(line.rstrip())
    return room <= (len(word) if word[0] < "\u2e80" else 1)


def _sentence_ends(text: str, block: Span, code: str) -> Iterator[int]:
    """Offsets inside ``block`` at which one sentence ends and another follows."""
    mask = _mask_for_sentencex(text[block.start : block.end], code)
    at, worded = block.start, False
    for part, following in pairwise(_segments(mask, code)):
        end = at + len(part.rstrip())
        at += len(part)
        worded = worded or _LETTER.search(part) is not None
        if not worded or _is_false_end(part, following, code):
            continue
        worded = False
        cut = _end_with_closing_marks(text, end)
        if cut is not None and cut < block.end:
            yield cut


def _mask_for_sentencex(block: str, code: str) -> str:
    """``block`` for sentencex: same length, nothing in it that misleads it."""
    mask = _SHORT_QUOTE.sub(lambda match: _INNER_END.sub(",", match[0]), block)
    mask = _QUOTED_STOP.sub("!", mask)
    if "…" in mask:
        mask = _KOREAN_ELLIPSIS.sub(",", mask)
    for mark, plain in _STOP_REPLACEMENTS:
        mask = mask.replace(mark, plain)
    if not lexicon(code).figure_opens_sentence:
        mask = _OPENING_FIGURE.sub("N", mask)
    if code in ("ru", "uk"):
        mask = _ET_CETERA.sub(lambda match: match[0][:-1] + "!", mask)
    return _QUOTING_APOSTROPHE.sub(" ", _BLANKED_MARKS.sub(" ", mask))


def _segments(mask: str, code: str) -> Iterator[str]:
    """Consecutive pieces of ``mask``, cut where sentencex sees a sentence end."""
    from sentencex import segment

    start, pending = 0, ""
    while start < len(mask):
        window = mask[start : start + SEGMENT_WINDOW_CHARS]
        parts = segment(code, window)
        whole = parts if start + SEGMENT_WINDOW_CHARS >= len(mask) else parts[:-1]
        if not whole:
            pending += window
            start += len(window)
            continue
        for part in whole:
            yield pending + part
            start += len(part)
            pending = ""
    if pending:
        yield pending


def _is_false_end(part: str, following: str, code: str) -> bool:
    """Whether what follows still belongs to the sentence of ``part``."""
    rest = following.lstrip()
    first = rest[:1]
    glued = rest is following and _GLUED_INITIAL.search(part)  # "the U.N.-E.|U. talks"
    if glued or _JOINED_INITIALS.search(part):
        return True
    if first.islower() or first in f"{SENTENCE_TERMINALS},;:)]%":
        return not rest[1:2].isupper()
    last = part.rstrip().rpartition(" ")[2].lower()
    if not last.endswith("."):
        return False
    words = lexicon(code)
    if words.ordinal_nouns and last[:-1].isdecimal() and len(last) <= 3:
        return re.match(words.ordinal_nouns, rest) is not None
    if _MERIDIEM.search(last):
        return _DAY_OR_ZONE.match(rest) is not None
    return last[:-1] in words.abbreviations or bool(_CYRILLIC_INITIAL.search(part))


def _end_with_closing_marks(text: str, end: int) -> int | None:
    """Where the marks that close the sentence end; None if it goes on right behind them.

    Japanese and Korean tie the verb of saying to the closing mark: 「行く。」と言った.
    """
    match = _CLOSING.match(text, end)
    cut = match.end() if match else end
    after = text[cut : cut + 1]
    return None if cut > end and ("ぁ" <= after <= "ゖ" or "가" <= after <= "힣") else cut
