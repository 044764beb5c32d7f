"""A calibrated model decides what the rules leave open; an uncalibrated one changes nothing."""

from pathlib import Path

import pytest

from summarizer.checking.calibration import read_calibration
from summarizer.checking.claims import Claim, Judgement, Passage
from summarizer.checking.cross_encoder import find_model_files
from summarizer.checking.entailment import EntailmentModel, open_entailment_model
from summarizer.checking.verdict import judge_claim
from summarizer.errors import SettingsError
from tests.checking.small_model import THREE, TWO, calibrate, make_model

RAIN = "Heavy rain fell for days, and a dam broke on Monday in the capital."
REORDERED = "A dam broke in the capital on Monday and heavy rain fell for days."
CAUSE = "A dam broke in the capital on Monday because of heavy rain."
DENIED = "No dam broke on Monday in the capital."
ELSEWHERE = "The mayor opened a bridge because of fire."
PLAN = "The mayor plans: a new bridge in the capital to be opened."
PLAN_AS_DONE = "The mayor opened a new bridge in the capital."


def opened(folder: Path, lowest: float | None, highest: float | None) -> EntailmentModel:
    calibrate(folder, lowest, highest)
    return open_entailment_model(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_model(tmp_path / "small")


def judged(claim: str, model: EntailmentModel | None, *passages: str) -> Judgement:
    return judge_claim(Claim(claim), [Passage(each) for each in passages], entailment=model)


def test_an_uncalibrated_model_decides_nothing(folder: Path) -> None:
    model = open_entailment_model(folder)
    for claim in (REORDERED, CAUSE, DENIED, ELSEWHERE):
        assert judged(claim, model, RAIN) == judged(claim, None, RAIN)


def test_what_it_entails_is_supported(folder: Path) -> None:
    model = opened(folder, 0.8, 0.01)
    assert judged(REORDERED, None, RAIN).verdict == "unverified"
    assert judged(REORDERED, model, RAIN) == Judgement("supported", 0.9, (), "nli:small")


def test_sentences_of_several_passages_are_read_together(folder: Path) -> None:
    model = opened(folder, 0.8, 0.01)
    halves = ["And heavy rain fell for days.", "A dam broke on Monday in the capital."]
    assert judged(REORDERED, model, *halves).verdict == "supported"
    assert judged(REORDERED, model, halves[0]).verdict == "unsupported"


def test_what_it_does_not_entail_is_unsupported(folder: Path) -> None:
    judgement = judged(CAUSE, opened(folder, 0.8, 0.01), RAIN)
    assert (judgement.verdict, judgement.checked_by) == ("unsupported", "nli:small")
    assert judgement.support == pytest.approx(0.1)
    (issue,) = judgement.issues
    assert issue == ("support", CAUSE, "the cited passages do not entail it", False, "soft")


def test_between_the_thresholds_the_rules_are_kept(folder: Path) -> None:
    model = opened(folder, 0.95, 0.001)
    for claim in (REORDERED, CAUSE):
        assert judged(claim, model, RAIN) == judged(claim, None, RAIN)


def test_a_missing_threshold_decides_nothing(folder: Path) -> None:
    only_rejects = opened(folder, None, 0.01)
    assert judged(REORDERED, only_rejects, RAIN).verdict == "unverified"
    assert judged(CAUSE, only_rejects, RAIN).verdict == "unsupported"
    only_supports = opened(folder, 0.8, None)
    assert judged(REORDERED, only_supports, RAIN).verdict == "supported"
    assert judged(CAUSE, only_supports, RAIN).verdict == "unverified"


@pytest.mark.parametrize(("labels", "verdict"), [(THREE, "contradicted"), (TWO, "unsupported")])
def test_only_a_model_of_three_labels_contradicts(
    labels: tuple[str, ...], verdict: str, tmp_path: Path
) -> None:
    judgement = judged(DENIED, opened(make_model(tmp_path, labels=labels), 0.8, 0.2), RAIN)
    assert judgement.verdict == verdict
    assert judgement.issues[-1].contradicts == (verdict == "contradicted")


def test_soft_issues_are_overruled_and_hard_ones_are_not(folder: Path) -> None:
    everything = opened(folder, 0.0, None)
    assert judged(ELSEWHERE, None, RAIN).verdict == "unsupported"
    assert judged(ELSEWHERE, everything, RAIN).verdict == "supported"
    false_figure = "Heavy rain fell for 12 days, and a dam broke."
    assert judged(false_figure, everything, RAIN) == judged(false_figure, None, RAIN)


def test_a_soft_issue_that_it_does_not_overrule_is_kept(folder: Path) -> None:
    assert judged(ELSEWHERE, opened(folder, 0.8, 0.5), RAIN) == judged(ELSEWHERE, None, RAIN)


def test_a_doubt_about_what_happened_keeps_it_from_support(folder: Path) -> None:
    assert [each.kind for each in judged(PLAN_AS_DONE, None, PLAN).issues] == ["status"]
    model = opened(folder, 0.8, 0.01)
    assert model.read(PLAN_AS_DONE, [PLAN]).entailed > 0.8
    assert judged(PLAN_AS_DONE, model, PLAN) == judged(PLAN_AS_DONE, None, PLAN)


def test_other_languages_than_those_measured_are_not_decided(folder: Path) -> None:
    model = opened(folder, 0.0, 1.0)
    for ours, theirs in (("en", "de"), ("de", "de"), ("de", "en")):
        claim, passage = Claim(CAUSE, ours), Passage(RAIN, theirs)
        with_model = judge_claim(claim, [passage], entailment=model)
        assert with_model == judge_claim(claim, [passage])
    mixed = [Passage(RAIN), Passage("Der Damm brach am Montag.", "de")]
    assert judge_claim(Claim(CAUSE), mixed, entailment=model).checked_by == "rules"


def test_nothing_is_read_where_the_rules_decide(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(folder, 0.8, 0.01)

    def refuse(*_: object) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(model, "read", refuse)
    assert judged(RAIN, model, RAIN).verdict == "supported"
    assert judged("Rain fell for 12 days.", model, RAIN).checked_by == "rules"
    assert judged(RAIN, model).verdict == "unsupported"
    with pytest.raises(AssertionError, match="was asked"):
        judged(CAUSE, model, RAIN)


def test_the_calibration_of_another_model_counts_as_none(folder: Path) -> None:
    calibration = calibrate(folder, 0.8, 0.01)
    assert open_entailment_model(folder).calibration == calibration
    make_model(folder, length=60)
    assert read_calibration(find_model_files(folder)) is None


def test_the_same_model_is_opened_once_for_each_calibration(folder: Path) -> None:
    first = open_entailment_model(folder)
    assert open_entailment_model(folder) is first
    second = opened(folder, 0.8, 0.01)
    assert first.calibration is None
    assert second is open_entailment_model(folder)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": "summarizer/calibration/9"}'])
def test_a_broken_calibration_is_one_line(folder: Path, content: str) -> None:
    (folder / "calibration.json").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"calibration.json: is no calibration \(delete it"):
        open_entailment_model(folder)
