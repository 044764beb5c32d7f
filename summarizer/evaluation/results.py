"""The result of each case, and the file that keeps results so that a killed run can resume.

    DIR/run.jsonl     first line: the format; then one `CaseResult` a line, as they finished

Any failure of a case becomes part of its result. A kept result is used again only if its key is
that of the case as it is now: articles, prompts, replies, settings and the program decide the key.
"""

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from summarizer.briefing import FindingAction, FindingKind, SentenceMethod, Verdict
from summarizer.errors import SettingsError
from summarizer.evaluation.assertions import unmet_expectations
from summarizer.evaluation.evaluators import EVALUATORS, Evaluator, ScoreValue
from summarizer.evaluation.outcomes import CaseOutcome, run_case
from summarizer.evaluation.schema import Bound
from summarizer.evaluation.suites import Case
from summarizer.sources.articles import sha256_hex

if TYPE_CHECKING:
    from summarizer.writing.prompting import Chain

__all__ = [
    "RUN_FILE",
    "CaseResult",
    "ReportedFinding",
    "ReportedSentence",
    "ResultLog",
    "Score",
    "evaluate_case",
    "open_result_log",
    "program_hash",
    "read_run",
    "result_key",
    "unmet_demands",
]

CaseStatus = Literal["passed", "failed", "invalid"]


@dataclass(frozen=True, slots=True)
class Score:
    """One evaluator's value. None: it could not be judged. ``judge``: who decided. ``error``: what
    the evaluator raised."""

    value: bool | float | str | None
    judge: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReportedSentence:
    """A sentence of the briefing. ``sources``: the articles it cites, as the suite calls them."""

    part: str
    text: str
    verdict: Verdict
    method: SentenceMethod
    sources: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding of the briefing."""

    kind: FindingKind
    action: FindingAction
    text: str
    detail: str


class CaseResult(BaseModel):
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
    status: CaseStatus
    failures: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    unusable: str = ""
    """Why the model could not be used at all."""
    scores: Mapping[str, Score] = {}
    told: tuple[ReportedSentence, ...] = ()
    findings: tuple[ReportedFinding, ...] = ()
    seconds: float = 0.0

    def without_texts(self) -> "CaseResult":
        """The row without the briefing's texts: thousands of those fit into little memory."""
        return self.model_copy(update={"told": (), "findings": ()})


def evaluate_case(
    case: Case,
    key: str = "",
    *,
    attempt: int = 0,
    live: "Chain | None" = None,
    evaluators: Mapping[str, Evaluator] = EVALUATORS,
) -> CaseResult:
    """The row of one case. Never raises for what the case, its articles or an evaluator do."""
    head = CaseResult(
        key=key,
        case=case.id,
        suite=case.suite,
        story=case.story,
        place=case.location,
        about=case.spec.about,
        attempt=attempt,
        status="failed",
    )
    try:
        outcome, unasked = run_case(case, live)
    except SettingsError as error:
        return head.model_copy(update={"status": "invalid", "invalid": (str(error),)})
    except Exception as error:  # noqa: BLE001 - one case that breaks is a failed row
        return head.model_copy(update={"failures": (f"the chain raised {_error_line(error)}",)})
    scores = _score_all(outcome, evaluators)
    failures = tuple(unmet_demands(outcome, scores, live=live is not None))
    return head.model_copy(
        update={
            "status": "invalid" if unasked else "failed" if failures else "passed",
            "failures": failures,
            "invalid": tuple(unasked),
            "unusable": outcome.failure if outcome.model_unusable else "",
            "scores": scores,
            "told": _reported_sentences(outcome),
            "findings": _reported_findings(outcome),
            "seconds": round(outcome.seconds, 6),
        }
    )


def unmet_demands(
    outcome: CaseOutcome, scores: Mapping[str, Score], *, live: bool = False
) -> list[str]:
    """Every demand that is not met: expectations, thresholds, and evaluators that broke."""
    broken = [f"{name} raised {score.error}" for name, score in scores.items() if score.error]
    missed = [
        line
        for name, bound in outcome.case.thresholds.items()
        if (line := _threshold_failure(name, scores.get(name), bound))
    ]
    return [*unmet_expectations(outcome, live=live), *broken, *missed]


def _threshold_failure(name: str, score: Score | None, bound: Bound) -> str:
    """What is wrong with a score that is demanded; nothing if it is within its bound."""
    if score is not None and score.error:
        return ""
    if score is None or score.value is None:
        return f"{name} could not be scored, and {bound} is demanded"
    if bound.contains(score.value):
        return ""
    shown = f"{score.value:.4g}" if isinstance(score.value, float) else str(score.value).lower()
    return f"{name} is {shown}, and {bound} is demanded"


def _score_all(outcome: CaseOutcome, evaluators: Mapping[str, Evaluator]) -> dict[str, Score]:
    demanded = outcome.case.thresholds
    measured = {
        name: _score_one(outcome, each)
        for name, each in evaluators.items()
        if each.by_default or name in demanded
    }
    return {
        name: score
        for name, score in measured.items()
        if score.value is not None or score.error or name in demanded
    }


