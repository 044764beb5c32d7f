"""How many made mistakes the checks catch, and how many untouched sentences they wrongly flag.

supported sentences of a briefing
| corrupt   corruptions   one candidate of each kind for each sentence, drawn with a seed
| judge     checking      as the product judges; caught: no longer "supported"
-> report   by kind: made, caught, share, 95 % interval, what slipped through
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from summarizer.checking.checks import Judgement, judge
from summarizer.checking.claims import Claim
from summarizer.evaluation.corruptions import KINDS, Kind, corruptions
from summarizer.evaluation.measures import Interval, share
from summarizer.evaluation.mistakes.made import Corrupted
from summarizer.evaluation.samples import Library, Sample

__all__ = ["Caught", "Missed", "MutationReport", "Untouched", "mutate"]

CANDIDATES = 400
"""Most candidates of one kind for one sentence; the one that counts is drawn among them."""


class _Value(BaseModel):
    """Frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Missed(_Value):
    """A mistake that was taken for supported, and a good sentence that was not."""

    text: str
    was: str
    support: float
    detail: str = ""


class Caught(_Value):
    """One kind of mistake. ``share`` and its interval are None when none could be made."""

    kind: str
    made: int
    caught: int
    share: float | None
    interval: Interval | None
    by: dict[str, int]
    """Check that spoke -> how often; "support" where the score alone decided."""
    missed: tuple[Missed, ...]


class Untouched(_Value):
    """The sentences as they were."""

    sentences: int
    flagged: int
    share: float | None
    interval: Interval | None
    by: dict[str, int]
    wrongly: tuple[Missed, ...]


class MutationReport(_Value):
    """What ``summarizer eval mutate`` measures."""

    schema_: Literal["summarizer/mutations/1"] = Field(alias="schema")
    seed: int
    kinds: tuple[Caught, ...]
    untouched: Untouched

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)


class _Trial(NamedTuple):
    text: str
    was: str
    judgement: Judgement

    @property
    def flagged(self) -> bool:
        return self.judgement.verdict != "supported"


def mutate(groups: Iterable[tuple[Sequence[Sample], Library]], seed: int = 0) -> MutationReport:
    """The report over briefings, each with its sources. One mistake of each kind a sentence."""
    trials: Mapping[Kind, list[_Trial]] = {kind: [] for kind in KINDS}
    untouched: list[_Trial] = []
    for samples, library in groups:
        for sample in samples:
            untouched.append(_try(sample, Corrupted(sample.claim.text, sample.passages), library))
            for kind, made in _drawn(sample, library, seed):
                trials[kind].append(_try(sample, made, library))
    return MutationReport(
        schema="summarizer/mutations/1",
        seed=seed,
        kinds=tuple(_caught(kind, each) for kind, each in trials.items()),
        untouched=_left(untouched),
    )


def _drawn(sample: Sample, library: Library, seed: int) -> Iterator[tuple[Kind, Corrupted]]:
    """One candidate of each kind that there is, the same for the same sentence and seed."""
    for kind, candidates in corruptions(sample, library):
        held = list(islice(candidates, CANDIDATES))
        if held:
            draw = random.Random(f"{seed}\n{kind}\n{sample.claim.text}")  # noqa: S311 - a draw
            yield kind, draw.choice(held)


def _try(sample: Sample, made: Corrupted, library: Library) -> _Trial:
    published = made.passages[0].published if made.passages else sample.claim.published
    claim = Claim(made.text, sample.claim.language, published)
    return _Trial(made.text, sample.claim.text, judge(claim, made.passages, library.aliases))


def _caught(kind: Kind, trials: Sequence[_Trial]) -> Caught:
    caught = [trial for trial in trials if trial.flagged]
    found = share(len(caught), len(trials))
    missed = tuple(_told(trial) for trial in trials if not trial.flagged)
    return Caught(
        kind=kind, made=len(trials), caught=len(caught), share=found.value,
        interval=found.interval, by=_by(caught), missed=missed,
    )  # fmt: skip


def _left(trials: Sequence[_Trial]) -> Untouched:
    flagged = [trial for trial in trials if trial.flagged]
    found = share(len(flagged), len(trials))
    return Untouched(
        sentences=len(trials), flagged=len(flagged), share=found.value, interval=found.interval,
        by=_by(flagged), wrongly=tuple(map(_told, flagged)),
    )  # fmt: skip


def _by(trials: Iterable[_Trial]) -> dict[str, int]:
    """How many each check spoke on, the most frequent first; several may speak on one."""
    counted = Counter(
        kind
        for trial in trials
        for kind in {problem.kind for problem in trial.judgement.problems} or {"support"}
    )
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _told(trial: _Trial) -> Missed:
    detail = "; ".join(problem.detail for problem in trial.judgement.problems)
    return Missed(
        text=trial.text, was=trial.was, support=round(trial.judgement.support, 3), detail=detail
    )
