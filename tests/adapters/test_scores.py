"""What the adapters return, and what they say where their framework is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from summarizer import Article, check
from summarizer.adapters.promptfoo import get_assert
from summarizer.adapters.scores import score_citations
from tests.adapters.repository import ROOT, python_examples

FIRE = "A fire destroyed a depot in Bern on Monday. Nobody was hurt. The depot was built in 1967."
MIXED = "Nobody was hurt [1]. Ten people died [1]."


def test_the_scores_are_those_of_check() -> None:
    draft = ROOT / "evals" / "fixtures" / "answer.md"
    wires = ROOT / "evals" / "fixtures" / "wires.jsonl"
    from summarizer.sources.files import read_articles

    articles = [each for each in read_articles([str(wires)]) if isinstance(each, Article)]
    report = check(draft, wires).report
    scores = score_citations(draft.read_text(encoding="utf-8"), articles)
    assert scores.recall == report.citation_recall
    assert scores.precision == report.citation_precision
    assert scores.supported == report.supported / report.sentences
    assert scores.unverified == report.unverified / report.sentences


def test_a_reason_names_each_failed_sentence() -> None:
    scores = score_citations(MIXED, [FIRE])
    assert scores.faithful == 0.5
    assert scores.reason.startswith("unsupported: Ten people died. (support: ")
    assert scores.named()["citation_supported"] == 0.5


@pytest.mark.parametrize(
    ("answer", "sources", "reason"),
    [
        ("", [FIRE], "holds no sentence to check"),
        (MIXED, [], "there are no sources"),
        (MIXED, ["  "], "there are no sources"),
    ],
)
def test_nothing_to_judge_is_no_score(answer: str, sources: list[str], reason: str) -> None:
    scores = score_citations(answer, sources)
    assert scores.named() == {}
    assert reason in scores.reason


def test_what_the_checks_cannot_decide_is_no_score() -> None:
    scores = score_citations("A depot in Bern was destroyed [1].", [FIRE])
    assert (scores.faithful, scores.unverified) == (None, 1.0)


def test_an_empty_source_keeps_its_number() -> None:
    assert score_citations("Nobody was hurt [2].", ["", FIRE]).faithful == 1.0


@pytest.mark.parametrize(
    ("answer", "config", "passes", "score"),
    [
        (MIXED, None, False, 0.5),
        (MIXED, {"threshold": 0.5}, True, 0.5),
        ("Nobody was hurt [1].", None, True, 1.0),
        ("", None, True, 1.0),
    ],
)
def test_promptfoo_gets_a_grade(
    answer: str, config: dict[str, object] | None, passes: bool, score: float
) -> None:
    sources: list[object] = [FIRE, [FIRE], [[FIRE]]]  # as promptfoo's versions hand lists over
    for each in sources:
        grade = get_assert(answer, {"vars": {"sources": each}, "config": config})
        assert (grade["pass"], grade["score"]) == (passes, score)
        assert grade["reason"].startswith("not scored: ") == (answer == "")


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("import summarizer.adapters.inspect_ai", "pip install inspect-ai"),
        (
            "from summarizer.adapters.deepeval import deepeval_metric as m; m()",
            "pip install deepeval",
        ),
        ("from summarizer.adapters.dspy import dspy_metric as m; m()", "pip install dspy"),
    ],
)
def test_a_missing_framework_is_one_line_with_its_cure(
    program: str, line: str, tmp_path: Path
) -> None:
    hidden = "import sys; sys.modules |= dict.fromkeys(['deepeval', 'dspy', 'inspect_ai'])\n"
    ran = subprocess.run(
        [sys.executable, "-c", hidden + program],
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.splitlines()[-1].endswith(f" is not installed ({line})")


@pytest.mark.parametrize("program", python_examples(), ids=["score", "guardrail"])
def test_the_examples_of_the_document_run(program: str) -> None:
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102 - our own document
    if guard := names.get("refuse_unfaithful"):
        assert callable(guard)
        assert guard("Nobody was hurt [1].", [FIRE]) == "Nobody was hurt [1]."
        with pytest.raises(ValueError, match="Ten people died"):
            guard(MIXED, [FIRE])
