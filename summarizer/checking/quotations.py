"""Check of who says it: the named speaker of a claim must be the speaker in the source.

Only named speakers are compared ("X said", "said X", "according to X"), no pronouns and no
offices.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from summarizer.checking.alignment import aligned_sentences, clauses_of
from summarizer.checking.claims import NO_ALIASES, Claim, Issue, Passage, aliases_in, names_in
from summarizer.text.aliases import Aliases, is_same_name
from summarizer.text.annotations import AnnotatedText
from summarizer.text.lexicon import pattern_of_all
from summarizer.text.names import Name, find_names
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
    licensed = known or aliases_in(passages)
    for speaker, _ in _attributed_sentences(claim):
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
        sayings = _attributed_sentences(passage)
        for clause in clauses_of(claim) if sayings else ():
            for sentence in aligned_sentences(clause, speaker.text, passage):
                yield from (who for who, where in sayings if inside(where, sentence))
                yield from (
                    speaker
                    for name in passage.annotations.get(find_names, passage.text[slice(*sentence)])
                    if name.words != speaker.words and is_same_name(name, speaker, NO_ALIASES)
                )


def _attributed_sentences(source: AnnotatedText) -> tuple[_AttributedSentence, ...]:
    key = (_attributed_sentences, source.text, source.language)
    return source.annotations.once(key, lambda: _find_attributed_sentences(source))


def _find_attributed_sentences(source: AnnotatedText) -> tuple[_AttributedSentence, ...]:
    sentences = [
        Span(parts[0].span.start, parts[-1].span.end)
        for _, group in groupby(clauses_of(source), key=lambda clause: clause.sentence)
        for parts in [list(group)]
    ]
    return tuple(
        _AttributedSentence(name, sentence)
        for name in names_in(source)
        if _is_speaker(source.text, name.span)
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
