from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.retrieval.answers import question_weights, rank_answers
from summarizer.retrieval.chunks import chunk_article, split_statements
from summarizer.retrieval.origins import trace_origins
from summarizer.retrieval.similarity import dice
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.text.languages import count_words
from summarizer.text.tokens import content_stems
from summarizer.writing.candidates import StoryEvidence, standalone_candidates
from summarizer.writing.extractive import extractive_drafts
from summarizer.writing.standalone import is_standalone
from tests.articles import article, seed

if TYPE_CHECKING:
    from collections.abc import Sequence

from summarizer.retrieval.chunks import Statement


def telling(*articles: Article, focus: str = "", titles: tuple[str, ...] = ()) -> StoryEvidence:
    """What the articles say as one story, and what of it answers the focus."""
    furniture = {a.id: find_boilerplate(a.text) for a in articles}
    said: dict[str, Sequence[Statement]] = {
        a.id: split_statements(chunk_article(a, furniture[a.id]), a.language) for a in articles
    }
    origins = trace_origins(articles, furniture, said)
    every = [item for held in said.values() for item in held]
    found = rank_answers(
        {item.chunk for item in every},
        every,
        question_weights(focus, "en"),
        origins.origin_by_source,
    )
    return StoryEvidence(
        said, origins, articles[0].language, titles, fact_clusters=found if focus else ()
    )


NOVEMBER = telling(*(seed(number) for number in range(4)))


def told(source: StoryEvidence, words: int = 200) -> tuple[str, list[str]]:
    found = extractive_drafts(source, standalone_candidates(source), words)
    assert found is not None
    return found[0].text, [draft.text for draft in found[1]]


def test_every_sentence_is_the_sources_own_and_is_understood_where_it_is() -> None:
    head, sentences = told(NOVEMBER)
    texts = [seed(number).text for number in range(4)]
    assert sentences
    for text in (head, *sentences):
        assert any(text in source for source in texts)
    for before, text in pairwise((head, *sentences)):
        follows = any(
            text in source and source.partition(text)[0].rstrip().endswith(before)
            for source in texts
        )
        assert is_standalone(text) or follows or before.startswith(head)


BRIDGE = (
    "Ada Lind opened the bridge of Selm on Monday after nine years of work. "
    "She thanked the builders of the bridge and promised a second one for Orb. "
    "The mayor of Orb, Nils Berg, asked for a date."
)


SHE = BRIDGE.split(". ")[1] + "."


def test_what_leans_on_a_sentence_is_only_told_directly_behind_it() -> None:
    _, sentences = told(telling(article(BRIDGE)), 60)
    assert sentences[0] == SHE or SHE not in sentences
    alone = BRIDGE.partition(". ")[2]
    assert not any("She thanked" in text for text in told(telling(article(alone)), 60)[1])


def test_a_title_line_is_the_headline_and_the_lead_below_it_is_whole() -> None:
    title = "New bridge of Selm opened by Ada Lind"
    head, sentences = told(telling(article(f"{title}\n{BRIDGE}")), 60)
    assert head == title
    assert sentences[0] == f"{BRIDGE.partition('. ')[0]}."


def test_what_changed_last_leads_though_an_earlier_report_is_more_like_the_others() -> None:
    old = "A fire at the depot in Bern has injured 12 people, the police said. Trains were stopped."
    new = "The figure was corrected. At the depot in Bern 15 people were injured, police said."
    source = telling(article(old, "old"), article(new, "new"))
    replaced = {
        "A fire at the depot in Bern has injured 12 people, the police said.": (
            "At the depot in Bern 15 people were injured, police said."
        )
    }
    every = standalone_candidates(source)
    for newest, expected in (({}, "12 people"), (replaced, "15 people")):
        found = extractive_drafts(source, every, 100, newest=newest)
        assert found is not None
        assert expected in found[0].text


def test_a_title_that_its_article_does_not_carry_out_is_none() -> None:
    head, _ = told(telling(article(f"Ten secrets of happy hikers this summer\n{BRIDGE}")), 60)
    assert head.startswith("Ada Lind opened the bridge")


def test_a_surname_is_not_told_before_the_full_name() -> None:
    one = "A new bridge was opened in Selm on Monday after nine years of work on it."
    other = (
        f"{one} Ada Lind, who planned the bridge, came with her family. "
        "Engineers from Orb and Selm celebrated the bridge on Monday. "
        "Lind thanked the engineers from Orb and Selm for the bridge on Monday."
    )
    _, sentences = told(telling(article(one, "a"), article(other, "b")), 200)
    full = [n for n, text in enumerate(sentences) if "Ada Lind" in text]
    short = [n for n, text in enumerate(sentences) if text.startswith("Lind")]
    assert not short or (full and full[0] < short[0])


def test_yesterday_of_an_undated_article_is_not_told() -> None:
    text = (
        "A bridge was opened in Selm after nine years of work by engineers from Orb. "
        "The engineers from Orb said yesterday that a second bridge would follow in Selm."
    )
    assert not told(telling(article(text)))[1]


@given(st.integers(20, 400))
def test_no_more_words_than_asked_for(words: int) -> None:
    head, sentences = told(NOVEMBER, words)
    assert sum(map(count_words, sentences)) <= max(0, words - count_words(head))


