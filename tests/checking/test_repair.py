from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefing import Finding
from summarizer.checking.citations import DraftSentence
from summarizer.checking.repair import (
    CheckedSentence,
    ClaimToJudge,
    FailedSentence,
    Opinion,
    repair_sentence,
    repair_sentences,
)
from summarizer.writing.standalone import is_standalone
from tests.checking.held import FIRE, PAPER, SPORT, hold

HELD = hold(FIRE, PAPER, SPORT)
FIRE_KEY, PAPER_KEY, SPORT_KEY = HELD.key("Anna Keller"), HELD.key("3 million"), HELD.key("Thun")
TRUE = "A fire destroyed a depot in Bern on Monday evening, police said."


def mended(text: str, *keys: str) -> tuple[CheckedSentence | None, list[Finding]]:
    return repair_sentence(
        DraftSentence(text, keys, "written"), HELD.evidence, HELD.examiner, is_standalone
    )


def actions(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(finding.kind, finding.action) for finding in findings}


def test_a_supported_sentence_stays_and_cites_all_that_say_it() -> None:
    kept, findings = mended(TRUE, FIRE_KEY)
    assert kept is not None
    assert (kept.text, kept.method) == (TRUE, "written")
    assert [item.chunk.id for item in kept.cited] == [FIRE_KEY, PAPER_KEY]
    assert findings == []


def test_a_sentence_cited_to_the_wrong_source_is_recited_not_dropped() -> None:
    kept, findings = mended(TRUE, SPORT_KEY)
    assert kept is not None
    assert kept.text == TRUE
    assert {item.chunk.id for item in kept.cited} == {FIRE_KEY, PAPER_KEY}
    assert {finding.action for finding in findings} == {"citation_replaced"}


def test_an_invented_key_is_never_blanked_in_silence() -> None:
    kept, findings = mended(TRUE, FIRE_KEY, "c-invented")
    assert kept is not None
    assert ("unresolved", "kept") in actions(findings)
    kept, findings = mended(TRUE, "c-invented")
    assert kept is not None
    assert actions(findings) == {("unresolved", "citation_replaced")}


def test_no_key_at_all_is_a_finding() -> None:
    kept, findings = mended(TRUE)
    assert kept is not None
    assert actions(findings) == {("uncited", "citation_replaced")}


def test_a_sentence_that_says_something_else_is_replaced_by_the_sources_own() -> None:
    kept, findings = mended(
        "Mayor Anna Keller blamed the fire brigade of Bern for 90 deaths.", FIRE_KEY
    )
    assert kept is not None
    assert kept.method == "replaced"
    assert kept.text in FIRE
    assert {finding.action for finding in findings} == {"replaced"}


def test_what_nothing_carries_is_dropped_with_its_text_and_reason() -> None:
    text = "Parliament abolished the army yesterday with 151 votes."
    kept, findings = mended(text, FIRE_KEY)
    assert kept is None
    assert {finding.action for finding in findings} == {"dropped"}
    assert all(finding.text == text and finding.detail for finding in findings)


@given(
    st.one_of(st.text(max_size=80), st.sampled_from([TRUE, SPORT, "Twelve people were injured."])),
    st.lists(st.sampled_from([FIRE_KEY, PAPER_KEY, SPORT_KEY, "c-invented", ""]), max_size=4),
)
def test_whatever_is_drafted_what_stays_is_cited_and_supported_and_what_goes_is_told(
    text: str, keys: list[str]
) -> None:
    kept, findings = mended(text, *keys)
    if kept is None:
        assert findings
        return
    assert kept.cited
    assert all(HELD.evidence.keys[item.chunk.id] == item.chunk for item in kept.cited)
    assert kept.judgement.verdict in ("supported", "unverified")
    assert kept.text == text or findings


@pytest.mark.parametrize("text", [TRUE, "Damage is put at 3 million francs."])
def test_mending_twice_changes_nothing_more(text: str) -> None:
    first, _ = mended(text, SPORT_KEY)
    assert first is not None
    second, findings = mended(first.text, *(item.chunk.id for item in first.cited))
    assert second is not None
    assert (second.text, {c.span for c in second.cited}) == (
        first.text,
        {c.span for c in first.cited},
    )
    assert findings == []


