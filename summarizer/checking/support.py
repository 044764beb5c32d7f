"""The probability that the cited passages support a claim, from words alone, below 1 ms.

    claim + passages -> features -> logistic regression (``weights.tsv``) -> probability

Each weight may only have the sign that reason gives it: support rises with what is found and falls
with what is missing or reversed. Free weights learn the habits of one corpus and fail on the
next.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import exp, fsum
from typing import NamedTuple

from summarizer.checking.alignment import (
    NO_MATCH,
    Clause,
    PassageIndex,
    Word,
    WordMatch,
    aligned_word,
    clauses_of,
    index_passages,
    is_negation,
)
from summarizer.checking.claims import (
    NO_ALIASES,
    Claim,
    Issue,
    Passage,
    aliases_in,
    dates_in,
    figures_in,
    names_in,
    quantities_in,
)
from summarizer.checking.restatement import repeated_sentences
from summarizer.text.aliases import is_named_in
from summarizer.text.data_files import parsed_data
from summarizer.text.date_resolution import dates_compatible
from summarizer.text.lexicon import lexicon
from summarizer.text.numbers import find_quantities, quantity_matches
from summarizer.text.thesaurus import are_antonyms
from summarizer.text.tokens import is_name_stem, stems

WINDOW_SENTENCES = 3
"""Sentences in a row that may carry a clause together."""

MAX_NEIGHBOUR_DISTANCE, NEIGHBOUR_SLACK_WORDS = 3, 2
"""Telling words apart up to which two words of a clause are looked for together, and how many more
may stand between them in the evidence."""

NEIGHBOURHOOD_WEIGHT, PARAPHRASE_SHARE = 0.2, 0.5
"""Of what is found, the part of neighbourhoods; and what a faithful paraphrase holds of a text.
Chosen together on families unseen (``benchmarks/learn_support.py``), where neighbourhoods tell most
on compressed sentences (falke: AUC 70, else 59)."""

VERBATIM_SUPPORT = 0.99
"""Support of a claim that stands in a passage word for word."""

MIN_COPIED_SHARE, MAX_EXCHANGED = 0.6, 3
"""Share of a claim's words, in order, in a sentence that it repeats; and most words in a place."""

MAX_COUNTED_ISSUES = 2
"""Problems from which on more of them tell nothing more."""


class SupportFeatures(NamedTuple):
    """What is measured, each 0 to 1. The first two speak for the claim, the others against it.

    ``found``: the share of the words' neighbourhoods that occur there in this order, weighted by
    `NEIGHBOURHOOD_WEIGHT`, and the mean share of a clause that three sentences in a row hold.
    ``half``: the same up to `PARAPHRASE_SHARE`, as a paraphrase holds no more. ``negated``: it
    negates what the evidence nowhere does.
    ``problems``: figures, dates, strange names and opposites. ``rivalled``: another figure is in
    that place. ``unnamed``: names that are not there as written. ``missing``: figures
    and dates that are not there, even if they may be computed. ``exchanged``: words in the place
    of others in a sentence that is copied otherwise. ``doubted``: a status that the claim lacks.
    """

    found: float
    half: float
    negated: float
    problems: float
    rivalled: float
    unnamed: float
    missing: float
    exchanged: float
    doubted: float


class SupportWeights(NamedTuple):
    """The regression: standardised by ``means`` and ``scales``, then weighed."""

    means: SupportFeatures
    scales: SupportFeatures
    weights: SupportFeatures
    intercept: float


class _AlignedWord(NamedTuple):
    """A telling word of the claim and its match."""

    word: Word
    match: WordMatch

    @property
    def weight(self) -> float:
        return self.word.weight * self.match.degree


_COUNTED_KINDS = ("number", "date", "negation", "status")
_DENIALS = lexicon("en").denials


def support_given_issues(
    claim: Claim, passages: Sequence[Passage], issues: Iterable[Issue]
) -> float:
    """Probability that the passages together carry the claim, given what the checks found; 0 with
    no word to compare."""
    found = support_features(claim, passages, issues)
    return support_probability(found, load_weights()) if found else 0.0


