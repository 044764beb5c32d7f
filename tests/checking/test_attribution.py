import pytest

from summarizer.audit.parse import parse_draft
from summarizer.audit.references import resolve_references
from summarizer.errors import ExtractionError, SourceError
from summarizer.sources.articles import Article

FIRE = Article("A fire broke out.", path="news/fire.txt", title="A fire breaks out in Bern")
RAIN = Article("It rained.", url="https://www.rain.example/today/")
ROW = Article("It snowed.", path="day.jsonl#a17", collection_key="a17")
EMPTY = ExtractionError("is empty", subject="empty.txt")
GIVEN: list[Article | SourceError] = [FIRE, EMPTY, RAIN, ROW]


def leads(text: str) -> list[tuple[str, str | None]]:
    """Mark and location, None where it leads nowhere."""
    places = {one.id: one.location for one in GIVEN if isinstance(one, Article)}
    found = resolve_references(parse_draft(text), GIVEN).references.values()
    return [(one.marker, places.get(one.source or "")) for one in found]


def details(text: str) -> list[str]:
    return [one.detail for one in resolve_references(parse_draft(text), GIVEN).references.values()]


def test_without_a_list_numbers_count_the_sources_as_given() -> None:
    assert leads("It burnt [1]. It rained [3]. It snowed (S4).") == [
        ("[1]", FIRE.location), ("[3]", RAIN.location), ("[S4]", ROW.location)
    ]  # fmt: skip
    note = resolve_references(parse_draft("It burnt [1]."), GIVEN).note
    assert note.startswith("numbers follow the order of --sources: [1] news/fire.txt, [2] empty")


def test_a_source_that_cannot_be_read_keeps_its_number() -> None:
    assert leads("It burnt [2].") == [("[2]", None)]
    assert details("It burnt [2].") == ["[2] is empty.txt, which is empty"]


def test_a_number_without_a_source_is_told() -> None:
    assert details("It burnt [9] [0].") == [
        "[9] leads to nothing: there are only 4 sources",
        "[0] leads to nothing: there are only 4 sources",
    ]


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ("Reuters, http://rain.example/today?utm_source=x", RAIN.location),
        ("Reuters, <https://www.rain.example/today/>", RAIN.location),
        ("fire.txt, of Monday", FIRE.location),
        ("See ./news/fire.txt.", FIRE.location),
        ("day.jsonl#a17", ROW.location),
        ("“A Fire Breaks Out in Bern”, Monday", FIRE.location),
        ("AFP", None),
        ("https://other.example/", None),
        ("fire.txt and a17", None),
    ],
)
def test_the_draft_s_own_list_comes_first(entry: str, place: str | None) -> None:
    text = f"It burnt [1]. It rained [2].\n\n## Sources\n1. {entry}\n2. a17\n"
    assert leads(text) == [("[1]", place), ("[2]", ROW.location)]
    assert (
        resolve_references(parse_draft(text), GIVEN).note
        == "marks follow the draft's own list of sources"
    )


def test_a_list_that_names_no_source_gives_way_to_the_order_and_says_so() -> None:
    text = "It burnt [1].\n\nSources\n1. Reuters of Monday\n"
    assert leads(text) == [("[1]", FIRE.location)]
    note = resolve_references(parse_draft(text), GIVEN).note
    assert note.startswith("the draft's list names none of the sources, so numbers follow")


def test_addresses_lead_by_themselves() -> None:
    text = "[It rained](https://rain.example/today). It burnt [1](news/fire.txt). [x](b.txt) Hot."
    assert leads(text) == [
        ("https://rain.example/today", RAIN.location), ("[1]", FIRE.location), ("b.txt", None)
    ]  # fmt: skip
    assert details(text)[-1] == "b.txt is not among the sources"


def test_footnotes_without_a_definition_are_numbers_or_nothing() -> None:
    assert leads("It burnt [^1]. It rained [^bbc].") == [("[^1]", FIRE.location), ("[^bbc]", None)]


def test_two_files_of_one_name_are_told_apart_only_by_their_folders() -> None:
    twins: list[Article | SourceError] = [
        Article("A.", path="x/a.txt"), Article("B.", path="y/a.txt")
    ]  # fmt: skip
    text = "It burnt [1]. It rained [2].\n\nSources\n1. a.txt\n2. y/a.txt\n"
    found = list(resolve_references(parse_draft(text), twins).references.values())
    assert [one.source is None for one in found] == [True, False]


def test_no_marks_are_told() -> None:
    found = resolve_references(parse_draft("It burnt."), GIVEN)
    assert found.references == {}
    assert found.note.startswith("no citation marks")
