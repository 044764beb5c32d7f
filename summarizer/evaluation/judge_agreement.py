"""How often a judge agrees with pairs labelled by hand (``labelled.jsonl``).

The pairs are English and invented: a claim, its evidence, and whether the evidence states all of
the claim. In half of them it does not, because of one thing: a number, a date, a name, a negation,
a role, a speaker, a degree of certainty, something added.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from summarizer.checking.judge import contradicts_itself
from summarizer.evaluation.statistics import MeanInterval, bootstrap_mean, cohen_kappa
from summarizer.evaluation.summary import JudgeAgreement
from summarizer.models.prompts import Prompt, enclose
from summarizer.models.protocol import LanguageModel
from summarizer.models.structured_output import Verdict, ask_model, build_request
from summarizer.writing.prompting import Mapper

__all__ = ["LabelledPair", "labelled_pairs", "measure_judge_agreement"]


class LabelledPair(NamedTuple):
    """A claim, what it rests on, and whether that carries it."""

    claim: str
    evidence: str
    supported: bool


@cache
def labelled_pairs() -> tuple[LabelledPair, ...]:
    """The pairs that come with the package."""
    text = files("summarizer.evaluation").joinpath("labelled.jsonl").read_text(encoding="utf-8")
    return tuple(LabelledPair(**json.loads(line)) for line in text.splitlines())


def measure_judge_agreement(
    model: LanguageModel,
    name: str,
    prompt: Prompt,
    pairs: Sequence[LabelledPair] | None = None,
    each: Mapper = map,
) -> JudgeAgreement:
    """The judge's verdicts against the labels. A pair without a verdict, or with one that
    contradicts its own reason, counts as wrong."""
    held = labelled_pairs() if pairs is None else pairs
    verdicts = list(each(lambda pair: _judge_says_supported(model, name, prompt, pair), held))
    said = [
        (pair.supported, not pair.supported if verdict is None else verdict)
        for pair, verdict in zip(held, verdicts, strict=True)
    ]
    return JudgeAgreement(
        name, len(said), _balanced_accuracy(said), cohen_kappa(said), verdicts.count(None)
    )


def _judge_says_supported(
    model: LanguageModel, name: str, prompt: Prompt, pair: LabelledPair
) -> bool | None:
    request = build_request(
        name,
        prompt,
        Verdict,
        evidence=enclose("evidence", pair.evidence),
        claim=enclose("claim", pair.claim),
    )
    verdict = ask_model(model, request, Verdict).value
    if verdict is None or contradicts_itself(verdict):
        return None
    return verdict.verdict == "supported"


def _balanced_accuracy(said: Sequence[tuple[bool, bool]]) -> MeanInterval:
    """Mean of the accuracies on the two labels. Pairs weigh as much as their label is rare, so that
    the mean over pairs is that mean of means."""
    counts = {label: sum(own == label for own, _ in said) for label in (True, False)}
    weighed = [
        (str(at), len(said) * (label == judged) / (2 * counts[label]))
        for at, (label, judged) in enumerate(said)
    ]
    return bootstrap_mean(weighed)
