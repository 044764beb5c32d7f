"""Datelines in every language whose dates `summarizer.text.dates` reads.

A dateline is a short line with a full day ("Publico, Nov. 26, 2026"), or the place and the day in
front of the first sentence ("LISBON, 26 November 2026 - "). Both are looked for only up to the
first paragraph: behind it such lines are captions, comments and posts.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, time

from summarizer.text.dates import DateMention, find_dates
from summarizer.text.patterns import COMBINING_MARKS
from summarizer.text.sentences import SENTENCE_TERMINALS, ends_sentence
from summarizer.text.spans import Span

OPENING_LINES = 5
"""Lines of an article in which a dateline is looked for: its headings and its first paragraph."""

MAX_DATELINE_CHARS = 80
"""Code points of a dateline."""

MAX_OTHER_WORDS, MAX_OTHER_CHARS = 3, 30
"""Words of a dateline besides its date and its time, and their code points: the place, the outlet,
a label."""

_CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:h]([0-5]\d)(?::[0-5]\d)?(?![\d:])"
    r"(?:\s?([ap])\.?m\b\.?)?(?:\s?(?:(UTC|GMT|Z)|[A-Z]{2,5})\b)?",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{COMBINING_MARKS}])*")
_PLACE = re.compile(rf"(?=[^{SENTENCE_TERMINALS}]+$).{{2,50}}[,،，、]\s?")
_ARTICLE_BEFORE_DAY = re.compile(r"(?<=[,，、]\s)[a-z]{2,3}\s$")
_AGENCY = r"[(/（][^()/（）\n]{1,40}[)/）]"
_YEAR_WORD = r"(?:[гр]\.|r\.|року|года|roku)"
_END_OF_PREFIX = re.compile(
    rf"[^\w\n]*{_YEAR_WORD}?\s*(?:(?:{_AGENCY}\s*)?[—–-]+\s*|{_AGENCY}\.?\s+)"
    rf"|(?:\s?{_YEAR_WORD}|\.)\s+(?=[^\W\d_])"
)
_PLACE_AND_AGENCY = re.compile(rf"(?:[^\W\d_][\w’'-]+ ){{1,2}}{_AGENCY}\s*[—–-]+\s+")


def find_datelines(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """The datelines in the first of the ``lines``, which are not empty."""
    for line in lines[:OPENING_LINES]:
        words = text[line.start : line.end]
        mentions = find_dates(words[: MAX_DATELINE_CHARS + 1])
        days = [each for each in mentions if each.day and each.month]
        if len(days) == 1:
            if len(words) <= MAX_DATELINE_CHARS and _is_dateline(words, days[0]):
                yield line
                continue
            if end := _prefix_end(words, days[0]):
                yield Span(line.start, line.start + end)
        elif (found := _PLACE_AND_AGENCY.match(words)) and not _has_common_word(found[0]):
            yield Span(line.start, line.start + found.end())
        if ends_sentence(words):
            return


def _is_dateline(line: str, mention: DateMention) -> bool:
    """Whether the line is a full day and a few words; a sentence ends with a full stop."""
    before, after = line[: mention.span.start], line[mention.span.end :]
    rest = _CLOCK.sub(" ", f"{before} {after}")
    ends = after.rstrip(" )*_").endswith(tuple(SENTENCE_TERMINALS))
    others = _WORD.findall(rest)
    short = len(others) <= MAX_OTHER_WORDS and len("".join(others)) <= MAX_OTHER_CHARS
    return bool(mention.year) and not ends and short


def _prefix_end(line: str, mention: DateMention) -> int:
    """Where the sentence begins behind place, day and dash; 0 if the line does not begin so."""
    before = _ARTICLE_BEFORE_DAY.sub("", line[: mention.span.start])
    if not _PLACE.fullmatch(before) or _has_common_word(before):
        return 0
    end = _END_OF_PREFIX.match(line, mention.span.end)
    return end.end() if end and not line[end.end() : end.end() + 1].islower() else 0


def _has_common_word(before: str) -> bool:
    """Whether a longer word is in lower case: then it is no mere place."""
    head, _, _ = before.partition("(")
    return any(len(word) > 3 and word[0].islower() for word in _WORD.findall(head))


def clock_time(dateline: str) -> time | None:
    """The time of day in a dateline; its zone only if it is UTC, as abbreviations are ambiguous."""
    clock = _CLOCK.search(dateline)
    if clock is None:
        return None
    hour, minute, half, utc = clock.groups()
    hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
    return time(hours, int(minute), tzinfo=UTC if utc else None)
