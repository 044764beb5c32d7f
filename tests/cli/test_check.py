import io
import json
import sys
import time
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from summarizer.cli.main import main
from tests.articles import SEEDS
from tests.chain.authors import responding
from tests.chain.authors import verdicts as judged
from tests.models.server import Server

FIRE = (
    "A fire destroyed a depot in Bern on Monday evening, police said. Twelve people were injured.\n"
    "Mayor Anna Keller praised the fire brigade for its quick work, and promised a new depot.\n"
)
RATES = (
    "The central bank lowered its key rate to 3.25 percent on Thursday. Governor Elin Varga said"
    " that inflation had fallen to 2.1 percent in May.\n"
)
GOOD = (
    "A fire destroyed a depot in Bern on Monday evening, police said [1]."
    " Twelve people were injured [1].\n"
)
pytestmark = pytest.mark.usefixtures("folder")

SCHEMA = Path(__file__).parents[2] / "docs" / "check.schema.json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two sources."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fire.txt").write_text(FIRE, encoding="utf-8")
    (tmp_path / "rates.txt").write_text(RATES, encoding="utf-8")
    return tmp_path


def check(draft: str, *arguments: str) -> int:
    """Saves the draft and checks it; without arguments, against both sources."""
    Path("draft.md").write_text(draft, encoding="utf-8")
    return main(["check", "draft.md", *(arguments or ("--sources", "fire.txt", "rates.txt"))])


def verdicts(draft: str, capsys: pytest.CaptureFixture[str], *sources: str) -> list[str]:
    arguments = ["--sources", *(sources or ("fire.txt", "rates.txt"))]
    check(draft, *arguments, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    return [one["verdict"] for one in found["sentences"]]


def test_a_draft_that_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(GOOD) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines()[0].startswith("numbers follow the order of --sources: [1] fire")
    assert told.out.splitlines()[-1].startswith("2 of 2 sentences supported")


def test_a_wrong_figure_is_told_beside_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(f"{GOOD} The bank lowered its key rate to 3.75 percent on Thursday [2].") == 1
    out = capsys.readouterr().out
    assert "✗ The bank lowered its key rate to 3.75 percent on Thursday. [2]" in out
    assert "number: 3.75 percent not in the cited passages; there: 3.25 percent" in out
    assert "nearest: “The central bank lowered its key rate" in out
    assert "2 of 3 sentences supported" in out


def test_a_sentence_under_the_wrong_number_is_told_where_it_belongs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check("Twelve people were injured [2].") == 1
    assert "misattributed: not where it is cited; fire.txt says it" in capsys.readouterr().out


def test_a_citation_in_vain_is_told_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("Twelve people were injured [1][2].") == 0
    out = capsys.readouterr().out
    assert "misattributed: [2] does not say it" in out
    assert "citation precision 0.50" in out


def test_two_sources_may_carry_a_sentence_together(capsys: pytest.CaptureFixture[str]) -> None:
    draft = (
        "Twelve people were injured, while the central bank lowered its key rate to 3.25 percent"
    )
    assert verdicts(f"{draft} [1, 2].", capsys) == ["unverified"]
    assert verdicts(f"{draft} [1].", capsys) == ["unsupported"]


def test_marks_to_nothing_fail_even_beside_one_that_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check("Twelve people were injured [1][7].") == 1
    out = capsys.readouterr().out
    assert "(citation not resolved)" in out
    assert "unresolved: [7] leads to nothing: there are only 2 sources" in out


def test_without_marks_the_best_passages_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("Twelve people were injured. Inflation had fallen to 2.1 percent in May.") == 0
    assert "no citation marks: each sentence is compared with" in capsys.readouterr().out
    assert check("The archbishop of Oslo sold seven submarines to a casino.") == 1


def test_the_draft_s_list_beats_the_order(capsys: pytest.CaptureFixture[str]) -> None:
    listed = "Twelve people were injured [2].\n\n## Sources\n1. rates.txt\n2. fire.txt\n"
    assert verdicts(listed, capsys) == ["supported"]
    assert verdicts("Twelve people were injured [2].\n", capsys) == ["unsupported"]


def test_a_draft_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert main(["check", "-", "--sources", "fire.txt"]) == 0
    assert main(["check", "-", "--sources", "-"]) == 2
    assert "cannot be both the draft and a source" in capsys.readouterr().err


def test_sources_in_every_spelling(folder: Path) -> None:
    draft = "Inflation had fallen to 2.1 percent in May [2]."
    for arguments in (
        ["--sources", "fire.txt", "rates.txt"],
        ["--sources", "fire.txt", "--sources", "rates.txt"],
        ["--sources", "fire.txt", "rates.txt", "--format", "text"],
        ["--format", "text", "--sources", "*.txt"],
        ["--sources=fire.txt", "--sources=rates.txt"],
    ):
        assert check(draft, *arguments) == 0, arguments
    (folder / "news").mkdir()
    for name in ("fire.txt", "rates.txt"):
        (folder / "news" / name).write_bytes((folder / name).read_bytes())
    assert check(draft, "--sources", "news") == 0


def test_json_keeps_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    check(f"# Title\n\n{GOOD} Aliens [9].", "--sources", "fire.txt", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert found["report"]["sentences"] == 3
    text = Path("draft.md").read_text(encoding="utf-8")
    for one in found["sentences"]:
        assert text[one["start"] : one["end"]].startswith(one["text"][:5])
    for cited in (c for one in found["sentences"] for c in one["citations"]):
        assert FIRE[cited["start"] : cited["end"]] == cited["quote"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("c.html", "<!doctype html>"), ("c.md", "# Check of draft.md"), ("c.json", "{"), ("c", "num")],
)
def test_the_suffix_names_the_format(name: str, begins: str) -> None:
    assert check(GOOD, "--sources", "fire.txt", "-o", name) == 0
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_the_same_draft_gives_the_same_bytes() -> None:
    for name in ("a.json", "b.json"):
        check(GOOD, "--sources", "fire.txt", "rates.txt", "-o", name)
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()


@pytest.mark.parametrize(
    ("draft", "sources", "told"),
    [
        ("", ["fire.txt"], "draft.md: is empty"),
        ("# Only a title\n", ["fire.txt"], "draft.md: holds no sentence to check"),
        (GOOD, ["gone.txt"], "--sources: no source can be read"),
        (GOOD, ["empty.txt"], "--sources: no source can be read"),
        ("%PDF-1.7 and so on", ["fire.txt"], "draft.md: is a PDF"),
        ('{"schema": "summarizer/briefing/1"}', ["fire.txt"], "summarizer verify draft.md"),
    ],
)
def test_bad_input_is_told_in_clear_words(
    folder: Path, draft: str, sources: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.txt").write_bytes(b"")
    assert check(draft, "--sources", *sources) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("summarizer: ")
    assert told in last


def test_a_draft_that_is_not_there_or_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "gone.md", "--sources", "fire.txt"]) == 2
    assert main(["check", ".", "--sources", "fire.txt"]) == 2
    assert main(["check", "gone.md"]) == 2
    assert "Missing option '--sources'" in capsys.readouterr().err


