"""A question to many articles, through the whole chain."""

import re
from datetime import UTC, datetime

import pytest

from summarizer.briefing import Briefing
from summarizer.errors import NothingToDeliver
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.text.languages import count_words
from tests.articles import article, seeds

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CITED = (
    "The Demon runs on ethanol and then has a thousand horsepower, Dodge says.",
    "The Demon runs on ethanol, and then has a thousand horsepower, according to Dodge.",
    "Dodge says the Demon runs on ethanol and then has a thousand horsepower.",
)
FILLERS = (
    "Leather seats cost buyers two thousand dollars more, a price list of June shows.",
    "The factory in Brampton closes at the end of the year after six decades of work.",
    "Collectors pay more than a million dollars for a Charger Daytona at auctions in Texas.",
)


def answered(question: str, words: int = 200) -> Briefing:
    texts = [f"{filler}\n\n{fact}" for fact, filler in zip(CITED, FILLERS, strict=True)]
    pages = [article(text, f"a{n}") for n, text in enumerate(texts)]
    return create_briefing(pages, Settings(focus=question, words=words), now=NOW)


def test_a_fact_of_many_articles_is_told_once_and_cites_them_all() -> None:
    (story,) = answered("Which fuel does the Demon run on?").stories
    told = [each for each in (story.headline, *story.sentences) if "ethanol" in each.text]
    assert told
    assert {len(each.citations) for each in told} == {3}


def test_what_is_not_asked_for_is_not_told() -> None:
    told = [each.text for each in answered("Which fuel does the Demon run on?").all_sentences()]
    assert not any("Daytona" in text or "Brampton" in text for text in told)


@pytest.mark.parametrize("words", [60, 150, 400])
@pytest.mark.parametrize("question", ["soybeans", "What did Xi say about Taiwan?"])
def test_an_answer_keeps_to_its_words(question: str, words: int) -> None:
    briefing = create_briefing(seeds(), Settings(focus=question, words=words), now=NOW)
    told = [each for story in briefing.stories for each in (story.headline, *story.sentences)]
    assert sum(count_words(each.text) for each in told) <= words
    assert {each.verdict for each in told} == {"supported"}


def test_only_what_speaks_of_it_answers() -> None:
    (story,) = create_briefing(seeds(), Settings(focus="soybeans", words=150), now=NOW).stories
    assert len(story.sentences) >= 2
    assert all("soybean" in each.text for each in (story.headline, *story.sentences))


def test_calls_of_two_times_are_two_answers() -> None:
    briefing = create_briefing(seeds(), Settings(focus="Taiwan", words=300), now=NOW)
    cited = [
        {c.source for each in (t.headline, *t.sentences) for c in each.citations}
        for t in briefing.stories
    ]
    assert not cited[0] & cited[1]
    assert len(briefing.stories) == 2


def test_the_fewest_words_are_enough_for_an_answer() -> None:
    assert answered("ethanol", 20).stories


@pytest.mark.parametrize("question", ["zeppelins", "Please discuss zeppelins", "???"])
def test_a_question_about_nothing_in_them_is_told_so(question: str) -> None:
    with pytest.raises(NothingToDeliver, match=re.escape(question)):
        answered(question)
