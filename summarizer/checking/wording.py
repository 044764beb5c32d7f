"""Where a claim leaves the words of its evidence: another word in one place, or a whole clause.

    claim sentence -> the evidence's sentences that it copies -> steps of their alignment -> swaps
    clauses -> those of which next to nothing stands there

No word list is asked whether two words are opposites: in a copied sentence, any word that is no
near-saying of the one in its place is the claim's own.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from summarizer.checking import outcomes
from summarizer.checking.alignment import (
    BEGINNING,
    Clause,
    Evidence,
    Word,
    clauses,
    gather,
    meant,
    negates,
)
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.found import figures_in
from summarizer.checking.thesaurus import alike, opposed
from summarizer.text.entities import Aliases
from summarizer.text.name_words import COUNTRIES

__all__ = ["Swap", "check", "swaps"]

NEAR = 0.6
"""Least weighted share of a claim's sentence that a sentence of the evidence repeats."""

FRAME, PLACE = 4, 3
"""Least words that stand the same on both sides together, and most that stand in the place."""

COPIED = 0.75
"""Least share of the claim's words that stand there in the same order: else it is a paraphrase, in
which a strange word may say the same. Chosen on the labelled pairs of ``falke_sentpairs``, of which
2 % of the right and 14 % of the wrong ones are flagged."""

NEAREST, LONGEST = 2, 200
"""Sentences of the evidence that a sentence of the claim is laid beside, and words of each: more is
no sentence, and takes its time by the square."""

UNSAID, LOST, RARE = 0.25, 3, 3.7
"""Share of a clause below which it is not said there, least words of it that have no counterpart
there, and what the rarest of them tells at least: common words are easily put otherwise. Of 1,190
labelled claims 3.9 % of the wrong ones and 2.7 % of the right ones have such a clause; with any two
words lost, 10.1 % and 8.2 %."""

WORD_FOR_WORD, HUNG_ON, COMPARED = 0.9, 0.5, 4
"""Share of a sentence's other clauses from which they are the evidence's own words, and share below
which a clause beside them is not said there: who copies one half does not put the other half into
words of his own; and least telling words of the others. Of 2,400 labelled claims this flags another
0.9 % of the wrong ones and 0.5 % of the right ones."""


_SAYING = frozenset("said says told tells reported reports announced added according".split())
MOST_TO_SAY = 3
"""Telling words of a clause that only tells whose words these are: `speakers` looks after it."""


class _Held(NamedTuple):
    """Telling words of a clause, and what they tell: in all, as far as the evidence has it, that in
    the same words, and each word that it has not."""

    words: int
    total: float
    found: float
    same: float
    lost: tuple[float, ...]


class Swap(NamedTuple):
    """Words of the claim, and those that stand there in their place; either may be none."""

    words: str
    there: str


def check(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Problem]:
    """Words that stand in the place of others, clauses that are not said, unheard-of outcomes."""
    for swap in swaps(claim, passages):
        detail = f"there: {swap.there or 'without it'}"
        yield Problem("support", swap.words or swap.there, detail, clash=True)
    for unsaid in _unsaid(claim, passages):
        yield Problem("support", unsaid, "not said in the cited passages")
    yield from outcomes.check(claim, passages, known)


def _unsaid(claim: Claim, passages: Sequence[Passage]) -> Iterator[str]:
    evidence = gather(tuple(passages))
    whole = clauses(claim.text, claim.language)
    for _, group in groupby(whole, key=lambda clause: clause.sentence):
        parts = [(c, _held(c, _text(c, claim), evidence, claim.language)) for c in group]
        for at, (clause, held) in enumerate(parts):
            if len(held.lost) < LOST or _attributes(clause):
                continue
            others = [other for n, (_, other) in enumerate(parts) if n != at]
            rare = max(held.lost) >= RARE and held.found < UNSAID * held.total
            if rare or (_copied(others) and held.found < HUNG_ON * held.total):
                yield _text(clause, claim).strip(" ,;:.")


def _text(clause: Clause, claim: Claim) -> str:
    return claim.text[clause.span.start : clause.span.end]


def _held(clause: Clause, text: str, evidence: Evidence, language: str) -> _Held:
    figures = {word for word, _ in figures_in(text)}  # they have their own checks
    found = ((word, meant(word, evidence, language).degree) for word in clause.content)
    pairs = [(word.weight, how) for word, how in found if how or word.form not in figures]
    return _Held(
        len(pairs),
        sum(weight for weight, _ in pairs),
        sum(weight * degree for weight, degree in pairs),
        sum(weight for weight, degree in pairs if degree == 1),
        tuple(weight for weight, degree in pairs if not degree),
    )


