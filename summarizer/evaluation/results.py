"""The result of each case, and the file that keeps results so that a killed run can resume.

    DIR/run.jsonl     first line: the format; then one `CaseResult` a line, as they finished

Any failure of a case becomes part of its result. A kept result is used again only if its key is
that of the case as it is now: articles, prompts, replies, settings and the program decide the key.
"""

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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

RUN_FILE = "run.jsonl"
_RUN_HEADER = b'{"schema": "summarizer/evaluation/1"}'
_RUN_END = b'{"finished": true}'


@dataclass(frozen=True, slots=True)
class Score:
    """The value of one evaluator."""

    value: ScoreValue
    """None: it could not be judged."""
    judge: str
    """Who decided."""
    error: str = ""
    """What the evaluator raised."""

    @property
    def number(self) -> float | None:
        """The value as a number, an assertion as 0 or 1; None for a label and without a value."""
        return None if self.value is None or isinstance(self.value, str) else float(self.value)


@dataclass(frozen=True, slots=True)
class ReportedSentence:
    """A sentence of the briefing. ``sources``: the cited articles, as the suite names them."""

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
    """One case, run once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """Hash of everything that decides the result."""
    case: str
    suite: str
    story: str
    place: str
    about: str = ""
    attempt: int = 0
    status: Literal["passed", "failed", "invalid"]
    failures: tuple[str, ...] = ()
    """What was demanded and not met."""
    invalid: tuple[str, ...] = ()
    """What is wrong with the suite: such a result measures nothing."""
    unusable: str = ""
    """Why the model could not be used at all."""
    scores: Mapping[str, Score] = {}
    told: tuple[ReportedSentence, ...] = ()
    findings: tuple[ReportedFinding, ...] = ()
    seconds: float = 0.0

    def without_texts(self) -> "CaseResult":
        """The result without the briefing's texts: thousands of those fit into little memory."""
        return self.model_copy(update={"told": (), "findings": ()})


def evaluate_case(
    case: Case,
    key: str = "",
    *,
    attempt: int = 0,
    live: "Chain | None" = None,
    nli: Path | None = None,
    evaluators: Mapping[str, Evaluator] = EVALUATORS,
) -> CaseResult:
    """The result of one case. Never raises for what the case, its articles or an evaluator do."""
    result = CaseResult(
        key=key, case=case.id, suite=case.suite, story=case.story, place=case.location,
        about=case.spec.about, attempt=attempt, status="failed",
    )  # fmt: skip
    try:
        outcome, unasked = run_case(case, live, nli)
    except SettingsError as error:
        return result.model_copy(update={"status": "invalid", "invalid": (str(error),)})
    except Exception as error:  # noqa: BLE001 - one case that breaks is a failed row
        return result.model_copy(update={"failures": (f"the chain raised {_error_line(error)}",)})
    scores = _score_all(outcome, evaluators)
    failures = tuple(unmet_demands(outcome, scores, live=live is not None))
    findings = outcome.briefing.findings if outcome.briefing else ()
    return result.model_copy(
        update={
            "status": "invalid" if unasked else "failed" if failures else "passed",
            "failures": failures,
            "invalid": tuple(unasked),
            "unusable": outcome.failure if outcome.model_unusable else "",
            "scores": scores,
            "told": tuple(
                ReportedSentence(
                    part,
                    each.text,
                    each.verdict,
                    each.method,
                    outcome.cited_articles(each),
                    tuple(cited.quote for cited in each.citations),
                )
                for part, each in outcome.sentences()
            ),
            "findings": tuple(
                ReportedFinding(each.kind, each.action, each.text, each.detail) for each in findings
            ),
            "seconds": round(outcome.seconds, 6),
        }
    )


def unmet_demands(
    outcome: CaseOutcome, scores: Mapping[str, Score], *, live: bool = False
) -> list[str]:
    """Every demand that is not met: expectations, evaluators that raised, and thresholds."""
    broken = [f"{name} raised {score.error}" for name, score in scores.items() if score.error]
    missed = [
        line
        for name, bound in outcome.case.thresholds.items()
        if (line := _threshold_failure(name, scores.get(name), bound))
    ]
    return [*unmet_expectations(outcome, live=live), *broken, *missed]


