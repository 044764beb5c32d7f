"""The published error rates are those of the last run of ``python -m benchmarks.checks``."""

import json

import pytest

from benchmarks.checks import BESIDE, COLUMNS, DOCS, NATURAL, OUT, SHARES, published
from benchmarks.regression import RIDGE, fit


def test_the_document_shows_the_last_run() -> None:
    found = json.loads(OUT.read_text(encoding="utf-8"))
    text = DOCS.read_text(encoding="utf-8")
    assert published(text, found) == text


def test_the_unseen_half_is_never_read() -> None:
    assert not any("half-b" in path for path in NATURAL.values())


def test_each_share_of_the_first_table_has_its_counts() -> None:
    natural = json.loads(OUT.read_text(encoding="utf-8"))["natural"]
    assert "rules" in natural
    for sets in natural.values():
        assert sets.keys() == NATURAL.keys()
        for row in sets.values():
            assert all(0 <= row[column]["count"] <= row[column]["of"] for column in SHARES)
            assert row["true_supported"]["of"] + row["false_supported"]["of"] == row["rows"]


def test_every_set_stands_beside_what_little_work_gives() -> None:
    found = json.loads(OUT.read_text(encoding="utf-8"))
    rows = found["sets"]["rows"]
    assert len(rows) >= 15
    for row in rows.values():
        assert row["balanced"] is not None
        assert row["beside"].keys() == BESIDE.keys()


def test_all_mistakes_and_twins_are_those_of_each_briefing_together() -> None:
    figures = json.loads(OUT.read_text(encoding="utf-8"))["mutations"]
    whole = figures.pop("all")
    for kind, sides in whole["kinds"].items():
        for side, counts in sides.items():
            each = [one["kinds"][kind][side] for one in figures.values()]
            assert counts["made"] == sum(one["made"] for one in each)
            assert counts["made"] == sum(counts[column] for column in COLUMNS)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_regression_keeps_to_its_signs(sign: int) -> None:
    rows = [(x / 10, y / 10) for x in range(10) for y in range(10)]
    labels = [int(x + y > 0.9) for x, y in rows]
    learnt = fit(rows, labels, [1 / len(rows)] * len(rows), (1, sign))
    assert learnt.weights[0] > 0
    assert (learnt.weights[1] > 0) == (sign > 0)
    assert learnt.weights[1] * sign >= 0
    assert learnt.probability((0.9, 0.9)) > 0.5 > learnt.probability((0.0, 0.0))


def test_the_regression_finds_where_the_slope_is_nought() -> None:
    rows, labels = [(0.0,), (0.0,), (1.0,), (1.0,), (1.0,)], [0, 1, 0, 1, 1]
    shares = [0.2] * 5
    learnt = fit(rows, labels, shares, (1,))
    errors = [learnt.probability(row) - label for row, label in zip(rows, labels, strict=True)]
    points = [(row[0] - learnt.means[0]) / learnt.scales[0] for row in rows]
    slope = sum(0.2 * error * x for error, x in zip(errors, points, strict=True))
    assert sum(errors) == pytest.approx(0, abs=1e-6)
    assert slope + RIDGE * learnt.weights[0] == pytest.approx(0, abs=1e-6)
