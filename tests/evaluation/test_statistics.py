"""Statistics against values worked out by hand, and the laws they keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation.statistics import (
    bootstrap_mean,
    cohen_kappa,
    mean_attempt_variance,
    sign_test,
)

SHARES = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), SHARES), min_size=1, max_size=30))
def test_an_interval_holds_its_mean_and_stays_among_the_values(
    values: list[tuple[str, float]],
) -> None:
    mean, low, high = bootstrap_mean(values)
    shares = [value for _, value in values]
    assert min(shares) - 1e-9 <= mean <= max(shares) + 1e-9
    if low is None or high is None:
        assert len({cluster for cluster, _ in values}) == 1
        return
    assert min(shares) - 1e-9 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= max(shares) + 1e-9
    assert bootstrap_mean(values) == (mean, low, high), "seeded"


def test_cases_of_one_story_are_no_independent_evidence() -> None:
    apart = bootstrap_mean((str(n), float(n % 2)) for n in range(40))
    together = bootstrap_mean((str(n % 4), float(n % 4 < 2)) for n in range(40))
    assert apart.mean == together.mean == 0.5
    assert None not in (*apart, *together)
    assert (together.high or 0) - (together.low or 0) > 2 * ((apart.high or 0) - (apart.low or 0))


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no mean"):
        bootstrap_mean([])


def test_variance_is_within_cases() -> None:
    assert mean_attempt_variance({"a": [0.0, 1.0], "b": [1.0, 1.0]}) == 0.25
    assert mean_attempt_variance({"a": [1.0]}) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_a_probability_and_takes_no_side(better: int, worse: int) -> None:
    assert 0 < sign_test(better, worse) <= 1
    assert sign_test(better, worse) == sign_test(worse, better)


def test_kappa_of_a_known_table() -> None:
    """Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([]) is None
