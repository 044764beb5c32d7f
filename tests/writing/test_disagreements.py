from dataclasses import replace
from datetime import date

import pytest

from summarizer.writing.disagreements import DisagreementDraft, find_disagreements
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


def test_a_name_spelt_in_two_ways_is_shown_with_both_sides_cited() -> None:
    spelling = next(
        found for found in find_disagreements(NOVEMBER) if found.topic.startswith("the spelling")
    )
    about, (more, fewer), _ = spelling
    assert about == "the spelling of a name: Howard Lutnick / Howard Rutnik"
    assert more.text.endswith("Commerce Secretary Howard Lutnick")
    assert fewer.text == "U.S. Secretary of Commerce Howard Rutnik"
    assert (len(more.keys), len(fewer.keys)) == (2, 1)


def test_one_saying_quoted_in_different_words_is_shown() -> None:
    found = [
        d.sides for d in find_disagreements(NOVEMBER) if d.topic == "the wording of a quotation"
    ]
    assert {side.text.strip('“”"') for sides in found for side in sides} >= {
        "He will decide whether we go forward with that or not.",
        "He will decide whether we move forward with this project or not.",
    }


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
            "Forty workers were led out of the burning depot by Peter Zumthor, 41, a night guard.",
            "Forty workers were led out of the burning depot by Markus Keller, 41, a night guard.",
            "a name",
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
    ],
)
def test_another_day_another_person_and_the_opposite_are_shown(
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
    ],
)
def test_what_is_no_disagreement_is_not_shown(one: str, other: str, why: str) -> None:
    assert kinds(one, other) == [], why


def test_one_article_does_not_disagree_with_itself() -> None:
    assert find_disagreements(telling(seed(4))) == []