def repaired(
    *drafts: DraftSentence,
    to: Sequence[DraftSentence | None] = (),
    opinions: Callable[[ClaimToJudge], Opinion | None] | None = None,
) -> tuple[list[tuple[CheckedSentence | None, list[Finding]]], list[list[Any]]]:
    """The outcomes, and what rewriter and judge were asked, call by call."""
    calls: list[list[Any]] = []

    def rewrite(failed: Sequence[FailedSentence]) -> Sequence[DraftSentence | None]:
        calls.append(list(failed))
        return to

    def judge(claims: Sequence[ClaimToJudge]) -> Sequence[Opinion | None]:
        calls.append(list(claims))
        return [opinions(claim) if opinions else None for claim in claims]

    outcomes = repair_sentences(
        drafts,
        HELD.evidence,
        HELD.examiner,
        is_standalone,
        judge=judge if opinions else None,
        rewrite=rewrite if to else None,
    )
    return outcomes, calls


WRONG = DraftSentence("Fourteen people were injured in the fire in Bern.", (FIRE_KEY,), "written")
BLAMED = DraftSentence(
    "Mayor Anna Keller blamed the fire brigade of Bern for 90 deaths.", (FIRE_KEY,), "written"
)
FREE = DraftSentence("A blaze gutted the depot, and a dozen were hurt.", (FIRE_KEY,), "written")
"""In words of its own: no rule can tell."""


def test_what_failed_is_written_anew_in_one_call_with_what_is_wrong() -> None:
    anew = DraftSentence("Twelve people were injured.", (FIRE_KEY,), "rewritten")
    outcomes, calls = repaired(WRONG, BLAMED, to=[anew, None])
    (first, findings), (second, _) = outcomes
    assert first is not None
    assert (first.text, first.method) == (anew.text, "rewritten")
    assert {finding.action for finding in findings} == {"rewritten"}
    assert {finding.text for finding in findings} == {WRONG.text}
    assert second is not None
    assert second.method == "replaced"
    ((asked, other),) = calls
    assert any(problem.startswith("number: Fourteen") for problem in asked.problems)
    assert other.draft == BLAMED


@pytest.mark.parametrize(
    "anew",
    [
        None,
        BLAMED,
        DraftSentence(BLAMED.text, (FIRE_KEY, PAPER_KEY), "rewritten"),
        DraftSentence(
            "Mayor Anna Keller blamed the brigade for 90 deaths.", (FIRE_KEY,), "rewritten"
        ),
        DraftSentence("Cheap watches for 300 francs.", (FIRE_KEY,), "rewritten"),
    ],
)
def test_what_is_no_better_anew_is_replaced(anew: DraftSentence | None) -> None:
    ((kept, findings),), calls = repaired(BLAMED, to=[anew])
    assert kept is not None
    assert (kept.method, len(calls)) == ("replaced", 1)
    assert {finding.action for finding in findings} == {"replaced"}


def test_what_is_rewritten_with_a_wrong_key_is_recited() -> None:
    army = DraftSentence("Parliament abolished the army with 90 votes.", (FIRE_KEY,), "written")
    ((kept, _),), _ = repaired(army, to=[DraftSentence(TRUE, ("z9",), "rewritten")])
    assert kept is not None
    assert (kept.text, kept.method) == (TRUE, "rewritten")
    assert {item.chunk.id for item in kept.cited} == {FIRE_KEY, PAPER_KEY}


def yes(*words: str) -> Callable[[ClaimToJudge], Opinion]:
    """A judge that supports everything, by the passages that hold these words."""
    chunks = tuple(HELD.evidence.keys[HELD.key(each)] for each in words)
    return lambda _: Opinion("openai/j", True, (), chunks)


def no(*missing: str) -> Callable[[ClaimToJudge], Opinion]:
    return lambda _: Opinion("openai/j", False, missing)


def test_the_judge_is_asked_once_for_what_the_rules_leave_open_and_for_nothing_else() -> None:
    drafts = [
        DraftSentence(TRUE, (FIRE_KEY,), "written"),
        WRONG,
        FREE,
        DraftSentence("The depot went up in flames.", (PAPER_KEY,), "written"),
    ]
    outcomes, calls = repaired(*drafts, opinions=yes())
    (asked,) = calls
    assert [claim.text for claim in asked] == [FREE.text, drafts[3].text]
    judged, _ = outcomes[2]
    assert judged is not None
    assert (judged.judgement.verdict, judged.judgement.checked_by) == (
        "supported",
        "judge:openai/j",
    )
    assert judged.judgement.issues == ()


