"""Floors hold on what they were measured on, changes are told, and nothing falls in silence."""

import json
from pathlib import Path

import pytest

from summarizer.cli.main import main
from summarizer.errors import SettingsError
from summarizer.evaluation.gate import Baseline, SuiteFloors, refuse_changed_inputs
from tests.evaluation.written import CASE, STORY, case, save

LESS = {**STORY, "sentences": [*STORY["sentences"], {"text": "The depot was full.", "keys": "z9"}]}
"""A reply with a key that names nothing: precision falls."""

WIDE = {"absent": "ninety"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one suite."""
    monkeypatch.chdir(tmp_path)
    save(tmp_path, case(expect=WIDE))
    return tmp_path


def gate(*options: str) -> int:
    return main(["eval", "gate", "s.yaml", "--baseline", "b.json", *options])


def floors(folder: Path) -> dict[str, dict[str, float]]:
    held = json.loads((folder / "b.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, float]] = held["suites"]["s"]["floors"]
    return found


@pytest.fixture
def gated(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The same with its baseline."""
    assert gate("--update") == 0
    capsys.readouterr()
    return here


def test_a_baseline_holds_what_is_judged_and_no_times(gated: Path) -> None:
    held = floors(gated)
    assert held["passed"] == held["citation_precision"] == {"min": 1.0}
    assert held["unsupported_rate"] == {"max": 0.0}
    assert not {"seconds", "tokens", "cost_usd", "writer"} & held.keys()


def test_the_same_suite_meets_its_floors(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = len(floors(gated))
    assert gate() == 0
    assert capsys.readouterr().out == f"Gate met: {count} of {count} floors, 1 cases in 1 suites\n"


def test_a_score_below_its_floor_is_exit_code_1(
    gated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = json.loads((gated / "b.json").read_text(encoding="utf-8"))
    baseline["suites"]["s"]["floors"] |= {"redundancy": {"min": 0.5}, "joint": {"min": 0.5}}
    (gated / "b.json").write_text(json.dumps(baseline), encoding="utf-8")
    assert gate() == 1
    told = capsys.readouterr().out
    assert "s: redundancy is 0, and the floor is ≥ 0.5" in told
    assert "s: joint is not measured, and the floor is ≥ 0.5" in told
    assert "Gate NOT MET" in told


def test_a_failing_case_is_exit_code_1_even_where_no_floor_falls(
    gated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = json.loads((gated / "b.json").read_text(encoding="utf-8"))
    baseline["suites"]["s"]["floors"] = {}
    (gated / "b.json").write_text(json.dumps(baseline), encoding="utf-8")
    assert gate() == 0
    save(gated, case(expect={"absent": "Twelve people"}))
    assert gate("--update") == 1
    assert "not renewed" in capsys.readouterr().out


def test_another_corpus_is_refused_with_what_changed_and_how_to_renew(
    gated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(gated, case(expect={"absent": "eighty"}))
    assert gate() == 2
    told = capsys.readouterr().err
    assert told.startswith("summarizer: b.json: does not fit any more: the corpus of 's' has")
    assert "eval gate SUITE... --update" in told
    assert told.count("\n") == 1
    assert gate("--update") == 0
    assert gate() == 0


def test_other_prompts_are_refused_by_name(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = Path(__file__).parents[2] / "prompts" / "write.md"
    (gated / "mine").mkdir()
    own = shipped.read_text(encoding="utf-8").replace("You write one", "You write just one")
    (gated / "mine" / "write.md").write_text(own, encoding="utf-8")
    save(gated, case(expect=WIDE), prompts="mine")
    assert gate() == 2
    told = capsys.readouterr().err
    assert "the prompt 'write' of 's' has changed" in told
    assert "facts" not in told


def test_another_suite_is_refused(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(gated, CASE, name="t")
    assert main(["eval", "gate", "t.yaml", "--baseline", "b.json"]) == 2
    told = capsys.readouterr().err
    assert "the suite 's' was not run" in told
    assert "the suite 't' is new" in told


def test_a_floor_falls_only_when_that_is_said(
    gated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (gated / "b.json").read_bytes()
    replies = {"facts": "verbatim", "write": [LESS], "repair": "nothing"}
    save(gated, case(expect=WIDE, replies=replies))
    assert gate("--update") == 1
    told = capsys.readouterr().out
    assert "s: citation_precision ≥ 1 -> ≥ 0.6" in told
    assert (gated / "b.json").read_bytes() == before
    assert gate("--update", "--allow-regression") == 0
    assert floors(gated)["citation_precision"]["min"] < 1


def test_a_case_that_is_left_out_is_told(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(gated, case(expect=WIDE), case(name="two", expect=WIDE))
    assert gate("--update") == 0
    save(gated, case(expect=WIDE))
    assert gate("--update") == 1
    assert "s: 2 cases -> 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "b.json: there is no baseline (write it with: summarizer eval gate"),
        ("{", "b.json: is no baseline: it: Invalid JSON"),
        ('{"schema": "x", "suites": {}}', "b.json: is no baseline: schema"),
    ],
)
def test_a_baseline_that_is_none_is_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    if content is not None:
        (here / "b.json").write_text(content, encoding="utf-8")
    assert gate() == 2
    assert told in capsys.readouterr().err


def test_a_wrong_suite_measures_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(here, case(replies={"facts": "verbatim"}))
    assert gate("--update") == 2
    assert "the step 'write' is asked" in capsys.readouterr().err
    assert not (here / "b.json").exists()


@pytest.mark.usefixtures("gated")
def test_allowing_a_regression_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate("--allow-regression") == 2
    assert "means nothing without --update" in capsys.readouterr().err


def test_suites_that_differ_are_named_in_alphabetical_order() -> None:
    floors = SuiteFloors(corpus="c", prompts={}, cases=1, floors={})
    gone, new = (Baseline(suites={f"{each}{i}": floors for i in range(9)}) for each in "ab")
    with pytest.raises(SettingsError) as caught:
        refuse_changed_inputs(gone, new, Path("baseline.json"))
    message = str(caught.value)
    for letter in "ab":
        places = [message.index(f"'{letter}{i}'") for i in range(9)]
        assert places == sorted(places)


def test_labelled_claims_are_counted_too(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("Twelve people were injured.", 1), ("Ninety people were injured.", 0),
        ("Some were hurt.", 1),
    ]  # fmt: skip
    lines = [
        {"dataset": "d", "claim": claim, "evidence": "Twelve people were injured.", "label": label}
        for claim, label in rows
    ]
    file = gated / "claims.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert gate("--claims", "claims.jsonl") == 2
    assert gate("--update", "--claims", "claims.jsonl") == 0
    held = json.loads((gated / "b.json").read_text(encoding="utf-8"))["claims"]["claims.jsonl"]
    assert held["cases"] == 3
    assert held["floors"] == {
        "false_supported": {"max": 0}, "faithful_flagged": {"max": 0},
        "false_not_flagged": {"max": 0}, "faithful_not_supported": {"max": 1},
    }  # fmt: skip
    capsys.readouterr()
    assert gate() == 0
    assert "3 claims of claims.jsonl" in capsys.readouterr().out
    stricter = json.loads((gated / "b.json").read_text(encoding="utf-8"))
    stricter["claims"]["claims.jsonl"]["floors"]["faithful_not_supported"]["max"] = 0
    (gated / "b.json").write_text(json.dumps(stricter), encoding="utf-8")
    assert gate() == 1
    assert "claims.jsonl: faithful_not_supported is 1, and the floor is" in capsys.readouterr().out
    file.write_text(json.dumps(lines[0]), encoding="utf-8")
    assert gate() == 2
    assert "the corpus of 'claims.jsonl' has changed" in capsys.readouterr().err
