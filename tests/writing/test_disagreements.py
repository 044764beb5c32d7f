from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from summarizer.writing.candidates import StoryEvidence
from summarizer.writing.disagreements import (
    MAX_BLOCKS,
    DisagreementDraft,
    find_disagreements,
    find_spellings,
    newest_sentences,
    withheld_texts,
)
from tests.articles import article, seed
from tests.writing.test_extractive import NOVEMBER, telling

REST = (
    " The mayor of Bern thanked the fire brigade. Schools stay closed until Friday. Neighbours "
    "spoke of a loud bang before midnight. An investigation into the wiring was opened.",
    " Insurers expect high claims. Trains to Thun were running late all day long. The owner wants "
    "to build the hall anew. Smoke was seen as far as the lake.",
)


def differences(
    one: str, other: str, days: tuple[date | None, date | None] = (None, None)
) -> list[DisagreementDraft]:
    told = [
        article(f"{text}{rest}", name, published=day)
        for text, rest, name, day in zip((one, other), REST, ("one", "other"), days, strict=True)
    ]
    written = {each.id: each.exact_date for each in told if each.exact_date}
    return find_disagreements(replace(telling(*told), exact_dates=written, published=written))


def kinds(one: str, other: str) -> list[str]:
    return [found.topic.split(":")[0] for found in differences(one, other)]


def test_a_name_spelt_in_two_ways_is_a_note_on_the_source_that_spells_it_as_few_do() -> None:
    (found,) = find_spellings(NOVEMBER)
    assert (found.kind, found.text) == ("spelling", "Howard Rutnik")
    assert found.detail == "other sources write Howard Lutnick"
    assert found.source in NOVEMBER.statements
    assert not any("spelling" in each.topic for each in find_disagreements(NOVEMBER))


def test_one_saying_in_two_translations_is_no_disagreement() -> None:
    assert not any("wording" in each.topic for each in find_disagreements(NOVEMBER))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("We will open the new bridge to lorries after nine weeks of tests", True),
        ("We will not open the new bridge to lorries after six weeks of tests", True),
        ("We will open the new bridge for lorries after six weeks of testing", False),
        ("We will open the new bridge to lorries", False),
    ],
)
def test_wordings_of_a_quotation_differ_by_a_figure_or_a_denial(said: str, shown: bool) -> None:
    one = "“We will open the new bridge to lorries after six weeks of tests,” Mayor Ada Lund said."
    found = differences(one, f"“{said},” Mayor Ada Lund said.")
    assert [d.topic for d in found if "quotation" in d.topic] == (
        ["the wording of a quotation"] if shown else []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The fire at the depot in Bern injured 12 people on Monday evening, police said.",
            "The fire at the depot in Bern injured 21 people on Monday evening, police said.",
        ),
        (
            "The fire destroyed goods worth 3.2 million francs at the depot in Bern, police said.",
            "The fire destroyed goods worth 4.1 million francs in the depot at Bern, police say.",
        ),
        (
            "About 2,300 drivers stopped work at the depots in Bern on Monday, the union said.",
            "Roughly 1,900 drivers have stopped work in Bern, the company said.",
        ),
        (
            "The council passed the plan for the depot by 61 votes to 39 on Monday, late.",
            "The plan for the depot in Bern was passed on Monday by 61 votes to 35 in the council.",
        ),
        (
            "Seven leaks were found in the tanks of the depot, none of them large.",
            "Nine leaks are known in the tanks of the depot, the inspectors said on Tuesday.",
        ),
        (
            "Nobody was hurt in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
        ),
        (
            "The guard was taken to hospital after falling about 40 metres from the roof.",
            "A guard fell 25 metres from a roof at the depot, doctors said.",
        ),
    ],
)
def test_a_figure_that_differs_is_shown(one: str, other: str) -> None:
    assert kinds(one, other) == ["a figure"]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            "The depot in Bern caught fire on Monday with forty workers inside, police said.",
            "The depot in Bern caught fire on Thursday with forty workers inside, police said.",
            "a date",
        ),
        (
            "The owner of the depot in Bern was insured against fire, the canton said.",
            "The owner of the depot in Bern was not insured against fire, the canton said.",
            "what happened",
        ),
        (
            "The court in Bern accepted the appeal of the owner of the depot on Monday.",
            "The court in Bern rejected the appeal of the owner of the depot on Monday.",
            "what happened",
        ),
        (
            "The guard, Peter Zumthor, 41, of Thun, called the fire brigade at once.",
            "The fire brigade was called by Peter Zumthor, 41, of Biel, a guard.",
            "a place",
        ),
    ],
)
def test_another_day_another_home_and_the_opposite_are_shown(
    one: str, other: str, kind: str
) -> None:
    (found,) = differences(one, other)
    assert found.topic.startswith(f"{kind}: ")
    assert {side.text for side in found.sides} == {one, other}
    assert not found.update


