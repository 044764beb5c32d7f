"""How many perturbations the checks detect, and how many unchanged sentences they flag.

supported sentences of a briefing
| perturb     one candidate of each kind for each sentence, drawn with a seed
| judge       as the product judges; detected: no longer "supported"
-> report     by kind: made, detected, share, 95 % interval, what was missed
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from summarizer.checking.claims import Judgement
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.verdict import judge_claim
from summarizer.evaluation.labels import SourceLibrary, SupportedSample
from summarizer.evaluation.perturbations import (
    PERTURBATIONS,
    PerturbationKind,
    PerturbedSentence,
    perturbation_candidates,
)
from summarizer.evaluation.statistics import ConfidenceInterval, wilson_share

__all__ = [
    "FalseAlarms",
    "KindDetection",
    "MisjudgedSentence",
    "PerturbationReport",
    "measure_detection",
]

MAX_CANDIDATES = 400
"""Most candidates of one kind for one sentence; the one that counts is drawn among them."""


class _ReportModel(BaseModel):
    """Frozen; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MisjudgedSentence(_ReportModel):
    """A mistake that was judged supported, or a supported sentence that was not."""

    text: str
    was: str
    support: float
    detail: str = ""


class KindDetection(_ReportModel):
    """One kind of mistake. ``share`` and its interval are None when none could be made."""

    kind: str
    made: int
    caught: int
    share: float | None
    interval: ConfidenceInterval | None
    by: dict[str, int]
    """Check -> mistakes that it found; "support" where the score alone decided."""
    missed: tuple[MisjudgedSentence, ...]


class FalseAlarms(_ReportModel):
    """The unchanged sentences."""

    sentences: int
    flagged: int
    share: float | None
    interval: ConfidenceInterval | None
    by: dict[str, int]
    wrongly: tuple[MisjudgedSentence, ...]


class PerturbationReport(_ReportModel):
    """What ``summarizer eval mutate`` measures."""

    schema_: Literal["summarizer/mutations/1"] = Field(alias="schema")
    seed: int
    kinds: tuple[KindDetection, ...]
    untouched: FalseAlarms

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)


class _Trial(NamedTuple):
    text: str
    was: str
    judgement: Judgement

    @property
    def flagged(self) -> bool:
        return self.judgement.verdict != "supported"

    @property
    def misjudged(self) -> MisjudgedSentence:
        detail = "; ".join(issue.detail for issue in self.judgement.issues)
        support = round(self.judgement.support, 3)
        return MisjudgedSentence(text=self.text, was=self.was, support=support, detail=detail)


def measure_detection(
    groups: Iterable[tuple[Sequence[SupportedSample], SourceLibrary]],
    seed: int = 0,
    entailment: EntailmentModel | None = None,
) -> PerturbationReport:
    """The report over briefings, each with its sources. One mistake of each kind a sentence.
    ``entailment`` reads what the rules leave open."""
    run_trial = partial(_run_trial, entailment=entailment)
    trials: Mapping[PerturbationKind, list[_Trial]] = {kind: [] for kind in PERTURBATIONS}
    untouched: list[_Trial] = []
    for samples, library in groups:
        for sample in samples:
            unchanged = PerturbedSentence(sample.claim.text, sample.passages)
            untouched.append(run_trial(sample, unchanged, library))
            for kind, candidates in perturbation_candidates(sample, library):
                if drawn := list(islice(candidates, MAX_CANDIDATES)):
                    # The same sentence and seed always give the same mistake.
                    draw = random.Random(f"{seed}\n{kind}\n{sample.claim.text}")  # noqa: S311
                    trials[kind].append(run_trial(sample, draw.choice(drawn), library))
    return PerturbationReport(
        schema="summarizer/mutations/1",
        seed=seed,
        kinds=tuple(_kind_detection(kind, each) for kind, each in trials.items()),
        untouched=_false_alarms(untouched),
    )


def _run_trial(
    sample: SupportedSample,
    made: PerturbedSentence,
    library: SourceLibrary,
    entailment: EntailmentModel | None,
) -> _Trial:
    published = made.passages[0].published if made.passages else sample.claim.published
    claim = replace(sample.claim, text=made.text, published=published)
    judgement = judge_claim(claim, made.passages, library.aliases, entailment=entailment)
    return _Trial(made.text, sample.claim.text, judgement)


def _kind_detection(kind: PerturbationKind, trials: Sequence[_Trial]) -> KindDetection:
    caught = [trial for trial in trials if trial.flagged]
    share = wilson_share(len(caught), len(trials))
    return KindDetection(
        kind=kind, made=len(trials), caught=len(caught), share=share.value,
        interval=share.interval, by=_counts_by_check(caught),
        missed=tuple(trial.misjudged for trial in trials if not trial.flagged),
    )  # fmt: skip


def _false_alarms(trials: Sequence[_Trial]) -> FalseAlarms:
    flagged = [trial for trial in trials if trial.flagged]
    share = wilson_share(len(flagged), len(trials))
    return FalseAlarms(
        sentences=len(trials), flagged=len(flagged), share=share.value, interval=share.interval,
        by=_counts_by_check(flagged), wrongly=tuple(trial.misjudged for trial in flagged),
    )  # fmt: skip


def _counts_by_check(trials: Iterable[_Trial]) -> dict[str, int]:
    """Check -> trials in which it found something, the most frequent first."""
    counts = Counter(
        kind
        for trial in trials
        for kind in {issue.kind for issue in trial.judgement.issues} or {"support"}
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
