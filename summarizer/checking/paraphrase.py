"""Checks of wording: words and clauses of a claim that the cited passages do not have.

    claim sentence -> the evidence's sentences that it copies -> steps of their alignment -> swaps
    clauses -> those of which next to nothing occurs in the evidence

In a copied sentence, any word that is no synonym of the one in its place is the claim's own. No
word list decides whether two words are opposites.

The support score accepts a paraphrase, since it was learnt on many kinds of text. What a model
writes is held closer to its sources, unless a judge says that other words mean the same: not too
many words may be its own, and none may replace another of its kind, "hospital" for "school".

Kinds are listed in ``kinds.txt``, since the place in a sentence does not show them: of 949 faithful
claims 8 % have a word of their own where the passage has another (of the 162 paraphrases among them
17 %), as have 8 % of 636 wrong ones. A word of another's kind has none of the faithful ones and
0.3 % of the wrong ones. With one word exchanged for another of its kind, 183 of 227 faithful claims
still pass the checks; of these 145 are found here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from summarizer.checking import factuality
from summarizer.checking.alignment import (
    STEM_PREFIX_LETTERS,
    Clause,
    PassageIndex,
    Word,
    aligned_word,
    clauses_of,
    index_passages,
    is_negation,
)
from summarizer.checking.claims import Claim, Issue, Passage, figures_in
from summarizer.text.aliases import Aliases
from summarizer.text.data_files import parsed_data
from summarizer.text.lexicon import lexicon
from summarizer.text.names import COUNTRIES
from summarizer.text.thesaurus import are_antonyms, are_synonyms
from summarizer.text.tokens import stems

__all__ = [
    "MAX_NOVEL_SHARE",
    "NovelWords",
    "SameKindSwap",
    "WordSwap",
    "check_wording",
    "find_same_kind_swaps",
    "find_word_swaps",
    "novel_words",
    "paraphrase_issue",
]

MIN_REPEATED_SHARE = 0.6
"""Least weighted share of a claim's sentence that a sentence of the evidence repeats."""

MIN_FRAME_WORDS, MAX_SWAPPED_WORDS = 4, 3
"""Least words that stand the same on both sides together, and most that stand in the place."""

MIN_COPIED_SHARE = 0.75
"""Least share of the claim's words that stand there in the same order: else it is a paraphrase, in
which a strange word may say the same. Chosen on the labelled pairs of ``falke_sentpairs``, of which
2 % of the right and 14 % of the wrong ones are flagged."""

MAX_COMPARED_SENTENCES, MAX_COMPARED_WORDS = 2, 200
"""Sentences of the evidence that a sentence of the claim is laid beside, and words of each: more is
no sentence, and takes its time by the square."""

MAX_UNSAID_CLAUSE_SHARE, MIN_LOST_WORDS, MIN_RARE_WEIGHT = 0.25, 3, 3.7
"""Share of a clause below which it is not said there, least words of it that have no counterpart
there, and what the rarest of them tells at least: common words are easily put otherwise. Of 1,190
labelled claims 3.9 % of the wrong ones and 2.7 % of the right ones have such a clause; with any two
words lost, 10.1 % and 8.2 %."""

MIN_VERBATIM_SHARE, MAX_ADDED_CLAUSE_SHARE, MIN_COMPARED_WORDS = 0.9, 0.5, 4
"""Share of a sentence's other clauses from which they are the evidence's own words, and share below
which a clause beside them is not said there: who copies one half does not put the other half into
words of his own; and least telling words of the others. Of 2,400 labelled claims this flags another
0.9 % of the wrong ones and 0.5 % of the right ones."""


_SAYING_VERBS = lexicon("en").attribution_verbs
MAX_ATTRIBUTION_WORDS = 3
"""Telling words of a clause that only tells whose words these are: `quotations` checks it."""


class _ClauseCoverage(NamedTuple):
    """Telling words of a clause, and what they tell: in all, as far as the evidence has it, that in
    the same words, and each word that it has not."""

    words: int
    total: float
    found: float
    same: float
    lost: tuple[float, ...]


class WordSwap(NamedTuple):
    """Words of the claim, and those that stand there in their place; either may be none."""

    words: str
    source_words: str


def check_wording(claim: Claim, passages: Sequence[Passage], known: Aliases) -> Iterator[Issue]:
    """Words that stand in the place of others, clauses that are not said, unheard-of outcomes."""
    for swap in find_word_swaps(claim, passages):
        detail = f"there: {swap.source_words or 'without it'}"
        yield Issue("support", swap.words or swap.source_words, detail, contradicts=True)
    for unsaid in _unsaid_clauses(claim, passages):
        yield Issue("support", unsaid, "not said in the cited passages")
    yield from factuality.check_outcomes(claim, passages, known)


