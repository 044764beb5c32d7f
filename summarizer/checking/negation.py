"""Where a claim says the opposite of the clause it rests on: negation, antonyms, direction.

A word is compared only with sentences that say the same otherwise (`ALIGNED`), and only if no such
sentence agrees with the claim: what stands in the source word for word never contradicts it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from summarizer.checking.alignment import ALIGNED, Clause, Evidence, Word, clauses, gather, negates
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.thesaurus import alike, groups, opposing
from summarizer.text.names import Aliases
from summarizer.text.numbers import Quantity, quantities

__all__ = ["check", "reversals"]

REACH = 3
"""Words between which two words count as neighbours."""

_DENYING = frozenset(
    """deny denied denies denying refuse refused refuses fail failed fails failing lack lacks lacked
    unable reject rejected rejects avoid avoided avoids prevent prevented prevents stop stopped
    rule ruled unlikely stopped halted false untrue""".split()
)
_MOVE = re.compile(r"\bfrom\s+(?:\S+\s+){0,2}$")
_TO = re.compile(r"\s+to\s+(?:\S+\s+){0,2}$")
_FROM = re.compile(r"\s+from\s+(?:\S+\s+){0,2}$")


class Reversal(NamedTuple):
    """A word of the claim, what stands against it, and what kind of turn it is."""

    words: str
    there: str


def check(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Problem]:
    """Negations, antonyms and turned directions, each with the words that stand there."""
    for words, there in dict.fromkeys(reversals(claim, passages)):
        yield Problem("negation", words, f"there: {there}", clash=True)


def reversals(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Every place where the evidence says the opposite."""
    evidence = gather(tuple(passages))
    for clause in clauses(claim.text, claim.language):
        yield from islice(_turned(clause, evidence), 1)
        yield from _opposites(clause, evidence, claim.language)
    yield from _moves(claim.text, [passage.text for passage in passages])


def _aligned(clause: Clause, word: Word, evidence: Evidence) -> list[int]:
    """Sentences that hold most of the clause's other words."""
    others = [other for other in clause.content if other.stem != word.stem]
    least = ALIGNED * sum(other.weight for other in others)
    return [
        at
        for at, stems in enumerate(evidence.stems)
        if others and sum(other.weight for other in others if other.stem in stems) >= least
    ]


def _turned(clause: Clause, evidence: Evidence) -> Iterator[Reversal]:
    """Words that are negated here and nowhere there, or there everywhere and not here."""
    for word in clause.content:
        spots = [at for at in _aligned(clause, word, evidence) if word.stem in evidence.stems[at]]
        holding = [evidence.sentences[at] for at in spots]
        there = {other.negated for words in holding for other in words if other.stem == word.stem}
        if there != {not word.negated}:
            continue
        if not any(_denies(words) for words in (holding if word.negated else [clause.words])):
            yield Reversal(_around(word.stem, clause.words), _around(word.stem, holding[0]))


def _denies(words: Iterable[Word]) -> bool:
    return any(word.form in _DENYING or negates(word.form) for word in words)


def _around(stem: str, words: Sequence[Word]) -> str:
    """The word with what stands before it, enough to see whether it is negated."""
    at = next(at for at, word in enumerate(words) if word.stem == stem)
    return " ".join(word.form for word in words[max(0, at - REACH) : at + 1])


def _opposites(clause: Clause, evidence: Evidence, language: str) -> Iterator[Reversal]:
    """Words whose opposite stands there beside the same neighbours, and they themselves nowhere."""
    for at, word in enumerate(clause.words):
        against = _against(word.stem, evidence, language) - {w.stem for w in clause.words}
        if not against:
            continue
        spots = _aligned(clause, word, evidence)
        if any(_like(word.stem, evidence.stems[spot], language) for spot in spots):
            continue
        clashes = (_clash(at, clause.words, evidence.sentences[spot], against) for spot in spots)
        yield from (Reversal(word.form, form) for form in islice(filter(None, clashes), 1))


def _against(stem: str, evidence: Evidence, language: str) -> set[str]:
    """The stems of the evidence that say the opposite."""
    turned, variants = opposing(stem, language)
    there = {other for group in turned for other in evidence.by_group.get(group, ())}
    like = {other for group in groups(stem, language) for other in evidence.by_group.get(group, ())}
    return (there - like) | {other for other in variants if other in evidence.places}


def _like(stem: str, there: Collection[str], language: str) -> bool:
    return stem in there or any(alike(stem, other, language) for other in there)


def _clash(
    at: int, here: Sequence[Word], there: Sequence[Word], against: Collection[str]
) -> str | None:
    """A word of ``against`` that stands there between the neighbours of ``here[at]``."""
    for spot, other in enumerate(there):
        if (
            other.stem in against
            and _neighbours(at, here) & _neighbours(spot, there)
            and here[at].negated == other.negated
        ):
            return other.form
    return None


def _neighbours(at: int, words: Sequence[Word]) -> frozenset[str]:
    near = [*words[max(0, at - REACH) : at], *words[at + 1 : at + 1 + REACH]]
    return frozenset(word.stem for word in near if word.weight)


def _moves(claim: str, texts: Iterable[str]) -> Iterator[Reversal]:
    """ "from 5 to 7" where the evidence goes from 7 to 5."""
    there = {move for text in texts for move in _journeys(text)}
    for start, end in _journeys(claim):
        if start != end and (start, end) not in there and (end, start) in there:
            yield Reversal(f"from {start:g} to {end:g}", f"from {end:g} to {start:g}")


def _journeys(text: str) -> Iterator[tuple[float, float]]:
    """Pairs of values, start first, of "from A to B" and "to B from A"."""
    found = quantities(text) if "from" in text else ()
    for left, right in pairwise(found):
        between = text[left.span.end : right.span.start] + " "
        if _TO.match(between) and _MOVE.search(text, 0, left.span.start):
            yield _values(left, right)
        elif _FROM.match(between):
            yield _values(right, left)


def _values(start: Quantity, end: Quantity) -> tuple[float, float]:
    return start.low, end.high
