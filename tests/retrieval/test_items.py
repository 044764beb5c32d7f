import pytest

from summarizer.retrieval.corpus import prepare_corpus
from summarizer.retrieval.items import item_spans, split_round_ups
from summarizer.retrieval.stories import trace_stories
from summarizer.sources.articles import Article
from tests.articles import article

ITEMS = (
    "The council of Norby closed the swimming pool on Monday after a pipe had burst. Mayor Ida "
    "Holm said that repairs would take until spring.",
    "A comet with two tails was photographed in Chile. Astronomer Luis Vega said that it would not "
    "return for 4,000 years.",
    "The price of cocoa rose to a record after rain had spoilt the harvest in Ghana. Makers in "
    "Antwerp warned of smaller bars.",
    "A court in Seoul acquitted the former head of the Hanjin yard of bribery. Prosecutor Kim Dae "
    "will appeal.",
)
TITLES = ("Pool shut", "Comet seen", "Cocoa dearer", "Shipbuilder cleared")
LAYOUTS = {
    "headings": "\n\n".join(f"{t}\n{x}" for t, x in zip(TITLES, ITEMS, strict=True)),
    "bullets": "\n".join(f"- {x}" for x in ITEMS),
    "numbers": "\n\n".join(f"{n}. {x}" for n, x in enumerate(ITEMS, 1)),
    "times": "\n\n".join(f"1{n}:05\n{x}" for n, x in enumerate(ITEMS)),
    "bold leads": "\n\n".join(f"**{t}.** {x}" for t, x in zip(TITLES, ITEMS, strict=True)),
    "rules": "\n***\n" + "\n***\n".join(ITEMS),
}
SECTIONS = (
    "Thousands marched in Corran on Saturday against the strike bill. Paul Dacre led them.",
    "Near the town hall of Corran bottles were thrown, and the march stopped. Dacre said that the "
    "marchers had not begun it.",
    "The strike bill is read again on Thursday. Minister Ian Keogh told the marchers that he would "
    "not change it.",
    "Shops in Corran stayed shut during the march. Keogh promised their owners help.",
)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_round_up_is_cut_into_its_items(layout: str) -> None:
    text = f"Good morning.\n\n{layout}\n\nTell your friends."
    spans = item_spans(article(text))
    assert len(spans) == len(ITEMS)
    for span, item in zip(spans, ITEMS, strict=True):
        assert text[span.start : span.end].endswith(item)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"{t}\n{x}" for t, x in zip(TITLES, SECTIONS, strict=True)),
        "\n\n".join(f"1{n}:05\n{x}" for n, x in enumerate(SECTIONS)),
        "The main points:\n- Child benefit rises in July.\n- Petrol gets cheaper.\n"
        "- The deficit grows.\n- Hospitals get no more.",
        "\n\n".join(ITEMS),
    ],
    ids=["sections", "timeline", "points", "paragraphs"],
)
def test_an_article_with_sections_or_a_list_stays_whole(text: str) -> None:
    assert item_spans(article(text)) == []


def test_items_of_one_template_are_cut_where_their_names_differ() -> None:
    matches = [("Alba", "Norwen"), ("Torsk", "Gilmar"), ("Perth Rangers", "Osby"), ("Lund", "Ayr")]
    lines = (f"- {a} beat {b} at home and moved up the league, while {b} fell." for a, b in matches)
    text = "\n".join(f"{line} The coach praised the defence and the crowd." for line in lines)
    assert len(item_spans(article(text))) == len(matches)


def test_offsets_of_an_item_are_those_of_the_page() -> None:
    page = article(LAYOUTS["headings"], "page")
    corpus = split_round_ups(prepare_corpus([page]))
    assert [item.title for item in corpus.articles.values()] == [*TITLES]
    assert {item.sha256 for item in corpus.articles.values()} == {page.sha256}
    for statement in (each for own in corpus.statements.values() for each in own):
        assert page.text[statement.span.start : statement.span.end] == statement.text


def test_what_is_in_no_item_is_set_aside_with_a_reason() -> None:
    text = f"Good morning.\n\n{LAYOUTS['bullets']}\n\nTell your friends."
    corpus = split_round_ups(prepare_corpus([article(text)]))
    frames = [each for own in corpus.boilerplate.values() for each in own if each.kind == "frame"]
    assert {text[slice(*each.span)].strip("\n -") for each in frames} >= {
        "Good morning.",
        "Tell your friends.",
    }


def test_each_item_joins_its_own_story_or_none() -> None:
    pool = article(
        "Norby lost its swimming pool on Monday: a burst pipe flooded it, and mayor Ida Holm had "
        "it closed. The repairs will last until spring.",
        "pool",
    )
    cocoa = article(
        "Chocolate will cost more, makers in Antwerp said, after cocoa from Ghana reached a record "
        "price. Rain had spoilt much of the harvest.",
        "cocoa",
    )
    page = article(LAYOUTS["headings"], "page")
    stories = trace_stories(split_round_ups(prepare_corpus([pool, cocoa, page])))
    titles = {tuple(sorted(_name(a) for a in each.story.articles)) for each in stories}
    assert titles == {
        ("Pool shut", "pool.txt"),
        ("Cocoa dearer", "cocoa.txt"),
        ("Comet seen",),
        ("Shipbuilder cleared",),
    }


def test_items_of_one_page_are_one_origin() -> None:
    again = (
        "The swimming pool of Norby stays closed, mayor Ida Holm said on Monday, because a pipe "
        "had burst. The repairs will take until spring."
    )
    others = (
        "Snow cut off the village of Tarvis for two days. Soldiers from Udine brought bread by "
        "helicopter and took four patients out.",
        "Beekeepers in Slovenia lost a third of their hives in winter. Biologist Ana Kralj blames "
        "a mite and the warm December.",
    )
    page = article("\n".join(f"- {each}" for each in (*ITEMS, *others, again)), "page")
    stories = trace_stories(split_round_ups(prepare_corpus([page])))
    assert [(len(t.story.articles), t.origin_count) for t in stories if t.story.articles[1:]] == [
        (2, 1)
    ]


def _name(each: Article) -> str:
    return each.title or each.path or ""
