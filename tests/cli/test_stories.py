import json
from pathlib import Path

import pytest

from summarizer.cli.main import main
from tests.articles import SEEDS, seeds
from tests.retrieval.test_stories import ACEH, KAIKOURA


def test_the_seeds_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SEEDS.parent)
    assert main(["stories", "seeds", "--format", "json"]) == 0
    november, earlier = json.loads(capsys.readouterr().out)["stories"]
    assert set(november) == {"id", "date", "title", "sources", "origins"}
    assert (november["date"], november["origins"]) == ("2025-11-25", 3)
    assert sorted(november["sources"]) == [a.path for a in seeds()[:4]]
    assert (earlier["date"], earlier["sources"]) == (None, [seeds()[4].path])


def test_articles_of_a_collection_go_by_their_own_ids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"doc_id": f"{event}{n}", "title": f"Quake {n}", "text": text}
        for event, texts in (("aceh", ACEH), ("kaikoura", KAIKOURA))
        for n, text in enumerate(texts)
    ]
    path = tmp_path / "day.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["stories", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["stories"]
    assert {frozenset(story["sources"]) for story in found} == {
        frozenset(f"{event}{n}" for n in range(3)) for event in ("aceh", "kaikoura")
    }
    assert {story["title"] for story in found} <= {"Quake 0", "Quake 1", "Quake 2"}


def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stories", str(SEEDS)]) == 0
    shown = capsys.readouterr().out
    assert "2025-11-25 · 4 articles · 3 origins" in shown
    assert "undated · 1 article · 1 origin" in shown


def test_nothing_to_read_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stories", str(tmp_path)]) == 1
    assert "no article is left" in capsys.readouterr().err
