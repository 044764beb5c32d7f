"""The verdict of an entailment model on a claim that the rules leave open.

A model decides by the thresholds of its calibration. Above the upper one it supports a claim and
overrules soft issues, unless the sources put a status before the claim's words ("plans to",
"alleged"): models rate a plan told as done nearly as high as the plan. Up to the lower one it finds
a claim unsupported that the rules could not decide. Elsewhere the verdict of the rules is kept.
"""

from collections.abc import Collection, Sequence

from summarizer.briefing import Verdict
from summarizer.checking.claims import Claim, Issue, Judgement, Passage
from summarizer.checking.entailment import Entailment, EntailmentModel
from summarizer.checking.support import VERBATIM_SUPPORT
from summarizer.text.languages import languages_differ
from summarizer.text.sentences import split_sentences

MIN_CONTRADICTED = 0.5
"""Probability of contradiction above which an unsupported claim is contradicted."""


def decide_by_entailment(
    judged: Judgement, claim: Claim, passages: Sequence[Passage], model: EntailmentModel
) -> Judgement:
    """The model's judgement where it decides, else ``judged``, which is that of the rules.

    Nothing is read where nothing could be decided, or where a passage is in another language.
    """
    calibration = model.calibration
    if not calibration or not passages or not calibration.covers(claim.language):
        return judged
    if any(languages_differ(claim.language, each.language) for each in passages):
        return judged
    may_support = may_be_supported(judged.verdict, judged.issues)
    upper = calibration.min_supported if may_support else None
    lower = calibration.max_unsupported if judged.verdict == "unverified" else None
    if upper is None and lower is None:
        return judged
    entailed, _, contradicted = read_claim(claim, passages, model)
    method = f"nli:{model.name}"
    if upper is not None and entailed >= upper:
        value = min(calibration.support_if_supported, VERBATIM_SUPPORT)
        return Judgement("supported", value, (), method)
    if lower is None or entailed > lower:
        return judged
    denied = (contradicted or 0.0) > MIN_CONTRADICTED
    detail = f"the cited passages {'contradict' if denied else 'do not entail'} it"
    issue = Issue("support", claim.text, detail, denied, "soft")
    support = min(judged.support, calibration.support_if_unsupported)
    verdict: Verdict = "contradicted" if denied else "unsupported"
    return Judgement(verdict, support, (*judged.issues, issue), method)


def may_be_supported(verdict: Verdict, issues: Collection[Issue]) -> bool:
    """Whether a model may support a claim of which the rules say this: they did not decide it by a
    hard issue, and do not doubt that it happened."""
    return verdict != "supported" and all(
        each.severity != "hard" and each.kind not in ("status", "speaker") for each in issues
    )


def read_claim(claim: Claim, passages: Sequence[Passage], model: EntailmentModel) -> Entailment:
    """The model's reading of a claim beside the sentences of all passages together."""
    sentences = [
        each.text[start:end]
        for each in passages
        for start, end in split_sentences(each.text, each.language)
    ]
    return model.read(claim.text, sentences)
