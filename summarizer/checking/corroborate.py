"""Which other sources say it too: a sentence's provenance is complete, not just sufficient."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from summarizer.checking.checks import Judgement
from summarizer.checking.resolve import Cited, covered, weights
from summarizer.checking.thesaurus import alike
from summarizer.retrieval.chunks import Statement
from summarizer.text.tokens import FUNCTION_WORDS, content, stems

__all__ = ["corroborate", "lacks_predicate", "substitutes"]

COVERED = 0.45
"""Share of the claim's weight that a passage must hold before it is asked for support at all."""

FRAME, PLACE = 2, 2
"""Words that must stand on both sides of a place, and the most that stand in it."""

MODAL = frozenset("will would may might could should must can not never no".split())
"""Function words that change what is said."""

_COPULA = re.compile(
    r"\b(?:is|are|was|were|be|been|being|remains?|remained|becomes?|became)\s+"
    r"(?:(?:[\w’'-]+ly|an?|the|not|now|still|also|very|more|most)\s+)*([\w’'-]+)",
    re.IGNORECASE,
)
"""What stands behind a form of "to be"."""

_VERBS = ("ed", "en", "ing")
"""Endings of the verbs of passives and of what goes on, which paraphrases change freely."""

EMPTY = FUNCTION_WORDS | set(stems("another other reportedly"))

Step = tuple[str, int, int, int, int]
"""One step of an alignment as difflib gives it."""

Judge = Callable[[Cited], Judgement]


def corroborate(
    text: str,
    cited: Sequence[Cited],
    said: Mapping[str, Sequence[Statement]],
    judge: Judge,
    language: str = "en",
) -> list[Cited]:
    """One more citation from each source, not yet cited, whose own words carry ``text`` alone.

    ``said``: the statements that may be cited, by source. Best supported first.
    """
    wanted = weights(content(text, language))
    have = {item.chunk.source for item in cited}
    found: list[tuple[float, Cited]] = []
    for source, statements in said.items():
        if source in have:
            continue
        for nearest in _nearest(wanted, statements):
            judgement = judge(nearest)
            told = nearest.quote
            other = substitutes(text, told, language) or lacks_predicate(text, told, language)
            if judgement.verdict == "supported" and not other:
                found.append((judgement.support, nearest))
                break
    return [item for _, item in sorted(found, key=lambda pair: (-pair[0], pair[1].chunk.id))]


def substitutes(claim: str, passage: str, language: str = "en") -> bool:
    """Whether another word stands in the same place between the same words: "stable", "critical".

    Near-sayings may stand for one another. Where nothing tells that two words are, they are not:
    a source that may say something else is not cited.
    """
    ours, theirs = stems(claim, language), stems(passage, language)
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return any(
        tag == "replace"
        and _framed(steps, at, len(ours), len(theirs))
        and _differ(ours[a:b], theirs[c:d], language)
        for at, (tag, a, b, c, d) in enumerate(steps)
    )


def lacks_predicate(claim: str, passage: str, language: str = "en") -> bool:
    """Whether the passage has no word near to what the claim says that something is.

    "A fire was harmless" is not said by "a fire destroyed the depot", however much they share.
    Some faithful paraphrases fail it too: it decides on further citations alone.
    """
    there = set(content(passage, language))
    behind = [found[1] for found in _COPULA.finditer(claim) if not found[1].endswith(_VERBS)]
    told = {stem for word in behind for stem in content(word, language)} - there
    return any(not any(alike(stem, other, language) for other in there) for stem in told)


def _framed(steps: Sequence[Step], at: int, ours: int, theirs: int) -> bool:
    """Whether the same words, FRAME of them or the edge of the sentence, stand on both sides."""
    _, a, b, c, d = steps[at]
    if max(b - a, d - c) > PLACE:
        return False
    left = (a == 0 and c == 0) or (at > 0 and _same(steps[at - 1]))
    right = (b == ours and d == theirs) or (at + 1 < len(steps) and _same(steps[at + 1]))
    return left and right


def _same(step: Step) -> bool:
    return step[0] == "equal" and step[2] - step[1] >= FRAME


def _differ(ours: Sequence[str], theirs: Sequence[str], language: str) -> bool:
    """Whether content or modality differs and no two of the words are near-sayings."""
    left = [stem for stem in ours if stem in MODAL or stem not in EMPTY]
    right = [stem for stem in theirs if stem in MODAL or stem not in EMPTY]
    return bool(left and right) and not any(alike(x, y, language) for x in left for y in right)


def _nearest(wanted: Mapping[str, float], statements: Iterable[Statement]) -> list[Cited]:
    """The two statements that hold most of the claim, if they hold enough."""
    held = [(covered(wanted, item.stems), item) for item in statements]
    best = sorted(held, key=lambda pair: (-pair[0], pair[1].span))[:2]
    return [Cited(item.chunk, item.span) for share, item in best if share >= COVERED]
