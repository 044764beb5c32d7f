"""Quotations in a text, and whether quoted words occur in another text.

Quotation marks are matched paragraph by paragraph with a stack; the neighbours of a mark decide
whether it opens, closes or is an apostrophe. Quoted words are compared as tokens with their
typography folded, so that curly and straight marks, dashes, spaces and ellipses make no
difference.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from summarizer.text.languages import uses_word_spaces
from summarizer.text.lexicon import lexicon
from summarizer.text.patterns import lazy_pattern
from summarizer.text.sentences import SENTENCE_TERMINALS, split_paragraphs
from summarizer.text.spans import Span, trim_span


class Quotation(NamedTuple):
    """One quotation: ``span`` with its marks, ``inner`` without them, ``text`` at ``inner``."""

    span: Span
    inner: Span
    text: str


_CLOSERS = {
    '"': '"', "“": '”“"', "„": '“”"', "”": "”", "«": "»", "»": "«", "‹": "›",
    "「": "」", "『": "』", "‘": "’'", "‚": "‘’", "'": "'’",
}  # fmt: skip
_OPENERS_ONLY = "„‹「『‚"
_CLOSERS_ONLY = "›」』"
_SINGLE = "'‘’‚"
_BEFORE_OPENER = "([{—–-/“\"‘'„«:、，。：（"
_MAX_NESTING = 5
MAX_OPEN_PARAGRAPHS = 3
"""Paragraphs after the one that a quotation opens in which it may close."""
_ANY_MARK = re.compile(r"[\"'“”„‘’‚«»‹›「」『』]")
_LETTER = r"[A-Za-zÀ-ɏͰ-ӿ]"
_MARK = re.compile(  # one class first: that is what the regex engine finds fast
    r"[\"“”„«»‹›「」『』‘‚'’]"
    rf"(?:(?<!['’])|(?<!{_LETTER}['’])|(?!{_LETTER})|(?<=[A-Za-z]['’])(?=[“”\"]))"
)
_ELISION = re.compile(
    rf"['’‘](?:\d\ds?\b|(?:{lexicon('en').elisions})\b)",
    re.IGNORECASE,
)
_INCHES = re.compile(r"(?:\d['’′] ?\d{1,2}(?:½|\.\d)?|\s\d{1,3}(?:\.\d)?)\Z")
_NEXT_SINGLE = re.compile(r"(?P<opens>(?<![^\s(\[—–“\"])['‘](?=\w))|(?<=\S)['’](?!\w)")


@dataclass(slots=True)
class _QuoteMarks:
    """The marks of one paragraph: pairs of places, and those without a partner."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    unopened: list[int] = field(default_factory=list)


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """All quotations in reading order, an outer one before those inside it.

    One that continues in the next paragraph, which opens again without a mark having closed, is
    given paragraph by paragraph. What never closes is no quotation.

    >>> [q.text for q in find_quotations("“It’s ‘done’,” she said of the workers’ deal.")]
    ['It’s ‘done’,', 'done']
    """
    found = []
    for paragraph, reading, runs_on in _paragraphs(text):
        spans = [Span(start, end + 1) for start, end in reading.pairs]
        found += [_quotation(text, span, Span(span.start + 1, span.end - 1)) for span in spans]
        if runs_on:
            span = Span(reading.unclosed[0], trim_span(text, paragraph).end)
            found.append(_quotation(text, span, Span(span.start + 1, span.end)))
    return tuple(sorted(quote for quote in found if quote.text.strip()))


def quoted_spans(text: str) -> list[Span]:
    """The spans inside quotation marks, outermost, in order. A quotation that opens its paragraph
    and does not close there ends at a closing mark of a later one, else with the paragraph.

    >>> text = "“We won.\\n\\nThey fled.\\n\\nIt is over,” she said."
    >>> [text[start:end] for start, end in quoted_spans(text)]
    ['“We won.\\n\\nThey fled.\\n\\nIt is over,”']
    """
    spans: list[Span] = []
    opening, age = -1, 0
    for paragraph, marks, _ in _paragraphs(text):
        age += 1
        closing = min(marks.unopened, default=-1)
        paired = min(marks.pairs, default=(paragraph.end, 0))[0]
        if opening >= 0 and 0 <= closing < paired and age <= MAX_OPEN_PARAGRAPHS:
            spans.append(Span(opening, closing + 1))
        if marks.pairs or marks.unopened or marks.unclosed:
            opening = -1
        spans += [Span(first, last + 1) for first, last in marks.pairs]
        start, end = trim_span(text, paragraph)
        # A mark within a paragraph that has no partner is more often a slip.
        if marks.unclosed[:1] == [start] and text[start] not in _SINGLE and not marks.pairs:
            spans.append(Span(start, end))
            opening, age = start, 0
    spans.sort(key=lambda span: (span.start, -span.end))
    ends = [0, *accumulate((span.end for span in spans), max)]
    return [span for span, end in zip(spans, ends, strict=False) if span.end > end]