def _score_one(outcome: CaseOutcome, evaluator: Evaluator) -> Score:
    judge = evaluator.judged_by(outcome)
    try:
        return Score(value=_finite_or_none(evaluator.measure(outcome)), judge=judge)
    except Exception as error:  # noqa: BLE001 - an evaluator that raises is a failed row
        return Score(value=None, judge=judge, error=_error_line(error))


def _finite_or_none(value: ScoreValue) -> ScoreValue:
    """The value; what is no number is "could not be judged"."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return round(value, 6) if isinstance(value, float) else value


def _error_line(error: Exception) -> str:
    """``ValueError: what it says``, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _reported_sentences(outcome: CaseOutcome) -> tuple[ReportedSentence, ...]:
    return tuple(
        ReportedSentence(
            part=part,
            text=sentence.text,
            verdict=sentence.verdict,
            method=sentence.method,
            sources=outcome.cited_articles(sentence),
            quotes=tuple(cited.quote for cited in sentence.citations),
        )
        for part, sentence in outcome.sentences()
    )


def _reported_findings(outcome: CaseOutcome) -> tuple[ReportedFinding, ...]:
    return tuple(
        ReportedFinding(kind=each.kind, action=each.action, text=each.text, detail=each.detail)
        for each in (outcome.briefing.findings if outcome.briefing else ())
    )


RUN_FILE = "run.jsonl"

RUN_HEADER = {"schema": "summarizer/evaluation/1"}


@cache
def program_hash() -> str:
    """sha256 of the program's own source: a row of yesterday's program is no row of today's."""
    folder = Path(__file__).parent.parent
    found = sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".toml", ".tsv", ".txt", ".jsonl"):
            found.update(f"{file.relative_to(folder)}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def result_key(case: Case, writer: str, plans: Iterable[str], attempt: int) -> str:
    """Hash of all that decides a row. ``writer``: the live model, or nothing."""
    return sha256_hex("\n".join([case.content, writer, *plans, program_hash(), str(attempt)]))


class ResultLog:
    """Appends rows to the file, each one whole before the next."""

    def __init__(self, lines: IO[bytes] | None, known: Mapping[str, CaseResult]) -> None:
        self._lines = lines
        self.resumed = known

    def append(self, row: CaseResult) -> None:
        """Writes a row down."""
        if self._lines is None:
            return
        try:
            self._lines.write(row.model_dump_json().encode() + b"\n")
            self._lines.flush()
        except OSError as error:
            raise _cannot_write(RUN_FILE, error) from error

    def finish(self) -> None:
        """Marks the run as finished: the next one in this folder begins anew."""
        if self._lines is not None:
            self._lines.write(json.dumps({"finished": True}).encode() + b"\n")


@contextmanager
def open_result_log(folder: Path | None, keys: Iterable[str]) -> Iterator[ResultLog]:
    """The keeper of a folder, with the rows of these keys that an unfinished run left there."""
    if folder is None:
        yield ResultLog(None, {})
        return
    file = folder / RUN_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _unfinished_results(file, frozenset(keys))
        _rewrite_log(file, known.values())
        lines = file.open("ab", buffering=0)
    except OSError as error:
        raise _cannot_write(str(folder), error) from error
    with lines:
        yield ResultLog(lines, known)


def _rewrite_log(file: Path, known: Iterable[CaseResult]) -> None:
    """The file with what is known already, put in place whole."""
    part = file.with_name(f"{RUN_FILE}.part")
    with part.open("wb") as lines:
        lines.write(json.dumps(RUN_HEADER).encode() + b"\n")
        lines.writelines(row.model_dump_json().encode() + b"\n" for row in known)
        lines.flush()
        os.fsync(lines.fileno())
    part.replace(file)


def _unfinished_results(file: Path, keys: frozenset[str]) -> dict[str, CaseResult]:
    """The rows of an unfinished run that are still true; none of a finished one."""
    if not file.is_file():
        return {}
    rows, finished = _read_log(file)
    return {} if finished else {row.key: row for row in rows if row.key in keys}


def read_run(place: Path) -> list[CaseResult]:
    """The rows of a run: a folder, or its file. Raises SettingsError."""
    file = place / RUN_FILE if place.is_dir() else place
    if not file.is_file():
        raise SettingsError(
            "holds no run", subject=str(place), hint="made by: eval run --run-dir DIR"
        )
    rows, finished = _read_log(file)
    if not finished:
        raise SettingsError(
            "the run did not end", subject=str(place), hint="run it again: it goes on"
        )
    return rows


def _read_log(file: Path) -> tuple[list[CaseResult], bool]:
    """The rows, and whether the run ended. A last line without its end was cut off by a kill."""
    try:
        first, *lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(file)) from error
    if first != json.dumps(RUN_HEADER).encode():
        raise SettingsError("is no run of this program", subject=str(file))
    rows: list[CaseResult] = []
    for number, line in enumerate(lines[:-1], start=2):
        if line == b'{"finished": true}':
            return rows, True
        try:
            rows.append(CaseResult.model_validate_json(line))
        except ValidationError as error:
            raise SettingsError("holds no row of a run", subject=f"{file}:{number}") from error
    return rows, False


def _cannot_write(subject: str, error: OSError) -> SettingsError:
    return SettingsError(f"cannot be written: {error.strerror}", subject=subject)