def _unsaid_clauses(claim: Claim, passages: Sequence[Passage]) -> Iterator[str]:
    evidence = index_passages(passages)
    whole = clauses_of(claim)
    for _, group in groupby(whole, key=lambda clause: clause.sentence):
        parts = [(clause, _clause_coverage(clause, claim, evidence)) for clause in group]
        for at, (clause, held) in enumerate(parts):
            if len(held.lost) < MIN_LOST_WORDS or _is_attribution(clause):
                continue
            others = [other for n, (_, other) in enumerate(parts) if n != at]
            rare = (
                max(held.lost) >= MIN_RARE_WEIGHT
                and held.found < MAX_UNSAID_CLAUSE_SHARE * held.total
            )
            if rare or (_is_copied(others) and held.found < MAX_ADDED_CLAUSE_SHARE * held.total):
                yield _clause_text(clause, claim).strip(" ,;:.")


def _clause_text(clause: Clause, claim: Claim) -> str:
    return claim.text[clause.span.start : clause.span.end]


def _clause_coverage(clause: Clause, claim: Claim, evidence: PassageIndex) -> _ClauseCoverage:
    figures = {word for word, _ in figures_in(_clause_text(clause, claim), claim.annotations)}
    found = ((word, aligned_word(word, evidence, claim.language).degree) for word in clause.content)
    # A figure that is missing is an issue of its own.
    pairs = [(word.weight, how) for word, how in found if how or word.form not in figures]
    return _ClauseCoverage(
        len(pairs),
        sum(weight for weight, _ in pairs),
        sum(weight * degree for weight, degree in pairs),
        sum(weight for weight, degree in pairs if degree == 1),
        tuple(weight for weight, degree in pairs if not degree),
    )


def _is_copied(clauses: Sequence[_ClauseCoverage]) -> bool:
    """Whether they hold next to nothing but the very words of the evidence."""
    total = sum(held.total for held in clauses)
    enough = sum(held.words for held in clauses) >= MIN_COMPARED_WORDS
    return enough and sum(held.same for held in clauses) >= MIN_VERBATIM_SHARE * total


def _is_attribution(clause: Clause) -> bool:
    forms = {word.form for word in clause.words}
    return len(clause.content) <= MAX_ATTRIBUTION_WORDS and not forms.isdisjoint(_SAYING_VERBS)


def find_word_swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[WordSwap]:
    """Each place where a sentence of the claim says another thing than all it is laid beside."""
    evidence = index_passages(passages)
    whole = clauses_of(claim)
    for _, parts in groupby(whole, key=lambda clause: clause.sentence):
        here = [word for clause in parts for word in clause.words]
        near = _nearest_sentences(here, evidence) if len(here) <= MAX_COMPARED_WORDS else []
        if near:
            found = [list(_swaps_between(here, there, claim.language)) for there in near]
            yield from min(found, key=len)


def _nearest_sentences(words: Sequence[Word], evidence: PassageIndex) -> list[Sequence[Word]]:
    """The sentences that hold most of the claim's, if they hold enough."""
    held: dict[int, float] = {}
    weights = {word.stem: word.weight for word in words if word.weight}
    for stem, weight in weights.items():
        for at in {place.sentence for place in evidence.places.get(stem, ())}:
            held[at] = held.get(at, 0.0) + weight
    least = MIN_REPEATED_SHARE * sum(weights.values())
    best = sorted((-total, at) for at, total in held.items() if total >= least)[
        :MAX_COMPARED_SENTENCES
    ]
    return [
        evidence.sentences[at]
        for _, at in best
        if len(evidence.sentences[at]) <= MAX_COMPARED_WORDS
    ]


def _swaps_between(
    here: Sequence[Word], there: Sequence[Word], language: str
) -> Iterator[WordSwap]:
    ours, theirs = [word.stem for word in here], [word.stem for word in there]
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    if sum(step[2] - step[1] for step in steps if step[0] == "equal") < MIN_COPIED_SHARE * len(
        ours
    ):
        return
    for at, (tag, a, b, c, d) in enumerate(steps):
        if (
            tag == "equal"
            or max(b - a, d - c) > MAX_SWAPPED_WORDS
            or not _is_framed(steps, at, ours, theirs)
        ):
            continue
        if _differs_in_meaning(here[a:b], there[c:d], language):
            yield WordSwap(_joined_forms(here[a:b]), _joined_forms(there[c:d]))


