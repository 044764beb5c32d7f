"""Pairs of sentences that say one thing of one event and cannot both be right.

Two sentences of two sources that are mostly the same words are held against each other by the very
checks that hold a sentence against what it cites, both ways: another number, date, name or the
opposite in the same place, and nothing else between them. Constants are calibrated as a set on
made-up disagreements and near-misses (`benchmarks.quality.disagreements`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, islice
from typing import NamedTuple

from summarizer.briefings import FindingKind
from summarizer.checking.alignment import denials
from summarizer.checking.checks import check
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.checking.found import mentions_in, names_in, quantities_in
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.overlap import dice, join
from summarizer.text.dates import Mention
from summarizer.text.entities import institution, nation
from summarizer.text.frequencies import is_common
from summarizer.text.measures import equal
from summarizer.text.numbers import Quantity
from summarizer.text.tokens import content, stems, words
from summarizer.writing.opposites import Harm, Opposite, harms, opposites

__all__ = ["Contradiction", "contradictions"]

ALIKE: Mapping[FindingKind, float] = {"number": 0.5, "date": 0.6, "name": 0.6, "negation": 0.75}
"""Dice of the stems, the differing words aside, from which two sentences speak of one thing."""

MOST = 300
"""Pairs of sentences that are held against each other in one story, the most alike first."""

LONGEST = 4
"""Words of a person's name; more are a headline in capitals."""

TWINS = 4
"""Wordings of one set of stems that are compared: they differ in function words, as in "not"."""

REACH = 30
"""Code points beside a day in which is told what was on it."""

ROUND = 0.1
"""How far a round figure may be from an exact one."""

FURTHER = frozenset(stems("other others more further additional another"))

BOTH = frozenset(stems("married divorced born died"))
"""What one can be and the opposite as well."""

_NO_PERSON = re.compile(r"\b(?:the|in|at|from|near|of the)\s+$", re.IGNORECASE)
_APART = re.compile(r"(?<=[a-z]) ?n ?['’] ?t\b")
_BOUND = re.compile(r"\bno(?:t)? (fewer|less|more) than\b")
_SINCE = re.compile(
    r"\b(?:risen|rose|climbed|grown|increased|revised|updated|jumped|soared|mounted)\b"
    r"|\b(?:now|latest|so far|by (?:now|then)|up from|death toll)\b",
    re.IGNORECASE,
)


class Contradiction(NamedTuple):
    """What each sentence has in the other's place. ``update``: ``other`` is the later word."""

    kind: FindingKind
    one: Statement
    other: Statement
    here: str
    there: str
    update: bool


def contradictions(
    said: Sequence[Statement], language: str, written: Mapping[str, date]
) -> Iterator[Contradiction]:
    """Those of one story, the most alike pairs first. ``written``: days of writing by source."""
    pairs = ((one, other) for one, other in _pairs(said) if one.source != other.source)
    shown: set[frozenset[str]] = set()
    for one, other in islice(pairs, MOST):
        if found := _held(one, other, language, written):
            shown.add(frozenset((one.text, other.text)))
            yield found
    for each in opposites(said, language):
        if frozenset((each.one.text, each.other.text)) not in shown:
            yield _excluding(each, written)


def _excluding(found: Opposite, written: Mapping[str, date]) -> Contradiction:
    """Sentences in other words, of which one excludes the other. Harm that grows is an update."""
    one, other, here, there, counted = found
    kind: FindingKind = "number" if counted else "negation"
    clash = Contradiction(kind, one, other, here, there, update=False)
    return _ordered(clash, written) if counted else clash


