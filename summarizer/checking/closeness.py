"""How much of a written sentence its cited passages do not say in any word that means it.

The support score forgives a paraphrase, since it was learnt on many kinds of text. A model that
writes is held closer to its sources, unless a judge says that other words mean the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from summarizer.checking.alignment import clauses, gather, match
from summarizer.checking.claims import Claim, Passage

__all__ = ["FARTHEST", "Unsaid", "unsaid"]

FARTHEST = 0.35
"""Share of a sentence's telling words that may be the writer's own. Of the claims of WiCE (dev) in
which the checks find nothing wrong, 13 of 58 beyond it are supported, and 181 of 259 within it."""


class Unsaid(NamedTuple):
    """Share of the meaning, 0 to 1, and the words."""

    share: float
    words: tuple[str, ...]


def unsaid(claim: Claim, passages: Sequence[Passage]) -> Unsaid:
    """The claim's telling words that no passage has, nor a word that is like them."""
    evidence = gather(tuple(passages))
    found = [
        (word, match(word.stem, evidence, claim.language).degree)
        for clause in clauses(claim.text, claim.language)
        for word in clause.content
    ]
    total = sum(word.weight for word, _ in found)
    if not total:
        return Unsaid(1.0, ())
    held = sum(word.weight * degree for word, degree in found)
    missing = dict.fromkeys(word.form for word, degree in found if not degree)
    return Unsaid(1 - held / total, tuple(missing))
