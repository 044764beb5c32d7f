"""How likely the cited passages carry a claim, from words alone: 0 to 1, no model, below 1 ms.

    claim + passages -> features -> logistic regression (``weights.tsv``) -> probability

Each weight may only have the sign that reason gives it: support rises with what is found and falls
with what is missing or turned. Free weights learn the habits of one corpus and fail on the next.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from math import exp, fsum
from typing import NamedTuple

from summarizer.checking.alignment import (
    NOTHING,
    Clause,
    Evidence,
    Match,
    Word,
    clauses,
    gather,
    meant,
)
from summarizer.checking.claims import NO_ALIASES, Claim, Passage, Problem
from summarizer.checking.found import figures_in, quantities_in
from summarizer.checking.mentions import dates, named, numbers, verbatim
from summarizer.checking.negation import amounts_to, check, denies
from summarizer.checking.thesaurus import opposed
from summarizer.text.entities import Aliases
from summarizer.text.frequencies import is_name
from summarizer.text.tokens import stems

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
"""Sentences in a row that may carry a clause together."""

BESIDE, SLACK = 3, 2
"""Telling words apart up to which two words of a clause are looked for together, and how many more
may stand between them in the evidence."""

BOUND, HALF = 0.2, 0.5
"""Of what is found, the part of neighbourhoods; and what a faithful paraphrase holds of a text.
Chosen together on families unseen (``benchmarks/learn_support.py``), where neighbourhoods tell most
on compressed sentences (falke: AUC 70, else 59)."""

VERBATIM = 0.99
"""Support of a claim that stands in a passage word for word."""

MANY = 2
"""Problems from which on more of them tell nothing more."""


class Features(NamedTuple):
    """What is measured, each 0 to 1. The first two speak for the claim, the others against it.

    ``found``: `BOUND` parts the share of the words' neighbourhoods that stand there in this order,
    the rest the mean share of a clause that three sentences in a row hold. ``half``: the same up to
    `HALF`, as a paraphrase holds no more. ``negated``: it negates what the evidence nowhere does.
    ``problems``: figures, dates, strange names and opposites. ``rivalled``: another figure stands
    in that place. ``unnamed``: any name that is not found, if only an acronym.
    """

    found: float
    half: float
    negated: float
    problems: float
    rivalled: float
    unnamed: float


class Weights(NamedTuple):
    """The regression: standardised by ``means`` and ``scales``, then weighed."""

    means: Features
    scales: Features
    weights: Features
    intercept: float


class _Found(NamedTuple):
    """A telling word of the claim and its match."""

    word: Word
    match: Match

    @property
    def weight(self) -> float:
        return self.word.weight * self.match.degree


_COUNTED = ("number", "date", "negation")


def score(claim: Claim, passages: Sequence[Passage], known: Aliases = NO_ALIASES) -> float:
    """Probability that the passages together carry the claim; 0 with no word to compare."""
    cited = tuple(passages)
    counted = (numbers, named, dates, check)
    return weigh(claim, cited, [p for find in counted for p in find(claim, cited, known)])


def weigh(claim: Claim, passages: Sequence[Passage], problems: Iterable[Problem]) -> float:
    """The same, where the checks have already spoken."""
    seen = tuple(problems)
    if not seen and verbatim(claim, passages):
        return VERBATIM
    found = features(claim, passages, seen)
    return probability(found, weights()) if found else 0.0


def features(
    claim: Claim, passages: Sequence[Passage], problems: Iterable[Problem]
) -> Features | None:
    """The features of a claim; None if it has no telling word or there is no evidence."""
    evidence = gather(tuple(passages))
    problems = tuple(problems)
    parts = _found(claim, evidence, {problem.words for problem in problems})
    if not parts or not evidence.sentences:
        return None
    seen = sum(_counts(problem, evidence, claim.language) for problem in problems)
    seen += _uncapitalised(claim, parts)
    best = [_window(part, evidence) for part in parts]
    held = fsum(share for share, _ in best) / len(best)
    found = (1 - BOUND) * held + BOUND * _bound(parts, evidence)
    return Features(
        found=found,
        half=min(1.0, found / HALF),
        negated=float(
            any(
                _alone(clause, start, evidence, claim.language)
                for clause, (_, start) in zip(_telling(claim), best, strict=True)
            )
        ),
        problems=(bool(seen) + min(MANY, seen) / MANY) / 2,
        rivalled=float(any(p.kind == "number" and p.clash for p in problems)),
        unnamed=float(any(p.kind == "name" for p in problems)),
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


def _found(claim: Claim, evidence: Evidence, wrong: Collection[str]) -> list[list[_Found]]:
    """The telling words of each clause that has any.

    A figure or date to which no check objects (it is not among the ``wrong``) may be worked out
    from others: then it counts as found where the first figure of the evidence stands.
    """
    right = {word for word, whole in figures_in(claim.text) if whole not in wrong}
    stands = (w.stem for words in evidence.sentences for w in words if quantities_in(w.form))
    worked_out = Match(1.0, next(stands, "")) if right else NOTHING
    return [
        [
            _Found(word, _match(word, right, worked_out, evidence, claim.language))
            for word in c.content
        ]
        for c in _telling(claim)
    ]


def _match(
    word: Word, right: Collection[str], worked_out: Match, evidence: Evidence, language: str
) -> Match:
    found = meant(word, evidence, language)
    return worked_out if not found.degree and worked_out.stem and word.form in right else found


def _counts(problem: Problem, evidence: Evidence, language: str) -> bool:
    """Whether a problem tells much: not a name that may be short for words of the evidence, or of
    which every word stands there."""
    if problem.kind != "name":
        return problem.kind in _COUNTED
    strange = any(stem not in evidence.places for stem in stems(problem.words, language))
    return strange and not problem.words.isupper()


def _uncapitalised(claim: Claim, parts: Iterable[Sequence[_Found]]) -> int:
    """Words of names that are not found, where a claim has no capitals by which to tell names."""
    if claim.language != "en" or not claim.text.islower():
        return 0
    lost = (item.word for part in parts for item in part if not item.match.degree)
    return sum(word.form.isalpha() and is_name(word.stem) for word in lost)


def _telling(claim: Claim) -> list[Clause]:
    return [clause for clause in clauses(claim.text, claim.language) if clause.content]


def _alone(clause: Clause, start: int, evidence: Evidence, language: str) -> bool:
    """Whether the clause negates something where the sentences from ``start`` deny nothing."""
    turned = [word for word in clause.content if word.negated]
    if not turned:
        return False
    near = [w for there in evidence.sentences[max(0, start) : start + WINDOW] for w in there]
    if amounts_to(clause.words, near) or any(w.negated or denies(w.form) for w in near):
        return False
    return not any(opposed(word.stem, other.stem, language) for word in turned for other in near)


def _window(clause: Sequence[_Found], evidence: Evidence) -> tuple[float, int]:
    """Share of a clause that the best few sentences in a row hold, and the first of them."""
    held: dict[int, float] = defaultdict(float)
    for item in clause:
        if item.match.degree:
            for start in _starts(item.match.stem, evidence):
                held[start] += item.weight
    start = max(held, key=lambda at: held[at], default=0)
    return held[start] / sum(item.word.weight for item in clause), start


def _starts(stem: str, evidence: Evidence) -> set[int]:
    """First sentences of the windows that hold a stem."""
    at = {place.sentence for place in evidence.places[stem]}
    return {start for end in at for start in range(end - WINDOW + 1, end + 1)}


def _bound(parts: Sequence[Sequence[_Found]], evidence: Evidence) -> float:
    """Share of neighbouring words that stand so near and in this order there; a word alone counts
    as it is found."""
    total = held = 0.0
    for left, right, apart in _neighbours(parts):
        weight = left.word.weight + right.word.weight
        total += weight
        if left.match.degree and right.match.degree:
            held += weight * _follows(left.match.stem, right.match.stem, apart + SLACK, evidence)
    if total:
        return held / total
    alone = [item for part in parts for item in part]
    return sum(item.weight for item in alone) / sum(item.word.weight for item in alone)


def _neighbours(parts: Iterable[Sequence[_Found]]) -> Iterator[tuple[_Found, _Found, int]]:
    for part in parts:
        for apart in range(1, BESIDE + 1):
            for left, right in zip(part, part[apart:], strict=False):
                yield left, right, apart


def _follows(left: str, right: str, reach: int, evidence: Evidence) -> bool:
    """Whether one stem stands at most ``reach`` telling words behind the other."""
    spots = [place.position for place in evidence.places[right]]
    for place in evidence.places[left]:
        at = bisect_right(spots, place.position)
        if at < len(spots) and spots[at] - place.position <= reach:
            return True
    return False
