"""Sentences of an article that give orders to a machine reader, or to whoever writes the briefing.

News quotes people who give orders to people; an order about the summary itself is none of the news.
It is set aside with the rest of its paragraph, since the claim that it wants to see stands there.

text
| fold       look-alike letters, other widths, invisible and spaced-out letters; offsets are kept
| match      the table machine_orders.toml, and the field ``machine_orders`` of each language
| widen      to the end of the paragraph; after a bare order also to the next one
-> spans of the text
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from summarizer.sources.articles import Boilerplate
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS
from summarizer.text.spans import Span, trim_span


def _orders_in_english() -> str:
    """The patterns of ``machine_orders.toml`` as one, with its words filled in."""
    table = tomllib.loads(Path(__file__).with_name("machine_orders.toml").read_text("utf-8"))
    pattern: str = "|".join(table["orders"])
    for name, words in table["words"].items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


_ORDERS = (_orders_in_english(), pattern_of_all("machine_orders"))
"""Compiled at their first use."""

MAX_ORDER_PARAGRAPH_CHARS = 1200
"""Code points that are set aside of a longer paragraph, from the sentence of the order on."""

MAX_BARE_ORDER_CHARS = 15
"""Code points around an order in its paragraph that have no room for a claim: the next one has."""

SENTENCE_LOOKBACK_CHARS = 600
"""Code points before an order in which the start of its sentence is searched."""

_BACKWARDS = re.compile(
    r"\b(?:previous|preceding|above|last|foregoing)\W{1,3}(?:sentence|line|paragraph|claim|statement)",
    re.IGNORECASE,
)
_SENTENCE_EDGE = re.compile(rf"[{SENTENCE_TERMINALS}]+[{CLOSING_MARKS}]*\s*|\n")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that a reader does not see between the letters of a word, but a model reads."""

_LOOK_ALIKES = str.maketrans(
    "асеіјорѕхуһԁԛԝкмтвнгґпαβγεικνορτυχω0134578@$ıℓ",
    "aceijopsxyhdqwkmtbhrrnabyeikvoptuxwoieastbasil",
)
_HAS_LOOK_ALIKE = re.compile(r"[^\x00-\x7f]|[a-z][0134578@$]|[0134578@$][a-z]", re.IGNORECASE)
_SPACED_OUT = re.compile(r"(?<!\S)(?:\w[ .*_-]{1,2}){5,}\w(?!\S)")


def find_prompt_injections(text: str) -> list[Boilerplate]:
    """The paragraphs in which a machine reader gets orders, in order, without overlaps."""
    matches = [
        ((offsets[match.start()], offsets[match.end() - 1] + 1), match[0])
        for version, offsets in ((text, range(len(text))), *_folded_texts(text))
        for pattern in _ORDERS
        for match in re.finditer(pattern, version, re.IGNORECASE)
    ]
    injections: list[Boilerplate] = []
    for (start, end), words in sorted(matches):
        span = _widened(text, start, end)
        if not injections or injections[-1].span.end < span.end:
            if injections:
                span = Span(max(span.start, injections[-1].span.end), span.end)
            detail = f"speaks to a machine: {' '.join(words.split())[:60]}"
            injections.append(Boilerplate(trim_span(text, span), "instruction", detail))
    return injections


def _folded_texts(text: str) -> Iterator[tuple[str, list[int]]]:
    """The text without invisible characters, with look-alikes as plain letters, and with spaced-out
    words closed up, where that differs from it; with the offset of each character in the text."""
    if _INVISIBLE.search(text) or _HAS_LOOK_ALIKE.search(text):
        letters, offsets = [], []
        for offset, letter in enumerate(text):
            if letter.isascii():
                plain = letter
            elif _INVISIBLE.match(letter):
                continue
            else:
                plain = "".join(
                    each for each in unicodedata.normalize("NFKD", letter)
                    if not unicodedata.combining(each)
                )  # fmt: skip
            letters.append(plain)
            offsets += [offset] * len(plain)
        seen = "".join(letters)
        yield seen, offsets
        folded = seen.casefold()
        if len(folded) == len(seen):
            yield folded.translate(_LOOK_ALIKES), offsets
    if spaced := list(_SPACED_OUT.finditer(text)):
        offsets, end = [], 0
        for match in spaced:
            offsets += range(end, match.start())
            offsets += [
                at for at in range(*match.span())
                if text[at].isalnum() or text[at : at + 2] == "  "
            ]  # fmt: skip
            end = match.end()
        offsets += range(end, len(text))
        yield "".join(text[at] for at in offsets), offsets


def _widened(text: str, start: int, end: int) -> Span:
    """The rest of the paragraph from the order on, or all of it if the order points backwards; the
    next one too if the paragraph is only the order or ends in a colon."""
    first = text.rfind("\n", 0, start + 1) + 1 if text[start] != "\n" else start + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    around = len(text[first:last].rstrip()) - (end - start)
    if last - first > MAX_ORDER_PARAGRAPH_CHARS or not _BACKWARDS.search(text, start, end):
        earliest = max(first, start - SENTENCE_LOOKBACK_CHARS)
        edges = [edge.end() for edge in _SENTENCE_EDGE.finditer(text, earliest, start)]
        first = edges[-1] if edges else earliest
    if last - first > MAX_ORDER_PARAGRAPH_CHARS:
        after = _SENTENCE_EDGE.search(text, max(end, first + MAX_ORDER_PARAGRAPH_CHARS))
        return trim_span(text, Span(first, min(last, after.end() if after else last)))
    ends_open = text[first:last].rstrip().endswith((":", "：", "-", "—"))
    if around <= MAX_BARE_ORDER_CHARS or ends_open:
        following = re.compile(r"\s*[^\n]{1,1200}").match(text, last)
        last = following.end() if following else last
    return trim_span(text, Span(first, last))
