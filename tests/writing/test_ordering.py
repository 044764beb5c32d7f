from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.writing.candidates import standalone_candidates
from summarizer.writing.ordering import PlacedSentence, arrange_sentences
from summarizer.writing.standalone import count_unmet_antecedents, needed_antecedents
from tests.articles import article
from tests.writing.test_extractive import telling

TEXT = (
    "The gunman opened fire at the mall in Bern on Friday evening.",
    "Police arrested Karl Brandt, 34, at a hotel in Thun on Saturday.",
    "Brandt had worked at the mall for three years.",
    "A judge will decide on bail for the man from Thun next week.",
    "The last shooting in the city was in 1998, when two people died.",
    "Shops in the whole street stayed closed until Sunday.",
)


def facts(*texts: str, places: tuple[float, ...] = ()) -> list[PlacedSentence]:
    source = telling(article(" ".join(texts), "a"))
    made = standalone_candidates(source)
    assert [item.text for item in made] == list(texts)
    depths = places or tuple(item.position / len(made) for item in made)
    return [
        PlacedSentence(
            item.text, {"a": depth}, item.statement, 10 * item.position, item.antecedents
        )
        for item, depth in zip(made, depths, strict=True)
    ]


def told(given: list[PlacedSentence], **days: date) -> list[str]:
    return [given[at].text for at in arrange_sentences(given, days)]


def test_the_earlier_day_is_told_first_whatever_the_place() -> None:
    friday, saturday = TEXT[0], TEXT[1]
    assert told(facts(saturday, friday)) == [friday, saturday]


def test_within_a_day_the_clock_decides() -> None:
    late = "Firefighters left the mall at about 11 p.m. on Friday, police said."
    early = "The first call reached the police in Bern at 4.30 p.m. on Friday."
    assert told(facts(late, early)) == [early, late]


@pytest.mark.parametrize("behind", [TEXT[4], TEXT[3]], ids=["background", "outlook"])
def test_background_and_outlook_stand_behind_the_news(behind: str) -> None:
    assert told(facts(behind, TEXT[5], places=(0.1, 0.3))) == [TEXT[5], behind]


def test_a_surname_stands_behind_the_full_name() -> None:
    assert told(facts(TEXT[2], TEXT[1])) == [TEXT[1], TEXT[2]]


def test_what_most_sources_tell_first_is_told_first() -> None:
    one, other = facts(TEXT[5], "Trains to the lake were running late all day long.")
    voted = [
        replace(one, places={"a": 0.0, "b": 0.9, "c": 0.8}),
        replace(other, places={"a": 0.5, "b": 0.1, "c": 0.2}),
    ]
    assert arrange_sentences(voted, {}) == [1, 0]


def test_what_takes_something_as_known_stands_behind_what_tells_it() -> None:
    offer = "The Angels made an offer of eight years."
    deadline = "Boras said the offer would end before the new year."
    given = facts(offer, deadline)
    assert given[1].antecedents == (frozenset({"offer"}),)
    assert told(given[::-1]) == [offer, deadline]
    assert count_unmet_antecedents(given[1].antecedents, frozenset({"angel"})) == 1
    assert count_unmet_antecedents(given[1].antecedents, given[0].statement.stems) == 0


def test_what_everybody_knows_needs_no_antecedent() -> None:
    source = telling(
        article("The police searched a house in Bern. The police found the gun of the man.", "a")
    )
    first, second = next(iter(source.statements.values()))
    assert needed_antecedents(second, [first], "en") == ()
    assert needed_antecedents(second, [first], "de") == ()


@given(st.permutations(range(len(TEXT))))
def test_every_fact_is_told_once(order: list[int]) -> None:
    given_facts = facts(*TEXT)
    assert sorted(arrange_sentences([given_facts[at] for at in order], {})) == list(
        range(len(TEXT))
    )