def _pairs(said: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Pairs of sentences in other words, by how alike they are; each wording once a source."""
    classes: dict[frozenset[str], list[Statement]] = defaultdict(list)
    for item in said:
        classes[item.stems].append(item)
    for members in classes.values():
        wordings = {tuple(words(item.text)): item for item in members}
        yield from combinations(islice(wordings.values(), TWINS), 2)
    keys = list(classes)
    alike = sorted(join(keys, min(ALIKE.values())), key=lambda pair: (-pair.dice, pair))
    for a, b, _ in alike:
        yield from islice(
            ((x, y) for x in classes[keys[a]] for y in classes[keys[b]] if x.source != y.source), 1
        )


def _held(
    one: Statement, other: Statement, language: str, written: Mapping[str, date]
) -> Contradiction | None:
    """The one thing that either says otherwise, if nothing else differs."""
    here = _problems(one, other, language, written)
    there = _problems(other, one, language, written) if here else ()
    if len(here) != 1 or len(there) != 1 or here[0].kind != there[0].kind:
        return None
    kind = here[0].kind
    found = Contradiction(kind, one, other, here[0].words, there[0].words, update=False)
    if found.here.casefold() == found.there.casefold():  # "Monday", read on two days
        return None
    exact = one.source in written and other.source in written
    if _near(found) < ALIKE[kind] or not SURE[kind](found, exact):
        return None
    return _ordered(found, written) if kind == "number" else found


def _problems(
    one: Statement, other: Statement, language: str, written: Mapping[str, date]
) -> tuple[Problem, ...]:
    claim = Claim(_bounded(one.text), language, written.get(one.source))
    passage = Passage(_bounded(other.text), language, written.get(other.source))
    return check(claim, [passage], only=ALIKE.keys())


def _bounded(text: str) -> str:
    """ "No fewer than" denies nothing; "did n ’ t" denies."""
    text = _APART.sub("n't", text)
    return _BOUND.sub(lambda found: "at most" if found[1] == "more" else "at least", text)


def _in_one_place(one: str, other: str, ours: str, theirs: str) -> bool:
    """Whether the word before them or the one behind is the same."""
    (before, behind), (earlier, later) = _beside(one, ours), _beside(other, theirs)
    return before == earlier != "" or behind == later != ""


def _beside(text: str, part: str) -> tuple[str, str]:
    before, _, behind = text.partition(part)
    return "".join(words(before)[-1:]), "".join(words(behind)[:1])


def _of_one_thing(one: str, other: str, ours: str, theirs: str) -> bool:
    """Whether a telling word near one day is near the other: founded in 1900, sold in 1914."""
    near = [
        frozenset(content(f"{before[-REACH:]} {behind[:REACH]}"))
        for before, _, behind in (one.partition(ours), other.partition(theirs))
    ]
    return not near[0].isdisjoint(near[1])


def _near(found: Contradiction) -> float:
    ours, theirs = found.one.stems, found.other.stems
    if found.kind == "negation":
        return dice(ours, theirs)
    return dice(ours - set(stems(found.here)), theirs - set(stems(found.there)))


def _one_count(found: Contradiction, _exact: bool) -> bool:
    """Whether the one number on each side that the other lacks counts the same thing."""
    one, other = found.one.text, found.other.text
    ours, theirs = quantities_in(one), quantities_in(other)
    left = [q for q in ours if not any(equal(q, t) or equal(t, q) for t in theirs)]
    right = [q for q in theirs if not any(equal(q, t) or equal(t, q) for t in ours)]
    if len(left) != 1 or len(right) != 1 or left[0].unit != right[0].unit:
        return False
    if _apart(harms(one), harms(other)) or _about(left[0], right[0]):
        return False
    if left[0].unit == "ordinal":  # the second time and the third are two times
        return False
    if _counted(one, left[0].span.end) & _counted(other, right[0].span.end):
        return True
    return left[0].unit != "" and _in_one_place(one, other, left[0].text, right[0].text)


def _about(one: Quantity, other: Quantity) -> bool:
    """Whether one is a round figure that may stand for the other: "some fifty", "at least 46"."""
    slack = ROUND * max(abs(one.high), abs(other.high))
    return (one.approx or other.approx) and abs(one.high - other.high) <= slack


def _apart(ours: Sequence[Harm], theirs: Sequence[Harm]) -> bool:
    """Whether one counts the dead and the other the injured."""
    return bool(ours and theirs) and not {h.kind for h in ours} & {h.kind for h in theirs}


def _one_calendar(found: Contradiction, exact: bool) -> bool:
    """Whether the days can be compared: both days of writing are known, or neither matters."""
    one, other = found.one.text, found.other.text
    if not _in_one_place(one, other, found.here, found.there):
        return False
    if not _of_one_thing(one, other, found.here, found.there):
        return False
    parts = [[_parts(each) for each in mentions_in(text)] for text in (found.here, found.there)]
    return exact or (len(parts[0]) == 1 and parts[0] == parts[1] and not parts[0][0][-1])


def _parts(mention: Mention) -> tuple[bool, ...]:
    """Which parts a date has; the last: that it is counted from its day of writing."""
    _, _, year, month, day, _, weekday, quarter, _, _, relative = mention
    return (
        *(part is not None for part in (year, month, day, weekday, quarter)),
        relative is not None,
    )


def _two_persons(found: Contradiction, _exact: bool) -> bool:
    """Whether both are full names of which neither can be a part of the other, in one place. A
    place, an outlet or a product may well be called by two names."""
    ours, theirs = found.here, found.there
    if _NO_PERSON.search(found.one.text.partition(ours)[0]):
        return False
    if any(nation(name) or institution(name) for text in (ours, theirs) for name in names_in(text)):
        return False
    one, other = set(words(ours)), set(words(theirs))
    if any(is_common(stems(name)[-1]) for name in (ours, theirs)):
        return False
    apart = min(len(one - other), len(other - one)) > 1 and max(len(one), len(other)) <= LONGEST
    return apart and _in_one_place(found.one.text, found.other.text, ours, theirs)


def _one_denial(found: Contradiction, _exact: bool) -> bool:
    """Whether one of them denies once more than the other, or opposite words stand there."""
    here, there = (denials(words(text)) for text in (found.here, found.there))
    if not here and not there:
        return not ({*stems(found.here), *stems(found.there)} <= BOTH)
    ours, theirs = (denials(words(_bounded(s.text))) for s in (found.one, found.other))
    return (ours - theirs) % 2 == 1


SURE: Mapping[FindingKind, Callable[[Contradiction, bool], bool]] = {
    "number": _one_count, "date": _one_calendar, "name": _two_persons, "negation": _one_denial,
}  # fmt: skip
"""What must hold beside, by kind; told with it: whether both days of writing are known."""


def _counted(text: str, end: int) -> set[str]:
    """The words right behind a number: what it counts. "Two other victims" counts on."""
    behind = stems(text[end : end + 40])[:2]
    return set() if FURTHER.intersection(behind) else set(behind)


def _ordered(found: Contradiction, written: Mapping[str, date]) -> Contradiction:
    """The later figure behind the earlier one: told on a later day, or as what has become."""
    first, second = (written.get(item.source) for item in (found.one, found.other))
    if first and second and first != second:
        return _turned(found, later=second > first)
    since = [bool(_SINCE.search(item.text)) for item in (found.one, found.other)]
    return _turned(found, later=since[1]) if since[0] != since[1] else found


def _turned(found: Contradiction, *, later: bool) -> Contradiction:
    kind, one, other, here, there, _ = found
    if later:
        return found._replace(update=True)
    return Contradiction(kind, other, one, there, here, update=True)
