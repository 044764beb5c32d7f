import pytest

from summarizer.writing.disagreements import Difference, differ
from tests.articles import article, seed
from tests.writing.test_extractive import NOVEMBER, telling

REST = (
    " The mayor of Bern thanked the fire brigade. Schools stay closed until Friday. Neighbours "
    "spoke of a loud bang before midnight. An investigation into the wiring was opened.",
    " Insurers expect high claims. Trains to Thun were running late all day long. The owner wants "
    "to build the hall anew. Smoke was seen as far as the lake.",
)


def differences(one: str, other: str) -> list[Difference]:
    return differ(telling(article(one + REST[0], "one"), article(other + REST[1], "other")))


def kinds(one: str, other: str) -> list[str]:
    return [about.split(":")[0] for about, _ in differences(one, other)]


def test_a_name_spelt_in_two_ways_is_shown_with_both_sides_cited() -> None:
    spelling = next(found for found in differ(NOVEMBER) if found[0].startswith("the spelling"))
    about, (more, fewer) = spelling
    assert about == "the spelling of a name: Howard Lutnick / Howard Rutnik"
    assert more.text.endswith("Commerce Secretary Howard Lutnick")
    assert fewer.text == "U.S. Secretary of Commerce Howard Rutnik"
    assert (len(more.keys), len(fewer.keys)) == (2, 1)


def test_one_saying_quoted_in_different_words_is_shown() -> None:
    found = [sides for about, sides in differ(NOVEMBER) if about == "the wording of a quotation"]
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
            "The mayor of Bern, Anna Keller, thanked the fire brigade on Monday evening.",
            "The chief of police, Hanna Kessler, thanked the fire brigade on Monday evening.",
            "two people",
        ),
    ],
)
def test_what_is_no_disagreement_is_not_shown(one: str, other: str, why: str) -> None:
    assert kinds(one, other) == [], why


def test_one_article_does_not_disagree_with_itself() -> None:
    assert differ(telling(seed(4))) == []
