"""The gate: floors that quality may not fall below, for the corpus and the prompts they were
measured on.

A floor says nothing of another corpus or of other prompts, so where those have changed the gate
refuses to judge. Renewing never lowers a floor in silence.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.outcomes import suite_prompts
from summarizer.evaluation.schema import Bound
from summarizer.evaluation.suites import Case, Suite
from summarizer.evaluation.summary import RunSummary, SuiteSummary
from summarizer.sources.articles import sha256_hex

__all__ = [
    "Baseline",
    "MissedFloor",
    "SuiteFloors",
    "baseline_json",
    "describe_suites",
    "lowered_floors",
    "measure_baseline",
    "missed_floors",
    "read_baseline",
    "refuse_changed_inputs",
]


class _BaselineModel(BaseModel):
    """Frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SuiteFloors(_BaselineModel):
    """One suite: what it was measured on, and what it may not fall below (``max``: rise above)."""

    corpus: str
    prompts: dict[str, str]
    cases: int
    floors: dict[str, Bound]


class Baseline(_BaselineModel):
    """All suites. ``schema``: the form of the file."""

    schema_: Literal["summarizer/baseline/1"] = Field(
        default="summarizer/baseline/1", alias="schema"
    )
    suites: dict[str, SuiteFloors]


class MissedFloor(NamedTuple):
    """A floor that is not met; ``value`` is None where nothing was measured."""

    suite: str
    name: str
    value: float | None
    bound: Bound

    def __str__(self) -> str:
        value = "not measured" if self.value is None else f"{self.value:.4g}"
        return f"{self.suite}: {self.name} is {value}, and the floor is {self.bound}"


def read_baseline(file: Path) -> Baseline:
    """The baseline in a file. Raises SettingsError."""
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        hint = "write it with: summarizer eval gate SUITE... --update"
        raise SettingsError("there is no baseline", subject=str(file), hint=hint) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(file)) from error
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "it"
        raise SettingsError(f"is no baseline: {place}: {fault['msg']}", subject=str(file)) from None


def baseline_json(baseline: Baseline) -> str:
    """The file."""
    held = baseline.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(held, indent=2, sort_keys=True) + "\n"


def describe_suites(suites: Sequence[Suite]) -> Baseline:
    """What the suites are now, without a floor: nothing needs to be run for that."""
    return Baseline(
        suites={
            suite.name: SuiteFloors(
                corpus=_corpus_hash(suite.cases),
                prompts=_prompt_hashes(suite.cases),
                cases=len(suite.cases),
                floors={},
            )
            for suite in suites
        }
    )


def measure_baseline(summary: RunSummary, suites: Sequence[Suite]) -> Baseline:
    """The baseline that this run would make."""
    now = describe_suites(suites).suites
    return Baseline(
        suites={
            each.name: now[each.name].model_copy(update={"floors": dict(_floors_at(each))})
            for each in summary.suites
        }
    )


def _corpus_hash(cases: Iterable[Case]) -> str:
    """Hash of all cases with all that they read."""
    return sha256_hex("\n".join(sorted(case.content for case in cases)))[:16]


def _prompt_hashes(cases: Iterable[Case]) -> dict[str, str]:
    """Name -> hash of each prompt file that the cases use."""
    folders = {case.prompts for case in cases}
    return {
        prompt.name: prompt.hash[:16]
        for folder in sorted(folders, key=str)
        for prompt in suite_prompts(folder)
    }


def _floors_at(suite: SuiteSummary) -> Iterator[tuple[str, Bound]]:
    """A bound at what was reached, for each score that tells quality."""
    for name, value in _gated_values(suite).items():
        if _better_direction(name) == "lower":
            yield name, Bound(max=math.ceil(value * 10_000 - 1e-6) / 10_000)
        elif value > 0:
            yield name, Bound(min=math.floor(value * 10_000 + 1e-6) / 10_000)


def _gated_values(suite: SuiteSummary) -> dict[str, float]:
    """The share of passed cases, and the means of what is judged: no times, tokens or costs."""
    judged = {
        mean.name: mean.interval.mean
        for mean in suite.means
        if mean.name not in EVALUATORS
        or EVALUATORS[mean.name].judge != "measure"
        or EVALUATORS[mean.name].kind == "assertion"
    }
    return {"passed": suite.passed / suite.cases, **judged}


def _better_direction(name: str) -> str:
    return EVALUATORS[name].better if name in EVALUATORS else "higher"


def refuse_changed_inputs(baseline: Baseline, now: Baseline, file: Path) -> None:
    """Raises SettingsError when the baseline was measured on something else, saying on what."""
    changes = list(_input_changes(baseline.suites, now.suites))
    if changes:
        hint = "look at what changed, then renew it: summarizer eval gate SUITE... --update"
        raise SettingsError(
            f"does not fit any more: {'; '.join(changes)}", subject=str(file), hint=hint
        )


def _input_changes(old: Mapping[str, SuiteFloors], new: Mapping[str, SuiteFloors]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield f"the suite {name!r} was not run"
    for name in new.keys() - old.keys():
        yield f"the suite {name!r} is new"
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if before.corpus != after.corpus:
            yield f"the corpus of {name!r} has changed ({before.corpus} -> {after.corpus})"
        for prompt in sorted(before.prompts.keys() | after.prompts.keys()):
            if before.prompts.get(prompt) != after.prompts.get(prompt):
                yield f"the prompt {prompt!r} of {name!r} has changed"


def missed_floors(baseline: Baseline, summary: RunSummary) -> list[MissedFloor]:
    """Every floor that this run does not meet; what was not measured does not meet its floor."""
    values = {suite.name: _gated_values(suite) for suite in summary.suites}
    return [
        MissedFloor(name, score, value, bound)
        for name, floors in baseline.suites.items()
        for score, bound in floors.floors.items()
        if (value := values.get(name, {}).get(score)) is None or not bound.contains(round(value, 6))
    ]


def lowered_floors(old: Baseline, new: Baseline) -> list[str]:
    """What a renewed baseline would no longer hold."""
    return list(_lowered_lines(old.suites, new.suites))


def _lowered_lines(old: Mapping[str, SuiteFloors], new: Mapping[str, SuiteFloors]) -> Iterator[str]:
    for name, before in sorted(old.items()):
        after = new.get(name)
        if after is None:
            yield f"the suite {name!r} would be left out"
            continue
        if after.cases < before.cases:
            yield f"{name}: {before.cases} cases -> {after.cases}"
        for score, bound in sorted(before.floors.items()):
            held = after.floors.get(score)
            if held is None or _is_looser(held, bound):
                yield f"{name}: {score} {bound} -> {held or 'no floor'}"


def _is_looser(held: Bound, bound: Bound) -> bool:
    fell = bound.min is not None and (held.min is None or held.min < bound.min)
    rose = bound.max is not None and (held.max is None or held.max > bound.max)
    return fell or rose
