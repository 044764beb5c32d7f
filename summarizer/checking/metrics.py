"""Citation quality of a briefing in numbers, judged by the checks.

citation_recall and citation_precision as ALCE defines them (Gao et al., "Enabling Large Language
Models to Generate Text with Citations", EMNLP 2023). Unresolved citations count against
precision.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Judgement

__all__ = ["CitationQuality", "measure_citations"]

JudgeSentence = Callable[[str, Sequence[CitedSpan]], Judgement]


class CitationQuality(NamedTuple):
    """Shares, 0..1; None when there was nothing to judge."""

    recall: float | None
    precision: float | None


def measure_citations(
    sentences: Sequence[tuple[str, Sequence[CitedSpan]]], judge: JudgeSentence, unresolved: int = 0
) -> CitationQuality:
    """``sentences``: text and citations of each; ``unresolved``: keys that named nothing."""
    carried = [judge(text, cited).verdict == "supported" for text, cited in sentences]
    precise = [
        _is_precise(text, cited, at, judge)
        for (text, cited), supported in zip(sentences, carried, strict=True)
        for at in range(len(cited) if supported else 0)
    ]
    total = sum(len(cited) for _, cited in sentences) + unresolved
    return CitationQuality(
        sum(carried) / len(carried) if carried else None,
        sum(precise) / total if total else None,
    )


def _is_precise(text: str, cited: Sequence[CitedSpan], at: int, judge: JudgeSentence) -> bool:
    """A citation is precise if it carries the sentence alone, or the others do not without it."""
    if judge(text, [cited[at]]).verdict == "supported":
        return True
    others = [*cited[:at], *cited[at + 1 :]]
    return not others or judge(text, others).verdict != "supported"