EARLIER = "The fire at the depot in Bern injured 12 people on Monday evening, police said."
LATER = "The fire at the depot in Bern injured 15 people on Monday evening, police said."
DAY, NEXT = date(2025, 3, 4), date(2025, 3, 5)


@pytest.mark.parametrize(
    ("days", "update"), [((DAY, NEXT), True), ((DAY, DAY), False), ((None, NEXT), False)]
)
def test_a_figure_of_a_later_day_updates_the_earlier_one(
    days: tuple[date | None, date | None], update: bool
) -> None:
    (found,) = differences(EARLIER, LATER, days)
    assert found.update == update


def test_an_update_tells_the_latest_figure_last_whatever_the_order_of_reading() -> None:
    (found,) = differences(LATER, EARLIER, (NEXT, DAY))
    assert found.topic == "a figure: 12, then 15"
    assert [side.text for side in found.sides] == [EARLIER, LATER]


def test_words_of_change_make_an_update_where_the_days_are_unknown() -> None:
    (found,) = differences(LATER.replace("injured", "has now injured"), EARLIER)
    assert (found.update, found.topic) == (True, "a figure: 12, then 15")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            "The fire at the depot in Bern injured 12 people on Monday evening, police said.",
            "The fire at the depot in Bern injured twelve people on Monday evening, police said.",
            "the same number",
        ),
        (
            "The fire at the depot in Bern injured 12 people on Monday evening, police said.",
            "The fire at the depot in Bern injured 12 people after 30 minutes, police said.",
            "one number more",
        ),
        (
            "The fire at the depot in Bern injured 12 people on Monday evening, police said.",
            "The flood in Thun drowned 40 sheep and closed the road over the pass on Monday.",
            "something else",
        ),
        (
            "The fire at the depot in Bern injured at least 12 people on Monday, police said.",
            "The fire at the depot in Bern injured no fewer than 12 people on Monday, police said.",
            "a bound denies nothing",
        ),
        (
            "The fire in Bern destroyed goods worth $4,987,000 on Monday, police said.",
            "The fire in Bern destroyed goods worth about $5 million on Monday, police said.",
            "rounded",
        ),
        (
            "The flames reached a road 10 miles from the depot in Bern on Monday.",
            "The flames reached a road 16.1 kilometres from the depot in Bern on Monday.",
            "another unit",
        ),
        (
            "The depot in Bern caught fire yesterday with forty workers inside, police said.",
            "The depot in Bern caught fire on Monday with forty workers inside, police said.",
            "the day of writing is unknown",
        ),
        (
            "Forty workers were led out of the burning depot in Bern by a night guard.",
            "Forty workers were led out of the burning depot in Switzerland by a night guard.",
            "one place in another",
        ),
        (
            "No cause has been found for the fire at the depot in Bern, police said.",
            "The cause has not been found for the fire at the depot in Bern, police said.",
            "denied alike",
        ),
        (
            "The mayor of Bern, Anna Keller, thanked the fire brigade on Monday evening.",
            "The chief of police, Hanna Kessler, thanked the fire brigade on Monday evening.",
            "two people",
        ),
        (
            "The fire killed 27 people in Bern on Monday, police said.",
            "The fire killed 27 people in Bern on Monday, five of them children, police said.",
            "a whole and its part",
        ),
        (
            "Nobody else was hurt in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
            "the others",
        ),
        (
            "Nobody was killed in the fire, the fire brigade said.",
            "Twelve people were injured in the blaze, police said.",
            "the injured live",
        ),
        (
            "The court acquitted Keller of tax evasion on Thursday.",
            "Keller was convicted of fraud by the court on Thursday.",
            "two charges",
        ),
        (
            "The guard was found alive on Sunday after three days of searching.",
            "A guard was found dead in the same depot in May.",
            "another time",
        ),
        (
            "At least 12 people were injured in the fire in Bern on Monday, police said.",
            "Some 13 people were injured in the fire in Bern on Monday, police said.",
            "a bound and a round figure",
        ),
        (
            "He has two children from his first marriage.",
            "Keller has five children in all.",
            "hardly a word in common",
        ),
        (
            "Anna Keller is the mother of three of his eight children, neighbours said.",
            "Peter Keller has eight children by Anna Keller, neighbours said.",
            "a part and the whole",
        ),
        (
            "In February, a fire killed five people in Zug before the alarm rang.",
            "The fire in Bern killed two people, a police spokeswoman said.",
            "another fire at another time",
        ),
        (
            "Peter Zumthor, 41, of Thun.",
            "Peter Zumthor, 41, of Thun, called the fire brigade.",
            "a full stop behind the place",
        ),
        (
            "Owners again will be required to report leaks to the canton before repairs.",
            "Previously, owners were required to report leaks to the canton before repairs.",
            "what was so before",
        ),
        (
            "The striker has scored 12 goals in 20 games for Bern this season.",
            "The striker scored 31 goals in 54 games for his clubs this season.",
            "two figures of two spans of time",
        ),
    ],
)
def test_what_is_no_disagreement_is_not_shown(one: str, other: str, why: str) -> None:
    assert kinds(one, other) == [], why


