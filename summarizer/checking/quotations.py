"""Check of who says it: the named speaker of a claim must be the speaker in the source.

Only named speakers are compared ("X said", "said X", "according to X"), no pronouns and no
offices.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from summarizer.checking.alignment import aligned_sentences, split_clauses
from summarizer.checking.claims import NO_ALIASES, Claim, Issue, Passage, aliases_in, names_in
from summarizer.text.aliases import Aliases, is_same_name
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.names import Name
from summarizer.text.sentences import CLOSING_MARKS, SENTENCE_TERMINALS
from summarizer.text.spans import Span, inside

__all__ = ["check_speakers"]

_SAYING_VERBS = pattern_of_all("saying_verbs")
_SAYING_FIRST = pattern_of_all("verbs_before_speaker")
_ACCORDING_TO = pattern_of_all("according_to")
_OFFICE_WORDS = r"\s+(?:[\w'’.-]+\s+){0,4}$"
_THEN_SAYS = re.compile(
    r"(?:['’]s \w+)?(?:,[^,.;:\"“”]{1,60},)?\s+"
    rf"(?:{pattern_of_all('words_before_saying_verb')} )?{_SAYING_VERBS}\b"
)
_APPOSED = re.compile(r"['’]s (?:[\w-]+ ){0,3}[\w-]+, $")
_APPOSED_SAYS = re.compile(rf", {_SAYING_VERBS}\b")
_SAYS_THEN = re.compile(
    rf"(?:[,{SENTENCE_TERMINALS}][{CLOSING_MARKS}]?|[{CLOSING_MARKS}])\s+{_SAYING_FIRST}{_OFFICE_WORDS}"
)
_ACCORDING = re.compile(rf"\b{_ACCORDING_TO}{_OFFICE_WORDS}", re.IGNORECASE)
_LOOK_BACK_CHARS = 80


class _AttributedSentence(NamedTuple):
    """A speaker, and the sentence that gives the words."""

    speaker: Name
    sentence: Span


def check_speakers(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Issue]:
    """Speakers of the claim where the same words are said by somebody else, and by them nowhere."""
    licensed = known or aliases_in(tuple(passage.text for passage in passages))
    for speaker, _ in _attributed_sentences(claim.text, claim.language):
        there = list(_speakers_there(speaker, claim, passages))
        if there and not any(_is_same_speaker(speaker, other, licensed) for other in there):
            detail = f"said there by {there[0].text}"
            yield Issue("speaker", speaker.text, detail, contradicts=True)


def _is_same_speaker(speaker: Name, other: Name, known: Aliases) -> bool:
    ours, theirs = set(speaker.words), set(other.words)
    return ours <= theirs or theirs <= ours or is_same_name(speaker, other, known)


def _speakers_there(speaker: Name, claim: Claim, passages: Iterable[Passage]) -> Iterator[Name]:
    """Who says, in the passages, what the claim's speaker says.

    A country speaks through its capital and its officials: where its people are named, it spoke.
    """
    for passage in passages:
        sayings = _attributed_sentences(passage.text, passage.language)
        for clause in split_clauses(claim.text, claim.language) if sayings else ():
            for sentence in aligned_sentences(clause, speaker.text, passage):
                yield from (who for who, where in sayings if inside(where, sentence))
                yield from (
                    speaker
                    for name in names_in(passage.text[sentence.start : sentence.end])
                    if name.words != speaker.words and is_same_name(name, speaker, NO_ALIASES)
                )


@lru_cache(maxsize=1 << 13)
def _attributed_sentences(text: str, language: str) -> tuple[_AttributedSentence, ...]:
    sentences = [
        Span(parts[0].span.start, parts[-1].span.end)
        for _, group in groupby(split_clauses(text, language), key=lambda clause: clause.sentence)
        for parts in [list(group)]
    ]
    return tuple(
        _AttributedSentence(name, sentence)
        for name in names_in(text)
        if _is_speaker(text, name.span)
        for sentence in sentences
        if inside(name.span, sentence)
    )


def _is_speaker(text: str, name: Span) -> bool:
    before = text[max(0, name.start - _LOOK_BACK_CHARS) : name.start]
    return bool(
        _THEN_SAYS.match(text, name.end)
        or _SAYS_THEN.search(before)
        or _ACCORDING.search(before)
        or (_APPOSED.search(before) and _APPOSED_SAYS.match(text, name.end))
    )
