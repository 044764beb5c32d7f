"""Wrong names: somebody or some place else, another speaker, two that changed places."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from summarizer.evaluation.mistakes.made import Corrupted, put
from summarizer.evaluation.samples import Library, Sample
from summarizer.text.entities import institution, named_in, nation, outlet, same
from summarizer.text.names import Name, names

__all__ = ["names_elsewhere", "names_within", "speakers", "swapped"]

_SAYS_AFTER = re.compile(
    r"(?:, [^,.;:\"“”]{1,60},)?\s+(?:also |has |had |later )?"
    r"(?:said|says|told|added|stated|announced|warned|claimed|argued|noted|wrote|explained"
    r"|confirmed|insisted|stressed|acknowledged)\b"
)
_SAYS_BEFORE = re.compile(r"(?:\b[Aa]ccording to|[,”\"] said) (?:[\w'’.-]+ ){0,4}$")
_BETWEEN_EQUALS = re.compile(
    r"\b(?:and|or|with|between|versus|vs|met|both|as well as|than|like|from|of)\b|^\W*$"
)


def names_within(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """Another name of the same source."""
    for source in dict.fromkeys(sample.sources):
        yield from _renamed(sample, library, library.shelves[source].names)


def names_elsewhere(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """A name that only other sources have."""
    own = [n for source in sample.sources for n in library.shelves[source].names]
    for source, shelf in library.shelves.items():
        if source not in sample.sources:
            strange = [n for n in shelf.names if not named_in(n, own, library.aliases)]
            yield from _renamed(sample, library, strange)


def _renamed(sample: Sample, library: Library, others: Sequence[Name]) -> Iterator[Corrupted]:
    for name in names(sample.claim.text):
        yield from _instead(name, sample, library, others)


def _instead(
    name: Name, sample: Sample, library: Library, others: Iterable[Name]
) -> Iterator[Corrupted]:
    own = names(sample.claim.text)
    for other in others:
        if _alike(name, other) and not any(same(n, other, library.aliases) for n in own):
            yield put(sample, name.span, other.text)


def _alike(name: Name, other: Name) -> bool:
    """Whether one may stand where the other stands: both a country, a body, or both neither."""
    if outlet(name) or outlet(other):
        return False
    kinds = nation(name), institution(name), len(name.words) > 1
    return kinds == (nation(other), institution(other), len(other.words) > 1)


def speakers(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """Somebody else of the same source says it."""
    text = sample.claim.text
    for name in names(text):
        if not (
            _SAYS_AFTER.match(text, name.span.end) or _SAYS_BEFORE.search(text[: name.span.start])
        ):
            continue
        for source in dict.fromkeys(sample.sources):
            yield from _instead(name, sample, library, library.shelves[source].names)


def swapped(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """Two names changed places, where words between them tell who did it to whom."""
    text = sample.claim.text
    for left, right in combinations(names(text), 2):
        between = text[left.span.end : right.span.start]
        if (
            not _alike(left, right)
            or same(left, right, library.aliases)
            or _BETWEEN_EQUALS.search(between)
            or not re.search(r"[a-z]{3}", between)
        ):
            continue
        swapped = text[: left.span.start] + right.text + between + left.text
        yield Corrupted(swapped + text[right.span.end :], sample.passages)
