from collections.abc import Sequence

from summarizer.retrieval.chunks import Statement, chunk_article, split_statements
from summarizer.retrieval.origins import StoryOrigins, trace_origins
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from tests.articles import article, seed

WIRE = (
    "The ministers signed the agreement in Geneva on Tuesday after talks that lasted all night. "
    "It lowers tariffs on steel and lets inspectors into all the plants of both countries. "
    "Opposition parties called the agreement a sell-out and demanded a vote in parliament. "
    "Shares of the largest steel maker rose by four percent in early trading on Wednesday."
)
REWORDED = (
    "After talks lasting all night, the ministers signed the agreement in Geneva on Tuesday. "
    "Tariffs on steel are lowered and inspectors let into all plants of both countries. "
    "The agreement was called a sell-out by opposition parties, which demanded a parliament vote. "
    "In early Wednesday trading, shares of the largest steel maker rose four percent."
)
INDEPENDENT = (
    "A pact on steel was concluded in Switzerland overnight, officials told this newspaper. "
    "Monitors will be allowed to visit factories once every quarter, according to a draft. "
    "Unions welcomed the outcome as a relief for thousands of workers in the Ruhr valley. "
    "Markets hardly reacted, with the benchmark index closing almost unchanged."
)


def traced(*articles: Article) -> tuple[StoryOrigins, dict[str, Sequence[Statement]]]:
    boilerplate = {a.id: find_boilerplate(a.text) for a in articles}
    said: dict[str, Sequence[Statement]] = {
        a.id: split_statements(chunk_article(a, boilerplate[a.id]), a.language) for a in articles
    }
    return trace_origins(articles, boilerplate, said), said


def origins(*articles: Article) -> int:
    return len(set(traced(*articles)[0].origin_by_source.values()))


def test_copies_and_rewrites_of_one_wire_are_one_origin() -> None:
    assert origins(article(WIRE, "a"), article(WIRE, "b"), article(REWORDED, "c")) == 1


def test_a_trimmed_copy_is_the_same_origin() -> None:
    trimmed = ". ".join(WIRE.split(". ")[:2]) + "."
    assert origins(article(WIRE, "a"), article(trimmed, "b")) == 1


def test_independent_reports_of_one_event_are_two_origins() -> None:
    assert origins(article(WIRE, "a"), article(INDEPENDENT, "b")) == 2


def test_quoting_one_speech_does_not_make_one_origin() -> None:
    speech = (
        "“We shall lower tariffs on steel and open every plant to inspectors from both countries,” "
    )
    one = speech + "the minister said in Geneva. " + INDEPENDENT
    other = (
        speech + "she told reporters. The orchestra then played. Nobody else spoke that evening."
    )
    assert origins(article(one, "a"), article(other, "b")) == 2


def test_one_agency_that_signs_both_is_one_origin() -> None:
    one, other = article(WIRE + "\n— Reuters", "a"), article(INDEPENDENT + "\n— Reuters", "b")
    assert origins(one, other) == 1
    assert origins(one, article(INDEPENDENT + "\n— AFP", "b")) == 2


def test_the_seeds_share_one_wire_between_two_of_them() -> None:
    found, _ = traced(*(seed(number) for number in range(4)))
    assert found.origin_by_source[seed(0).id] == found.origin_by_source[seed(1).id]
    assert len(set(found.origin_by_source.values())) == 3


def test_a_passage_taken_from_the_wire_does_not_count_twice() -> None:
    borrowed = INDEPENDENT + " " + WIRE.split(". ")[3]
    first, second = article(WIRE, "a"), article(borrowed, "b")
    found, said = traced(first, second)
    assert len(set(found.origin_by_source.values())) == 2
    shared = [(a.id, said[a.id][-1].span) for a in (first, second)]
    own = [(a.id, said[a.id][0].span) for a in (first, second)]
    assert (found.count(shared), found.count(own), found.count(own[:1])) == (1, 2, 1)


SECOND = (
    "Unions in the Ruhr valley had threatened to strike for a whole week if the talks failed. "
    "Their leader, Karin Adler, learnt of the pact from the radio while driving to Bochum. "
    "Thousands of workers had gathered before the gates with torches and thermos flasks. "
    "Many embraced when the news came, and a brass band began to play in the cold. "
    "The employers spoke of a reasonable compromise that nobody should call a defeat."
)


def test_an_article_compiled_from_two_wires_does_not_make_them_one() -> None:
    compiled = WIRE + " " + SECOND
    found, said = traced(article(WIRE, "a"), article(SECOND, "b"), article(compiled, "c"))
    assert len(set(found.origin_by_source.values())) == 2
    wires = {
        found.passage_by_location[a.id, said[a.id][0].span]
        for a in (article(WIRE, "a"), article(SECOND, "b"))
    }
    inside = {
        found.passage_by_location[article(compiled, "c").id, item.span]
        for item in said[article(compiled, "c").id]
    }
    assert wires <= inside


def test_the_same_facts_in_another_order_of_words_are_no_rewrite() -> None:
    one = (
        "Twelve people were hurt when fire broke out at a depot in Bern on Monday evening. "
        "The depot of Zumthor Brothers was worth three million francs, the owner said. "
        "Police in Bern suspect a broken heater in the office on the second floor. "
        "Schools near the depot stay closed until the smoke has gone, the city said."
    )
    other = (
        "In Bern, a depot worth three million francs belonging to Zumthor Brothers burnt. "
        "On the second floor an office heater may have been broken, police suspect. "
        "Monday evening's fire hurt twelve people at the depot before crews came. "
        "Until smoke has gone from near the depot, the city keeps schools closed."
    )
    assert origins(article(one, "a"), article(other, "b")) == 2


def test_a_quotation_on_its_own_is_the_wires_in_an_article_that_copies_it() -> None:
    quoted = WIRE + " “Never again shall we close our gates,” the minister said."
    found, said = traced(article(quoted, "a"), article(quoted + " It then rained.", "b"))
    last = said[article(quoted, "a").id][-1]
    assert (last.source, last.span) in found.passage_by_location


def test_origin_ids_do_not_depend_on_chance() -> None:
    first, second = article(WIRE, "a"), article(REWORDED, "b")
    assert traced(first, second)[0] == traced(first, second)[0]
