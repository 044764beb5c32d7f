"""Sentences of an article that give orders to a machine reader, or to whoever writes the briefing.

News quotes people who give orders to people; an order about the summary itself is none of the news.
It is set aside with the rest of its paragraph, since the claim that it wants to see stands there.

text
| fold       lines with look-alike letters, other widths, invisible letters; offsets are kept
| hint       words of the table machine_orders.toml, which most texts do not have
| match      its patterns around each hint, and the field ``machine_orders`` of each language
| widen      to the end of the paragraph; after a bare order also to the next one
-> spans of the text
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from string import ascii_lowercase

from summarizer.sources.articles import Boilerplate
from summarizer.text.lexicon import lexicon
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS
from summarizer.text.spans import Span, trim_span


def _read_orders() -> Iterator[tuple[str, str]]:
    """The hints and the pattern of each order of ``machine_orders.toml`` and of the lexicons."""
    table = tomllib.loads(Path(__file__).with_name("machine_orders.toml").read_text("utf-8"))
    for hints, order in table["orders"]:
        for name, words in table["hint_words"].items():
            hints = hints.replace(f"{{{name}}}", words)  # noqa: PLW2901
        for name, words in table["words"].items():
            order = order.replace(f"{{{name}}}", words)  # noqa: PLW2901
        yield hints, order
    for language, hints in table["hints"].items():
        yield hints, lexicon(language).machine_orders


_Orders = dict[str, list[tuple[re.Pattern[str], re.Pattern[str]]]]


# Compiled at the first text: 40 patterns that most commands never need.
@cache
def _compiled_orders() -> tuple[re.Pattern[str], re.Pattern[str], _Orders]:
    """The pattern of the character before a hint in Latin letters, and that of any other hint, both
    fast to search since few characters can begin a match; and by each character that begins a hint,
    the patterns of the hints and of the order."""
    orders: _Orders = {}
    by_first = dict[str, set[str]]()
    for hints, order in _read_orders():
        patterns = re.compile(hints), re.compile(order)
        for first, group in groupby(sorted(hints.split("|")), itemgetter(0)):
            orders.setdefault(first, []).append(patterns)
            by_first.setdefault(first, set()).update(hint[1:] for hint in group)
    latin, other = list[str](), list[str]()
    for first, rest in sorted(by_first.items()):
        is_latin = first in f"/{ascii_lowercase}"
        (latin if is_latin else other).append(f"{first}(?:{'|'.join(sorted(rest))})")
    return re.compile(f"[^a-z](?={'|'.join(latin)})"), re.compile("|".join(other)), orders


MAX_ORDER_CHARS = 150
"""Code points on each side of a hint within which an order is searched: no pattern spans more."""

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
_UNSEEN = (
    "\u0300-\u036f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
"""Characters that a reader does not see between the letters of a word, but a model reads."""
_OTHER_WIDTHS = (
    "\uff41-\uff5a\u1d00-\u1dbf\u2100-\u214f\u24d0-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
)
_DISGUISED_ASCII = re.compile(r"[0134578@$](?<=[a-z].)(?=[a-z])")
_DISGUISED = re.compile(
    rf"[0134578@$à-ÿ\u0370-\u04ff{_OTHER_WIDTHS}{_UNSEEN}](?:(?<=[{_OTHER_WIDTHS}{_UNSEEN}])"
    r"|(?<=[a-z][0134578@$])(?=[a-z])|(?<=[a-z][\u0370-\u04ff])|(?<=[\u0370-\u04ff])(?=[a-z])"
    "|(?<=[à-ÿ])[a-z]{0,9}[à-ÿ])"
)
"""Signs of a text in lower case that may look otherwise than it reads: letters of other widths,
invisible characters, digits or another script in a word, several accents in a word. One set of
characters begins every sign, which makes the search fast."""

_LOOK_ALIKES = str.maketrans(
    "асеіјорѕхуһԁԛԝкмтвнгґпαβγεικνορτυχω0134578@$ıℓ",
    "aceijopsxyhdqwkmtbhrrnabyeikvoptuxwoieastbasil",
)
_MAYBE_SPACED_OUT = re.compile(r"[ .*_-]\w[ .*_-]{1,2}\w[ .*_-]{1,2}\w[ .*_-]")
_SPACED_OUT = re.compile(r"(?<!\S)\w(?:[ .*_-]{1,2}+\w(?!\w)){5,}+")


def _find_orders(lower: str) -> Iterator[re.Match[str]]:
    """The matches of each order in a text in lower case, searched around its hints only."""
    latin, other, orders = _compiled_orders()
    hints = [match.end() - 1 for match in latin.finditer("\n" + lower)]
    if "<" in lower or not lower.isascii():  # "<" is the only other hint in ASCII
        hints += [match.start() for match in other.finditer(lower)]
    windows = dict[re.Pattern[str], list[Span]]()
    for at in sorted(hints):
        around = Span(max(0, at - MAX_ORDER_CHARS), at + MAX_ORDER_CHARS)
        for hint, order in orders[lower[at]]:
            if hint.match(lower, at):
                spans = windows.setdefault(order, [])
                if spans and spans[-1].end >= around.start:
                    spans[-1] = Span(spans[-1].start, around.end)
                else:
                    spans.append(around)
    for order, spans in windows.items():
        for span in spans:
            yield from order.finditer(lower, *span)


def _find_in_disguise(text: str, lower: str) -> Iterator[tuple[Span, str]]:
    """Where orders are in the text as it reads, and their words: line by line with look-alikes as
    plain letters, and with spaced-out words closed up."""
    disguised = _DISGUISED_ASCII if lower.isascii() else _DISGUISED
    if disguised.search(lower):
        for line in re.finditer(".+", text):
            if not disguised.search(lower, *line.span()):
                continue
            if found := list(_find_orders(_folded(line[0]))):
                offsets = [at for at in range(*line.span()) for _ in _folded(text[at])]
                for match in found:
                    yield Span(offsets[match.start()], offsets[match.end() - 1] + 1), match[0]
    if _MAYBE_SPACED_OUT.search(lower) and _SPACED_OUT.search(lower):
        offsets = list(_closed_up_offsets(text))
        for match in _find_orders("".join(lower[at] for at in offsets)):
            yield Span(offsets[match.start()], offsets[match.end() - 1] + 1), match[0]


def find_prompt_injections(text: str) -> list[Boilerplate]:
    """The paragraphs in which a machine reader gets orders, in order, without overlaps."""
    lower = text.replace("İ", "i").lower()  # the only letter of which lower() makes two
    orders = [
        (Span(*match.span()), text[match.start() : match.end()]) for match in _find_orders(lower)
    ]
    orders += _find_in_disguise(text, lower)
    injections: list[Boilerplate] = []
    for (start, end), words in sorted(orders):
        if injections and end <= injections[-1].span.end:
            continue
        span = _widened(text, start, end)
        if not injections or injections[-1].span.end < span.end:
            if injections:
                span = Span(max(span.start, injections[-1].span.end), span.end)
            detail = f"speaks to a machine: {' '.join(words.split())[:60]}"
            injections.append(Boilerplate(trim_span(text, span), "instruction", detail))
    return injections


def _folded(text: str) -> str:
    """The text in lower case without invisible characters and accents, with look-alikes as plain
    letters; each character on its own gives the same as in its text."""
    plain = re.sub(f"[{_UNSEEN}]", "", unicodedata.normalize("NFKD", text))
    return plain.casefold().translate(_LOOK_ALIKES)


def _closed_up_offsets(text: str) -> Iterator[int]:
    """The offsets of the text without what separates the letters of spaced-out words."""
    end = 0
    for match in _SPACED_OUT.finditer(text):
        yield from range(end, match.start())
        yield from (
            at for at in range(*match.span()) if text[at].isalnum() or text[at : at + 2] == "  "
        )
        end = match.end()
    yield from range(end, len(text))


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
