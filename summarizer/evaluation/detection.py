"""What the checks say of mistakes made on purpose, of faithful twins and of unchanged sentences.

supported sentences of a briefing
| perturb     one mistake and one faithful twin of each kind for each sentence, drawn with a seed
| judge       as the product judges
-> report     by kind: supported, cannot tell, flagged; what should have been another verdict

What a good checker shows:

              supported                    cannot tell          flagged
  mistakes    none: a reader is misled     what is left         most
  twins       as many as it can read       what is left         none: a faithful sentence is lost
  untouched   all                          none                 none
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
    PerturbedSentence,
    perturbation_candidates,
    twin_candidates,
)
from summarizer.evaluation.statistics import ConfidenceInterval, wilson_share

MAX_CANDIDATES = 400
"""Most candidates of one kind for one sentence; the one that counts is drawn among them."""


class _ReportModel(BaseModel):
    """Frozen; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MisjudgedSentence(_ReportModel):
    """A mistake that was judged supported, or a faithful sentence that was flagged."""

    text: str
    was: str
    support: float
    detail: str = ""


class VerdictCounts(_ReportModel):
    """Sentences by verdict. The intervals are of shares of ``made``; None when none was made."""

    made: int
    supported: int
    unverified: int
    flagged: int
    """Unsupported or contradicted."""
    supported_interval: ConfidenceInterval | None
    flagged_interval: ConfidenceInterval | None
    by: dict[str, int]
    """Check -> flagged sentences in which it found something."""
    misjudged: tuple[MisjudgedSentence, ...]


class KindReport(_ReportModel):
    """One kind: its mistakes, and sentences changed in the same kind of words that stay true."""

    kind: str
    mistakes: VerdictCounts
    twins: VerdictCounts


class PerturbationReport(_ReportModel):
    """What ``summarizer eval mutate`` measures."""

    schema_: Literal["summarizer/mutations/2"] = Field(alias="schema")
    seed: int
    kinds: tuple[KindReport, ...]
    untouched: VerdictCounts

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)


class _Trial(NamedTuple):
    text: str
    was: str
    judgement: Judgement

    @property
    def column(self) -> str:
        verdict = self.judgement.verdict
        return verdict if verdict in ("supported", "unverified") else "flagged"


def measure_detection(
    groups: Iterable[tuple[Sequence[SupportedSample], SourceLibrary]],
    seed: int = 0,
    entailment: EntailmentModel | None = None,
) -> PerturbationReport:
    """The report over briefings, each with its sources. One mistake and one twin of each kind a
    sentence. ``entailment`` reads what the rules leave open."""
    run_trial = partial(_run_trial, entailment=entailment)
    mistakes: Mapping[str, list[_Trial]] = {kind: [] for kind in PERTURBATIONS}
    twins: Mapping[str, list[_Trial]] = {kind: [] for kind in PERTURBATIONS}
    untouched: list[_Trial] = []
    for samples, library in groups:
        for sample in samples:
            unchanged = PerturbedSentence(sample.claim.text, sample.passages)
            untouched.append(run_trial(sample, unchanged, library))
            for find, trials in ((perturbation_candidates, mistakes), (twin_candidates, twins)):
                for kind, candidates in find(sample, library):
                    if made := list(islice(candidates, MAX_CANDIDATES)):
                        # The same candidate for the same sentence and seed.
                        draw = random.Random(f"{seed}\n{kind}\n{sample.claim.text}")  # noqa: S311
                        trials[kind].append(run_trial(sample, draw.choice(made), library))
    return PerturbationReport(
        schema="summarizer/mutations/2",
        seed=seed,
        kinds=tuple(
            KindReport(
                kind=kind,
                mistakes=_verdict_counts(mistakes[kind], wrong_column="supported"),
                twins=_verdict_counts(twins[kind], wrong_column="flagged"),
            )
            for kind in PERTURBATIONS
        ),
        untouched=_verdict_counts(untouched, wrong_column="flagged"),
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


def _verdict_counts(trials: Sequence[_Trial], wrong_column: str) -> VerdictCounts:
    """The trials by column; those of ``wrong_column`` are listed."""
    columns = Counter(trial.column for trial in trials)
    objections = Counter(
        kind
        for trial in trials
        if trial.column == "flagged"
        for kind in {issue.kind for issue in trial.judgement.issues}
    )
    return VerdictCounts(
        made=len(trials),
        supported=columns["supported"],
        unverified=columns["unverified"],
        flagged=columns["flagged"],
        supported_interval=wilson_share(columns["supported"], len(trials)).interval,
        flagged_interval=wilson_share(columns["flagged"], len(trials)).interval,
        by=dict(sorted(objections.items(), key=lambda item: (-item[1], item[0]))),
        misjudged=tuple(
            MisjudgedSentence(
                text=trial.text,
                was=trial.was,
                support=round(trial.judgement.support, 3),
                detail="; ".join(issue.detail for issue in trial.judgement.issues),
            )
            for trial in trials
            if trial.column == wrong_column
        ),
    )
