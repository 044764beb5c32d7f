"""How good a judge is itself: its verdicts on pairs labelled by hand (``labelled.jsonl``).

The pairs are English and invented: a claim, its evidence, and whether all of the claim is said
there. Half of them are not, each by one thing: a number, a date, a name, a negation, a role, a
speaker, a degree of certainty, something added.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from summarizer.checking.judge import contradicts_itself
from summarizer.evaluation.intervals import Interval, clustered, kappa
from summarizer.evaluation.summary import Agreement
from summarizer.models.asking import ask, question
from summarizer.models.forms import Verdict
from summarizer.models.port import LanguageModel
from summarizer.models.prompts import Prompt, enclose
from summarizer.writing.chain import Mapper

__all__ = ["Pair", "agreement", "labelled"]


class Pair(NamedTuple):
    """A claim, what it rests on, and whether that carries it."""

    claim: str
    evidence: str
    supported: bool


@cache
def labelled() -> tuple[Pair, ...]:
    """The pairs that come with the package."""
    text = files("summarizer.evaluation").joinpath("labelled.jsonl").read_text(encoding="utf-8")
    return tuple(Pair(**json.loads(line)) for line in text.splitlines())


def agreement(
    model: LanguageModel,
    name: str,
    prompt: Prompt,
    pairs: Sequence[Pair] | None = None,
    each: Mapper = map,
) -> Agreement:
    """The judge's verdicts against the labels. A pair without a verdict, or with one that
    contradicts its own reason, counts as wrong."""
    held = labelled() if pairs is None else pairs
    verdicts = list(each(lambda pair: _verdict(model, name, prompt, pair), held))
    said = [
        (pair.supported, not pair.supported if verdict is None else verdict)
        for pair, verdict in zip(held, verdicts, strict=True)
    ]
    return Agreement(name, len(said), _balanced(said), kappa(said), verdicts.count(None))


def _verdict(model: LanguageModel, name: str, prompt: Prompt, pair: Pair) -> bool | None:
    request = question(
        name,
        prompt,
        Verdict,
        evidence=enclose("evidence", pair.evidence),
        claim=enclose("claim", pair.claim),
    )
    verdict = ask(model, request, Verdict).value
    if verdict is None or contradicts_itself(verdict):
        return None
    return verdict.verdict == "supported"


def _balanced(said: Sequence[tuple[bool, bool]]) -> Interval:
    """Mean of the accuracies on the two labels. Pairs weigh as much as their label is rare, so that
    the mean over pairs is that mean of means."""
    counts = {label: sum(own == label for own, _ in said) for label in (True, False)}
    weighed = [
        (str(at), len(said) * (label == judged) / (2 * counts[label]))
        for at, (label, judged) in enumerate(said)
    ]
    return clustered(weighed)
