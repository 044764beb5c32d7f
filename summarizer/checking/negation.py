"""Where a claim says the opposite of the clause it rests on: negation, antonyms, direction, roles.

A word is compared only with sentences that say the same otherwise (`ALIGNED`), and only if no such
sentence agrees with the claim: what stands in the source word for word never contradicts it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, zip_longest
from typing import NamedTuple

from summarizer.checking.alignment import (
    ALIGNED,
    Clause,
    Evidence,
    Word,
    clauses,
    gather,
    match,
    negates,
)
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.found import quantities_in
from summarizer.checking.roles import Reversal, swaps
from summarizer.checking.thesaurus import alike, groups, opposing
from summarizer.text.entities import Aliases

__all__ = ["amounts_to", "check", "denies", "reversals"]

REACH = 3
"""Words between which two words count as neighbours."""

LOOSE = 0.4
"""Share of a clause's other words beside which an opposite is looked for: a paraphrase holds no
more."""

LEAD = 6
"""Words before a word in which a denial turns it."""

_DENYING = frozenset(
    """deny denied denies denying refuse refused refuses fail failed fails failing lack lacks lacked
    unable reject rejected rejects avoid avoided avoids prevent prevented prevents stop stopped
    rule ruled unlikely stopped halted false untrue decline declined declines declining short
    lacking unwilling ban banned bans prohibited forbid forbidden oppose opposed barred excluded
    absent free unsuccessful impossible reluctant wait waits waited waiting""".split()
)
_LATEST = frozenset("before until till".split())
_NONE = frozenset("no never none nobody nothing".split())
_AS_MUCH = frozenset("as so more such".split())
_TOPS = frozenset("most record unprecedented".split())
_COUNTING = frozenset("over under above below".split())
"""Prepositions that compare only where a figure follows."""
_PARTICLES = {
    "up": frozenset(
        """back beef blow blew brush build built catch caught clean clear close come came cook cover
        draw drew drawn dress dri end face fill follow give gave given grow grew hang hold held keep
        kept lead led light line link live lock look make made mix open own pick prop put queue read
        round save set settl show shut sign speak spoke split stand stood start step stir sum take
        took taken team tear tore tie touch turn use wake woke warm wash win wind wrap""".split()
    ),
    "down": frozenset(
        """back break broke broken burn calm hunt let lay laid lie lock note pin put settl sit sat
        shoot shot shut slow stand stood step take took taken tear tore torn track turn wear wore
        write wrote""".split()
    ),
}
"""Stems behind which a particle is no direction."""
_MOVE = re.compile(r"\bfrom\s+(?:\S+\s+){0,2}$")
_TO = re.compile(r"\s+to\s+(?:\S+\s+){0,2}$")
_FROM = re.compile(r"\s+from\s+(?:\S+\s+){0,2}$")


class _Held(NamedTuple):
    """What a clause tells in all; for each sentence of the evidence its place, the stems of the
    clause that it holds with what they tell, and the sum of that.
    """

    total: float
    sentences: Sequence[tuple[int, Mapping[str, float], float]]


def check(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Problem]:
    """What is negated, opposite, turned or swapped, each with the words that stand there."""
    for words, there in dict.fromkeys(reversals(claim, passages)):
        yield Problem("negation", words, f"there: {there}", clash=True)


def reversals(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Every place where the evidence says the opposite."""
    evidence = gather(tuple(passages))
    for clause in clauses(claim.text, claim.language):
        held = _hold(clause, evidence, claim.language)
        yield from islice(_turned(clause, evidence, held, claim.language), 1)
        yield from _opposites(clause, evidence, held, claim.language)
    yield from swaps(claim, passages)
    yield from _moves(claim.text, [passage.text for passage in passages])


def _hold(clause: Clause, evidence: Evidence, language: str) -> _Held:
    """What each sentence of the evidence holds of the clause, in a word or its like."""
    stems: dict[int, dict[str, float]] = defaultdict(dict)
    for word in clause.content:
        like = (
            other for g in groups(word.stem, language) for other in evidence.by_group.get(g, ())
        )
        for stem in {word.stem, *like}:
            for place in evidence.places.get(stem, ()):
                stems[place.sentence][word.stem] = word.weight
    total = sum({word.stem: word.weight for word in clause.content}.values())
    return _Held(total, [(at, found, sum(found.values())) for at, found in sorted(stems.items())])


def _aligned(word: Word, held: _Held) -> list[int]:
    """Sentences that hold most of the clause's other words."""
    least = ALIGNED * (held.total - word.weight) - 1e-9
    return [
        at for at, stems, total in held.sentences if total - stems.get(word.stem, 0) >= least > 0
    ]


def _best(word: Word, held: _Held) -> list[int]:
    """The sentence that holds most of the clause's other words, if it holds `LOOSE` of them."""
    rest = [(total - stems.get(word.stem, 0), -at) for at, stems, total in held.sentences]
    most, at = max(rest, default=(0.0, 0))
    return [-at] if most >= LOOSE * (held.total - word.weight) - 1e-9 > 0 else []


