"""Thresholds of an entailment model, measured on labelled rows.

labelled rows
| judge      by the rules
| read       those that the rules let it decide, by the model
| choose     the thresholds that keep the error allowed
| validate   each event judged by the thresholds that the others choose
-> Calibration

A threshold is kept only if both the rows that it was chosen on and the validation keep the error
allowed; if they do not, a stricter one is tried.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor
from typing import NamedTuple

from summarizer.briefing import Verdict
from summarizer.checking.calibration import Calibration, MeasuredShare
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.entailment_verdict import may_be_supported, read_claim
from summarizer.errors import SettingsError
from summarizer.evaluation.labels import (
    LabelledClaim,
    ScoredClaim,
    claim_and_passages,
    document_numbers,
    score_claims,
)
from summarizer.evaluation.statistics import (
    Estimate,
    VerdictRow,
    VerdictShares,
    bootstrap_statistic,
    verdict_shares,
    wilson_share,
)
from summarizer.retrieval.corpus import ProgressTracker, no_progress

MAX_ERROR = 0.05
"""Most false claims among those called supported, as if half of all claims were false; and most
faithful claims called unsupported."""

TRIED_LIMITS = (0.05, 0.04, 0.03, 0.02, 0.01)
"""Errors by which thresholds are chosen, until one keeps `MAX_ERROR` in the validation."""

MIN_SUPPORTED_ROWS = 20
"""Faithful rows called supported without which nothing is known about such rows."""

MAX_FOLDS = 50
"""Parts of the validation. With more events than these, a part holds several."""


class _OpenRow(NamedTuple):
    """A row that a model may decide. ``place``: among all rows; ``may_support`` and ``may_reject``:
    what the rules let it say."""

    place: int
    label: int
    entailed: float
    may_support: bool
    may_reject: bool
    document: int


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """``rules`` and ``with_model``: what the verdicts on all rows are worth, those of the model by
    validation."""

    calibration: Calibration
    rules: VerdictShares
    with_model: VerdictShares


Choice = Callable[[Sequence[_OpenRow], float], float | None]
"""From rows and the error allowed to a threshold; None where no threshold keeps it."""


@dataclass(frozen=True, slots=True)
class _ValidatedThreshold:
    """``decided``: places of those of ``rows`` that get ``verdict`` by the validation."""

    verdict: Verdict
    rows: Sequence[_OpenRow]
    threshold: float | None = None
    decided: frozenset[int] = frozenset()

    def counted(self, label: int) -> tuple[int, int]:
        """How many rows of a label are decided, and of how many."""
        decided = [row.place in self.decided for row in self.rows if row.label == label]
        return sum(decided), len(decided)

    def error(self) -> float:
        """The share that `MAX_ERROR` limits."""
        (wrong, false), (right, faithful) = self.counted(0), self.counted(1)
        if self.verdict == "supported":
            return _wrong_share(false, faithful, wrong, right)
        return right / faithful if faithful else 0.0

    def shares(self) -> VerdictShares:
        """The shares of the rows that the model may decide so."""
        return verdict_shares([
            VerdictRow(
                row.label,
                self.verdict if row.place in self.decided else "unverified",
                row.document,
            )
            for row in self.rows
        ])  # fmt: skip


def calibrate_entailment(
    rows: Sequence[LabelledClaim],
    model: EntailmentModel,
    model_sha256: str,
    rows_sha256: str,
    track: ProgressTracker = no_progress,
) -> CalibrationResult:
    """The thresholds of a model, and what they are worth.

    Raises SettingsError for rows of one label or of a single event.
    """
    scored = list(score_claims(rows))
    documents = document_numbers(scored)
    faithful = sum(row.label for row in rows)
    if not 0 < faithful < len(rows) or len(set(documents)) < 2:
        hint = "it takes faithful and false rows of several events"
        raise SettingsError("cannot be calibrated with these rows", subject=model.name, hint=hint)
    open_rows = list(_read_open_rows(rows, scored, documents, model, track))
    supporting = _validated_threshold(
        "supported", [row for row in open_rows if row.may_support], _lowest_supporting
    )
    rejecting = _validated_threshold(
        "unsupported", [row for row in open_rows if row.may_reject], _highest_rejecting
    )
    supported, flagged = supporting.shares(), rejecting.shares()
    calibration = Calibration(
        model_sha256=model_sha256,
        rows_sha256=rows_sha256,
        rows=len(rows),
        faithful_rows=faithful,
        events=len(set(documents)),
        languages=tuple(sorted({row.language for row in rows})),
        min_supported=supporting.threshold,
        max_unsupported=rejecting.threshold,
        wrong_among_supported=_measured(
            (supporting.counted(0)[0], len(supporting.decided)), supported.wrong_among_supported
        ),
        faithful_supported=_measured(supporting.counted(1), supported.true_supported),
        false_supported=_measured(supporting.counted(0), supported.false_supported),
        faithful_unsupported=_measured(rejecting.counted(1), flagged.true_flagged),
        false_unsupported=_measured(rejecting.counted(0), flagged.false_flagged),
    )
    shares = [_shares_with(steps, scored, documents) for steps in ((), (rejecting, supporting))]
    return CalibrationResult(calibration, *shares)


def _shares_with(
    steps: Sequence[_ValidatedThreshold], scored: Sequence[ScoredClaim], documents: Sequence[int]
) -> VerdictShares:
    """What the verdicts on all rows are worth: those of the rules, but where a step decides."""
    verdicts: list[Verdict] = [each.verdict for each in scored]
    for step in steps:
        for place in step.decided:
            verdicts[place] = step.verdict
    labels = [each.label for each in scored]
    return verdict_shares(list(map(VerdictRow, labels, verdicts, documents)))


def _read_open_rows(
    rows: Sequence[LabelledClaim],
    scored: Sequence[ScoredClaim],
    documents: Sequence[int],
    model: EntailmentModel,
    track: ProgressTracker,
) -> Iterator[_OpenRow]:
    for at, row in enumerate(track(f"Reading with {model.name}", rows)):
        verdict, issues = scored[at].verdict, scored[at].findings
        may_support, may_reject = may_be_supported(verdict, issues), verdict == "unverified"
        claim, passages = claim_and_passages(row)
        if passages and (may_support or may_reject):
            entailed = read_claim(claim, passages, model).entailed
            yield _OpenRow(at, row.label, entailed, may_support, may_reject, documents[at])


def _measured(counts: tuple[int, int], estimate: Estimate) -> MeasuredShare:
    low, high = estimate.interval or (None, None)
    share, low, high = (
        None if each is None else round(each, 4) for each in (estimate.value, low, high)
    )
    return MeasuredShare(count=counts[0], total=counts[1], share=share, low=low, high=high)


def _validated_threshold(
    verdict: Verdict, rows: Sequence[_OpenRow], choose: Choice
) -> _ValidatedThreshold:
    """The threshold chosen on all rows, with what thresholds chosen without an event decide of
    it."""
    for limit in TRIED_LIMITS:
        threshold = choose(rows, limit)
        if threshold is None:
            break
        decided = set[int]()
        for fold in sorted({row.document % MAX_FOLDS for row in rows}):
            held_out = [row for row in rows if row.document % MAX_FOLDS == fold]
            chosen = choose([row for row in rows if row.document % MAX_FOLDS != fold], limit)
            if chosen is not None:
                decided |= {
                    row.place
                    for row in held_out
                    if (
                        row.entailed <= chosen
                        if verdict == "unsupported"
                        else row.entailed >= chosen
                    )
                }
        found = _ValidatedThreshold(verdict, rows, threshold, frozenset(decided))
        if decided and found.error() <= MAX_ERROR:
            return found
    return _ValidatedThreshold(verdict, rows)


def _lowest_supporting(rows: Sequence[_OpenRow], limit: float) -> float | None:
    """The lowest threshold with at most ``limit`` wrong among the rows above it, by the upper ends
    of two intervals: Wilson's for few false rows, the resampled one for rows of one event."""
    passed, totals = [0, 0], [sum(row.label == label for row in rows) for label in (0, 1)]
    likely: list[float] = []
    ordered = sorted(rows, key=lambda row: -row.entailed)
    for entailed, tied in groupby(ordered, key=lambda row: row.entailed):
        for row in tied:
            passed[row.label] += 1
        if passed[1] >= MIN_SUPPORTED_ROWS and totals[0]:
            most_false = (wilson_share(passed[0], totals[0]).interval or (0.0, 1.0))[1]
            if most_false <= limit * (most_false + passed[1] / totals[1]):
                likely.append(entailed)
    for threshold in reversed(likely):
        if _resampled_wrong_share(rows, threshold) <= limit:
            return threshold
    return None


