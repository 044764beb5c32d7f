"""The gate: floors below which quality may not fall, for the corpus and the prompts on which they
were measured.

A floor is meaningless for another corpus or other prompts, so the gate refuses to judge when those
have changed. Renewing the baseline never lowers a floor silently.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import SettingsError
from summarizer.evaluation.evaluators import EVALUATORS
from summarizer.evaluation.labels import read_labelled_claims, score_claims
from summarizer.evaluation.outcomes import suite_prompts
from summarizer.evaluation.schema import Bound
from summarizer.evaluation.suites import Suite
from summarizer.evaluation.summary import RunSummary, SuiteSummary
from summarizer.sources.articles import sha256_hex


class SuiteFloors(BaseModel):
    """The floors of one suite, or of one file of labelled claims, and what they were measured
    on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str
    """Hash of all cases with all that they read."""
    prompts: dict[str, str]
    """Name -> hash of each prompt file that the cases use."""
    cases: int
    floors: dict[str, Bound]
    """Score -> what it may not fall below (``max``: rise above)."""


class Baseline(BaseModel):
    """The floors of all suites, and of the files of labelled claims that are counted with them, by
    their paths beside the baseline."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["summarizer/baseline/1"] = Field(
        default="summarizer/baseline/1", alias="schema"
    )
    suites: dict[str, SuiteFloors]
    claims: dict[str, SuiteFloors] = Field(default_factory=dict)

    @property
    def sets(self) -> dict[str, SuiteFloors]:
        """Suites and claims together."""
        return {**self.suites, **self.claims}


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
    """The content of the file."""
    document = baseline.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def describe_suites(
    suites: Sequence[Suite], claims: Mapping[str, SuiteFloors] | None = None
) -> Baseline:
    """The hashes of the suites as they are now, without floors. Runs no case. ``claims``: those
    counted now."""
    described = {}
    for suite in suites:
        folders = sorted({case.prompts for case in suite.cases}, key=str)
        described[suite.name] = SuiteFloors(
            corpus=sha256_hex("\n".join(sorted(case.content for case in suite.cases)))[:16],
            prompts={p.name: p.hash[:16] for folder in folders for p in suite_prompts(folder)},
            cases=len(suite.cases),
            floors={},
        )
    return Baseline(suites=described, claims=dict(claims or {}))


def measure_baseline(
    summary: RunSummary, suites: Sequence[Suite], claims: Mapping[str, SuiteFloors] | None = None
) -> Baseline:
    """The baseline with the scores of this run, and the counts of the claims, as floors."""
    suites_now = dict(describe_suites(suites).suites)
    for each in summary.suites:
        floors = {}
        for name, value in _gated_values(each).items():
            # A bound at the value, rounded to four decimals in its favour.
            if name in EVALUATORS and EVALUATORS[name].better == "lower":
                floors[name] = Bound(max=math.ceil(value * 10_000 - 1e-6) / 10_000)
            elif value > 0:
                floors[name] = Bound(min=math.floor(value * 10_000 + 1e-6) / 10_000)
        suites_now[each.name] = suites_now[each.name].model_copy(update={"floors": floors})
    return Baseline(
        suites={each.name: suites_now[each.name] for each in summary.suites},
        claims=dict(claims or {}),
    )


def count_claims(file: Path) -> SuiteFloors:
    """What the rules make of a file of labelled claims: how many are wrong in each way, as
    floors."""
    rows = list(score_claims(read_labelled_claims(file)))
    supported = [row.verdict == "supported" for row in rows]
    flagged = [row.verdict in ("unsupported", "contradicted") for row in rows]
    faithful = [row.label == 1 for row in rows]
    wrong = {
        "false_supported": [s and not f for s, f in zip(supported, faithful, strict=True)],
        "faithful_flagged": [x and f for x, f in zip(flagged, faithful, strict=True)],
        "false_not_flagged": [not (x or f) for x, f in zip(flagged, faithful, strict=True)],
        "faithful_not_supported": [f and not s for s, f in zip(supported, faithful, strict=True)],
    }
    return SuiteFloors(
        corpus=sha256_hex(file.read_text(encoding="utf-8"))[:16],
        prompts={},
        cases=len(rows),
        floors={name: Bound(max=sum(counted)) for name, counted in wrong.items()},
    )


def _gated_values(suite: SuiteSummary) -> dict[str, float]:
    """The share of passed cases, and the means of what is judged: no times, tokens or costs."""
    values = {"passed": suite.passed / suite.cases}
    for mean in suite.means:
        evaluator = EVALUATORS.get(mean.name)
        if not evaluator or evaluator.judge != "measure" or evaluator.kind == "assertion":
            values[mean.name] = mean.interval.mean
    return values


def refuse_changed_inputs(baseline: Baseline, now: Baseline, file: Path) -> None:
    """Raises SettingsError when the baseline was measured on something else, and names what."""
    old, new = baseline.sets, now.sets
    changes = [f"the suite {name!r} was not run" for name in sorted(old.keys() - new.keys())]
    changes += [f"the suite {name!r} is new" for name in sorted(new.keys() - old.keys())]
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if before.corpus != after.corpus:
            changes.append(
                f"the corpus of {name!r} has changed ({before.corpus} -> {after.corpus})"
            )
        for prompt in sorted(before.prompts.keys() | after.prompts.keys()):
            if before.prompts.get(prompt) != after.prompts.get(prompt):
                changes.append(f"the prompt {prompt!r} of {name!r} has changed")
    if changes:
        hint = "look at what changed, then renew it: summarizer eval gate SUITE... --update"
        raise SettingsError(
            f"does not fit any more: {'; '.join(changes)}", subject=str(file), hint=hint
        )


def missed_floors(
    baseline: Baseline, summary: RunSummary, claims: Mapping[str, SuiteFloors] | None = None
) -> list[MissedFloor]:
    """Every floor that this run does not meet; what was not measured does not meet its floor.
    ``claims``: those counted now."""
    values = {suite.name: _gated_values(suite) for suite in summary.suites}
    for path, counted in (claims or {}).items():
        values[path] = {name: bound.max or 0.0 for name, bound in counted.floors.items()}
    return [
        MissedFloor(name, score, value, bound)
        for name, floors in baseline.sets.items()
        for score, bound in floors.floors.items()
        if (value := values.get(name, {}).get(score)) is None or not bound.contains(round(value, 6))
    ]


def lowered_floors(old: Baseline, new: Baseline) -> list[str]:
    """One line for each suite, case and floor that a renewed baseline would no longer hold."""
    lines = []
    for name, before in sorted(old.sets.items()):
        after = new.sets.get(name)
        if after is None:
            lines.append(f"the suite {name!r} would be left out")
            continue
        if after.cases < before.cases:
            lines.append(f"{name}: {before.cases} cases -> {after.cases}")
        for score, bound in sorted(before.floors.items()):
            floor = after.floors.get(score) or Bound(equals="no floor")
            fell = bound.min is not None and (floor.min is None or floor.min < bound.min)
            rose = bound.max is not None and (floor.max is None or floor.max > bound.max)
            if fell or rose:
                lines.append(f"{name}: {score} {bound} -> {floor}")
    return lines
