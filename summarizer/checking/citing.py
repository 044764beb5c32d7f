"""Which words a written sentence is best cited to: enough of them, and no citation too many.

A citation first points at the one to three sentences that say most of the claim. Where the passage
gives somebody's country or house only a sentence before ("US President"), it points at both.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from summarizer.checking.checks import Judgement
from summarizer.checking.resolve import Cited
from summarizer.text.selectors import Span

__all__ = ["needed", "widened"]

Judge = Callable[[Sequence[Cited]], Judgement]

_NEXT = re.compile(r"\W*(\w+)")


def widened(text: str, cited: Sequence[Cited], judgement: Judgement) -> Iterator[list[Cited]]:
    """The citations with more of their passages, shortest first; nothing unless all that is missing
    are names which stand in the passage right before the same word."""
    problems = judgement.problems
    if not problems or not all(
        problem.kind == "name" and any(_stands(problem.words, text, item) for item in cited)
        for problem in problems
    ):
        return
    yield [_from(item, item.chunk.start, item.span.end) for item in cited]
    yield [_from(item, item.span.start, item.chunk.end) for item in cited]


def _stands(name: str, text: str, cited: Cited) -> bool:
    """Whether name and next word of the text stand so in the cited passage."""
    following = _NEXT.match(text, text.find(name) + len(name))
    passage = " ".join(cited.chunk.text.split())
    return following is not None and f"{name} {following[1]}" in passage


def _from(cited: Cited, start: int, end: int) -> Cited:
    return Cited(cited.chunk, Span(start, end))


def needed(cited: Sequence[Cited], judge: Judge) -> list[Cited]:
    """The citations without those that neither carry the claim nor are missed by the others."""
    kept = list(cited)
    for item in reversed(cited):
        others = [other for other in kept if other is not item]
        if others and not _carries(judge, [item]) and _carries(judge, others):
            kept = others
    return kept


def _carries(judge: Judge, cited: Sequence[Cited]) -> bool:
    return judge(cited).verdict == "supported"