def test_one_article_does_not_disagree_with_itself() -> None:
    assert find_disagreements(telling(seed(4))) == []


MORNING = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
TOLLS = [
    ("The blast in the tunnel near Bern killed 27 people on Monday, police said.", MORNING),
    ("The death toll from the blast near Bern rose to 112, police said.", MORNING.replace(hour=12)),
    ("Police said the blast in the tunnel near Bern killed 240 people.", MORNING.replace(hour=17)),
]


def updates(reports: list[tuple[str, datetime]]) -> list[DisagreementDraft]:
    told = [
        article(f"{text}{REST[n % 2]}", str(n), published=time)
        for n, (text, time) in enumerate(reports)
    ]
    times = {each.id: each.published for each in told if each.published}
    return find_disagreements(replace(telling(*told), published=times))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_figures_of_one_day_are_one_update_by_the_time_of_day(order: tuple[int, ...]) -> None:
    (found,) = updates([TOLLS[n] for n in order])
    assert (found.update, found.topic) == (True, "a figure: 27, then 112, then 240")
    assert [side.text for side in found.sides] == [text for text, _ in TOLLS]
    assert withheld_texts([found]) == {text for text, _ in TOLLS[:2]}


@pytest.mark.parametrize(
    ("old", "new", "topic"),
    [
        (
            "The crash near Bern killed 31 people on Monday, police said.",
            "The crash near Bern killed 24 people, not 31, police said in a correction.",
            "a figure: 31, then 24",
        ),
        (
            "The toll of the crash near Bern stands at 31 dead, police said.",
            "The toll of the crash near Bern was revised to 24 dead, police said.",
            "a figure: 31, then 24",
        ),
        (
            "The yield on ten-year bonds of the canton is 3.3 percent, the bank said.",
            "The yield on ten-year bonds of the canton fell to 3.1 percent from 3.3 percent.",
            "a figure: 3.3 percent, then 3.1 percent",
        ),
    ],
)
@pytest.mark.parametrize("later_first", [True, False])
def test_what_takes_a_figure_back_replaces_it(
    old: str, new: str, topic: str, later_first: bool
) -> None:
    (found,) = differences(new, old) if later_first else differences(old, new)
    assert (found.update, found.topic) == (True, topic)
    assert found.superseded == {old}


