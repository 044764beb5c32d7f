"""Citation quality of a briefing in numbers.

citation_recall and citation_precision as ALCE defines them (Gao et al., "Enabling Large Language
Models to Generate Text with Citations", EMNLP 2023). Recall counts only what is ``supported``.
Precision leaves out sentences whose verdict is ``unverified``: there is nothing to measure it by.
Unresolved citations count against it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Judgement

JudgeSentence = Callable[[str, Sequence[CitedSpan]], Judgement]


class JudgedCitations(NamedTuple):
    """A sentence, its citations, and the verdict on them. ``named``: ids of the chunks that a judge
    names as carrying it."""

    text: str
    cited: Sequence[CitedSpan]
    judgement: Judgement
    named: frozenset[str] = frozenset()


class CitationQuality(NamedTuple):
    """Shares, 0..1; None when there was nothing to judge."""

    recall: float | None
    precision: float | None


def measure_citations(
    sentences: Sequence[JudgedCitations], judge: JudgeSentence, unresolved: int = 0
) -> CitationQuality:
    """``unresolved``: keys that named nothing."""
    supported = [each for each in sentences if each.judgement.verdict == "supported"]
    precise = sum(
        _is_precise(each, at, judge) for each in supported for at in range(len(each.cited))
    )
    decided = [each for each in sentences if each.judgement.verdict != "unverified"]
    total = sum(len(each.cited) for each in decided) + unresolved
    return CitationQuality(
        len(supported) / len(sentences) if sentences else None,
        precise / total if total else None,
    )


def _is_precise(sentence: JudgedCitations, at: int, judge: JudgeSentence) -> bool:
    """Whether a judge named it, it is likely to carry the sentence alone, or the others are not
    without it."""
    if sentence.cited[at].chunk.id in sentence.named:
        return True
    if judge(sentence.text, [sentence.cited[at]]).corroborates:
        return True
    others = [*sentence.cited[:at], *sentence.cited[at + 1 :]]
    return not others or not judge(sentence.text, others).corroborates
