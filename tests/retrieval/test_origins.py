from collections.abc import Sequence

from summarizer.retrieval.chunks import Statement, chunk, statements
from summarizer.retrieval.origins import Origins, trace
from summarizer.sources.articles import Article
from summarizer.sources.furniture import find
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


def traced(*articles: Article) -> tuple[Origins, dict[str, Sequence[Statement]]]:
    furniture = {a.id: find(a.text) for a in articles}
    said: dict[str, Sequence[Statement]] = {
        a.id: statements(chunk(a, furniture[a.id]), a.language) for a in articles
    }
    return trace(articles, furniture, said), said


def origins(*articles: Article) -> int:
    return len(set(traced(*articles)[0].of.values()))


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
    assert found.of[seed(0).id] == found.of[seed(1).id]
    assert len(set(found.of.values())) == 3


def test_a_passage_taken_from_the_wire_does_not_count_twice() -> None:
    borrowed = INDEPENDENT + " " + WIRE.split(". ")[3]
    first, second = article(WIRE, "a"), article(borrowed, "b")
    found, said = traced(first, second)
    assert len(set(found.of.values())) == 2
    shared = [(a.id, said[a.id][-1].span) for a in (first, second)]
    own = [(a.id, said[a.id][0].span) for a in (first, second)]
    assert (found.count(shared), found.count(own), found.count(own[:1])) == (1, 2, 1)


def test_origin_ids_do_not_depend_on_chance() -> None:
    first, second = article(WIRE, "a"), article(REWORDED, "b")
    assert traced(first, second)[0] == traced(first, second)[0]
