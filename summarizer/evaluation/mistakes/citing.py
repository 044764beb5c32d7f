"""Wrong citations: the same words, resting on something else."""

from collections.abc import Iterable, Iterator

from summarizer.checking.claims import Passage
from summarizer.evaluation.mistakes.made import SAID_STILL, Corrupted
from summarizer.evaluation.samples import Library, Sample
from summarizer.text.tokens import content

__all__ = ["citations", "passages"]


def citations(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """A passage of another source is cited."""
    for source, shelf in library.shelves.items():
        if source not in sample.sources:
            yield from _recited(sample, shelf.sentences)


def passages(sample: Sample, library: Library) -> Iterator[Corrupted]:
    """Another passage of the right source is cited."""
    for source in dict.fromkeys(sample.sources):
        yield from _recited(sample, library.shelves[source].sentences)


def _recited(sample: Sample, others: Iterable[Passage]) -> Iterator[Corrupted]:
    """The same words with a citation that says something else."""
    wanted = set(content(sample.claim.text))
    cited = [passage.text for passage in sample.passages]
    for passage in others:
        elsewhere = not any(passage.text in words or words in passage.text for words in cited)
        shared = len(wanted & set(content(passage.text)))
        if elsewhere and wanted and shared < SAID_STILL * len(wanted):
            yield Corrupted(sample.claim.text, (passage,))