def _resampled_wrong_share(rows: Sequence[_OpenRow], threshold: float) -> float:
    """The upper end of the interval of the share wrong above a threshold, resampled by event."""
    by_document: dict[int, list[int]] = {}
    for row in rows:
        counts = by_document.setdefault(row.document, [0, 0, 0, 0])
        counts[row.label] += 1
        counts[2 + row.label] += row.entailed >= threshold
    return bootstrap_statistic(
        list(by_document.values()),
        lambda drawn: _wrong_share(*map(sum, zip(*drawn, strict=True))),
    )[2]


def _wrong_share(false: int, faithful: int, false_passed: int, faithful_passed: int) -> float:
    """p / (p + s), where p and s are the shares of false and of faithful rows that passed."""
    wrong, right = false_passed * faithful, faithful_passed * false
    return wrong / (wrong + right) if wrong else 0.0


def _highest_rejecting(rows: Sequence[_OpenRow], limit: float) -> float | None:
    """The highest reading below which another faithful row falls with a chance of at most
    ``limit``: of n rows and a further one, each is equally likely to have the k-th lowest reading,
    so it lies below that of the k-th of the n with a chance of k / (n + 1)."""
    faithful = sorted(row.entailed for row in rows if row.label)
    rank = floor(limit * (len(faithful) + 1))
    if not rank:
        return None
    return max((r.entailed for r in rows if r.entailed < faithful[rank - 1]), default=None)
