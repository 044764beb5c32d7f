from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.writing.antecedents import needs, unmet
from summarizer.writing.candidates import candidates
from summarizer.writing.ordering import Fact, arrange
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


def facts(*texts: str, places: tuple[float, ...] = ()) -> list[Fact]:
    source = telling(article(" ".join(texts), "a"))
    made = candidates(source)
    assert [item.text for item in made] == list(texts)
    depths = places or tuple(item.place / len(made) for item in made)
    return [
        Fact(item.text, {"a": depth}, item.statement, 10 * item.place, item.needs)
        for item, depth in zip(made, depths, strict=True)
    ]


def told(given: list[Fact], **days: date) -> list[str]:
    return [given[at].text for at in arrange(given, days)]


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
    assert arrange(voted, {}) == [1, 0]


def test_what_takes_something_as_known_stands_behind_what_tells_it() -> None:
    offer = "The Angels made an offer of eight years."
    deadline = "Boras said the offer would end before the new year."
    given = facts(offer, deadline)
    assert given[1].needs == (frozenset({"offer"}),)
    assert told(given[::-1]) == [offer, deadline]
    assert unmet(given[1].needs, frozenset({"angel"})) == 1
    assert unmet(given[1].needs, given[0].statement.stems) == 0


def test_what_everybody_knows_needs_no_antecedent() -> None:
    source = telling(
        article("The police searched a house in Bern. The police found the gun of the man.", "a")
    )
    first, second = next(iter(source.said.values()))
    assert needs(second, [first], "en") == ()
    assert needs(second, [first], "de") == ()


@given(st.permutations(range(len(TEXT))))
def test_every_fact_is_told_once(order: list[int]) -> None:
    given_facts = facts(*TEXT)
    assert sorted(arrange([given_facts[at] for at in order], {})) == list(range(len(TEXT)))
