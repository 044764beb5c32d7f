from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from summarizer.briefing import (
    Briefing,
    BriefingStory,
    Citation,
    CitedChunk,
    Disagreement,
    Report,
    Sentence,
    Source,
)

TEXT = "Wheat prices fell on Monday. Bread stayed dear."
SHA = "0" * 64


def citation(**changes: object) -> Citation:
    fields = {"chunk": "c-1", "source": "s-1", "start": 0, "end": 28, "quote": TEXT[:28]}
    return Citation.model_validate(fields | changes)


def sentence(*citations: Citation) -> Sentence:
    return Sentence(
        text="Wheat prices fell.",
        verdict="supported",
        support=0.9,
        checked_by="rules",
        method="extracted",
        origins=1,
        citations=citations,
    )


def briefing(told: Sentence, chunk: CitedChunk) -> Briefing:
    story = BriefingStory(id="t-1", headline=told, date=date(2025, 1, 2), sentences=(told,))
    source = Source(id="s-1", label="a", path="a.txt", sha256=SHA, origin="o-1", length=len(TEXT))
    return Briefing(
        schema="summarizer/briefing/2",
        id="b-1",
        created=datetime(2025, 1, 2, tzinfo=UTC),
        title="Wheat",
        language="en",
        writer="extractive",
        stories=(story,),
        sources=(source,),
        chunks=(chunk,),
        findings=(),
        report=Report(
            sentences=2,
            supported=2,
            unverified=0,
            citation_recall=None,
            citation_precision=None,
            sources_read=1,
            sources_cited=1,
            origins=1,
            facts_found=1,
            facts_covered=1,
        ),
        activities=(),
    )


CHUNK = CitedChunk(id="c-1", source="s-1", start=0, end=len(TEXT), text=TEXT)


def test_a_sentence_without_a_citation_cannot_be_built() -> None:
    with pytest.raises(ValidationError, match="citations"):
        sentence()


def test_a_story_without_a_cited_headline_cannot_be_built() -> None:
    with pytest.raises(ValidationError, match="headline"):
        BriefingStory.model_validate({"id": "t-1", "date": None, "sentences": ()})


def test_a_disagreement_has_two_sides() -> None:
    with pytest.raises(ValidationError, match="sides"):
        Disagreement(topic="spelling", sides=(sentence(citation()),))


def test_a_sound_briefing_survives_the_way_through_json() -> None:
    whole = briefing(sentence(citation()), CHUNK)
    assert Briefing.model_validate_json(whole.model_dump_json()) == whole
    assert whole.model_dump(mode="json")["schema"] == "summarizer/briefing/2"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"end": 27}, "not as long as its quote"),
        ({"quote": ""}, "at least 1 character"),
        ({"start": -1, "end": 27}, "greater than or equal to 0"),
    ],
)
def test_a_citation_spans_its_quote(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        citation(**changes)


@pytest.mark.parametrize(
    "wrong",
    [
        citation(chunk="c-9"),
        citation(source="s-9"),
        citation(quote="Wheat prices rose on Monday."),
        citation(start=5, end=33),
        citation(start=40, end=68),
    ],
)
def test_a_citation_that_does_not_resolve_cannot_be_in_a_briefing(wrong: Citation) -> None:
    with pytest.raises(ValidationError, match=r"resolves to no chunk|does not stand in"):
        briefing(sentence(wrong), CHUNK)


def test_a_chunk_of_no_source_cannot_be_in_a_briefing() -> None:
    stray = CitedChunk(id="c-1", source="s-9", start=0, end=len(TEXT), text=TEXT)
    with pytest.raises(ValidationError, match="names no source"):
        briefing(sentence(citation(source="s-9")), stray)


def test_values_are_frozen_and_closed() -> None:
    value = citation()
    with pytest.raises(ValidationError, match="frozen"):
        value.start = 3
    with pytest.raises(ValidationError, match="extra"):
        citation(colour="red")


def test_a_source_has_one_place() -> None:
    with pytest.raises(ValidationError, match="either a path or a url"):
        Source(id="s", label="a", sha256=SHA, origin="o", length=1)
    with pytest.raises(ValidationError, match="either a path or a url"):
        Source(
            id="s", label="a", path="a", url="https://a.example", sha256=SHA, origin="o", length=1
        )
