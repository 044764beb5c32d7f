"""Whether a claim restates a source sentence: the only relation for which rules say "supported".

claim sentence, source sentence -> tokens: figures by value, countries by name, words by stem
| same          all tokens and marks, in order, under the same frame
| align         the longest runs that both have, in order
-> differences  what one has and the other has not, each with what is in its place

A sentence that its article quotes, doubts or takes back is restated only where the claim does so
too. A restatement may write a figure, a country or a quotation mark otherwise, and leave out
articles. It leaves out nothing else: idle parts decide whether something happened ("Allegedly,
...", "A son of ...", "..., barring a veto"). Anything else may be true as well, but words cannot
tell: of the sentences that people and models write freely, false ones keep more of the source's
words than faithful ones.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from summarizer.checking.alignment import is_negation
from summarizer.checking.claims import (
    Claim,
    Passage,
    frames_in,
    names_in,
    quantities_in,
    sentences_in,
)
from summarizer.text.annotations import AnnotatedText
from summarizer.text.framing import Frame
from summarizer.text.lexicon import lexicon
from summarizer.text.names import COUNTRIES
from summarizer.text.spans import Span
from summarizer.text.tokens import fold_word, folded_words, stems

MAX_ORIGINALS = 2
"""Sentences of the source, those that share most, with which one of the claim is aligned."""

MIN_SHARED = 0.6
"""Share of a claim's tokens that a sentence must have to be compared with it."""

MAX_ALIGNED_TOKENS = 200
"""Tokens of a sentence up to which it is aligned: more is no sentence, and takes quadratic time."""

MIN_STATUS_STEM = 3
"""Least letters of the beginning by which a status word is known."""

_TOKEN = re.compile(
    r"\w+(?:['’.]\w+)*|[,;:?？؟()\[\]–—\"“”„«»「」『』%$€£~]|(?<=\s)-(?=\s)|(?<=\w)-(?=\w)"
    r"|(?<=[.!?。])[*†‡]|[✀-➿⚠⛔\U0001f000-\U0001faff]"
)
_QUOTATION_MARKS, _SYMBOLS = '"“”„«»「」『』', "%$€£"
_UNIT_LETTERS = re.compile(r"\s?([A-Za-zµ]{1,3})(?![\w-])")
_DECIMAL = re.compile(r"\d+\.\d+")
_UNMARKED = lexicon("en").unmarked_words
_STATUS_WORDS = {word: name for name, words in lexicon("en").status_words.items() for word in words}
"""A word, or its beginning with an asterisk -> its row."""

TokenKind = Literal["word", "status", "figure", "name", "quote", "mark"]


class Token(NamedTuple):
    """A word, figure, name or mark. ``key``: what it is compared by."""

    key: str
    kind: TokenKind
    text: str


class Difference(NamedTuple):
    """A run of the claim and the run of the source in its place; either may be empty.

    ``framed``: both are between equal tokens, or at the same edge of their sentences.
    """

    claimed: tuple[Token, ...]
    source: tuple[Token, ...]
    framed: bool


class AlignedSentence(NamedTuple):
    """A sentence of a claim and the one that it repeats: their tokens, marks aside, and where they
    differ, in order."""

    claimed: tuple[Token, ...]
    source: tuple[Token, ...]
    differences: tuple[Difference, ...]

    def repeats(self, share: float) -> bool:
        """Whether at least this share of the claim's tokens is in the source in this order."""
        differing = sum(len(each.claimed) for each in self.differences)
        return differing <= (1 - share) * len(self.claimed)


class RepeatedSentence(NamedTuple):
    """A sentence of a claim that shares most of its tokens with a sentence of the passages:
    ``frames`` of the sentences that share the most (None: of one that has none), and the alignment
    with the one that it repeats most closely."""

    frames: tuple[Frame | None, ...]
    aligned: AlignedSentence


class _TokenizedSentence(NamedTuple):
    """``whole``: what all tokens are compared by, marks included; ``compared``: the tokens without
    marks; ``keys``: theirs."""

    whole: tuple[str, ...]
    compared: tuple[Token, ...]
    keys: frozenset[str]
    frame: Frame | None


def restates(claim: Claim, passages: Sequence[Passage]) -> bool:
    """Whether each sentence of the claim restates a sentence of the passages."""
    theirs: dict[tuple[str, ...], list[Frame | None]] = defaultdict(list)
    for passage in passages:
        for each in _tokenized_sentences(passage):
            theirs[each.whole].append(each.frame)
    ours = _tokenized_sentences(claim)
    return bool(ours) and all(
        any(_is_same_frame(one.frame, frame) for frame in theirs.get(one.whole, ())) for one in ours
    )


def _is_same_frame(claimed: Frame | None, source: Frame | None) -> bool:
    """Whether a claim frames its words as the source does. One that only quotes them need not say
    who speaks."""
    if source is None:
        return claimed is None or not claimed.text
    if claimed is None or claimed.kind != source.kind:
        return False
    return not claimed.text or folded_words(claimed.text) == folded_words(source.text)


def repeated_sentences(claim: Claim, passages: Sequence[Passage]) -> tuple[RepeatedSentence, ...]:
    """The sentences of the claim of which `MIN_SHARED` of the tokens are in one of the passages'
    sentences; computed once."""
    places = ((p.text, p.language, p.frames) for p in passages)
    key = (repeated_sentences, claim.text, claim.language, claim.frame, *places)
    return claim.annotations.once(key, lambda: tuple(_find_repeated(claim, passages)))


