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
from summarizer.text.lexicon import lexicon
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS
from summarizer.text.spans import Span, trim_span


def _read_orders() -> Iterator[tuple[tuple[str, ...], str]]:
    """The hints and patterns of ``machine_orders.toml``, with its words filled in; then those of
    the lexicons."""
    table = tomllib.loads(Path(__file__).with_name("machine_orders.toml").read_text("utf-8"))
    for hints, order in table["orders"]:
        pattern = order
        for name, words in table["words"].items():
            pattern = pattern.replace(f"{{{name}}}", words)
        yield tuple(hints.split("|")), pattern
    for language, hints in table["hints"].items():
        yield tuple(hints.split("|")), lexicon(language).machine_orders


_ORDERS = tuple(_read_orders())
"""Patterns are compiled at their first use."""

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
_UNSEEN = re.compile(
    "[\u0300-\u036f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that a reader does not see between the letters of a word, but a model reads."""

_DISGUISED = re.compile(
    "[a-z][\u0370-\u04ff]|[\u0370-\u04ff][a-z]|[\uff21-\uff5a\u1d00-\u1dbf\u2100-\u214f\u2460-\u24ff]"
    f"|[\U0001d400-\U0001d7ff\U0001f130-\U0001f189]|{_UNSEEN.pattern}|[a-z][0134578@$][a-z]"
    "|[à-ÿ][a-z]{0,9}[à-ÿ]",
    re.IGNORECASE,
)
"""Signs of a text that may look otherwise than it reads: scripts or digits mixed in a word, letters
of other widths, invisible characters, several accents in a word."""

_LOOK_ALIKES = str.maketrans(
    "асеіјорѕхуһԁԛԝкмтвнгґпαβγεικνορτυχω0134578@$ıℓ",
    "aceijopsxyhdqwkmtbhrrnabyeikvoptuxwoieastbasil",
)
_SPACED_OUT = re.compile(r"(?<!\S)(?:\w[ .*_-]{1,2}){5,}\w(?!\S)")


def _find_orders(text: str, lower: str) -> Iterator[re.Match[str]]:
    """The matches of each pattern of which the text, which is ``lower`` in lower case, contains a
    hint."""
    for hints, pattern in _ORDERS:
        if any(hint in lower for hint in hints):
            yield from re.finditer(pattern, text, re.IGNORECASE)


def find_prompt_injections(text: str) -> list[Boilerplate]:
    """The paragraphs in which a machine reader gets orders, in order, without overlaps."""
    lower = text.casefold()
    matches = [(match.span(), match[0]) for match in _find_orders(text, lower)]
    folded = _folded(text) if _DISGUISED.search(text) else lower
    if folded != lower and any(True for _ in _find_orders(folded, folded)):
        offsets = [at for at, letter in enumerate(text) for _ in _folded(letter)]
        matches += [
            ((offsets[match.start()], offsets[match.end() - 1] + 1), match[0])
            for match in _find_orders(folded, folded)
        ]
    if _SPACED_OUT.search(text):
        offsets = list(_closed_up_offsets(text))
        closed_up = "".join(text[at] for at in offsets)
        matches += [
            ((offsets[match.start()], offsets[match.end() - 1] + 1), match[0])
            for match in _find_orders(closed_up, closed_up.casefold())
        ]
    injections: list[Boilerplate] = []
    for (start, end), words in sorted(matches):
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
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
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
