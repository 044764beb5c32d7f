"""A finished case as it is kept, and how one is made. Here any failure becomes part of the row."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from summarizer.briefings import Action, FindingKind, Method, Verdict
from summarizer.errors import SettingsError
from summarizer.evaluation.cases import Case
from summarizer.evaluation.evaluators import EVALUATORS, Evaluator, Value
from summarizer.evaluation.expectations import unmet
from summarizer.evaluation.forms import Bound
from summarizer.evaluation.outcomes import Outcome, run

if TYPE_CHECKING:
    from summarizer.writing.chain import Chain

__all__ = [
    "Found",
    "Row",
    "Score",
    "Told",
    "check",
    "evaluate",
]

Status = Literal["passed", "failed", "invalid"]


@dataclass(frozen=True, slots=True)
class Score:
    """One evaluator's value. None: it could not be judged. ``judge``: who decided. ``error``: what
    the evaluator raised."""

    value: bool | float | str | None
    judge: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the briefing. ``sources``: the articles it cites, as the suite calls them."""

    part: str
    text: str
    verdict: Verdict
    method: Method
    sources: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the briefing."""

    kind: FindingKind
    action: Action
    text: str
    detail: str


class Row(BaseModel):
    """One case, run once. ``key``: hash of all that decides it. ``failures``: what was demanded and
    did not come. ``invalid``: what is wrong with the suite; such a row measures nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    case: str
    suite: str
    story: str
    place: str
    about: str = ""
    attempt: int = 0
    status: Status
    failures: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    unusable: str = ""
    """Why the model could not be used at all."""
    scores: Mapping[str, Score] = {}
    told: tuple[Told, ...] = ()
    findings: tuple[Found, ...] = ()
    seconds: float = 0.0

    def scored(self) -> "Row":
        """The row without the briefing's texts: thousands of those fit into little memory."""
        return self.model_copy(update={"told": (), "findings": ()})


def evaluate(
    case: Case,
    key: str = "",
    *,
    attempt: int = 0,
    live: "Chain | None" = None,
    evaluators: Mapping[str, Evaluator] = EVALUATORS,
) -> Row:
    """The row of one case. Never raises for what the case, its articles or an evaluator do."""
    head = Row(
        key=key,
        case=case.id,
        suite=case.suite,
        story=case.story,
        place=case.place,
        about=case.spec.about,
        attempt=attempt,
        status="failed",
    )
    try:
        outcome, unasked = run(case, live)
    except SettingsError as error:
        return head.model_copy(update={"status": "invalid", "invalid": (str(error),)})
    except Exception as error:  # noqa: BLE001 - one case that breaks is a failed row
        return head.model_copy(update={"failures": (f"the chain raised {_named(error)}",)})
    scores = _scores(outcome, evaluators)
    failures = tuple(check(outcome, scores, live=live is not None))
    return head.model_copy(
        update={
            "status": "invalid" if unasked else "failed" if failures else "passed",
            "failures": failures,
            "invalid": tuple(unasked),
            "unusable": outcome.failure if outcome.unusable else "",
            "scores": scores,
            "told": _told(outcome),
            "findings": _found(outcome),
            "seconds": round(outcome.seconds, 6),
        }
    )


def check(outcome: Outcome, scores: Mapping[str, Score], *, live: bool = False) -> list[str]:
    """Every demand that is not met: expectations, thresholds, and evaluators that broke."""
    broken = [f"{name} raised {score.error}" for name, score in scores.items() if score.error]
    missed = [
        line
        for name, bound in outcome.case.thresholds.items()
        if (line := _missed(name, scores.get(name), bound))
    ]
    return [*unmet(outcome, live=live), *broken, *missed]


def _missed(name: str, score: Score | None, bound: Bound) -> str:
    """What is wrong with a score that is demanded; nothing if it is within its bound."""
    if score is not None and score.error:
        return ""
    if score is None or score.value is None:
        return f"{name} could not be scored, and {bound} is demanded"
    if bound.admits(score.value):
        return ""
    shown = f"{score.value:.4g}" if isinstance(score.value, float) else str(score.value).lower()
    return f"{name} is {shown}, and {bound} is demanded"


def _scores(outcome: Outcome, evaluators: Mapping[str, Evaluator]) -> dict[str, Score]:
    demanded = outcome.case.thresholds
    measured = {
        name: _score(outcome, each)
        for name, each in evaluators.items()
        if each.always or name in demanded
    }
    return {
        name: score
        for name, score in measured.items()
        if score.value is not None or score.error or name in demanded
    }


def _score(outcome: Outcome, evaluator: Evaluator) -> Score:
    judge = evaluator.judged_by(outcome)
    try:
        return Score(value=_finite(evaluator.measure(outcome)), judge=judge)
    except Exception as error:  # noqa: BLE001 - an evaluator that raises is a failed row
        return Score(value=None, judge=judge, error=_named(error))


def _finite(value: Value) -> Value:
    """The value; what is no number is "could not be judged"."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return round(value, 6) if isinstance(value, float) else value


def _named(error: Exception) -> str:
    """``ValueError: what it says``, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _told(outcome: Outcome) -> tuple[Told, ...]:
    return tuple(
        Told(
            part=part,
            text=sentence.text,
            verdict=sentence.verdict,
            method=sentence.method,
            sources=outcome.sources(sentence),
            quotes=tuple(cited.quote for cited in sentence.citations),
        )
        for part, sentence in outcome.told()
    )


def _found(outcome: Outcome) -> tuple[Found, ...]:
    return tuple(
        Found(kind=each.kind, action=each.action, text=each.text, detail=each.detail)
        for each in (outcome.briefing.findings if outcome.briefing else ())
    )
