"""Two sources on one thing, each in words of its own, of which only one can be right.

Nobody was hurt, or twelve were; the court acquitted, or convicted; a deal, or none. Here the
wording may differ freely, so only outcomes count that hold once and for all, said of the same
things: what either sentence tells beside must stand in the other. Words, light words and the rest
are calibrated as a set on the even rows of ``benchmarks/quality/opposites.tsv``.
"""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from summarizer.checking.alignment import Word, clauses, denials
from summarizer.checking.found import quantities_in
from summarizer.checking.thesaurus import alike
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.overlap import dice
from summarizer.text.tokens import content, stems, words
from summarizer.writing.standalone import heads

__all__ = ["Harm", "Opposite", "harms", "opposites"]

NEAR = 0.34
"""Dice of the stems from which two sentences are held against each other."""

KEYS, CROWD = 8, 100
"""Rarest stems of a sentence by which others on the same thing are found, and how many one brings
together."""

MOST = 20_000
"""Pairs of one story that are looked at."""

EXTRA = 3
"""Telling words that one of them may have beside what both tell."""

SHARED = 0.5
"""Share of what "nobody was hurt" says of the event that the other source says too."""

OPENING = 3
"""Statements at the beginning of an article that tell its event."""

_OUTCOMES = (
    ("acquitted cleared exonerated innocent", "convicted guilty"),
    ("approved passed backed adopted accepted ratified cleared", "rejected blocked vetoed"),
    ("alive survived", "dead died"),
    ("raised raise raises increased increase increases", "cut cuts lowered lower reduced reduces"),
    ("upheld", "overturned quashed annulled"),
    ("confirmed admitted", "denied"),
    ("unhurt unharmed uninjured", "hurt injured wounded"),
)
"""What came of a thing: two sides of which one excludes the other."""

_BODY = "lawmakers parliament legislators deputies"
_LIGHT = (
    "said says say told reported reports according showed shows found reached signed struck made"
    " talks ended ends agreed was taken left claimed company two three missing latest least"
)
_HARMS = {
    "dead": "killed died dead deaths death drowned fatalities fatality casualties victims",
    "hurt": "injured hurt wounded injuries injury casualties",
}
_MANY = frozenset(stems("people person passengers victims others casualties toll rose risen"))

