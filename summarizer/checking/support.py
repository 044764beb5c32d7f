"""How likely the cited passages carry a claim, from words alone: 0 to 1, no model, below 1 ms.

    claim + passages -> features -> logistic regression (``weights.tsv``) -> probability

Each weight may only have the sign that reason gives it: support rises with what is found and falls
with what is missing or turned. Free weights learn the habits of one corpus and fail on the next.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import exp
from typing import NamedTuple

from summarizer.checking.alignment import Evidence, Match, Word, clauses, gather, match
from summarizer.checking.claims import NO_ALIASES, Claim, Passage, Problem
from summarizer.checking.mentions import dates, named, numbers, verbatim
from summarizer.checking.negation import check
from summarizer.text.entities import Aliases

__all__ = [
    "VERBATIM",
    "Features",
    "Weights",
    "features",
    "probability",
    "read",
    "score",
    "weigh",
    "weights",
]

WINDOW = 3
"""Sentences in a row that may carry a claim together."""

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


def score(claim: Claim, passages: Sequence[Passage], known: Aliases = NO_ALIASES) -> float:
    """Probability that the passages together carry the claim; 0 with no word to compare."""
    cited = tuple(passages)
    counted = (numbers, named, dates, check)
    return weigh(claim, cited, [p for find in counted for p in find(claim, cited, known)])


def weigh(claim: Claim, passages: Sequence[Passage], problems: Iterable[Problem]) -> float:
    """The same, where the checks have already spoken."""
    if verbatim(claim, passages):
        return VERBATIM
    found = features(claim, passages, problems)
    return probability(found, weights()) if found else 0.0


def features(
    claim: Claim, passages: Sequence[Passage], problems: Iterable[Problem]
) -> Features | None:
    """The features of a claim; None if it has no telling word or there is no evidence."""
    evidence = gather(tuple(passages))
    found = _found(claim, evidence)
    if not found or not evidence.sentences:
        return None
    missing = Counter(problem.kind for problem in problems)
    return Features(
        coverage=sum(item.weight for item in found) / sum(item.word.weight for item in found),
        window=_window(found, evidence),
        reversed=float(missing["negation"] > 0),
        negated=_alone([item.word for item in found if item.word.negated], evidence),
        numbers=_graded(missing["number"]),
        names=_graded(missing["name"]),
        dates=float(missing["date"] > 0),
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


def _alone(negated: Sequence[Word], evidence: Evidence) -> float:
    """1 if the claim negates something, and the evidence none of those words."""
    return float(bool(negated) and evidence.negated.isdisjoint(word.stem for word in negated))


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
