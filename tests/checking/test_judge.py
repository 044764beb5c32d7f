import json

import pytest

from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import Judgement
from summarizer.checking.judge import (
    MAX_UNCERTAIN_SUPPORT,
    ModelJudge,
    contradicts_itself,
    is_uncertain,
)
from summarizer.errors import ModelUnavailable
from summarizer.models.prompts import load_prompt
from summarizer.models.replay import ScriptedModel, ScriptedReply
from summarizer.models.structured_output import Verdict
from tests.checking.held import FIRE, hold

HELD = hold(FIRE)
CHUNK = HELD.evidence.chunks[0]
CITED = (CitedSpan(CHUNK, CHUNK.sentences[0]),)
CLAIM = "A fire destroyed a depot in Bern."
PARTLY = Judgement("unverified", 0.4, ())


def verdict(word: str, reason: str, *missing: str) -> str:
    return json.dumps({"reason": reason, "missing": missing, "verdict": word})


YES = verdict("supported", "The evidence says all of it.")
NO = verdict("unsupported", "It says that a depot burned, not a school.", "a school")


def reviewed(reply: ScriptedReply, judgement: Judgement = PARTLY) -> tuple[Judgement, ModelJudge]:
    review = ModelJudge(ScriptedModel([reply] * 2), "openai/judge", load_prompt("judge"))
    return review(CLAIM, CITED, judgement), review


def test_what_is_uncertain_is_lifted_or_dropped_and_support_stays_the_checks_own() -> None:
    assert reviewed(YES)[0] == Judgement("supported", 0.4, (), "judge:openai/judge")
    dropped, _ = reviewed(NO)
    assert (dropped.verdict, dropped.support) == ("unsupported", 0.4)
    assert dropped.issues[0].detail.startswith("openai/judge: It says")


CERTAIN = (
    Judgement("supported", MAX_UNCERTAIN_SUPPORT + 0.01, ()),
    Judgement("unsupported", 0.1, ()),
    Judgement("contradicted", 0.1, ()),
)


@pytest.mark.parametrize("judgement", CERTAIN)
def test_what_the_checks_are_sure_of_is_not_asked(judgement: Judgement) -> None:
    same, review = reviewed(YES, judgement)
    assert same is judgement
    assert review.answers == []


def test_the_grey_band_is_asked() -> None:
    assert is_uncertain(Judgement("supported", MAX_UNCERTAIN_SUPPORT - 0.01, ()))


def test_the_judge_sees_evidence_and_claim_as_data_and_nothing_else() -> None:
    model = ScriptedModel([YES])
    ModelJudge(model, "openai/judge", load_prompt("judge"))(CLAIM, CITED, PARTLY)
    told = model.requests[0].messages[1].text
    assert CITED[0].quote in told
    assert CLAIM in told
    assert "Anna Keller" not in told


@pytest.mark.parametrize(
    "reply",
    [
        verdict("supported", "The evidence does not mention a school."),
        verdict("supported", "All of it is there.", "a school"),
        verdict("unsupported", "The evidence fully supports the claim.", "Bern"),
        verdict("unsupported", "It is somewhere."),
        ModelUnavailable("no answer came in time"),
        "I think so.",
    ],
)
def test_no_verdict_or_one_that_contradicts_itself_changes_nothing_and_is_told(
    reply: ScriptedReply,
) -> None:
    same, review = reviewed(reply)
    assert same is PARTLY
    (finding,) = review.findings
    assert (finding.kind, finding.action, finding.text) == ("model", "kept", CLAIM)
    assert finding.detail.startswith("unscored by openai/judge")


def test_a_reason_that_says_why_is_no_contradiction() -> None:
    for reply in (YES, NO):
        assert not contradicts_itself(Verdict.model_validate_json(reply))
