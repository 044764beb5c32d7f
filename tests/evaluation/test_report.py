"""The same run in every format, hostile words included."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from summarizer.evaluation.report import html, machine, text
from summarizer.evaluation.runner import RunPlan, run_cases, select_cases
from summarizer.evaluation.summary import RunSummary, summarize_run
from tests.evaluation.written import CASE, STORY, case, read, save
from tests.rendering.words import fused

HOSTILE = "<script>alert(1)</script> [x](javascript:1) | \x1b[31m & \x00 \ud83d"


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> RunSummary:
    """One case that passes, one that fails with hostile words, one that is wrong."""
    folder = tmp_path_factory.mktemp("suite")
    words = HOSTILE.encode("utf-8", "replace").decode()
    evil = {
        **STORY,
        "sentences": [{"text": f"Twelve people were injured. {words}", "at": "Twelve"}],
    }
    file = save(
        folder,
        CASE,
        case(
            name="evil",
            replies={"facts": "verbatim", "write": [evil], "repair": "nothing"},
            expect={"sentences": [{"says": words}]},
        ),
        case(name="wrong", replies={"facts": "verbatim"}),
        thresholds={"citation_recall": {"min": 0.99}, "joint": {"min": 0.5}},
    )
    suites = read(file)
    plan = RunPlan(max_workers=1, repeat=2)
    return summarize_run(run_cases(select_cases(suites, plan), plan), suites)


def test_a_wrong_suite_is_never_a_green_run(summary: RunSummary) -> None:
    assert summary.verdict == "invalid"
    assert summarize_run([], []).verdict == "invalid", "neither is an empty one"


def test_the_table_says_who_judged_and_what_failed(summary: RunSummary) -> None:
    told = text.text_report(summary)
    head = told.split("\n", 1)[0]
    assert "error rates are in docs/checks.md" in head
    assert "unresolved citations against it" in head
    assert "s: 2 of 6 passed, 2 failed, 2 invalid" in told
    assert re.search(r"citation_recall +1 .* checks +0\n", told), "the variance of two attempts"
    assert "NOT MET: joint could not be scored in any case, and ≥ 0.5 is demanded" in told
    assert "FAILED s/evil " in told
    assert "FAILED s/evil (attempt 2)" in told
    assert "INVALID s/wrong" in told
    assert told.endswith("INVALID: 2 of 6 cases\n")
    assert "\x1b" not in told


def test_json_holds_everything(summary: RunSummary) -> None:
    held = json.loads(machine.json_report(summary))
    assert held["verdict"] == "invalid"
    assert [row["status"] for row in held["rows"]] == [
        *["passed"] * 2,
        *["failed"] * 2,
        *["invalid"] * 2,
    ]
    assert held["suites"][0]["misses"] == list(summary.suites[0].misses)
    assert held["rows"][0]["scores"]["citation_recall"] == {
        "value": 1.0,
        "judge": "checks",
        "error": "",
    }


def test_junit_is_xml_with_one_test_a_case(summary: RunSummary) -> None:
    root = ElementTree.fromstring(machine.junit_report(summary))  # noqa: S314 - our own words
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "3", "2")
    assert len(suite.findall("testcase")) == 7
    assert len(suite.findall("testcase/failure")) == 3
    assert len(suite.findall("testcase/error")) == 2
    assert all(each.get("line", "").isdigit() for each in suite.findall("testcase[@file]"))


def test_markdown_shows_words_as_words(summary: RunSummary) -> None:
    told = text.markdown_report(summary)
    assert told.startswith("## INVALID: 2 of 6 cases\n")
    assert "<script>" not in told
    assert r"\[x\](javascript" in told, "no link"
    assert "| citation_recall | 1 |" in told


def test_the_page_asks_for_nothing_and_runs_nothing(summary: RunSummary) -> None:
    page = html.html_report(summary)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert unescape(policy[1]).startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy[1]
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="', page)
    assert "&lt;script&gt;" in page
    assert page.count("<svg") >= 3
    assert "Twelve people were injured." in page, "the briefing itself"


def test_no_words_run_together_on_the_page(summary: RunSummary) -> None:
    assert not fused(html.html_report(summary))