_NOBODY = re.compile(
    r"\b(?:nobody|no[ -]one|none of the (?:[\d,]+|[a-z]+) (?:people|passengers)"
    r"|no (?:deaths|injuries|casualties|fatalities|victims|dead)|nobody dead)\b(?! else)",
    re.IGNORECASE,
)
_ELSEWHEN = re.compile(
    r"\b(?:19|20)\d\d\b|\bago\b|\b(?:last|previous|earlier)\s\w+|\bsame\b"
    r"|\b[Ii]n (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
_OPEN = re.compile(
    r"\b(?:could|may|might|should|if|whether|unless|before|until|till|negotiations|talks to|set to"
    r"|expected|wants?|plans?|reportedly)\b",
    re.IGNORECASE,
)
"""What leaves open what comes of it."""
_SPELT = (
    (re.compile(r"(?<=[a-z]) ?n ?['’] ?t\b|(?<=\bca)nt\b"), "n't"),
    (re.compile(r"\bno-one\b", re.IGNORECASE), "no one"),
    (re.compile(r"\bvoted (?:for|in favou?r of)\b"), "approved"),
    (re.compile(r"\bvoted against\b"), "rejected"),
)
_WHO = re.compile(
    r",\s[^,]*\b(?:said|says|told|reported|according)\b[^,]*$|^[^,]{1,40}\b(?:said|showed|found)"
    r" that\s|\s(?:after|when|while|as|since)\s.*$"
)
_MORE = re.compile(r"\b(?:more|others?|another|further)\b(?! than)", re.IGNORECASE)
_TOLL = re.compile(r"\b(?:toll|has risen|have risen|rose|rises|climbed|now)\b", re.IGNORECASE)


class Opposite(NamedTuple):
    """What each of the two sentences has where the other says otherwise. ``counted``: both are
    how many were harmed."""

    one: Statement
    other: Statement
    here: str
    there: str
    counted: bool


class Harm(NamedTuple):
    """How many were harmed; nought is nobody. ``words``: how it is said."""

    kind: str
    low: float
    words: str


def opposites(said: Sequence[Statement], language: str) -> Iterator[Opposite]:
    """Those of one story whose sentences can be read alone. Only in English, whose words these
    are."""
    if language == "en":
        yield from _counts(said)
        yield from _outcomes([item for item in said if not _OPEN.search(item.text)])


def _counts(said: Sequence[Statement]) -> Iterator[Opposite]:
    """Nobody harmed in one source, somebody in another; or a toll that another source raises: of
    the dead and of the injured one each."""
    openings: dict[str, list[Statement]] = {}
    for item in said:
        if len(openings.setdefault(item.source, [])) < OPENING:
            openings[item.source].append(item)
    harming = frozenset().union(*_harming().values())
    able = (item for item in said if not item.stems.isdisjoint(harming) and heads(item.text))
    told = [(item, found) for item in able for found in harms(item.text)]
    tolls = [(item, harm) for item, harm in told if not harm.low or _TOLL.search(item.text)]
    for kind in _HARMS:
        less = [each for each in tolls if each[1].kind == kind]
        more = [each for each in told if each[1].kind == kind]
        found = (_raised(one, other, openings) for one, other in product(less, more))
        yield from islice(filter(None, found), 1)


def _raised(
    less: tuple[Statement, Harm],
    more: tuple[Statement, Harm],
    openings: Mapping[str, Sequence[Statement]],
) -> Opposite | None:
    """The two as opposites, if one speaks of nobody or is the higher toll of the same event."""
    (item, harm), (other, known) = less, more
    apart = item.source != other.source and known.low and (not harm.low or harm.low > known.low)
    if not apart or not _one_time(item.text, other.text):
        return None
    if not _one_event(item, [other, *openings[other.source]]):
        return None
    return Opposite(item, other, harm.words, known.words, counted=True)


@lru_cache(maxsize=1 << 12)
def harms(text: str) -> tuple[Harm, ...]:
    """How many a sentence says were killed or hurt.

    >>> [(each.kind, each.low) for each in harms("Nobody was hurt, but a dog died in the fire.")]
    [('hurt', 0)]
    >>> [(each.kind, each.low) for each in harms("At least 12 people were injured in the blaze.")]
    [('hurt', 12.0)]
    """
    found: list[Harm] = []
    for clause in clauses(text):
        part = text[clause.span.start : clause.span.end]
        nobody = _NOBODY.search(part)
        numbers = [q for q in quantities_in(part) if q.unit in ("", "person") and q.low >= 1]
        for kind, harming in _harming().items():
            if not any(word.stem in harming for word in clause.words) or _MORE.search(part):
                continue
            if nobody:
                found.append(Harm(kind, 0, nobody[0]))
            elif numbers and not any(word.negated for word in clause.words):
                found.append(Harm(kind, numbers[0].low, numbers[0].text))
    return tuple(found)


@cache
def _harming() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(stems(words)) for kind, words in _HARMS.items()}


def _one_time(one: str, other: str) -> bool:
    return bool(_ELSEWHEN.search(one)) == bool(_ELSEWHEN.search(other))


def _one_event(item: Statement, others: Iterable[Statement]) -> bool:
    """Whether what a sentence says beside the harm is told by the others too."""
    harm = frozenset().union(*_harming().values()) | _MANY
    wanted = [stem for stem in _core(item.text) if stem not in harm and not stem[0].isdigit()]
    there = frozenset().union(*(other.stems for other in others))
    return sum(_stands(stem, there) for stem in wanted) >= SHARED * len(wanted)


def _outcomes(said: Sequence[Statement]) -> Iterator[Opposite]:
    for one, other in islice(_near(said), MOST):
        if (
            one.source != other.source
            and _one_time(one.text, other.text)
            and (found := _turn(one, other))
            and heads(one.text)
            and heads(other.text)
        ):
            yield Opposite(one, other, *found, counted=False)