def test_an_empty_source_keeps_its_number_and_fails_its_sentences(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.txt").write_bytes(b"")
    draft = "Twelve people were injured [1]. Inflation had fallen to 2.1 percent in May [2]."
    assert check(draft, "--sources", "empty.txt", "rates.txt") == 1
    told = capsys.readouterr()
    assert told.err == "summarizer: empty.txt: is empty\n"
    assert "unresolved: [1] is empty.txt, which is empty" in told.out
    assert "? Inflation had fallen" in told.out


def test_a_source_in_another_language_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    german = (
        "Am Montagabend hat ein Feuer ein Depot in Bern zerstört, teilte die Polizei mit. Zwölf"
        " Menschen wurden dabei verletzt und in das Krankenhaus gebracht.\n"
    )
    (folder / "feuer.txt").write_text(german, encoding="utf-8")
    draft = "A fire destroyed a depot in Bern, as the police of the city said in the evening [1]."
    assert check(draft, "--sources", "feuer.txt", "--strict") == 1
    assert check(draft, "--sources", "feuer.txt") == 0
    out = capsys.readouterr().out
    assert "the draft is in English, the sources in German" in " ".join(out.split())
    assert "(unverified)" in out


def test_the_output_is_none_of_the_inputs() -> None:
    assert check(GOOD, "--sources", "fire.txt", "-o", "fire.txt") == 2
    assert check(GOOD, "--sources", "fire.txt", "-o", "draft.md") == 2
    assert Path("fire.txt").read_text(encoding="utf-8") == FIRE


def test_a_draft_of_ten_thousand_sentences() -> None:
    lines = [f"Twelve people were injured [1]. Number {n} is new." for n in range(5_000)]
    started = time.process_time()
    assert check("\n".join(lines), "--sources", "fire.txt", "-o", "c.json") == 1
    assert time.process_time() - started < 90
    report = json.loads(Path("c.json").read_text(encoding="utf-8"))["report"]
    assert (report["sentences"], report["without_marker"]) == (10_000, 5_000)


def test_what_a_briefing_says_holds_when_it_is_checked_as_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SEEDS.parent)
    saved = str(tmp_path / "b.json")
    assert main(["brief", "seeds", "-o", saved]) == 0
    briefing = json.loads(Path(saved).read_text(encoding="utf-8"))
    paths = {source["id"]: source["path"] for source in briefing["sources"]}
    told = [
        f"{one['text']} [x]({paths[one['citations'][0]['source']]})"
        for story in briefing["stories"]
        for one in story["sentences"]
    ]
    draft = tmp_path / "draft.md"
    draft.write_text("\n\n".join(told), encoding="utf-8")
    out = str(tmp_path / "c.json")
    assert main(["check", str(draft), "--sources", "seeds", "-o", out]) == 0
    report = json.loads(Path(out).read_text(encoding="utf-8"))["report"]
    assert report["supported"] + report["unverified"] == report["sentences"] == len(told)