def blank_quotations(text: str) -> str:
    """The text with its quotations blanked: same length, same offsets outside.

    >>> blank_quotations("He said “yes” twice.")
    'He said       twice.'
    """
    for quotation in find_quotations(text):
        start, end = quotation.span
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def has_balanced_quotes(text: str) -> bool:
    """Whether every quotation that the text opens or closes is whole in it.

    >>> has_balanced_quotes("“Our relationship is strong! he said")
    False
    >>> has_balanced_quotes("the workers’ rights")
    True
    """
    return all(
        not reading.unopened and len(reading.unclosed) == int(runs_on)
        for _, reading, runs_on in _paragraphs(text)
    )


def _quotation(text: str, span: Span, inner: Span) -> Quotation:
    return Quotation(span, inner, text[inner.start : inner.end])


def _paragraphs(text: str) -> tuple[tuple[Span, _QuoteMarks, bool], ...]:
    """Each paragraph, its marks, and whether its open quotation runs on into the next."""
    return tuple(_read_paragraphs(text)) if _ANY_MARK.search(text) else ()


def _read_paragraphs(text: str) -> Iterator[tuple[Span, _QuoteMarks, bool]]:
    spans = list(split_paragraphs(text))
    for span, following in zip(spans, [*spans[1:], None], strict=False):
        reading = _match_marks(text, span)
        opened = text[reading.unclosed[0]] if len(reading.unclosed) == 1 else ""
        runs_on = (
            bool(opened)
            and following is not None
            and (text[trim_span(text, following).start] == opened)
        )
        yield span, reading, runs_on


def _match_marks(text: str, paragraph: Span) -> _QuoteMarks:
    reading = _QuoteMarks()
    stack: list[int] = []
    for match in _MARK.finditer(text, *paragraph):
        at = match.start()
        partner = _opening_partner(text, at, stack, paragraph.end)
        if partner is not None:
            reading.unclosed += [i for i in stack[partner + 1 :] if text[i] not in "'’"]
            reading.pairs.append((stack[partner], at))
            del stack[partner:]
        elif _is_opening(text, at):
            stack.append(at)
        elif _lacks_opening(text, at):
            reading.unopened.append(at)
    reading.unclosed += stack
    return reading


def _opening_partner(text: str, at: int, stack: list[int], end: int) -> int | None:
    """The place in the stack of the mark that the one at ``at`` closes, if it closes any."""
    mark, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2] or " "
    if mark in _OPENERS_ONLY or (before.isspace() and not after.isspace() and mark != "»"):
        return None
    if mark in "'’" and _is_possessive(text, at, end):
        return None
    if mark == '"' and _is_inch_mark(text, at) and text.find(mark, at + 1, end) > 0:
        return None
    deepest = max(0, len(stack) - _MAX_NESTING)
    places = range(len(stack) - 1, deepest - 1, -1)
    return next((i for i in places if mark in _CLOSERS[text[stack[i]]]), None)


def _is_possessive(text: str, at: int, end: int) -> bool:
    """Whether the mark after an "s" is the workers' own: a later one closes the quotation."""
    if text[at - 1] not in "sS" or not re.match(r" [a-z]", text[at + 1 : at + 3]):
        return False
    following = _NEXT_SINGLE.search(text, at + 1, end)
    return following is not None and following["opens"] is None


def _is_opening(text: str, at: int) -> bool:
    mark, before, after = text[at], text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    if mark in _OPENERS_ONLY or mark in "“«":
        return True
    if mark in _CLOSERS_ONLY or mark == "’" or (mark in _SINGLE and _ELISION.match(text, at)):
        return False
    if after.isspace():
        return mark == '"' and before.isspace()
    return (
        mark == "‘"
        or before.isspace()
        or before in _BEFORE_OPENER
        or (mark == '"' and not before.isalnum())
    )


def _lacks_opening(text: str, at: int) -> bool:
    """Whether a mark that neither opens nor closes here must close something outside this text."""
    mark, before = text[at], text[at - 1 : at]
    if mark in "'’":
        return (
            before in f"{SENTENCE_TERMINALS},"
            and before != ""
            and not text[at + 1 : at + 2].isalnum()
        )
    return mark != "‘" and not (mark == '"' and _is_inch_mark(text, at))


def _is_inch_mark(text: str, at: int) -> bool:
    return _INCHES.search(text, max(0, at - 8), at) is not None