def support_features(
    claim: Claim, passages: Sequence[Passage], problems: Iterable[Issue]
) -> SupportFeatures | None:
    """The features of a claim; None if it has no telling word or there is no evidence."""
    evidence = index_passages(passages)
    problems = tuple(problems)
    parts = _aligned_clauses(claim, evidence, {problem.words for problem in problems})
    if not parts or not evidence.sentences:
        return None
    seen = sum(_is_weighty(problem, evidence, claim.language) for problem in problems)
    seen += _lowercase_name_count(claim, parts)
    best = [_best_window(part, evidence) for part in parts]
    held = fsum(share for share, _ in best) / len(best)
    found = (1 - NEIGHBOURHOOD_WEIGHT) * held + NEIGHBOURHOOD_WEIGHT * _neighbourhood_share(
        parts, evidence
    )
    return SupportFeatures(
        found=found,
        half=min(1.0, found / PARAPHRASE_SHARE),
        negated=float(
            any(
                _negates_alone(clause, start, evidence, claim.language)
                for clause, (_, start) in zip(_content_clauses(claim), best, strict=True)
            )
        ),
        problems=_graded(seen),
        rivalled=float(any(p.kind == "number" and p.contradicts for p in problems)),
        unnamed=_graded(_missing_names(claim, passages)),
        missing=_graded(_missing_figures(claim, passages)),
        exchanged=_graded(_exchanged_places(claim, passages)),
        doubted=float(any(p.severity == "doubt" for p in problems)),
    )


def _graded(count: int) -> float:
    """0 for none, 1 for `MAX_COUNTED_ISSUES` and more, and more than half of that for one."""
    return (bool(count) + min(MAX_COUNTED_ISSUES, count) / MAX_COUNTED_ISSUES) / 2


def _missing_figures(claim: Claim, passages: Sequence[Passage]) -> int:
    """Figures of the claim with no equal in the passages, and dates compatible with none there."""
    figures = [found for passage in passages for found in quantities_in(passage)]
    dates = [(found, p.published) for p in passages for found in dates_in(p)]
    lost = sum(
        not any(quantity_matches(own, other) for other in figures) for own in quantities_in(claim)
    )
    return lost + sum(
        not any(dates_compatible(own, other, claim.published, day) for other, day in dates)
        for own in dates_in(claim)
    )


def _missing_names(claim: Claim, passages: Sequence[Passage]) -> int:
    """Names of the claim that are not there as they are written, nor under an alias."""
    there = [name for passage in passages for name in names_in(passage)]
    keys = {name.key for name in there}
    strange = [name for name in names_in(claim) if name.key not in keys]
    known = aliases_in(passages) if strange else NO_ALIASES
    return sum(not is_named_in(name, there, known) for name in strange)


def _exchanged_places(claim: Claim, passages: Sequence[Passage]) -> int:
    """Places of a repeated sentence that hold other words than there."""
    return sum(
        each.framed and len(each.claimed) <= MAX_EXCHANGED and len(each.source) <= MAX_EXCHANGED
        for repeated in repeated_sentences(claim, passages)
        if repeated.aligned.repeats(MIN_COPIED_SHARE)
        for each in repeated.aligned.differences
    )


def support_probability(found: SupportFeatures, learnt: SupportWeights) -> float:
    """Logistic of the weighed, standardised features."""
    rows = zip(found, learnt.means, learnt.scales, learnt.weights, strict=True)
    total = learnt.intercept + sum(w * (x - mean) / scale for x, mean, scale, w in rows)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def load_weights() -> SupportWeights:
    """The learnt weights that come with the package."""
    weights: SupportWeights = parsed_data(parse_weights, "summarizer.checking", "weights.tsv")
    return weights


def parse_weights(text: str) -> SupportWeights:
    """Weights from their file: a row for each feature (mean, scale, weight) and the intercept."""
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    rows = {name: [float(value) for value in values] for name, *values in lines}
    (intercept,) = rows.pop("intercept")
    means, scales, learnt = (
        SupportFeatures(**{name: row[at] for name, row in rows.items()}) for at in range(3)
    )
    return SupportWeights(means, scales, learnt, intercept)


def _aligned_clauses(
    claim: Claim, evidence: PassageIndex, wrong: Collection[str]
) -> list[list[_AlignedWord]]:
    """The telling words of each clause that has any.

    A figure or date to which no check objects (it is not among the ``wrong``) may be worked out
    from others: then it counts as found where the first figure of the evidence stands.
    """
    figures = figures_in(claim.text, claim.annotations, claim.language)
    right = {word for word, whole in figures if whole not in wrong}
    stands = (
        word.stem
        for words in evidence.sentences
        for word in words
        if claim.annotations.get(find_quantities, word.form, claim.language)
    )
    worked_out = WordMatch(1.0, next(stands, "")) if right else NO_MATCH
    return [
        [
            _AlignedWord(word, _match_or_derived(word, right, worked_out, evidence, claim.language))
            for word in c.content
        ]
        for c in _content_clauses(claim)
    ]


