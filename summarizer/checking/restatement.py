"""Whether a claim restates a source sentence: the only relation for which rules say "supported".

claim sentence, source sentence -> tokens
| same          all words, figures and marks, in order, under the same frame
| align         the longest runs that both have, in order
-> differences  what one has and the other has not, each with what is in its place

A sentence that its article quotes, doubts or takes back is restated only where the claim does so
too. A restatement may write a figure, a country's initials, a quotation mark or a capital
otherwise. It changes no ending of a word ("closes", "closed"; "Germany", "Germans"), no article
("few", "a few"), and leaves out nothing: idle parts decide whether something happened ("Allegedly,
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
from summarizer.text.names import COUNTRIES, is_acronym
from summarizer.text.numbers import Quantity
from summarizer.text.tokens import fold_word, folded_words, stems
from summarizer.text.units import CURRENCIES

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
    r"|[-−+±<>≤≥≈#](?=\d|$)"
    r"|(?<=[.!?。])[*†‡]|[✀-➿⚠⛔\U0001f000-\U0001faff]"
)
_QUOTATION_MARKS, _SYMBOLS = '"“”„«»「」『』', "%$€£"
_UNIT_LETTERS = re.compile(r"\s?([A-Za-zµ]{1,3})(?![\w-])")
_DECIMAL = re.compile(r"\d+\.\d+")
_ARTICLES = lexicon("en").articles
_STATUS_WORDS = {word: name for name, words in lexicon("en").status_words.items() for word in words}
"""A word, or its beginning with an asterisk -> its row."""

TokenKind = Literal["word", "status", "figure", "name", "quote", "mark", "article"]


class Token(NamedTuple):
    """A word, figure, name or mark. ``key``: what it is compared by where sentences are aligned."""

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
    """``whole``: what all tokens are compared by in a restatement; ``compared``: the tokens without
    marks and articles; ``keys``: theirs."""

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
    figures = {quantity.span: quantity for quantity in quantities_in(source)}
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
            if figure := figures.get(span):
                key = f"{figure.low:g}-{figure.high:g} {figure.unit}"
                tokens.append(Token(key, "figure", words))
                exact[len(tokens) - 1] = _exact_figure(source.text, figure)
            elif country := names[span]:
                tokens.append(Token(country, "name", words))
                if is_acronym(words.replace(".", "")):
                    exact[len(tokens) - 1] = country
            else:
                tokens += _plain_tokens(words, source.language, "name")
        tokens += _plain_tokens(source.text[at : sentence.end], source.language, "word")
        compared = tuple(token for token in tokens if token.kind not in ("mark", "article"))
        if 0 < len(tokens) <= MAX_ALIGNED_TOKENS and compared:
            every = tuple(exact.get(n) or _exact_word(token) for n, token in enumerate(tokens))
            yield _TokenizedSentence(every, compared, frozenset(t.key for t in compared), frame)


def _exact_word(token: Token) -> str:
    """A word with its ending and accents, a mark by its key."""
    is_mark = token.kind in ("mark", "quote")
    return token.key if is_mark else token.text.casefold().replace("’", "'")


def _exact_figure(text: str, quantity: Quantity) -> str:
    """A plain figure or a sum of money by its value; any other as it is written. A value does not
    tell "5m" from "5 metres", "5 tons" from "5 tonnes", "2-1" from "1-2", nor version 1.2 from
    1.20."""
    words = text[slice(*quantity.span)]
    is_exact = _DECIMAL.fullmatch(words) or "+" in words
    if is_exact or quantity.unit not in ("", "%", "ordinal", *CURRENCIES):
        return "".join(words.split())
    unit = _UNIT_LETTERS.match(text, quantity.span.end)
    symbol = unit[1] if unit and not unit[1].islower() else ""  # an unknown unit: "Mb", "MB"
    return f"{quantity.low:g}-{quantity.high:g} {quantity.unit} {symbol}"


def _plain_tokens(text: str, language: str, kind: TokenKind) -> Iterator[Token]:
    english = language == "en"
    for found in _TOKEN.finditer(text):
        word = found[0]
        if word in _QUOTATION_MARKS:
            yield Token('"', "quote", word)
        elif not word[0].isalnum() and word not in _SYMBOLS:
            yield Token(word, "mark", word)
        elif english and fold_word(word) in _ARTICLES:
            yield Token(word, "article", word)
        else:
            form = fold_word(word)
            # What is elided may be a negation: "n’augmente".
            elided = not english and not word.isalnum()
            key = form if elided else " ".join(stems(word, language)) or word
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
