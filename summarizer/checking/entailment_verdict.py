"""The verdict of an entailment model on a claim that the rules leave open.

A model decides by the thresholds of its calibration. Above the upper one it supports a claim and
overrules soft issues, unless the sources put a status before the claim's words ("plans to",
"alleged"): models rate a plan told as done nearly as high as the plan. Up to the lower one it finds
the claim unsupported. Between them the verdict of the rules is kept.
"""

from collections.abc import Collection, Sequence

from summarizer.briefing import Verdict
from summarizer.checking.claims import Claim, Issue, Judgement, Passage
from summarizer.checking.entailment import Entailment, EntailmentModel
from summarizer.text.languages import languages_differ
from summarizer.text.sentences import split_sentences

__all__ = ["decide_by_entailment", "has_status_issue", "is_left_open", "read_claim"]

MIN_CONTRADICTED = 0.5
"""Probability of contradiction above which an unsupported claim is contradicted."""


def decide_by_entailment(
    judged: Judgement, claim: Claim, passages: Sequence[Passage], model: EntailmentModel
) -> Judgement:
    """The model's judgement where it decides, else ``judged``, which is that of the rules.

    Nothing is read where nothing could be decided, or where a passage is in another language.
    """
    calibration = model.calibration
    if not (calibration and calibration.decides and calibration.covers(claim.language)):
        return judged
    foreign = any(languages_differ(claim.language, each.language) for each in passages)
    if foreign or not passages or not is_left_open(judged.verdict, judged.issues):
        return judged
    entailed, _, contradicted = read_claim(claim, passages, model)
    upper, lower = calibration.min_supported, calibration.max_unsupported
    method = f"nli:{model.name}"
    if upper is not None and entailed >= upper and not has_status_issue(judged.issues):
        return Judgement("supported", calibration.support_if_supported, (), method)
    if lower is None or entailed > lower:
        return judged
    denied = (contradicted or 0.0) > MIN_CONTRADICTED
    detail = f"the cited passages {'contradict' if denied else 'do not entail'} it"
    issue = Issue("support", claim.text, detail, denied, "soft")
    # The rules may already object that the claim as a whole is not there.
    others = [each for each in judged.issues if each[:2] != issue[:2]]
    verdict: Verdict = (
        "contradicted" if denied or judged.verdict == "contradicted" else "unsupported"
    )
    support = min(judged.support, calibration.support_if_unsupported)
    return Judgement(verdict, support, (*others, issue), method)


def is_left_open(verdict: Verdict, issues: Collection[Issue]) -> bool:
    """Whether rules with this verdict and these issues leave a claim to a reader of sentences."""
    return verdict != "supported" and all(each.severity != "hard" for each in issues)


def has_status_issue(issues: Collection[Issue]) -> bool:
    """Whether it is in doubt that what a claim says happened."""
    return any(each.kind == "status" for each in issues)


def read_claim(claim: Claim, passages: Sequence[Passage], model: EntailmentModel) -> Entailment:
    """The model's reading of a claim beside the sentences of all passages together."""
    sentences = [
        each.text[start:end]
        for each in passages
        for start, end in split_sentences(each.text, each.language)
    ]
    return model.read(claim.text, sentences)