def _near(said: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Each sentence that denies something or tells an outcome, with those that share at least two
    of its rarest stems."""
    df = Counter(stem for item in said for stem in item.stems)
    postings: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(said):
        for stem in item.stems:
            postings[stem].append(at)
    turning = [
        _denials(item.text) > 0 or any(word.stem in _sides() for word in _telling(item.text))
        for item in said
    ]
    for at, item in enumerate(said):
        if not turning[at]:
            continue
        keys = heapq.nsmallest(KEYS, item.stems, key=lambda stem: (df[stem], stem))
        shared = Counter(near for key in keys for near in postings[key][:CROWD])
        for near in sorted(near for near, n in shared.items() if n > 1 and near != at):
            if near < at and turning[near]:  # held against each other before
                continue
            if dice(item.stems, said[near].stems) >= NEAR:
                yield item, said[near]


def _turn(one: Statement, other: Statement) -> tuple[str, str] | None:
    """The words that exclude each other, if all else is said of the same things."""
    ours, theirs = _telling(one.text), _telling(other.text)
    odd = (_denials(one.text) - _denials(other.text)) % 2 == 1
    for here, there in (_denied if odd else _excluding)(ours, theirs):
        left = _unmatched(ours, theirs, here, there), _unmatched(theirs, ours, there, here)
        if not min(map(len, left)) and max(map(len, left)) <= EXTRA:
            return _shown(here), _shown(there)
    return None


def _shown(word: Word) -> str:
    return f"not {word.form}" if word.negated else word.form


@lru_cache(maxsize=1 << 12)
def _denials(text: str) -> int:
    return denials(words(_joined(text)))


def _joined(text: str) -> str:
    """ "Didn ’ t" and "no-one" in one spelling, a vote as what it decides."""
    for pattern, word in _SPELT:
        text = pattern.sub(word, text)
    return text


def _denied(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Words that one of them turns and the other does not."""
    there = {word.stem: word for word in theirs}
    for word in ours:
        if word.stem in there and there[word.stem].negated != word.negated:
            yield word, there[word.stem]


def _excluding(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """The two sides of an outcome, denied alike."""
    sides = _sides()
    telling = ([word for word in each if word.stem in sides] for each in (ours, theirs))
    for here, there in product(*telling):
        left, right = sides[here.stem], sides[there.stem]
        if here.negated == there.negated and any(-n in right and n not in right for n in left):
            yield here, there


@cache
def _sides() -> Mapping[str, frozenset[int]]:
    """Stem -> its side of each outcome, plus or minus the number of the outcome."""
    found: dict[str, set[int]] = {}
    for number, (yes, no) in enumerate(_OUTCOMES, 1):
        for side, sign in ((yes, number), (no, -number)):
            for stem in stems(side):
                found.setdefault(stem, set()).add(sign)
    return {stem: frozenset(signs) for stem, signs in found.items()}


@lru_cache(maxsize=1 << 12)
def _telling(text: str) -> tuple[Word, ...]:
    """The telling words of what happened: who says so, and what was before, left out."""
    kept = _WHO.sub("", _joined(text))
    return tuple(word for clause in clauses(kept) for word in clause.content)


def _core(text: str) -> list[str]:
    return [word.stem for word in _telling(text) if word.stem not in _light()]


def _unmatched(ours: Sequence[Word], theirs: Sequence[Word], here: Word, there: Word) -> set[str]:
    held = frozenset(word.stem for word in theirs if word is not there)
    counted = any(quantities_in(word.form) for word in theirs)  # else how many is only added
    return {
        word.stem
        for word in ours
        if word is not here and word.stem not in _light() and not _stands(word.stem, held)
        if counted or not quantities_in(word.form)
    }


def _stands(stem: str, there: Iterable[str]) -> bool:
    return stem in there or any(alike(stem, other) or _bodies(stem, other) for other in there)


def _bodies(one: str, other: str) -> bool:
    return one in _body() and other in _body()


@cache
def _light() -> frozenset[str]:
    return frozenset(stems(_LIGHT)) | frozenset(content("Monday Tuesday Wednesday Thursday Friday"))


@cache
def _body() -> frozenset[str]:
    return frozenset(stems(_BODY))