def _threshold_failure(name: str, score: Score | None, bound: Bound) -> str:
    """Why a demanded score is not within its bound; empty if it is."""
    if score is not None and score.error:
        return ""
    if score is None or score.value is None:
        return f"{name} could not be scored, and {bound} is demanded"
    if bound.contains(score.value):
        return ""
    shown = f"{score.value:.4g}" if isinstance(score.value, float) else str(score.value).lower()
    return f"{name} is {shown}, and {bound} is demanded"


def _score_all(outcome: CaseOutcome, evaluators: Mapping[str, Evaluator]) -> dict[str, Score]:
    """Every score that has a value, an error, or a threshold."""
    demanded, scores = outcome.case.thresholds, {}
    for name, evaluator in evaluators.items():
        if not evaluator.by_default and name not in demanded:
            continue
        value: ScoreValue = None
        error = ""
        try:
            value = evaluator.measure(outcome)
        except Exception as raised:  # noqa: BLE001 - an evaluator that raises is a failed row
            error = _error_line(raised)
        if isinstance(value, float):
            value = round(value, 6) if math.isfinite(value) else None
        if value is not None or error or name in demanded:
            scores[name] = Score(value, evaluator.judged_by(outcome), error)
    return scores


def _error_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def program_hash() -> str:
    """sha256 of the program's own source: results of another version are not used again."""
    folder = Path(__file__).parent.parent
    digest = sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".tsv", ".txt", ".toml", ".jsonl"):
            digest.update(f"{file.relative_to(folder)}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def result_key(case: Case, writer: str, prompts: Iterable[str], program: str, attempt: int) -> str:
    """Hash of everything that decides a result.

    ``writer``: the models that are named, or empty; ``program``: the `program_hash`.
    """
    return sha256_hex("\n".join([case.content, writer, *prompts, program, str(attempt)]))


class ResultLog:
    """Appends results to the file of a run, each one whole before the next."""

    def __init__(self, lines: IO[bytes] | None, resumed: Mapping[str, CaseResult]) -> None:
        self._lines = lines
        self.resumed = resumed
        """Results of an unfinished run, by key."""

    def append(self, result: CaseResult) -> None:
        """Writes a result."""
        self._write(result.model_dump_json().encode())

    def finish(self) -> None:
        """Marks the run as finished: the next run in this folder starts anew."""
        self._write(_RUN_END)

    def _write(self, line: bytes) -> None:
        if self._lines is None:
            return
        try:
            self._lines.write(line + b"\n")
            self._lines.flush()
        except OSError as error:
            raise _cannot_write(RUN_FILE, error) from error


@contextmanager
def open_result_log(folder: Path | None, keys: Iterable[str]) -> Iterator[ResultLog]:
    """The log of a folder, with the results of these keys that an unfinished run left there."""
    if folder is None:
        yield ResultLog(None, {})
        return
    file, wanted = folder / RUN_FILE, frozenset(keys)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rows, finished = _read_log(file) if file.is_file() else ([], True)
        resumed = {} if finished else {row.key: row for row in rows if row.key in wanted}
        # The file is replaced whole, so that a kill at this point loses no result.
        part = file.with_name(f"{RUN_FILE}.part")
        with part.open("wb") as whole:
            whole.write(_RUN_HEADER + b"\n")
            whole.writelines(row.model_dump_json().encode() + b"\n" for row in resumed.values())
            whole.flush()
            os.fsync(whole.fileno())
        part.replace(file)
        lines = file.open("ab", buffering=0)
    except OSError as error:
        raise _cannot_write(str(folder), error) from error
    with lines:
        yield ResultLog(lines, resumed)


def read_run(place: Path) -> list[CaseResult]:
    """The results of a finished run: a folder, or its file. Raises SettingsError."""
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
    """The results, and whether the run finished. A last line without its end was cut by a kill."""
    try:
        first, *lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(file)) from error
    if first != _RUN_HEADER:
        raise SettingsError("is no run of this program", subject=str(file))
    rows: list[CaseResult] = []
    for number, line in enumerate(lines[:-1], start=2):
        if line == _RUN_END:
            return rows, True
        try:
            rows.append(CaseResult.model_validate_json(line))
        except ValidationError as error:
            raise SettingsError("holds no row of a run", subject=f"{file}:{number}") from error
    return rows, False


def _cannot_write(subject: str, error: OSError) -> SettingsError:
    return SettingsError(f"cannot be written: {error.strerror}", subject=subject)
