"""What the support score is held against on the same rows: three scores that a day of work gives.

| share      words of the claim that the evidence has, each weighed by how rare it is in news
| bigrams    pairs of telling words, at most three between them, that stand so there
| sketch     eight features for the constrained regression: coverage, the best three sentences,
             missing figures, missing names (worst clause, mean), antonyms, negation, broken pairs
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from summarizer.checking.alignment import (
    Clause,
    PassageIndex,
    index_passages,
    match_stem,
    split_clauses,
)
from summarizer.checking.claims import Claim, Issue, Passage, names_in, quantities_in
from summarizer.text.thesaurus import antonyms_of

__all__ = ["SIGNS", "Baselines", "measure"]

WINDOW, REACH = 3, 4
SIGNS = (1, 1, -1, -1, -1, -1, -1, -1)
"""Of the sketch's features."""


class Baselines(NamedTuple):
    """Two scores as they are, and the sketch's features; all 0 to 1."""

    share: float
    bigrams: float
    sketch: tuple[float, ...]


def measure(claim: Claim, passages: tuple[Passage, ...], problems: Iterable[Issue]) -> Baselines:
    """All three; 0 where the claim has no telling word."""
    evidence = index_passages(passages)
    parts = [clause for clause in split_clauses(claim.text) if clause.content]
    if not parts:
        return Baselines(0.0, 0.0, (0.0,) * len(SIGNS))
    words = [word for part in parts for word in part.content]
    total = sum(word.weight for word in words)
    held = [(word, match_stem(word.stem, evidence)) for word in words]
    windows: dict[int, float] = defaultdict(float)
    for word, there in held:
        ends = {place.sentence for place in evidence.places.get(there.stem, ())}
        for start in {start for end in ends for start in range(end - WINDOW + 1, end + 1)}:
            windows[start] += word.weight * there.degree
    kinds = Counter(problem.kind for problem in problems)
    nameless = list(_nameless(claim, parts, {p.words for p in problems if p.kind == "name"}))
    opposites = [
        word for word, there in held if there.degree < 1 and _opposite(word.stem, evidence)
    ]
    sketch = (
        sum(word.weight * there.degree for word, there in held) / total,
        max(windows.values(), default=0.0) / total,
        min(1.0, kinds["number"] / max(1, len(quantities_in(claim)))),
        max(nameless, default=0.0),
        fmean(nameless) if nameless else 0.0,
        min(1.0, len(opposites) / 2),
        float(any(word.negated for word in words) and not evidence.negated),
        _broken([there.stem for _, there in held], evidence),
    )
    exact = sum(word.weight for word in words if word.stem in evidence.places) / total
    return Baselines(exact, _bigrams([word.stem for word in words], evidence), sketch)


def _nameless(claim: Claim, parts: Sequence[Clause], missing: set[str]) -> Iterator[float]:
    """For each clause that has names, the share of them that is missing."""
    names = names_in(claim)
    for part in parts:
        inside = [name.text in missing for name in names if _within(name.span.start, part)]
        if inside:
            yield fmean(inside)


def _within(position: int, part: Clause) -> bool:
    return part.span.start <= position < part.span.end


def _opposite(stem: str, evidence: PassageIndex) -> bool:
    """Whether the evidence has a word that says the opposite."""
    against, variants = antonyms_of(stem)
    return any(group in evidence.by_group for group in against) or any(
        variant in evidence.places for variant in variants
    )


def _broken(found: Sequence[str], evidence: PassageIndex) -> float:
    """Share of neighbours of which both stand there, but in no sentences side by side."""
    pairs = [
        [{place.sentence for place in evidence.places[stem]} for stem in pair]
        for pair in pairwise(found)
        if all(pair)
    ]
    apart = [not left & {at + step for at in right for step in (-1, 0, 1)} for left, right in pairs]
    return sum(apart) / max(1, len(found) - 1)


def _bigrams(found: Sequence[str], evidence: PassageIndex) -> float:
    sentences = [[word.stem for word in there if word.weight] for there in evidence.sentences]
    there = {pair for stems in sentences for pair in _skipping(stems)}
    here = set(_skipping(found))
    return len(here & there) / max(1, len(here))


def _skipping(stems: Sequence[str]) -> Iterator[tuple[str, str]]:
    for apart in range(1, REACH + 1):
        yield from zip(stems, stems[apart:], strict=False)
