"""Thresholds are chosen on labelled rows, and are only as bold as the rows allow."""

from collections.abc import Callable, Sequence

import pytest

from summarizer.checking.entailment import EntailmentModel, open_entailment_model
from summarizer.errors import SettingsError
from summarizer.evaluation.entailment_calibration import (
    MAX_ERROR,
    CalibrationResult,
    calibrate_entailment,
)
from summarizer.evaluation.labels import LabelledClaim
from tests.checking.small_model import TWO, make_model

TOWNS = ["Arvo", "Belt", "Corin", "Dask", "Elme", "Forst", "Galt", "Hove", "Iver", "Jarn"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> EntailmentModel:
    return open_entailment_model(make_model(tmp_path_factory.mktemp("m") / "small", labels=TWO))


def event(number: int) -> list[LabelledClaim]:
    """Two faithful and two false claims about one event, all of which the rules leave open."""
    town = f"{TOWNS[number % 10]}{TOWNS[number // 10].lower()}"
    evidence = f"Heavy rain fell for days in {town}, and a dam broke on Monday."
    claims = [
        (f"A dam broke in {town} on Monday and heavy rain fell for days.", 1),
        (f"In {town}, a dam broke on Monday and heavy rain fell.", 1),
        (f"A dam broke in {town} on Monday because of heavy rain.", 0),
        (f"Because of heavy rain a dam broke in {town}.", 0),
    ]
    return [
        LabelledClaim("d", claim, claim, (evidence,), label, cluster=town)
        for claim, label in claims
    ]


def calibrated(events: int, model: EntailmentModel) -> CalibrationResult:
    rows = [row for number in range(events) for row in event(number)]
    return calibrate_entailment(rows, model, "m", "r")


def test_a_model_that_is_right_may_decide_both_ways(model: EntailmentModel) -> None:
    result = calibrated(60, model)
    found = result.calibration
    assert (found.rows, found.faithful_rows, found.events) == (240, 120, 60)
    assert (found.model_sha256, found.rows_sha256, found.languages) == ("m", "r", ("en",))
    assert found.min_supported is not None
    assert found.max_unsupported is not None
    assert found.min_supported > 0.8
    assert found.max_unsupported < 0.2
    assert (found.faithful_supported.count, found.false_supported.count) == (120, 0)
    assert (found.faithful_unsupported.count, found.false_unsupported.count) == (0, 120)
    assert found.wrong_among_supported.share == 0
    assert result.rules.undecided.value == 1
    assert result.with_model.undecided.value == 0
    assert found.support_if_supported == 1
    assert found.support_if_unsupported == 0


def test_few_rows_allow_no_support(model: EntailmentModel) -> None:
    found = calibrated(20, model).calibration
    assert found.min_supported is None
    assert found.faithful_supported.count == 0
    assert found.wrong_among_supported.share is None
    assert found.max_unsupported is not None


def mistaken(model: EntailmentModel, towns: Sequence[str], label: int) -> Callable[..., object]:
    """A reading that is wrong, and sure of it, of the claims of one label about some towns."""
    read = model.read

    def reading(claim: str, sentences: Sequence[str]) -> object:
        right = read(claim, sentences)
        wrong = any(town in claim for town in towns) and (right.entailed > 0.5) == bool(label)
        return right._replace(entailed=float(not label)) if wrong else right

    return reading


def test_false_rows_that_it_entails_keep_it_from_support(
    model: EntailmentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "read", mistaken(model, ["Arvo"], label=0))
    result = calibrated(60, model)
    assert result.calibration.min_supported is None
    assert result.calibration.max_unsupported is not None
    assert result.with_model.false_supported.value == 0


def test_faithful_rows_that_it_rejects_are_few(
    model: EntailmentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "read", mistaken(model, ["Arvo"], label=1))
    result = calibrated(60, model)
    assert result.calibration.max_unsupported is None
    assert (result.with_model.true_flagged.value or 0) <= MAX_ERROR


def test_what_the_rules_decide_is_not_measured(model: EntailmentModel) -> None:
    rows = [row for number in range(3) for row in event(number)]
    hard = [
        row._replace(id=f"{row.id} 12", claim=row.claim.replace("broke", "broke 12 times"))
        for row in rows
    ]
    verbatim = [row._replace(claim=row.evidence[0]) for row in rows]
    found = calibrate_entailment([*rows, *hard, *verbatim], model, "m", "r").calibration
    assert (found.rows, found.faithful_supported.total, found.false_supported.total) == (36, 6, 6)


@pytest.mark.parametrize(
    "rows", [[], event(1), [row for n in range(3) for row in event(n) if row.label]], ids=len
)
def test_rows_without_a_contrast_are_refused(
    rows: list[LabelledClaim], model: EntailmentModel
) -> None:
    with pytest.raises(SettingsError, match=r"cannot be calibrated with these rows \(it takes"):
        calibrate_entailment(rows, model, "m", "r")