_FOLD = str.maketrans(
    dict.fromkeys("’‘ʼ＇`´", "'")
    | dict.fromkeys("“”„«»‹›「」『』‚″＂", '"')
    | dict.fromkeys("‐‑", "-")
    | dict.fromkeys("–―−", "—")
    | {"…": "...", "［": "[", "］": "]"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
_SPACED = r"\w+(?:['’-]\w+|[.,]\d+)*"
_WIDE = "぀-ヿ㐀-鿿"
_ANY_WORD = rf"[{_WIDE}]|[^\W{_WIDE}]+(?:['’-][^\W{_WIDE}]+|[.,]\d+)*"
_ELLIPSIS = re.compile(r"\[\s*\.{3}\s*\]|\(\.{3}\)|\. ?\. ?\.")
_INSERTION = re.compile(r"\[[^\[\]]{1,80}\]")
_CAPITAL = re.compile(r"\[(\w)\](?=\w)")
_SKIPPED_TOKENS = frozenset("'\"")
_EDGES = frozenset(f"{SENTENCE_TERMINALS},;:，、；：—") - {"…"}
_SPACED_HYPHEN = re.compile(r"(?<=\s)-{1,2}(?=\s)|--")
_MIN_NEAREST_SHARE = 0.5
_MIN_VARIANT_DICE = 0.6


def _fold_typography(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).translate(_FOLD)
    return _SPACED_HYPHEN.sub(" — ", folded)


def _quote_tokens(text: str) -> tuple[str, ...]:
    """Words and punctuation with folded typography; quotation marks are no tokens."""
    folded = _fold_typography(text)
    return tuple(
        token
        for token in lazy_pattern(rf"{_word_pattern(folded)}|\.{{3}}|[^\w\s]").findall(folded)
        if token not in _SKIPPED_TOKENS
    )


def _word_pattern(text: str) -> str:
    return _SPACED if uses_word_spaces(text) else _ANY_WORD


def occurs_verbatim(words: str, text: str) -> bool:
    """Whether the quoted words are in the text verbatim, up to typography, as whole words.

    "..." and "[...]" skip words of the text; "[an insertion]" stands for at most eight of them;
    punctuation at the edges and the case of a first letter are the quoting writer's own.

    >>> occurs_verbatim("the deal ... is “done.”", "The deal with China, he said, is ‘done’ today.")
    True
    """
    hay = f" {' '.join(_quote_tokens(text))} "
    at, said = 0, list[str]()
    for part in _ELLIPSIS.split(_CAPITAL.sub(r"\1", _fold_typography(words))):
        # Consecutive words, in which an insertion may stand for some others.
        exact = filter(None, map(_exact_pattern, _INSERTION.split(part)))
        if stretch := r"(?: \S+){0,8}?".join(exact):
            said.append(stretch)
    for stretch in said:
        found = re.compile(stretch).search(hay, at)
        if found is None:
            return False
        at = found.end()
    return bool(said)


def _exact_pattern(words: str) -> str:
    tokens = list(_quote_tokens(words))
    while tokens and tokens[-1] in _EDGES:
        tokens.pop()
    while tokens and tokens[0] in _EDGES:
        tokens.pop(0)
    if not tokens:
        return ""
    first, *rest = (re.escape(token) for token in tokens)
    initial = f"[{tokens[0][0].lower()}{tokens[0][0].upper()}]" if tokens[0][0].isalpha() else ""
    opening = initial + re.escape(tokens[0][1:]) if initial else first
    return " " + " ".join([opening, *rest]) + "(?= )"


def nearest_wording(words: str, text: str) -> str:
    """The stretch of the text most like the quoted words; "" if it shares less than half of them.

    >>> nearest_wording("a really strong deal", "He said it is a very strong deal for both.")
    'a very strong deal'
    """
    wanted = Counter(_word_keys(words))
    places = [
        (found.start(), found.end(), _word_key(found[0]))
        for found in lazy_pattern(_word_pattern(text)).finditer(text)
    ]
    if not wanted or not places:
        return ""
    size = wanted.total()
    held: Counter[str] = Counter()
    score = best = 0
    window = (0, 0)
    for index, (_, _, word) in enumerate(places):
        held[word] += 1
        score += len(word) * (held[word] <= wanted[word])
        if index >= size:
            left = places[index - size][2]
            score -= len(left) * (held[left] <= wanted[left])
            held[left] -= 1
        if score > best:
            best, window = score, (max(0, index - size + 1), index + 1)
    if best < _MIN_NEAREST_SHARE * sum(len(word) * count for word, count in wanted.items()):
        return ""
    # From its first to its last wanted word.
    shared = [place for place in places[slice(*window)] if place[2] in wanted]
    return text[shared[0][0] : shared[-1][1]]


def are_variant_quotes(a: str, b: str) -> bool:
    """Whether two quotations are different wordings of one saying: most words, but not all, shared.

    A shorter quotation that stands in the longer one is no other wording.

    >>> are_variant_quotes("He decides whether we go forward.", "He decides if we move forward.")
    True
    """
    ours, theirs = Counter(_word_keys(a)), Counter(_word_keys(b))
    total = ours.total() + theirs.total()
    if min(ours.total(), theirs.total()) < 4 or occurs_verbatim(a, b) or occurs_verbatim(b, a):
        return False
    return 2 * (ours & theirs).total() / total >= _MIN_VARIANT_DICE


def _word_keys(text: str) -> list[str]:
    return [_word_key(word) for word in lazy_pattern(_word_pattern(text)).findall(text)]


def _word_key(word: str) -> str:
    return unicodedata.normalize("NFC", word).translate(_FOLD).casefold()