def test_what_was_planned_and_is_done_is_an_update() -> None:
    planned = "Anna Keller will be appointed head of the fire brigade of Bern on Friday."
    done = "Anna Keller was appointed head of the fire brigade of Bern."
    (found,) = differences(done, planned)
    assert found.update
    assert [side.text for side in found.sides] == [planned, done]


def test_a_story_shows_few_blocks_and_no_sentence_twice() -> None:
    one = (
        f"{EARLIER} The owner of the depot in Bern was insured against fire. The depot in Thun"
        " was built in 1931. Damage is put at 3.2 million francs at the depot in Bern."
    )
    other = (
        f"{EARLIER.replace('12', '21')} The owner of the depot in Bern was not insured against"
        " fire. The depot in Thun was built in 1934. Damage is put at 5.1 million francs at the"
        " depot in Bern."
    )
    found = differences(one, other)
    assert len(found) == MAX_BLOCKS
    texts = [side.text for each in found for side in each.sides]
    assert len(texts) == len(set(texts))


def bus_reports(numbers: list[int]) -> StoryEvidence:
    """One article and its corrected versions, an hour apart, the newest first."""
    said = "A bus left the road near Thun on Friday and {} pupils were injured, police said."
    taken_back = "Correction: An earlier version of this article said that {} pupils were injured. "
    texts = [said.format(numbers[0])]
    for old, new in pairwise(numbers):
        texts.append(taken_back.format(old) + said.format(new))
    told = [
        article(text, str(n), published=datetime(2025, 3, 4, 8 + n, tzinfo=UTC))
        for n, text in enumerate(texts)
    ]
    times = {each.id: each.published for each in told if each.published}
    return replace(telling(*reversed(told)), published=times)


def test_an_article_corrected_five_times_gives_the_newest_figure_last() -> None:
    evidence = bus_reports([31, 13, 17, 18, 16, 15])
    (found,) = find_disagreements(evidence)
    assert (found.update, found.topic) == (True, "a figure: 17, then 18, then 16, then 15")
    newest = found.sides[-1].text
    assert "15 pupils" in newest
    assert set(newest_sentences([found]).values()) == {newest}
    assert not any("15 pupils" in old and "earlier version" not in old for old in found.superseded)


ARREST = "Police in Bern have arrested a man over the robbery of the bank on Mill Street."


def test_a_statement_that_is_withdrawn_is_replaced_by_the_withdrawal() -> None:
    withdrawal = (
        "Police in Bern withdrew a statement that a man had been arrested over the robbery of the"
        " bank on Mill Street."
    )
    (found,) = differences(ARREST, withdrawal, (DAY, NEXT))
    assert (found.update, found.topic) == (True, "what was reported")
    assert [side.text for side in found.sides] == [ARREST, withdrawal]
    assert withheld_texts([found]) == {ARREST}


@pytest.mark.parametrize(
    ("text", "days", "why"),
    [
        (
            "Police in Bern withdrew a statement that a woman had been charged with the arson.",
            (DAY, NEXT),
            "another statement",
        ),
        (
            "Police in Bern withdrew a statement that a man had been arrested over the robbery of"
            " the bank on Mill Street.",
            (NEXT, DAY),
            "reported anew since",
        ),
    ],
)
def test_what_takes_back_something_else_replaces_nothing(
    text: str, days: tuple[date, date], why: str
) -> None:
    assert differences(ARREST, text, days) == [], why


def test_what_is_expected_after_it_was_done_is_no_update() -> None:
    planned = "Anna Keller will be appointed head of the fire brigade of Bern on Friday."
    done = "Anna Keller was appointed head of the fire brigade of Bern."
    assert differences(done, planned, (DAY, NEXT)) == []
    (found,) = differences(planned, done, (DAY, NEXT))
    assert found.update


def test_a_figure_that_other_outlets_put_far_higher_is_no_update_without_dates() -> None:
    one = "Rioters attacked a television van in Bern, injuring at least two people."
    assert differences(one, "The riots in the cities have left at least 70 people injured.") == []
