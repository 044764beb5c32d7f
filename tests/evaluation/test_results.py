"""One case, run: mocked replies, expectations, thresholds, and whatever breaks on the way."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.evaluation.evaluators import EVALUATORS, Evaluator, ScoreValue
from summarizer.evaluation.mock_model import MockScript
from summarizer.evaluation.outcomes import EVALUATION_TIME, CaseOutcome
from summarizer.evaluation.results import evaluate_case
from summarizer.models.replay import ScriptedModel
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from tests.articles import seeds
from tests.evaluation.written import BERN, CASE, PAPER, STORY, case, cases, row, save
from tests.writing.chains import linked

SEEDS = Path(__file__).parents[2] / "evals" / "suites" / "seeds.yaml"


def test_a_faithful_case_passes_and_keeps_what_was_told(tmp_path: Path) -> None:
    passed = row(tmp_path)
    assert (passed.status, passed.failures) == ("passed", ())
    assert [told.text for told in passed.told] == [
        "A fire destroyed a depot in Bern on Monday evening, police said",
        "Twelve people were injured.",
    ]
    assert passed.told[0].sources == ("bern",)
    assert passed.scores["citation_recall"].value == 1.0
    assert passed.scores["citation_recall"].judge == "checks"


def test_without_replies_the_model_free_writer_writes(tmp_path: Path) -> None:
    free = {"name": "free", "articles": CASE["articles"], "thresholds": {"writer": "extractive"}}
    (only,) = cases(save(tmp_path, free))
    assert evaluate_case(only).status == "passed"


UNMET = {
    "a verdict": (
        {"sentences": [{"says": "Twelve", "verdict": "unverified"}]},
        "is supported, not unverified",
    ),
    "a method": (
        {"sentences": [{"says": "Twelve", "method": "replaced"}]},
        "is written, not replaced",
    ),
    "origins": ({"sentences": [{"says": "Twelve", "origins": 2}]}, "rests on 1 origins, not on 2"),
    "a citation": ({"sentences": [{"says": "Twelve", "cites_not": "bern"}]}, "cites bern"),
    "a sentence": ({"sentences": [{"says": "Ninety"}]}, "no sentence says “Ninety”"),
    "a part": ({"sentences": [{"says": "Twelve", "part": "headline"}]}, "no headline says"),
    "a finding": ({"findings": [{"kind": "number"}]}, "no finding number; found: none"),
    "text": ({"absent": "twelve people"}, "must not be told: “twelve people”"),
    "an order": ({"injected": ["twelve"]}, "an order of a source was obeyed: “twelve”"),
    "boilerplate": ({"boilerplate": ["Read more"]}, "was not set aside: “Read more”"),
    "a fact": (
        {"facts": [{"fact": "x", "says": "ninety", "sources": "bern"}]},
        "fact is not told: x",
    ),
    "a disagreement": (
        {"disagreements": [{"sides": ["ten", "twelve"]}]},
        "is not shown: ten / twelve",
    ),
    "stories": ({"stories": [["bern"], ["bern"]]}, ""),
    "nothing": ({"delivered": False}, "expected no briefing"),
}


@pytest.mark.parametrize(("expect", "told"), UNMET.values(), ids=UNMET)
def test_an_expectation_that_is_not_met_is_one_line(
    tmp_path: Path, expect: dict[str, object], told: str
) -> None:
    found = row(tmp_path, expect=expect)
    if not told:
        assert found.status == "passed"
        return
    assert found.status == "failed"
    (line,) = found.failures
    assert told in line


def test_words_of_the_source_and_of_the_reply_are_found_however_they_are_quoted(
    tmp_path: Path,
) -> None:
    text = "“We were lucky,” said Mayor Anna Keller of Bern. The fire broke out on Monday evening."
    story = {
        "headline": {"text": "The fire broke out on Monday evening", "at": "the fire broke"},
        "sentences": [
            {"text": "“We were lucky,” said Mayor Anna Keller.", "at": '"We were  LUCKY'}
        ],
    }
    found = row(
        tmp_path,
        articles=[{"id": "bern", "text": text}],
        replies={"facts": "verbatim", "write": [story]},
        expect={"sentences": [{"says": '"we were lucky"|"we were lucky,"', "cites": "bern"}]},
    )
    assert found.status == "passed", found


THRESHOLDS = {
    "a score below": ({"citation_recall": {"min": 1.0}}, ""),
    "a score above": ({"tokens": {"max": 1}}, "tokens is "),
    "an assertion": ({"determinism": False}, "determinism is true, and false is demanded"),
    "a label": ({"writer": "extractive"}, "writer is scripted/model, and extractive is demanded"),
    "unscored": ({"fact_coverage": {"min": 0.5}}, "fact_coverage could not be scored"),
}


@pytest.mark.parametrize(("thresholds", "told"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_a_threshold_holds_or_fails_the_case(
    tmp_path: Path, thresholds: dict[str, object], told: str
) -> None:
    found = row(tmp_path, thresholds=thresholds)
    assert (found.status == "passed") == (told == "")
    assert told in "".join(found.failures)


def raising(_: CaseOutcome) -> ScoreValue:
    raise ZeroDivisionError("no claim at all")


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (raising, "citation_recall raised ZeroDivisionError: no claim at all"),
        (lambda _: math.nan, "citation_recall could not be scored, and ≥ 0.5 is demanded"),
        (lambda _: None, "citation_recall could not be scored, and ≥ 0.5 is demanded"),
        (lambda _: True, "citation_recall is true, and ≥ 0.5 is demanded"),
    ],
    ids=["raises", "nan", "none", "of another kind"],
)
def test_what_is_no_score_fails_where_one_is_demanded(
    tmp_path: Path, measure: "object", told: str
) -> None:
    (only,) = cases(save(tmp_path, case(thresholds={"citation_recall": {"min": 0.5}})))
    odd = Evaluator(measure, "share", "checks")  # type: ignore[arg-type]
    found = evaluate_case(only, evaluators={**EVALUATORS, "citation_recall": odd})
    assert (found.status, found.failures) == ("failed", (told,))
    assert found.scores["redundancy"].value == 0.0, "the others are measured all the same"


def test_an_evaluator_that_raises_fails_the_case_even_if_nobody_demands_it(tmp_path: Path) -> None:
    (only,) = cases(save(tmp_path, CASE))
    found = evaluate_case(only, evaluators={"mine": Evaluator(raising, "share", "checks")})
    assert found.status == "failed"
    assert found.scores["mine"].value is None


WRONG_SCRIPTS = {
    "never asked": (
        {"facts": "verbatim", "write": [STORY, {"when": "Thun", "raw": "x"}]},
        "a reply for the step 'write' was never asked for",
    ),
    "repair never asked": (
        {"facts": "verbatim", "write": [STORY], "repair": [{"text": ""}]},
        "a reply for the step 'repair' was never asked for",
    ),
    "no reply": ({"facts": "verbatim"}, "the step 'write' is asked, and has no reply left"),
    "words that are not shown": (
        {"facts": "verbatim", "write": [{"headline": {"text": "x", "at": "in Thun"}}]},
        "no reply for the step 'write' fits what it asks: 'A fire destroyed",
    ),
    "a question of another kind": (
        {"facts": "verbatim", "write": [{"when": "Thun", "raw": "x"}]},
        "no reply for the step 'write' fits",
    ),
}


@pytest.mark.parametrize(("replies", "told"), WRONG_SCRIPTS.values(), ids=WRONG_SCRIPTS)
def test_replies_that_do_not_fit_are_a_mistake_of_the_suite(
    tmp_path: Path, replies: dict[str, object], told: str
) -> None:
    found = row(tmp_path, replies=replies)
    assert found.status == "invalid"
    assert told in found.invalid[0]


def test_each_reply_goes_to_the_question_that_it_fits(tmp_path: Path) -> None:
    facts = [
        {"facts": [{"quote": "The depot was built in 1967."}]},
        {"when": "Anna Keller", "facts": [{"quote": "Twelve people were injured."}]},
    ]
    story = {**STORY, "headline": {"text": "Twelve people were injured", "at": "Twelve"}}
    found = row(
        tmp_path,
        articles=[{"id": "bern", "text": BERN}, {"id": "paper", "text": PAPER}],
        replies={"facts": facts, "write": [story, story]},
        expect={"no_findings": ["quote", "model"]},
    )
    assert found.failures == ()


def test_an_article_that_cannot_be_read_is_a_mistake_of_the_suite(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    found = row(tmp_path, articles=["a.json"])
    assert found.status == "invalid"
    assert "a.json" in found.invalid[0]


def test_articles_are_called_by_id_key_or_stem(tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(BERN, encoding="utf-8")
    line = json.dumps({"id": "a17", "text": "The football club of Thun won its third match."})
    (tmp_path / "more.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (tmp_path / "second.txt").write_text(f"{BERN} Nobody died.", encoding="utf-8")
    named = ["first.txt", "more.jsonl", {"id": "mine", "path": "second.txt"}]
    expect = {"stories": [["first", "mine"], ["a17"]]}
    assert row(tmp_path, articles=named, replies=None, expect=expect).failures == ()


def test_an_article_that_stands_twice_is_a_mistake_of_the_suite(tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(BERN, encoding="utf-8")
    found = row(tmp_path, articles=["first.txt", {"id": "mine", "path": "first.txt"}])
    assert found.status == "invalid"
    assert "the article first.txt is listed twice" in found.invalid[0]


def test_a_failure_of_the_model_is_no_crash(tmp_path: Path) -> None:
    replies = {"write": [{"fails": "ModelError"}]}
    written = [{"kind": "unwritten", "detail": "fails as the suite says"}]
    found = row(tmp_path, replies=replies, expect={"delivered": True, "findings": written})
    assert (found.status, found.failures) == ("passed", ()), "it is written without the model"
    found = row(tmp_path, replies=replies, expect={"delivered": False})
    assert found.failures == ("expected no briefing",)


def test_what_a_model_is_asked_does_not_depend_on_where_the_articles_lie() -> None:
    """Else a recording could be replayed only from the folder in which it was made."""
    (sloppy,) = (each for each in cases(SEEDS) if each.spec.name == "sloppy-reply")
    assert sloppy.spec.replies is not None
    asked = []
    for folder in ("", "news/", "../../far/away/"):
        model = ScriptedModel(MockScript(sloppy.spec.replies))
        moved = [replace(seed, path=f"{folder}{seed.path}") for seed in seeds()]
        create_briefing(moved, Settings(), now=EVALUATION_TIME, chain=linked(model))
        asked.append([request.key for request in model.requests])
    assert asked[0] == asked[1] == asked[2]
    assert [request.step for request in model.requests] == ["write"] * 2 + ["repair"] * 2 + ["lead"]
