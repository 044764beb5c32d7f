"""Where a written sentence leaves the words of its cited passages, though the checks let it pass.

The support score forgives a paraphrase, since it was learnt on many kinds of text. A model that
writes is held closer to its sources, unless a judge says that other words mean the same: not too
many words may be its own, and none that stands for another of its kind, "hospital" for "school".

Kinds are told by ``kinds.txt``, since the place in a sentence does not tell them: of 949 faithful
claims 8 % have a word of their own where the passage has another (of the 162 paraphrases among them
17 %), as have 8 % of 636 wrong ones. A word of another's kind has none of the faithful ones and
0.3 % of the wrong ones. With one word exchanged for another of its kind, 183 of 227 faithful claims
still pass the checks; of these 145 are seen here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from summarizer.checking.alignment import clauses, gather, meant
from summarizer.checking.claims import Claim, Passage, Problem
from summarizer.text.tokens import stems

__all__ = ["FARTHEST", "Exchange", "Unsaid", "apart", "exchanges", "unsaid"]

FARTHEST = 0.35
"""Share of a sentence's telling words that may be the writer's own. Of the claims of WiCE (dev) in
which the checks find nothing wrong, 13 of 58 beyond it are supported, and 181 of 259 within it."""


class Unsaid(NamedTuple):
    """Share of the meaning, 0 to 1, and the words."""

    share: float
    words: tuple[str, ...]


class Exchange(NamedTuple):
    """A word of the claim, and one of its kind that the passages have instead."""

    word: str
    there: str


def unsaid(claim: Claim, passages: Sequence[Passage]) -> Unsaid:
    """The claim's telling words that no passage has, nor a word that is like them."""
    evidence = gather(tuple(passages))
    found = [
        (word, meant(word, evidence, claim.language).degree)
        for clause in clauses(claim.text, claim.language)
        for word in clause.content
    ]
    total = sum(word.weight for word, _ in found)
    if not total:
        return Unsaid(1.0, ())
    held = sum(word.weight * degree for word, degree in found)
    missing = dict.fromkeys(word.form for word, degree in found if not degree)
    return Unsaid(1 - held / total, tuple(missing))


def exchanges(claim: Claim, passages: Sequence[Passage]) -> Iterator[Exchange]:
    """Each word that no passage has, where one has another of its kind that the claim has not.

    Only English words are known by their kinds.
    """
    if claim.language != "en":
        return
    kinds, evidence = _kinds(), gather(tuple(passages))
    own = gather((Passage(claim.text, claim.language),))
    there = [
        word
        for sentence in evidence.sentences
        for word in sentence
        if word.stem in kinds and not meant(word, own, claim.language).degree
    ]
    for word in (word for sentence in own.sentences for word in sentence if word.stem in kinds):
        alike = [other for other in there if not kinds[word.stem].isdisjoint(kinds[other.stem])]
        if alike and not meant(word, evidence, claim.language).degree:
            yield Exchange(word.form, alike[0].form)


def apart(text: str, words: Sequence[str], exchanged: Sequence[Exchange]) -> Problem:
    """What `unsaid` and `exchanges` found wrong with ``text``."""
    if exchanged:
        word, there = exchanged[0]
        return Problem("support", text, f"the cited passages have “{there}”, and no “{word}”")
    return Problem("support", text, f"not in the cited passages: {', '.join(words)}")


@cache
def _kinds() -> Mapping[str, set[int]]:
    """Stem -> the lines on which it stands."""
    text = files("summarizer.checking").joinpath("kinds.txt").read_text(encoding="utf-8")
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(text.splitlines()):
        if not line.startswith("#"):
            for stem in stems(line, "en"):
                found[stem].add(number)
    return dict(found)
