"""Who did it to whom: names, or a subject and its object, that changed places around one word."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby, islice, pairwise, takewhile
from typing import NamedTuple

from summarizer.checking.alignment import Evidence, Word, clauses, gather
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.found import names_in
from summarizer.text.name_words import WORDS
from summarizer.text.names import Name
from summarizer.text.selectors import Span
from summarizer.text.tokens import stems

__all__ = ["Reversal", "swaps"]

REACH = 4
"""Words between the middle and either name."""

BESIDE = 2
"""Telling words apart at which two words still touch."""

MOST = 16
"""Words of names that are compared in pairs; no sentence needs more."""

LONGEST_TITLE = 40
"""Code points before a name in which its title is looked for."""

_MUTUAL = frozenset("and with between versus vs or as than like".split())
_PASSIVE = frozenset(["by"])
_OFFICES = WORDS["portfolio"] | WORDS["title"]
_ARTICLES = frozenset("the a an its his her their this these those".split())
_AUXILIARIES = frozenset("has had have will would can could may might also".split())


class Reversal(NamedTuple):
    """Words of the claim, and what stands against them."""

    words: str
    there: str


class _Act(NamedTuple):
    """A word between two names, by their places in the sentence."""

    agent: int
    middle: int
    object: int


class _Deed(NamedTuple):
    """Stems of a subject, what it does, and the words of the object."""

    agent: str
    deed: str
    objects: tuple[str, ...]


def swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Two names, or a subject and its object, that everywhere in the evidence stand the other way
    round.

    Words between that make the order mean nothing ("and", "with") say nothing, and a passive is
    not compared with an active.
    """
    around = list(_around_a_word(claim, passages))
    yield from around or islice(_interchanged(claim, gather(tuple(passages))), 1)