def test_nothing_is_said_twice() -> None:
    head, sentences = told(NOVEMBER, 400)
    stems = [frozenset(content_stems(text)) for text in (head, *sentences)]
    assert all(dice(a, b) < 0.5 for n, a in enumerate(stems) for b in stems[:n])


def test_more_than_one_origin_is_heard() -> None:
    found = extractive_drafts(NOVEMBER, standalone_candidates(NOVEMBER), 300)
    assert found is not None
    owners = {item.chunk.id: item.source for said in NOVEMBER.statements.values() for item in said}
    assert (
        len({NOVEMBER.origins.origin_by_source[owners[draft.keys[0]]] for draft in found[1]}) >= 2
    )


def test_a_focus_steers_the_headline() -> None:
    rare = telling(*(seed(number) for number in range(4)), focus="artificial intelligence chips")
    assert "chips" in told(rare, 120)[0]
    assert "chips" not in told(NOVEMBER, 120)[0]


def test_of_one_fact_the_sentence_is_told_that_most_can_be_cited_for() -> None:
    texts = (
        "The mayor of Bern opened a new bridge over the Aare on Monday.",
        "A new bridge over the Aare was opened by the mayor of Bern on Monday, with music.",
        "On Monday the mayor of Bern, a cyclist, opened a new bridge over the Aare after years.",
    )
    source = telling(*(article(text, f"a{n}") for n, text in enumerate(texts)), focus="bridge")
    every = standalone_candidates(source)
    found = extractive_drafts(source, every, 200)
    assert found is not None
    assert len(found[1]) <= 1
    assert all(text in texts[:1] for text in told(source)[1])


def test_what_does_not_answer_is_not_told() -> None:
    text = (
        "Wheat prices in Odesa rose by four percent on Friday, traders said. "
        "Exporters paid two hundred euros for a tonne of wheat in the port of Odesa. "
        "The opera of Lviv opens its season with a work by Verdi on Saturday."
    )
    _, sentences = told(telling(article(text), focus="wheat prices"))
    assert not any("Verdi" in sentence for sentence in sentences)


def test_one_fact_in_near_sayings_is_told_once() -> None:
    texts = (
        "The fire did damage worth a million dollars to the church of Wasilla on Friday night.",
        "Damage to the church of Wasilla is worth a million dollars, the fire chief of town said.",
        "Firefighters found flames at the back of the three-story building when they were called.",
    )
    _, sentences = told(telling(*(article(text, f"a{n}") for n, text in enumerate(texts))))
    assert sum("million" in text for text in sentences) <= 1


def test_a_title_leads_to_the_headline_that_says_it() -> None:
    text = (
        "The council of Bern met on Monday and talked about many things until late at night. "
        "The council adopted a budget of two billion francs with a majority of one vote."
    )
    plain = told(telling(article(text)))[0]
    titled = told(telling(article(text), titles=("Bern adopts budget of two billion francs",)))[0]
    assert plain.startswith("The council of Bern met")
    assert titled.startswith("The council adopted a budget")


@pytest.mark.parametrize("text", ["He said so.", "", "Details\nMore\nPhoto: Reuters"])
def test_where_nothing_stands_alone_nothing_is_told(text: str) -> None:
    source = telling(article(text))
    assert extractive_drafts(source, standalone_candidates(source), 100) is None


def test_candidates_point_at_their_words() -> None:
    texts = {seed(number).id: seed(number).text for number in range(4)}
    for item in standalone_candidates(NOVEMBER):
        assert texts[item.statement.source][slice(*item.span)] == item.text


def test_the_same_twice_is_the_same() -> None:
    assert told(NOVEMBER, 250) == told(NOVEMBER, 250)


QUOTING = (
    "The boathouse of Torvik burned down on Monday night, the fire service said. “Twelve boats of"
    " the club were inside. The night guard had gone home. Nobody was hurt,” said rower Mia Falk of"
    " the Torvik club. The boathouse was built in 1967 by the town of Torvik.\n\n"
    "“The alarm of the boathouse had been broken since March.\n\n"
    "“The town council of Torvik refused to pay for a new alarm system.\n\n"
    "“The rowers of Torvik collected 4,000 euros for a new alarm,” Mia Falk wrote.\n\n"
    "Rumours:\n\n- The boathouse was insured for nine million euros in Oslo.\n\n"
    "The mayor sold the boathouse land to a Norwegian hotel company in May. He denied it.\n"
)


def test_a_quotation_is_told_with_its_speaker_or_not_at_all() -> None:
    source = telling(article(QUOTING))
    texts = [item.text for item in standalone_candidates(source)]
    whole = next(text for text in texts if "The night guard had gone home." in text)
    assert whole.startswith("“Twelve boats")
    assert whole.endswith("said rower Mia Falk of the Torvik club.")
    assert whole in QUOTING
    for framed in ("refused to pay", "insured for nine million"):
        assert not any(framed in text for text in texts)
    assert all("He denied it." in text for text in texts if "sold the boathouse" in text)
    head, sentences = told(source, words=300)
    assert not any("refused to pay" in text for text in (head, *sentences))
