"""Check for claims that say the opposite of their evidence: negation, antonyms, direction, roles.

A word is compared only with sentences that otherwise say the same (`MIN_ALIGNED_SHARE`), and only
if no such sentence agrees with the claim: text copied word for word never contradicts its source.
Roles are who did what to whom: names, or a subject and its object, that changed places.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby, islice, pairwise, takewhile, zip_longest
from typing import NamedTuple

from summarizer.checking.alignment import (
    MIN_ALIGNED_SHARE,
    Clause,
    PassageIndex,
    Word,
    clauses_of,
    index_passages,
    is_negation,
    match_stem,
)
from summarizer.checking.claims import Claim, Issue, Passage, names_in, quantities_in
from summarizer.text.aliases import Aliases
from summarizer.text.annotations import AnnotatedText
from summarizer.text.lexicon import lexicon
from summarizer.text.names import TITLES, Name
from summarizer.text.numbers import find_quantities
from summarizer.text.spans import Span
from summarizer.text.thesaurus import antonyms_of, are_synonyms, synonym_groups
from summarizer.text.tokens import stems

__all__ = [
    "Reversal",
    "check_negation",
    "find_reversals",
    "find_role_swaps",
    "is_denial",
    "is_equivalent_negation",
]

ROLE_REACH_WORDS = 4
"""Words between the middle and either name."""

TOUCHING_WORDS = 2
"""Telling words apart at which two words still touch."""

MAX_COMPARED_NAMES = 16
"""Words of names that are compared in pairs; no sentence needs more."""

MAX_OFFICE_TITLE_CHARS = 40
"""Code points before a name in which its title is looked for."""

_UNORDERED_WORDS = lexicon("en").coordinators_of_names
_PASSIVE_WORDS = frozenset(["by"])
_OFFICES = lexicon("en").portfolios | TITLES
_ARTICLES = lexicon("en").determiners
_AUXILIARIES = lexicon("en").auxiliaries


class Reversal(NamedTuple):
    """Words of the claim, and what stands against them."""

    words: str
    source_words: str


class _NamedAct(NamedTuple):
    """A word between two names, by their places in the sentence."""

    agent: int
    middle: int
    object: int


class _Predicate(NamedTuple):
    """Stems of a subject, what it does, and the words of the object."""

    agent: str
    deed: str
    objects: tuple[str, ...]


def find_role_swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Two names, or a subject and its object, that everywhere in the evidence stand the other way
    round.

    Words between that make the order mean nothing ("and", "with") say nothing, and a passive is
    not compared with an active.
    """
    around = list(_swaps_around_word(claim, passages))
    yield from around or islice(_interchanged_names(claim, index_passages(passages)), 1)


