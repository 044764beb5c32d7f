"""What decides from outside a sentence what it says: its frame.

    text, its sentences
    | quotations    a sentence inside quotation marks, a block quotation, a turn of a transcript, or
    |               what follows "she said:"; its frame is the sentence that names the speaker
    | headings      an item of a list, or a paragraph, under a line that denies or doubts it
    | neighbours    a sentence that the next one takes back, or that the one before does not assert
    -> for each sentence its frame, or None

A framed sentence alone is no evidence: "The army has fled." is what a rebel said, a myth, or denied
by the sentence after it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from summarizer.text.languages import count_words
from summarizer.text.lexicon import lexicon
from summarizer.text.quotes import quoted_spans
from summarizer.text.sentences import LIST_ITEM, QUESTION_MARKS, final_mark, split_paragraphs
from summarizer.text.spans import Span, trim_span
from summarizer.text.tokens import folded_words

FrameKind = Literal["quoted", "doubted", "taken_back"]

MAX_RETRACTION_WORDS, MAX_BARE_RETRACTION_WORDS = 14, 6
"""Words of a sentence that takes back the one before it, and of one that begins with no pronoun."""

MAX_RETRACTION_CHARS = 25
"""The same, in code points, of a script without spaces."""

MAX_HEADING_WORDS = 2
"""Words of a heading without a colon under which a paragraph is doubted; a longer one may be the
title of the text."""

MIN_TRANSCRIPT_TURNS = 2
"""Paragraphs that open with the name of a speaker, from which a text is a transcript. One alone is
a dateline."""

_TURN = re.compile(r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,3}|[QA]):\s")
_UNSPACED_SCRIPTS = ("Jpan", "Hani", "Thai")
_BLOCK_QUOTE = re.compile(r"\s*>")
_LETTER = re.compile(r"[^\W\d_]")


class Frame(NamedTuple):
    """``span`` and ``text`` of the sentence, heading or name that frames another one; both are
    empty where a quotation names no speaker."""

    kind: FrameKind
    span: Span
    text: str


def find_frames(
    text: str, sentences: Sequence[Span], language: str = "en"
) -> tuple[Frame | None, ...]:
    """The frame of each sentence of the text.

    >>> text = "“We won. They fled,” said Sol. It rained."
    >>> sentences = [Span(0, 8), Span(9, 30), Span(31, 41)]
    >>> [frame and frame.text for frame in find_frames(text, sentences)]
    ['They fled,” said Sol.', None, None]
    """
    words = _phrases(language)
    frames = dict(_neighbour_frames(text, sentences, words))
    paragraphs = list(split_paragraphs(text)) if "\n" in text else []
    if len(paragraphs) > 1:
        frames |= _paragraph_frames(text, sentences, paragraphs, words)
    frames |= _quotation_frames(text, sentences, words)
    return tuple(frames.get(at) for at in range(len(sentences)))


def says_frame(text: str, kind: FrameKind, language: str) -> bool:
    """Whether a text says by a word that something is said by somebody, or, for other kinds of
    frames, also that it is untrue.

    >>> says_frame("The army has fled, he said.", "quoted", "en")
    True
    """
    words = _phrases(language)
    patterns = [words.attributions] if kind == "quoted" else [words.attributions, words.rejections]
    return any(pattern.search(text) for pattern in patterns)


class _Phrases(NamedTuple):
    """The words of a language by which frames are known; ``known``: whether there are any."""

    known: bool
    attributions: re.Pattern[str]
    rejections: re.Pattern[str]
    doubtful_heads: re.Pattern[str]
    retractions: re.Pattern[str]
    lead_ins: re.Pattern[str]
    negations: frozenset[str]
    anaphors: frozenset[str]


# Of constant size: one value for each language.
@cache
def _phrases(language: str) -> _Phrases:
    words = lexicon(language.lower().partition("-")[0])
    whole = r"{}" if words.script in _UNSPACED_SCRIPTS else r"(?<!\w)(?:{})(?!\w)"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(whole.format(pattern) if pattern else r"(?!)", re.IGNORECASE)

    return _Phrases(
        known=bool(words.doubtful_heads),
        attributions=compiled(words.attributions),
        rejections=compiled(words.rejections),
        doubtful_heads=compiled(words.doubtful_heads),
        retractions=compiled(words.retractions),
        lead_ins=compiled(words.lead_ins),
        negations=words.negations,
        anaphors=words.dependent_openings,
    )


def _neighbour_frames(
    text: str, sentences: Sequence[Span], words: _Phrases
) -> Iterator[tuple[int, Frame]]:
    """The sentences that the next one takes back, or that the one before does not assert."""
    worded = [at for at, span in enumerate(sentences) if _LETTER.search(text[slice(*span)])]
    for one, other in pairwise(worded):
        before, after = (text[slice(*sentences[at])] for at in (one, other))
        if _takes_back(after, words):
            yield one, Frame("taken_back", sentences[other], after)
        if words.lead_ins.match(before):
            yield other, Frame("doubted", sentences[one], before)


def _takes_back(sentence: str, words: _Phrases) -> bool:
    """Whether a sentence denies the one before it: it is short, refers back, and rejects."""
    if words.retractions.match(sentence):
        return True
    is_heading = not final_mark(sentence) and ":" not in sentence[:-1]
    if is_heading or not words.rejections.search(sentence):
        return False
    if not sentence[:1].isascii() and len(sentence) <= MAX_RETRACTION_CHARS:
        return True
    length = count_words(sentence)
    if length <= MAX_BARE_RETRACTION_WORDS:
        return True
    opening = folded_words(sentence[:40])[:1]
    return length <= MAX_RETRACTION_WORDS and not words.anaphors.isdisjoint(opening)


def _paragraph_frames(
    text: str, sentences: Sequence[Span], paragraphs: Sequence[Span], words: _Phrases
) -> Iterator[tuple[int, Frame]]:
    """The sentences of lists, quoted blocks, turns of speakers, and what follows a lead-in line."""
    turns = [_TURN.match(text, start) for start, _ in paragraphs]
    is_transcript = sum(turn is not None for turn in turns) >= MIN_TRANSCRIPT_TURNS
    lead, follows_item = Span(0, 0), False
    for paragraph, turn in zip(paragraphs, turns, strict=True):
        is_item = LIST_ITEM.match(text, *paragraph) is not None
        is_block = _BLOCK_QUOTE.match(text, *paragraph) is not None
        # A lead-in governs the whole list, but only the first paragraph.
        line = "" if follows_item and not (is_item or is_block) else text[lead.start : lead.end]
        frame = None
        if is_transcript and turn:
            frame = Frame("quoted", Span(*turn.span()), turn[0].strip())
        elif is_block:
            frame = Frame("quoted", lead, line)
        elif kind := _kind_of_lead(line, words, is_item=is_item):
            frame = Frame(kind, lead, line)
        if frame:
            first = bisect_left(sentences, Span(paragraph.start, 0))
            last = bisect_left(sentences, Span(paragraph.end, 0))
            yield from ((at, frame) for at in range(first, last))
        follows_item = is_item or is_block
        if not follows_item:
            lead = trim_span(text, paragraph)


def _kind_of_lead(line: str, words: _Phrases, *, is_item: bool) -> FrameKind | None:
    """What a line makes of the list or paragraph under it."""
    asks = line.endswith(tuple(QUESTION_MARKS))
    if not line or (final_mark(line) and not asks):
        return None
    forms = folded_words(line)
    doubts = words.rejections.search(line) or words.doubtful_heads.search(line)
    colon = line.endswith((":", "："))
    if is_item:
        denies = any(form in words.negations or form.endswith("n't") for form in forms)
        if doubts or denies or asks or not words.known:
            return "doubted"
    elif doubts and (colon or len(forms) <= MAX_HEADING_WORDS):
        return "doubted"
    return "quoted" if colon and words.attributions.search(line) else None


def _quotation_frames(text: str, sentences: Sequence[Span], words: _Phrases) -> dict[int, Frame]:
    """The sentences inside quotation marks, each with the one that names the speaker."""
    frames: dict[int, Frame] = {}
    for span in quoted_spans(text):
        first = bisect_right(sentences, span.start, key=lambda each: each.end)
        last = bisect_left(sentences, span.end, key=lambda each: each.start)
        framed = [
            at
            for at in range(first, last)
            if not _LETTER.search(text[sentences[at].start : span.start])
            and not _LETTER.search(text[span.end : sentences[at].end])
        ]
        if framed:
            outer = [at for at in (first, last - 1) if at not in framed]
            speaker = outer[0] if outer else _neighbour_speaker(text, sentences, framed, words)
            if speaker is None:
                frame = Frame("quoted", Span(span.start, span.start), "")
            elif speaker in frames:
                frame = frames[speaker]
            else:
                frame = Frame("quoted", sentences[speaker], text[slice(*sentences[speaker])])
            frames |= dict.fromkeys(framed, frame)
    # Of several quotations in a row, one names the speaker of all.
    for at in (*frames, *reversed(frames)):
        beside = [frames[near] for near in (at - 1, at + 1) if near in frames]
        if not frames[at].text and beside:
            frames[at] = max(beside, key=lambda frame: bool(frame.text))
    return frames


def _neighbour_speaker(
    text: str, sentences: Sequence[Span], quoted: Sequence[int], words: _Phrases
) -> int | None:
    """The sentence beside a quotation that says whose it is."""
    before, after = quoted[0] - 1, quoted[-1] + 1
    lines = {at: text[slice(*sentences[at])] for at in (before, after) if 0 <= at < len(sentences)}
    attributed = [at for at, line in lines.items() if words.attributions.search(line)]
    if lines.get(before, "").endswith((":", "：")):
        return before
    if after in attributed and "\n" not in text[sentences[after - 1].end : sentences[after].start]:
        return after
    return min(attributed, default=None)
