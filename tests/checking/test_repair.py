from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.briefings import Finding
from summarizer.checking.repair import Mended, mend
from summarizer.checking.resolve import Draft
from summarizer.writing.standalone import stands_alone
from tests.checking.held import FIRE, PAPER, SPORT, hold

HELD = hold(FIRE, PAPER, SPORT)
FIRE_KEY, PAPER_KEY, SPORT_KEY = HELD.key("Anna Keller"), HELD.key("3 million"), HELD.key("Thun")
TRUE = "A fire destroyed a depot in Bern on Monday evening, police said."


def mended(text: str, *keys: str) -> tuple[Mended | None, list[Finding]]:
    return mend(Draft(text, keys, "written"), HELD.evidence, HELD.examiner, stands_alone)


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
    assert {finding.action for finding in findings} == {"recited"}


def test_an_invented_key_is_never_blanked_in_silence() -> None:
    kept, findings = mended(TRUE, FIRE_KEY, "c-invented")
    assert kept is not None
    assert ("unresolved", "kept") in actions(findings)
    kept, findings = mended(TRUE, "c-invented")
    assert kept is not None
    assert actions(findings) == {("unresolved", "recited")}


def test_no_key_at_all_is_a_finding() -> None:
    kept, findings = mended(TRUE)
    assert kept is not None
    assert actions(findings) == {("uncited", "recited")}


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
    assert kept.judgement.verdict in ("supported", "partly")
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
