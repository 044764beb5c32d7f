"""What a made mistake is, and how words are put into a sentence."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from summarizer.checking.claims import Passage
from summarizer.evaluation.samples import Library, Sample
from summarizer.text.selectors import Span

__all__ = ["SAID_STILL", "Corrupted", "Maker", "put"]

SAID_STILL = 0.5
"""Share of a sentence's telling words from which another passage may say it too: it is then no
certain mistake to cite that one."""


class Corrupted(NamedTuple):
    """The sentence as it reads now, and what it cites now."""

    text: str
    passages: tuple[Passage, ...]


Maker = Callable[[Sample, Library], Iterator[Corrupted]]
"""Candidates of one kind, in no particular order."""


def put(sample: Sample, span: Span, words: str) -> Corrupted:
    """The sentence with other words at a place; a capital there stays one."""
    text = sample.claim.text
    if text[span.start : span.end][:1].isupper():
        words = words[:1].upper() + words[1:]
    return Corrupted(text[: span.start] + words + text[span.end :], sample.passages)