def test_an_exchanged_order_is_noted_once(capsys: pytest.CaptureFixture[str]) -> None:
    draft = (
        "A fire destroyed a depot in Bern on Monday evening [2]. Twelve people were injured [2].\n"
        "The central bank lowered its key rate to 3.25 percent on Thursday [1].\n"
    )
    check(draft, "--sources", "fire.txt", "rates.txt", "--format", "json")
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [note for note in notes if "another order" in note] == [
        "the numbers seem to follow another order: of 3 sentences that cite by number, 3 are said"
        " by another source than the cited one; [1] seems to be rates.txt (1 of them), [2] seems to"
        " be fire.txt (2 of them)"
    ]
    check(draft, "--sources", "rates.txt", "fire.txt", "--format", "json")
    assert "another order" not in capsys.readouterr().out


def test_what_claims_nothing_is_listed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    draft = f"{GOOD}The sources do not say who paid.\n\nLet me know if you need more.\n"
    assert check(draft, "--sources", "fire.txt") == 0
    out = capsys.readouterr().out
    assert "- The sources do not say who paid. (about the sources, not judged)" in out
    assert "Not judged: 2 sentences (1 about the sources, 1 chat)" in out
    assert "2 of 2 sentences supported" in out


def test_annotations_for_github_stand_at_the_lines_of_the_draft(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draft = f"# Title\n\n{GOOD}\nOf those, 90% of the aliens were injured [1].\n"
    assert check(draft, "--sources", "fire.txt", "--format", "github") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::warning file=draft.md,line=5,title=")
    assert "::Of those, 90%25 of the aliens were injured.%0A" in lines[0]
    assert lines[-1].startswith("::notice title=Check of draft.md::2 of 3 sentences supported")
    assert len(lines) == 2


def test_a_pasted_chat_with_private_marks_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("Twelve people were injured \ue200cite\ue202turn0search0\ue201.\n") == 0
    assert "1 of 1 sentence supported" in capsys.readouterr().out


def test_a_draft_of_five_megabytes_is_refused_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.process_time()
    assert check(GOOD * 60_000) == 2
    assert time.process_time() - started < 10
    assert capsys.readouterr().err.splitlines()[-1] == (
        "summarizer: draft.md: has 6,060,000 characters; at most 1,000,000 are checked at once"
        " (split it)"
    )


def test_a_judge_on_the_command_line_decides_what_the_rules_leave_open(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = "A blaze ruined the depot in Bern [1]. The mayor promised a new depot [1].\n"
    arguments = ["--sources", "fire.txt", "--format", "json", "--strict"]
    assert check(draft, *arguments) == 1
    for sentence in json.loads(capsys.readouterr().out)["sentences"]:
        assert (sentence["verdict"], sentence["checked_by"]) == ("unverified", "rules")
        details = " ".join(issue["detail"] for issue in sentence["issues"])
        assert "a judge (--judge-model NAME) or a model on this machine (--nli PATH)" in details
    server.respond = responding(lambda _, prompt: judged(prompt, {"promised": "promised"}))
    model = ["--judge-model", "openai/x", "--api-base", f"{server.url}/v1"]
    assert check(draft, *arguments, *model) == 1
    found = json.loads(capsys.readouterr().out)["sentences"]
    assert [each["verdict"] for each in found] == ["supported", "unsupported"]
    assert {each["checked_by"] for each in found} == {"judge:openai/x"}
    assert [each["support"] for each in found] == [0.98, 0.02]
    assert check(draft, "--sources", "fire.txt", *model[2:]) == 2