def _is_framed(
    steps: Sequence[tuple[str, int, int, int, int]], at: int, ours: list[str], theirs: list[str]
) -> bool:
    """Whether enough of the same words stand around a place; an edge of both stands for some."""
    _, a, b, c, d = steps[at]
    left = a - steps[at - 1][1] if at and steps[at - 1][0] == "equal" else 0
    right = steps[at + 1][2] - b if at + 1 < len(steps) and steps[at + 1][0] == "equal" else 0
    left += (MIN_FRAME_WORDS // 2) * (a == 0 and c == 0)
    right += (MIN_FRAME_WORDS // 2) * (b == len(ours) and d == len(theirs))
    return min(left, right) > 0 and left + right >= MIN_FRAME_WORDS


def _differs_in_meaning(here: Sequence[Word], there: Sequence[Word], language: str) -> bool:
    """Whether two words are opposites, one side alone negates, or no two telling ones are alike."""
    if any(are_antonyms(x.stem, y.stem, language) for x in here for y in there):
        return True
    left, right = ([w for w in side if w.weight or w.form in COUNTRIES] for side in (here, there))
    if not left and not right:
        return any(is_negation(w.form) for w in here) != any(is_negation(w.form) for w in there)
    if not left or not right or all(word.form.endswith("ed") for word in (*left, *right)):
        return False  # nothing to compare, or another verb for what was done
    bare = len(left) + len(right) == len(here) + len(there)
    if not bare and (len(left) != len(right) or abs(len(here) - len(there)) > 1):
        return False  # another phrase, not another word
    return not any(_are_alike(x, y, language) for x in left for y in right)


def _are_alike(one: Word, other: Word, language: str) -> bool:
    """Whether they share a beginning, a group of near-sayings, or a country."""
    if one.stem[:STEM_PREFIX_LETTERS] == other.stem[:STEM_PREFIX_LETTERS] or are_synonyms(
        one.stem, other.stem, language
    ):
        return True
    country = COUNTRIES.get(one.form)
    return country is not None and country == COUNTRIES.get(other.form)


def _joined_forms(words: Sequence[Word]) -> str:
    return " ".join(word.form for word in words)


MAX_NOVEL_SHARE = 0.35
"""Share of a sentence's telling words that may be the writer's own. Of the claims of WiCE (dev) in
which the checks find nothing wrong, 13 of 58 beyond it are supported, and 181 of 259 within it."""


class NovelWords(NamedTuple):
    """Share of the meaning, 0 to 1, and the words."""

    share: float
    words: tuple[str, ...]


class SameKindSwap(NamedTuple):
    """A word of the claim, and one of its kind that the passages have instead."""

    word: str
    source_words: str


def novel_words(claim: Claim, passages: Sequence[Passage]) -> NovelWords:
    """The claim's telling words that no passage has, nor a word that is like them."""
    evidence = index_passages(passages)
    found = [
        (word, aligned_word(word, evidence, claim.language).degree)
        for clause in clauses_of(claim)
        for word in clause.content
    ]
    total = sum(word.weight for word, _ in found)
    if not total:
        return NovelWords(1.0, ())
    held = sum(word.weight * degree for word, degree in found)
    missing = dict.fromkeys(word.form for word, degree in found if not degree)
    return NovelWords(1 - held / total, tuple(missing))


def find_same_kind_swaps(claim: Claim, passages: Sequence[Passage]) -> Iterator[SameKindSwap]:
    """Each word that no passage has, where one has another of its kind that the claim has not.

    Only English words are known by their kinds.
    """
    if claim.language != "en":
        return
    kinds = parsed_data(_kinds_by_stem, "summarizer.checking", "kinds.txt")
    evidence = index_passages(passages)
    own = index_passages((claim,))
    there = [
        word
        for sentence in evidence.sentences
        for word in sentence
        if word.stem in kinds and not aligned_word(word, own, claim.language).degree
    ]
    for word in (word for sentence in own.sentences for word in sentence if word.stem in kinds):
        alike = [other for other in there if not kinds[word.stem].isdisjoint(kinds[other.stem])]
        if alike and not aligned_word(word, evidence, claim.language).degree:
            yield SameKindSwap(word.form, alike[0].form)


def paraphrase_issue(text: str, words: Sequence[str], exchanged: Sequence[SameKindSwap]) -> Issue:
    """What `novel_words` and `find_same_kind_swaps` found wrong with ``text``."""
    if exchanged:
        word, there = exchanged[0]
        return Issue("support", text, f"the cited passages have “{there}”, and no “{word}”")
    return Issue("support", text, f"not in the cited passages: {', '.join(words)}")


def _kinds_by_stem(text: str) -> Mapping[str, set[int]]:
    """Stem -> the lines on which it is."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(text.splitlines()):
        if not line.startswith("#"):
            for stem in stems(line, "en"):
                found[stem].add(number)
    return dict(found)
