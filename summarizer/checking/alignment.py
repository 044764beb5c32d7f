"""Which words of a claim stand in its evidence, and where: the ground of support and contradiction.

text     -> sentences -> clauses -> words
passages -> evidence: their sentences, and where each stem stands in them
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import log
from typing import NamedTuple

from summarizer.checking.claims import Passage
from summarizer.checking.thesaurus import groups, opposing
from summarizer.text.frequencies import share
from summarizer.text.selectors import Span
from summarizer.text.sentences import split
from summarizer.text.tokens import FUNCTION_WORDS, fold, stems, words

__all__ = [
    "ALIGNED",
    "BEGINNING",
    "NOTHING",
    "Clause",
    "Evidence",
    "Match",
    "Place",
    "Word",
    "aligned",
    "clauses",
    "denials",
    "gather",
    "match",
    "meant",
    "negates",
]

_BREAK = re.compile(
    r"[,;:()\[\]{}][\"'”’»]?(?:\s|$)|\s[–—-]+\s|—"
    r"|\s(?=(?:and|but|while|although|though|because|whereas|which|who|whose|where|if"
    r"|y|pero|und|aber|et|mais|и|но|і|та|але)\s)"
    r"|[。、，；：！？]"
)
BEGINNING = 4
"""Letters that two stems must share at the beginning to be looked at as one word."""

KINDRED, SYNONYM = 0.6, 0.8
"""Least share of the longer stem that kindred stems have in common; what a near-saying counts."""

DERIVED = frozenset(
    """a abl age al an anc anci ant ar ari at ation d e el en enc enci ent er eri es ess ft fy
    hood i ial ian ibl ic ical ie if ifi il ilis iliz in ing ion is isation ish ism ist iti
    ition iv iz ization ji l less li li ly m man men n ness or ous s sh ship t th tion ur v
    val w wi y z""".split()
)
"""What is left of two English stems behind a common beginning if one is derived from the other:
"stabl" and "stabilis", "africa" and "african"."""


ALIGNED = 0.6
"""Least weighted share of a clause's other words that an aligned sentence holds."""

SCOPE = 2
"""Telling words after a negation that it turns."""

_ENGLISH = frozenset("not no never none nobody nothing neither nor cannot without hardly".split())
_ELSEWHERE = """
    nunca jamás sin ningún ninguno ninguna ningunos ningunas nadie nada tampoco
    nicht nichts kein keine keinen keinem keiner keines keins nie niemals niemand weder ohne
    ne pas jamais sans aucun aucune aucuns aucunes guère rien
    non mai senza nessun nessuno nessuna niente nulla
    não nem sem nenhum nenhuma nenhuns nenhumas ninguém
    niet niets geen nooit zonder
    не ни нет без никогда никто никого никому ничего ничто никакой никакого никакая никакие
    ні немає жоден жодна жодне жодні жодного жодної жодному жодній жодну жодним жодною жодних
    ніколи ніхто нікого нікому нічого ніщо"""
"""Spanish, German, French, Italian, Portuguese, Dutch, Russian, Ukrainian. The Spanish "no" is
among the English ones."""
_CONCORD = frozenset(map(fold, _ELSEWHERE.split()))
"""The same as `words` gives them: without the accents of the Latin script."""
_NEGATIONS = _ENGLISH | _CONCORD
_ELIDED = ("n'", "n’")
_OR = frozenset("or o ou oder of или чи або".split())


_MERE: Sequence[Sequence[str]] = (["only"], ["just"], ["merely"], ["doubt"], ["least"])
"""What follows a negation that turns nothing."""
_RULING_OUT = frozenset(
    "rule ruled exclude excluded deny denied dispute disputed reject rejected object oppose".split()
)
"""What denies by itself: a negation turns it, and no longer what follows ("not rule out talks")."""
_LEADING_ON = frozenset(
    "whether if that because unless until what who whom whose how when where why which".split()
)
"""What follows them is another statement, which the negation before them does not turn."""


