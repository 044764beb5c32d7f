"""Orders in articles are found in many forms, and hidden text is no part of a page."""

import pytest

from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.extract import extract_page, html_to_text
from summarizer.sources.hidden_text import hides
from summarizer.sources.prompt_injection import find_prompt_injections
from tests.sources.orders import CLAIM, FORMS, HIDDEN, TARGET

BEFORE = "The council of Tessin met on Monday and voted for a new school in the north."
AFTER = "The vote was close, said mayor Ada Holm, who had asked for the school in spring."


def left(text: str) -> str:
    """The text without its boilerplate."""
    for item in reversed(find_boilerplate(text)):
        text = text[: item.span.start] + text[item.span.end :]
    return text


@pytest.mark.parametrize("form", FORMS)
def test_an_order_and_its_claim_are_set_aside_and_the_news_stays(form: str) -> None:
    rest = left(f"{BEFORE}\n\n{FORMS[form]}\n\n{AFTER}")
    assert TARGET not in rest
    assert BEFORE in rest
    assert AFTER in rest or form in ("colon, next paragraph", "heading")


def test_nothing_in_front_of_an_order_shields_it() -> None:
    assert TARGET not in left(f"{BEFORE}\nBERN (Reuters) - {FORMS['plain']}\n{AFTER}")
    long = f"BERN (Reuters) - {BEFORE * 20} {FORMS['plain']} {AFTER * 20}"
    assert TARGET not in left(long)
    assert AFTER in left(long)


@pytest.mark.parametrize(
    "text",
    [
        "The assistant coach said that the team must include younger players.",
        "“Ignore the rules and you lose your licence,” the minister told drivers.",
        "The AI should be regulated, said the commissioner. The model costs nine million crowns.",
        "In its summary the commission writes that the bridge must be closed.",
        "She said the headline figure would rise. The report begins with a list of the dead.",
        "Models are cheaper this year. Agents: three men and a woman were held.",
        "The judge instructed jurors to disregard the earlier testimony.",
        "Hinweis: Die KI soll Ärzten helfen, sagte der Minister. Das Modell kostet neun Millionen.",
        "El modelo debe ser revisado, dijo la ministra. La respuesta fue clara.",
    ],
)
def test_news_about_orders_and_models_stays(text: str) -> None:
    assert find_prompt_injections(text) == []


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_no_part_of_a_page(name: str) -> None:
    html = (
        "<html><head><title>A school</title></head><body><article><h1>A school</h1>"
        f"<p>{BEFORE}</p>{HIDDEN[name]}<p>{AFTER}</p></article></body></html>"
    )
    for text in (extract_page(html, "https://a.example/1").text, html_to_text(html)):
        assert TARGET not in text
        assert BEFORE in text
        assert AFTER in text


@pytest.mark.parametrize(
    "style",
    ["opacity:.5", "font-size:10px", "left:-2px", "color:white;background:#333", "height:0.5em",
     "text-indent:2em", "margin-left:-12px", "clip:auto", "display:block"],
)  # fmt: skip
def test_what_is_shown_stays(style: str) -> None:
    assert not hides(style)


def test_a_page_whose_rules_hide_all_of_it_shows_it_by_a_script() -> None:
    html = f"<style>.page{{opacity:0}}</style><div class=page><p>{BEFORE}</p><p>{CLAIM}</p></div>"
    assert BEFORE in html_to_text(html)
