import json
from pathlib import Path

import pytest

from summarizer.cli.main import main
from tests.articles import SEEDS

FIRE = "A fire destroyed a depot in Bern on Monday evening, police said."


def row(name: str, claim: str, label: object, dataset: str = "fires") -> str:
    told = {"dataset": dataset, "id": name, "claim": claim, "evidence": [FIRE], "label": label}
    return json.dumps(told) + "\n"


ROWS = row("a", "A fire destroyed a depot in Bern.", 1) + row("b", "Aliens sold Bern.", 0)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "claims.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_a_table_of_sets(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(ROWS + row("c", "A depot burnt in Bern.", 1, "one"), encoding="utf-8")
    assert main(["eval", "claims", str(file)]) == 0
    told = capsys.readouterr().out
    verdicts, decided = told.split("\n\n")
    head, fires, one = verdicts.splitlines()
    columns = "wrong/supported false passed true supported true flagged false flagged cannot tell"
    assert head.split() == f"set rows true {columns} ms".split()
    assert fires.split()[:5] == ["fires", "2", "1", "unscored", "0.0"]
    assert one.split()[:5] == ["one", "1", "1", "unscored", "unscored"]
    _, head, fires, one, mean, pooled = decided.splitlines()
    assert head.split() == "set BAcc AUC false accept false reject".split()
    assert fires.split()[:3] == ["fires", "100.0", "100.0"]
    assert one.split()[:3] == ["one", "unscored", "unscored"]
    assert mean.split()[:5] == ["mean", "of", "the", "sets", "100.0"]
    assert pooled.split()[:4] == ["all", "rows", "as", "one"]
    assert "nan" not in told.lower()


def test_the_table_as_json_and_scores_in_a_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", "claims", str(file), "--format", "json", "--scores", "out.jsonl"]
    assert main(arguments) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["schema"] == "summarizer/claims/1"
    assert table["sets"]["fires"]["auc"] == {"value": 1.0, "interval": None}
    first, second = map(json.loads, Path("out.jsonl").read_text(encoding="utf-8").splitlines())
    assert set(first) == {
        "dataset", "id", "score", "supported", "verdict", "checked_by", "findings"
    }  # fmt: skip
    assert (first["verdict"], second["verdict"]) == ("unverified", "unverified")
    assert first["checked_by"] == second["checked_by"] == "rules"
    assert 0 <= second["score"] < first["score"] <= 1
    assert {found["kind"] for found in second["findings"]} <= {"name", "support"}


def test_one_class_only_is_unscored(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(row("a", "A fire destroyed a depot.", 1), encoding="utf-8")
    assert main(["eval", "claims", str(file), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["sets"]["fires"]
    assert found["auc"] == found["balanced_accuracy"] == found["false_accept"] == "unscored"
    assert found["false_reject"]["value"] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROWS + row("c", "It burnt.", 2), "claims.jsonl:3: label is 2"),
        (ROWS + row("c", "It burnt.", None), "claims.jsonl:3: label is missing"),
        (ROWS + "oops\n", "claims.jsonl:3: is not JSON"),
        ("\n\n", "holds no claim"),
    ],
)
def test_malformed_files_are_one_line_and_exit_code_2(
    file: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, encoding="utf-8")
    assert main(["eval", "claims", str(file), "--scores", "out.jsonl"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert not Path("out.jsonl").exists()


def test_the_scores_never_replace_the_claims(file: Path) -> None:
    assert main(["eval", "claims", str(file), "--scores", str(file)]) == 2
    assert file.read_text(encoding="utf-8") == ROWS


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A briefing of copies of the seeds, saved beside them."""
    monkeypatch.chdir(tmp_path)
    for path in SEEDS.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    sources = sorted(path.name for path in SEEDS.glob("*.txt"))
    assert main(["brief", *sources, "-o", "b.json", "--words", "200"]) == 0
    return tmp_path / "b.json"


def test_mistakes_by_kind(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "mutate", str(saved), "--misses"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].split() == ["mistakes", "faithful", "twins"]
    columns = ["made", "supported", "cannot", "tell", "flagged"]
    assert rows[1].split() == ["kind", *columns, *columns, "flagged", "by"]
    assert rows[29].startswith("untouched")
    assert any(row.startswith("quoted word") for row in rows)


@pytest.mark.usefixtures("saved")
def test_mistakes_as_json_the_same_for_the_same_seed(capsys: pytest.CaptureFixture[str]) -> None:
    outs = []
    for seed in ("1", "1", "2"):
        assert main(["eval", "mutate", "b.json", "--format", "json", "--seed", seed]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1] != outs[2]
    report = json.loads(outs[0])
    assert report["schema"] == "summarizer/mutations/2"
    assert len(report["kinds"]) == 27


def test_sources_may_have_moved_or_be_gone(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (saved.parent / "moved").mkdir()
    for path in saved.parent.glob("*.txt"):
        path.rename(saved.parent / "moved" / path.name)
    assert main(["eval", "mutate", "b.json", "--sources", "moved"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["eval", "mutate", "b.json"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 5
    assert all(line.endswith("its cited passages are used instead") for line in told)


@pytest.mark.parametrize("text", ["", "{}", "[1]"])
def test_what_is_no_briefing_is_one_line(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    assert main(["eval", "mutate", str(tmp_path / "b.json")]) == 2
    assert main(["eval", "mutate", str(tmp_path / "gone.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
