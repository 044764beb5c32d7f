from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefing import Finding
from summarizer.checking.citations import CitedSpan, DraftSentence
from summarizer.checking.claims import Issue, Judgement
from summarizer.checking.repair import CheckedSentence, repair_sentence
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


def rewritten(
    text: str, *keys: str, to: DraftSentence | None
) -> tuple[CheckedSentence | None, list[Finding], list[Sequence[str]]]:
    told: list[Sequence[str]] = []

    def rewrite(
        _draft: DraftSentence, problems: Sequence[str], _cited: Sequence[CitedSpan]
    ) -> DraftSentence | None:
        told.append(problems)
        return to

    draft = DraftSentence(text, keys, "written")
    kept, found = repair_sentence(
        draft, HELD.evidence, HELD.examiner, is_standalone, rewrite=rewrite
    )
    return kept, found, told


def test_a_sentence_is_written_anew_once_with_what_is_wrong() -> None:
    wrong = "Fourteen people were injured in the fire in Bern."
    anew = DraftSentence("Twelve people were injured.", (FIRE_KEY,), "rewritten")
    kept, findings, told = rewritten(wrong, FIRE_KEY, to=anew)
    assert kept is not None
    assert (kept.text, kept.method) == (anew.text, "rewritten")
    assert {finding.action for finding in findings} == {"rewritten"}
    assert {finding.text for finding in findings} == {wrong}
    (problems,) = told
    assert any(problem.startswith("number: Fourteen") for problem in problems)


@pytest.mark.parametrize(
    "anew",
    [
        None,
        DraftSentence(
            "Mayor Anna Keller blamed the brigade for 90 deaths.", (FIRE_KEY,), "rewritten"
        ),
        DraftSentence("Cheap watches for everybody.", (FIRE_KEY,), "rewritten"),
    ],
)
def test_what_is_no_better_anew_is_replaced(anew: DraftSentence | None) -> None:
    wrong = "Mayor Anna Keller blamed the fire brigade of Bern for 90 deaths."
    kept, findings, told = rewritten(wrong, FIRE_KEY, to=anew)
    assert kept is not None
    assert (kept.method, len(told)) == ("replaced", 1)
    assert {finding.action for finding in findings} == {"replaced"}


def test_what_is_rewritten_with_a_wrong_key_is_recited() -> None:
    kept, _, _ = rewritten(
        "Parliament abolished the army.", FIRE_KEY, to=DraftSentence(TRUE, ("z9",), "rewritten")
    )
    assert kept is not None
    assert (kept.text, kept.method) == (TRUE, "rewritten")
    assert {item.chunk.id for item in kept.cited} == {FIRE_KEY, PAPER_KEY}


def test_a_sentence_about_something_else_is_kept_only_on_a_second_opinion() -> None:
    text = "Parliament abolished the army."
    kept, findings = mended(text, FIRE_KEY)
    assert kept is None
    assert any("most of it" in finding.detail for finding in findings)

    def means_the_same(_t: str, _c: Sequence[CitedSpan], judgement: Judgement) -> Judgement:
        return Judgement("supported", judgement.support, ())

    draft = DraftSentence(text, (FIRE_KEY,), "written")
    kept, findings = repair_sentence(
        draft, HELD.evidence, HELD.examiner, is_standalone, review=means_the_same
    )
    assert kept is not None
    assert (kept.judgement.verdict, findings) == ("supported", [])


def test_what_the_second_opinion_refuses_is_not_cited_to_the_same_words_again() -> None:
    opinions = iter(["unsupported", "supported"])

    def refuse(text: str, _c: Sequence[CitedSpan], judgement: Judgement) -> Judgement:
        if next(opinions) == "supported":
            return judgement
        return Judgement("unsupported", judgement.support, (Issue("support", text, "no"),))

    draft = DraftSentence(SPORT, (SPORT_KEY,), "written")
    kept, findings = repair_sentence(
        draft, HELD.evidence, HELD.examiner, lambda _: False, review=refuse
    )
    assert kept is None
    assert {finding.action for finding in findings} == {"dropped"}


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_draft_is_dropped_and_told(text: str) -> None:
    kept, findings = mended(text, FIRE_KEY)
    assert kept is None
    assert actions(findings) == {("artefact", "dropped")}
