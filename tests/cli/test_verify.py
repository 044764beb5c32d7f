import json
from pathlib import Path

import pytest

from summarizer.cli.main import main
from tests import feedserver
from tests.articles import SEEDS


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A briefing of copies of the seeds, saved beside them."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "news"
    folder.mkdir()
    for path in sorted(SEEDS.glob("*.txt")):
        (folder / path.name).write_bytes(path.read_bytes())
    assert main(["brief", "news", "-o", "b.json"]) == 0
    return tmp_path / "b.json"


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_an_untouched_briefing_holds(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(saved)]) == 0
    (line,) = lines(capsys)
    assert line.endswith("in 5 of 5 sources: 0 failures")


def test_paths_are_found_beside_the_file_too(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/")
    assert main(["verify", str(saved)]) == 0
    assert lines(capsys)


def test_a_source_that_changed_is_told_quote_by_quote(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = json.loads(saved.read_text(encoding="utf-8"))["stories"][0]
    cited = story["headline"]["citations"][0]["quote"]
    path = next(p for p in (saved.parent / "news").iterdir() if cited in p.read_text("utf-8"))
    path.write_text("New: " + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["verify", str(saved)]) == 1
    found = lines(capsys)
    assert any("has changed: sha256" in line for line in found)
    assert any("; now at 5:" in line for line in found)
    path.write_text("All new.", encoding="utf-8")
    assert main(["verify", str(saved)]) == 1
    assert any("orphaned: no longer there" in line for line in lines(capsys))


def test_a_source_that_is_gone_is_not_a_wrong_citation_but_no_success(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next(iter((saved.parent / "news").iterdir())).unlink()
    assert main(["verify", str(saved)]) == 1
    found = lines(capsys)
    assert len([line for line in found if "not verified: does not exist any more" in line]) == 1
    assert found[-1].endswith("in 4 of 5 sources: 0 failures")


@pytest.mark.parametrize(
    ("field", "value"),
    [("quote", "Something that nobody wrote"), ("start", 3), ("chunk", "c-000000000000")],
)
def test_a_forged_citation_does_not_even_load(
    saved: Path, field: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing = json.loads(saved.read_text(encoding="utf-8"))
    briefing["stories"][0]["headline"]["citations"][0][field] = value
    saved.write_text(json.dumps(briefing), encoding="utf-8")
    assert main(["verify", str(saved)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json", '{"schema": "other"}'])
def test_what_is_no_briefing_is_one_line(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    assert main(["verify", str(tmp_path / "b.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_no_such_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "gone.json"]) == 2
    assert capsys.readouterr().err == "summarizer: gone.json: does not exist\n"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("stories", 0, "headline", "text"), "The mayor of Bern was arrested by the FBI on Monday"),
        (("stories", 0, "headline", "origins"), 4),
        (("sources", 0, "publisher"), "The Daily Truth"),
        (("report", "origins"), 9),
        (("findings", 0, "detail"), "nothing"),
    ],
)
def test_a_file_that_was_altered_is_told(
    saved: Path, place: tuple[str | int, ...], value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    briefing = json.loads(saved.read_text(encoding="utf-8"))
    at = briefing
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    saved.write_text(json.dumps(briefing), encoding="utf-8")
    assert main(["verify", str(saved)]) == 1
    found = lines(capsys)
    assert "was altered since it was written" in found[0]
    assert any("by its citations" in line for line in found) == (place[-1] == "text")


def test_articles_of_a_collection_are_found_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": path.stem, "text": path.read_text(encoding="utf-8")}
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["brief", str(news), "-o", str(tmp_path / "b.json")]) == 0
    assert main(["verify", str(tmp_path / "b.json")]) == 0
    assert lines(capsys)[-1].endswith("in 5 of 5 sources: 0 failures")


def test_live_says_what_became_of_each_citation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "A fire destroyed a railway depot in Bern on Monday evening, police said. Twelve people"
        " were injured in the fire, two of them seriously, a spokeswoman of the hospital said."
    )
    saved = str(tmp_path / "b.json")
    with feedserver.serve({"/fire": feedserver.page("Fire in Bern", text)}) as site:
        asked = ["brief", site.url("/fire"), "--words", "60", "--allow-private", "-o", saved]
        assert main(asked) == 0
        live = ["verify", saved, "--live", "--allow-private"]
        assert main(live) == 0
        assert lines(capsys)[0].startswith("same        http://127.0.0.1")
        for paragraphs, state in (
            (["The report was updated at noon on Tuesday.", text], "moved"),
            (["The council of Basel met on Friday and adopted its budget."], "changed"),
        ):
            site.routes["/fire"] = feedserver.page("Fire in Bern", *paragraphs)
            assert main(live) == 1
            shown = lines(capsys)
            assert shown[0].startswith(f"{state} ")
            assert state in shown[-1]
    assert main(live) == 1
    assert lines(capsys)[0].startswith("unavailable http://127.0.0.1")
