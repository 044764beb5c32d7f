from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.clustering import average_link

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.01, 1.0),
    max_size=20,
)
LEAST = 0.4


def rows(pairs: dict[tuple[int, int], float]) -> list[dict[int, float]]:
    found: list[dict[int, float]] = [{} for _ in range(8)]
    for (a, b), near in pairs.items():
        found[a][b] = found[b][a] = near
    return found


def mean(one: list[int], other: list[int], likeness: list[dict[int, float]]) -> float:
    return sum(likeness[a].get(b, 0.0) for a in one for b in other) / (len(one) * len(other))


@given(PAIRS)
def test_no_two_clusters_are_left_that_are_alike(pairs: dict[tuple[int, int], float]) -> None:
    likeness = rows(pairs)
    clusters = average_link(likeness, LEAST)
    assert sorted(at for cluster in clusters for at in cluster) == list(range(8))
    assert all(mean(a, b, likeness) < LEAST for a, b in combinations(clusters, 2))


@given(PAIRS)
def test_what_is_fixed_never_comes_together(pairs: dict[tuple[int, int], float]) -> None:
    fixed = {0, 3, 5}
    clusters = average_link(rows(pairs), LEAST, fixed=fixed)
    assert all(len(fixed & set(cluster)) <= 1 for cluster in clusters)


def test_a_pair_that_is_not_given_counts_as_nought() -> None:
    chain: list[dict[int, float]] = [{1: 0.7}, {0: 0.7, 2: 0.6}, {1: 0.6}]
    assert average_link(chain, LEAST) == [[0, 1], [2]]


def test_a_position_may_stand_for_many() -> None:
    sums: list[dict[int, float]] = [{1: 3.0}, {0: 3.0}]
    assert average_link(sums, LEAST, sizes=[5, 1]) == [[0, 1]]
    assert average_link(sums, LEAST, sizes=[5, 2]) == [[0], [1]]