def _swaps_around_word(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Those that are told from the word or the title between or beside them."""
    named = frozenset(stem for name in names_in(claim) for stem in stems(name.text, claim.language))
    evidence = index_passages(passages)
    for clause in clauses_of(claim) if len(named) > 1 else ():
        turned = (
            _act_reversal(act, clause.words, evidence) for act in _named_acts(clause.words, named)
        )
        yield from islice(filter(None, turned), 1)
    for clause in clauses_of(claim):
        turned = (_predicate_swap(deed, evidence) for deed in _predicates(clause.words))
        yield from islice(filter(None, turned), 1)
    yield from islice(_title_swaps(claim, passages), 1)
    beside = _words_beside_names(claim, named) if len(named) > 1 else {}
    crossed = (
        _neighbour_swap(a, b, beside, evidence)
        for a, b in combinations(list(beside)[:MAX_COMPARED_NAMES], 2)
    )
    yield from islice(filter(None, crossed), 1)


def _interchanged_names(claim: Claim, evidence: PassageIndex) -> Iterator[Reversal]:
    """Two names that there stand in each other's place, the words between and beside the same."""
    texts = islice(dict.fromkeys(name.text for name in names_in(claim)), MAX_COMPARED_NAMES)
    known = {tuple(stems(text, claim.language)): text for text in texts}
    there = [_joined_stems(word.stem for word in sentence) for sentence in evidence.sentences]
    for _, group in groupby(clauses_of(claim), key=lambda part: part.sentence):
        words = [word for part in group for word in part.words]
        ours = [word.stem for word in words]
        spots = sorted((at, name) for name in known for at in _name_spans(name, ours))
        for (one, name), (other, last) in combinations(spots, 2):
            if name == last or not _separates_names(words[one.end : other.start]):
                continue
            before, behind = ours[max(0, one.start - TOUCHING_WORDS) : one.start], ours[other.end :]
            inner, behind = ours[one.end : other.start], behind[:TOUCHING_WORDS]
            here = _joined_stems([*before, *name, *inner, *last, *behind])
            turned = _joined_stems([*before, *last, *inner, *name, *behind])
            if any(turned in text for text in there) and not any(here in text for text in there):
                yield Reversal(known[name], known[last])


def _joined_stems(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _name_spans(name: Sequence[str], words: Sequence[str]) -> Iterator[Span]:
    """Where a name stands among stems."""
    size = len(name)
    for at in range(len(words) - size + 1):
        if tuple(words[at : at + size]) == name:
            yield Span(at, at + size)


def _separates_names(between: Sequence[Word]) -> bool:
    """Whether the words between two names tell something, and do not only join them."""
    return any(word.weight for word in between) and all(
        w.form not in _UNORDERED_WORDS for w in between
    )


def _title_swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """A title of the claim that there belongs to another, and nowhere stands near this name."""
    bearers = {
        (title, name.words) for p in passages for title, name in _titled_names(p.text, names_in(p))
    }
    for title, name in _titled_names(claim.text, names_in(claim)) if bearers else ():
        others = [words for other, words in bearers if other == title]
        if not others or any(set(words) & set(name.words) for words in others):
            continue
        wanted, (last, *_) = set(stems(name.words[-1])), stems(title.split()[-1])
        near = [held for p in passages for held in index_passages((p,)).stems if wanted <= held]
        if near and not any(last in held for held in near):
            yield Reversal(f"{title} {name.text}", f"{title} {' '.join(others[0])}")


def _titled_names(text: str, found: Iterable[Name]) -> Iterator[tuple[str, Name]]:
    """The names behind a title of two words, such as "finance minister", with it."""
    for name in found:
        before = (
            text[max(0, name.span.start - MAX_OFFICE_TITLE_CHARS) : name.span.start]
            .casefold()
            .split()
        )
        if len(before) > 1 and before[-1] in TITLES and before[-2] in _OFFICES:
            yield " ".join(before[-2:]), name


def _predicates(words: Sequence[Word]) -> Iterator[_Predicate]:
    """Every word with the telling one right before it and those that follow as its object, nothing
    between but articles and auxiliaries."""
    for middle, word in enumerate(words):
        start = middle - 1
        while start >= 0 and words[start].form in _AUXILIARIES:
            start -= 1
        if not word.weight or start < 0 or not words[start].weight:
            continue
        behind = words[middle + 1 : middle + 1 + ROLE_REACH_WORDS]
        held = list(takewhile(lambda w: w.weight or w.form in _ARTICLES, behind))
        targets = [w.stem for w in held if w.weight]
        if held and held[0].form in _ARTICLES and targets:
            yield _Predicate(words[start].stem, word.stem, tuple(targets))


def _predicate_swap(deed: _Predicate, evidence: PassageIndex) -> Reversal | None:
    """A deed that there is done, and only, by its object to its subject."""
    held = [
        there
        for words, stems_there in zip(evidence.sentences, evidence.stems, strict=True)
        if {deed.agent, deed.deed} <= stems_there
        for there in _predicates(words)
        if there.deed == deed.deed
    ]
    turned = [
        there for there in held if deed.agent in there.objects and there.agent in deed.objects
    ]
    if not turned or len(turned) < len(held):
        return None
    return Reversal(
        f"{deed.agent} {deed.deed} {deed.objects[-1]}",
        f"{turned[0].agent} {deed.deed} {deed.agent}",
    )


def _words_beside_names(claim: Claim, named: Collection[str]) -> dict[str, frozenset[str]]:
    """Stem of a name -> the telling words right beside it, other names aside."""
    beside: dict[str, set[str]] = defaultdict(set)
    for clause in clauses_of(claim):
        for left, right in pairwise(word.stem for word in clause.content):
            if (left in named) != (right in named):
                name, other = (left, right) if left in named else (right, left)
                beside[name].add(other)
    return {name: frozenset(others) for name, others in beside.items()}


def _neighbour_swap(
    one: str, other: str, beside: Mapping[str, frozenset[str]], evidence: PassageIndex
) -> Reversal | None:
    """Two names, each standing nowhere beside its own neighbours but beside the other's."""
    ways = [
        {word for word in beside[a] if _touches(b, word, evidence)}
        for a in (one, other)
        for b in (one, other)
    ]
    own, there, here, others = ways
    if own or others or not (there and here):
        return None
    return Reversal(f"{one} beside {min(there)}", f"{other} beside {min(there)}")


def _touches(name: str, word: str, evidence: PassageIndex) -> bool:
    """Whether two stems stand beside each other anywhere in the evidence."""
    spots = {place.position for place in evidence.places.get(word, ())}
    return any(
        place.position + step in spots
        for place in evidence.places.get(name, ())
        for step in range(-TOUCHING_WORDS, TOUCHING_WORDS + 1)
    )


def _named_acts(words: Sequence[Word], named: Collection[str]) -> Iterator[_NamedAct]:
    for middle, word in enumerate(words):
        if not word.weight or word.stem in named:
            continue
        before = [
            at for at in range(max(0, middle - ROLE_REACH_WORDS), middle) if words[at].stem in named
        ]
        behind = range(middle + 1, min(len(words), middle + 1 + ROLE_REACH_WORDS))
        after = [at for at in behind if words[at].stem in named]
        if before and after and words[before[-1]].stem != words[after[0]].stem:
            yield _NamedAct(before[-1], middle, after[0])


def _act_reversal(act: _NamedAct, words: Sequence[Word], evidence: PassageIndex) -> Reversal | None:
    agent, middle, target = (words[at].stem for at in act)
    ways = [
        (_act_phrase(words, act), _act_phrase(there, found))
        for there, held in zip(evidence.sentences, evidence.stems, strict=True)
        if held >= {agent, middle, target}
        for found in _named_acts(there, {agent, target})
        if there[found.middle].stem == middle
    ]
    straight = any(there.agent == agent for _, there in ways)
    for here, there in ways:
        if not straight and here.signs == there.signs and not here.signs & _UNORDERED_WORDS:
            return Reversal(here.text, there.text)
    return None


class _ActPhrase(NamedTuple):
    text: str
    agent: str
    signs: frozenset[str]


def _act_phrase(words: Sequence[Word], act: _NamedAct) -> _ActPhrase:
    """The words from one name to the other, and those among them that bear on the order."""
    span = words[act.agent : act.object + 1]
    forms = [word.form for word in span]
    return _ActPhrase(
        " ".join(forms), span[0].stem, frozenset(forms) & (_UNORDERED_WORDS | _PASSIVE_WORDS)
    )


NEIGHBOUR_REACH_WORDS = 3
"""Words between which two words count as neighbours."""

MIN_LOOSE_SHARE = 0.4
"""Share of a clause's other words beside which an opposite is looked for: a paraphrase holds no
more."""

DENIAL_REACH_WORDS = 6
"""Words before a word in which a denial turns it."""

_DENYING_WORDS = lexicon("en").denials
_DEADLINE_WORDS = frozenset("before until till".split())
_NONE_WORDS = frozenset("no never none nobody nothing".split())
_COMPARING_WORDS = frozenset("as so more such".split())
_SUPERLATIVES = frozenset("most record unprecedented".split())
_COUNTING_PREPOSITIONS = frozenset("over under above below".split())
"""Prepositions that compare only where a figure follows."""
_PHRASAL_STEMS = lexicon("en").phrasal_stems
"""Stems behind which a particle is no direction."""
_FROM_BEFORE = re.compile(r"\bfrom\s+(?:\S+\s+){0,2}$")
_TO_BETWEEN = re.compile(r"\s+to\s+(?:\S+\s+){0,2}$")
_FROM_BETWEEN = re.compile(r"\s+from\s+(?:\S+\s+){0,2}$")


class _ClauseOverlap(NamedTuple):
    """What a clause tells in all; for each sentence of the evidence its place, the stems of the
    clause that it holds with what they tell, and the sum of that.
    """

    total: float
    sentences: Sequence[tuple[int, Mapping[str, float], float]]


def check_negation(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """What is negated, opposite, turned or swapped, each with the words that stand there."""
    for words, there in dict.fromkeys(find_reversals(claim, passages)):
        yield Issue("negation", words, f"there: {there}", contradicts=True)


def find_reversals(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Every place where the evidence says the opposite."""
    evidence = index_passages(passages)
    for clause in clauses_of(claim):
        held = _clause_overlap(clause, evidence, claim.language)
        yield from islice(_negation_reversals(clause, evidence, held, claim.language), 1)
        yield from _antonym_reversals(clause, evidence, held, claim.language)
    yield from find_role_swaps(claim, passages)
    yield from _range_reversals(claim, passages)


def _clause_overlap(clause: Clause, evidence: PassageIndex, language: str) -> _ClauseOverlap:
    """What each sentence of the evidence holds of the clause, in a word or its like."""
    stems: dict[int, dict[str, float]] = defaultdict(dict)
    for word in clause.content:
        like = (
            other
            for g in synonym_groups(word.stem, language)
            for other in evidence.by_group.get(g, ())
        )
        for stem in {word.stem, *like}:
            for place in evidence.places.get(stem, ()):
                stems[place.sentence][word.stem] = word.weight
    total = sum({word.stem: word.weight for word in clause.content}.values())
    return _ClauseOverlap(
        total, [(at, found, sum(found.values())) for at, found in sorted(stems.items())]
    )


def _aligned_places(word: Word, held: _ClauseOverlap) -> list[int]:
    """Sentences that hold most of the clause's other words."""
    least = MIN_ALIGNED_SHARE * (held.total - word.weight) - 1e-9
    return [
        at for at, stems, total in held.sentences if total - stems.get(word.stem, 0) >= least > 0
    ]


def _best_place(word: Word, held: _ClauseOverlap) -> list[int]:
    """The sentence that holds most of the clause's other words, if that is `MIN_LOOSE_SHARE`."""
    rest = [(total - stems.get(word.stem, 0), -at) for at, stems, total in held.sentences]
    most, at = max(rest, default=(0.0, 0))
    return [-at] if most >= MIN_LOOSE_SHARE * (held.total - word.weight) - 1e-9 > 0 else []


def _negation_reversals(
    clause: Clause, evidence: PassageIndex, held: _ClauseOverlap, language: str
) -> Iterator[Reversal]:
    """Words that are negated here and nowhere there, or there everywhere and not here."""
    elsewhere = False  # what the negation turns is another word than there, and so what follows it
    for word, follower in zip_longest(clause.content, clause.content[1:]):
        elsewhere = word.negated and (
            elsewhere or not match_stem(word.stem, evidence, language).degree
        )
        if elsewhere or word.stem not in evidence.places:
            continue
        if word.negated and follower and follower.stem not in evidence.places:
            continue  # not that much was expected, but something else
        spots = [at for at in _aligned_places(word, held) if word.stem in evidence.stems[at]]
        holding = [evidence.sentences[at] for at in spots]
        there = {other.negated for words in holding for other in words if other.stem == word.stem}
        if there != {not word.negated} or is_equivalent_negation(clause.words, holding[0]):
            continue
        if not word.negated and any(is_negation(w.form) for w in clause.words):
            continue  # both deny something: it is told from the other end
        texts = holding if word.negated else [clause.words]
        if not any(_is_denied(word.stem, words) for words in texts):
            yield Reversal(
                _with_words_before(word.stem, clause.words),
                _with_words_before(word.stem, holding[0]),
            )


def is_equivalent_negation(here: Sequence[Word], there: Sequence[Word]) -> bool:
    """Whether a negation here and none there may say the same: "none as great" of the greatest,
    "not before April" of in April."""
    ours, theirs = {word.form for word in here}, {word.form for word in there}
    later = (
        theirs.isdisjoint(_DEADLINE_WORDS)
        and not ours.isdisjoint(_DEADLINE_WORDS)
        and any(map(is_negation, ours))
    )
    compared = not (ours.isdisjoint(_NONE_WORDS) or ours.isdisjoint(_COMPARING_WORDS))
    return later or (compared and any(f in _SUPERLATIVES or f.endswith("est") for f in theirs))


def is_denial(form: str) -> bool:
    """Whether a folded word turns or denies what stands around it."""
    return form in _DENYING_WORDS or is_negation(form)


def _is_denied(stem: str, words: Sequence[Word]) -> bool:
    """Whether a word that denies without a negation, or a farther negation, leads up to a word, or
    the word is done to nothing or nobody."""
    spots = [at for at, word in enumerate(words) if word.stem == stem]
    return any(
        is_denial(w.form) for at in spots for w in words[max(0, at - DENIAL_REACH_WORDS) : at]
    ) or any(w.form in _NONE_WORDS for at in spots for w in words[at + 1 : at + 2])


def _with_words_before(stem: str, words: Sequence[Word]) -> str:
    """The word with what stands before it, enough to see whether it is negated."""
    at = next(at for at, word in enumerate(words) if word.stem == stem)
    return " ".join(word.form for word in words[max(0, at - NEIGHBOUR_REACH_WORDS) : at + 1])


def _antonym_reversals(
    clause: Clause, evidence: PassageIndex, held: _ClauseOverlap, language: str
) -> Iterator[Reversal]:
    """Words whose opposite stands there beside the same neighbours, and they themselves nowhere."""
    own = {word.stem for word in clause.words}
    own |= {
        stem
        for word in clause.content
        for group in synonym_groups(word.stem, language)
        for stem in evidence.by_group.get(group, ())
    }
    for at, word in enumerate(clause.words):
        against = _antonyms_there(word.stem, evidence, language) - own
        if not against or any(same(at, clause.words) for same in _DIRECTIONLESS):
            continue
        spots = _aligned_places(word, held) or _best_place(word, held)
        if any(_has_synonym(word.stem, evidence.stems[spot], language) for spot in spots):
            continue
        clashes = (
            _clashing_form(at, clause.words, evidence.sentences[spot], against) for spot in spots
        )
        yield from (Reversal(word.form, form) for form in islice(filter(None, clashes), 1))


def _antonyms_there(stem: str, evidence: PassageIndex, language: str) -> set[str]:
    """The stems of the evidence that say the opposite."""
    turned, variants = antonyms_of(stem, language)
    there = {other for group in turned for other in evidence.by_group.get(group, ())}
    if not there:
        return set(variants & evidence.places.keys())
    like = {
        other
        for group in synonym_groups(stem, language)
        for other in evidence.by_group.get(group, ())
    }
    return (there - like) | (variants & evidence.places.keys())


def _has_synonym(stem: str, there: Collection[str], language: str) -> bool:
    return stem in there or any(are_synonyms(stem, other, language) for other in there)


def _clashing_form(
    at: int, here: Sequence[Word], there: Sequence[Word], against: Collection[str]
) -> str | None:
    """A word of ``against`` that stands there between the neighbours of ``here[at]``."""
    for spot, other in enumerate(there):
        if (
            other.stem in against
            and (other.form not in _COUNTING_PREPOSITIONS or _precedes_figure(spot, there))
            and _neighbour_stems(at, here) & _neighbour_stems(spot, there)
            and here[at].negated == other.negated
        ):
            return other.form
    return None


def _is_no_less_than(at: int, words: Sequence[Word]) -> bool:
    """Whether a word is the middle of "no fewer than" or "not more than"."""
    around = [word.form for word in (*words[max(0, at - 1) : at], *words[at + 1 : at + 2])]
    return len(around) == 2 and around[1] == "than" and is_negation(around[0])


def _is_left_over(at: int, words: Sequence[Word]) -> bool:
    """Whether it is "left" as in "what is left", which says what "remains" says."""
    before = words[at - 1].form if at else ""
    return words[at].form == "left" and before in ("is", "are", "was", "were", "be", "been")


def _is_phrasal(at: int, words: Sequence[Word]) -> bool:
    """Whether "up" or "down" belongs to a verb that goes nowhere: "give up", "set up", "shut down",
    its object between them or not."""
    if words[at].form not in _PHRASAL_STEMS:
        return False
    return any(word.stem in _PHRASAL_STEMS[words[at].form] for word in words[max(0, at - 2) : at])


_DIRECTIONLESS = (_is_no_less_than, _is_left_over, _is_phrasal)


def _precedes_figure(at: int, words: Sequence[Word]) -> bool:
    return any(find_quantities(word.form) for word in words[at + 1 : at + 2])


def _neighbour_stems(at: int, words: Sequence[Word]) -> frozenset[str]:
    near = [
        *words[max(0, at - NEIGHBOUR_REACH_WORDS) : at],
        *words[at + 1 : at + 1 + NEIGHBOUR_REACH_WORDS],
    ]
    return frozenset(word.stem for word in near if word.weight)


def _range_reversals(claim: Claim, passages: Iterable[Passage]) -> Iterator[Reversal]:
    """ "from 5 to 7" where the evidence goes from 7 to 5."""
    there = {move for passage in passages for move in _from_to_values(passage)}
    for start, end in _from_to_values(claim):
        if start != end and (start, end) not in there and (end, start) in there:
            yield Reversal(f"from {start:g} to {end:g}", f"from {end:g} to {start:g}")


def _from_to_values(source: AnnotatedText) -> Iterator[tuple[float, float]]:
    """Pairs of values, start first, of "from A to B" and "to B from A"."""
    text = source.text
    found = quantities_in(source) if "from" in text else ()
    for left, right in pairwise(found):
        between = text[left.span.end : right.span.start] + " "
        if _TO_BETWEEN.match(between) and _FROM_BEFORE.search(text, 0, left.span.start):
            yield left.low, right.high
        elif _FROM_BETWEEN.match(between):
            yield right.low, left.high
