"""Where sources differ on one thing: shown with each side's own words, never averaged.

Three kinds, each as sure as it can be made, since a false alarm costs more than a miss: the
spelling of a name, the wording of a quotation, and a figure, date, name or the opposite in
otherwise like sentences.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from summarizer.checking.found import names_in, quotations_in
from summarizer.checking.resolve import Draft
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.overlap import Groups, join
from summarizer.text.entities import institution, nation, variant
from summarizer.text.quotes import unquoted, wordings
from summarizer.text.selectors import Span
from summarizer.text.tokens import content
from summarizer.writing.candidates import Telling
from summarizer.writing.contradictions import contradictions

__all__ = ["Difference", "differ", "rivals", "withheld"]

SHORTEST_QUOTE = 5
"""Words of a quotation below which another wording is another saying."""

SAYING, TRANSLATED = 0.35, 0.42
"""Dice of the stems from which two quotations are compared, and from which they are one saying of
one person, come through two translations. On ECB+ this finds no false pair beyond `wordings`."""

RELEVANT = 0.5
"""Relevance, beside the best passage's 1, from which a disagreement belongs to the focus."""

MOST_SIDES = 4

WORDING = "the wording of a quotation"

_TITLES = re.compile(r"(?:(?:[A-Z][\w.’']*|of|the|for|and)\s){1,7}$")

CALLED = {"number": "a figure", "date": "a date", "name": "a name", "negation": "what happened"}
"""What a contradiction is about."""


class Difference(NamedTuple):
    """What it is about, and one draft for each side, the most told first; of an update the latest
    last."""

    about: str
    sides: tuple[Draft, ...]
    update: bool = False


class _Said(NamedTuple):
    """Words of one source, where they stand, and what they are compared by."""

    statement: Statement
    span: Span
    key: str

    @property
    def text(self) -> str:
        return self.statement.text[self.span.start : self.span.end]


def differ(telling: Telling) -> list[Difference]:
    """The differences of one story, spellings first; with a focus, those that belong to it."""
    said = [item for held in telling.own() for item in held]
    found = [*_spellings(said), *_wordings(said), *_clashes(telling)]
    relevance = telling.relevance
    return [each for each in found if _asked_for(each, relevance)] if relevance else found


def withheld(differences: Iterable[Difference]) -> frozenset[str]:
    """Words that are told only where the sources are shown to differ: what a later one has updated,
    and the wordings of one quotation."""
    updated = {s.text for each in differences if each.update for s in each.sides[:-1]}
    return frozenset(updated | {s.text for d in differences if d.about == WORDING for s in d.sides})


def rivals(differences: Iterable[Difference]) -> Mapping[str, frozenset[str]]:
    """Sentence -> those that cannot be right beside it."""
    found: dict[str, frozenset[str]] = {}
    for each in differences:
        texts = frozenset(side.text for side in each.sides)
        found.update((text, found.get(text, frozenset()) | texts - {text}) for text in texts)
    return found


def _asked_for(difference: Difference, relevance: Mapping[str, float]) -> bool:
    """Whether one side of a difference stands in a passage that answers the focus well."""
    keys = (key for draft in difference.sides for key in draft.keys)
    return any(relevance.get(key, 0.0) >= RELEVANT for key in keys)


def _spellings(said: Sequence[Statement]) -> Iterator[Difference]:
    """Two spellings of one name that no source uses both of."""
    uses: dict[str, list[_Said]] = defaultdict(list)
    for item in said:
        for name in names_in(item.text):
            span = _titled(item.text, name.span)
            uses[name.text.casefold()].append(_Said(item, span, name.text))
    groups: Groups = Groups(len(uses))
    spelt = list(uses)
    for one, other in _neighbours(uses):
        if (
            variant(one, other)
            and _british(one) != _british(other)
            and not _sources(uses[one]) & _sources(uses[other])
        ):
            groups.unite(spelt.index(one), spelt.index(other))
    shown: set[str] = set()
    for members in sorted(
        groups.sets(), key=lambda each: -max(len(spelt[n].split()) for n in each)
    ):
        if len(members) > 1 and not {spelt[at] for at in members} <= shown:
            shown.update(spelt[at].split()[-1] for at in members)
            sides = sorted((uses[spelt[at]] for at in members), key=_more)
            told = " / ".join(side[0].key for side in sides[:MOST_SIDES])
            yield Difference(f"the spelling of a name: {told}", _sides(sides))


