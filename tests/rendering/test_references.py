from summarizer.rendering.references import number_references
from tests.rendering import samples


def test_sources_are_numbered_by_first_citation_each_once() -> None:
    references = number_references(samples.seeds())
    assert [(one.number, one.source.label) for one in references.sources] == [
        (1, "Reuters"),
        (2, "UNN"),
        (3, "Xi and Trump speak by phone"),
        (4, "Edaily"),
        (5, "Taipei Times"),
    ]


def test_a_source_of_an_earlier_origin_names_its_twin() -> None:
    references = number_references(samples.seeds())
    assert {one.number: one.twin for one in references.sources if one.twin} == {3: 2}


def test_a_sentence_keeps_its_citations_order_best_first() -> None:
    briefing = samples.seeds()
    told = briefing.stories[0].sentences[0]
    citations = number_references(briefing).citations_of(told)
    assert [citation.source for citation in citations] == [2, 3, 1, 4]


def test_quotations_of_one_source_are_told_apart_by_letters() -> None:
    notes = number_references(samples.seeds()).citations.values()
    assert [note.key for note in notes if note.source == 5] == ["5a", "5b", "5c"]
    assert [note.footnote for note in notes] == list(range(1, len(notes) + 1))


def test_a_source_quoted_once_needs_no_letter() -> None:
    notes = number_references(samples.single("Only this.")).citations.values()
    assert [note.key for note in notes] == ["1"]


def test_the_letters_go_on_after_z() -> None:
    briefing, _ = samples.large(100, 2)
    keys = [note.key for note in number_references(briefing).citations.values() if note.source == 1]
    assert len(keys) == len(set(keys))