def _copied(clauses: Sequence[_Held]) -> bool:
    """Whether they hold next to nothing but the very words of the evidence."""
    total = sum(held.total for held in clauses)
    enough = sum(held.words for held in clauses) >= COMPARED
    return enough and sum(held.same for held in clauses) >= WORD_FOR_WORD * total


def _attributes(clause: Clause) -> bool:
    forms = {word.form for word in clause.words}
    return len(clause.content) <= MOST_TO_SAY and not forms.isdisjoint(_SAYING)


def swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[Swap]:
    """Each place where a sentence of the claim says another thing than all it is laid beside."""
    evidence = gather(tuple(passages))
    whole = clauses(claim.text, claim.language)
    for _, parts in groupby(whole, key=lambda clause: clause.sentence):
        here = [word for clause in parts for word in clause.words]
        near = _nearest(here, evidence) if len(here) <= LONGEST else []
        if near:
            found = [list(_swapped(here, there, claim.language)) for there in near]
            yield from min(found, key=len)


def _nearest(words: Sequence[Word], evidence: Evidence) -> list[Sequence[Word]]:
    """The sentences that hold most of the claim's, if they hold enough."""
    held: dict[int, float] = {}
    weights = {word.stem: word.weight for word in words if word.weight}
    for stem, weight in weights.items():
        for at in {place.sentence for place in evidence.places.get(stem, ())}:
            held[at] = held.get(at, 0.0) + weight
    least = NEAR * sum(weights.values())
    best = sorted((-total, at) for at, total in held.items() if total >= least)[:NEAREST]
    return [evidence.sentences[at] for _, at in best if len(evidence.sentences[at]) <= LONGEST]


def _swapped(here: Sequence[Word], there: Sequence[Word], language: str) -> Iterator[Swap]:
    ours, theirs = [word.stem for word in here], [word.stem for word in there]
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    if sum(step[2] - step[1] for step in steps if step[0] == "equal") < COPIED * len(ours):
        return
    for at, (tag, a, b, c, d) in enumerate(steps):
        if tag == "equal" or max(b - a, d - c) > PLACE or not _framed(steps, at, ours, theirs):
            continue
        if _differ(here[a:b], there[c:d], language):
            yield Swap(_said(here[a:b]), _said(there[c:d]))


def _framed(
    steps: Sequence[tuple[str, int, int, int, int]], at: int, ours: list[str], theirs: list[str]
) -> bool:
    """Whether enough of the same words stand around a place; an edge of both stands for some."""
    _, a, b, c, d = steps[at]
    left = a - steps[at - 1][1] if at and steps[at - 1][0] == "equal" else 0
    right = steps[at + 1][2] - b if at + 1 < len(steps) and steps[at + 1][0] == "equal" else 0
    left += (FRAME // 2) * (a == 0 and c == 0)
    right += (FRAME // 2) * (b == len(ours) and d == len(theirs))
    return min(left, right) > 0 and left + right >= FRAME


def _differ(here: Sequence[Word], there: Sequence[Word], language: str) -> bool:
    """Whether two words are opposites, one side alone negates, or no two telling ones are alike."""
    if any(opposed(x.stem, y.stem, language) for x in here for y in there):
        return True
    left, right = ([w for w in side if w.weight or w.form in COUNTRIES] for side in (here, there))
    if not left and not right:
        return any(negates(w.form) for w in here) != any(negates(w.form) for w in there)
    if not left or not right or all(word.form.endswith("ed") for word in (*left, *right)):
        return False  # nothing to compare, or another verb for what was done
    bare = len(left) + len(right) == len(here) + len(there)
    if not bare and (len(left) != len(right) or abs(len(here) - len(there)) > 1):
        return False  # another phrase, not another word
    return not any(_like(x, y, language) for x in left for y in right)


def _like(one: Word, other: Word, language: str) -> bool:
    """Whether they share a beginning, a group of near-sayings, or a country."""
    if one.stem[:BEGINNING] == other.stem[:BEGINNING] or alike(one.stem, other.stem, language):
        return True
    country = COUNTRIES.get(one.form)
    return country is not None and country == COUNTRIES.get(other.form)


def _said(words: Sequence[Word]) -> str:
    return " ".join(word.form for word in words)
