from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.retrieval.similarity import SimilarPair, UnionFind, dice, similar_pairs

SETS = st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=6), max_size=12)


@given(SETS, st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
@example([frozenset("abcd"), frozenset("abcdef")], 0.8)  # 6 * 0.8 / 1.2 is a little over 4
def test_the_join_finds_exactly_what_comparing_all_pairs_finds(
    sets: list[frozenset[str]], least: float
) -> None:
    expected = {
        SimilarPair(a, b, dice(sets[a], sets[b]))
        for a, b in combinations(range(len(sets)), 2)
        if sets[a] != sets[b] and dice(sets[a], sets[b]) >= least
    }
    found = list(similar_pairs(sets, least))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_dice() -> None:
    assert dice({"a", "b"}, {"b", "c"}) == 0.5
    assert dice({"a"}, {"a"}) == 1
    assert dice(set(), {"a"}) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_groups_are_the_connected_components(pairs: list[tuple[int, int]]) -> None:
    groups = UnionFind(10)
    for a, b in pairs:
        groups.union(a, b)
    parts = groups.groups()
    assert sorted(at for part in parts for at in part) == list(range(10))
    for a, b in pairs:
        assert groups.find(a) == groups.find(b)
    assert all(groups.find(at) == part[0] for part in parts for at in part)
