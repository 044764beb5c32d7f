from datetime import date
from itertools import product

import pytest

from summarizer.retrieval.corpus import prepare_corpus
from summarizer.retrieval.stories import group_into_stories, trace_stories
from tests.articles import article

TEMPLATES = {
    "quake": "A magnitude {n} earthquake struck {a} in {b} on Monday, the geological survey said. "
    "The quake hit at a depth of {m} kilometres. There were no immediate reports of casualties. "
    "No tsunami warning was issued.",
    "fire": "Two people were taken to hospital after a fire broke out at a house in {a} Road, {b}, "
    "in the early hours. Crews stayed until the morning. The cause of the blaze is not known.",
    "match": "{a} beat {b} {m}-{n} at home to move up the northern league. The visitors had "
    "chances, but their finishing let them down. The manager said that his side had deserved it.",
    "results": "{a} reported a profit of {m} million for the second quarter, up {n} percent from a "
    "year earlier. Chief executive Otto {b} said that costs had fallen. The shares rose.",
    "obituary": "The novelist {a} {b} has died at the age of {m}, the family said. The writer won "
    "many awards and inspired a generation. Tributes poured in from around the world.",
}
NAMES = ("Ancash", "Hatay", "Mindoro", "Oaxaca", "Kerman", "Luzon", "Thessaly", "Arequipa")
OTHERS = ("Peru", "Turkey", "Palawan", "Mexico", "Iran", "Japan", "Greece", "Chile")


def instances(template: str, count: int) -> list[str]:
    return [
        template.format(a=a, b=b, n=n + 3, m=7 * n + 20)
        for n, (a, b) in enumerate(zip(NAMES[:count], OTHERS, strict=False))
    ]


@pytest.mark.parametrize(("template", "count"), [*product(TEMPLATES.values(), (2, 3, 8))])
def test_events_of_one_template_stay_apart(template: str, count: int) -> None:
    texts = instances(template, count)
    assert len(group_into_stories([article(text, str(n)) for n, text in enumerate(texts)])) == count


def test_events_of_several_templates_in_one_folder_stay_apart() -> None:
    texts = [text for template in TEMPLATES.values() for text in instances(template, 8)]
    stories = group_into_stories([article(text, str(n)) for n, text in enumerate(texts)])
    assert len(stories) == len(texts)


def test_five_hundred_events_of_one_template_stay_apart() -> None:
    places = [f"{one}{other}" for one in NAMES for other in ("ville", "burg", "ton", "stad")]
    texts = [
        TEMPLATES["quake"].format(a=f"{place}{end}", b=f"{end.title()}land{n}", n=n, m=n)
        for n, (place, end) in enumerate(product(places, "abcdefghijklmnop"))
    ][:500]
    stories = group_into_stories([article(text, str(n)) for n, text in enumerate(texts)])
    assert len(stories) == len(texts)


def story_count(one: str, other: str, days: int = 0) -> int:
    articles = [
        article(one, "one", published=date(2026, 5, 4)),
        article(other, "other", published=date(2026, 5, 4 + days)),
    ]
    return len(group_into_stories(articles))


def test_two_events_of_the_same_people_some_days_apart_are_two_stories() -> None:
    visit = (
        "Prime Minister Duarte Falcao arrived in Luanda on Monday for a visit of three days. "
        "President Joao Kembo met him at the airport, and they inspected a guard of honour. Falcao "
        "will open a school."
    )
    credit = (
        "Portugal will lend Angola 1.5 billion euros for railways, Prime Minister Duarte Falcao "
        "said in Lisbon on Saturday. President Joao Kembo called the credit a sign of trust. The "
        "interest is not known."
    )
    assert story_count(visit, credit, days=5) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Senator David Morris called on Tuesday for a hearing on rail safety after a freight "
            "train had derailed near Toledo. Inspections were cut by half.",
            "David Morris won the Boise marathon on Tuesday, ahead of two Kenyans. Morris, 28, "
            "teaches chemistry at a school.",
        ),
        (
            "Restaurants in Uruguay may not hand out plastic cutlery from July, the environment "
            "ministry in Montevideo said on Wednesday. Owners face fines.",
            "Uruguay beat Ghana 2-0 on Wednesday and reached the last sixteen. In Montevideo fans "
            "danced in the streets.",
        ),
        (
            "Helix Dynamics opened a battery plant in Brno on Monday. The first cells go to bus "
            "makers. Helix Dynamics, founded in 1987, is a leading provider of power technology "
            "with 23,000 employees in 40 countries.",
            "Helix Dynamics has settled its patent dispute with Omori of Japan, lawyers said on "
            "Monday. The sum is secret. Helix Dynamics, founded in 1987, is a leading provider of "
            "power technology with 23,000 employees in 40 countries.",
        ),
    ],
    ids=["namesakes", "country", "boilerplate of a firm"],
)
def test_a_shared_name_alone_is_no_story(one: str, other: str) -> None:
    assert story_count(one, other) == 2


def test_one_event_in_two_slants_is_one_story() -> None:
    proud = (
        "The government approved the dam at Sarn on Friday and promised 2,500 jobs in the valley. "
        "Energy minister Tomas Reha said that the valley had waited for forty years. Hydrovia "
        "starts in August."
    )
    angry = (
        "Three villages will disappear under water after the government approved the dam at Sarn "
        "on Friday. Biologists fear for the valley. Minister Tomas Reha would not speak of the "
        "contract with Hydrovia."
    )
    assert story_count(proud, angry) == 1


def test_contradicting_short_reports_are_two_origins_of_one_story() -> None:
    union = (
        "About 4,100 dockers walked out at the port of Meresund on Thursday over pensions, their "
        "union said. The strike at the port lasts two days."
    )
    operator = (
        "Roughly 2,700 dockers walked out at the port of Meresund on Thursday over pensions, the "
        "operator said. The strike at the port lasts a week."
    )
    corpus = prepare_corpus([article(union, "union"), article(operator, "operator")])
    (story,) = trace_stories(corpus)
    assert story.origin_count == 2