def _match_or_derived(
    word: Word, right: Collection[str], worked_out: WordMatch, evidence: PassageIndex, language: str
) -> WordMatch:
    found = aligned_word(word, evidence, language)
    return worked_out if not found.degree and worked_out.stem and word.form in right else found


def _is_weighty(problem: Issue, evidence: PassageIndex, language: str) -> bool:
    """Whether a problem tells much: not a name that may be short for words of the evidence, or of
    which every word stands there."""
    if problem.kind != "name":
        return problem.kind in _COUNTED_KINDS
    strange = any(stem not in evidence.places for stem in stems(problem.words, language))
    return strange and not problem.words.isupper()


def _lowercase_name_count(claim: Claim, parts: Iterable[Sequence[_AlignedWord]]) -> int:
    """Words of names that are not found, where a claim has no capitals by which to tell names."""
    if claim.language != "en" or not claim.text.islower():
        return 0
    lost = (item.word for part in parts for item in part if not item.match.degree)
    return sum(word.form.isalpha() and is_name_stem(word.stem) for word in lost)


def _content_clauses(claim: Claim) -> list[Clause]:
    return [clause for clause in clauses_of(claim) if clause.content]


def _negates_alone(clause: Clause, start: int, evidence: PassageIndex, language: str) -> bool:
    """Whether the clause negates something where the sentences from ``start`` deny nothing."""
    turned = [word for word in clause.content if word.negated]
    if not turned:
        return False
    near = [
        w for there in evidence.sentences[max(0, start) : start + WINDOW_SENTENCES] for w in there
    ]
    if any(w.negated or w.form in _DENIALS or is_negation(w.form, language) for w in near):
        return False
    return not any(
        are_antonyms(word.stem, other.stem, language) for word in turned for other in near
    )


def _best_window(clause: Sequence[_AlignedWord], evidence: PassageIndex) -> tuple[float, int]:
    """Share of a clause that the best few sentences in a row hold, and the first of them."""
    held: dict[int, float] = defaultdict(float)
    for item in clause:
        if item.match.degree:
            for start in _window_starts(item.match.stem, evidence):
                held[start] += item.weight
    start = max(held, key=lambda at: held[at], default=0)
    return held[start] / sum(item.word.weight for item in clause), start


def _window_starts(stem: str, evidence: PassageIndex) -> set[int]:
    """First sentences of the windows that hold a stem."""
    at = {place.sentence for place in evidence.places[stem]}
    return {start for end in at for start in range(end - WINDOW_SENTENCES + 1, end + 1)}


def _neighbourhood_share(parts: Sequence[Sequence[_AlignedWord]], evidence: PassageIndex) -> float:
    """Share of neighbouring words that stand so near and in this order there; a word alone counts
    as it is found."""
    total = held = 0.0
    for left, right, apart in _neighbour_pairs(parts):
        weight = left.word.weight + right.word.weight
        total += weight
        if left.match.degree and right.match.degree:
            held += weight * _follows_within(
                left.match.stem, right.match.stem, apart + NEIGHBOUR_SLACK_WORDS, evidence
            )
    if total:
        return held / total
    alone = [item for part in parts for item in part]
    return sum(item.weight for item in alone) / sum(item.word.weight for item in alone)


def _neighbour_pairs(
    parts: Iterable[Sequence[_AlignedWord]],
) -> Iterator[tuple[_AlignedWord, _AlignedWord, int]]:
    for part in parts:
        for apart in range(1, MAX_NEIGHBOUR_DISTANCE + 1):
            for left, right in zip(part, part[apart:], strict=False):
                yield left, right, apart


def _follows_within(left: str, right: str, reach: int, evidence: PassageIndex) -> bool:
    """Whether one stem stands at most ``reach`` telling words behind the other."""
    spots = [place.position for place in evidence.places[right]]
    for place in evidence.places[left]:
        at = bisect_right(spots, place.position)
        if at < len(spots) and spots[at] - place.position <= reach:
            return True
    return False
