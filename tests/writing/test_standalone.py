import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.quotes import has_balanced_quotes
from summarizer.writing.standalone import (
    headline_span,
    is_standalone,
    sentence_span,
    standalone_score,
)


@pytest.mark.parametrize(
    "text",
    [
        "China has resumed purchases of US soybeans and halted its curbs on rare earths exports.",
        "Ein Erdbeben hat am Montag die Stadt Kellbrück erschüttert.",
        "US Treasury Secretary Scott Bessent has said he hoped a final deal would be done soon.",
        "This month, Prime Minister Sanae Takaichi said any attack could trigger a response.",
        "Although stocks rallied, the deal did not address broader concerns of investors.",
        "“Cooperation benefits both sides while confrontation hurts both,” Xi told Mr Trump.",
        "Some of Trump's advisers warned that the deal risked losing advantages in technology.",
        "Banks are expected to change their models in the next three years.",
        "Many startups faced losses as they scrambled to find new banking partners in March.",
        "Buyers can add a rear bench to the car, allowing them to bring friends along.",
        "Those who bought the car in 2018 can obtain a number plate of the same series.",
        "For those who already own one, Dodge offers the same number plate again.",
        "China and Japan restored their ties after months of tensions, Reuters said on Monday.",
        "国家主席习近平周一与美国总统特朗普通电话,讨论台湾问题。",
        "Президент України Володимир Зеленський підписав закон про державний бюджет на 2026 рік.",
    ],
)
def test_a_whole_sentence_that_names_whom_it_means_stands_alone(text: str) -> None:
    assert is_standalone(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("He said he accepted the invitation of the president to visit Beijing.", "pronoun"),
        ("The Foreign Ministry reported that he hoped that both sides would reach peace.", "whom"),
        (
            "China said that he hoped that both sides would reach a peace agreement.",
            "a country is no he",
        ),
        (
            "However, relations have been undermined by new tensions between China and Japan.",
            "connective",
        ),
        (
            "China subsequently issued a travel advisory to refrain from visiting Japan.",
            "connective",
        ),
        ("This was reported by the Chinese state news agency Xinhua on Monday morning.", "pointer"),
        ("“Since then, there has been significant progress on both sides,” Trump said.", "pointer"),
        ("Some advisors have warned that such a sale risks ceding the advantage.", "pointer"),
        (
            "The two leaders also discussed the situation regarding Ukraine, and President Xi",
            "cut off",
        ),
        (
            "“Our relationship with China is extremely strong and will remain so for ever!",
            "torn quote",
        ),
        ("We spoke with them today about the purchases of soybeans from Iowa.", "first person"),
        ("Call Comes Amid Complex US-China Relations", "heading"),
        (
            "The discussion comes at a complex time for the world’s two largest economies:",
            "announces",
        ),
        ("Beijing rejected the claim.", "too short"),
        ("which sent the shares of steel makers down by four percent in Tokyo.", "fragment"),
        ("他说中国将继续购买美国大豆和其他农产品。", "pronoun"),
        ("Trump stated they were in talks about soybeans and rare earths.", "one is not several"),
        ("The report says their soldiers left the village on Sunday evening.", "a verb, no plural"),
        ("Sign up now for a free trial of the service for thirty days!", "an advertisement"),
        ("Visit our website for details on the new car and its whole range.", "an advertisement"),
        ("Customers can visit the website, where you find the new car.", "second person"),
        ("“The United States should handle the issue prudently and with care.”", "nobody says it"),
        ("Well, the film is not even released yet, but the trailers are loved.", "chat"),
        ("Ford did not even have to think about it.", "whatever it is"),
        ("Will the two countries agree on the export of rare earths this year?", "question"),
    ],
)
def test_what_leans_on_its_neighbours_does_not(text: str, why: str) -> None:
    assert not is_standalone(text), why


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- Trade Truce: The call follows a truce.", "The call follows a truce."),
        ("1. The call follows a truce.", "The call follows a truce."),
        ("• The call follows a truce.", "The call follows a truce."),
        ("Trade Truce: The call follows a truce.", "Trade Truce: The call follows a truce."),
        ("The call follows a truce.", "The call follows a truce."),
        ("However, Beijing hopes for a truce.", "Beijing hopes for a truce."),
        ("In addition, 300 cars are built for Canada.", "300 cars are built for Canada."),
        ("However, the call follows a truce.", "However, the call follows a truce."),
        ("However long it takes, Beijing waits.", "However long it takes, Beijing waits."),
    ],
)
def test_marker_label_and_connective_are_not_the_sentence(line: str, told: str) -> None:
    assert line[slice(*sentence_span(line))] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "President Donald Trump touted relations with Beijing, who told him about Taiwan.",
            "President Donald Trump touted relations with Beijing",
        ),
        ("Wheat prices fell.", "Wheat prices fell"),
        ("Prices fell, which helped.", "Prices fell, which helped"),
        (
            "Ministers spoke of “a very long, which is to say endless, road” to peace in Geneva.",
            "Ministers spoke of “a very long, which is to say endless, road” to peace in Geneva",
        ),
    ],
)
def test_a_headline_is_the_beginning_of_its_sentence(text: str, told: str) -> None:
    assert text[slice(*headline_span(text))] == told


@given(st.text(alphabet='ab ,“”".who\n', max_size=80))
def test_a_headline_never_tears_a_quotation(text: str) -> None:
    start, end = headline_span(text)
    assert start == 0
    assert not has_balanced_quotes(text) or has_balanced_quotes(text[:end])


def test_what_counts_from_the_day_of_writing_is_less_easy() -> None:
    plain = standalone_score("Trump called Xi on Monday.")
    assert plain == 1
    assert standalone_score("Trump called Xi yesterday.") < plain
    assert standalone_score("Trump also called Xi.") < plain
    assert standalone_score("Trump said: “We spoke yesterday.”") == plain
