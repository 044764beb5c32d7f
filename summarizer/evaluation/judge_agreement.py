"""How often a judge agrees with pairs labelled by hand (``labelled.jsonl``).

The pairs are English and invented: a claim, its evidence, and whether the evidence states all of
the claim. In half of them it does not, because of one thing: a number, a date, a name, a negation,
a role, a speaker, a degree of certainty, something added.
"""

import json
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from summarizer.checking.judge import ModelJudge
from summarizer.checking.prompt_passages import ArticlePassages
from summarizer.checking.repair import ClaimToJudge
from summarizer.evaluation.statistics import bootstrap_mean, cohen_kappa
from summarizer.evaluation.summary import JudgeAgreement
from summarizer.models.protocol import LanguageModel
from summarizer.retrieval.chunks import Chunk
from summarizer.text.spans import Span
from summarizer.writing.prompting import Mapper, StepPrompts


class LabelledPair(NamedTuple):
    """A claim, its evidence, and whether the evidence supports all of it."""

    claim: str
    evidence: str
    supported: bool


def labelled_pairs() -> tuple[LabelledPair, ...]:
    """The pairs that come with the package."""
    text = files("summarizer.evaluation").joinpath("labelled.jsonl").read_text(encoding="utf-8")
    return tuple(LabelledPair(**json.loads(line)) for line in text.splitlines())


def measure_judge_agreement(
    model: LanguageModel,
    name: str,
    prompts: StepPrompts,
    pairs: Sequence[LabelledPair] | None = None,
    each: Mapper = map,
) -> JudgeAgreement:
    """The judge's verdicts compared with the labels; each pair is asked about by itself. A pair
    without a verdict, or with one that contradicts itself, counts as wrong."""

    def is_supported(pair: LabelledPair) -> bool | None:
        judge = ModelJudge(model, name, prompts.judge, prompts.yes_no, ArticlePassages({}))
        whole = Span(0, len(pair.evidence))
        chunk = Chunk("evidence", "article", *whole, pair.evidence, (whole,))
        (opinion,) = judge([ClaimToJudge(pair.claim, (chunk,))])
        return opinion.supported if opinion else None

    asked = labelled_pairs() if pairs is None else pairs
    verdicts = list(each(is_supported, asked))
    judged = [
        (pair.supported, not pair.supported if verdict is None else verdict)
        for pair, verdict in zip(asked, verdicts, strict=True)
    ]
    # Pairs weigh more the rarer their label, so that the mean over pairs is balanced accuracy.
    counts = Counter(label for label, _ in judged)
    weighted = [
        (str(at), len(judged) * (label == verdict) / (2 * counts[label]))
        for at, (label, verdict) in enumerate(judged)
    ]
    return JudgeAgreement(
        name, len(judged), bootstrap_mean(weighted), cohen_kappa(judged), verdicts.count(None)
    )