def _find_repeated(claim: Claim, passages: Sequence[Passage]) -> Iterator[RepeatedSentence]:
    theirs = [each for p in passages for each in _tokenized_sentences(p)]
    for one in _tokenized_sentences(claim):
        least = MIN_SHARED * len(one.keys)
        shared = ((len(one.keys & other.keys), at) for at, other in enumerate(theirs))
        near = sorted((-count, at) for count, at in shared if count >= least)
        if not near:
            continue
        frames = tuple(theirs[at].frame for count, at in near if count == near[0][0])
        found = [_align(one.compared, theirs[at].compared) for _, at in near[:MAX_ORIGINALS]]
        best = min(found, key=lambda each: sum(len(d.claimed) for d in each.differences))
        yield RepeatedSentence(frames, best)


def _align(ours: tuple[Token, ...], theirs: tuple[Token, ...]) -> AlignedSentence:
    keys = [token.key for token in ours], [token.key for token in theirs]
    steps = SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
    found = tuple(
        Difference(ours[a:b], theirs[c:d], _is_framed(steps, at))
        for at, (tag, a, b, c, d) in enumerate(steps)
        if tag != "equal"
    )
    return AlignedSentence(ours, theirs, found)


def _tokenized_sentences(source: AnnotatedText) -> tuple[_TokenizedSentence, ...]:
    """The sentences that hold a word and are short enough to be compared; computed once."""
    key = (_tokenized_sentences, source.text, source.language, frames_in(source))
    return source.annotations.once(key, lambda: tuple(_tokenize_sentences(source)))


def _tokenize_sentences(source: AnnotatedText) -> Iterator[_TokenizedSentence]:
    figures = {q.span: f"{q.low:g}-{q.high:g} {q.unit}" for q in quantities_in(source)}
    names = {name.span: COUNTRIES.get(name.key) for name in names_in(source)}
    whole = sorted({*figures, *names})
    frames = frames_in(source)
    for sentence in sentences_in(source):
        frame = next(
            (f for span, f in frames if span.start < sentence.end and sentence.start < span.end),
            None,
        )
        tokens: list[Token] = []
        exact: dict[int, str] = {}
        at = sentence.start
        for span in whole:
            if not (at <= span.start and span.end <= sentence.end):
                continue
            tokens += _plain_tokens(source.text[at : span.start], source.language, "word")
            words = source.text[span.start : span.end]
            at = span.end
            if span in figures and tokens and tokens[-1].key == "no":
                tokens[-1] = Token("number", "word", "No")
            if span in figures:
                tokens.append(Token(figures[span], "figure", words))
                exact[len(tokens) - 1] = _exact_figure(source.text, span, figures[span])
            elif country := names[span]:
                tokens.append(Token(country, "name", words))
            else:
                tokens += _plain_tokens(words, source.language, "name")
        tokens += _plain_tokens(source.text[at : sentence.end], source.language, "word")
        compared = tuple(token for token in tokens if token.kind != "mark")
        if 0 < len(tokens) <= MAX_ALIGNED_TOKENS and compared:
            every = tuple(exact.get(n, token.key) for n, token in enumerate(tokens))
            yield _TokenizedSentence(every, compared, frozenset(t.key for t in compared), frame)


def _exact_figure(text: str, span: Span, key: str) -> str:
    """The key of a figure with what only its exact form tells: "1.20" of a version, and the capital
    letters of a unit in or behind it ("mW", "MW")."""
    words = text[span.start : span.end]
    decimal = _DECIMAL.fullmatch(words)
    behind = re.search(r"[A-Za-z]{2,3}$", words) or _UNIT_LETTERS.match(text, span.end)
    unit = behind[0].strip() if behind and not behind[0].islower() else ""
    return f"{words if decimal else key} {unit}"


def _plain_tokens(text: str, language: str, kind: TokenKind) -> Iterator[Token]:
    english = language == "en"
    for found in _TOKEN.finditer(text):
        word = found[0]
        if word in _QUOTATION_MARKS:
            yield Token('"', "quote", word)
        elif not word[0].isalnum() and word not in _SYMBOLS:
            yield Token(word, "mark", word)
        elif not english or (form := fold_word(word)) not in _UNMARKED:
            # What is elided may be a negation: "n’augmente".
            elided = not english and not word.isalnum()
            key = fold_word(word) if elided else " ".join(stems(word, language)) or word
            yield Token(key, "status" if english and status_class(form) else kind, word)


def status_class(form: str) -> str:
    """The row of the lexicon's status words that a folded English word is in, or "".

    >>> status_class("alleges"), status_class("didn't"), status_class("dog")
    ('alleged', 'not', '')
    """
    if form in _STATUS_WORDS:
        return _STATUS_WORDS[form]
    if is_negation(form):
        return "not"
    beginnings = (f"{form[:size]}*" for size in range(len(form), MIN_STATUS_STEM - 1, -1))
    return next((_STATUS_WORDS[each] for each in beginnings if each in _STATUS_WORDS), "")


Step = tuple[str, int, int, int, int]
"""One step of an alignment as difflib gives it."""


def _is_framed(steps: Sequence[Step], at: int) -> bool:
    """Whether equal tokens are on both sides of a step; at an edge, both have something there."""
    both = steps[at][0] == "replace"
    return (at > 0 or both) and (at + 1 < len(steps) or both)