def _around_a_word(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """Those that are told from the word or the title between or beside them."""
    named = frozenset(
        stem for name in names_in(claim.text) for stem in stems(name.text, claim.language)
    )
    evidence = gather(tuple(passages))
    for clause in clauses(claim.text, claim.language) if len(named) > 1 else ():
        turned = (_turned(act, clause.words, evidence) for act in _acts(clause.words, named))
        yield from islice(filter(None, turned), 1)
    for clause in clauses(claim.text, claim.language):
        turned = (_exchanged(deed, evidence) for deed in _deeds(clause.words))
        yield from islice(filter(None, turned), 1)
    yield from islice(_titles(claim, passages), 1)
    beside = _neighbours(claim, named) if len(named) > 1 else {}
    crossed = (_crossed(a, b, beside, evidence) for a, b in combinations(list(beside)[:MOST], 2))
    yield from islice(filter(None, crossed), 1)


def _interchanged(claim: Claim, evidence: Evidence) -> Iterator[Reversal]:
    """Two names that there stand in each other's place, the words between and beside the same."""
    texts = islice(dict.fromkeys(name.text for name in names_in(claim.text)), MOST)
    known = {tuple(stems(text, claim.language)): text for text in texts}
    there = [_joined(word.stem for word in sentence) for sentence in evidence.sentences]
    for _, group in groupby(clauses(claim.text, claim.language), key=lambda part: part.sentence):
        words = [word for part in group for word in part.words]
        ours = [word.stem for word in words]
        spots = sorted((at, name) for name in known for at in _spots(name, ours))
        for (one, name), (other, last) in combinations(spots, 2):
            if name == last or not _tells_apart(words[one.end : other.start]):
                continue
            before, behind = ours[max(0, one.start - BESIDE) : one.start], ours[other.end :]
            inner, behind = ours[one.end : other.start], behind[:BESIDE]
            here = _joined([*before, *name, *inner, *last, *behind])
            turned = _joined([*before, *last, *inner, *name, *behind])
            if any(turned in text for text in there) and not any(here in text for text in there):
                yield Reversal(known[name], known[last])


def _joined(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _spots(name: Sequence[str], words: Sequence[str]) -> Iterator[Span]:
    """Where a name stands among stems."""
    size = len(name)
    for at in range(len(words) - size + 1):
        if tuple(words[at : at + size]) == name:
            yield Span(at, at + size)


def _tells_apart(between: Sequence[Word]) -> bool:
    """Whether the words between two names tell something, and do not only join them."""
    return any(word.weight for word in between) and all(w.form not in _MUTUAL for w in between)


def _titles(claim: Claim, passages: Sequence[Passage]) -> Iterator[Reversal]:
    """A title of the claim that there belongs to another, and nowhere stands near this name."""
    bearers = {
        (title, name.words) for p in passages for title, name in _titled(p.text, names_in(p.text))
    }
    for title, name in _titled(claim.text, names_in(claim.text)) if bearers else ():
        others = [words for other, words in bearers if other == title]
        if not others or any(set(words) & set(name.words) for words in others):
            continue
        wanted, (last, *_) = set(stems(name.words[-1])), stems(title.split()[-1])
        near = [held for p in passages for held in gather((p,)).stems if wanted <= held]
        if near and not any(last in held for held in near):
            yield Reversal(f"{title} {name.text}", f"{title} {' '.join(others[0])}")


def _titled(text: str, found: Iterable[Name]) -> Iterator[tuple[str, Name]]:
    """The names behind a title of two words, such as "finance minister", with it."""
    for name in found:
        before = text[max(0, name.span.start - LONGEST_TITLE) : name.span.start].casefold().split()
        if len(before) > 1 and before[-1] in WORDS["title"] and before[-2] in _OFFICES:
            yield " ".join(before[-2:]), name


def _deeds(words: Sequence[Word]) -> Iterator[_Deed]:
    """Every word with the telling one right before it and those that follow as its object, nothing
    between but articles and auxiliaries."""
    for middle, word in enumerate(words):
        start = middle - 1
        while start >= 0 and words[start].form in _AUXILIARIES:
            start -= 1
        if not word.weight or start < 0 or not words[start].weight:
            continue
        behind = words[middle + 1 : middle + 1 + REACH]
        held = list(takewhile(lambda w: w.weight or w.form in _ARTICLES, behind))
        targets = [w.stem for w in held if w.weight]
        if held and held[0].form in _ARTICLES and targets:
            yield _Deed(words[start].stem, word.stem, tuple(targets))


def _exchanged(deed: _Deed, evidence: Evidence) -> Reversal | None:
    """A deed that there is done, and only, by its object to its subject."""
    held = [
        there
        for words, stems_there in zip(evidence.sentences, evidence.stems, strict=True)
        if {deed.agent, deed.deed} <= stems_there
        for there in _deeds(words)
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


def _neighbours(claim: Claim, named: Collection[str]) -> dict[str, frozenset[str]]:
    """Stem of a name -> the telling words right beside it, other names aside."""
    beside: dict[str, set[str]] = defaultdict(set)
    for clause in clauses(claim.text, claim.language):
        for left, right in pairwise(word.stem for word in clause.content):
            if (left in named) != (right in named):
                name, other = (left, right) if left in named else (right, left)
                beside[name].add(other)
    return {name: frozenset(others) for name, others in beside.items()}


def _crossed(
    one: str, other: str, beside: Mapping[str, frozenset[str]], evidence: Evidence
) -> Reversal | None:
    """Two names, each standing nowhere beside its own neighbours but beside the other's."""
    ways = [
        {word for word in beside[a] if _touch(b, word, evidence)}
        for a in (one, other)
        for b in (one, other)
    ]
    own, there, here, others = ways
    if own or others or not (there and here):
        return None
    return Reversal(f"{one} beside {min(there)}", f"{other} beside {min(there)}")


def _touch(name: str, word: str, evidence: Evidence) -> bool:
    """Whether two stems stand beside each other anywhere in the evidence."""
    spots = {place.position for place in evidence.places.get(word, ())}
    return any(
        place.position + step in spots
        for place in evidence.places.get(name, ())
        for step in range(-BESIDE, BESIDE + 1)
    )


def _acts(words: Sequence[Word], named: Collection[str]) -> Iterator[_Act]:
    for middle, word in enumerate(words):
        if not word.weight or word.stem in named:
            continue
        before = [at for at in range(max(0, middle - REACH), middle) if words[at].stem in named]
        behind = range(middle + 1, min(len(words), middle + 1 + REACH))
        after = [at for at in behind if words[at].stem in named]
        if before and after and words[before[-1]].stem != words[after[0]].stem:
            yield _Act(before[-1], middle, after[0])


def _turned(act: _Act, words: Sequence[Word], evidence: Evidence) -> Reversal | None:
    agent, middle, target = (words[at].stem for at in act)
    ways = [
        (_phrase(words, act), _phrase(there, found))
        for there, held in zip(evidence.sentences, evidence.stems, strict=True)
        if held >= {agent, middle, target}
        for found in _acts(there, {agent, target})
        if there[found.middle].stem == middle
    ]
    straight = any(there.agent == agent for _, there in ways)
    for here, there in ways:
        if not straight and here.signs == there.signs and not here.signs & _MUTUAL:
            return Reversal(here.text, there.text)
    return None


class _Phrase(NamedTuple):
    text: str
    agent: str
    signs: frozenset[str]


def _phrase(words: Sequence[Word], act: _Act) -> _Phrase:
    """The words from one name to the other, and those among them that bear on the order."""
    span = words[act.agent : act.object + 1]
    forms = [word.form for word in span]
    return _Phrase(" ".join(forms), span[0].stem, frozenset(forms) & (_MUTUAL | _PASSIVE))
