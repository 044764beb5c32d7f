"""How likely the cited passages carry a claim, from words alone: 0 to 1, no model, below 1 ms.

    claim + passages -> features -> logistic regression (``weights.tsv``) -> probability

Each weight may only have the sign that reason gives it: support rises with what is found and falls
with what is missing or turned. Free weights learn the habits of one corpus and fail on the next.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp
from typing import NamedTuple

from summarizer.checking.alignment import Evidence, Match, Word, clauses, gather, match
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.mentions import dates, numbers, unnamed, verbatim
from summarizer.checking.negation import reversals
from summarizer.text.names import Aliases

__all__ = ["Features", "Weights", "features", "probability", "read", "score", "weights"]

WINDOW = 3
"""Sentences in a row that may carry a claim together."""

NEAR = 6
"""Telling words within which neighbours of the claim must stand in the evidence, or be broken."""

VERBATIM = 0.99
"""Support of a claim that stands in a passage word for word."""

MANY = 2
"""Missing numbers or names from which on more of them tell nothing more."""


class Features(NamedTuple):
    """What is measured, each 0 to 1. The first two speak for the claim, the others against it."""

    coverage: float
    window: float
    reversed: float
    negated: float
    numbers: float
    names: float
    dates: float
    broken: float


class Weights(NamedTuple):
    """The regression: standardised by ``means`` and ``scales``, then weighed."""

    means: Features
    scales: Features
    weights: Features
    intercept: float


class _Found(NamedTuple):
    """A telling word of the claim, its sentence there, and its match."""

    word: Word
    sentence: int
    match: Match

    @property
    def weight(self) -> float:
        return self.word.weight * self.match.degree


def score(claim: Claim, passages: Sequence[Passage], known: Aliases | None = None) -> float:
    """Probability that the passages together carry the claim; 0 with no word to compare."""
    cited = tuple(passages)
    if verbatim(claim, cited):
        return VERBATIM
    found = features(claim, cited, known)
    return probability(found, weights()) if found else 0.0


def features(
    claim: Claim, passages: Sequence[Passage], known: Aliases | None = None
) -> Features | None:
    """The features of a claim; None if it has no telling word or there is no evidence."""
    cited = tuple(passages)
    evidence = gather(cited)
    found = _found(claim, evidence)
    if not found or not evidence.sentences:
        return None
    return Features(
        coverage=sum(item.weight for item in found) / sum(item.word.weight for item in found),
        window=_window(found, evidence),
        reversed=float(any(True for _ in reversals(claim, cited))),
        negated=float(any(f.word.negated and f.word.stem not in evidence.negated for f in found)),
        numbers=_graded(sum(1 for _ in numbers(claim, cited, known or {}))),
        names=_graded(len(unnamed(claim, cited, known or {}))),
        dates=float(any(True for _ in dates(claim, cited, known or {}))),
        broken=_broken(found, evidence),
    )


def probability(found: Features, learnt: Weights) -> float:
    """Logistic of the weighed, standardised features."""
    rows = zip(found, learnt.means, learnt.scales, learnt.weights, strict=True)
    total = learnt.intercept + sum(w * (x - mean) / scale for x, mean, scale, w in rows)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@cache
def weights() -> Weights:
    """The learnt weights that come with the package."""
    return read(files("summarizer.checking").joinpath("weights.tsv").read_text(encoding="utf-8"))


def read(text: str) -> Weights:
    """Weights from their file: a row for each feature (mean, scale, weight) and the intercept."""
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    rows = {name: [float(value) for value in values] for name, *values in lines}
    (intercept,) = rows.pop("intercept")
    means, scales, learnt = (
        Features(**{name: row[at] for name, row in rows.items()}) for at in range(3)
    )
    return Weights(means, scales, learnt, intercept)


def _found(claim: Claim, evidence: Evidence) -> list[_Found]:
    return [
        _Found(word, clause.sentence, match(word.stem, evidence, claim.language))
        for clause in clauses(claim.text, claim.language)
        for word in clause.content
    ]


def _graded(missing: int) -> float:
    """The first that is missing tells most."""
    return (bool(missing) + min(MANY, missing) / MANY) / 2


def _window(found: Sequence[_Found], evidence: Evidence) -> float:
    """Coverage by the best few sentences in a row, each sentence of the claim on its own."""
    held: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for item in found:
        if item.match.degree:
            for start in _starts(item.match.stem, evidence):
                held[item.sentence][start] += item.weight
    best = sum(max(sums.values()) for sums in held.values())
    return best / sum(item.word.weight for item in found)


def _starts(stem: str, evidence: Evidence) -> set[int]:
    """First sentences of the windows that hold a stem."""
    at = {place.sentence for place in evidence.places[stem]}
    return {start for end in at for start in range(end - WINDOW + 1, end + 1)}


def _broken(found: Sequence[_Found], evidence: Evidence) -> float:
    """Share of neighbours, both found, that nowhere stand near each other."""
    both = [
        (a.match.stem, b.match.stem)
        for a, b in pairwise(found)
        if a.sentence == b.sentence and a.match.degree and b.match.degree
    ]
    apart = sum(not _near(a, b, evidence) for a, b in both)
    return apart / len(both) if both else 0.0


def _near(left: str, right: str, evidence: Evidence) -> bool:
    others = [place.position for place in evidence.places[right]]
    for place in evidence.places[left]:
        at = bisect_left(others, place.position - NEAR)
        if at < len(others) and others[at] <= place.position + NEAR:
            return True
    return False
