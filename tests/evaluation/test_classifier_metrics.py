import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation.statistics import (
    Estimate,
    ScoredLabel,
    classifier_metrics,
    mean_estimate,
    wilson_share,
)

ROWS = st.lists(
    st.builds(
        ScoredLabel,
        st.integers(0, 1),
        st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]),
        st.booleans(),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=30,
)


def by_pairs(rows: list[ScoredLabel]) -> float | None:
    """The definition of ROC AUC, all pairs."""
    ones = [row.score for row in rows if row.label]
    zeros = [row.score for row in rows if not row.label]
    if not ones or not zeros:
        return None
    wins = sum((x > y) + (x == y) / 2 for x in ones for y in zeros)
    return wins / (len(ones) * len(zeros))


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_order_and_one_class_is_unscored(
    rows: list[ScoredLabel],
) -> None:
    found, wanted = classifier_metrics(rows).auc.value, by_pairs(rows)
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        assert math.isclose(found, wanted)


@given(ROWS)
def test_balanced_accuracy_is_the_mean_of_both_classes(rows: list[ScoredLabel]) -> None:
    found = classifier_metrics(rows)
    accept, reject = found.false_accept.value, found.false_reject.value
    if accept is None or reject is None:
        assert found.balanced == found.auc == Estimate(None, None)
    else:
        assert found.balanced.value is not None
        assert math.isclose(found.balanced.value, 1 - (accept + reject) / 2)


@given(ROWS)
def test_an_interval_is_ordered_and_the_same_every_time(rows: list[ScoredLabel]) -> None:
    first, second = classifier_metrics(rows), classifier_metrics(rows)
    assert first == second
    for estimate in (first.auc, first.balanced):
        if estimate.interval:
            assert 0 <= estimate.interval[0] <= estimate.interval[1] <= 1


def test_rows_of_one_document_count_as_one_observation() -> None:
    scores = [(1, 0.9), (1, 0.4), (0, 0.5), (0, 0.1)] * 20
    apart = [ScoredLabel(label, x, x >= 0.5, at) for at, (label, x) in enumerate(scores)]
    together = [row._replace(document=row.document // 20) for row in apart]
    wide, narrow = classifier_metrics(together).auc.interval, classifier_metrics(apart).auc.interval
    assert wide is not None
    assert narrow is not None
    assert classifier_metrics(together).auc.value == classifier_metrics(apart).auc.value
    assert classifier_metrics([row._replace(document=0) for row in apart]).auc.interval is None


def test_a_share_of_all_is_still_uncertain() -> None:
    assert wilson_share(0, 0) == Estimate(None, None)
    assert wilson_share(20, 20).interval == (0.8389, 1.0)
    assert wilson_share(0, 20).interval == (0.0, 0.1611)


def test_the_mean_leaves_out_what_was_not_scored() -> None:
    one = Estimate(0.6, (0.5, 0.7), (0.5, 0.6, 0.7))
    other = Estimate(0.8, (0.7, 0.9), (0.7, 0.8, 0.9))
    assert mean_estimate([one, Estimate(None, None), other]).value == pytest.approx(0.7)
    assert mean_estimate([one, other]).interval == pytest.approx((0.6, 0.8))
    assert mean_estimate([one, Estimate(0.5, None)]).interval is None
    assert mean_estimate([]) == Estimate(None, None)