def test_no_judge_overrules_a_hard_issue() -> None:
    ((kept, findings),), calls = repaired(WRONG, opinions=yes("Keller"))
    assert calls == []
    assert kept is None or kept.text != WRONG.text
    assert any(finding.kind == "number" for finding in findings)


def test_a_soft_issue_is_overruled() -> None:
    named = DraftSentence(
        "Firefighter Peter Zumthor worked quickly at the depot in Bern.", (FIRE_KEY,), "written"
    )
    ((refused, found),), _ = repaired(named)
    ((kept, findings),), _ = repaired(named, opinions=yes("Keller"))
    assert refused is None or refused.text != named.text
    assert {finding.kind for finding in found} == {"name"}
    assert kept is not None
    assert (kept.text, findings) == (named.text, [])


def test_keys_of_the_judge_cite_anew_and_are_not_pruned() -> None:
    astray = DraftSentence(FREE.text, (SPORT_KEY,), "written")
    ((kept, findings),), _ = repaired(astray, opinions=yes("Keller"))
    assert kept is not None
    assert [item.chunk.id for item in kept.cited] == [FIRE_KEY]
    assert {finding.action for finding in findings} == {"citation_replaced"}
    assert any("openai/j" in finding.detail for finding in findings)


def test_what_the_judge_refuses_is_rewritten_and_judged_once_more() -> None:
    better = DraftSentence("The depot burned and a dozen were hurt.", (FIRE_KEY,), "rewritten")

    def opinion(claim: ClaimToJudge) -> Opinion:
        return no("gutted")(claim) if "gutted" in claim.text else yes("Keller")(claim)

    ((kept, findings),), calls = repaired(FREE, to=[better], opinions=opinion)
    assert kept is not None
    assert (kept.text, kept.method) == (better.text, "rewritten")
    assert len(calls) == 3, "judge, rewriter, judge"
    assert calls[1][0].problems == ("support: openai/j: the passages do not say “gutted”",)
    assert {finding.action for finding in findings} == {"rewritten"}


def test_the_same_words_with_better_keys_count() -> None:
    astray = DraftSentence(FREE.text, (SPORT_KEY,), "written")
    right = DraftSentence(FREE.text, (FIRE_KEY,), "rewritten")

    def opinion(claim: ClaimToJudge) -> Opinion:
        cites = {chunk.id for chunk in claim.chunks}
        return Opinion("openai/j", FIRE_KEY in cites, () if FIRE_KEY in cites else (claim.text,))

    ((kept, findings),), _ = repaired(astray, to=[right], opinions=opinion)
    assert kept is not None
    assert (kept.text, kept.method) == (FREE.text, "written")
    assert [item.chunk.id for item in kept.cited] == [FIRE_KEY]
    assert {finding.action for finding in findings} == {"citation_replaced"}


def test_without_an_opinion_a_sentence_stays_unverified() -> None:
    text = "Twelve people were injured when a fire destroyed a depot in Bern."
    close = DraftSentence(text, (FIRE_KEY,), "written")
    ((kept, _),), _ = repaired(close, opinions=lambda _: None)
    assert kept is not None
    assert (kept.judgement.verdict, kept.judgement.checked_by) == ("unverified", "rules")


def test_strictly_what_stays_unverified_is_replaced() -> None:
    text = "Twelve people were injured when a fire destroyed a depot in Bern."
    checker = replace(HELD.examiner, strict=True)
    draft = DraftSentence(text, (FIRE_KEY,), "written")
    kept, findings = repair_sentence(draft, HELD.evidence, checker, is_standalone)
    assert kept is not None
    assert (kept.method, kept.judgement.verdict) == ("replaced", "supported")
    assert {finding.action for finding in findings} == {"replaced"}


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_draft_is_dropped_and_told(text: str) -> None:
    kept, findings = mended(text, FIRE_KEY)
    assert kept is None
    assert actions(findings) == {("artefact", "dropped")}
