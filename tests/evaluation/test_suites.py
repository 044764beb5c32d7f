"""Suite files: what is read, and how each mistake is told with file, line and field."""

import re
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.evaluation.suites import find_suite_files
from tests.evaluation.written import CASE, case, cases, read, save

GOOD = """\
articles:
  - {id: bern, text: A fire destroyed a depot in Bern on Monday.}
each:
  citation_recall: {min: 1}
cases:
  - name: one
    articles: [bern]
  - name: two
    articles: [bern]
    thresholds: {citation_recall: {min: 0.5}}
"""

MISTAKES = {
    "a YAML typo": ("cases:", "cases: [", r"s\.yaml:\d+: is not YAML"),
    "a tab": ("  - name: one", "\t- name: one", r"s\.yaml:\d+: is not YAML"),
    "no mapping": (GOOD, "- one\n- two\n", r"s\.yaml: holds no suite"),
    "an empty file": (GOOD, "", r"s\.yaml: holds no suite"),
    "an empty suite": (GOOD, "cases: []\n", r"s\.yaml:1: cases: the suite has no cases"),
    "no cases": ("cases:", "case:", r"s\.yaml:1: the suite has no cases"),
    "an unknown field": (
        "  - name: one",
        "  - nam: one",
        r"s\.yaml:6: cases\[0\]\.nam: there is no",
    ),
    "an unknown evaluator": (
        "{citation_recall: {min: 0.5}}",
        "{citation_recal: {min: 0.5}}",
        r"s\.yaml:10: cases\[1\]\.thresholds\.citation_recal: there is no such evaluator "
        r"\(is 'citation_recall' meant\?\)",
    ),
    "an unknown evaluator for each": (
        "  citation_recall: {min: 1}",
        "  faithfulness: {min: 1}",
        r"s\.yaml:4: each\.faithfulness: there is no such evaluator",
    ),
    "a threshold that says no direction": (
        "{min: 0.5}",
        "0.5",
        r"s\.yaml:10: cases\[1\]\.thresholds\.citation_recall: say whether it is the least",
    ),
    "a threshold that is no number": (
        "{min: 0.5}",
        "{min: .nan}",
        r"s\.yaml:10: .*must be a number",
    ),
    "a threshold that passes everything": ("{min: 0.5}", "{min: 0}", r"s\.yaml:10: .*min 0 lets"),
    "a share of at most one": ("{min: 0.5}", "{max: 1}", r"s\.yaml:10: .*max 1 lets everything"),
    "an empty threshold": ("{min: 0.5}", "{}", r"s\.yaml:10: .*a threshold is"),
    "an assertion for a number": ("{min: 0.5}", "true", r"s\.yaml:10: .*is a number: write"),
    "a number for an assertion": (
        "{citation_recall: {min: 0.5}}",
        "{determinism: {min: 0.5}}",
        r"s\.yaml:10: .*is an assertion: write true or false",
    ),
    "two cases with one name": (
        "name: two",
        "name: one",
        r"s\.yaml:8: cases\[1\]\.name: the case 'one' is also in line 6",
    ),
    "a missing fixture": (
        "articles: [bern]\n    thresholds",
        "articles: [bren]\n    thresholds",
        r"s\.yaml:9: cases\[1\]\.articles\[0\]: there is no article bren \(is 'bern' meant\?\)",
    ),
    "a missing recording": (
        "    thresholds",
        "    recording: {file: gone.jsonl, model: openai/x}\n    thresholds",
        r"s\.yaml:10: cases\[1\]\.recording\.file: there is no recording gone\.jsonl",
    ),
    "a missing folder of prompts": (
        "cases:",
        "prompts: mine\ncases:",
        r"s\.yaml:5: prompts: there is no folder mine",
    ),
    "a repeated key": (
        "name: one",
        "name: one\n    name: uno",
        r"s\.yaml:7: the key 'name'",
    ),
    "an article without text": ("text: A fire", "tex: A fire", r"s\.yaml:2: articles\[0\]"),
    "a source that is no article": (
        "    thresholds",
        "    expect: {facts: [{fact: x, sources: [paper]}]}\n    thresholds",
        r"s\.yaml:10: cases\[1\]\.expect: 'paper' is no article of this case \(it has bern\)",
    ),
    "an unknown step": (
        "    thresholds",
        "    replies: {rewrite: []}\n    thresholds",
        r"s\.yaml:10: cases\[1\]\.replies\.rewrite: there is no such field",
    ),
    "a reply that says nothing": (
        "    thresholds",
        "    replies: {write: [{when: x}]}\n    thresholds",
        r"s\.yaml:10: cases\[1\]\.replies\.write\[0\]: a reply has either",
    ),
    "a number where text is meant": (
        "    thresholds",
        "    expect: {absent: [12]}\n    thresholds",
        r"s\.yaml:10: cases\[1\]\.expect\.absent\[0\]: must be text",
    ),
    "a date that is none": (
        "name: one",
        "name: 2026-13-45",
        r"s\.yaml: is not YAML: month must be",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = tmp_path / "s.yaml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read(file)
    line = str(raised.value)
    assert re.search(told, line), line
    assert "\n" not in line
    assert line.startswith(str(file))


def test_a_case_that_demands_nothing_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path, {"name": "idle", "articles": [{"id": "a", "text": "Rain fell in Bern."}]})
    with pytest.raises(SettingsError, match="nothing is demanded of this case"):
        read(file)


def test_a_few_lines_of_aliases_fill_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.yaml"
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    file.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(SettingsError, match="more values than any suite needs"):
        read(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\xff\xfe\xff", "is not UTF-8"), (b"x" * 5_000_001, "larger than 5 MB")],
    ids=["bytes", "large"],
)
def test_what_is_no_suite_at_all_is_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=told):
        read(file)


def test_names_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        find_suite_files([tmp_path / "gone.yaml"])
    with pytest.raises(SettingsError, match="holds no suite"):
        find_suite_files([tmp_path])
    with pytest.raises(SettingsError, match="no suite is named"):
        read()


def test_two_suites_with_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    twins = [save(tmp_path, CASE), save(tmp_path / "deeper", CASE)]
    with pytest.raises(SettingsError, match="the suite 's' is also in"):
        read(*twins)


def test_a_folder_is_searched_and_a_file_is_read_once(tmp_path: Path) -> None:
    file = save(tmp_path, CASE)
    assert find_suite_files([tmp_path, file]) == [file]


def test_defaults_of_the_suite_go_into_its_cases(tmp_path: Path) -> None:
    file = save(
        tmp_path,
        case(settings={"words": 60}),
        settings={"focus": "fire", "words": 90},
        each={"citation_recall": {"min": 0.5}},
    )
    (only,) = cases(file)
    assert (only.spec.settings.focus, only.spec.settings.words) == ("fire", 60)
    assert str(only.spec.thresholds["citation_recall"]) == "≥ 0.5"
    assert only.location == f"{file}:2", "the line where the case begins"


def test_the_hash_of_a_case_follows_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain fell in Bern on Monday.", encoding="utf-8")
    file = save(tmp_path, case(articles=["a.txt"], replies={"facts": "verbatim"}))
    before = cases(file)[0].content
    (tmp_path / "a.txt").write_text("Snow fell in Bern on Monday.", encoding="utf-8")
    assert cases(file)[0].content != before
    (tmp_path / "a.txt").write_text("Rain fell in Bern on Monday.", encoding="utf-8")
    assert cases(file)[0].content == before
