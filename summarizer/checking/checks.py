"""Every check of a sentence against the words it cites, and the verdict they add up to.

claim + passages
| hygiene, number, date                     whatever the languages
| name, quote, negation, speaker, wording   where claim and passage share a language
| support                                   likewise
-> judgement: supported, partly, unsupported, contradicted
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.briefings import FindingKind, Verdict
from summarizer.checking import hygiene, mentions, negation, speakers, support, wording
from summarizer.checking.claims import NO_ALIASES, Claim, Passage, Problem
from summarizer.text.entities import Aliases
from summarizer.text.languages import differ

__all__ = [
    "CHECKS",
    "Check",
    "Claim",
    "Judgement",
    "Passage",
    "Problem",
    "capped",
    "check",
    "judge",
]

Check = Callable[[Claim, Sequence[Passage], Aliases], Iterable[Problem]]

CHECKS: Mapping[FindingKind, Check] = {
    "number": mentions.numbers,
    "date": mentions.dates,
    "name": mentions.named,
    "quote": mentions.quotes,
    "negation": negation.check,
    "speaker": speakers.check,
    "support": wording.check,
    "hygiene": hygiene.check,
}
"""Take a check out to switch it off. All citations of a sentence carry it together."""

WORDLESS: frozenset[FindingKind] = frozenset({"number", "date", "hygiene"})
"""Checks that compare no words, and so speak across languages."""

SUPPORTED, PARTLY = 0.5, 0.3
"""Least support of a supported and of a partly supported sentence. Calibrated with
``weights.tsv``: learn both together."""

FLAWED = 0.49
"""Most support of a sentence with a problem: less than any that is supported."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a claim is worth on its citations; ``support`` is the calibrated probability, 0 to 1."""

    verdict: Verdict
    support: float
    problems: tuple[Problem, ...]


def check(
    claim: Claim,
    passages: Sequence[Passage],
    *,
    aliases: Aliases = NO_ALIASES,
    only: Collection[FindingKind] = CHECKS.keys(),
) -> tuple[Problem, ...]:
    """What the checks of ``only`` find, in the order of `CHECKS`."""
    readable = _readable(claim, passages)
    return tuple(
        problem
        for kind, find in CHECKS.items()
        if kind in only and (readable or kind in WORDLESS)
        for problem in find(claim, passages if kind in WORDLESS else readable, aliases)
    )


def judge(claim: Claim, passages: Sequence[Passage], aliases: Aliases = NO_ALIASES) -> Judgement:
    """The verdict on a claim, with its support and every problem found.

    Across languages the most it can be is ``partly``, at the support where that begins.
    """
    problems = check(claim, passages, aliases=aliases)
    readable = _readable(claim, passages)
    value = support.weigh(claim, readable, problems) if readable else PARTLY * bool(passages)
    return Judgement(_verdict(value, problems), capped(value, problems), problems)


def capped(value: float, problems: Collection[Problem]) -> float:
    """A probability as it is told beside the problems found."""
    return min(value, FLAWED) if problems else value


def _verdict(value: float, problems: Sequence[Problem]) -> Verdict:
    if any(problem.clash for problem in problems):
        return "contradicted"
    if problems or value < PARTLY:
        return "unsupported"
    return "supported" if value >= SUPPORTED else "partly"


def _readable(claim: Claim, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in the claim's language; an undetermined one counts as shared."""
    return tuple(each for each in passages if not differ(claim.language, each.language))
