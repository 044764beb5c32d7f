"""What of many articles answers a question, the fact that answers it best first.

    question -> telling stems, and those that go with them in the best passages (RM3: Lavrenko and
    Croft 2001) -> passages -> sayings, each worth what it and the passages around it tell of these
    stems, times the independent origins that tell it

The words around a fact say what it is about, averaged over all who tell it. One that is told in the
question's own words counts up to twice; one that shares none with the wider question is no answer.
Constants are calibrated as a set on SummHay by ``benchmarks.quality.selection``; only PSEUDO was
swept on each topic alone, and either would choose the same.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from summarizer.retrieval.chunks import Chunk, Statement
from summarizer.retrieval.sayings import Saying, sayings
from summarizer.text.frequencies import share
from summarizer.text.tokens import content, stems

__all__ = ["answers", "asked"]

FEEDBACK, TERMS = 20, 40
"""Sayings that the question finds by its own words, and how many of their stems are asked along."""

GOOD = 0.5
"""How much of it they must say by those words, beside the best one's 1."""

SHARE = 0.5
"""Share of the question that those stems make up together."""

PSEUDO = 40
"""Articles of other news by which a few articles' own words are weighed."""

FEW = 8
"""Origins from which on further ones add little: BM25's saturation."""

ASKING = frozenset(stems("discuss discussing detail describe explain happen happening tell talk"))
"""Words of a question that say only that something is asked."""

Mix = Mapping[str, float]
"""Stem -> how often a statement of a saying has it, or how much it is asked for."""


def asked(question: str, language: str) -> dict[str, float]:
    """The telling stems of a question, each as much; of a question without any, all it has."""
    every = dict.fromkeys(content(question, language))
    return dict.fromkeys([stem for stem in every if stem not in ASKING] or every, 1.0)


def answers(
    found: Iterable[Chunk],
    said: Sequence[Statement],
    question: Mix,
    origins: Mapping[str, str],
) -> list[Saying]:
    """The sayings in the chunks ``found`` that answer, best first, the best at 1.

    ``said``: every statement of the corpus. ``question``: see `asked`. ``origins``: source id ->
    origin id.
    """
    rarity = _rarity(said)
    held = {chunk.id for chunk in found}
    told = sayings([item for item in said if item.chunk.id in held])
    own = [_mix(item.stems for item in each.statements) for each in told]
    around = _around(told)
    whole = [
        {stem: mix.get(stem, 0.0) + beside.get(stem, 0.0) for stem in mix.keys() | beside.keys()}
        for mix, beside in zip(own, around, strict=True)
    ]
    direct = _scores(own, question, rarity)
    wider = _wider(question, own, direct, rarity)
    itself, around_it = _scores(own, wider, rarity), _scores(whole, wider, rarity)
    most = math.fsum(rarity.get(stem, 0.0) for stem in question) or 1.0
    weighed = [
        replace(each, answer=around_it[n] * (1 + direct[n] / most) * _weight(each, origins))
        for n, each in enumerate(told)
        if itself[n]
    ]
    best = max((each.answer for each in weighed), default=1.0)
    answering = [replace(each, answer=each.answer / best) for each in weighed]
    return sorted(answering, key=lambda each: -each.answer)


def _rarity(said: Iterable[Statement]) -> Mix:
    """BM25's inverse document frequency: what all the articles say, or all news, tells nothing."""
    stems_of: dict[str, set[str]] = defaultdict(set)
    for item in said:
        stems_of[item.source] |= item.stems
    df = Counter(stem for held in stems_of.values() for stem in held)
    total = len(stems_of) + PSEUDO
    found = ((stem, n + PSEUDO * share(stem)) for stem, n in df.items())
    return {stem: math.log1p((total - n + 0.5) / (n + 0.5)) for stem, n in found}


def _mix(sets: Iterable[Collection[str]]) -> Mix:
    """Share of the sets that have each stem."""
    held = list(sets)
    counts = Counter(stem for each in held for stem in sorted(each))
    return {stem: n / len(held) for stem, n in counts.items()}


def _around(told: Sequence[Saying]) -> list[Mix]:
    """For each saying the stems of the other statements in its passages."""
    stems_of: dict[str, list[frozenset[str]]] = defaultdict(list)
    for each in told:
        for item in each.statements:
            stems_of[item.chunk.id].append(item.stems)
    return [
        _mix(
            frozenset().union(*(s for s in stems_of[item.chunk.id] if s is not item.stems))
            for item in each.statements
        )
        for each in told
    ]


def _scores(mixes: Sequence[Mix], question: Mix, rarity: Mix) -> list[float]:
    weights = [(stem, part * rarity.get(stem, 0.0)) for stem, part in question.items()]
    return [math.fsum(w * mix[stem] for stem, w in weights if stem in mix) for mix in mixes]


def _wider(question: Mix, own: Sequence[Mix], scores: Sequence[float], rarity: Mix) -> Mix:
    """The question, and as much again of what the sayings tell that it finds first."""
    enough = GOOD * max(scores, default=0.0)
    first = sorted(range(len(own)), key=lambda at: -scores[at])[:FEEDBACK]
    first = [at for at in first if scores[at] >= enough]
    gone_with: dict[str, float] = defaultdict(float)
    for at in first:
        for stem, part in own[at].items():
            gone_with[stem] += scores[at] * part * rarity[stem]
    best = heapq.nsmallest(TERMS, gone_with.items(), key=lambda pair: (-pair[1], pair[0]))
    total = math.fsum(weight for _, weight in best) or 1.0
    wider = {stem: (1 - SHARE) / len(question) for stem in question}
    for stem, weight in best:
        wider[stem] = wider.get(stem, 0.0) + SHARE * weight / total
    return wider


def _weight(saying: Saying, origins: Mapping[str, str]) -> float:
    """What the origins count that tell it: one alone little, ten as much as twenty."""
    count = len({origins.get(item.source, item.source) for item in saying.statements}) - 0.5
    return count / (count + FEW)
