"""A model's second opinion where the checks are uncertain. It sees evidence and claim, no more.

A verdict that contradicts its own reason is unscored, and changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.briefing import Finding
from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Issue, Judgement
from summarizer.models.prompts import Prompt, enclose
from summarizer.models.protocol import LanguageModel
from summarizer.models.structured_output import Answer, Verdict, ask_model, build_request
from summarizer.text.lexicon import lexicon

__all__ = ["ModelJudge", "contradicts_itself", "is_uncertain"]

MAX_UNCERTAIN_SUPPORT = 0.65
"""Support below which "supported" is asked about too: there one in three is wrong."""

_DENIES = re.compile(rf"\b(?:{lexicon('en').judge_denials})\b", re.IGNORECASE)
_AFFIRMS = re.compile(
    rf"\b(?:{lexicon('en').judge_affirmations})"
    r"(?: \w+){0,2} (?:support|state|confirm|carr|say|said|contain)\w*"
    r"|\bsupports (?:all|every|the (?:whole|entire) claim)\b",
    re.IGNORECASE,
)


def is_uncertain(judgement: Judgement) -> bool:
    """Whether the checks found nothing wrong, and not enough that is right."""
    standing = judgement.verdict in ("supported", "unverified")
    return standing and (
        judgement.verdict == "unverified" or judgement.support < MAX_UNCERTAIN_SUPPORT
    )


def contradicts_itself(verdict: Verdict) -> bool:
    """Whether the reason says otherwise than the verdict.

    The pieces that are missing decide; the words of the reason only where they leave no doubt.
    """
    if (verdict.verdict == "supported") == bool(verdict.missing):
        return True
    denies, affirms = _DENIES.search(verdict.reason), _AFFIRMS.search(verdict.reason)
    if verdict.verdict == "supported":
        return bool(denies and not affirms)
    return bool(affirms and not denies)


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """Asks a judge. ``answers`` and ``findings`` are filled as it goes: the first with the ids of
    the cited chunks."""

    model: LanguageModel
    name: str
    prompt: Prompt
    answers: list[tuple[Answer[Verdict], tuple[str, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __call__(self, text: str, cited: Sequence[CitedSpan], judgement: Judgement) -> Judgement:
        """The judgement with the judge's verdict, or as it was. ``support`` stays the checks'."""
        if not is_uncertain(judgement):
            return judgement
        answer = self._ask(text, cited)
        verdict = answer.value
        if verdict is None:
            why = answer.error.message if answer.error else "no verdict"
            return self._unscored(text, why, judgement)
        if contradicts_itself(verdict):
            why = f"the verdict {verdict.verdict!r} contradicts its reason: {verdict.reason}"
            return self._unscored(text, why, judgement)
        if verdict.verdict == "supported":
            return Judgement("supported", judgement.support, (), f"judge:{self.name}")
        said = f"{self.name}: {verdict.reason}"
        issue = Issue("support", verdict.missing[0], said)
        return Judgement("unsupported", judgement.support, (issue,), f"judge:{self.name}")

    def _ask(self, text: str, cited: Sequence[CitedSpan]) -> Answer[Verdict]:
        request = build_request(
            self.name,
            self.prompt,
            Verdict,
            evidence="\n\n".join(enclose("evidence", item.quote) for item in cited),
            claim=enclose("claim", text),
        )
        answer = ask_model(self.model, request, Verdict)
        self.answers.append((answer, tuple(item.chunk.id for item in cited)))
        return answer

    def _unscored(self, text: str, why: str, judgement: Judgement) -> Judgement:
        detail = f"unscored by {self.name}: {why}"
        self.findings.append(Finding(kind="model", action="kept", text=text, detail=detail))
        return judgement