def _turned(clause: Clause, evidence: Evidence, held: _Held, language: str) -> Iterator[Reversal]:
    """Words that are negated here and nowhere there, or there everywhere and not here."""
    elsewhere = False  # what the negation turns is another word than there, and so what follows it
    for word, follower in zip_longest(clause.content, clause.content[1:]):
        elsewhere = word.negated and (elsewhere or not match(word.stem, evidence, language).degree)
        if elsewhere or word.stem not in evidence.places:
            continue
        if word.negated and follower and follower.stem not in evidence.places:
            continue  # not that much was expected, but something else
        spots = [at for at in _aligned(word, held) if word.stem in evidence.stems[at]]
        holding = [evidence.sentences[at] for at in spots]
        there = {other.negated for words in holding for other in words if other.stem == word.stem}
        if there != {not word.negated} or amounts_to(clause.words, holding[0]):
            continue
        if not word.negated and any(negates(w.form) for w in clause.words):
            continue  # both deny something: it is told from the other end
        texts = holding if word.negated else [clause.words]
        if not any(_denied(word.stem, words) for words in texts):
            yield Reversal(_around(word.stem, clause.words), _around(word.stem, holding[0]))


def amounts_to(here: Sequence[Word], there: Sequence[Word]) -> bool:
    """Whether a negation here and none there may say the same: "none as great" of the greatest,
    "not before April" of in April."""
    ours, theirs = {word.form for word in here}, {word.form for word in there}
    later = theirs.isdisjoint(_LATEST) and not ours.isdisjoint(_LATEST) and any(map(negates, ours))
    compared = not (ours.isdisjoint(_NONE) or ours.isdisjoint(_AS_MUCH))
    return later or (compared and any(f in _TOPS or f.endswith("est") for f in theirs))


def denies(form: str) -> bool:
    """Whether a folded word turns or denies what stands around it."""
    return form in _DENYING or negates(form)


def _denied(stem: str, words: Sequence[Word]) -> bool:
    """Whether a word that denies without a negation, or a farther negation, leads up to a word, or
    the word is done to nothing or nobody."""
    spots = [at for at, word in enumerate(words) if word.stem == stem]
    return any(denies(w.form) for at in spots for w in words[max(0, at - LEAD) : at]) or any(
        w.form in _NONE for at in spots for w in words[at + 1 : at + 2]
    )


def _around(stem: str, words: Sequence[Word]) -> str:
    """The word with what stands before it, enough to see whether it is negated."""
    at = next(at for at, word in enumerate(words) if word.stem == stem)
    return " ".join(word.form for word in words[max(0, at - REACH) : at + 1])


def _opposites(
    clause: Clause, evidence: Evidence, held: _Held, language: str
) -> Iterator[Reversal]:
    """Words whose opposite stands there beside the same neighbours, and they themselves nowhere."""
    own = {word.stem for word in clause.words}
    own |= {
        stem
        for word in clause.content
        for group in groups(word.stem, language)
        for stem in evidence.by_group.get(group, ())
    }
    for at, word in enumerate(clause.words):
        against = _against(word.stem, evidence, language) - own
        if not against or any(same(at, clause.words) for same in _NO_DIRECTION):
            continue
        spots = _aligned(word, held) or _best(word, held)
        if any(_like(word.stem, evidence.stems[spot], language) for spot in spots):
            continue
        clashes = (_clash(at, clause.words, evidence.sentences[spot], against) for spot in spots)
        yield from (Reversal(word.form, form) for form in islice(filter(None, clashes), 1))


def _against(stem: str, evidence: Evidence, language: str) -> set[str]:
    """The stems of the evidence that say the opposite."""
    turned, variants = opposing(stem, language)
    there = {other for group in turned for other in evidence.by_group.get(group, ())}
    if not there:
        return set(variants & evidence.places.keys())
    like = {other for group in groups(stem, language) for other in evidence.by_group.get(group, ())}
    return (there - like) | (variants & evidence.places.keys())


def _like(stem: str, there: Collection[str], language: str) -> bool:
    return stem in there or any(alike(stem, other, language) for other in there)


def _clash(
    at: int, here: Sequence[Word], there: Sequence[Word], against: Collection[str]
) -> str | None:
    """A word of ``against`` that stands there between the neighbours of ``here[at]``."""
    for spot, other in enumerate(there):
        if (
            other.stem in against
            and (other.form not in _COUNTING or _counts(spot, there))
            and _neighbours(at, here) & _neighbours(spot, there)
            and here[at].negated == other.negated
        ):
            return other.form
    return None


def _no_less(at: int, words: Sequence[Word]) -> bool:
    """Whether a word is the middle of "no fewer than" or "not more than"."""
    around = [word.form for word in (*words[max(0, at - 1) : at], *words[at + 1 : at + 2])]
    return len(around) == 2 and around[1] == "than" and negates(around[0])


def _left_over(at: int, words: Sequence[Word]) -> bool:
    """Whether it is "left" as in "what is left", which says what "remains" says."""
    before = words[at - 1].form if at else ""
    return words[at].form == "left" and before in ("is", "are", "was", "were", "be", "been")


def _phrasal(at: int, words: Sequence[Word]) -> bool:
    """Whether "up" or "down" belongs to a verb that goes nowhere: "give up", "set up", "shut down",
    its object between them or not."""
    if words[at].form not in _PARTICLES:
        return False
    return any(word.stem in _PARTICLES[words[at].form] for word in words[max(0, at - 2) : at])


_NO_DIRECTION = (_no_less, _left_over, _phrasal)


def _counts(at: int, words: Sequence[Word]) -> bool:
    return any(quantities_in(word.form) for word in words[at + 1 : at + 2])


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
    found = quantities_in(text) if "from" in text else ()
    for left, right in pairwise(found):
        between = text[left.span.end : right.span.start] + " "
        if _TO.match(between) and _MOVE.search(text, 0, left.span.start):
            yield left.low, right.high
        elif _FROM.match(between):
            yield right.low, left.high
