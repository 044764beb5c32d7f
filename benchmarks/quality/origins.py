"""Origins on made-up syndication: the articles of ECB+ as wires, and copies of them.

A case is a wire, one copy of it, and independent reports of the same event; what counts are the
pairs with the copy, and once an event those of the reports alone. ECB+ holds real copies too:
reports that share runs of words with each other are left out. The article that merges two wires
belongs to either, and must not make the two wires one. The baseline: Dice of the articles' stems,
its threshold chosen on these very cases.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.quality.events import read
from benchmarks.quality.figures import RESAMPLING_SEED, Figure, f1
from benchmarks.quality.syndicated import KINDS, reworded
from summarizer.evaluation.statistics import bootstrap_statistic
from summarizer.retrieval.chunks import Statement, chunk_article, split_statements
from summarizer.retrieval.origins import StoryOrigins, trace_origins
from summarizer.retrieval.similarity import dice
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text.sentences import split_sentences
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems

LEAST_SENTENCES, MOST_INDEPENDENT = 6, 4
RUN, SHARED_RUNS = 6, 0.02
"""Words of a run, and the share of the shorter report's runs from which two are no sure
independents."""

PART = "origins"
INDEPENDENT, MERGED, BORROWED = "independent", "merged", "borrowed"
"""Kinds beside the copies: reports alone, two wires in one article, two sentences of a wire in a
report of its own."""

THRESHOLDS = [at / 100 for at in range(20, 90, 5)]

Sentence = tuple[str, bool]
"""Words, and whether they come from the wire."""


class Case(NamedTuple):
    """``wire``, ``copy`` and independent reports, each as sentences; ``second``: another wire that
    the copy uses, if any."""

    kind: str
    event: str
    wire: list[str]
    copy: list[Sentence]
    independent: list[list[str]]
    second: list[str]


class Outcome(NamedTuple):
    """Counts of one case: pairs of articles, and sentences of the copy."""

    kind: str
    event: str
    right: int
    wrong: int
    missed: int
    passages: tuple[int, int, int]
    alike: tuple[float, list[float]]
    """Dice of the pair that shares an origin, and of those that do not."""


def measure(data: Path) -> Iterator[Figure]:
    """Pairs of articles, and the sentences that came from the wire."""
    outcomes = [outcome for case in cases(data) for outcome in [judged(case)]]
    by_event: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        by_event[each.event].append(each)
    units = list(by_event.values())
    for name, statistic, baseline in (
        ("precision", _precision, _dice_baseline(outcomes)[0]),
        ("recall", _recall, _dice_baseline(outcomes)[1]),
    ):
        value, low, high = bootstrap_statistic(units, statistic, RESAMPLING_SEED)
        beside = "Dice of the articles"
        yield Figure(PART, f"pairs: {name}", value, low, high, beside, baseline, least=97.0)
    for kind in (*KINDS, MERGED):
        rows = [[each for each in outcomes if each.kind == kind]]
        yield Figure(PART, f"pairs: recall, {kind}", _recall(rows))
    value, low, high = bootstrap_statistic(units, _passages, RESAMPLING_SEED)
    yield Figure(PART, "sentences from the wire: F1", value, low, high, least=95.0)
    for kind in (*KINDS, MERGED, BORROWED):
        rows = [[each for each in outcomes if each.kind == kind]]
        yield Figure(PART, f"sentences from the wire: F1, {kind}", _passages(rows))


def cases(data: Path) -> Iterator[Case]:
    """One of each kind for every event with enough independent reports."""
    chance = random.Random(17)  # noqa: S311 - a drawing of samples, not a secret
    by_event: dict[str, list[list[str]]] = defaultdict(list)
    for told in read(data):
        sentences = _sentences(told.article.text)
        if len(sentences) >= LEAST_SENTENCES and _apart(sentences, by_event[told.event]):
            by_event[told.event].append(sentences)
    for event, reports in by_event.items():
        if len(reports) < 3:
            continue
        yield Case(
            INDEPENDENT, event, reports[0], [(t, False) for t in reports[1]], reports[2:], []
        )
        for kind, rewrite in KINDS.items():
            wire, *others = chance.sample(reports, min(len(reports), MOST_INDEPENDENT + 1))
            copy = [(text, True) for text, _ in rewrite(wire, chance)]
            yield Case(kind, event, wire, copy, others, [])
        wire, second, *others = chance.sample(reports, min(len(reports), MOST_INDEPENDENT + 1))
        yield Case(MERGED, event, wire, _merged(wire, second, chance), others, second)
        wire, host, *others = chance.sample(reports, min(len(reports), MOST_INDEPENDENT + 1))
        yield Case(BORROWED, event, wire, _borrowed(wire, host, chance), others, [])


def _sentences(text: str) -> list[str]:
    return [" ".join(text[slice(*span)].split()) for span in split_sentences(text, "en")]


def _apart(sentences: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    ours = _runs(sentences)
    return all(
        len(ours & theirs) <= SHARED_RUNS * min(len(ours), len(theirs))
        for theirs in map(_runs, others)
    )


def _runs(sentences: Sequence[str]) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(sentences).lower())
    return {tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN))}


def _merged(wire: Sequence[str], second: Sequence[str], chance: random.Random) -> list[Sentence]:
    """The better part of one wire, with paragraphs of another, lightly edited."""
    ours = [(reworded(text, chance, 0.3), True) for text in wire[: max(4, len(wire) * 3 // 4)]]
    theirs = [(reworded(text, chance, 0.3), False) for text in second[: max(3, len(second) // 2)]]
    at = chance.randrange(2, len(ours))
    return [*ours[:at], *theirs, *ours[at:]]


def _borrowed(wire: Sequence[str], host: Sequence[str], chance: random.Random) -> list[Sentence]:
    """A report of its own that takes over two sentences."""
    taken = [(reworded(text, chance, 0.3), True) for text in chance.sample(list(wire), 2)]
    own = [(text, False) for text in host]
    at = chance.randrange(1, len(own))
    return [*own[:at], *taken, *own[at:]]


def judged(case: Case) -> Outcome:
    """What is found in one case, against what was done."""
    copy, places = _composed(case.copy)
    texts = [" ".join(case.wire), copy, *(" ".join(each) for each in case.independent)]
    texts += [" ".join(case.second)] * bool(case.second)
    articles = [Article(text=t, path=f"{n}.txt", language="en") for n, t in enumerate(texts)]
    furniture = {a.id: find_boilerplate(a.text) for a in articles}
    said = {a.id: split_statements(chunk_article(a, furniture[a.id]), "en") for a in articles}
    origins = trace_origins(articles, furniture, said)
    return Outcome(
        case.kind,
        case.event,
        *_pairs(case, articles, origins),
        (0, 0, 0) if case.kind == INDEPENDENT else _taken(articles, said, places, origins),
        _alike(case, texts),
    )


def _composed(sentences: Sequence[Sentence]) -> tuple[str, list[tuple[Span, bool]]]:
    places, at = [], 0
    for text, taken in sentences:
        places.append((Span(at, at + len(text)), taken))
        at += len(text) + 1
    return " ".join(text for text, _ in sentences), places


def _pairs(case: Case, articles: Sequence[Article], origins: StoryOrigins) -> tuple[int, int, int]:
    """Right, wrong and missed pairs of articles of one origin."""
    found = {
        (a, b)
        for (a, one), (b, other) in combinations(enumerate(articles), 2)
        if origins.origin_by_source[one.id] == origins.origin_by_source[other.id]
        if case.kind == INDEPENDENT or 1 in (a, b)
    }
    if case.kind in (INDEPENDENT, BORROWED):
        return 0, len(found), 0
    allowed = {(0, 1)} | ({(1, len(articles) - 1)} if case.second else set())
    right = int(bool(found & allowed))
    wrong = len(found - allowed) + int(len(found & allowed) > 1)
    return right, wrong, 1 - right


def _taken(
    articles: Sequence[Article],
    said: dict[str, tuple[Statement, ...]],
    places: Sequence[tuple[Span, bool]],
    origins: StoryOrigins,
) -> tuple[int, int, int]:
    """Right, wrong and missed sentences of the copy that stand in the wire too."""
    wire, copy = articles[0].id, articles[1].id
    shared = {origins.passage_by_location.get((wire, item.span)) for item in said[wire]} - {None}
    right = wrong = missed = 0
    for item in said[copy]:
        if len(item.stems) < 3:
            continue
        overlaps = [
            (min(item.span.end, p.end) - max(item.span.start, p.start), t) for p, t in places
        ]
        taken = max(overlaps)[1]
        found = origins.passage_by_location.get((copy, item.span)) in shared
        right += taken and found
        wrong += found and not taken
        missed += taken and not found
    return right, wrong, missed


def _alike(case: Case, texts: Sequence[str]) -> tuple[float, list[float]]:
    stems = [frozenset(content_stems(text)) for text in texts]
    copied = case.kind not in (INDEPENDENT, BORROWED)
    others = [
        dice(stems[a], stems[b])
        for a, b in combinations(range(len(texts)), 2)
        if case.kind == INDEPENDENT or (1 in (a, b) and not (copied and a == 0))
    ]
    return (dice(stems[0], stems[1]) if copied else 0.0), others


def _precision(units: Sequence[Sequence[Outcome]]) -> float:
    right = sum(each.right for unit in units for each in unit)
    return 100 * right / max(1, right + sum(each.wrong for unit in units for each in unit))


def _recall(units: Sequence[Sequence[Outcome]]) -> float:
    right = sum(each.right for unit in units for each in unit)
    return 100 * right / max(1, right + sum(each.missed for unit in units for each in unit))


def _passages(units: Sequence[Sequence[Outcome]]) -> float:
    right, wrong, missed = (
        sum(each.passages[n] for unit in units for each in unit) for n in range(3)
    )
    return 100 * f1(right / max(1, right + wrong), right / max(1, right + missed))


def _dice_baseline(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Precision and recall of the plain overlap at its best threshold."""

    def at(least: float) -> tuple[float, float]:
        right = sum(each.alike[0] >= least for each in outcomes)
        wrong = sum(value >= least for each in outcomes for value in each.alike[1])
        gold = sum(each.kind not in (INDEPENDENT, BORROWED) for each in outcomes)
        return 100 * right / max(1, right + wrong), 100 * right / gold

    return max((at(least) for least in THRESHOLDS), key=lambda pr: f1(*pr))