class Word(NamedTuple):
    """One word: folded, its stem, what it tells (0 for a function word, else 0.5 to 6.2), and
    whether a negation before it in its clause turns it.
    """

    form: str
    stem: str
    weight: float
    negated: bool = False


class Clause(NamedTuple):
    """A stretch of a sentence without inner punctuation.

    ``sentence`` counts from 0; ``content`` are the words that tell something.
    """

    span: Span
    sentence: int
    words: tuple[Word, ...]
    content: tuple[Word, ...]


class Match(NamedTuple):
    """How well a word is found, 0..1, and the stem that stands for it there."""

    degree: float
    stem: str


NOTHING = Match(0.0, "")
"""A word that is not found."""


class Place(NamedTuple):
    """Where a word stands in the evidence."""

    sentence: int
    position: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages as one: the words of each sentence, and where each stem stands.

    ``places``: the sentence, and the position among the telling words of all sentences (for a
    function word: of the next telling word). ``by_beginning`` knows telling stems only.
    """

    sentences: tuple[tuple[Word, ...], ...]
    stems: tuple[frozenset[str], ...]
    places: Mapping[str, Sequence[Place]]
    by_beginning: Mapping[str, Sequence[str]]
    by_group: Mapping[int, Sequence[str]]
    negated: frozenset[str]


@lru_cache(maxsize=1 << 14)
def clauses(text: str, language: str = "en") -> tuple[Clause, ...]:
    """The clauses of a text that hold a word, in order."""
    return tuple(
        Clause(piece, at, found, tuple(word for word in found if word.weight))
        for at, sentence in enumerate(split(text, language))
        for piece in _pieces(text, sentence)
        for found in [_words(text[piece.start : piece.end], language)]
        if found
    )


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    begin = sentence.start
    for mark in _BREAK.finditer(text, sentence.start, sentence.end):
        yield Span(begin, mark.end())
        begin = mark.end()
    yield Span(begin, sentence.end)


def _words(text: str, language: str) -> tuple[Word, ...]:
    found: list[Word] = []
    scope = 0
    forms = words(text)
    for at, (form, stem) in enumerate(zip(forms, stems(text, language), strict=True)):
        tells = _weight(form, stem)
        found.append(Word(form, stem, tells, scope > 0))
        if negates(form) and not _only_bounds(forms[at + 1 : at + 3]):
            scope = 1 if forms[at + 1 : at + 2] and forms[at + 1] in _RULING_OUT else SCOPE
        else:
            scope = 0 if form in _LEADING_ON else scope - (tells > 0)
    return tuple(found if language == "en" else _turned_by_the_last(found))


def _turned_by_the_last(found: list[Word]) -> list[Word]:
    """What a negation turns that ends its clause: what stands before it. "Der Rat billigt den Plan
    nicht", "решения нет"; but not "ob er ihn billigt oder nicht".
    """
    last = max((at for at, word in enumerate(found) if negates(word.form)), default=0)
    if any(word.weight for word in found[last:]) or (last and found[last - 1].form in _OR):
        return found
    turned = [at for at in range(last) if found[at].weight][-SCOPE:]
    return [w._replace(negated=True) if at in turned else w for at, w in enumerate(found)]


def _only_bounds(following: Sequence[str]) -> bool:
    """Whether a negation turns nothing: "no more than 90", "not only"."""
    return following[:1] in _MERE or following[1:] == ["than"]


def negates(form: str) -> bool:
    """Whether a folded word turns what follows."""
    return form in _NEGATIONS or form.endswith(("n't", "n’t")) or form.startswith(_ELIDED)


def denials(forms: Iterable[str]) -> int:
    """How often folded words deny. Outside English several negations deny once: "ne … pas",
    "никто не", "não … ninguém".
    """
    found = list(filter(negates, forms))
    concord = any(form in _CONCORD or form.startswith(_ELIDED) for form in found)
    return 1 if concord else len(found)


def _weight(form: str, stem: str) -> float:
    """Minus the logarithm of the share of news articles that have the stem."""
    little = form in FUNCTION_WORDS or form in _NEGATIONS
    tells = not little and (len(form) > 1 or form.isdigit())
    return -log(share(stem)) if tells else 0.0


@lru_cache(maxsize=1 << 12)
def gather(passages: tuple[Passage, ...]) -> Evidence:
    """All passages together carry a claim, so they are searched together."""
    sentences = tuple(_sentences(passages))
    language = passages[0].language if passages else "en"
    places = _places(sentences)
    beginnings: dict[str, list[str]] = defaultdict(list)
    by_group: dict[int, list[str]] = defaultdict(list)
    for stem in dict.fromkeys(w.stem for sentence in sentences for w in sentence if w.weight):
        beginnings[stem[:BEGINNING]].append(stem)
    for stem in places:
        for group in groups(stem, language):
            by_group[group].append(stem)
    stems_of = tuple(frozenset(word.stem for word in sentence) for sentence in sentences)
    negated = frozenset(w.stem for sentence in sentences for w in sentence if w.negated)
    return Evidence(sentences, stems_of, places, dict(beginnings), dict(by_group), negated)


def _places(sentences: Iterable[Sequence[Word]]) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = defaultdict(list)
    position = 0
    for at, sentence in enumerate(sentences):
        for word in sentence:
            places[word.stem].append(Place(at, position))
            position += word.weight > 0
    return dict(places)


def _sentences(passages: Iterable[Passage]) -> Iterator[tuple[Word, ...]]:
    for passage in passages:
        together: dict[int, list[Word]] = defaultdict(list)
        for clause in clauses(passage.text, passage.language):
            together[clause.sentence].extend(clause.words)
        yield from map(tuple, together.values())


def match(stem: str, evidence: Evidence, language: str = "en") -> Match:
    """The stem itself, else a near-saying, else the stem with the longest common beginning."""
    if stem in evidence.places:
        return Match(1.0, stem)
    for group in sorted(groups(stem, language)):
        if group in evidence.by_group:
            return Match(SYNONYM, evidence.by_group[group][0])
    if stem[:1].isdigit():
        return NOTHING
    near = (
        Match(_kinship(stem, other), other)
        for other in evidence.by_beginning.get(stem[:BEGINNING], ())
    )
    best = max(near, default=NOTHING)
    return best if best.degree >= KINDRED else NOTHING


def meant(word: Word, evidence: Evidence, language: str = "en") -> Match:
    """`match`, or the opposite of the word where either it or that one is negated: "did not
    survive" of "died"."""
    found = match(word.stem, evidence, language)
    if found.degree:
        return found
    groups_against, variants = opposing(word.stem, language)
    against = [other for group in groups_against for other in evidence.by_group.get(group, ())]
    against += [other for other in variants if other in evidence.places]
    turned = (other for other in against if (other in evidence.negated) != word.negated)
    return next((Match(SYNONYM, other) for other in turned), NOTHING)


def _kinship(left: str, right: str) -> float:
    """Share of the longer stem that is the common beginning; `KINDRED` where one is derived."""
    pairs = zip(left, right, strict=False)
    common = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
    share = common / max(len(left), len(right))
    derived = {left[common:] or "e", right[common:] or "e"} <= DERIVED
    return max(share, KINDRED) if derived else share


def aligned(clause: Clause, without: str, passage: Passage) -> list[Span]:
    """Sentences of a passage that hold most of a clause's words, those of ``without`` aside."""
    left_out = set(stems(without, passage.language))
    others = [word for word in clause.content if word.stem not in left_out]
    least = ALIGNED * sum(word.weight for word in others)
    sentences = groupby(clauses(passage.text, passage.language), key=lambda found: found.sentence)
    spans = []
    for _, group in sentences:
        parts = list(group)
        there = {word.stem for part in parts for word in part.words}
        if others and sum(word.weight for word in others if word.stem in there) >= least:
            spans.append(Span(parts[0].span.start, parts[-1].span.end))
    return spans