def _more(uses: Sequence[_Said]) -> tuple[int, str]:
    """The order of sides: those that more sources tell first."""
    return -len(_sources(uses)), uses[0].key


def _british(name: str) -> str:
    """One spelling for "Organization" and "Organisation", which no source disagrees about."""
    return name.replace("z", "s")


def _neighbours(found: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that can be spellings of one: a word in common, or beginning alike."""
    blocks: dict[str, set[str]] = defaultdict(set)
    for name in found:
        words = name.split()
        for key in words if len(words) > 1 else [name[:2]]:
            blocks[key].add(name)
    return sorted({pair for block in blocks.values() for pair in combinations(sorted(block), 2)})


def _titled(text: str, name: Span) -> Span:
    """The name with the title before it."""
    before = _TITLES.search(text, 0, name.start)
    start = before.start() if before and before.end() == name.start else name.start
    while text[start : start + 1].islower():  # a title begins with a capital
        start = text.index(" ", start) + 1
    return Span(start, name.end)


def _wordings(said: Sequence[Statement]) -> Iterator[Difference]:
    """One saying quoted in different words."""
    quoted = [
        _Said(item, quotation.span, quotation.text.strip())
        for item in said
        for quotation in quotations_in(item.text)
        if len(quotation.text.split()) >= SHORTEST_QUOTE
    ]
    words = [frozenset(content(item.key)) for item in quoted]
    groups = Groups(len(quoted))
    for a, b, alike in join(words, SAYING):
        if quoted[a].statement.source != quoted[b].statement.source and (
            wordings(quoted[a].key, quoted[b].key)
            or (
                alike >= TRANSLATED
                and len(words[a] & words[b]) >= 4
                and _speaks(quoted[a], quoted[b])
            )
        ):
            groups.unite(a, b)
    for members in groups.sets():
        versions: dict[str, list[_Said]] = defaultdict(list)
        for at in members:
            versions[quoted[at].key].append(quoted[at])
        if len(versions) > 1:
            yield Difference(WORDING, _sides(list(versions.values())))


def _speaks(one: _Said, other: _Said) -> bool:
    """Whether both sentences name the same person outside their quotations."""
    return bool(_persons(one.statement.text) & _persons(other.statement.text))


def _persons(text: str) -> set[str]:
    return {
        name.words[-1]
        for name in names_in(unquoted(text))
        if not nation(name) and not institution(name)
    }


def _clashes(telling: Telling) -> Iterator[Difference]:
    """What one sentence says and a like one of another source says otherwise, once each."""
    said = [item for held in telling.own() for item in held]
    shown: set[tuple[str, ...]] = set()
    for found in contradictions(said, telling.language, telling.written):
        words = tuple(sorted((found.here.casefold(), found.there.casefold())))
        if words in shown:
            continue
        shown.add(words)
        sides = [
            (_side([_Said(item, Span(0, len(item.text)), item.text)]))
            for item in (found.one, found.other)
        ]
        joint = ", then " if found.update else " / "
        about = f"{CALLED[found.kind]}: {found.here}{joint}{found.there}"
        yield Difference(about, tuple(sides), found.update)


def _sources(uses: Iterable[_Said]) -> set[str]:
    return {item.statement.source for item in uses}


def _sides(versions: Sequence[Sequence[_Said]]) -> tuple[Draft, ...]:
    """One draft a version: the fullest wording, cited to every source that has it."""
    ranked = sorted(versions, key=_more)
    return tuple(_side(uses) for uses in ranked[:MOST_SIDES])


def _side(uses: Sequence[_Said]) -> Draft:
    told = max(uses, key=lambda item: (len(item.text), item.text))
    by_source: Mapping[str, Statement] = {
        item.statement.source: item.statement for item in reversed(uses)
    }
    keys = [told.statement.chunk.id]
    keys += [s.chunk.id for source, s in by_source.items() if source != told.statement.source]
    return Draft(told.text, tuple(dict.fromkeys(keys)), "extracted")
