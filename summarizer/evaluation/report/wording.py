"""What every format says in the same words."""

from collections.abc import Iterator

from summarizer.evaluation.summary import Agreement, Mean, SuiteSummary, Summary

__all__ = ["BEYOND", "agreement", "interval", "judging", "number", "outcome", "standing"]

BEYOND = "citation precision counts unresolved citations against it"


def number(value: float | None) -> str:
    """Three decimals at most; large ones in full.

    >>> number(0.98765), number(1.0), number(15314.0), number(None)
    ('0.988', '1', '15314', '-')
    """
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def interval(mean: Mean) -> str:
    """``0.95 - 1``, nothing where one story has no interval."""
    low, high = mean.interval.low, mean.interval.high
    return "" if low is None or high is None else f"{number(low)} - {number(high)}"


def standing(suite: SuiteSummary) -> str:
    """``25 of 27 passed, 2 failed``."""
    more = [
        f"{count} {word}"
        for count, word in ((suite.failed, "failed"), (suite.invalid, "invalid"))
        if count
    ]
    return ", ".join([f"{suite.passed} of {suite.cases} passed", *more])


def outcome(summary: Summary) -> str:
    """The last line: what the run came to."""
    passed = sum(suite.passed for suite in summary.suites)
    word = {"passed": "Passed", "failed": "FAILED", "invalid": "INVALID"}[summary.verdict]
    return f"{word}: {passed} of {len(summary.rows)} cases"


def judging(summary: Summary) -> Iterator[str]:
    """Who judged, and how good that judge is; it stands above every table."""
    judges = {score.judge for row in summary.rows for score in row.scores.values()}
    yield "Judged by checks: their error rates are in docs/checks.md; " + BEYOND
    for each in summary.judged:
        yield agreement(each)
    known = {each.judge for each in summary.judged} | {"checks", "labels", "measure"}
    for judge in sorted(judges - known):
        yield f"Judged by {judge}: a mocked judge, so its verdicts measure nothing but the chain"


def agreement(each: Agreement) -> str:
    """How far a model agrees with the hand-labelled pairs."""
    low, high = each.balanced_accuracy.low, each.balanced_accuracy.high
    around = f" [{number(low)}, {number(high)}]" if low is not None else ""
    return (
        f"Judged by {each.judge}: balanced accuracy {number(each.balanced_accuracy.mean)}{around}, "
        f"kappa {number(each.kappa)} on {each.pairs} hand-labelled pairs"
        f" ({each.unscored} unscored, counted as wrong)"
    )
